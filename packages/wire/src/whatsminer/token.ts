import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64 } from './base64.ts';
import { md5crypt } from './md5crypt.ts';
import { open, seal } from './seal.ts';

const encoder = new TextEncoder();

/** What a token of the older API is made of: the password, and what `get_token` answers. */
export interface TokenParts {
  readonly password: string;
  readonly salt: string;
  readonly newsalt: string;
  /** The last four characters count: the text form of the API sent the whole epoch. */
  readonly time: string;
}

export interface TokenKeys {
  /** The hash part of md5crypt(password, salt). */
  readonly key: string;
  /** The `token` of a command. */
  readonly sign: string;
  /** 32 bytes. */
  readonly aesKey: Uint8Array;
}

/** Two md5crypts: worth keeping as long as the token lives (protocols.md 3.2 steps 2 to 4). */
export function tokenKeys({ password, salt, newsalt, time }: TokenParts): TokenKeys {
  const key = hashPart(md5crypt(password, salt));
  const sign = hashPart(md5crypt(key + time.slice(-4), newsalt));
  return { key, sign, aesKey: sha256(encoder.encode(key)) };
}

/** The fourth `$` field; the hash itself holds none. */
const hashPart = (crypted: string): string => crypted.slice(crypted.lastIndexOf('$') + 1);

/** What signs one command of the newer API. */
export interface CommandToken {
  readonly cmd: string;
  readonly password: string;
  readonly salt: string;
  /** Epoch seconds, as they stand in the request. */
  readonly ts: number;
}

/** SHA-256 over command, password, salt and time: 32 bytes, also the key of a sealed `param` (protocols.md 3.6). */
const digest = ({ cmd, password, salt, ts }: CommandToken): Uint8Array =>
  sha256(encoder.encode(`${cmd}${password}${salt}${ts}`));

/** The `token` of a write on port 4433: eight characters. */
export const v3Token = (command: CommandToken): string => encodeBase64(digest(command)).slice(0, 8);

/** A `param` that travels sealed (`set.miner.pools`, `set.user.change_passwd`), padded as the vendor's client does. */
export const v3Seal = (plain: string, command: CommandToken): string => seal(plain, digest(command), 'pkcs7');

/** @throws HeadframeError as {@link open} */
export const v3Open = (data: string, command: CommandToken): string => open(data, digest(command));
