import { TCP_STATES } from '../tcp-states.ts';
import { plainLine } from './plain-line.ts';

export interface SocketSeen {
  readonly state: string;
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

interface Endpoint {
  /** `0.0.0.0`, `::`, an address. */
  readonly host: string;
  /** Null: any. */
  readonly port: number | null;
}

/** `netstat -tan` of BusyBox and net-tools, `ss -tan` of iproute2. */
export function socketsOf(text: string): SocketSeen[] {
  return text
    .split('\n')
    .slice(0, 20_000)
    .flatMap((line) => {
      const words = line.trim().split(/\s+/);
      const isNetstat = /^tcp/i.test(words[0] ?? '');
      // netstat: tcp 0 0 local peer STATE; ss: STATE 0 0 local peer
      const [state = '', local, peer] = isNetstat ? [words[5], words[3], words[4]] : [words[0], words[3], words[4]];
      if (!/^[A-Z][A-Z0-9_-]{2,12}$/.test(state)) return [];
      const ends = [endpointOf(local), endpointOf(peer)] as const;
      return ends[0] === null || ends[1] === null ? [] : [{ state: stateOf(state), local: ends[0], peer: ends[1] }];
    });
}

/** ss says ESTAB and CLOSE-WAIT. */
const stateOf = (state: string): string => (state === 'ESTAB' ? 'ESTABLISHED' : state.replaceAll('-', '_'));

function endpointOf(word: string | undefined): Endpoint | null {
  const [, raw = '', port = ''] = /^(.+):(\d{1,5}|\*)$/.exec((word ?? '').slice(0, 100)) ?? [];
  if (raw === '' || (port !== '*' && Number(port) > 65_535)) return null;
  const host = raw.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return { host: host === '*' ? '0.0.0.0' : plainLine(host, 60), port: port === '*' ? null : Number(port) };
}

/** `/proc/net/tcp` and `tcp6`, where there is no netstat. The words are in the order of little-endian processors. */
export function kernelSocketsOf(text: string): SocketSeen[] {
  return text
    .split('\n')
    .slice(0, 20_000)
    .flatMap((line) => {
      const [, local = '', peer = '', code = ''] =
        /^\s*\d+:\s+([0-9A-F]{8,32}:[0-9A-F]{4})\s+([0-9A-F]{8,32}:[0-9A-F]{4})\s+([0-9A-F]{2})\s/i.exec(line) ?? [];
      const state = TCP_STATES[code.toUpperCase()];
      const ends = [kernelEndpoint(local), kernelEndpoint(peer)] as const;
      return state === undefined || ends[0] === null || ends[1] === null
        ? []
        : [{ state, local: ends[0], peer: ends[1] }];
    });
}

function kernelEndpoint(word: string): Endpoint | null {
  const [hex = '', port = ''] = word.split(':');
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((one) => (one.match(/../g) ?? []).reverse());
  const number = Number.parseInt(port, 16);
  if (bytes.length === 4) return { host: v4(bytes), port: number };
  if (bytes.length !== 16) return null;
  if (bytes.every((byte) => byte === '00')) return { host: '::', port: number };
  if (/^0{20}f{4}/i.test(bytes.join(''))) return { host: v4(bytes.slice(12)), port: number };
  const groups = Array.from({ length: 8 }, (_, i) =>
    Number.parseInt(`${bytes[2 * i]}${bytes[2 * i + 1]}`, 16).toString(16),
  );
  return { host: groups.join(':'), port: number };
}

const v4 = (bytes: readonly string[]): string => bytes.map((byte) => Number.parseInt(byte, 16)).join('.');

/** What listens: `0.0.0.0:4028`, each once. */
export const listening = (sockets: readonly SocketSeen[]): string[] =>
  [...new Set(sockets.filter(({ state }) => state === 'LISTEN').map(({ local }) => inWords(local)))].slice(0, 64);

/** Who holds a connection to a port: everything but what listens and what only waits to be forgotten. */
export const peersOf = (sockets: readonly SocketSeen[], port: number): string[] =>
  [
    ...new Set(
      sockets
        .filter(
          ({ state, local }) => local.port === port && state !== 'LISTEN' && state !== 'TIME_WAIT' && state !== 'CLOSE',
        )
        .map(({ peer }) => inWords(peer)),
    ),
  ].slice(0, 64);

const inWords = ({ host, port }: Endpoint): string => `${host.includes(':') ? `[${host}]` : host}:${port ?? '*'}`;
