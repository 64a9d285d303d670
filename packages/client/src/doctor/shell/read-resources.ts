/*
 * Memory, disk and uptime by what the programs of BusyBox and procps print. A number that cannot be read is null.
 */

/** `MemTotal: 122880 kB` and its like, in kB. */
export function meminfoOf(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', kb = ''] = /^\s*(\w+):\s+(\d{1,12})\s*kB\s*$/i.exec(line) ?? [];
    if (name !== '') found.set(name, Number(kb));
  }
  return found;
}

/**
 * Memory that a program could get, MB. What caches hold is free in that sense: the 20 MB of the document (T-44) would
 * else be passed on every healthy machine that has written some logs.
 */
export function freeMemoryMb(meminfo: ReadonlyMap<string, number>, free: string): number | null {
  const available = meminfo.get('MemAvailable') ?? sum(meminfo, ['MemFree', 'Buffers', 'Cached']);
  return available === null ? freeOf(free, meminfo.get('MemTotal') ?? null) : toMb(available);
}

function sum(meminfo: ReadonlyMap<string, number>, [must = '', ...may]: readonly string[]): number | null {
  const first = meminfo.get(must);
  return first === undefined ? null : may.reduce((total, name) => total + (meminfo.get(name) ?? 0), first);
}

const toMb = (kb: number): number => Math.round(kb / 102.4) / 10;

/** More than that in one `Mem:` line is not MB: control boards have some hundred, and BusyBox's older `free` has no -m. */
const MOST_MB = 16_384;

/** @param totalKb what `/proc/meminfo` says, to know the unit by */
function freeOf(text: string, totalKb: number | null): number | null {
  const lines = text.split('\n');
  const heads =
    lines
      .find((line) => /\btotal\b.*\bfree\b/.test(line))
      ?.trim()
      .split(/\s+/) ?? [];
  const memory = numbers(lines.find((line) => /^\s*Mem:/.test(line)));
  const [total] = memory;
  if (total === undefined || heads.length === 0) return null;
  const isKb = totalKb === null ? total > MOST_MB : total > totalKb / 32;
  const inMb = (value: number) => (isKb ? toMb(value) : value);
  const of = (name: string) => memory[heads.indexOf(name)];
  const available = of('available');
  if (available !== undefined) return inMb(available);
  // `-/+ buffers/cache: used free` of the older forms.
  const [, corrected] = numbers(lines.find((line) => /^\s*-\/\+/.test(line)));
  if (corrected !== undefined) return inMb(corrected);
  const free = of('free');
  return free === undefined ? null : inMb(free + (of('buffers') ?? 0) + (of('cached') ?? 0) + (of('buff/cache') ?? 0));
}

const numbers = (line: string | undefined): number[] =>
  (line?.slice(line.indexOf(':') + 1).match(/\d{1,12}/g) ?? []).map(Number);

/** How full the file system of `/tmp` is, percent: its own, else that of `/`. */
export function tmpUsedPercent(df: string): number | null {
  const used = new Map<string, number>();
  for (const line of df.split('\n')) {
    // A long name of a device leaves the rest to the next line: what counts stands at the end.
    const [, percent = '', mount = ''] = /(?:^|\s)(\d{1,3})%\s+(\/\S*)\s*$/.exec(line) ?? [];
    if (mount !== '' && Number(percent) <= 100) used.set(mount, Number(percent));
  }
  const of = (mount: string) => used.get(mount) ?? null;
  return of('/tmp') ?? of('/var/volatile') ?? of('/') ?? (used.size === 1 ? ([...used.values()][0] ?? null) : null);
}

/** `/proc/uptime`, s. */
export function uptimeOf(text: string): number | null {
  const [, seconds] = /^\s*(\d{1,10})(?:\.\d+)?\s/.exec(`${text} `) ?? [];
  return seconds === undefined ? null : Number(seconds);
}
