import { randomBytes } from 'node:crypto';
import { familyById } from '@headframe/families';
import { asHeadframeError, type Look, type ShellSeen } from '@headframe/model';
import { since } from '../../links/limits.ts';
import type { Looking, SshAccess } from '../options.ts';
import { configurationPaths, MINING_PROGRAMS } from './firmware-facts.ts';
import { lookScript, type Section, sectionsOf } from './look-script.ts';
import { type LoadSsh, openShell } from './open-shell.ts';
import { plainLine } from './plain-line.ts';
import { configurationOf } from './read-configuration.ts';
import { logLinesOf } from './read-log.ts';
import { heldOf, processesOf, topMemory } from './read-processes.ts';
import { freeMemoryMb, meminfoOf, tmpUsedPercent, uptimeOf } from './read-resources.ts';
import { kernelSocketsOf, listening, peersOf, socketsOf } from './read-sockets.ts';
import { restartCommandOf } from './restart-command.ts';

const SCRIPT_MS = 15_000;

export interface LookInsideOptions {
  /** Whose connections are counted; the family's own port if absent. */
  readonly apiPort?: number;
  readonly load?: LoadSsh;
}

/**
 * Looks at a machine from inside: one connection over SSH, one command that only reads. What of it could not be read is
 * null or empty. Never rejects.
 * @param family its id, null where it is not known: which of what is found counts first
 */
export async function lookInside(
  host: string,
  access: SshAccess,
  family: string | null,
  looking: Pick<Looking, 'clock' | 'deadline'>,
  { apiPort = apiPortOf(family), load }: LookInsideOptions = {},
): Promise<Look<ShellSeen>> {
  const at = looking.clock.now();
  const began = performance.now();
  const mark = `headframe-${randomBytes(8).toString('hex')}`;
  try {
    const shell = await openShell(host, access, looking, load);
    try {
      const { out, err } = await shell.run(lookScript(mark, family), { timeoutMs: SCRIPT_MS, keepPart: true });
      const parts = sectionsOf(out, mark);
      if (parts.size === 0) return { notSeen: noShell(out, err) };
      const value = seenIn(parts, family, apiPort);
      const { username } = access.credentials;
      return {
        value,
        at,
        ms: since(began),
        bytes: Buffer.byteLength(out),
        line: lineOf(value, parts, apiPort),
        command: `ssh ${access.port === undefined || access.port === 22 ? '' : `-p ${access.port} `}${plainLine(username, 40)}@${host}`,
      };
    } finally {
      shell.end();
    }
  } catch (thrown) {
    const { message } = asHeadframeError(thrown, { address: host });
    return { notSeen: `SSH did not let us look: ${plainLine(message, 300)}` };
  }
}

/** The port of what `family` answers with before all else; 4028 where that is not known (protocols.md 0). */
export function apiPortOf(family: string | null): number {
  const ports = family === null ? undefined : familyById(family)?.ports;
  return (ports === undefined ? undefined : Object.values(ports)[0]) ?? 4028;
}

function noShell(out: string, err: string): string {
  const said = plainLine(`${out} ${err}`);
  return `the login over SSH runs no commands${said === '' ? '' : ` (it said: ${said})`}`;
}

function seenIn(parts: ReadonlyMap<Section | 'end', string>, family: string | null, apiPort: number): ShellSeen {
  const part = (name: Section) => parts.get(name) ?? '';
  const meminfo = meminfoOf(part('meminfo'));
  const listed = processesOf(part('ps'));
  const held = heldOf(part('rss'));
  const names = new Set([...listed, ...held].map(({ program }) => program));
  const running = new Set(MINING_PROGRAMS.filter((program) => names.has(program)));
  const told = socketsOf(part('netstat'));
  const sockets = told.length > 0 ? told : kernelSocketsOf(part('sockets'));
  return {
    config: configurationOf(part('files'), part('api-lines'), configurationPaths(family)),
    freeMemoryMb: freeMemoryMb(meminfo, part('free')),
    tmpUsedPercent: tmpUsedPercent(part('df')),
    topMemory: topMemory(listed, held, meminfo.get('MemTotal') ?? null),
    logLines: logLinesOf(part('logs')),
    apiPeers: peersOf(sockets, apiPort),
    minerRuns: names.size === 0 ? null : running.size > 0,
    listensOn: listening(sockets),
    restartCommand: restartCommandOf(part('init'), part('units'), running, family),
    uptimeS: uptimeOf(part('uptime')),
  };
}

function lineOf(seen: ShellSeen, parts: ReadonlyMap<Section | 'end', string>, apiPort: number): string {
  const { config, freeMemoryMb: free, tmpUsedPercent: used, topMemory: top } = seen;
  const [largest] = top;
  const listens = seen.listensOn.filter((one) => one.endsWith(`:${apiPort}`));
  const [log] = seen.logLines.slice(-1);
  const said = [
    free === null ? null : `${free} MB of memory free`,
    used === null ? null : `/tmp ${used} % full`,
    seen.minerRuns === null ? null : seen.minerRuns ? 'the mining program runs' : 'no mining program runs',
    seen.listensOn.length === 0
      ? null
      : listens.length === 0
        ? `nothing listens on ${apiPort}`
        : `listens on ${listens.join(' and ')}`,
    seen.apiPeers.length === 0 ? null : `${seen.apiPeers.length} hold a connection to ${apiPort}`,
    config === null
      ? 'no known configuration file'
      : `${config.path}: api-listen ${config.listen ?? 'not set'}, api-network ${config.network ?? 'not set'}, api-allow ${config.allow ?? 'not set'}`,
    largest === undefined ? null : `most memory: ${largest.program} ${largest.percent} %`,
    seen.uptimeS === null ? null : `up ${seen.uptimeS} s`,
    log === undefined ? 'no log line names a cause' : `log: ${log}`,
    parts.has('end') ? null : 'the rest did not come in time',
  ];
  return plainLine(`SSH: ${said.filter((one) => one !== null).join('; ')}`, 500);
}
