import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Deadline } from '../../links/deadline.ts';
import type { SshAccess } from '../options.ts';
import { openShell } from './open-shell.ts';
import { type DoubleOptions, keyPair, SshDouble } from './ssh-server.testing.ts';

const PASSWORD = 'hunter2-secret';
const opened: { end?: () => void; close?: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) {
    one.end?.();
    await one.close?.();
  }
});

async function machine(options: DoubleOptions = {}): Promise<SshDouble> {
  const double = await SshDouble.start({ password: PASSWORD, ...options });
  opened.push(double);
  return double;
}

function deadline(ms = 20_000, signal?: AbortSignal): Deadline {
  const one = new Deadline(ms, signal);
  opened.push({ end: () => one.end() });
  return one;
}

const access = (double: { readonly port: number }, more: Partial<SshAccess> = {}): SshAccess => ({
  credentials: { username: 'root', password: PASSWORD },
  port: double.port,
  hostKey: null,
  ...more,
});

async function login(double: SshDouble, more: Partial<SshAccess> = {}, over = deadline()) {
  const shell = await openShell('127.0.0.1', access(double, more), { deadline: over });
  opened.push(shell);
  return shell;
}

/** The error, which must not hold the password anywhere. */
async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown as Error & { code: string; context: object },
  );
  expect(error).not.toBeNull();
  expect(`${error?.message}${JSON.stringify(error)}${String(error?.cause)}`).not.toContain(PASSWORD);
  return error;
}

describe('logging in', () => {
  test('a command gives what it printed, what it complained of, and how it ended', async () => {
    const double = await machine({ exec: () => ({ code: 3, out: 'up 4 days\n', err: 'a warning\n' }) });
    const shell = await login(double);
    expect(await shell.run('uptime')).toEqual({ code: 3, out: 'up 4 days\n', err: 'a warning\n', cut: null });
    expect(double.commands).toEqual(['uptime']);
    expect(shell.ourAddress).toBe('127.0.0.1');
    expect(shell.address).toBe(`127.0.0.1:${double.port}`);
  });

  test('a machine without a password lets in before one was sent', async () => {
    const double = await machine({ takes: ['none', 'password'] });
    await login(double);
    expect(double.attempts).toEqual(['none']);
  });

  test('a machine that only asks questions is answered with the password', async () => {
    const double = await machine({ takes: ['keyboard-interactive'] });
    await login(double);
    expect(double.attempts).toEqual(['none', `keyboard ${PASSWORD}`]);
  });

  test('a wrong password is sent once, not in both forms: some machines lock', async () => {
    const double = await machine({ takes: ['password', 'keyboard-interactive'] });
    const wrong = { credentials: { username: 'root', password: 'wrong-secret' } };
    const error = await failure(login(double, wrong));
    expect(error).toMatchObject({ code: 'auth/rejected' });
    expect(error?.message).not.toContain('wrong-secret');
    expect(double.attempts).toEqual(['none', 'password wrong-secret']);
  });

  test('a private key logs in, and the password beside it is never sent', async () => {
    const pair = keyPair('ed25519');
    const double = await machine({ takes: ['publickey', 'password'], publicKey: pair.public });
    await login(double, { privateKey: pair.private });
    expect(double.attempts.join()).not.toContain(PASSWORD);
    expect(double.attempts).toContain('publickey');
  });

  test('a private key that is none is said before anything is sent, without its text', async () => {
    const double = await machine();
    const error = await failure(login(double, { privateKey: 'PRIVATE-TEXT' }));
    expect(error).toMatchObject({ code: 'usage/invalid' });
    expect(error?.message).not.toContain('PRIVATE-TEXT');
    expect(double.attempts).toEqual([]);
  });

  test('where only keys are taken, that is said', async () => {
    const double = await machine({ takes: ['publickey'] });
    const error = await failure(login(double));
    expect(error).toMatchObject({ code: 'auth/rejected' });
    expect(error?.message).toContain('Its SSH server takes: publickey.');
  });

  test('old firmware that has nothing but the algorithms of its time is reached', async () => {
    const double = await machine({
      keyType: 'rsa',
      algorithms: {
        kex: ['diffie-hellman-group1-sha1'],
        serverHostKey: ['ssh-rsa'],
        cipher: ['aes128-cbc'],
        hmac: ['hmac-sha1'],
      },
      exec: () => ({ code: 0, out: 'old' }),
    });
    expect((await (await login(double)).run('cat /etc/version')).out).toBe('old');
  });
});

describe('the host key', () => {
  test('that is not known yet is told as OpenSSH prints it, before the login', async () => {
    const double = await machine();
    const told: string[] = [];
    const shell = await login(double, {
      onNewHostKey: (fingerprint) => told.push(`${fingerprint} after ${double.attempts.length} attempts`),
    });
    expect(told).toEqual([`${double.fingerprint} after 0 attempts`]);
    expect(double.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(shell.hostKey).toBe(double.fingerprint);
  });

  test('that is known lets in, and is not told again', async () => {
    const double = await machine();
    const told: string[] = [];
    await login(double, { hostKey: double.fingerprint, onNewHostKey: (one) => told.push(one) });
    expect(told).toEqual([]);
  });

  test('that changed refuses, names both, and no login was sent', async () => {
    const double = await machine();
    const known = `SHA256:${'A'.repeat(43)}`;
    const error = await failure(login(double, { hostKey: known }));
    expect(error).toMatchObject({ code: 'auth/host-key-changed' });
    expect(error?.message).toContain(known);
    expect(error?.message).toContain(double.fingerprint);
    expect(double.attempts).toEqual([]);
  });
});

describe('what goes wrong', () => {
  test('a machine without SSH refuses', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(openShell('127.0.0.1', access({ port }), { deadline: deadline() }));
    expect(error).toMatchObject({ code: 'link/refused' });
  });

  const impostor = async (said: string, end: boolean): Promise<number> => {
    const server = createServer((socket) => {
      opened.push({ end: () => socket.destroy() });
      socket.on('error', () => {});
      socket.write(said);
      if (end) socket.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    return (server.address() as AddressInfo).port;
  };

  test.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', true, 'link/reset'],
    ['a port that closes at once', '', true, 'link/closed-empty'],
    ['one that floods', 'x'.repeat(10_000_000), false, 'protocol/wrong-shape'],
    ['one that sends an escape in its name', `SSH-9.9-\x1b[2Jx\r\n`, false, 'protocol/wrong-shape'],
  ])('%s is no SSH server', async (_, said, end, code) => {
    const port = await impostor(said, end);
    const error = await failure(openShell('127.0.0.1', access({ port }), { deadline: deadline() }));
    expect(error).toMatchObject({ code });
    expect(error?.message).not.toContain('\x1b');
  });

  test('a silent port ends with the deadline', async () => {
    const port = await impostor('', false);
    const error = await failure(openShell('127.0.0.1', access({ port }), { deadline: deadline(100) }));
    expect(error).toMatchObject({ code: 'link/timed-out-waiting' });
  });

  test('cancelled while it logs in: nothing stays open', async () => {
    const port = await impostor('', false);
    const abort = new AbortController();
    const opening = openShell('127.0.0.1', access({ port }), { deadline: deadline(9_000, abort.signal) });
    abort.abort();
    expect(await failure(opening)).toMatchObject({ code: 'link/cancelled' });
  });

  test('a command that hangs ends at its limit, with what came where that is wanted', async () => {
    const double = await machine({ exec: () => 'hang' });
    const shell = await login(double);
    expect(await failure(shell.run('df', { timeoutMs: 50 }))).toMatchObject({ code: 'link/timed-out-waiting' });
    expect(await shell.run('df', { timeoutMs: 50, keepPart: true })).toMatchObject({ cut: 'timed-out', code: null });
  });

  test('a connection that drops while a command runs is no end of the command', async () => {
    const double = await machine({ exec: () => 'drop' });
    expect(await failure((await login(double)).run('reboot'))).toMatchObject({ code: 'link/reset' });
  });

  test('a command that never stops printing is cut at 256 KiB', async () => {
    const double = await machine({ exec: () => ({ code: 0, out: 'x'.repeat(300_000) }) });
    const shell = await login(double);
    expect(await failure(shell.run('cat /dev/zero'))).toMatchObject({ code: 'link/too-large' });
    const part = await shell.run('cat /dev/zero', { keepPart: true });
    expect(part).toMatchObject({ cut: 'too-large' });
    expect(part.out.length).toBe(262_144);
  });

  test('behind its end no command runs', async () => {
    const double = await machine();
    const shell = await login(double);
    shell.end();
    expect(await failure(shell.run('uptime'))).toMatchObject({ code: 'link/reset' });
  });

  test('the end of the examination closes the connection', async () => {
    const double = await machine();
    const over = deadline();
    await login(double, {}, over);
    expect(double.connections).toBe(1);
    over.end();
    await expect.poll(() => double.connections).toBe(0);
  });

  test('without the package it says how to install it', async () => {
    const missing = () => Promise.reject(Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' }));
    const error = await failure(openShell('127.0.0.1', access({ port: 1 }), { deadline: deadline() }, missing));
    expect(error).toMatchObject({ code: 'support/unsupported' });
    expect(error?.message).toContain('npm install ssh2');
  });
});

describe('a file that goes up', () => {
  test('is written by cat, its path quoted', async () => {
    const written: string[] = [];
    const double = await machine({
      exec: async (command, input) => {
        written.push(`${command} <- ${await input}`);
        return { code: 0 };
      },
    });
    await (await login(double)).upload("/config/it's.conf", '{"a": "ü"}\n');
    expect(written).toEqual([`cat > '/config/it'\\''s.conf' <- {"a": "ü"}\n`]);
  });

  test('onto a full disk is refused in the words of the machine, without its escapes', async () => {
    const double = await machine({
      exec: async (_, input) => {
        await input;
        return { code: 1, err: 'sh: write error: \x1b[31mNo space left on device\n' };
      },
    });
    const error = await failure((await login(double)).upload('/config/cgminer.conf', '{}'));
    expect(error).toMatchObject({
      code: 'device/refused',
      context: { vendorText: 'sh: write error: No space left on device' },
    });
  });

  test.each(['config', '/a\nb', '/a\0b'])('to %j is not sent', async (path) => {
    const double = await machine();
    expect(await failure((await login(double)).upload(path, '{}'))).toMatchObject({ code: 'usage/invalid' });
    expect(double.commands).toEqual([]);
  });
});
