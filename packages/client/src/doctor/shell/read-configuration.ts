import type { ShellSeen } from '@headframe/model';
import { plainLine } from './plain-line.ts';

type Configuration = NonNullable<ShellSeen['config']>;

/**
 * The API lines of the configuration: of the file that has some, of the first that exists where none has.
 * @param files what `ls -d` listed
 * @param lines what `grep -o` found, each behind its path
 * @param candidates the paths in the order of their weight
 */
export function configurationOf(files: string, lines: string, candidates: readonly string[]): Configuration | null {
  const there = new Set(files.split('\n').map((line) => line.trim()));
  const found = candidates.filter((path) => there.has(path)).map((path) => ({ path, ...apiLines(lines, path) }));
  const hasAny = ({ listen, network, allow }: Configuration) => listen !== null || network !== null || allow !== null;
  return found.find(hasAny) ?? found[0] ?? null;
}

function apiLines(lines: string, path: string): Omit<Configuration, 'path'> {
  const said: Record<'listen' | 'network' | 'allow', string | null> = { listen: null, network: null, allow: null };
  for (const line of lines.split('\n')) {
    if (!line.startsWith(`${path}:`)) continue;
    const read = apiLine(line.slice(path.length + 1));
    // As with the parser of cgminer the last counts.
    if (read !== null) said[read.name] = read.value;
  }
  return said;
}

const LINE =
  /^\s*(?:"api-(listen|network|allow)"\s*:|option\s+api_(listen|network|allow)\s|(cgminer_bind_lan)\s*=)\s*(.*)$/i;

/**
 * One line of JSON, of OpenWrt's form or of TOML; null when it is none about the API. DCENT_OS opens its API to the
 * network by `cgminer_bind_lan` (protocols.md 9).
 */
export function apiLine(line: string): { name: 'listen' | 'network' | 'allow'; value: string } | null {
  const [, json, option, bind, rest = ''] = LINE.exec(line.slice(0, 1_000)) ?? [];
  const name = bind === undefined ? (json ?? option)?.toLowerCase() : 'network';
  if (name !== 'listen' && name !== 'network' && name !== 'allow') return null;
  const [, double, single, bare] = /^(?:"([^"]*)"?|'([^']*)'?|([^\s,}#]*))/.exec(rest) ?? [];
  return { name, value: plainLine(double ?? single ?? bare ?? '', 200) };
}
