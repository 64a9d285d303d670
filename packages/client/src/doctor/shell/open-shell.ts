import { connect, type Socket } from 'node:net';
import { HeadframeError } from '@headframe/model';
import type { Client, ConnectConfig, utils } from 'ssh2';
import { formatAddress } from '../../address.ts';
import { type StopReason, stoppedBefore } from '../../links/deadline.ts';
import { since } from '../../links/limits.ts';
import { linkError } from '../../links/link-errors.ts';
import type { Looking, SshAccess } from '../options.ts';
import { fingerprintOf, isSameFingerprint } from './host-key.ts';
import { loginMethods } from './login-methods.ts';
import { plainLine } from './plain-line.ts';
import { runOver, uploadOver } from './run-over.ts';
import type { Shell } from './shell.ts';

const CONNECT_MS = 3_000;
/** Old control boards take seconds for the arithmetic of one key exchange. */
const LOGIN_MS = 15_000;

/**
 * Mining firmware is often years old: its dropbear has nothing newer than these, and is in the machine for good. They
 * come behind everything that is still held to be safe, so a machine that has better is never talked down by us; the
 * host key, where it is known, still tells who answers.
 */
const OLD_ALGORITHMS: NonNullable<ConnectConfig['algorithms']> = {
  kex: atLast('diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'),
  serverHostKey: atLast('ssh-rsa', 'ssh-dss'),
  cipher: atLast('aes256-cbc', 'aes128-cbc', '3des-cbc'),
  hmac: atLast('hmac-sha1', 'hmac-sha1-96', 'hmac-md5'),
};

/** In the place of the whole list: one of the other three operations is never wanted. */
function atLast<T>(...append: T[]): { append: T[]; prepend: T[]; remove: T[] } {
  return { append, prepend: [], remove: [] };
}

interface Ssh {
  readonly Client: typeof Client;
  readonly utils: Pick<typeof utils, 'parseKey'>;
}

/** The library for SSH, which is an optional package. */
export type LoadSsh = () => Promise<{ readonly default: Ssh }>;
const loadSsh: LoadSsh = () => import('ssh2');

/**
 * Logs in over SSH, by password or by key. The host key is looked at before the login is sent. What is opened is closed
 * when the deadline of the examination ends, if not before.
 * @param host IP address or host name, without a port
 * @throws HeadframeError `support/unsupported` (the package ssh2 is missing, or no common algorithm), `auth/rejected`,
 * `auth/host-key-changed`, `usage/invalid` (the private key cannot be read), `protocol/wrong-shape` (no SSH server),
 * `link/*`. Never with the password in it.
 */
export async function openShell(
  host: string,
  access: SshAccess,
  looking: Pick<Looking, 'deadline'>,
  load: LoadSsh = loadSsh,
): Promise<Shell> {
  const port = access.port ?? 22;
  const address = formatAddress(host, port === 22 ? null : port);
  const ssh = await loaded(load, address);
  const methods = loginMethods(access, ssh.utils);
  const socket = await dialled(host, port, address, looking);
  return login({ client: new ssh.Client(), socket, access, methods, address, looking });
}

async function loaded(load: LoadSsh, address: string): Promise<Ssh> {
  try {
    return (await load()).default;
  } catch (error) {
    throw new HeadframeError(
      'support/unsupported',
      { address, request: 'a login over SSH', detail: 'the package ssh2 is not installed', next: 'npm install ssh2' },
      error,
    );
  }
}

function dialled(host: string, port: number, address: string, { deadline }: Pick<Looking, 'deadline'>) {
  if (deadline.stopped !== null) return Promise.reject(stoppedBefore(deadline, deadline.stopped, address));
  return new Promise<Socket>((resolve, reject) => {
    const began = performance.now();
    // A conversation of small packets each way: none may wait for the one before to be acknowledged.
    const socket = connect({ host, port, noDelay: true });
    const done = () => {
      clearTimeout(limit);
      deadline.unwatch(stop);
      socket.off('error', refused);
    };
    const fail = (error: HeadframeError) => {
      done();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const late = () => fail(new HeadframeError('link/timed-out-connecting', { address, afterMs: since(began) }));
    const stop = (reason: StopReason) =>
      reason === 'late' ? late() : fail(new HeadframeError('link/cancelled', { address }));
    const refused = (error: Error) => fail(linkError(error, false, { address }));
    const limit = setTimeout(late, CONNECT_MS);
    deadline.watch(stop);
    socket.once('error', refused);
    socket.once('connect', () => {
      done();
      resolve(socket);
    });
  });
}

interface Login {
  readonly client: Client;
  readonly socket: Socket;
  readonly access: SshAccess;
  readonly methods: ReturnType<typeof loginMethods>;
  readonly address: string;
  readonly looking: Pick<Looking, 'deadline'>;
}

function login({ client, socket, access, methods, address, looking: { deadline } }: Login): Promise<Shell> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let hostKey = '';
    let changed: HeadframeError | null = null;
    const ourAddress = socket.localAddress?.replace(/^::ffff:/, '') ?? null;
    const end = () => {
      deadline.unwatch(stop);
      client.end();
      socket.destroy();
    };
    const fail = (error: HeadframeError) => {
      clearTimeout(limit);
      end();
      reject(error);
    };
    const late = () =>
      fail(new HeadframeError('link/timed-out-waiting', { address, afterMs: since(began), bytes: socket.bytesRead }));
    const stop = (reason: StopReason) =>
      reason === 'late' ? late() : fail(new HeadframeError('link/cancelled', { address }));
    const limit = setTimeout(late, LOGIN_MS);
    deadline.watch(stop);
    // Errors may come twice, and again behind the login: the first decides, and none may be without a listener.
    const lost = () => new HeadframeError(socket.bytesRead === 0 ? 'link/closed-empty' : 'link/reset', { address });
    client.on('error', (error) => {
      if (changed !== null) return fail(changed);
      if (/^Connection lost/.test(error.message)) return fail(lost());
      fail(loginError(error, { address, wasTried: methods.wasTried(), takes: methods.taken() }));
    });
    client.once('close', () => fail(lost()));
    client.once('ready', () => {
      clearTimeout(limit);
      deadline.unwatch(stop);
      client.removeAllListeners('close');
      deadline.atEnd(end);
      const over = { client, address, deadline };
      resolve({
        address,
        hostKey,
        ourAddress,
        run: (command, limits) => runOver(over, command, limits),
        upload: (path, text) => uploadOver(over, path, text),
        end,
      });
    });
    try {
      client.connect({
        sock: socket,
        username: access.credentials.username,
        authHandler: methods.next,
        // Our own limit stands over it.
        readyTimeout: 0,
        algorithms: OLD_ALGORITHMS,
        hostVerifier: (key: Buffer) => {
          hostKey = fingerprintOf(key);
          if (access.hostKey === null) access.onNewHostKey?.(hostKey);
          else if (!isSameFingerprint(access.hostKey, hostKey)) changed = keyChanged(address, access.hostKey, hostKey);
          return changed === null;
        },
      });
    } catch (error) {
      fail(loginError(error, { address, wasTried: false, takes: [] }));
    }
  });
}

const keyChanged = (address: string, known: string, met: string): HeadframeError =>
  new HeadframeError('auth/host-key-changed', {
    address,
    detail: `known is ${plainLine(known)}, and it shows ${met}`,
    next: 'A reflash or a factory reset makes a new key, and so does another machine at this address: look which, then accept the new one.',
  });

interface Tried {
  readonly address: string;
  readonly wasTried: boolean;
  /** What the server takes, as far as it said. */
  readonly takes: readonly string[];
}

/** The library's own messages name algorithms and lengths, never the login; those of the server are cleaned. */
function loginError(thrown: unknown, { address, wasTried, takes }: Tried): HeadframeError {
  const error = thrown as Error & { level?: string; code?: unknown };
  const text = plainLine(error.message);
  if (error.level === 'client-socket') return linkError(thrown, true, { address });
  const isDisconnect = typeof error.code === 'number';
  if (error.level === 'client-authentication' || (isDisconnect && wasTried)) {
    const next = takes.length === 0 ? {} : { next: `Its SSH server takes: ${plainLine(takes.join(', '), 80)}.` };
    return new HeadframeError('auth/rejected', { address, request: 'a login over SSH', ...next });
  }
  if (isDisconnect) return new HeadframeError('device/refused', { address, request: 'SSH', vendorText: text });
  if (/no matching/.test(text)) {
    return new HeadframeError('support/unsupported', { address, request: 'a login over SSH', detail: text });
  }
  return new HeadframeError('protocol/wrong-shape', { address, request: 'SSH', detail: text });
}
