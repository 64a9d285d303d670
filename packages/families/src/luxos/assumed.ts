/*
 * What neither protocols.md 8 nor the pages of Luxor's documentation that could be read say. Each entry names where it
 * comes from instead; a device that does otherwise refuses, or the read-back does not show it.
 */

/**
 * How the mirror on port 8080 is asked: the JSON of port 4028 as the body of a POST. That there is one is
 * protocols.md 8; the form is that of two public clients, which agree. A newer firmware is said to insist on the
 * content type, and to answer 401 where a password was set for it.
 */
export const MIRROR = { method: 'POST', path: '/api', headers: { 'content-type': 'application/json' } } as const;

export const ASSUMED = {
  /** The steps of profileset as key=value, as curtail takes them; by position or so is unknown (protocols.md 8). */
  steps: (frequencyStepMHz: number | undefined, voltageStepV: number | undefined): string[] => [
    ...(frequencyStepMHz === undefined ? [] : [`frequency_step=${frequencyStepMHz}`]),
    ...(voltageStepV === undefined ? [] : [`voltage_step=${voltageStepV}`]),
  ],
  /** Switches take `on` and `off` (protocols.md 8: on/off style, not verified). */
  switched: (on: boolean): string => (on ? 'on' : 'off'),
  /** netset by key=value, `dhcp` as a word of its own (protocols.md 8: not fully verified). */
  network: {
    dhcp: (): string[] => ['dhcp'],
    fixed: (address: string, netmask: string, gateway: string, dns: string | undefined): string[] => [
      `ip=${address}`,
      `mask=${netmask}`,
      `gateway=${gateway}`,
      ...(dns === undefined ? [] : [`dns=${dns}`]),
    ],
  },
  /** powertargetset takes a session and `power=<watts>`: two public clients, which agree. */
  powerTarget: (powerW: number): string[] => [`power=${powerW}`],
  /**
   * A setting `bad_average_threshold` is read back as `BadAverageThreshold`: so it is with every pair of which both ends
   * are documented (atmset and atm, fanset and fans).
   */
  fieldOf: (setting: string): string =>
    setting.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
  /** Fields of a record of `events`, of which nobody shows one; the first that is there counts. */
  event: {
    section: 'EVENTS',
    code: ['Code', 'EventCode', 'ID', 'Id'],
    text: ['Message', 'Msg', 'Description', 'Text', 'Event', 'Name'],
    severity: ['Severity', 'Level', 'STATUS', 'Status', 'Type'],
    component: ['Component', 'Board', 'Source'],
    whenS: ['When', 'Timestamp', 'Time'],
  },
} as const;
