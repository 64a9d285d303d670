import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { uptime, userInfo } from 'node:os';
import type { SshAccess } from '@headframe/client';
import type { Diagnosis } from '@headframe/diagnosis';
import { type ShellSeen, type Sight, wasSeen } from '@headframe/model';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWith, type Foreign } from '../doctor/foreign.ts';
import { becauseOf, codeOf, diagnosed, machineAt } from '../doctor/machine-at.ts';
import {
  familyOfProcess,
  SSH_PORT,
  SshFolder,
  type SshServerOptions,
  startSshServer,
  whyNoMount,
  whyNoSshServer,
} from '../doctor/ssh-server.ts';

/*
 * The doctor looks inside over a real OpenSSH server: what it sees there, and what is left of a diagnosis where SSH fails in
 * each of its ways. At the same address is a simulated Antminer; what is inside of it is this computer.
 */

let addresses = 0;
const nextAddress = (): string => `127.88.2.${++addresses}`;

/** One folder for all: the login of a person, one that nobody accepts, and the keys of two machines. */
let folder: SshFolder;
beforeAll(() => {
  folder = new SshFolder();
  for (const name of ['person', 'stranger', 'machine', 'reflashed']) folder.makeKey(name);
  for (const name of ['old-person', 'old-machine']) folder.makeKey(name, 'rsa');
});
afterAll(() => folder.remove());

const running: Foreign[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.end();
});

async function server(address: string, more: Partial<SshServerOptions> = {}): Promise<Foreign> {
  const foreign = await startSshServer(folder, { address, hostKey: 'machine', key: 'person', ...more });
  running.push(foreign);
  return foreign;
}

const silent = [{ kind: 'accept-and-hang' }] as const;

/** Port 4028 takes connections and says nothing; what is found inside may tell why. */
async function silentAntminer(address: string, ssh: SshAccess): Promise<Diagnosis> {
  return diagnosed(address, { ...(await machineAt(address, 'antminer', silent)), ssh });
}

function insideOf({ examination: { shell } }: Diagnosis): Sight<ShellSeen> {
  if (!wasSeen(shell)) throw new Error(shell.notSeen);
  return shell;
}

/** The rest of the diagnosis stands, and says why nobody looked inside. */
function standsWithoutSsh(diagnosis: Diagnosis, why: RegExp): void {
  expect(codeOf(diagnosis)).toBe('api.blocked');
  expect(diagnosis.verdicts[0]?.confidence).toBeGreaterThanOrEqual(0.8);
  const [said = '', ...more] = diagnosis.notSeen.filter((line) => line.startsWith('SSH: '));
  expect(said).toMatch(why);
  expect(more).toEqual([]);
  expect(diagnosis.verdicts[0]?.doubts).toContain(said);
  expect(JSON.stringify(diagnosis)).not.toContain('PRIVATE KEY');
}

/** What a server notes of a client that asks to be let in: before that nobody has told it who he is. */
const ASKED_TO_BE_LET_IN = /userauth-request for user/;

const describeWithSsh = (name: string, tests: () => void) =>
  describeWith(['sshd', 'ssh-keygen'], name, tests, whyNoSshServer);

describeWithSsh('a machine that lets the doctor in', () => {
  test('healthy: what is seen is what this computer says of itself', async () => {
    const address = nextAddress();
    const sshd = await server(address);
    const met: string[] = [];
    const ssh = folder.access('person', { onNewHostKey: (fingerprint) => met.push(fingerprint) });
    const diagnosis = await diagnosed(address, { ...(await machineAt(address, 'antminer')), ssh });
    expect(codeOf(diagnosis)).toBe('healthy');
    expect(met).toEqual([folder.fingerprint('machine')]);

    const { value, line, command } = insideOf(diagnosis);
    const { status, stdout } = spawnSync('df', ['--output=pcent', '/tmp'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(Math.abs((value.tmpUsedPercent ?? -100) - Number(/(\d+)%/.exec(stdout)?.[1]))).toBeLessThanOrEqual(2);
    const meminfo = readFileSync('/proc/meminfo', 'utf8');
    expect(value.freeMemoryMb).toBeGreaterThan(0);
    expect(value.freeMemoryMb).toBeLessThan(Number(/MemTotal: +(\d+)/.exec(meminfo)?.[1]) / 1024);
    expect(Math.abs((value.uptimeS ?? -1000) - uptime())).toBeLessThanOrEqual(60);
    expect(value.topMemory.length).toBeGreaterThan(0);
    expect(line).toMatch(/ MB of memory free; \/tmp \d+ % full; .*listens on /);
    expect(command).toBe(`ssh -p ${SSH_PORT} ${userInfo().username}@${address}`);

    expect(sshd.said()).toMatch(ASKED_TO_BE_LET_IN);
    expect(sshd.said()).toContain(`Accepted publickey for ${userInfo().username}`);
    // One login for all of it, and no second session.
    expect(sshd.said().split('Starting session: command').length - 1).toBe(1);
  });

  test('one that knows nothing but the algorithms of old firmware lets it in as well', async () => {
    const address = nextAddress();
    const sshd = await server(address, {
      hostKey: 'old-machine',
      key: 'old-person',
      lines: [
        'HostKeyAlgorithms ssh-rsa',
        'KexAlgorithms diffie-hellman-group14-sha1',
        'Ciphers aes128-cbc',
        'MACs hmac-sha1',
      ],
    });
    const ssh = folder.access('old-person', { hostKey: folder.fingerprint('old-machine') });
    const diagnosis = await diagnosed(address, { ...(await machineAt(address, 'antminer')), ssh });
    expect(codeOf(diagnosis)).toBe('healthy');
    expect(insideOf(diagnosis).value.uptimeS).toBeGreaterThan(0);
    expect(sshd.said()).toMatch(/kex: algorithm: diffie-hellman-group14-sha1/);
    expect(sshd.said()).toMatch(/kex: host key algorithm: ssh-rsa\s/);
  });
});

describeWith(
  ['sshd', 'ssh-keygen', 'unshare', 'mount'],
  'a machine with a /tmp of its own',
  () => {
    // Row 12 with the mark of T-44: over 90 %.
    test('silent, and /tmp is 95 % full: its resources are used up', async () => {
      const address = nextAddress();
      await server(address, { tmp: { kb: 10_240, usedKb: 9_728 } });
      const diagnosis = await silentAntminer(address, folder.access('person'));
      expect(codeOf(diagnosis)).toBe('resource.exhausted');
      expect(diagnosis.verdicts[0]).toMatchObject({ row: 12, confidence: 0.95 });
      expect(diagnosis.sentence).toContain(`${address} has used up its resources: /tmp is 95 % full (over 90 %)`);
      expect(insideOf(diagnosis).value.tmpUsedPercent).toBe(95);
      expect(insideOf(diagnosis).line).toContain('/tmp 95 % full');
      expect(becauseOf(diagnosis)).toContain('/tmp is 95 % full (over 90 %)');
    });

    test('silent, and /tmp is 85 % full: it is not the reason', async () => {
      const address = nextAddress();
      await server(address, { tmp: { kb: 10_240, usedKb: 8_704 } });
      const diagnosis = await silentAntminer(address, folder.access('person'));
      expect(insideOf(diagnosis).value.tmpUsedPercent).toBe(85);
      expect(`${diagnosis.sentence} ${becauseOf(diagnosis)}`).not.toContain('/tmp is');
    });

    test('/tmp is 95 % full, and the API answers all the same: it is healthy', async () => {
      const address = nextAddress();
      await server(address, { tmp: { kb: 10_240, usedKb: 9_728 } });
      const known = await machineAt(address, 'antminer');
      const diagnosis = await diagnosed(address, { ...known, ssh: folder.access('person') });
      expect(codeOf(diagnosis)).toBe('healthy');
      const why = 'the API answers in full all the same';
      expect(diagnosis.ruledOut).toContainEqual({ code: 'resource.exhausted', why });
    });
  },
  whyNoMount,
);

describeWithSsh('a machine with another host key than the one that is known', () => {
  test('is told nothing, not even who wants to be let in; the diagnosis stands and says so', async () => {
    const address = nextAddress();
    const before = await server(address);
    const met: string[] = [];
    const first = folder.access('person', { onNewHostKey: (fingerprint) => met.push(fingerprint) });
    await diagnosed(address, { ssh: first, quick: true });
    const [hostKey = null] = met;
    expect(hostKey).toBe(folder.fingerprint('machine'));
    expect(before.said()).toMatch(ASKED_TO_BE_LET_IN);
    await before.end();

    const after = await server(address, { hostKey: 'reflashed' });
    const diagnosis = await silentAntminer(address, folder.access('person', { hostKey }));
    standsWithoutSsh(diagnosis, /shows another SSH host key than the one that is known.*auth\/host-key-changed/);
    const said = diagnosis.notSeen.join('\n');
    for (const key of ['machine', 'reflashed']) expect(said).toContain(folder.fingerprint(key));
    expect(after.said()).toContain('Connection from ');
    expect(after.said()).not.toMatch(ASKED_TO_BE_LET_IN);
  });
});

describeWithSsh('a login that the machine does not accept', () => {
  test('a key that it does not know', async () => {
    const address = nextAddress();
    const sshd = await server(address);
    const diagnosis = await silentAntminer(address, folder.access('stranger'));
    standsWithoutSsh(diagnosis, /does not accept the user name or the password .*auth\/rejected.*publickey/);
    expect(sshd.said()).toContain(`Failed publickey for ${userInfo().username}`);
    expect(sshd.said()).not.toContain('Accepted');
  });

  test('a user that it does not know', async () => {
    const address = nextAddress();
    const sshd = await server(address);
    const credentials = { username: 'no-such-user', password: '' };
    const diagnosis = await silentAntminer(address, folder.access('person', { credentials }));
    standsWithoutSsh(diagnosis, /does not accept the user name or the password/);
    expect(sshd.said()).toContain('Invalid user no-such-user');
  });

  test('a password, where it takes keys alone: it is not sent, and nobody reads it', async () => {
    const address = nextAddress();
    const sshd = await server(address);
    const { username } = userInfo();
    const credentials = { username, password: 'hunter2-of-the-shed' };
    const ssh = { credentials, port: SSH_PORT, hostKey: null };
    const diagnosis = await silentAntminer(address, ssh);
    standsWithoutSsh(diagnosis, /does not accept the user name or the password .*auth\/rejected.*publickey/);
    expect(JSON.stringify(diagnosis)).not.toContain('hunter2');
    expect(sshd.said()).toMatch(/method none/);
    expect(sshd.said()).not.toMatch(/method (?:password|keyboard-interactive)/);
  });
});

describeWithSsh('an SSH server that goes away', () => {
  /** In the place of the programs that tell logs: it says that it runs, and waits until nobody is there to ask. */
  const WAITS = '#!/bin/sh\necho here > "$HEADFRAME_STARTED"\nread never < "$HEADFRAME_HELD"\n';

  test('in the midst of it: what had come stands, and the rest is said to be missing', async () => {
    const address = nextAddress();
    for (const name of ['started', 'held']) spawnSync('mkfifo', [folder.at(name)]);
    folder.write('logread', WAITS, 0o755);
    const environment = `PATH=${folder.path}:/usr/bin:/bin HEADFRAME_STARTED=${folder.at('started')} HEADFRAME_HELD=${folder.at('held')}`;
    const sshd = await server(address, {
      lines: [`ForceCommand exec env ${environment} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`],
    });
    const looked = silentAntminer(address, folder.access('person'));
    // Opens when the other end does: the machine is at its logs then.
    expect(await readFile(folder.at('started'), 'utf8')).toBe('here\n');
    for (const pid of familyOfProcess(sshd.pid)) process.kill(pid, 'SIGKILL');

    const diagnosis = await looked;
    const { value, line } = insideOf(diagnosis);
    expect(value.uptimeS).toBeGreaterThan(0);
    expect(value.freeMemoryMb).toBeGreaterThan(0);
    expect(value.topMemory.length).toBeGreaterThan(0);
    expect(line).toMatch(/the rest did not come/);
    expect(['api.blocked', 'resource.exhausted']).toContain(codeOf(diagnosis));
  });

  test('before it has printed anything', async () => {
    const address = nextAddress();
    // The parent of the command is the server's process for this login.
    await server(address, { lines: ['ForceCommand kill -KILL $PPID'] });
    const diagnosis = await silentAntminer(address, folder.access('person'));
    standsWithoutSsh(diagnosis, /^SSH: /);
  });

  test('before anybody came', async () => {
    const address = nextAddress();
    const sshd = await server(address);
    await sshd.end();
    const diagnosis = await silentAntminer(address, folder.access('person'));
    standsWithoutSsh(diagnosis, /link\/refused/);
  });
});
