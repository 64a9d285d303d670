/*
 * The grammar of BusyBox ash, as far as scripts use it that look at a machine: what is not understood is a syntax error,
 * as it would be there, and never guessed. Pure.
 */

import type { Command, Part, Redirect, Word } from './syntax-tree.ts';
import { WordReader } from './words.ts';

/** @throws SyntaxTrouble with what ash would say */
export function parseScript(text: string): Command {
  const parser = new Parser(text);
  const list = parser.list([]);
  parser.expectEnd();
  return list;
}

class Parser extends WordReader {
  /** Here-documents whose text begins behind this line. */
  #documents: { readonly end: string; readonly quoted: boolean; readonly tabs: boolean; target: Word }[] = [];

  protected inner(script: string): Command {
    return parseScript(script);
  }

  expectEnd(): void {
    this.newlines();
    if (this.at < this.text.length) throw this.unexpected();
  }

  protected newlines(): void {
    for (this.blanks(); this.text[this.at] === '\n'; this.blanks()) this.#endLine();
  }

  #endLine(): void {
    this.at++;
    for (const document of this.#documents.splice(0)) {
      const lines: string[] = [];
      while (this.at < this.text.length) {
        const end = this.text.indexOf('\n', this.at);
        let line = this.text.slice(this.at, end < 0 ? undefined : end);
        this.at = end < 0 ? this.text.length : end + 1;
        if (document.tabs) line = line.replace(/^\t+/, '');
        if (line === document.end) break;
        lines.push(`${line}\n`);
      }
      const body = lines.join('');
      document.target = document.quoted
        ? [{ kind: 'text', text: body, quoted: true }]
        : new Parser(body).#documentText();
    }
  }

  #documentText(): Word {
    const parts: Part[] = [];
    while (this.at < this.text.length) parts.push(this.inQuotes(''));
    return parts;
  }

  list(ends: readonly string[]): Command {
    const items: Command[] = [];
    for (;;) {
      this.newlines();
      const here = this.peek();
      if (this.at >= this.text.length || ends.includes(here)) return { kind: 'list', items };
      items.push(this.deeper(() => this.#both()));
      const behind = this.peek();
      if (behind === ';' || behind === '&') this.at++;
      else if (behind !== '\n' && !ends.includes(behind) && this.at < this.text.length) throw this.unexpected();
    }
  }

  #body(...ends: string[]): Command {
    const body = this.list(ends);
    if (body.kind === 'list' && body.items.length === 0) throw this.unexpected();
    return body;
  }

  #both(): Command {
    let left = this.#pipe();
    for (;;) {
      const op = this.peek();
      if (op !== '&&' && op !== '||') return left;
      this.at += 2;
      this.newlines();
      left = { kind: 'both', left, op, right: this.#pipe() };
    }
  }

  #pipe(): Command {
    const not = this.take('!');
    const parts = [this.#command()];
    while (this.take('|')) {
      this.newlines();
      parts.push(this.#command());
    }
    return { kind: 'pipe', parts, not };
  }

  #command(): Command {
    const here = this.peek();
    if (here === '' && this.at < this.text.length) return this.#simple();
    const body = this.#compound(here);
    const redirects: Redirect[] = [];
    for (let redirect = this.#redirect(); redirect !== null; redirect = this.#redirect()) redirects.push(redirect);
    return redirects.length === 0 ? body : { kind: 'scope', body, own: false, redirects };
  }

  #compound(keyword: string): Command {
    if (!['if', 'for', 'while', 'until', 'case', '{', '('].includes(keyword)) throw this.unexpected();
    this.at += keyword.length;
    if (keyword === 'if') return this.#if();
    if (keyword === 'for') return this.#for();
    if (keyword === 'case') return this.#case();
    if (keyword === '{' || keyword === '(') {
      const body = this.#body(keyword === '{' ? '}' : ')');
      this.need(keyword === '{' ? '}' : ')');
      return { kind: 'scope', body, own: keyword === '(', redirects: [] };
    }
    const test = this.#body('do');
    return { kind: 'while', until: keyword === 'until', test, body: this.#loop() };
  }

  #loop(): Command {
    this.need('do');
    const body = this.#body('done');
    this.need('done');
    return body;
  }

  #if(): Command {
    const arms: [Command, Command][] = [];
    do {
      const test = this.#body('then');
      this.need('then');
      arms.push([test, this.#body('elif', 'else', 'fi')]);
    } while (this.take('elif'));
    const otherwise = this.take('else') ? this.#body('fi') : null;
    this.need('fi');
    return { kind: 'if', arms, otherwise };
  }

  #name(): string {
    this.blanks();
    const name = /^[A-Za-z_]\w*/.exec(this.text.slice(this.at, this.at + 256))?.[0];
    if (name === undefined) throw this.unexpected();
    this.at += name.length;
    return name;
  }

  #for(): Command {
    const name = this.#name();
    this.newlines();
    let words: Word[] | null = null;
    if (/^in\b/.test(this.text.slice(this.at, this.at + 3))) {
      this.at += 2;
      words = [];
      for (let word = this.word(); word !== null; word = this.word()) words.push(word);
    }
    this.take(';');
    return { kind: 'for', name, words, body: this.#loop() };
  }

  #case(): Command {
    const word = this.word();
    if (word === null) throw this.unexpected();
    this.newlines();
    if (!/^in\b/.test(this.text.slice(this.at, this.at + 3))) throw this.unexpected();
    this.at += 2;
    const arms: { patterns: Word[]; body: Command }[] = [];
    for (;;) {
      this.newlines();
      if (this.take('esac')) return { kind: 'case', word, arms };
      this.take('(');
      const patterns: Word[] = [];
      do {
        const pattern = this.word();
        if (pattern === null) throw this.unexpected();
        patterns.push(pattern);
      } while (this.take('|'));
      this.need(')');
      arms.push({ patterns, body: this.list([';;', 'esac']) });
      this.take(';;');
    }
  }

  #simple(): Command {
    const named = /^([A-Za-z_][\w-]*)[ \t]*\([ \t]*\)/.exec(this.text.slice(this.at, this.at + 256));
    if (named !== null) {
      this.at += named[0].length;
      this.newlines();
      return { kind: 'function', name: named[1] ?? '', body: this.#command() };
    }
    const assigned: [string, Word][] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const redirect = this.#redirect();
      if (redirect !== null) {
        redirects.push(redirect);
        continue;
      }
      const name = words.length > 0 ? undefined : /^([A-Za-z_]\w*)=/.exec(this.text.slice(this.at, this.at + 256))?.[1];
      if (name !== undefined) {
        this.at += name.length + 1;
        assigned.push([name, /[\s;&|<>()]/.test(this.text[this.at] ?? ' ') ? [] : (this.word() ?? [])]);
        continue;
      }
      const word = this.word();
      if (word === null) return { kind: 'simple', assigned, words, redirects };
      words.push(word);
    }
  }

  #redirect(): Redirect | null {
    this.blanks();
    const found = /^(\d?)(>>|>&|>\||<<-?|>|<&|<)/.exec(this.text.slice(this.at, this.at + 8));
    if (found === null) return null;
    const [all, digit = '', op = ''] = found;
    this.at += all.length;
    this.blanks();
    const from = this.at;
    const target = this.word();
    if (target === null) throw this.unexpected();
    const fd = digit === '' ? (op.startsWith('<') ? 0 : 1) : Number(digit);
    if (!op.startsWith('<<')) return { fd, op: op === '>|' ? '>' : op === '<&' ? '>&' : (op as '>'), target };
    const written = this.text.slice(from, this.at);
    const document = {
      end: written.replace(/["'\\]/g, ''),
      quoted: /["'\\]/.test(written),
      tabs: op === '<<-',
      target: [] as Word,
    };
    this.#documents.push(document);
    return {
      fd,
      op: 'text',
      // Its text is known when the line has been read.
      get target() {
        return document.target;
      },
    };
  }
}
