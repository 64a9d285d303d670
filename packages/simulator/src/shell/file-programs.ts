import { createHash } from 'node:crypto';
import type { Call, Program } from './calls.ts';
import { inputs, optionsOf, within } from './options.ts';
import { test } from './test-program.ts';

/*
 * The programs of BusyBox that work on files and those without which no script goes.
 */

const echo: Program = ({ args, out }) => {
  let at = 0;
  let newline = true;
  let escapes = false;
  for (; /^-[neE]+$/.test(args[at] ?? ''); at++) {
    if (args[at]?.includes('n')) newline = false;
    if (args[at]?.includes('e')) escapes = true;
  }
  const text = args.slice(at).join(' ');
  out.write(`${escapes ? unescaped(text) : text}${newline ? '\n' : ''}`);
  return 0;
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
const unescaped = (text: string): string =>
  text.replace(
    /\\(?:0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\s\S]))/g,
    (all, octal?: string, hex?: string, letter?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return hex === undefined ? (ESCAPES[letter ?? ''] ?? all) : String.fromCharCode(Number.parseInt(hex, 16));
    },
  );

const printf: Program = ({ args: [format = '', ...values], out, err }) => {
  let bad = false;
  const once = (): void => {
    out.write(
      unescaped(format).replace(
        /%(%|(-?0?\d*)(?:\.(\d+))?([sdiuxXocfb]))/g,
        (_, all: string, width = '', digits?: string, kind = '') => {
          if (all === '%') return '%';
          const value = values.shift() ?? '';
          const number = Number(value === '' ? 0 : value);
          bad ||= kind !== 's' && kind !== 'b' && kind !== 'c' && Number.isNaN(number);
          const text =
            kind === 's'
              ? value.slice(0, digits === undefined ? undefined : Number(digits))
              : kind === 'b'
                ? unescaped(value)
                : kind === 'c'
                  ? value.slice(0, 1)
                  : kind === 'f'
                    ? (number || 0).toFixed(Number(digits ?? 6))
                    : kind === 'x'
                      ? Math.trunc(number || 0).toString(16)
                      : kind === 'X'
                        ? Math.trunc(number || 0)
                            .toString(16)
                            .toUpperCase()
                        : kind === 'o'
                          ? Math.trunc(number || 0).toString(8)
                          : String(Math.trunc(number || 0));
          const wide = Math.min(1000, Math.abs(Number(width.replace(/^(-?)0+/, '$1')) || 0));
          if (width.startsWith('-')) return text.padEnd(wide);
          return text.padStart(wide, width.startsWith('0') ? '0' : ' ');
        },
      ),
    );
  };
  const takes = /%(?!%)/.test(format.replaceAll('%%', ''));
  do once();
  while (takes && values.length > 0 && !bad);
  if (bad) err.write('printf: invalid number\n');
  return Number(bad);
};

const cat: Program = (call) => {
  const options = optionsOf(call, 'uvnet');
  if (options === null) return 1;
  const { texts, failed } = inputs(call, options.rest);
  let n = 0;
  for (const { text } of texts) {
    if (!options.flags.has('n')) call.out.write(text);
    else for (const line of text.split(/(?<=\n)/)) call.out.write(`${String(++n).padStart(6)}\t${line}`);
  }
  return Number(failed);
};

const MODES = { program: '-rwxr-xr-x', file: '-rw-r--r--', folder: 'drwxr-xr-x' } as const;

const ls: Program = (call) => {
  const options = optionsOf(call, 'la1dhtrASFR');
  if (options === null) return 1;
  const { files } = call.shell;
  const line = (path: string, name: string) => {
    if (!options.flags.has('l')) return `${name}\n`;
    const kind = files.isFolder(path) ? 'folder' : files.isProgram(path) ? 'program' : 'file';
    const size = String(Buffer.byteLength(files.read(path) ?? '')).padStart(9);
    return `${MODES[kind]}    1 root     root     ${size} Jan  1 00:00 ${name}\n`;
  };
  let failed = false;
  const names = options.rest.length === 0 ? ['.'] : options.rest;
  for (const name of names) {
    const path = call.shell.path(name);
    if (!files.exists(path)) {
      call.err.write(`ls: ${name}: No such file or directory\n`);
      failed = true;
    } else if (files.isFolder(path) && !options.flags.has('d')) {
      if (names.length > 1) call.out.write(`${name}:\n`);
      for (const one of files.list(path))
        if (!one.startsWith('.') || options.flags.has('a') || options.flags.has('A'))
          call.out.write(line(`${path === '/' ? '' : path}/${one}`, one));
    } else call.out.write(line(path, name));
  }
  return Number(failed);
};

const move: Program = (call) => {
  const options = optionsOf(call, 'fiprRat');
  if (options === null) return 1;
  const { files } = call.shell;
  const names = [...options.rest];
  const to = call.shell.path(names.pop() ?? '');
  for (const name of names) {
    const from = call.shell.path(name);
    const text = files.read(from);
    if (text === null) {
      call.err.write(`${call.name}: can't stat '${name}': No such file or directory\n`);
      return 1;
    }
    const target = files.isFolder(to) ? `${to}/${from.split('/').at(-1)}` : to;
    const why = files.write(target, text);
    if (why !== null) {
      call.err.write(`${call.name}: can't create '${target}': ${why}\n`);
      return 1;
    }
    if (call.name === 'mv' && target !== from) files.remove(from);
  }
  return 0;
};

const rm: Program = (call) => {
  const options = optionsOf(call, 'rfRi');
  if (options === null) return 1;
  const { files } = call.shell;
  let failed = false;
  for (const name of options.rest) {
    const path = call.shell.path(name);
    const why = !files.exists(path)
      ? 'No such file or directory'
      : files.isFolder(path) && !/[rR]/.test([...options.flags].join(''))
        ? 'is a directory'
        : null;
    if (why === null) files.remove(path);
    else if (!options.flags.has('f') || why === 'is a directory') {
      call.err.write(`rm: ${why === 'is a directory' ? `'${name}' ${why}` : `can't remove '${name}': ${why}`}\n`);
      failed = true;
    }
  }
  return Number(failed);
};

const tee: Program = (call) => {
  const options = optionsOf(call, 'a');
  if (options === null) return 1;
  const text = call.input.rest;
  call.input.rest = '';
  call.out.write(text);
  for (const name of options.rest) {
    const path = call.shell.path(name);
    const why = call.shell.files.write(
      path,
      (options.flags.has('a') ? (call.shell.files.read(path) ?? '') : '') + text,
    );
    if (why !== null) call.err.write(`tee: ${name}: ${why}\n`);
  }
  return 0;
};

const touch: Program = ({ args, shell, err }) => {
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    const path = shell.path(name);
    const why = shell.files.exists(path) ? null : shell.files.write(path, '');
    if (why !== null) err.write(`touch: ${name}: ${why}\n`);
  }
  return 0;
};

const find: Program = (call) => {
  const places = call.args
    .slice(
      0,
      Math.max(
        0,
        call.args.findIndex((arg) => arg.startsWith('-')),
      ) || undefined,
    )
    .filter((arg) => !arg.startsWith('-'));
  const name = call.args[call.args.indexOf('-name') + 1];
  const like =
    call.args.includes('-name') && name !== undefined
      ? new RegExp(
          `^${name
            .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
            .replace(/\*+/g, '.*')
            .replace(/\?/g, '.')}$`,
        )
      : null;
  for (const place of places.length === 0 ? ['.'] : places)
    for (const path of within(call, place))
      if (like === null || like.test(path.split('/').at(-1) ?? '')) call.out.write(`${path}\n`);
  return 0;
};

const digest =
  (algorithm: string): Program =>
  (call) => {
    const { texts, failed } = inputs(
      call,
      call.args.filter((arg) => !arg.startsWith('-')),
    );
    for (const { name, text } of texts)
      call.out.write(`${createHash(algorithm).update(text).digest('hex')}  ${name || '-'}\n`);
    return Number(failed);
  };

const sh: Program = (call) => {
  const [first = '', script = '', ...args] = call.args.filter((arg, i) => i > 0 || !/^-[el]+$/.test(arg));
  if (/^-[el]*c$/.test(first)) return call.shell.child(script, call, args.length === 0 ? ['sh'] : args);
  if (first === '' || first === '-' || first === '-s') {
    const text = call.input.rest;
    call.input.rest = '';
    return call.shell.child(text, call, ['sh']);
  }
  const text = call.shell.files.read(call.shell.path(first));
  if (text !== null) return call.shell.child(text, call, call.args);
  call.err.write(`sh: can't open '${first}': No such file or directory\n`);
  return 2;
};

const xargs: Program = (call) => {
  const words = call.input.rest.trim().split(/\s+/).filter(Boolean);
  call.input.rest = '';
  return call.shell.call([...(call.args.length === 0 ? ['echo'] : call.args), ...words], call);
};

const ok: Program = () => 0;
/** A program that prints one text. */
export const says =
  (text: string | ((call: Call) => string)): Program =>
  (call) => {
    call.out.write(typeof text === 'string' ? text : text(call));
    return 0;
  };

const nameOf = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) ?? '';

export const FILE_PROGRAMS: Readonly<Record<string, Program>> = {
  echo,
  printf,
  cat,
  ls,
  test,
  '[': test,
  cp: move,
  mv: move,
  rm,
  tee,
  touch,
  find,
  sh,
  ash: sh,
  xargs,
  md5sum: digest('md5'),
  sha256sum: digest('sha256'),
  true: ok,
  false: () => 1,
  sync: ok,
  chmod: ok,
  chown: ok,
  mkdir: ({ args, shell }) => {
    for (const name of args) if (!name.startsWith('-')) shell.files.makeFolder(shell.path(name));
    return 0;
  },
  pwd: says(
    ({ shell }) => `${shell.cwd}
`,
  ),
  sleep: ({ args: [time = '0'], shell }) => {
    shell.sleptMs += Math.min(60, Number.parseFloat(time) || 0) * 1000;
    return 0;
  },
  basename: ({ args: [path = '', suffix = ''], out }) => {
    const name = nameOf(path);
    out.write(`${suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
    return 0;
  },
  dirname: says(
    ({ args: [path = ''] }) => `${path.replace(/\/[^/]*\/*$/, '') || (path.startsWith('/') ? '/' : '.')}\n`,
  ),
  readlink: ({ args, shell, out }) => {
    if (!args.includes('-f')) return 1;
    out.write(`${shell.path(args.at(-1) ?? '')}\n`);
    return 0;
  },
  which: ({ args, shell, out }) => {
    const found = args.map((name) => shell.knows(name));
    for (const path of found) if (path?.startsWith('/')) out.write(`${path}\n`);
    return Number(found.some((path) => !path?.startsWith('/')));
  },
  env: (call) =>
    call.args.length === 0
      ? 0
      : call.shell.call(
          call.args.filter((arg) => !/^\w+=/.test(arg)),
          call,
        ),
  nice: (call) => call.shell.call(call.args[0] === '-n' ? call.args.slice(2) : call.args, call),
  nohup: (call) => call.shell.call(call.args, call),
  timeout: (call) => {
    const args = [...call.args];
    while (args[0]?.startsWith('-')) args.splice(0, /^-[ts]$/.test(args[0]) ? (args[0] === '-t' ? 1 : 2) : 1);
    return call.shell.call(args.slice(1), call);
  },
  seq: ({ args, out }) => {
    const [from, to] = args.length === 1 ? [1, Number(args[0])] : [Number(args[0]), Number(args.at(-1))];
    for (let i = from; i <= Math.min(to, from + 10_000); i++) out.write(`${i}\n`);
    return 0;
  },
};
