import type { Sink, Streams } from './calls.ts';
import type { Files } from './files.ts';
import type { Redirect, Word } from './syntax-tree.ts';

/** What a redirection needs of its shell. */
interface Redirecting {
  readonly files: Files;
  path(name: string): string;
  single(word: Word): string;
  /** Counts what is written. */
  count(text: string): void;
}

/** Null: a file could not be opened, which was said. */
export function redirected(redirects: readonly Redirect[], streams: Streams, shell: Redirecting): Streams | null {
  let { input, out, err } = streams;
  for (const { fd, op, target } of redirects) {
    const name = shell.single(target);
    if (op === '>&') {
      if (fd === 2) err = name === '1' ? out : err;
      else if (name === '2') out = err;
    } else if (op === 'text') input = { rest: name };
    else if (op === '<') {
      const text = name === '/dev/null' ? '' : shell.files.read(shell.path(name));
      if (text === null) {
        err.write(`sh: can't open ${name}: no such file\n`);
        return null;
      }
      input = { rest: text };
    } else {
      const sink = file(name, op === '>>', err, shell);
      if (sink === null) return null;
      if (fd === 2) err = sink;
      else out = sink;
    }
  }
  return { input, out, err };
}

function file(name: string, append: boolean, err: Sink, shell: Redirecting): Sink | null {
  if (name === '/dev/null') return { write: () => {} };
  const path = shell.path(name);
  let text = append ? (shell.files.read(path) ?? '') : '';
  const why = shell.files.write(path, text);
  if (why !== null) {
    err.write(`sh: can't create ${name}: ${why === 'No such file or directory' ? 'nonexistent directory' : why}\n`);
    return null;
  }
  return {
    write: (more) => {
      shell.count(more);
      text += more;
      shell.files.write(path, text);
    },
  };
}
