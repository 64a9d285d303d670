import type { Program } from './calls.ts';

/** `test` and `[`: whether something is so of files, texts and numbers. */
export const test: Program = (call) => {
  const args = [...call.args];
  if (call.name === '[' && args.pop() !== ']') {
    call.err.write('sh: missing ]\n');
    return 2;
  }
  try {
    let at = 0;
    const value = either();
    if (at < args.length) throw new Error(`${args[at]}: unknown operand`);
    return Number(!value);

    function either(): boolean {
      let value = both();
      while (args[at] === '-o') {
        at++;
        value = both() || value;
      }
      return value;
    }
    function both(): boolean {
      let value = one();
      while (args[at] === '-a') {
        at++;
        value = one() && value;
      }
      return value;
    }
    function one(): boolean {
      const first = args[at++];
      if (first === undefined) return false;
      if (first === '!') return !one();
      const next = args[at];
      if (next !== undefined && /^(?:==?|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot))$/.test(next) && at + 1 < args.length) {
        at += 2;
        return compared(first, next, args[at - 1] ?? '');
      }
      if (first === '(') {
        const value = either();
        if (args[at++] !== ')') throw new Error('closing paren expected');
        return value;
      }
      if (/^-[a-zA-Z]$/.test(first) && at < args.length && !/^-[ao]$/.test(next ?? ''))
        return of(first, args[at++] ?? '');
      return first !== '';
    }
  } catch (trouble) {
    call.err.write(`sh: ${(trouble as Error).message}\n`);
    return 2;
  }

  function of(op: string, operand: string): boolean {
    const path = call.shell.path(operand);
    const { files } = call.shell;
    switch (op) {
      case '-n':
        return operand !== '';
      case '-z':
        return operand === '';
      case '-e':
      case '-r':
      case '-w':
        return files.exists(path) || path === '/dev/null';
      case '-f':
        return files.isFile(path);
      case '-d':
        return files.isFolder(path);
      case '-x':
        return files.isProgram(path);
      case '-s':
        return (files.read(path) ?? '') !== '';
      case '-t':
      case '-L':
      case '-h':
      case '-S':
      case '-p':
      case '-b':
      case '-c':
        return false;
      default:
        throw new Error(`${op}: unknown operand`);
    }
  }
  function compared(a: string, op: string, b: string): boolean {
    if (op === '=' || op === '==') return a === b;
    if (op === '!=') return a !== b;
    if (op === '<') return a < b;
    if (op === '>') return a > b;
    if (op === '-nt' || op === '-ot') return false;
    const wrong = [a, b].find((text) => !/^\s*-?\d+\s*$/.test(text));
    if (wrong !== undefined) throw new Error(`${wrong}: bad number`);
    const difference = Number(a) - Number(b);
    return (
      {
        '-eq': difference === 0,
        '-ne': difference !== 0,
        '-lt': difference < 0,
        '-le': difference <= 0,
        '-gt': difference > 0,
      }[op] ?? difference >= 0
    );
  }
};
