import { awk } from './awk.ts';
import type { Program } from './calls.ts';
import { inputs, linesOf, optionsOf, pattern, taken, within } from './options.ts';
import { sed } from './sed.ts';

/*
 * The programs of BusyBox that work on text, with the options that scripts use. An option that is not known is refused as
 * BusyBox refuses it, with a usage and status 1.
 */

const grep: Program = (call) => {
  const options = optionsOf(call, 'ivnqcoEFwxhHlsrRae:m:A:B:C:');
  if (options === null) return 2;
  const { flags, values } = options;
  const files = [...options.rest];
  const sources = values.get('e') ?? [files.shift() ?? ''];
  const extended = flags.has('E') || call.name === 'egrep';
  let like: RegExp[];
  try {
    const around = (source: string) => (flags.has('x') ? `^${source}$` : source);
    like = sources
      .flatMap((source) => source.split('\n'))
      .map((source) =>
        pattern(around(source), {
          extended,
          fixed: flags.has('F') || call.name === 'fgrep',
          flags: flags.has('i') ? 'gi' : 'g',
        }),
      );
  } catch {
    call.err.write(`grep: bad regex '${sources.join('|')}'\n`);
    return 2;
  }
  const whole = (line: string, at: number, length: number) =>
    !flags.has('w') || (!/\w/.test(line[at - 1] ?? ' ') && !/\w/.test(line[at + length] ?? ' '));
  const matches = (line: string) =>
    like.flatMap((one) => [...line.matchAll(one)].filter((m) => whole(line, m.index, m[0].length)).map((m) => m[0]));
  const names = flags.has('r') || flags.has('R') ? files.flatMap((name) => within(call, name)) : files;
  const quiet = flags.has('s') ? { ...call, err: { write: () => {} } } : call;
  const { texts, failed } = inputs(quiet, names);
  const named = (flags.has('H') || names.length > 1 || flags.has('r')) && !flags.has('h');
  const most = Number(values.get('m')?.[0] ?? Number.POSITIVE_INFINITY);
  const behind = Number((values.get('A') ?? values.get('C'))?.[0] ?? 0);
  const before = Number((values.get('B') ?? values.get('C'))?.[0] ?? 0);
  let found = false;
  for (const { name, text } of texts) {
    const prefix = named ? `${name === '' ? '(standard input)' : name}:` : '';
    const lines = linesOf(text);
    const hits = lines.map((line) => matches(line).length > 0 !== flags.has('v'));
    let count = 0;
    const shown = new Set<number>();
    for (const [i, hit] of hits.entries()) {
      if (!hit || count >= most) continue;
      count++;
      for (let at = Math.max(0, i - before); at <= Math.min(lines.length - 1, i + behind); at++) shown.add(at);
    }
    found ||= count > 0;
    if (flags.has('q')) continue;
    if (flags.has('l')) call.out.write(count > 0 ? `${name}\n` : '');
    else if (flags.has('c')) call.out.write(`${prefix}${count}\n`);
    else
      for (const at of [...shown].sort((a, b) => a - b)) {
        const number = flags.has('n') ? `${at + 1}:` : '';
        const parts = flags.has('o') ? matches(lines[at] ?? '') : [lines[at] ?? ''];
        for (const part of parts) call.out.write(`${prefix}${number}${part}\n`);
      }
  }
  return found ? 0 : failed ? 2 : 1;
};

const headOrTail: Program = (call) => {
  const options = optionsOf(call, '#n:c:qfF');
  if (options === null) return 1;
  const isHead = call.name === 'head';
  const given = options.values.get('n')?.[0] ?? options.values.get('number')?.[0] ?? '10';
  const bytes = options.values.get('c')?.[0];
  const { texts, failed } = inputs(call, options.rest);
  for (const { name, text } of texts) {
    if (texts.length > 1 && !options.flags.has('q')) call.out.write(`==> ${name} <==\n`);
    if (bytes !== undefined) call.out.write(piece(text, bytes, isHead));
    else {
      const lines = text.split(/(?<=\n)/);
      call.out.write(piece(lines, given, isHead).join(''));
    }
  }
  return Number(failed);
};

/** `5`: so many; of tail `+5`: from there on; of head `-5`: all but the last. */
function piece<T extends string | string[]>(whole: T, given: string, isHead: boolean): T {
  const count = Math.abs(Number.parseInt(given, 10)) || 0;
  if (isHead) return whole.slice(0, given.startsWith('-') ? Math.max(0, whole.length - count) : count) as T;
  return whole.slice(given.startsWith('+') ? Math.max(0, count - 1) : Math.max(0, whole.length - count)) as T;
}

const sort: Program = (call) => {
  const options = optionsOf(call, 'nrufbhk:t:');
  if (options === null) return 2;
  const { flags, values } = options;
  const { texts, failed } = inputs(call, options.rest);
  const [, field = '', kind = ''] = /^(\d+)(?:\.\d+)?(?:,\d+)?([nrb]*)/.exec(values.get('k')?.[0] ?? '') ?? [];
  const numbers = flags.has('n') || flags.has('h') || kind.includes('n');
  const by = values.get('t')?.[0];
  const key = (line: string) =>
    field === ''
      ? line
      : (by === undefined ? line.trim().split(/\s+/) : line.split(by)).slice(Number(field) - 1).join(by ?? ' ');
  const lines = texts.flatMap(({ text }) => linesOf(text));
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  lines.sort(
    (a, b) =>
      (numbers ? (Number.parseFloat(key(a)) || 0) - (Number.parseFloat(key(b)) || 0) : compare(key(a), key(b))) ||
      compare(a, b),
  );
  if (flags.has('r') || kind.includes('r')) lines.reverse();
  for (const line of flags.has('u') ? new Set(lines) : lines) call.out.write(`${line}\n`);
  return Number(failed);
};

const uniq: Program = (call) => {
  const options = optionsOf(call, 'cdu');
  if (options === null) return 1;
  const lines = inputs(call, options.rest).texts.flatMap(({ text }) => linesOf(text));
  for (let i = 0; i < lines.length; ) {
    let end = i;
    while (lines[end] === lines[i] && end < lines.length) end++;
    const count = end - i;
    const shown = options.flags.has('d') ? count > 1 : !options.flags.has('u') || count === 1;
    if (shown) call.out.write(`${options.flags.has('c') ? `${String(count).padStart(7)} ` : ''}${lines[i]}\n`);
    i = end;
  }
  return 0;
};

const wc: Program = (call) => {
  const options = optionsOf(call, 'lwc');
  if (options === null) return 1;
  const { texts, failed } = inputs(call, options.rest);
  for (const { name, text } of texts) {
    const all = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter(Boolean).length,
      c: Buffer.byteLength(text),
    };
    const wanted = Object.entries(all).filter(([letter]) => options.flags.size === 0 || options.flags.has(letter));
    const numbers = wanted
      .map(([, count]) => (wanted.length === 1 ? String(count) : String(count).padStart(9)))
      .join(' ');
    call.out.write(`${numbers}${name === '' ? '' : ` ${name}`}\n`);
  }
  return Number(failed);
};

const cut: Program = (call) => {
  const options = optionsOf(call, 'd:f:c:s');
  if (options === null) return 1;
  const ranges = (options.values.get('f') ?? options.values.get('c'))?.[0]?.split(',').map((range) => {
    const [, from = '', dash = '', to = ''] = /^(\d*)(-?)(\d*)$/.exec(range) ?? [];
    return { from: Number(from || 1), to: dash === '' ? Number(from) : Number(to || Number.POSITIVE_INFINITY) };
  });
  if (ranges === undefined) return 1;
  const by = options.values.has('c') ? '' : (options.values.get('d')?.[0] ?? '\t');
  const { texts, failed } = inputs(call, options.rest);
  for (const line of texts.flatMap(({ text }) => linesOf(text))) {
    const parts = line.split(by);
    const kept = parts.filter((_, i) => ranges.some(({ from, to }) => i + 1 >= from && i + 1 <= to));
    if (by !== '' && parts.length === 1) call.out.write(options.flags.has('s') ? '' : `${line}\n`);
    else call.out.write(`${kept.join(by)}\n`);
  }
  return Number(failed);
};

const tr: Program = (call) => {
  const options = optionsOf(call, 'dsc');
  if (options === null) return 1;
  const [from = '', to = ''] = options.rest.map(letters);
  const isIn = (letter: string) => from.includes(letter) !== options.flags.has('c');
  let text = taken(call);
  if (options.flags.has('d')) text = [...text].filter((letter) => !isIn(letter)).join('');
  else if (to !== '')
    text = [...text]
      .map((letter) =>
        isIn(letter) ? (options.flags.has('c') ? to.at(-1) : (to[from.indexOf(letter)] ?? to.at(-1))) : letter,
      )
      .join('');
  if (options.flags.has('s')) {
    const squeezed = to === '' ? from : to;
    text = [...text].filter((letter, i, all) => !squeezed.includes(letter) || letter !== all[i - 1]).join('');
  }
  call.out.write(text);
  return 0;
};

function letters(set: string): string {
  const SETS: Readonly<Record<string, string>> = {
    upper: 'A-Z',
    lower: 'a-z',
    digit: '0-9',
    space: ' \t\n\r',
    alpha: 'a-zA-Z',
    alnum: 'a-zA-Z0-9',
    cntrl: '\u0001-\u001f',
  };
  return set
    .replace(/\[:(\w+):\]/g, (_, name: string) => SETS[name] ?? '')
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      /^\d{3}$/.test(code)
        ? String.fromCharCode(Number.parseInt(code, 8))
        : ({ n: '\n', t: '\t', r: '\r' }[code] ?? code),
    )
    .replace(/(.)-(.)/gs, (_, a: string, b: string) =>
      Array.from({ length: Math.max(0, b.charCodeAt(0) - a.charCodeAt(0) + 1) }, (__, i) =>
        String.fromCharCode(a.charCodeAt(0) + i),
      ).join(''),
    );
}

export const TEXT_PROGRAMS: Readonly<Record<string, Program>> = {
  grep,
  egrep: grep,
  fgrep: grep,
  head: headOrTail,
  tail: headOrTail,
  sort,
  uniq,
  wc,
  cut,
  tr,
  sed,
  awk,
};
