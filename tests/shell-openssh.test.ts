import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServedShell, type ShellOptions, startShell } from '@headframe/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

/*
 * The SSH server of a simulated machine, used by OpenSSH's own client, as a technician would.
 */

const has = ['ssh', 'ssh-keygen'].every((name) => spawnSync('which', [name]).status === 0);
if (!has && process.env.CI === 'true') {
  test('OpenSSH is there', () => expect(has, 'apt-get install openssh-client').toBe(true));
}

const open: ServedShell[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(more: Partial<ShellOptions> = {}): Promise<ServedShell> {
  const shell = await startShell({
    firmware: 'antminer',
    address: '127.0.0.1',
    port: 0,
    seed: 7,
    clock: { now: Date.now },
    poweredAt: Date.now() - 86_400_000,
    ...more,
  });
  open.push(shell);
  return shell;
}

describe.skipIf(!has)('a technician with OpenSSH', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headframe-ssh-'));
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('mine')]);
    writeFileSync(at('ask'), '#!/bin/sh\necho "$HEADFRAME_TEST_PASSWORD"\n', { mode: 0o700 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** ssh does not know this machine yet, and believes what it meets; unless the file of known hosts says otherwise. */
  function ssh({ port }: ServedShell, command: string, { password = '', known = '/dev/null', input = '' } = {}) {
    const options = {
      Port: String(port),
      StrictHostKeyChecking: known === '/dev/null' ? 'no' : 'accept-new',
      UserKnownHostsFile: known,
      GlobalKnownHostsFile: '/dev/null',
      IdentityFile: password === '' ? at('mine') : '/dev/null',
      PreferredAuthentications: password === '' ? 'publickey' : 'password',
      NumberOfPasswordPrompts: '1',
      LogLevel: 'ERROR',
    };
    const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const env = {
      ...process.env,
      SSH_ASKPASS: at('ask'),
      SSH_ASKPASS_REQUIRE: 'force',
      HEADFRAME_TEST_PASSWORD: password,
    };
    const child = spawn('ssh', ['-F', '/dev/null', ...flags, 'root@127.0.0.1', command], { env, timeout: 20_000 });
    const said = { out: '', err: '' };
    child.stdout.on('data', (part: Buffer) => (said.out += part));
    child.stderr.on('data', (part: Buffer) => (said.err += part));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    return new Promise<{ out: string; err: string; code: number | null }>((done, failed) => {
      child.once('error', failed);
      child.once('close', (code) => done({ ...said, code }));
    });
  }

  test('logs in with the password and reads the configuration, as in step 11', async () => {
    const shell = await start();
    const said = await ssh(shell, "cat /config/cgminer.conf | grep -iE 'api-allow|api-listen|api-network'", {
      password: 'root',
    });
    expect(said).toEqual({
      out: '"api-listen" : true,\n"api-network" : true,\n"api-allow" : "A:0/0,W:127.0.0.1",\n',
      err: '',
      code: 0,
    });
    expect((await ssh(shell, 'true', { password: 'wrong' })).code).toBe(255);
  });

  test('logs in with a key, writes a file from the input, and gets the status of the command', async () => {
    const shell = await start({ authorizedKeys: [readFileSync(at('mine.pub'), 'utf8')] });
    expect((await ssh(shell, 'cat > /tmp/x && wc -l < /tmp/x', { input: 'a\nb\n' })).out).toBe('2\n');
    expect((await ssh(shell, 'exit 9')).code).toBe(9);
  });

  test('sees the fingerprint that was announced, and is warned when the host key has changed', async () => {
    const known = at('known');
    const shell = await start({ authorizedKeys: [readFileSync(at('mine.pub'), 'utf8')] });
    expect((await ssh(shell, 'true', { known })).code).toBe(0);
    expect(spawnSync('ssh-keygen', ['-l', '-f', known], { encoding: 'utf8' }).stdout).toContain(shell.fingerprint);
    const { port } = shell;
    await shell.close();
    const other = await start({ port, hostKeyGeneration: 1, authorizedKeys: [readFileSync(at('mine.pub'), 'utf8')] });
    const warned = await ssh(other, 'true', { known });
    expect(warned.code).toBe(255);
    expect(warned.err).toMatch(/REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed/);
  });
});
