import { isIP } from 'node:net';
import { numberOf, textOf } from '../targets/spans.ts';
import { withoutZone } from './own-network.ts';
import { TCP_STATES } from './tcp-states.ts';

/** A TCP socket of this computer that is not over. */
export interface OwnSocket {
  readonly remote: string;
  readonly port: number;
  readonly state: string;
  readonly inode: string;
}

/** The same as `netstat` tells it. */
export interface NetstatSocket extends Omit<OwnSocket, 'inode'> {
  /** Our own port. */
  readonly local: number;
  /** The process that holds it; null: it is not told. */
  readonly pid: number | null;
}

/** A program that holds a socket. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** What has ended needs nobody's attention. */
const OVER: readonly string[] = ['TIME_WAIT', 'CLOSE', 'LISTEN', 'LAST_ACK', 'CLOSING'];
const MOST_SOCKETS = 65_536;
const LONGEST_LINE = 300;

/** An address as it is written in all of these; other texts stay as they are. */
export function plainAddress(host: string): string {
  const bare = withoutZone(host);
  const number = numberOf(bare);
  return number === null ? bare : textOf(number.version, number.value);
}

const linesOf = (text: string): string[] =>
  text.split('\n', MOST_SOCKETS).map((line) => line.slice(0, LONGEST_LINE).trim());

const portOf = (digits: string | undefined, base: 10 | 16): number | null => {
  const port = Number.parseInt(digits ?? '', base);
  return port >= 0 && port <= 65_535 ? port : null;
};

/** What is not over in `/proc/net/tcp` and `tcp6`: addresses in hexadecimal, each group of four bytes in the order of the host. */
export function parseProcTcp(table: string): OwnSocket[] {
  return linesOf(table).flatMap((line) => {
    const cells = line.split(/\s+/);
    const code = cells[3] ?? '';
    const state = Object.hasOwn(TCP_STATES, code) ? TCP_STATES[code] : undefined;
    if (state === undefined || OVER.includes(state)) return [];
    const [address = '', digits = ''] = (cells[2] ?? '').split(':');
    const remote = addressOf(address);
    const port = /^[0-9A-F]{4}$/i.test(digits) ? portOf(digits, 16) : null;
    return remote === null || port === null ? [] : [{ remote, port, state, inode: cells[9] ?? '' }];
  });
}

function addressOf(hex: string): string | null {
  if (!/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/i.test(hex)) return null;
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((group) =>
    (group.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (bytes.length === 4 || isMapped) return bytes.slice(-4).join('.');
  return textOf(
    6,
    bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
  );
}

/** How others call the states of {@link TCP_STATES}. Windows speaks the language of its user: those words stay. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  LISTENING: 'LISTEN',
  CLOSED: 'CLOSE',
  SYN_RECEIVED: 'SYN_RECV',
  SYN_RCVD: 'SYN_RECV',
  FIN_WAIT_1: 'FIN_WAIT1',
  FIN_WAIT_2: 'FIN_WAIT2',
};

/**
 * What is not over in `netstat -ano` of Windows and `netstat -an` of macOS and the BSDs:
 *
 *       TCP    10.0.4.5:50111         10.0.4.21:4028         ESTABLISHED     1234
 *     tcp4       0      0  10.0.4.5.50111         10.0.4.21.4028         ESTABLISHED
 */
export function parseNetstat(text: string): NetstatSocket[] {
  return linesOf(text).flatMap((line) => {
    const [, ours = '', theirs = '', word = '', process] =
      /^tcp\d{0,2}\s+(?:\d+\s+\d+\s+)?(\S+)\s+(\S+)\s+([^\s\d]\S*)(?:\s+(\d{1,10}))?/i.exec(line) ?? [];
    const [here, there] = [endOf(ours), endOf(theirs)];
    const said = word.toUpperCase();
    const state = Object.hasOwn(OTHER_NAMES, said) ? (OTHER_NAMES[said] ?? said) : said;
    if (here === null || there === null || OVER.includes(state)) return [];
    const pid = process === undefined ? null : Number(process);
    // On Windows what is over belongs to nobody, whatever the state is called.
    return pid === 0 ? [] : [{ local: here.port, remote: there.host, port: there.port, state, pid }];
  });
}

/** `10.0.4.21:4028` and `[fd00::21]:4028`, on macOS `10.0.4.21.4028` and `fd00::21.4028`. */
function endOf(word: string): { readonly host: string; readonly port: number } | null {
  const [, host = '', digits] = /^\[?([0-9a-f:.]{2,45})(?:%[\w-]{1,40})?\]?[:.](\d{1,5})$/i.exec(word) ?? [];
  const port = portOf(digits, 10);
  return isIP(host) === 0 || port === null ? null : { host: plainAddress(host), port };
}

/** Of two ends of a connection, both ports. */
export const portsOf = (local: number, port: number): string => `${local} ${port}`;

/** The programs by {@link portsOf}, of `lsof -nP -w -iTCP -FpcnT`: a line for each thing, its first letter says which. */
export function parseLsof(text: string): Map<string, Holder> {
  const holders = new Map<string, Holder>();
  let [pid, name] = [0, ''];
  for (const line of linesOf(text)) {
    const rest = line.slice(1);
    if (line.startsWith('p')) [pid, name] = [/^\d{1,10}$/.test(rest) ? Number(rest) : 0, ''];
    else if (line.startsWith('c')) name = rest;
    else if (line.startsWith('n') && pid > 0) {
      const [ours = '', theirs = ''] = rest.split('->');
      const [here, there] = [endOf(ours), endOf(theirs)];
      if (here !== null && there !== null) holders.set(portsOf(here.port, there.port), { pid, name });
    }
  }
  return holders;
}

/** The programs by their number, of `tasklist /FO CSV /NH` of Windows: `"node.exe","1234","Console","1","52,000 K"`. */
export function parseTasklist(text: string): Map<number, string> {
  return new Map(
    linesOf(text).flatMap((line): [number, string][] => {
      const [, name, pid] = /^"([^"]{1,260})","(\d{1,10})",/.exec(line) ?? [];
      return name === undefined || pid === undefined ? [] : [[Number(pid), name]];
    }),
  );
}
