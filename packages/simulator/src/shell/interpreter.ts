import { arithmetic } from './arithmetic.ts';
import { BUILT_IN } from './built-in.ts';
import { Leave, OutOfBounds, type ShellWorld, type Sink, type Streams } from './calls.ts';
import { cut, escaped, globs, type Segment } from './expansion.ts';
import { absolute, type Files, globbed } from './files.ts';
import { redirected } from './redirects.ts';
import { parseScript } from './syntax.ts';
import { type Command, SyntaxTrouble, type Word } from './syntax-tree.ts';

/*
 * Runs scripts as BusyBox ash does, within a machine that is not there. It has no way to a program, a file or a socket of
 * the computer that it runs on; all it can do is in the machine's files and programs.
 */

const MOST_STEPS = 200_000;
const MOST_OUTPUT = 4 << 20;
const MOST_DEPTH = 40;
const KILLED = 137;

export class Shell {
  readonly world: ShellWorld;
  cwd = '/root';
  #variables = new Map<string, string>([
    ['PATH', '/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOME', '/root'],
    ['USER', 'root'],
    ['PWD', '/root'],
  ]);
  #functions = new Map<string, Command>();
  #arguments: readonly string[] = [];
  #status = 0;
  #steps = 0;
  #written = 0;
  #depth = 0;
  #err: Sink = SILENT;
  /** What `sleep` waited for, ms: nothing stands still meanwhile. */
  sleptMs = 0;

  constructor(world: ShellWorld) {
    this.world = world;
  }

  get files(): Files {
    return this.world.files;
  }

  path(name: string): string {
    return absolute(name, this.cwd);
  }

  /** Runs a script to its end. Never throws. @returns its exit status */
  run(script: string, streams: Streams, args: readonly string[] = []): number {
    const before = this.#arguments;
    this.#arguments = args;
    this.#err = streams.err;
    try {
      this.#status = this.#do(parseScript(script), streams);
    } catch (trouble) {
      if (trouble instanceof Leave) this.#status = trouble.levels;
      else if (trouble instanceof SyntaxTrouble) {
        streams.err.write(`sh: ${trouble.message}\n`);
        this.#status = 2;
      } else if (trouble instanceof OutOfBounds || trouble instanceof RangeError) {
        if (this.#depth > 0) throw trouble;
        this.#status = KILLED;
      } else throw trouble;
    } finally {
      this.#arguments = before;
    }
    return this.#status;
  }

  /** The words of `eval`, which may leave the script that it stands in. */
  evaluate(script: string, streams: Streams): number {
    return this.#do(parseScript(script), streams);
  }

  /** The same as `sh -c`: what it changes is its own. */
  child(script: string, streams: Streams, args: readonly string[] = []): number {
    return this.#apart(() => this.run(script, streams, args));
  }

  /** Runs a program by its words, as `timeout` and `xargs` do. */
  call(words: readonly string[], streams: Streams): number {
    return this.#program(words, streams);
  }

  #apart(work: () => number): number {
    const kept = { cwd: this.cwd, variables: this.#variables, functions: this.#functions, depth: this.#depth };
    this.#variables = new Map(this.#variables);
    this.#functions = new Map(this.#functions);
    try {
      if (++this.#depth > MOST_DEPTH) throw new OutOfBounds();
      return work();
    } catch (leave) {
      if (leave instanceof Leave) return leave.levels;
      throw leave;
    } finally {
      this.cwd = kept.cwd;
      this.#variables = kept.variables;
      this.#functions = kept.functions;
      this.#depth = kept.depth;
    }
  }

  #do(command: Command, streams: Streams): number {
    if (++this.#steps > MOST_STEPS) throw new OutOfBounds();
    switch (command.kind) {
      case 'list':
        this.#status = 0;
        for (const item of command.items) this.#status = this.#do(item, streams);
        return this.#status;
      case 'both': {
        this.#status = this.#do(command.left, streams);
        return (this.#status === 0) === (command.op === '&&') ? this.#do(command.right, streams) : this.#status;
      }
      case 'pipe':
        return this.#pipe(command.parts, command.not, streams);
      case 'simple':
        return this.#simple(command, streams);
      case 'if': {
        for (const [test, body] of command.arms) if (this.#do(test, streams) === 0) return this.#do(body, streams);
        return command.otherwise === null ? 0 : this.#do(command.otherwise, streams);
      }
      case 'for': {
        const words =
          command.words === null ? [...this.#arguments] : command.words.flatMap((word) => this.#fields(word));
        return this.#loop(words.values(), command.body, streams, (word) => this.#variables.set(command.name, word));
      }
      case 'while': {
        const holds = () => (this.#do(command.test, streams) === 0) !== command.until;
        const rounds = {
          *[Symbol.iterator]() {
            while (holds()) yield '';
          },
        };
        return this.#loop(rounds[Symbol.iterator](), command.body, streams, () => {});
      }
      case 'case': {
        const word = this.single(command.word);
        const arm = command.arms.find(({ patterns }) => patterns.some((one) => globbed(this.#pattern(one)).test(word)));
        return arm === undefined ? 0 : this.#do(arm.body, streams);
      }
      case 'function':
        this.#functions.set(command.name, command.body);
        return 0;
      case 'scope': {
        const around = redirected(command.redirects, streams, this);
        if (around === null) return 1;
        return command.own ? this.#apart(() => this.#do(command.body, around)) : this.#do(command.body, around);
      }
    }
  }

  #loop(rounds: Iterator<string>, body: Command, streams: Streams, begin: (word: string) => void): number {
    let status = 0;
    for (let round = rounds.next(); !round.done; round = rounds.next()) {
      if (++this.#steps > MOST_STEPS) throw new OutOfBounds();
      begin(round.value);
      try {
        status = this.#do(body, streams);
      } catch (leave) {
        if (!(leave instanceof Leave) || leave.how === 'exit' || leave.how === 'return') throw leave;
        if (--leave.levels > 0) throw leave;
        if (leave.how === 'break') return 0;
      }
    }
    return status;
  }

  #pipe(parts: readonly Command[], not: boolean, streams: Streams): number {
    let input = streams.input;
    let status = 0;
    for (const [i, part] of parts.entries()) {
      const last = i === parts.length - 1;
      const held = this.#held();
      const around = { input, out: last ? streams.out : held, err: streams.err };
      status = parts.length === 1 ? this.#do(part, around) : this.#apart(() => this.#do(part, around));
      input = { rest: held.text };
    }
    this.#status = not ? Number(status === 0) : status;
    return this.#status;
  }

  #held(): Sink & { text: string } {
    const sink = {
      text: '',
      write: (text: string) => {
        this.count(text);
        sink.text += text;
      },
    };
    return sink;
  }

  /** Counts what is written: there is an end to it. */
  count(text: string): void {
    this.#written += text.length;
    if (this.#written > MOST_OUTPUT) throw new OutOfBounds();
  }

  #simple({ assigned, words, redirects }: Command & { kind: 'simple' }, streams: Streams): number {
    const given = words.flatMap((word) => this.#fields(word));
    const around = redirected(redirects, streams, this);
    if (around === null) return 1;
    const before = new Map(assigned.map(([name]) => [name, this.#variables.get(name)]));
    if (given.length === 0) this.#status = 0;
    for (const [name, word] of assigned) this.#variables.set(name, this.single(word));
    // `x=$(false)` has the status of what is inside.
    if (given.length === 0) return this.#status;
    const status = this.#program(given, around);
    for (const [name, value] of before)
      value === undefined ? this.#variables.delete(name) : this.#variables.set(name, value);
    return status;
  }

  #program(words: readonly string[], streams: Streams): number {
    const [name = '', ...args] = words;
    const body = this.#functions.get(name);
    if (body !== undefined) return this.#function(body, args, streams);
    const builtIn = BUILT_IN[name];
    if (Object.hasOwn(BUILT_IN, name) && builtIn !== undefined) return builtIn(this, args, streams);
    const program = this.world.programs.get(name);
    const out = {
      write: (text: string) => {
        this.count(text);
        streams.out.write(text);
      },
    };
    const call = { name, args, input: streams.input, out, err: streams.err };
    if (program !== undefined) return program({ ...call, shell: this });
    const path = name.includes('/') ? this.path(name) : null;
    const byPath =
      path === null
        ? undefined
        : (this.world.programs.get(path) ??
          this.world.programs.get(/^\/(?:usr\/)?s?bin\/([^/]+)$/.exec(path)?.[1] ?? ''));
    if (byPath !== undefined) return byPath({ ...call, shell: this });
    if (path !== null && this.files.exists(path)) {
      const script = this.files.isProgram(path) ? this.files.read(path) : null;
      if (script !== null) return this.child(script, streams, [name, ...args]);
      streams.err.write(`sh: ${name}: Permission denied\n`);
      return 126;
    }
    streams.err.write(`sh: ${name}: not found\n`);
    return 127;
  }

  #function(body: Command, args: readonly string[], streams: Streams): number {
    const before = this.#arguments;
    try {
      if (++this.#depth > MOST_DEPTH) throw new OutOfBounds();
      this.#arguments = [before[0] ?? 'sh', ...args];
      return this.#do(body, streams);
    } catch (leave) {
      if (leave instanceof Leave && leave.how === 'return') return leave.levels;
      throw leave;
    } finally {
      this.#depth--;
      this.#arguments = before;
    }
  }

  get(name: string): string | undefined {
    if (/^\d$/.test(name)) return this.#arguments[Number(name)] ?? (name === '0' ? 'sh' : undefined);
    switch (name) {
      case '?':
        return String(this.#status);
      case '$':
        return '4242';
      case '#':
        return String(Math.max(0, this.#arguments.length - 1));
      case '@':
      case '*':
        return this.#arguments.slice(1).join(' ');
      case '-':
        return '';
      default:
        return this.#variables.get(name);
    }
  }

  set(name: string, value: string): void {
    this.#variables.set(name, value);
  }

  unset(name: string): void {
    this.#variables.delete(name);
    this.#functions.delete(name);
  }

  shift(count: number): number {
    if (count > this.#arguments.length - 1) return 1;
    this.#arguments = [this.#arguments[0] ?? 'sh', ...this.#arguments.slice(1 + count)];
    return 0;
  }

  arguments(words: readonly string[]): void {
    this.#arguments = [this.#arguments[0] ?? 'sh', ...words];
  }

  knows(name: string): string | null {
    if (this.#functions.has(name) || Object.hasOwn(BUILT_IN, name)) return name;
    if (name.includes('/'))
      return this.world.programs.has(this.path(name)) || this.files.isProgram(this.path(name)) ? name : null;
    if (!this.world.programs.has(name)) return null;
    return (
      ['/bin', '/sbin', '/usr/bin', '/usr/sbin'].map((at) => `${at}/${name}`).find((at) => this.files.isFile(at)) ??
      `/bin/${name}`
    );
  }

  #fields(word: Word): string[] {
    const fields: Segment[][] = [];
    let open: Segment[] | null = null;
    const add = (segment: Segment) => {
      if (open === null) {
        open = [];
        fields.push(open);
      }
      open.push(segment);
    };
    for (const part of word) {
      if (part.kind === 'parameter' && part.name === '@' && part.quoted && part.op === null) {
        for (const [i, text] of this.#arguments.slice(1).entries()) {
          if (i > 0) open = null;
          add({ text, quoted: true });
        }
        continue;
      }
      const text = this.#text(part);
      if (part.quoted) add({ text, quoted: true });
      else if (part.kind === 'text') add({ text, quoted: false });
      else {
        const ifs = this.#variables.get('IFS') ?? ' \t\n';
        const between = ifs === '' ? null : new RegExp(`[${ifs.replace(/[\\\]^-]/g, '\\$&')}]+`);
        for (const [i, piece] of (between === null ? [text] : text.split(between)).entries()) {
          if (i > 0) open = null;
          if (piece !== '') add({ text: piece, quoted: false });
        }
      }
    }
    return fields.flatMap((segments) => globs(segments, this.files, this.cwd));
  }

  single = (word: Word): string => word.map((part) => this.#text(part)).join('');

  #pattern = (word: Word): string => escaped(word.map((part) => ({ text: this.#text(part), quoted: part.quoted })));

  #text(part: Word[number]): string {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'command': {
        const held = this.#held();
        this.#status = this.#apart(() => this.#do(part.body, { input: { rest: '' }, out: held, err: this.#err }));
        return held.text.replace(/\n+$/, '');
      }
      case 'arithmetic':
        return String(arithmetic(this.single(part.text), (name) => this.get(name) ?? '0'));
      case 'parameter':
        return this.#parameter(part);
    }
  }

  #parameter({ name, op, word }: Word[number] & { kind: 'parameter' }): string {
    const value = this.get(name);
    if (op === null) return value ?? '';
    if (op === 'length') return String((value ?? '').length);
    const lacks = value === undefined || (op.startsWith(':') && value === '');
    switch (op.replace(':', '')) {
      case '-':
        return lacks ? this.single(word) : value;
      case '+':
        return lacks ? '' : this.single(word);
      case '=':
        if (lacks) this.set(name, this.single(word));
        return this.get(name) ?? '';
      case '?':
        if (lacks) throw new Leave('exit', 2);
        return value;
      default:
        return cut(value ?? '', op, this.#pattern(word));
    }
  }
}

const SILENT: Sink = { write: () => {} };
