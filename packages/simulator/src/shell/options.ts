import type { Call } from './calls.ts';

/*
 * What the programs of BusyBox have in common: options, files in the place of the standard input, patterns.
 */

export interface Options {
  readonly flags: ReadonlySet<string>;
  /** Options with a value, and a number in the place of one (`head -5`) under `number`. */
  readonly values: ReadonlyMap<string, string[]>;
  readonly rest: readonly string[];
}

/**
 * Reads options of one letter, joined or not.
 * @param known letters; those before a colon take a value
 * @returns null: one is not known, which was said
 */
export function optionsOf({ name, args, err }: Call, known: string): Options | null {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  const give = (letter: string, value: string) => values.set(letter, [...(values.get(letter) ?? []), value]);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (!/^-./.test(arg)) {
      rest.push(arg);
      continue;
    }
    if (known.includes('#') && /^-\d+$/.test(arg)) {
      give('number', arg.slice(1));
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at] ?? '';
      const place = letter === '-' || letter === ':' || letter === '#' ? -1 : known.indexOf(letter);
      if (place < 0) {
        err.write(
          `${name}: ${arg.startsWith('--') ? `unrecognized option '${arg}'` : `invalid option -- '${letter}'`}\n`,
        );
        return null;
      }
      if (known[place + 1] !== ':') flags.add(letter);
      else {
        give(letter, arg.slice(at + 1) || (args[++i] ?? ''));
        break;
      }
    }
  }
  return { flags, values, rest };
}

export const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** The files that are named, or the standard input; what cannot be opened is said. */
export function inputs(
  call: Call,
  names: readonly string[],
): { texts: { name: string; text: string }[]; failed: boolean } {
  const { shell, err, name: program } = call;
  if (names.length === 0) return { texts: [{ name: '', text: taken(call) }], failed: false };
  let failed = false;
  const texts = names.flatMap((name) => {
    const path = shell.path(name);
    const text = name === '-' ? taken(call) : name === '/dev/null' ? '' : shell.files.read(path);
    if (text !== null) return [{ name, text }];
    failed = true;
    const folder = shell.files.isFolder(path);
    const why = folder
      ? program === 'cat'
        ? 'read error: Is a directory'
        : 'Is a directory'
      : 'No such file or directory';
    err.write(
      folder && program === 'cat'
        ? `cat: ${why}\n`
        : `${program}: ${folder || program === 'grep' || program === 'sed' ? '' : "can't open '"}${name}${folder || program === 'grep' || program === 'sed' ? '' : "'"}: ${why}\n`,
    );
    return [];
  });
  return { texts, failed };
}

export function taken({ input }: Call): string {
  const text = input.rest;
  input.rest = '';
  return text;
}

/** A pattern of grep and sed as one of JavaScript. Basic ones have their signs behind a backslash. */
export function pattern(source: string, { extended = false, fixed = false, flags = '' } = {}): RegExp {
  const CLASSES: Readonly<Record<string, string>> = {
    space: '\\s',
    digit: '0-9',
    alpha: 'A-Za-z',
    alnum: 'A-Za-z0-9',
    upper: 'A-Z',
    lower: 'a-z',
    blank: ' \\t',
    punct: '!-\\/:-@\\[-`{-~',
    xdigit: '0-9A-Fa-f',
  };
  if (fixed) return new RegExp(source.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), flags);
  let out = '';
  for (let i = 0; i < source.length; i++) {
    const letter = source[i] ?? '';
    const set = letter === '[' ? /^\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/.exec(source.slice(i)) : null;
    if (set !== null) {
      const inner = set[0]
        .slice(1, -1)
        .replace(/\\/g, '\\\\')
        .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '');
      out += `[${inner.replace(/^(\^?)\]/, '$1\\]').replace(/(?<!^)\[/g, '\\[')}]`;
      i += set[0].length - 1;
    } else if (letter === '\\') {
      const next = source[++i] ?? '';
      if ('|(){}+?'.includes(next)) out += extended ? `\\${next}` : next;
      else out += /[<>]/.test(next) ? '\\b' : /[A-Za-z]/.test(next) && !/[bBwWsS]/.test(next) ? next : `\\${next}`;
    } else if ('|(){}+?'.includes(letter) && !extended) out += `\\${letter}`;
    else if (letter === '*' && (out === '' || out === '^')) out += '\\*';
    else out += letter === '/' ? '\\/' : letter;
  }
  return new RegExp(out, flags);
}
/** The files in a folder and below. */
export function within({ shell }: Call, name: string): string[] {
  const path = shell.path(name);
  if (!shell.files.isFolder(path)) return [name];
  const call = { shell } as Call;
  return shell.files.list(path).flatMap((one) => within(call, `${name === '/' ? '' : name}/${one}`));
}
