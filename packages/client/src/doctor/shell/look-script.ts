import { configurationPaths, INIT_SCRIPTS, LOG_PATTERN, MINING_PROGRAMS } from './firmware-facts.ts';

/** What is looked at, in this order: the cheap first, as the whole has one time limit. */
export const SECTIONS = [
  'files',
  'api-lines',
  'meminfo',
  'free',
  'df',
  'uptime',
  'ps',
  'rss',
  'netstat',
  'sockets',
  'init',
  'units',
  'logs',
] as const;

export type Section = (typeof SECTIONS)[number];

/** Of each log, and of everything else that may be long, bytes. */
const LAST = 65_536;

/**
 * One command line that only reads, in words that BusyBox's ash has as well, each part behind a line with the mark. Of
 * configurations only the lines about the API leave the machine, as the passwords of its pools stand beside them.
 * @param mark not to be guessed, so that nothing in a log can pass for a part
 * @param sections all of them if absent
 */
export function lookScript(mark: string, family: string | null, sections: readonly Section[] = SECTIONS): string {
  const paths = configurationPaths(family).join(' ');
  const search = `grep -iE '${LOG_PATTERN}' 2>/dev/null | tail -n 40`;
  const log = (command: string) => `${command} 2>/dev/null | tail -c ${LAST} | ${search}`;
  const commands: Readonly<Record<Section, string>> = {
    files: `ls -d ${paths} 2>/dev/null`,
    'api-lines': `grep -oE '${API_LINE}' ${paths} 2>/dev/null`,
    meminfo: 'cat /proc/meminfo 2>/dev/null | head -n 8',
    free: firstOf('free -m', 'free'),
    df: firstOf('df -h /tmp', 'df /tmp', 'df'),
    uptime: 'cat /proc/uptime 2>/dev/null',
    ps: `(${firstOf('ps aux', 'ps w', 'ps')}) | head -c ${LAST}`,
    rss: `grep -E '^(Name|VmRSS):' /proc/[0-9]*/status 2>/dev/null | head -c ${LAST}`,
    netstat: `(${firstOf('netstat -tan', 'ss -tan')}) | head -c ${LAST}`,
    sockets: `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | head -c ${LAST}`,
    init: `ls -d ${INIT_SCRIPTS.join(' ')} 2>/dev/null`,
    units: `systemctl list-unit-files --no-pager --no-legend 2>/dev/null | grep -E '^(${MINING_PROGRAMS.join('|')})[.]service'`,
    logs: [
      `tail -c ${LAST} /var/log/* /tmp/*.log 2>/dev/null | ${search}`,
      ...['logread', 'dmesg', 'journalctl -q --no-pager -n 1000'].map(log),
    ].join('; '),
  };
  const parts = sections.map((name) => `echo; echo ${mark}:${name}; ${commands[name]}`);
  return `PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin; ${parts.join('; ')}; echo; echo ${mark}:end`;
}

const firstOf = (...commands: readonly string[]): string =>
  commands.map((command) => `${command} 2>/dev/null`).join(' || ');

/** `"api-allow" : "W:0/0"` of JSON, `cgminer_bind_lan = true` of TOML, `option api_allow 'W:0/0'` of OpenWrt. */
const API_LINE =
  '"api-(listen|network|allow)" *: *("[^"]*"|[A-Za-z0-9]+)|^ *cgminer_bind_lan *= *"?[A-Za-z0-9]+|^[^#]*option +api_(listen|network|allow) +[^ ]+';

/**
 * The parts of what came, by name; one that is missing was not reached.
 * @param text what the script printed, whole or cut
 */
export function sectionsOf(text: string, mark: string): ReadonlyMap<Section | 'end', string> {
  const known: readonly string[] = [...SECTIONS, 'end'];
  const found = new Map<Section | 'end', string>();
  for (const part of text.split(`\n${mark}:`).slice(1)) {
    const lineEnd = part.indexOf('\n');
    const name = (lineEnd < 0 ? part : part.slice(0, lineEnd)).trim();
    // What follows the name is empty where the output ends there.
    const body = lineEnd < 0 ? '' : part.slice(lineEnd + 1);
    if (known.includes(name) && !found.has(name as Section)) found.set(name as Section, body);
  }
  return found;
}
