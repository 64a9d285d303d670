import type { OwnSide } from '@headframe/model';
import { cleaned } from './exchanges.ts';
import { Lately } from './lately.ts';
import type { OperatingSystem } from './operating-system.ts';
import type { Looking } from './options.ts';
import { TCP_STATES } from './tcp-states.ts';

type Connection = OwnSide['connections'][number];

/** A TCP socket of this computer. */
export interface OwnSocket {
  readonly remote: string;
  readonly port: number;
  readonly state: string;
  readonly inode: string;
}

/** What has ended needs nobody's attention. */
const OVER: readonly string[] = ['TIME_WAIT', 'CLOSE', 'LISTEN', 'LAST_ACK', 'CLOSING'];
const MOST_SOCKETS = 65_536;
const MOST_PROCESSES = 5_000;
const MOST_DESCRIPTORS = 20_000;

/**
 * The connections of other programs of this computer to an address. Our own are left out: we opened them to look.
 * Without an administrator's rights the programs of other users have no name.
 */
export async function connectionsTo(
  host: string,
  looking: Pick<Looking, 'system' | 'clock'>,
): Promise<readonly Connection[]> {
  const { system } = looking;
  if (system.platform !== 'linux') return byNetstat(host, system);
  const all = await sockets.read(looking, 'others', () => othersSockets(system));
  const here = all.get(host) ?? [];
  if (here.length === 0) return [];
  const owners = await holders.read(looking, 'others', () => {
    return ownersOf(new Set([...all.values()].flat().map(({ inode }) => inode)), system);
  });
  const found = here.map((socket) => ({ ...socket, program: owners.get(socket.inode) ?? null }));
  // One that nobody seems to hold is another user's, or was open for a moment only: one of ours, as they come and go.
  const isUnsure = found.some(({ program }) => program === null);
  const still = isUnsure ? new Set((await openSockets(system)).map(({ inode }) => inode)) : null;
  return found.flatMap(({ port, state, inode, program }) =>
    program === null && still?.has(inode) === false ? [] : [{ port, state, program }],
  );
}

/** A whole farm is examined at once, and there is one table of sockets for all of it, ms. */
const SHARED_MS = 1000;
const sockets = new Lately<ReadonlyMap<string, readonly OwnSocket[]>>(SHARED_MS);
const holders = new Lately<ReadonlyMap<string, string>>(SHARED_MS);

/** What is open and not ours, by the address at its other end. Mostly nobody else's process needs to be looked at. */
async function othersSockets(system: OperatingSystem): Promise<ReadonlyMap<string, readonly OwnSocket[]>> {
  const pid = String(process.pid);
  const before = await socketsOf(pid, system);
  const open = await openSockets(system);
  const ours = new Set([...before, ...(await socketsOf(pid, system))]);
  return Map.groupBy(
    open.filter(({ inode }) => !ours.has(inode)),
    ({ remote }) => remote,
  );
}

/** What its program has closed belongs to nobody any more: it has no inode. */
async function openSockets(system: OperatingSystem): Promise<OwnSocket[]> {
  const tables = await Promise.all([system.readFile('/proc/net/tcp'), system.readFile('/proc/net/tcp6')]);
  return tables.flatMap((table) => parseProcTcp(table ?? '')).filter(({ inode }) => inode !== '0');
}

/** What is not over in `/proc/net/tcp` and `tcp6`: addresses in hexadecimal, each group of four bytes in the order of the host. */
export function parseProcTcp(table: string): OwnSocket[] {
  const found: OwnSocket[] = [];
  for (const line of table.split('\n', MOST_SOCKETS).slice(1)) {
    const cells = line.trim().split(/\s+/);
    const state = TCP_STATES[cells[3] ?? ''];
    if (state === undefined || OVER.includes(state)) continue;
    const [address = '', port = ''] = (cells[2] ?? '').split(':');
    const remote = addressOf(address);
    if (remote === null || !/^[0-9A-F]{4}$/i.test(port)) continue;
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

/** The programs that hold them, by inode: those of other users have no name for a user who is no administrator. */
async function ownersOf(inodes: ReadonlySet<string>, system: OperatingSystem): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const processes = ((await system.readFolder('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
  let left = MOST_DESCRIPTORS;
  for (const pid of processes.slice(0, MOST_PROCESSES)) {
    for (const inode of await socketsOf(pid, system)) {
      if (left-- <= 0 || owners.size === inodes.size) return owners;
      if (!inodes.has(inode)) continue;
      const name = (await system.readFile(`/proc/${pid}/comm`))?.trim() ?? 'a program';
      owners.set(inode, `${cleaned(name, 40)} (${pid})`);
    }
  }
  return owners;
}

/** The inodes of the sockets of a process; none where it is another user's. */
async function socketsOf(pid: string, system: OperatingSystem): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = ((await system.readFolder(folder)) ?? []).slice(0, MOST_DESCRIPTORS);
  const links = await Promise.all(descriptors.map((descriptor) => system.readLink(`${folder}/${descriptor}`)));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1] ?? []);
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
