import { CONDITIONS } from '../sim/conditions.ts';

const QUIRKS = {
  'dead-pool': CONDITIONS['dead-pool'],
  'stalled-fan': CONDITIONS['stalled-fan'],
  'dead-chip': { does: 'The last chip does not answer and does not hash', on: false },
  asleep: { does: 'The board was shut down before it was asked first', on: false },
  otp: { does: 'Writes want a one-time password', on: false },
  'strict-loopback': { does: 'Loopback is no private network, as on a real device: 401', on: false },
  'ap-mode': { does: 'It has no network and opened its own access point', on: false },
  'weak-wifi': { does: 'RSSI near -85 dBm, replies take seconds', on: false },
  'restart-cuts': { does: 'A restart cuts the connection before it is answered', on: false },
} as const;

export type Quirk = keyof typeof QUIRKS;

/** The switches of a firmware: one before one-time passwords has none of those. */
export const quirksOf = (old: boolean, otp: boolean): Record<string, { readonly does: string; readonly on: boolean }> =>
  Object.fromEntries(
    Object.entries(QUIRKS)
      .filter(([name]) => !(old && name === 'otp'))
      .map(([name, quirk]) => [name, name === 'otp' ? { ...quirk, on: otp } : quirk]),
  );
