import type { OwnSide } from '@headframe/model';
import type { OperatingSystem } from './operating-system.ts';

type Connection = OwnSide['connections'][number];

/** A TCP socket of this computer. */
export interface OwnSocket {
  readonly remote: string;
  readonly port: number;
  readonly state: string;
  readonly inode: string;
}

/** The states of `include/net/tcp_states.h` of Linux. */
const STATES: Readonly<Record<string, string>> = {
  '01': 'ESTABLISHED',
  '02': 'SYN_SENT',
  '03': 'SYN_RECV',
  '04': 'FIN_WAIT1',
  '05': 'FIN_WAIT2',
  '06': 'TIME_WAIT',
  '07': 'CLOSE',
  '08': 'CLOSE_WAIT',
  '09': 'LAST_ACK',
  '0A': 'LISTEN',
  '0B': 'CLOSING',
};

/** What has ended needs nobody's attention. */
const OVER: readonly string[] = ['TIME_WAIT', 'CLOSE', 'LISTEN', 'LAST_ACK', 'CLOSING'];
const MOST_SOCKETS = 65_536;
const MOST_PROCESSES = 5_000;
const MOST_DESCRIPTORS = 20_000;

/**
 * The connections of other programs of this computer to an address. Our own are left out: we opened them to look.
 * Without an administrator's rights the programs of other users have no name.
 */
export async function connectionsTo(host: string, system: OperatingSystem): Promise<Connection[]> {
  if (system.platform !== 'linux') return byNetstat(host, system);
  const tables = await Promise.all([system.readFile('/proc/net/tcp'), system.readFile('/proc/net/tcp6')]);
  const sockets = tables
    .flatMap((table) => parseProcTcp(table ?? ''))
    .filter(({ remote, state }) => remote === host && !OVER.includes(state));
  if (sockets.length === 0) return [];
  const owners = await ownersOf(new Set(sockets.map(({ inode }) => inode)), system);
  return sockets.flatMap(({ port, state, inode }) => {
    const owner = owners.get(inode);
    return owner === OURSELVES ? [] : [{ port, state, program: owner ?? null }];
  });
}

/** `/proc/net/tcp` and `tcp6`: addresses in hexadecimal, each group of four bytes in the order of the host. */
export function parseProcTcp(table: string): OwnSocket[] {
  const found: OwnSocket[] = [];
  for (const line of table.split('\n', MOST_SOCKETS).slice(1)) {
    const cells = line.trim().split(/\s+/);
    const [address = '', port = ''] = (cells[2] ?? '').split(':');
    const remote = addressOf(address);
    const state = STATES[cells[3] ?? ''];
    if (remote === null || state === undefined || !/^[0-9A-F]{4}$/i.test(port)) continue;
    found.push({ remote, port: Number.parseInt(port, 16), state, inode: cells[9] ?? '' });
  }
  return found;
}

function addressOf(hex: string): string | null {
  if (!/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/i.test(hex)) return null;
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((group) =>
    (group.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  // The shortest form, as addresses are written elsewhere.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

const OURSELVES = Symbol('this process');

async function ownersOf(
  inodes: ReadonlySet<string>,
  system: OperatingSystem,
): Promise<Map<string, string | typeof OURSELVES>> {
  const owners = new Map<string, string | typeof OURSELVES>();
  const processes = ((await system.readFolder('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
  let left = MOST_DESCRIPTORS;
  for (const pid of processes.slice(0, MOST_PROCESSES)) {
    for (const descriptor of (await system.readFolder(`/proc/${pid}/fd`)) ?? []) {
      if (left-- <= 0 || owners.size === inodes.size) return owners;
      const inode = /^socket:\[(\d+)\]$/.exec((await system.readLink(`/proc/${pid}/fd/${descriptor}`)) ?? '')?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const name = (await system.readFile(`/proc/${pid}/comm`))?.trim() ?? 'a program';
      owners.set(inode, Number(pid) === process.pid ? OURSELVES : `${name} (${pid})`);
    }
  }
  return owners;
}

/** `netstat -an` of Windows and macOS has the same columns but for the queues; it names no program. */
async function byNetstat(host: string, system: OperatingSystem): Promise<Connection[]> {
  const said = await system.run('netstat', ['-an', ...(system.platform === 'win32' ? ['-p', 'tcp'] : ['-f', 'inet'])]);
  return said === null
    ? []
    : parseNetstat(said.output).flatMap(({ remote, port, state }) =>
        remote === host && !OVER.includes(state) ? [{ port, state, program: null }] : [],
      );
}

export function parseNetstat(text: string): Omit<OwnSocket, 'inode'>[] {
  return text.split('\n', MOST_SOCKETS).flatMap((line) => {
    const [, remote, port, state] =
      /^\s*tcp\S*\s+(?:\d+\s+\d+\s+)?\S+\s+(\d{1,3}(?:\.\d{1,3}){3})[.:](\d{1,5})\s+([A-Z_0-9]+)/i.exec(line) ?? [];
    if (remote === undefined || port === undefined || state === undefined) return [];
    return [{ remote, port: Number(port), state: state.toUpperCase().replace(/^SYN_RECEIVED$/, 'SYN_RECV') }];
  });
}
