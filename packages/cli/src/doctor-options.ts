import { createReadStream, readFileSync, statSync } from 'node:fs';
import {
  type ExamineOptions,
  type HistoryStore,
  parseAddress,
  poolAccountsFrom,
  poolReader,
  type SshAccess,
  vantageOf,
} from '@headframe/client';
import { HeadframeError, type Told } from '@headframe/model';
import { credentialsFrom } from './credentials-option.ts';
import { doctorNotes } from './doctor-notes.ts';
import { secondsAsMs, wholeNumber } from './options.ts';
import { ask, askSecret, isAsking } from './prompt.ts';

/** The options of `headframe doctor` that say how it looks, as commander gives them. */
export interface DoctorWords {
  pool?: string[];
  pools?: string;
  vantage?: string[];
  ssh?: boolean | string;
  sshKey?: string;
  sshHostKey?: string;
  expectMac?: string;
  monitorSaysOffline?: boolean;
  reflashFailed?: boolean;
  sinceUpdate?: boolean;
  tried?: string[];
  contact?: string;
  uartLog?: string;
  httpPort?: string[];
  quick?: boolean;
  timeout: string;
  credentials?: string;
}

/** How the machines of this command are examined. */
export interface DoctorSettings {
  readonly optionsOf: (address: string) => ExamineOptions;
  /** What was given for a machine and belongs into no report. */
  readonly secretsOf: (address: string, family: string | null) => string[];
}

/** How every machine of this command is examined; what is only asked once (a password) is asked here. */
export async function examineOptionsFrom(words: DoctorWords): Promise<DoctorSettings> {
  const credentials = credentialsFrom(words.credentials);
  const history: HistoryStore = doctorNotes();
  const accounts = poolAccountsFrom({
    texts: words.pool ?? [],
    ...(words.pools === undefined ? {} : { file: words.pools }),
  });
  const told = toldBy(words);
  const timeoutMs = secondsAsMs(words.timeout, '--timeout', 1, 3600);
  const http = (words.httpPort ?? []).map((port) => wholeNumber(port, '--http-port', 1, 65_535));
  const expectedMac = words.expectMac === undefined ? null : macFrom(words.expectMac);
  const vantage = (words.vantage ?? []).map(vantageOf);
  if (words.uartLog !== undefined) mustBeThere(words.uartLog);
  // Last, as it may ask: whatever else is wrong is said before.
  const ssh = words.ssh === undefined && words.sshKey === undefined ? null : await sshAccess(words);
  const common = {
    credentials,
    history,
    told,
    timeoutMs,
    quick: words.quick === true,
    ports: { http },
    vantage,
    ...(ssh === null ? {} : { ssh }),
    ...(expectedMac === null ? {} : { expectedMac }),
  };
  return {
    optionsOf: (address) => {
      const account = accounts(address);
      return {
        ...common,
        ...(account === null ? {} : { pool: poolReader(account) }),
        ...(words.uartLog === undefined ? {} : { uart: uartLog(words.uartLog) }),
      };
    },
    secretsOf: (address, family) => {
      const { host } = parseAddress(address);
      const login = credentials(host, family ?? '');
      return [login?.password, ssh?.credentials.password, accounts(address)?.token].flatMap((secret) => secret || []);
    },
  };
}

/** Opened when it is read: each examination reads it from its beginning. `-` is the standard input, which is read once. */
const uartLog = (path: string): AsyncIterable<Uint8Array> =>
  path === '-' ? process.stdin : { [Symbol.asyncIterator]: () => createReadStream(path)[Symbol.asyncIterator]() };

function mustBeThere(path: string): void {
  if (path === '-') return;
  let why: string;
  try {
    if (!statSync(path).isDirectory()) return;
    why = 'it is a folder';
  } catch (error) {
    why = (error as NodeJS.ErrnoException).code ?? 'error';
  }
  throw new HeadframeError('usage/invalid', {
    detail: `The log of the serial console ${path} cannot be read (${why})`,
  });
}

function toldBy({ monitorSaysOffline, reflashFailed, sinceUpdate, contact, tried }: DoctorWords): Told {
  return {
    ...(sinceUpdate === true ? { firmwareUpdated: true } : {}),
    ...(monitorSaysOffline === true ? { monitorSaysOffline } : {}),
    ...(reflashFailed === true ? { reflashFailed } : {}),
    ...(contact === undefined ? {} : { contact }),
    ...(tried === undefined ? {} : { stepsTried: tried }),
  };
}

function macFrom(text: string): string {
  if (/^[0-9a-f]{2}([:.-]?[0-9a-f]{2}){5}$/i.test(text)) {
    return text
      .toLowerCase()
      .replace(/[^0-9a-f]/g, '')
      .replace(/..(?=.)/g, '$&:');
  }
  throw new HeadframeError('usage/invalid', {
    detail: `--expect-mac takes six bytes such as 02:ab:12:34:56:78, not "${text}"`,
  });
}

/** The password comes from HEADFRAME_SSH_PASSWORD or is asked for: never from the command line, where others see it. */
async function sshAccess({ ssh, sshKey, sshHostKey }: DoctorWords): Promise<SshAccess> {
  const username = typeof ssh === 'string' ? ssh : 'root';
  const access = knownHostKey(sshHostKey ?? null);
  if (sshKey !== undefined) {
    return { ...access, credentials: { username, password: '' }, privateKey: keyFrom(sshKey) };
  }
  const known = process.env.HEADFRAME_SSH_PASSWORD;
  if (known !== undefined) return { ...access, credentials: { username, password: known } };
  if (!isAsking()) {
    const detail = 'SSH wants a password: set HEADFRAME_SSH_PASSWORD, or give a key with --ssh-key';
    throw new HeadframeError('usage/invalid', { detail });
  }
  const user = typeof ssh === 'string' ? username : (await ask('User name for SSH [root]: ')) || username;
  return { ...access, credentials: { username: user, password: await askSecret('Password for SSH: ') } };
}

/** A machine is held to the key that is known; one that is new is told. */
export const knownHostKey = (hostKey: string | null): Pick<SshAccess, 'hostKey' | 'onNewHostKey'> => ({
  hostKey,
  onNewHostKey,
});

const onNewHostKey = (fingerprint: string): void => {
  process.stderr.write(`New SSH host key ${fingerprint}; to hold the machine to it: --ssh-host-key ${fingerprint}\n`);
};

function keyFrom(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new HeadframeError('usage/invalid', { detail: `The key file ${path} cannot be read (${code})` }, error);
  }
}
