import type { OwnSide } from '@headframe/model';
import { cleaned } from './exchanges.ts';
import { Lately } from './lately.ts';
import type { OperatingSystem } from './operating-system.ts';
import type { Looking } from './options.ts';
import {
  type Holder,
  type NetstatSocket,
  type OwnSocket,
  parseLsof,
  parseNetstat,
  parseProcTcp,
  parseTasklist,
  plainAddress,
  portsOf,
} from './parse-sockets.ts';

type Connection = OwnSide['connections'][number];

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
  return looking.system.platform === 'linux'
    ? byProc(plainAddress(host), looking)
    : byNetstat(plainAddress(host), looking);
}

/** A whole farm is examined at once, and there is one table of sockets for all of it, ms. */
const SHARED_MS = 1000;
const sockets = new Lately<ReadonlyMap<string, readonly OwnSocket[]>>(SHARED_MS);
const holders = new Lately<ReadonlyMap<string, string>>(SHARED_MS);

async function byProc(host: string, looking: Pick<Looking, 'system' | 'clock'>): Promise<readonly Connection[]> {
  const { system } = looking;
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

/** The programs that hold them, by inode: those of other users have no name for a user who is no administrator. */
async function ownersOf(inodes: ReadonlySet<string>, system: OperatingSystem): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const processes = ((await system.readFolder('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
  let left = MOST_DESCRIPTORS;
  for (const pid of processes.slice(0, MOST_PROCESSES)) {
    for (const inode of await socketsOf(pid, system)) {
      if (left-- <= 0 || owners.size === inodes.size) return owners;
      if (!inodes.has(inode)) continue;
      owners.set(
        inode,
        inWords({ pid: Number(pid), name: (await system.readFile(`/proc/${pid}/comm`))?.trim() ?? '' }),
      );
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

/** Node.js calls its first thread `node-MainThread`, and with it the process. */
const inWords = ({ pid, name }: Holder): string =>
  `${name === '' ? 'a program' : cleaned(name.replace(/-MainThread$/, ''), 40)} (${pid})`;

const told = new Lately<ReadonlyMap<string, readonly NetstatSocket[]>>(SHARED_MS);
type HolderOf = (socket: NetstatSocket) => Holder | null;
const programs = new Lately<HolderOf>(SHARED_MS);

async function byNetstat(host: string, looking: Pick<Looking, 'system' | 'clock'>): Promise<readonly Connection[]> {
  const { system } = looking;
  const all = await told.read(looking, 'all', async () => {
    const said = await system.run('netstat', system.platform === 'win32' ? ['-ano'] : ['-an', '-p', 'tcp']);
    return Map.groupBy(parseNetstat(said?.output ?? ''), ({ remote }) => remote);
  });
  const here = all.get(host) ?? [];
  if (here.length === 0) return [];
  const holderOf = await programs.read(looking, 'all', () => holdersOn(system));
  return here.flatMap((socket) => {
    const holder = holderOf(socket);
    if (holder?.pid === process.pid) return [];
    return [{ port: socket.port, state: socket.state, program: holder === null ? null : inWords(holder) }];
  });
}

/** `netstat` of Windows tells the number of the process, that of macOS nothing at all. */
async function holdersOn(system: OperatingSystem): Promise<HolderOf> {
  if (system.platform === 'win32') {
    const names = parseTasklist((await system.run('tasklist', ['/FO', 'CSV', '/NH']))?.output ?? '');
    return ({ pid }) => (pid === null ? null : { pid, name: names.get(pid) ?? '' });
  }
  const byPorts = parseLsof((await system.run('lsof', ['-nP', '-w', '-iTCP', '-FpcnT']))?.output ?? '');
  return ({ local, port }) => byPorts.get(portsOf(local, port)) ?? null;
}
