import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { AuthContext, Connection, ServerConfig } from 'ssh2';
import ssh2 from 'ssh2';
import { fingerprintOf } from './host-key.ts';

/** What a command does on the double: an exit, silence, or the end of the connection. */
export type Answer = { readonly code: number; readonly out?: string; readonly err?: string } | 'hang' | 'drop';

export interface DoubleOptions {
  readonly password?: string;
  /** `password` if absent. */
  readonly takes?: readonly ('password' | 'keyboard-interactive' | 'publickey' | 'none')[];
  /** In the form of OpenSSH, for `publickey`. */
  readonly publicKey?: string;
  readonly algorithms?: ServerConfig['algorithms'];
  readonly keyType?: 'ed25519' | 'rsa';
  readonly banner?: string;
  readonly exec?: (command: string, input: Promise<string>) => Answer | Promise<Answer>;
}

/** A pair of keys that can be read: one in some 250 that ssh2 makes of ed25519 is malformed. */
export function keyPair(type: 'ed25519' | 'rsa'): { readonly public: string; readonly private: string } {
  for (let i = 0; i < 20; i++) {
    const pair =
      type === 'rsa'
        ? ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 })
        : ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
  throw new Error('ssh2 makes no key that it can read');
}

/** An SSH server on 127.0.0.1 that notes what it was asked. */
export class SshDouble {
  readonly port: number;
  readonly fingerprint: string;
  /** Every attempt to log in: the method, and what came with it. */
  readonly attempts: string[] = [];
  readonly commands: string[] = [];
  readonly #open: Set<Socket>;
  readonly #close: () => Promise<void>;

  private constructor(port: number, fingerprint: string, open: Set<Socket>, close: () => Promise<void>) {
    this.port = port;
    this.fingerprint = fingerprint;
    this.#open = open;
    this.#close = close;
  }

  get connections(): number {
    return this.#open.size;
  }

  close(): Promise<void> {
    return this.#close();
  }

  static async start(options: DoubleOptions = {}): Promise<SshDouble> {
    const { keyType = 'ed25519' } = options;
    const key = keyPair(keyType);
    const parsed = ssh2.utils.parseKey(key.public);
    if (parsed instanceof Error) throw parsed;
    const config: ServerConfig = {
      hostKeys: [key.private],
      ...(options.algorithms === undefined ? {} : { algorithms: options.algorithms }),
      ...(options.banner === undefined ? {} : { banner: options.banner }),
    };
    const clients = new Set<Connection>();
    const server = new ssh2.Server(config, (client) => {
      clients.add(client);
      client.on('error', () => {});
      client.on('close', () => clients.delete(client));
      client.on('authentication', (context) => attend(context, options, double.attempts));
      client.on('session', (accept) => {
        accept().on('exec', (acceptExec, _reject, { command }) => {
          double.commands.push(command);
          const stream = acceptExec();
          const input = new Promise<string>((resolve) => {
            let text = '';
            stream.on('data', (chunk: Buffer) => (text += chunk));
            stream.on('end', () => resolve(text));
          });
          stream.on('error', () => {});
          void Promise.resolve(options.exec?.(command, input) ?? { code: 127, err: 'sh: not found\n' }).then(
            (answer) => {
              if (answer === 'hang') return;
              if (answer === 'drop') return client.end();
              if (answer.err !== undefined) stream.stderr.write(answer.err);
              stream.write(answer.out ?? '', () => {
                stream.exit(answer.code);
                stream.end();
              });
            },
          );
        });
      });
    });
    const open = new Set<Socket>();
    (server as unknown as { _srv: import('node:net').Server })._srv.on('connection', (socket: Socket) => {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => open.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const close = async () => {
      for (const client of clients) client.end();
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    };
    const double = new SshDouble(port, fingerprintOf(parsed.getPublicSSH()), open, close);
    return double;
  }
}

function attend(
  context: AuthContext,
  { password = '', takes = ['password'], publicKey }: DoubleOptions,
  log: string[],
) {
  const reject = () => context.reject([...takes]);
  switch (context.method) {
    case 'password':
      log.push(`password ${context.password}`);
      return takes.includes('password') && context.password === password ? context.accept() : reject();
    case 'keyboard-interactive':
      if (!takes.includes('keyboard-interactive')) return reject();
      return context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        log.push(`keyboard ${answers.join()}`);
        if (answers[0] === password) context.accept();
        else reject();
      });
    case 'publickey': {
      log.push('publickey');
      const known = publicKey === undefined ? null : ssh2.utils.parseKey(publicKey);
      if (known === null || known instanceof Error) return reject();
      const isKnown = known.getPublicSSH().equals(context.key.data);
      return isKnown ? context.accept() : reject();
    }
    default:
      log.push(context.method);
      return takes.includes('none') ? context.accept() : reject();
  }
}
