import { HeadframeError } from '@headframe/model';
import type { AnyAuthMethod, AuthenticationType, NextAuthHandler, ParsedKey, utils } from 'ssh2';
import type { SshAccess } from '../options.ts';

/** A server may ask again and again: this many rounds of questions are answered. */
const MOST_ROUNDS = 3;

/** Which ways of logging in are tried, each once. */
export interface LoginMethods {
  readonly next: (left: AuthenticationType[] | null, partial: boolean | null, next: NextAuthHandler) => void;
  /** Whether the password or the key has been sent. */
  readonly wasTried: () => boolean;
  /** What the server says that it takes. */
  readonly taken: () => readonly string[];
}

/**
 * First none, as fresh firmware may have no password; then the key, or the password: as such, or as the answer to the
 * server's question where it has no other form. A password that was refused is not sent a second time in the other form:
 * some machines lock after few attempts.
 * @throws HeadframeError `usage/invalid` when the key cannot be read
 */
export function loginMethods(access: SshAccess, { parseKey }: Pick<typeof utils, 'parseKey'>): LoginMethods {
  const { username, password } = access.credentials;
  const key = access.privateKey === undefined ? null : privateKey(parseKey(access.privateKey, password));
  const tried = new Set<string>();
  let takes: readonly string[] = [];
  const choose = (): AnyAuthMethod | false => {
    const can = (method: AuthenticationType) => takes.includes(method) && !tried.has(method);
    if (!tried.has('none')) return { type: 'none', username };
    if (key !== null) return can('publickey') && { type: 'publickey', username, key };
    if (can('password')) return { type: 'password', username, password };
    if (tried.has('password') || !can('keyboard-interactive')) return false;
    return { type: 'keyboard-interactive', username, prompt: answers(password) };
  };
  return {
    next: (left, _, next) => {
      if (left !== null) takes = left;
      const method = choose();
      if (method !== false) tried.add(method.type);
      // Its types do not say that `false` ends the attempts; its documentation does.
      (next as (method: AnyAuthMethod | false) => void)(method);
    },
    wasTried: () => tried.size > 1,
    taken: () => takes,
  };
}

type Prompt = (
  name: string,
  instructions: string,
  language: string,
  prompts: readonly { readonly prompt: string; readonly echo?: boolean }[],
  finish: (answers: string[]) => void,
) => void;

/** What is typed unseen is the password; a question whose answer would be shown is no question for it. */
function answers(password: string): Prompt {
  let rounds = 0;
  return (_name, _instructions, _language, prompts, finish) => {
    rounds += 1;
    finish(prompts.map(({ echo }) => (echo === true || rounds > MOST_ROUNDS ? '' : password)));
  };
}

function privateKey(parsed: ParsedKey | Error): ParsedKey {
  if (!(parsed instanceof Error) && parsed.isPrivateKey()) return parsed;
  // What the library says of it is not passed on: it may quote the key.
  throw new HeadframeError('usage/invalid', {
    detail:
      'The private key for SSH cannot be read: it must be in the form of OpenSSH or PEM, and its passphrase is given as the password; nothing was sent',
  });
}
