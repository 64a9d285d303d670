import type { ShellSeen } from '@headframe/model';
import { plainLine } from './plain-line.ts';

/** One process. Its arguments are not kept: they may hold the password of a pool. */
export interface Process {
  readonly pid: number;
  /** The name of the program, without its folder. */
  readonly program: string;
  /** Memory that it holds, kB; null when `ps` does not tell. */
  readonly memoryKb: number | null;
  /** Of all memory, as procps says it. */
  readonly percent: number | null;
  /** Address space, kB: more than it holds, and all that BusyBox tells. */
  readonly sizeKb: number | null;
}

/** `ps` of BusyBox (PID USER VSZ STAT COMMAND) and of procps (`ps aux`), by the heads of its columns. */
export function processesOf(text: string): Process[] {
  const lines = text.split('\n');
  const headAt = lines.findIndex((line) => /\bPID\b/.test(line) && /\b(COMMAND|CMD|ARGS)\b/.test(line));
  if (headAt < 0) return [];
  const heads = (lines[headAt] ?? '').trim().split(/\s+/);
  const at = (...names: string[]) => heads.findIndex((head) => names.includes(head));
  const columns = {
    pid: at('PID'),
    rss: at('RSS'),
    vsz: at('VSZ', 'SZ'),
    percent: at('%MEM'),
    command: heads.length - 1,
  };
  const stat = at('STAT', 'S');
  return lines.slice(headAt + 1, headAt + 5_000).flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const pid = Number(words[columns.pid]);
    if (!Number.isInteger(pid) || pid <= 0) return [];
    // BusyBox writes states such as `S <` and `SW` in one column: `<`, `N` and `s` may stand apart.
    const apart = stat >= 0 && /^[<NLsl+]+$/.test(words[stat + 1] ?? '') ? 1 : 0;
    const program = programOf(words.slice(columns.command + apart));
    if (program === '') return [];
    const word = (column: number) => (column < 0 ? undefined : words[column]);
    const percent = Number(word(columns.percent) ?? Number.NaN);
    return [
      {
        pid,
        program,
        memoryKb: kilobytes(word(columns.rss)),
        percent: Number.isFinite(percent) && percent >= 0 && percent <= 100 ? percent : null,
        sizeKb: kilobytes(word(columns.vsz)),
      },
    ];
  });
}

/** `1234`, and what BusyBox makes of large ones: `123m`, `1.2g`. */
function kilobytes(word: string | undefined): number | null {
  const [, number, unit = ''] = /^(\d{1,12}(?:\.\d+)?)([kmg]?)$/i.exec(word ?? '') ?? [];
  if (number === undefined) return null;
  return Math.round(Number(number) * ({ m: 1024, g: 1024 * 1024 }[unit.toLowerCase()] ?? 1));
}

/** `/usr/bin/bmminer --x`, `{cgminer.sh} /bin/sh /etc/init.d/cgminer.sh`, `[kworker/0:1]`. */
function programOf([first = '', second = '', third = '']: readonly string[]): string {
  if (/^\[.*\]?$/.test(first)) return plainLine(first.replace(/^\[|\]$/g, ''), 40);
  const words = /^\{.*\}$/.test(first) ? [second, third] : [first, second];
  const name = base(words[0] ?? '');
  const isShell = /^-?(sh|ash|bash|busybox)$/.test(name);
  return plainLine(isShell && words[1]?.startsWith('/') === true ? base(words[1]) : name.replace(/:$/, ''), 40);
}

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `Name` and `VmRSS` of `/proc/<pid>/status`, as `grep` prints them: what is held, where `ps` does not tell. */
export function heldOf(text: string): Process[] {
  const names = new Map<number, string>();
  const held = new Map<number, number>();
  for (const line of text.split('\n')) {
    const [, pid = '', key, value = ''] = /^\/proc\/(\d{1,9})\/status:(Name|VmRSS):\s*(.*)$/.exec(line) ?? [];
    if (key === 'Name') names.set(Number(pid), plainLine(value, 40));
    const kb = /^(\d{1,12}) kB/.exec(value)?.[1];
    if (key === 'VmRSS' && kb !== undefined) held.set(Number(pid), Number(kb));
  }
  return [...names].map(([pid, program]) => ({
    pid,
    program,
    memoryKb: held.get(pid) ?? null,
    percent: null,
    sizeKb: null,
  }));
}

/** The ten that hold most, by what is known of them; sorted here, as BusyBox's `ps` cannot (T-43). */
export function topMemory(
  listed: readonly Process[],
  held: readonly Process[],
  totalKb: number | null,
): ShellSeen['topMemory'] {
  const share = (kb: number | null) => (kb === null || totalKb === null || totalKb <= 0 ? null : (100 * kb) / totalKb);
  const by = (processes: readonly Process[], percentOf: (one: Process) => number | null) =>
    processes.flatMap((one) => {
      const percent = percentOf(one);
      return percent === null ? [] : [{ program: one.program, percent: Math.round(percent * 10) / 10 }];
    });
  const forms = [
    by(listed, ({ percent }) => percent),
    by(listed, ({ memoryKb }) => share(memoryKb)),
    by(held, ({ memoryKb }) => share(memoryKb)),
    // Address space alone says little, and more than nothing.
    by(listed, ({ sizeKb }) => share(sizeKb)),
  ];
  const told = forms.find((form) => form.some(({ percent }) => percent > 0)) ?? [];
  return told.sort((a, b) => b.percent - a.percent).slice(0, 10);
}
