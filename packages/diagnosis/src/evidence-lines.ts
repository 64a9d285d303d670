import { type Examination, type Look, type Sight, wasSeen } from '@headframe/model';

/** One look as it is printed. */
export type EvidenceLine = Omit<Sight<unknown>, 'value'>;

/** What the parts of an examination that may be left out are called for a person. */
const PARTS = {
  name: 'name',
  neighbour: 'neighbour table',
  ping: 'ping',
  page: 'web page',
  samples: 'samples',
  axe: 'AxeOS',
  whatsminer: 'WhatsMiner',
  luxosSession: 'LuxOS session',
  braiins: 'doors of BraiinsOS',
  ethminer: 'ethminer',
  clockSkewS: 'clock',
  state: 'state',
  uptimeS: 'uptime',
  history: 'history',
  pool: 'pool',
  own: 'own side',
  shell: 'SSH',
  uart: 'serial log',
} as const satisfies Partial<Record<keyof Examination, string>>;

type Part = keyof typeof PARTS;

function looksOf(seen: Examination): [name: string, look: Look<unknown>][] {
  const parts = (Object.keys(PARTS) as Part[]).map((part): [string, Look<unknown>] => [PARTS[part], seen[part]]);
  const ports = Object.entries(seen.ports).map(([port, look]): [string, Look<unknown>] => [
    port === '0' ? 'a high closed port' : `port ${port}`,
    look,
  ]);
  const vantage = seen.vantage.map((look): [string, Look<unknown>] => ['look from elsewhere', look]);
  return [...parts, ...ports, ...vantage];
}

/** All that was seen, in the order of time. */
export function evidenceLines(seen: Examination): EvidenceLine[] {
  const looks = looksOf(seen).flatMap(([, look]) => (wasSeen(look) ? [look] : []));
  return [...looks, ...seen.api, ...seen.again].sort((a, b) => a.at - b.at).map(({ value: _, ...line }) => line);
}

/** What was not looked at, each with why: `pool: no account was given`. */
export function unseenLines(seen: Examination): string[] {
  return looksOf(seen).flatMap(([name, look]) => (wasSeen(look) ? [] : [`${name}: ${look.notSeen}`]));
}
