import { HeadframeError, type HttpReply, type HttpRequest, type Links, type RawReply } from '@headframe/model';

/*
 * A LuxOS machine as the documents have it: read commands with records typed by hand from protocols.md 8, from Luxor's
 * pages and from the recorded S19k Pro, and a session with its one minute. It shares nothing with the simulated one.
 */

type Answer = unknown | HeadframeError | ((parameter: string) => unknown);

export const said = (code: number, msg: string, letter = 'S') => ({
  STATUS: [
    { Code: code, Description: 'LUXminer 2025.4.8.220305-57b389c7', Msg: msg, STATUS: letter, When: 1760242394 },
  ],
  id: 1,
});

const reads: Record<string, Answer> = {
  version: {
    ...said(22, 'LUXminer versions'),
    VERSION: [{ API: '3.7', LUXminer: '2025.4.8-a', Type: 'Antminer S19k Pro' }],
  },
  summary: { ...said(11, 'Summary'), SUMMARY: [{ Elapsed: 3453, 'GHS 5s': 59756.06 }] },
  config: {
    ...said(33, 'LUXminer config'),
    CONFIG: [
      {
        CurtailMode: 'None',
        DHCP: true,
        Gateway: '10.0.0.1',
        GreenLed: 'auto',
        IPAddr: '10.0.0.46',
        ImmersionMode: false,
        IsAtmEnabled: false,
        IsSingleVoltage: false,
        IsTuning: true,
        LogFileLevel: 'info',
        Netmask: '255.255.255.0',
        Profile: '290MHz',
        RedLed: 'auto',
        UpdateSource: 'https://example.com/stable',
      },
    ],
  },
  devs: {
    ...said(9, '3 ASC(s)'),
    DEVS: [2, 0, 1].map((board) => ({
      ASC: board,
      'Device Elapsed': 3428,
      Enabled: 'Y',
      IsRamping: false,
      IsUserShutdown: false,
    })),
  },
  profiles: {
    ...said(323, 'Profiles'),
    PROFILES: [
      { 'Profile Name': '290MHz', Step: '-2', Hashrate: 59.8, Watts: 1188, HasOverrides: false },
      { 'Profile Name': '315MHz', Step: '-1', Hashrate: 65.0, Watts: 1299, HasOverrides: true },
      { 'Profile Name': 'default', Step: '0', Hashrate: 70.2, Watts: 1414, HasOverrides: false },
      { 'Profile Name': '365MHz', Step: '1', Hashrate: 75.3, Watts: 1533, HasOverrides: false },
    ],
  },
  limits: {
    ...said(337, 'Limits'),
    LIMITS: [
      {
        FrequencyMax: 790,
        FrequencyMin: 190,
        FrequencyStepMax: 100,
        FrequencyStepMin: 1,
        VoltageMax: 14.7,
        VoltageMin: 11.88,
        VoltageStepMax: 1,
        VoltageStepMin: 0.01,
      },
    ],
  },
  tempctrl: {
    ...said(200, 'Temperature control'),
    TEMPCTRL: [
      {
        ChipDangerous: 85,
        ChipHot: 80,
        Dangerous: 75,
        Hot: 70,
        Mode: 'Automatic',
        Target: 65,
        WaterInletDangerous: 55,
      },
    ],
  },
  fans: {
    ...said(202, '2 Fan(s)'),
    FANCTRL: [{ MinFans: 1, PowerOffSpeed: 20 }],
    FANS: [
      { FAN: 'FAN4', ID: 0, RPM: 1920, Speed: 20 },
      { FAN: 'FAN2', ID: 1, RPM: 1920, Speed: 20 },
    ],
  },
  atm: {
    ...said(339, 'ATM configuration values'),
    ATM: [
      {
        Enabled: false,
        MaxProfile: 'default',
        MaxProfileStep: '0',
        MinProfile: '',
        PostRampMinutes: 5,
        PowerTarget: 3320,
      },
    ],
  },
  groups: { ...said(324, 'Groups'), GROUPS: [{ GROUP: 0, Name: 'default', Quota: 1 }] },
  pools: {
    ...said(7, '1 Pool(s)'),
    POOLS: [
      {
        POOL: 0,
        GROUP: 0,
        URL: 'stratum+tcp://a.example:1',
        User: 'w',
        Status: 'Alive',
        Priority: 0,
        'Stratum Active': true,
      },
    ],
  },
  voltageget: { ...said(307, 'Get Voltage'), VOLTAGE: [{ Board: 0, Voltage: 11.88 }] },
  frequencyget: { ...said(303, 'Get Frequency'), FREQS: [{ Board: 0, Count: 2, Freqs: [290, 290] }] },
  healthchipget: { ...said(314, 'Chips'), CHIPS: [{ Chip: 0, IsChecking: false, When: 1760243640543 }] },
  autotunerget: { ...said(345, 'Autotuner'), AUTOTUNER: [{ Enabled: false }] },
  hashboardopts: { ...said(348, 'Options'), HASHBOARDOPTS: [{ OvertempAutoRecovery: true }] },
  tempsensor: { ...said(350, 'Sensors'), TEMPSENSOR: [{ BadAverageThreshold: 2 }] },
};

const MINUTE_MS = 60_000;

export class LuxosDouble {
  now = 1_760_242_394_000;
  /** Every request that came, as text. */
  readonly got: string[] = [];
  /** Answers in the place of the ones above, by command. */
  readonly answers: Record<string, Answer>;
  session: { readonly id: string; usedAt: number } | null = null;
  /** Port 4028 does not listen. */
  isClosed = false;
  #ids = 0;

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = answers;
  }

  /** @param mirror whether port 8080 is known too */
  links(mirror = false): Links {
    return {
      clock: { now: () => this.now },
      cgminer: { exchange: async (request) => this.#tcp(request) },
      ...(mirror ? { http: { hasCredentials: false, http: async (request) => this.http(request) } } : {}),
    };
  }

  /** Replaceable: what port 8080 does. */
  http = (request: HttpRequest): HttpReply => {
    const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);
    const isRight = request.method === 'POST' && request.path === '/api';
    return {
      status: isRight ? 200 : 404,
      headers: {},
      body: new TextEncoder().encode(isRight ? this.#answer(body) : 'no'),
      at: this.now,
      ms: 1,
    };
  };

  #tcp(request: Uint8Array): RawReply {
    if (this.isClosed) throw new HeadframeError('link/refused');
    return { bytes: this.reply(new TextDecoder().decode(request)), at: this.now, ms: 1, ended: 'fin' };
  }

  /** The reply to a request, as bytes with the closing NUL. */
  reply(request: string): Uint8Array {
    return new TextEncoder().encode(`${this.#answer(request)}\0`);
  }

  #answer(text: string): string {
    this.got.push(text.trimEnd());
    const { command, parameter = '' } = JSON.parse(text) as { command: string; parameter?: string };
    const names = command.split('+');
    const [only = ''] = names;
    if (names.length === 1) return JSON.stringify(this.#one(only, parameter));
    return JSON.stringify({ ...Object.fromEntries(names.map((name) => [name, [this.#one(name, '')]])), id: 1 });
  }

  #one(command: string, parameter: string): unknown {
    const answer = Object.hasOwn(this.answers, command) ? this.answers[command] : reads[command];
    if (answer instanceof HeadframeError) throw answer;
    if (typeof answer === 'function') return (answer as (parameter: string) => unknown)(parameter);
    if (answer !== undefined) return answer;
    return this.#session(command, parameter) ?? said(14, 'Invalid command', 'E');
  }

  #session(command: string, parameter: string): unknown {
    if (this.session !== null && this.now - this.session.usedAt >= MINUTE_MS) this.session = null;
    switch (command) {
      case 'session':
        return { ...said(319, 'Session information'), SESSION: [{ SessionID: this.session?.id ?? '' }] };
      case 'logon':
        if (this.session !== null) return said(402, 'Another session is active', 'E');
        this.session = { id: `yJN2nlj${++this.#ids}`, usedAt: this.now };
        return { ...said(316, 'Session created'), SESSION: [{ SessionID: this.session.id }] };
      case 'logoff':
        if (this.session?.id !== parameter) return said(408, "Invalid field 'session_id'", 'E');
        this.session = null;
        return said(317, 'Session terminated');
      case 'kill':
        this.session = null;
        return said(318, 'Session killed');
      default:
        return null;
    }
  }
}
