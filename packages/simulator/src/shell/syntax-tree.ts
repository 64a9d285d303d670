/*
 * A script as it is understood: what syntax.ts makes and interpreter.ts runs.
 */

/** A piece of a word. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      /** `:-`, `-`, `:+`, `+`, `:=`, `=`, `#`, `##`, `%`, `%%`; `length` for `${#name}`. */
      readonly op: string | null;
      readonly word: Word;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly body: Command; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly text: Word; readonly quoted: boolean };

export type Word = readonly Part[];

export interface Redirect {
  readonly fd: number;
  readonly op: '>' | '>>' | '<' | '>&' | 'text';
  readonly target: Word;
}

export type Command =
  | {
      readonly kind: 'simple';
      readonly assigned: readonly (readonly [string, Word])[];
      readonly words: readonly Word[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'pipe'; readonly parts: readonly Command[]; readonly not: boolean }
  | { readonly kind: 'both'; readonly left: Command; readonly op: '&&' | '||'; readonly right: Command }
  | { readonly kind: 'list'; readonly items: readonly Command[] }
  | { readonly kind: 'if'; readonly arms: readonly (readonly [Command, Command])[]; readonly otherwise: Command | null }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[] | null; readonly body: Command }
  | { readonly kind: 'while'; readonly until: boolean; readonly test: Command; readonly body: Command }
  | {
      readonly kind: 'case';
      readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Command }[];
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command }
  | { readonly kind: 'scope'; readonly body: Command; readonly own: boolean; readonly redirects: readonly Redirect[] };

export class SyntaxTrouble extends Error {}
