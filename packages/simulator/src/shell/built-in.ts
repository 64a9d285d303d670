import { Leave, type Streams } from './calls.ts';
import type { Shell } from './interpreter.ts';

const leave =
  (how: Leave['how'], otherwise: number | null) =>
  (shell: Shell, [count]: readonly string[]): number => {
    throw new Leave(how, count === undefined ? (otherwise ?? Number(shell.get('?'))) : Math.trunc(Number(count)) & 255);
  };

/** What the shell does itself: it changes the shell. */
export const BUILT_IN: Readonly<Record<string, (shell: Shell, args: readonly string[], streams: Streams) => number>> = {
  ':': () => 0,
  exit: leave('exit', null),
  return: leave('return', null),
  break: leave('break', 1),
  continue: leave('continue', 1),
  shift: (shell, [count = '1']) => shell.shift(Number(count)),
  trap: () => 0,
  set: (shell, args) => {
    const words = args[0] === '--' ? args.slice(1) : args.filter((arg) => !/^[-+]/.test(arg));
    if (args[0] === '--' || words.length > 0) shell.arguments(words);
    return 0;
  },
  export: (shell, args) => assign(shell, args),
  local: (shell, args) => assign(shell, args),
  readonly: (shell, args) => assign(shell, args),
  unset: (shell, args) => {
    for (const name of args) if (!name.startsWith('-')) shell.unset(name);
    return 0;
  },
  cd: (shell, [to = '/root'], { err }) => {
    const path = shell.path(to);
    if (!shell.files.isFolder(path)) {
      err.write(`sh: cd: can't cd to ${to}: No such file or directory\n`);
      return 2;
    }
    shell.cwd = path;
    return 0;
  },
  eval: (shell, args, streams) => shell.evaluate(args.join(' '), streams),
  read: (shell, args, { input }) => {
    const names = args.filter((arg) => !arg.startsWith('-'));
    const ended = input.rest === '';
    const end = input.rest.indexOf('\n');
    const line = end < 0 ? input.rest : input.rest.slice(0, end);
    input.rest = end < 0 ? '' : input.rest.slice(end + 1);
    let rest = line.trim();
    for (const [i, name] of (names.length === 0 ? ['REPLY'] : names).entries()) {
      const last = i >= names.length - 1;
      const [word = ''] = last ? [rest] : rest.split(/\s+/, 1);
      shell.set(name, word);
      rest = rest.slice(word.length).trimStart();
    }
    return Number(ended);
  },
  command: (shell, args, streams) => {
    if (args[0] !== '-v' && args[0] !== '-V') return shell.call(args, streams);
    const found = args.slice(1).map((name) => shell.knows(name));
    for (const path of found) if (path !== null) streams.out.write(`${path}\n`);
    return found.some((path) => path === null) || found.length === 0 ? 127 : 0;
  },
  type: (shell, args, { out }) => {
    const found = args.map((name) => shell.knows(name));
    for (const [i, path] of found.entries())
      out.write(path === null ? `${args[i]}: not found\n` : `${args[i]} is ${path}\n`);
    return found.includes(null) ? 127 : 0;
  },
};

function assign(shell: Shell, args: readonly string[]): number {
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at > 0) shell.set(arg.slice(0, at), arg.slice(at + 1));
  }
  return 0;
}
