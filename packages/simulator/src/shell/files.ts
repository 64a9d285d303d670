/** The files of a machine that is not there: nothing of the computer that simulates it can be reached. */
export class Files {
  readonly #contents = new Map<string, string | (() => string)>();
  readonly #folders = new Set<string>(['/']);
  readonly #programs = new Set<string>();
  /** Told of every change that a command makes. */
  onChange: (path: string) => void = () => {};

  /** A file of the firmware; a function is asked each time, as the kernel is for /proc. */
  put(path: string, content: string | (() => string), { isProgram = false } = {}): void {
    this.#contents.set(path, content);
    if (isProgram) this.#programs.add(path);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      this.#folders.add(path.slice(0, at));
  }

  folder(path: string): void {
    this.put(`${path}/.`, '');
    this.#contents.delete(`${path}/.`);
  }

  /** Null: there is none. */
  read(path: string): string | null {
    const content = this.#contents.get(path);
    return typeof content === 'function' ? content() : (content ?? null);
  }

  isFile = (path: string): boolean => this.#contents.has(path);
  isFolder = (path: string): boolean => this.#folders.has(path);
  exists = (path: string): boolean => this.isFile(path) || this.isFolder(path);
  isProgram = (path: string): boolean => this.#programs.has(path) || this.isFolder(path);

  /** Why it cannot be written, in the words of the C library; null: it was. */
  write(path: string, content: string): string | null {
    if (this.isFolder(path)) return 'Is a directory';
    if (typeof this.#contents.get(path) === 'function') return 'Permission denied';
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    if (!this.isFolder(folder)) return this.isFile(folder) ? 'Not a directory' : 'No such file or directory';
    if (content.length > MOST_BYTES || this.#contents.size > MOST_FILES) return 'No space left on device';
    this.#contents.set(path, content);
    this.onChange(path);
    return null;
  }

  makeFolder(path: string): void {
    this.#folders.add(path);
  }

  remove(path: string): void {
    for (const one of [...this.#contents.keys(), ...this.#folders]) {
      if (one !== path && !one.startsWith(`${path}/`)) continue;
      this.#contents.delete(one);
      this.#folders.delete(one);
      this.onChange(one);
    }
  }

  /** The names in a folder, sorted. */
  list(folder: string): string[] {
    const within = folder === '/' ? '/' : `${folder}/`;
    const names = new Set<string>();
    for (const path of [...this.#contents.keys(), ...this.#folders]) {
      if (path.startsWith(within) && path !== within) names.add(path.slice(within.length).split('/', 1)[0] ?? '');
    }
    return [...names].filter((name) => name !== '').sort();
  }
}

const MOST_BYTES = 1 << 20;
const MOST_FILES = 4096;

/** A path without `.` and `..`, from the root. */
export function absolute(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${cwd}/`}${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A pattern of the shell as one for whole names. */
export function globbed(pattern: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const letter = pattern[i] ?? '';
    const set = letter === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(i)) : null;
    if (set !== null) {
      source += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replace(/[\\\]^]/g, '\\$&')}]`;
      i += set[0].length - 1;
    } else if (letter === '*') source += '.*';
    else if (letter === '?') source += '.';
    else {
      if (letter === '\\' && i + 1 < pattern.length) i++;
      source += (pattern[i] ?? '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    }
  }
  try {
    return new RegExp(`^${source.replace(/(?:\.\*)+/g, '.*')}$`, 's');
  } catch {
    // A range that runs backwards matches nothing.
    return /^\b$/;
  }
}
