import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isActionWord, type Miner, nameOf, wordsOf } from '@headframe/client';
import { HeadframeError, type Parameter } from '@headframe/model';
import { askSecret, isAsking } from './prompt.ts';

/** The words behind `headframe do`, taken apart. */
export interface GivenWords {
  readonly addresses: readonly string[];
  /** `setFan`, `cgminer.poolquota`. */
  readonly action: string;
  readonly parameters: readonly string[];
}

/** The first word that names an action parts the addresses from its parameters. */
export function splitWords(words: readonly string[]): GivenWords {
  const at = words.findIndex(isActionWord);
  if (at > 0) {
    return { addresses: words.slice(0, at), action: nameOf(words[at] ?? ''), parameters: words.slice(at + 1) };
  }
  const detail =
    at === 0
      ? `Name a machine before the action: headframe do ADDRESS ${words.join(' ')}`
      : `None of these words is an action: ${words.join(' ')}`;
  throw new HeadframeError('usage/invalid', { detail, next: 'Actions of a machine: headframe actions ADDRESS.' });
}

/**
 * The parameters of an action from words: `name=value` in any order, the others in the order of the action's own.
 * A file is a path. A secret is `@file`, `env:NAME`, or typed when asked for: never a word that others can see.
 * @throws HeadframeError `usage/invalid`
 */
export async function parametersFrom(
  { action, parameters }: GivenWords,
  miner: Miner,
): Promise<Record<string, unknown>> {
  const known = miner.capabilities.find(({ name }) => name === action)?.action?.parameters;
  // Planning says why it cannot be done; what was given with it does not matter.
  if (known === undefined) return {};
  const given: Record<string, unknown> = {};
  const places = Object.entries(known);
  const taken = new Set<string>();
  for (const word of parameters) {
    const named = namedParameter(word, known);
    const next = places.find(([name]) => !taken.has(name));
    const [name, parameter, value] = named ?? (next === undefined ? [] : [...next, word]);
    if (name === undefined || parameter === undefined || value === undefined) {
      throw new HeadframeError('usage/invalid', {
        detail: `${wordsOf(action)} takes no further word: "${parameter === undefined ? word : ''}"; nothing was sent`,
      });
    }
    if (parameter.kind === 'pools') {
      given[name] = [...((given[name] as string[] | undefined) ?? []), poolWord(value)];
      continue;
    }
    taken.add(name);
    given[name] = valueFrom(value, parameter, name);
  }
  for (const [name, parameter] of places) {
    if (parameter.secret && !parameter.optional && given[name] === undefined && isAsking()) {
      given[name] = await askSecret(`${parameter.about}: `);
    }
  }
  return given;
}

function namedParameter(
  word: string,
  known: Readonly<Record<string, Parameter>>,
): [name: string, parameter: Parameter, value: string] | undefined {
  const at = word.indexOf('=');
  const name = at < 1 ? '' : nameOf(word.slice(0, at));
  const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
  return parameter === undefined ? undefined : [name, parameter, word.slice(at + 1)];
}

function valueFrom(word: string, parameter: Parameter, name: string): unknown {
  if (parameter.kind === 'file') return { name: basename(word), bytes: fileAt(word, name) };
  if (parameter.kind === 'pool') return poolWord(word);
  if (!parameter.secret) return word;
  const secret = hidden(word, name);
  if (secret !== null) return secret;
  throw new HeadframeError('usage/invalid', {
    detail: `${name} is a secret, and others can see the words of a command: give it as @FILE or env:NAME, or leave it out to be asked; nothing was sent`,
  });
}

/** The password of a pool may be hidden too: `URL,WORKER,env:NAME`. Mostly it is `x`, and no secret. */
function poolWord(word: string): string {
  const [url, worker, ...rest] = word.split(',');
  if (rest.length === 0) return word;
  const password = rest.join(',');
  return [url, worker, hidden(password, 'the password of the pool') ?? password].join(',');
}

/** What stands in a file or in the environment; null when the word is neither. */
function hidden(word: string, name: string): string | null {
  if (word.startsWith('@')) return new TextDecoder().decode(fileAt(word.slice(1), name)).replace(/\r?\n$/, '');
  if (!word.startsWith('env:')) return null;
  const value = process.env[word.slice(4)];
  if (value !== undefined) return value;
  throw new HeadframeError('usage/invalid', { detail: `${name}: ${word.slice(4)} is not set in the environment` });
}

function fileAt(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new HeadframeError(
      'usage/invalid',
      { detail: `${name}: ${path} cannot be read (${code}); nothing was sent` },
      error,
    );
  }
}
