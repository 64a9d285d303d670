import { isIP } from 'node:net';
import type { OperatingSystem } from '../operating-system.ts';
import { apiPortOf } from '../shell/look-inside.ts';
import { plainLine } from '../shell/plain-line.ts';
import type { FixKind } from './fix.ts';

/** A program of this computer that holds connections to the machine. */
interface Holder {
  /** Null: it is another user's, and this one may not see it. */
  readonly pid: number | null;
  readonly program: string | null;
  readonly connections: number;
}

/**
 * Row 10: one idle client blocks the API for all others. Ours are found here and named; which of them may be ended is for
 * a person to say.
 */
export const closeOwnConnections: FixKind = {
  fix: 'close-own-connections',
  needs: [],
  changes: false,
  does: ({ host, family, apiPort }) =>
    `Looks which programs of this computer hold a connection to ${host} port ${apiPort ?? apiPortOf(family)}. It ends none of them: Headframe closes its own after each answer, and the others are yours to end. It does not touch the machine.`,
  run: async (target, { system }) => {
    const port = target.apiPort ?? apiPortOf(target.family);
    const addresses = isIP(target.host) > 0 ? [target.host] : await system.lookup(target.host).catch(() => []);
    const holders = await holdersOf(system, new Set(addresses), port);
    const where = `${target.host} port ${port}`;
    if (holders === null) {
      return {
        result: 'not-done',
        said: `The connections of this ${system.platform} computer cannot be read.`,
        sent: [],
      };
    }
    if (holders.length === 0) {
      return {
        result: 'done',
        said: `No program of this computer holds a connection to ${where}: it is another's.`,
        sent: [],
      };
    }
    const named = holders.map(({ pid, program, connections }) => {
      const who = pid === null ? 'a program of another user' : `${program ?? 'a program'} (pid ${pid})`;
      const mine = pid === process.pid ? ', which is this very program: they end with what it does now' : '';
      return `${who} holds ${connections}${mine}`;
    });
    const ends = holders.flatMap(({ pid }) => (pid === null || pid === process.pid ? [] : [pid]));
    const how =
      ends.length === 0
        ? ''
        : ` Headframe ends no program: end them yourself where they may be ended, with ${system.platform === 'win32' ? ends.map((pid) => `taskkill /PID ${pid}`).join(', ') : `kill ${ends.join(' ')}`}.`;
    return { result: 'not-done', said: `Connections to ${where}: ${named.join('; ')}.${how}`, sent: [] };
  },
  check: { how: 'no program of this computer holds a connection to the port', reads: 0, everyMs: 0 },
};

/** Null: it cannot be read on this system. */
function holdersOf(system: OperatingSystem, hosts: ReadonlySet<string>, port: number): Promise<Holder[] | null> {
  switch (system.platform) {
    case 'linux':
      return onLinux(system, hosts, port);
    case 'win32':
      return onWindows(system, hosts, port);
    default:
      return byLsof(system, hosts, port);
  }
}

async function onLinux(system: OperatingSystem, hosts: ReadonlySet<string>, port: number): Promise<Holder[] | null> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => system.readFile(path)));
  if (tables.every((table) => table === null)) return null;
  const inodes = new Set(tables.flatMap((table) => inodesTo(table ?? '', hosts, port)));
  if (inodes.size === 0) return [];
  const holders: Holder[] = [];
  let seen = 0;
  for (const name of (await system.readFolder('/proc')) ?? []) {
    if (!/^\d+$/.test(name)) continue;
    const files = (await system.readFolder(`/proc/${name}/fd`)) ?? [];
    const links = await Promise.all(files.map((file) => system.readLink(`/proc/${name}/fd/${file}`)));
    const connections = links.filter((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link ?? '')?.[1] ?? '')).length;
    if (connections === 0) continue;
    seen += connections;
    const program = await system.readFile(`/proc/${name}/comm`);
    holders.push({ pid: Number(name), program: program === null ? null : plainLine(program, 40), connections });
  }
  const hidden = inodes.size - seen;
  return hidden > 0 ? [...holders, { pid: null, program: null, connections: hidden }] : holders;
}

/** Established, or closed by the machine alone: what we hold. The words are in the order of this computer. */
function inodesTo(table: string, hosts: ReadonlySet<string>, port: number): string[] {
  return table.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [host = '', hex = ''] = (words[2] ?? '').split(':');
    const isHeld = words[3] === '01' || words[3] === '08';
    if (!isHeld || Number.parseInt(hex, 16) !== port || !hosts.has(addressOf(host))) return [];
    return words[9] === undefined || words[9] === '0' ? [] : [words[9]];
  });
}

function addressOf(hex: string): string {
  // IPv4, and what is mapped into IPv6; other IPv6 addresses are no miner's.
  const last = hex.length === 8 ? hex : /^0{16}FFFF0000([0-9A-F]{8})$/i.exec(hex)?.[1];
  const bytes = last?.match(/../g)?.reverse() ?? [];
  return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
}

async function byLsof(system: OperatingSystem, hosts: ReadonlySet<string>, port: number): Promise<Holder[] | null> {
  const ran = await system.run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:ESTABLISHED,CLOSE_WAIT', '-Fpcn']);
  if (ran === null) return null;
  const counts = new Map<number, { program: string | null; connections: number }>();
  let pid = 0;
  let program: string | null = null;
  for (const line of ran.output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    if (line.startsWith('c')) program = plainLine(line.slice(1), 40);
    const [, host = ''] = line.startsWith('n') ? (/->\[?([^\]]+)\]?:\d+$/.exec(line) ?? []) : [];
    if (!line.endsWith(`:${port}`) || !hosts.has(host)) continue;
    counts.set(pid, { program, connections: (counts.get(pid)?.connections ?? 0) + 1 });
  }
  return [...counts].map(([of, rest]) => ({ pid: of, ...rest }));
}

async function onWindows(system: OperatingSystem, hosts: ReadonlySet<string>, port: number): Promise<Holder[] | null> {
  const ran = await system.run('netstat', ['-ano', '-p', 'TCP']);
  if (ran === null) return null;
  const counts = new Map<number, number>();
  for (const line of ran.output.split('\n')) {
    // The words for the states are in the language of the system: five columns, and no peer 0, are a connection.
    const [protocol, , peer = '', , pid = ''] = line.trim().split(/\s+/);
    const [, host = '', at = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(peer) ?? [];
    if (protocol !== 'TCP' || Number(at) !== port || !hosts.has(host) || !/^[1-9]\d*$/.test(pid)) continue;
    counts.set(Number(pid), (counts.get(Number(pid)) ?? 0) + 1);
  }
  return [...counts].map(([pid, connections]) => ({ pid, program: null, connections }));
}
