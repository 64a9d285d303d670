import { type Command, type Part, SyntaxTrouble, type Word } from './syntax-tree.ts';

const DEEPEST = 60;
const RESERVED = new Set([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  '{',
  '}',
  '!',
]);

/** Reads the words of a script; what stands in `$( )` is a script of its own. */
export abstract class WordReader {
  protected readonly text: string;
  protected at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  abstract list(ends: readonly string[]): Command;
  /** The script between backquotes. */
  protected abstract inner(script: string): Command;
  protected abstract newlines(): void;

  protected unexpected(): SyntaxTrouble {
    const token = /^(?:\n|;;|&&|\|\||[;&|<>()]|[^\s;&|<>()]+)?/.exec(this.text.slice(this.at))?.[0] ?? '';
    const what = token === '' ? 'end of file' : token === '\n' ? 'newline' : `"${token.slice(0, 60)}"`;
    return new SyntaxTrouble(`syntax error: unexpected ${what}`);
  }

  protected deeper<T>(work: () => T): T {
    if (++this.#depth > DEEPEST) throw new SyntaxTrouble('syntax error: too deep');
    const value = work();
    this.#depth--;
    return value;
  }

  protected blanks(): void {
    for (;;) {
      const found = /^(?:[ \t\r]|\\\r?\n)+/.exec(this.text.slice(this.at, this.at + 4096));
      if (found !== null) this.at += found[0].length;
      else if (this.text[this.at] === '#') {
        const end = this.text.indexOf('\n', this.at);
        this.at = end < 0 ? this.text.length : end;
      } else return;
    }
  }

  /** The reserved word or operator that stands here, without taking it. */
  protected peek(): string {
    this.blanks();
    const rest = this.text.slice(this.at, this.at + 16);
    const operator = /^(?:;;|&&|\|\||[;&|()\n])/.exec(rest)?.[0];
    if (operator !== undefined) return operator;
    const word = /^(?:[a-z]+|[{}!])(?=[\s;&|<>()]|$)/.exec(rest)?.[0] ?? '';
    return RESERVED.has(word) ? word : '';
  }

  protected take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.at += token.length;
    return true;
  }

  protected need(token: string): void {
    this.newlines();
    if (!this.take(token)) throw this.unexpected();
  }

  /** Null: an operator or the end stands here. */
  protected word(): Word | null {
    this.blanks();
    const parts: Part[] = [];
    for (;;) {
      const letter = this.text[this.at];
      if (letter === undefined || /[\s;&|<>()]/.test(letter)) return parts.length === 0 ? null : parts;
      if (letter === "'") {
        const end = this.text.indexOf("'", this.at + 1);
        if (end < 0) throw new SyntaxTrouble('syntax error: unterminated quoted string');
        parts.push({ kind: 'text', text: this.text.slice(this.at + 1, end), quoted: true });
        this.at = end + 1;
      } else if (letter === '"') {
        this.at++;
        parts.push({ kind: 'text', text: '', quoted: true });
        while (this.text[this.at] !== '"') {
          if (this.at >= this.text.length) throw new SyntaxTrouble('syntax error: unterminated quoted string');
          parts.push(this.inQuotes('"'));
        }
        this.at++;
      } else if (letter === '\\') {
        const next = this.text[this.at + 1] ?? '';
        this.at += 2;
        if (next !== '\n') parts.push({ kind: 'text', text: next, quoted: true });
      } else if (letter === '$' || letter === '`') parts.push(this.#dollar(false));
      else {
        const text = /^[^\s;&|<>()'"\\$`]+/.exec(this.text.slice(this.at, this.at + 8192))?.[0] ?? letter;
        this.at += text.length;
        parts.push({ kind: 'text', text, quoted: false });
      }
    }
  }

  /** One piece between double quotes, or of a here-document. */
  protected inQuotes(end: string): Part {
    const letter = this.text[this.at] ?? '';
    if (letter === '$' || letter === '`') return this.#dollar(true);
    if (letter === '\\') {
      const next = this.text[this.at + 1] ?? '';
      this.at += 2;
      const text = next === '\n' ? '' : '$`\\'.includes(next) || next === end ? next : `\\${next}`;
      return { kind: 'text', text, quoted: true };
    }
    const text = /^[^"\\$`]+/.exec(this.text.slice(this.at, this.at + 8192))?.[0] ?? letter;
    this.at += text.length;
    return { kind: 'text', text, quoted: true };
  }

  #dollar(quoted: boolean): Part {
    if (this.text[this.at] === '`') {
      let end = this.at + 1;
      while (end < this.text.length && this.text[end] !== '`') end += this.text[end] === '\\' ? 2 : 1;
      if (end >= this.text.length) throw new SyntaxTrouble('syntax error: EOF in backquote substitution');
      const inner = this.text.slice(this.at + 1, end).replace(/\\([`$\\])/g, '$1');
      this.at = end + 1;
      return { kind: 'command', body: this.deeper(() => this.inner(inner)), quoted };
    }
    const rest = this.text.slice(this.at, this.at + 300);
    if (rest.startsWith('$((')) {
      this.at += 3;
      return { kind: 'arithmetic', text: this.#untilParens(), quoted };
    }
    if (rest.startsWith('$(')) {
      this.at += 2;
      const body = this.deeper(() => this.list([')']));
      this.need(')');
      return { kind: 'command', body, quoted };
    }
    const plain = /^\$([A-Za-z_]\w*|[0-9@*#?$!-])/.exec(rest);
    if (plain !== null) {
      this.at += plain[0].length;
      return { kind: 'parameter', name: plain[1] ?? '', op: null, word: [], quoted };
    }
    const length = /^\$\{#([A-Za-z_]\w*|\d+)\}/.exec(rest);
    if (length !== null) {
      this.at += length[0].length;
      return { kind: 'parameter', name: length[1] ?? '', op: 'length', word: [], quoted };
    }
    const braced = /^\$\{([A-Za-z_]\w*|\d+|[@*#?$!-])(:?[-+=?]|##?|%%?)?/.exec(rest);
    if (braced === null) {
      if (rest.startsWith('${')) throw new SyntaxTrouble('syntax error: bad substitution');
      this.at++;
      return { kind: 'text', text: '$', quoted };
    }
    this.at += braced[0].length;
    const word: Part[] = [];
    while (this.text[this.at] !== '}') {
      if (this.at >= this.text.length) throw new SyntaxTrouble("syntax error: missing '}'");
      // What is cut off is a pattern, in quotes too.
      word.push(this.#inBraces(quoted && !/^[#%]/.test(braced[2] ?? '')));
    }
    this.at++;
    return { kind: 'parameter', name: braced[1] ?? '', op: braced[2] ?? null, word, quoted };
  }

  #inBraces(quoted: boolean): Part {
    const letter = this.text[this.at] ?? '';
    if (letter === '"' || (letter === "'" && !quoted)) {
      const end = this.text.indexOf(letter, this.at + 1);
      if (end < 0) throw new SyntaxTrouble('syntax error: unterminated quoted string');
      const inner = this.text.slice(this.at + 1, end);
      this.at = end + 1;
      return { kind: 'text', text: inner, quoted: true };
    }
    if (letter === '$' || letter === '`') return this.deeper(() => this.#dollar(quoted));
    const taken = letter === '\\' ? 2 : 1;
    this.at += taken;
    return {
      kind: 'text',
      text: letter === '\\' ? (this.text[this.at - 1] ?? '') : letter,
      quoted: quoted || taken === 2,
    };
  }

  /** The inside of `$(( ))`. */
  #untilParens(): Word {
    const parts: Part[] = [];
    for (let depth = 0; ; ) {
      const letter = this.text[this.at];
      if (letter === undefined) throw new SyntaxTrouble("syntax error: missing '))'");
      if (letter === ')' && depth === 0) {
        this.at += this.text[this.at + 1] === ')' ? 2 : 1;
        return parts;
      }
      if (letter === '$' || letter === '`') {
        parts.push(this.#dollar(true));
        continue;
      }
      if (letter === '(') depth++;
      if (letter === ')') depth--;
      parts.push({ kind: 'text', text: letter, quoted: true });
      this.at++;
    }
  }
}
