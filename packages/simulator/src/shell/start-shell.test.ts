import { connect as dial } from 'node:net';
import { type DeviceSeed, simulators } from '@headframe/families/sim';
import ssh2, { type ConnectConfig } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { serveDevice } from '../serve.ts';
import { followingShell, type ServedShell, type ShellOptions, startShell } from './index.ts';

const START = 1_795_000_000_000;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(options: Partial<ShellOptions> = {}) {
  const clock = { time: START, now: () => clock.time };
  const shell = await startShell({
    firmware: 'antminer',
    address: '127.0.0.1',
    port: 0,
    seed: 7,
    clock,
    poweredAt: START - 86_400_000,
    ...options,
  });
  open.push(shell);
  return { shell, clock };
}

interface Said {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

function run(shell: ServedShell, command: string, more: Partial<ConnectConfig> = {}, input?: string): Promise<Said> {
  const client = new ssh2.Client();
  return new Promise<Said>((done, failed) => {
    client.on('error', failed);
    client.on('ready', () => {
      client.exec(command, (error, channel) => {
        if (error) return failed(error);
        const said = { out: '', err: '' };
        let code: number | null = null;
        channel.on('data', (part: Buffer) => (said.out += part));
        channel.stderr.on('data', (part: Buffer) => (said.err += part));
        channel.on('exit', (status: number) => (code = status));
        channel.on('close', () => done({ ...said, code }));
        if (input !== undefined) channel.end(input);
      });
    });
    client.connect({ host: '127.0.0.1', port: shell.port, username: 'root', password: 'root', ...more });
  }).finally(() => client.end());
}

const fingerprintOf = (shell: ServedShell): Promise<Buffer> =>
  new Promise((done) => {
    const client = new ssh2.Client();
    const hostVerifier = (key: Buffer) => {
      done(key);
      return false;
    };
    client.on('error', () => {});
    client.connect({ host: '127.0.0.1', port: shell.port, username: 'root', password: 'root', hostVerifier });
  });

describe('the SSH server of a miner', () => {
  test('runs a command for root with the password, and says what it printed and how it ended', async () => {
    const { shell } = await start();
    expect(await run(shell, 'echo a; echo b >&2; exit 5')).toEqual({ out: 'a\n', err: 'b\n', code: 5 });
    expect(await run(shell, "cat /config/cgminer.conf | grep -iE 'api-allow|api-listen|api-network'")).toEqual({
      out: '"api-listen" : true,\n"api-network" : true,\n"api-allow" : "A:0/0,W:127.0.0.1",\n',
      err: '',
      code: 0,
    });
    expect(shell.counts).toEqual({ connections: 2, logins: 2 });
  });

  test('takes a file from the input of a command', async () => {
    const { shell } = await start();
    expect((await run(shell, 'cat > /tmp/new.conf', {}, 'text of it\n')).code).toBe(0);
    expect((await run(shell, 'cat /tmp/new.conf')).out).toBe('text of it\n');
  });

  test('refuses a wrong password and another user', async () => {
    const { shell } = await start();
    await expect(run(shell, 'true', { password: 'wrong' })).rejects.toThrow(/authentication methods failed/);
    await expect(run(shell, 'true', { username: 'admin' })).rejects.toThrow(/authentication methods failed/);
    expect(shell.counts.logins).toBe(0);
  });

  test('lets a key in that it knows, and no other', async () => {
    const [mine, other] = [ssh2.utils.generateKeyPairSync('ed25519'), ssh2.utils.generateKeyPairSync('ed25519')];
    const { shell } = await start({ authorizedKeys: [mine.public] });
    const by = (key: { private: string }) => ({ privateKey: key.private, password: 'wrong', tryKeyboard: false });
    expect((await run(shell, 'whoami', by(mine))).out).toBe('root\n');
    await expect(run(shell, 'whoami', by(other))).rejects.toThrow(/authentication methods failed/);
  });

  test('has the same host key for the same seed, and another one after a reflash', async () => {
    const [one, again, reflashed, other] = await Promise.all([
      start(),
      start(),
      start({ hostKeyGeneration: 1 }),
      start({ seed: 8 }),
    ]);
    const keys = await Promise.all([one, again, reflashed, other].map(({ shell }) => fingerprintOf(shell)));
    expect(keys[0]).toEqual(keys[1]);
    expect(keys[0]).not.toEqual(keys[2]);
    expect(keys[0]).not.toEqual(keys[3]);
    expect(one.shell.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  test('a client that speaks no SSH, and one that says nothing, harm nobody', async () => {
    const { shell } = await start();
    const noise = dial(shell.port, '127.0.0.1');
    noise.on('error', () => {});
    noise.write(`${'x'.repeat(5000)}\n`);
    const silent = dial(shell.port, '127.0.0.1');
    silent.on('error', () => {});
    expect((await run(shell, 'echo still here')).out).toBe('still here\n');
    noise.destroy();
    silent.destroy();
  });
});

describe('a served machine that follows what is done over SSH', () => {
  test('its API lets an address in when the list has it and the program was restarted', async () => {
    const { shell, clock } = await start({ state: { api: { allow: 'W:10.99.0.1' } } });
    const seed: DeviceSeed = { seed: 7, poweredAt: START - 86_400_000 };
    const device = simulators.find(({ id }) => id === 'antminer')?.profiles[0]?.create(seed);
    if (device === undefined) throw new Error('no antminer');
    const served = await serveDevice(followingShell(device, shell.machine), {
      address: '127.0.0.1',
      ports: { cgminer: 0, http: 0, monitor: 0 },
      clock,
      seed: 7,
    });
    open.push(served);
    const ask = () =>
      new Promise<string>((done) => {
        const socket = dial(served.ports.cgminer ?? 0, '127.0.0.1');
        let text = '';
        socket.write('{"command":"version"}\n');
        socket.on('data', (part: Buffer) => (text += part));
        socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? ''));
        socket.on('end', () => done(text));
      });
    expect(await ask()).toBe('');
    await run(
      shell,
      `sed -i 's/W:10.99.0.1/W:10.99.0.1,R:127.0.0.1/' /config/cgminer.conf && /etc/init.d/cgminer.sh restart`,
    );
    await served.look();
    expect(await ask()).toBe('ECONNREFUSED');
    clock.time += 10_000;
    await served.look();
    expect(await ask()).toContain('"VERSION"');
  });
});
