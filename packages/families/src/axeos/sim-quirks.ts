import { CONDITIONS } from '../sim/conditions.ts';
import type { Release } from './sim-releases.ts';

const ALL = {
  'dead-pool': CONDITIONS['dead-pool'],
  'stalled-fan': CONDITIONS['stalled-fan'],
  'dead-chip': { does: 'The last chip does not answer and does not hash', on: false },
  asleep: { does: 'Mining was paused before it was asked first', on: false },
  overheated: { does: 'It came up in overheat mode: 50 MHz, fan at 100 %', on: false },
  'strict-loopback': { does: 'Loopback is no private network, as on a real device: 401', on: false },
  'ap-mode': { does: 'It has no network and opened its own access point', on: false },
  'weak-wifi': { does: 'RSSI near -85 dBm, replies take seconds', on: false },
  'sockets-exhausted': { does: 'Idle clients hold all sockets: nobody else is answered', on: false },
  'brown-outs': { does: 'A weak supply: it restarts every ten minutes or so, in the middle of requests', on: false },
  'restart-cuts': { does: 'A restart cuts the connection before it is answered', on: false },
  'self-test': { does: 'After power on it tests itself for three minutes, off the network', on: false },
  'no-sensor': { does: 'The temperature sensor does not answer: -1', on: false },
  'unknown-board': { does: 'Its boardVersion is in no table: 999', on: false },
  'power-fault': { does: 'The voltage regulator reports a fault', on: false },
  'hardware-fault': { does: 'A part of the board reports a fault', on: false },
  'block-found': { does: 'It found a block and shows it', on: false },
  'scan-busy': { does: 'Another Wi-Fi scan is always running', on: false },
} as const;

export type Quirk = keyof typeof ALL;

/** Switches that only some releases can show, with the first and the last of them (protocols.md 6.1 to 6.5). */
const RANGES: Partial<Record<Quirk, readonly [since: number, until: number]>> = {
  asleep: [14, 99],
  'strict-loopback': [5, 99],
  'sockets-exhausted': [4, 9],
  'unknown-board': [9, 99],
  'power-fault': [6, 99],
  'hardware-fault': [14, 99],
  'block-found': [11, 99],
  'scan-busy': [6, 99],
};

/** The switches of a device with this release. */
export const quirksOf = ({ minor }: Release): Record<string, { readonly does: string; readonly on: boolean }> =>
  Object.fromEntries(
    Object.entries(ALL).filter(([name]) => {
      const [since, until] = RANGES[name as Quirk] ?? [0, 99];
      return minor >= since && minor <= until;
    }),
  );
