import { randomBytes } from 'node:crypto';
import { type Credentials, HeadframeError } from '@headframe/model';
import { DigestSession } from '@headframe/wire/http';
import { readPrivateFile } from './private-file.ts';
import { parseTargets, type Targets } from './targets/targets.ts';

/** Credentials for a device of a known family; null where none are known. Never a default password. */
export type CredentialSource = (host: string, family: string) => Credentials | null;

const invalid = (detail: string, cause?: unknown) => new HeadframeError('usage/invalid', { detail }, cause);

export interface CredentialOptions {
  /** A credentials file, see the README of this package. */
  readonly file?: string;
  /** Where `HEADFRAME_USERNAME` and `HEADFRAME_PASSWORD` are looked up; `process.env` if absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Credentials from a file and from the environment: the first entry of the file that fits the device counts, and
 * `HEADFRAME_USERNAME` with `HEADFRAME_PASSWORD` for all that no entry fits.
 * @throws HeadframeError `usage/invalid`: the file cannot be read, is open to everybody, or is not of the form
 */
export function loadCredentials({ file, env = process.env }: CredentialOptions = {}): CredentialSource {
  const entries = file === undefined ? [] : parseEntries(readPrivateFile(file, 'credentials file'), file);
  const fallback = credentialsFromEnvironment(env);
  return (host, family) => {
    for (const { fits, credentials } of entries) if (fits(host, family)) return credentials;
    return fallback;
  };
}

/** `HEADFRAME_USERNAME` and `HEADFRAME_PASSWORD`; null when neither is set. */
export function credentialsFromEnvironment(env: Readonly<Record<string, string | undefined>>): Credentials | null {
  const { HEADFRAME_USERNAME: username, HEADFRAME_PASSWORD: password } = env;
  if (username === undefined && password === undefined) return null;
  if (username === undefined || password === undefined) {
    const missing = username === undefined ? 'HEADFRAME_USERNAME' : 'HEADFRAME_PASSWORD';
    throw invalid(`${missing} is not set; HEADFRAME_USERNAME and HEADFRAME_PASSWORD are given together`);
  }
  return { username, password };
}

/** One for all devices, or a source that decides. */
export const asCredentialSource = (given: Credentials | CredentialSource | undefined): CredentialSource =>
  typeof given === 'function' ? given : () => given ?? null;

/** The credentials for one device, and the digest state for as long as its nonces are to be used again. */
export interface Login {
  readonly credentials: Credentials;
  readonly digest: DigestSession;
  /** What logins gave, by the names of the family. */
  readonly tokens: Map<string, string>;
}

export const loginFor = (credentials: Credentials): Login => ({
  credentials,
  digest: new DigestSession(credentials.username, credentials.password, () => randomBytes(8).toString('hex')),
  tokens: new Map(),
});

interface Entry {
  readonly fits: (host: string, family: string) => boolean;
  readonly credentials: Credentials;
}

const FORM = '{"credentials": [{"family": "antminer", "range": "10.0.0.0/24", "username": "...", "password": "..."}]}';
const KEYS = ['family', 'range', 'username', 'password'];

function parseEntries(text: string, file: string): Entry[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text, and the text holds passwords: it is not passed on.
    throw invalid(`The credentials file ${file} is not JSON; its form is ${FORM}`);
  }
  const list = isRecord(document) ? document.credentials : undefined;
  if (!Array.isArray(list))
    throw invalid(`The credentials file ${file} has no list "credentials"; its form is ${FORM}`);
  return list.map((entry: unknown, index) => entryOf(entry, `Entry ${index + 1} of the credentials file ${file}`));
}

function entryOf(entry: unknown, where: string): Entry {
  if (!isRecord(entry)) throw invalid(`${where} is not an object; the form is ${FORM}`);
  const { family, range, username, password } = entry;
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw invalid(`${where} lacks "username" or "password" as text`);
  }
  if (family !== undefined && typeof family !== 'string') throw invalid(`${where} has a "family" that is not text`);
  if (range !== undefined && typeof range !== 'string') throw invalid(`${where} has a "range" that is not text`);
  const stray = Object.keys(entry).find((key) => !KEYS.includes(key));
  if (stray !== undefined)
    throw invalid(`${where} has a key "${stray}" that means nothing here; known: ${KEYS.join(', ')}`);

  const hosts: Targets | null =
    range === undefined ? null : parseTargets(range, { maxAddresses: Number.POSITIVE_INFINITY });
  return {
    fits: (host, id) => (family === undefined || family === id) && (hosts === null || hosts.includes(host)),
    credentials: { username, password },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
