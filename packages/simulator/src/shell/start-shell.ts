import { timingSafeEqual } from 'node:crypto';
import type { SimulatedDevice } from '@headframe/families/sim';
import { HeadframeError } from '@headframe/model';
import type { AuthContext, Connection, ServerChannel } from 'ssh2';
import { Door } from '../door.ts';
import { realTimers, type Timers } from '../timers.ts';
import { hostKey } from './host-key.ts';
import { type MachineOptions, ShellMachine } from './machine.ts';

export interface ShellOptions extends MachineOptions {
  /** 22 when left out, 0 for any free one. */
  readonly port?: number;
  /** The firmware's own when left out. The user is root. */
  readonly password?: string;
  /** Public keys that may log in, as they stand in `authorized_keys`. */
  readonly authorizedKeys?: readonly string[];
  /** Another one has another host key: the machine was reflashed, or somebody else answers. 0 when left out. */
  readonly hostKeyGeneration?: number;
  readonly timers?: Timers;
}

/** An SSH server that looks like the inside of a miner. */
export interface ServedShell {
  readonly address: string;
  readonly port: number;
  /** `SHA256:...` */
  readonly fingerprint: string;
  readonly machine: ShellMachine;
  /** Connections until now, and logins that were let in. */
  readonly counts: { readonly connections: number; readonly logins: number };
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 8;
const MOST_SCRIPT = 256 * 1024;
const IDLE_MS = 120_000;
/** dropbear lets one try ten times. */
const MOST_TRIES = 10;

/**
 * Starts the SSH server of a simulated machine. What is sent to it is run within the machine that is not there: no
 * program, file or address of this computer can be reached by it.
 * @throws HeadframeError `usage/invalid` where the optional package ssh2 is missing, `usage/port-in-use`
 */
export async function startShell(options: ShellOptions): Promise<ServedShell> {
  const { Server, utils } = await loadSsh();
  const { address, port = 22, seed, timers = realTimers, authorizedKeys = [] } = options;
  const machine = new ShellMachine(options);
  const own = hostKey(seed, options.hostKeyGeneration ?? 0);
  const counts = { connections: 0, logins: 0 };
  const open = new Set<Connection>();
  const keys = authorizedKeys.flatMap((text) => {
    const key = utils.parseKey(text);
    return key instanceof Error ? [] : [key].flat();
  });
  const password = options.password ?? machine.firmware.password;

  const isLetIn = (asked: AuthContext): boolean => {
    if (asked.username !== 'root') return false;
    if (asked.method === 'none') return password === '';
    if (asked.method === 'password') return same(asked.password, password);
    if (asked.method !== 'publickey') return false;
    const { key, blob, signature, hashAlgo } = asked;
    const known = keys.find(
      (one) => one.type === key.algo.replace(/^rsa-sha2-\d+$/, 'ssh-rsa') && one.getPublicSSH().equals(key.data),
    );
    if (known === undefined) return false;
    // Without a signature the client only asks whether this key would do.
    return signature === undefined || blob === undefined || known.verify(blob, signature, hashAlgo) === true;
  };

  const onConnection = (connection: Connection): void => {
    open.add(connection);
    let tries = 0;
    connection.on('error', () => {});
    connection.on('close', () => open.delete(connection));
    connection.on('authentication', (asked) => {
      if (isLetIn(asked)) return asked.accept();
      if (asked.method !== 'none' && ++tries >= MOST_TRIES) return void connection.end();
      asked.reject(['password', 'publickey']);
    });
    connection.on('ready', () => counts.logins++);
    connection.on('session', (accept) => {
      const session = accept();
      session.on('env', (yes) => yes?.());
      session.on('pty', (yes) => yes?.());
      session.on('exec', (yes, _, { command }) => void execute(machine, yes(), command, timers));
      // A login shell without a terminal reads its script from its input.
      session.on('shell', (yes) => void execute(machine, yes(), null, timers));
    });
  };

  const server = new Server({ hostKeys: [own.privateKey], ident: 'dropbear_2020.81' }, onConnection);
  server.on('error', () => {});
  const door = new Door(address, port, (socket) => {
    socket.on('error', () => socket.destroy());
    if (open.size >= MOST_CONNECTIONS) return void socket.destroy();
    counts.connections++;
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    server.injectSocket(socket);
  });
  await door.to('open');
  return {
    address,
    port: door.port,
    fingerprint: own.fingerprint,
    machine,
    counts,
    close: async () => {
      for (const connection of open) connection.end();
      await door.to('closed');
    },
  };
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function loadSsh(): Promise<typeof import('ssh2')> {
  try {
    // CommonJS: all of it is the default.
    const loaded = await import('ssh2');
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new HeadframeError(
      'usage/invalid',
      { detail: 'A simulated SSH server needs the package ssh2' },
      cause as Error,
    );
  }
}

/** @param command null: what comes as input is the script */
async function execute(
  machine: ShellMachine,
  channel: ServerChannel,
  command: string | null,
  timers: Timers,
): Promise<void> {
  channel.on('error', () => {});
  const input = await inputOf(channel, command === null || readsInput(command));
  const streams = {
    input: { rest: command === null ? '' : input },
    out: { write: (text: string) => void channel.write(text) },
    err: { write: (text: string) => void channel.stderr.write(text) },
  };
  const shell = machine.shell();
  const status = shell.run(command ?? input, streams);
  const leave = () => {
    channel.exit(status);
    channel.end();
  };
  if (shell.sleptMs > 0) timers.after(shell.sleptMs, leave);
  else leave();
}

/**
 * Whether a script may read what the client sends. One that does not is run at once: many clients never say that their
 * input is over.
 */
const readsInput = (command: string): boolean =>
  /(?:^|[;&|\n(`{]|\bdo|\bthen|\belse)\s*(?:cat\s*(?:$|[>;&|\n)]|-)|tee\b|read\b|(?:a?sh|sh -s)\s*(?:$|[;&\n-])|while\s+read|dd\b)/m.test(
    command,
  );

function inputOf(channel: ServerChannel, waits: boolean): Promise<string> {
  if (!waits) {
    channel.resume();
    return Promise.resolve('');
  }
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((done) => {
    const end = () => done(Buffer.concat(parts).toString('utf8'));
    channel.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= MOST_SCRIPT) parts.push(part);
    });
    channel.once('end', end).once('close', end);
  });
}

/**
 * A device whose API is what the inside of its machine says: it listens when the program there does, and admits who the
 * configuration admits since the last start. For families with a port like cgminer's.
 */
export function followingShell(device: SimulatedDevice, machine: ShellMachine): SimulatedDevice {
  const { cgminer } = device;
  return {
    ...device,
    ...(cgminer !== undefined && {
      cgminer: { ...cgminer, admits: (peer) => machine.admits(peer.address) && cgminer.admits(peer) },
    }),
    listening: (over, now) =>
      device.listening(over, now) &&
      (over !== 'cgminer' || (machine.listensOn !== null && machine.listensOn !== '127.0.0.1')),
    // Its methods may look for what is their own.
    ...(device.work !== undefined && { work: (now: number) => device.work?.(now) ?? [] }),
  };
}
