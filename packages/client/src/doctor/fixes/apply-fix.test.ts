import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FixName } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { closedPort } from '../../links/loopback.testing.ts';
import type { SshAccess } from '../options.ts';
import { applyFix, type FixOptions, type Proposal } from './apply-fix.ts';
import type { FixTarget } from './fix.ts';
import { FIXES } from './index.ts';
import { LinuxMachine } from './linux-machine.testing.ts';

const CONFIG = '/config/cgminer.conf';
const CLOSED =
  '{\n"pools" : [{"url" : "a", "pass" : "hunter2"}],\n"api-listen" : true,\n"api-allow" : "W:10.9.9.9"\n}\n';
const OPEN = CLOSED.replace('10.9.9.9', '127.0.0.1/32');
const SCRIPT = { '/etc/init.d/cgminer': '#!/bin/sh\n' };

const access = (machine: LinuxMachine, password = 'root'): SshAccess => ({
  credentials: { username: 'root', password },
  port: machine.ssh.port,
  hostKey: null,
});

const targetOf = (machine: LinuxMachine, more: Partial<FixTarget> = {}): FixTarget => ({
  host: '127.0.0.1',
  family: 'cgminer',
  ports: { cgminer: machine.apiPort },
  apiPort: machine.apiPort,
  ssh: access(machine),
  ...more,
});

/** Applies a fix in a time that waiting moves, and agrees to it unless told otherwise. */
async function apply(fix: FixName, target: FixTarget, more: Partial<FixOptions> & { onWait?: () => void } = {}) {
  let now = 1_790_000_000_000;
  const proposals: Proposal[] = [];
  const waited: number[] = [];
  const { onWait, ...options } = more;
  const outcome = await applyFix(fix, target, {
    confirm: (proposal) => {
      proposals.push(proposal);
      return true;
    },
    clock: { now: () => now },
    wait: async (ms) => {
      waited.push(ms);
      now += ms;
      onWait?.();
    },
    ...options,
  });
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
  return { outcome, proposals, waited };
}

describe('before anything is done', () => {
  test.each(Object.keys(FIXES) as FixName[])(
    '%s is proposed with what it interrupts, and not done without a yes',
    async (fix) => {
      const machine = await LinuxMachine.start({ [CONFIG]: CLOSED, ...SCRIPT });
      const folder = folderOfTest();
      const target = targetOf(machine, { mac: '02:00:00:00:00:01', saveTo: join(folder, 'saved') });
      for (const answer of [false, 'yes' as unknown as boolean]) {
        const seen: Proposal[] = [];
        const confirm = (proposal: Proposal) => {
          seen.push(proposal);
          return answer;
        };
        const { outcome } = await apply(fix, target, { confirm, askCredentials: async () => null });
        expect(outcome).toMatchObject({ fix, host: '127.0.0.1', result: 'not-done', answers: null, sent: [] });
        expect(seen[0]?.does).toMatch(
          /hashing stops|Hashing stops|connection drops|interrupts nothing|changes nothing|not touch/,
        );
        expect(seen[0]?.check).toBeTruthy();
      }
      expect(machine.ssh.attempts).toEqual([]);
      expect(machine.asked).toEqual([]);
    },
  );

  test.each([
    'allow-our-address',
    'restart-api',
    'reboot',
    'pin-address',
    'save-configuration',
    'supply-credentials',
  ] as const)('%s is refused on a machine that nobody knows', async (fix) => {
    const machine = await LinuxMachine.start({ [CONFIG]: CLOSED, ...SCRIPT });
    const { outcome, proposals } = await apply(fix, targetOf(machine, { family: null, saveTo: '/tmp/x' }), {
      askCredentials: async () => null,
    });
    expect(outcome).toMatchObject({ result: 'refused', said: expect.stringContaining('family is known') });
    expect(proposals).toEqual([]);
    expect(machine.ssh.attempts).toEqual([]);
  });

  test('what is missing is named', async () => {
    const { outcome } = await apply('find-by-mac', { host: '127.0.0.1', family: 'antminer' });
    expect(outcome).toMatchObject({
      result: 'refused',
      said: 'It needs the MAC address that the machine had; nothing was done.',
    });
  });
});

describe('our address', () => {
  test('is added to the list, first and alone, the file as it was is kept, and the API answers', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: CLOSED, ...SCRIPT });
    const { outcome, waited } = await apply('allow-our-address', targetOf(machine));
    expect(outcome).toMatchObject({ result: 'done', answers: true });
    expect(machine.files.get(CONFIG)).toBe(CLOSED.replace('"W:10.9.9.9"', '"W:127.0.0.1/32,W:10.9.9.9"'));
    expect(machine.files.get(`${CONFIG}.headframe-backup`)).toBe(CLOSED);
    expect([...machine.files.keys()].sort()).toEqual([CONFIG, `${CONFIG}.headframe-backup`, '/etc/init.d/cgminer']);
    expect(outcome.sent.map(({ shown }) => shown)).toEqual([
      '/config/cgminer.conf: api-allow "W:127.0.0.1/32,W:10.9.9.9"',
      '/etc/init.d/cgminer restart',
    ]);
    expect(outcome.said).toContain('cp /config/cgminer.conf.headframe-backup /config/cgminer.conf');
    expect(waited).toEqual([30_000]);
    expect(machine.unknown).toEqual([]);
  });

  test('is never written over a copy that was kept before', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: CLOSED, [`${CONFIG}.headframe-backup`]: 'first', ...SCRIPT });
    await apply('allow-our-address', targetOf(machine));
    expect(machine.files.get(`${CONFIG}.headframe-backup`)).toBe('first');
    expect(machine.files.get(`${CONFIG}.headframe-backup.1790000000`)).toBe(CLOSED);
  });

  test.each([
    ['a full disk', (m: LinuxMachine): boolean => (m.diskFull = true), 'No space left on device', 'refused'],
    [
      'a configuration that is no JSON',
      (m: LinuxMachine) => m.files.set(CONFIG, '{"a":1,}'),
      'it is no JSON object',
      'not-done',
    ],
    ['no configuration', (m: LinuxMachine) => m.files.delete(CONFIG), 'No configuration in JSON', 'not-done'],
    [
      'no way to restart',
      (m: LinuxMachine) => m.files.delete('/etc/init.d/cgminer'),
      'No command that restarts',
      'not-done',
    ],
  ] as const)('with %s nothing is different afterwards', async (_, spoil, why, result) => {
    const machine = await LinuxMachine.start({ [CONFIG]: CLOSED, ...SCRIPT });
    spoil(machine);
    const before = machine.files.get(CONFIG);
    const { outcome } = await apply('allow-our-address', targetOf(machine));
    expect(outcome).toMatchObject({ result, answers: null });
    expect(outcome.said).toContain(why);
    expect(machine.files.get(CONFIG)).toBe(before);
    expect([...machine.files.keys()].filter((path) => path.endsWith('.headframe-new'))).toEqual([]);
    expect(machine.uptimeS).toBe(90_000);
  });

  test('that is on the list already changes nothing and restarts nothing', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    const { outcome } = await apply('allow-our-address', targetOf(machine));
    expect(outcome).toMatchObject({ result: 'not-done', sent: [] });
    expect(machine.uptimeS).toBe(90_000);
  });

  test('a restart that fails is told with the way back', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: CLOSED, ...SCRIPT });
    machine.restartCode = 1;
    const { outcome, waited } = await apply('allow-our-address', targetOf(machine));
    expect(outcome).toMatchObject({ result: 'not-done', answers: false, error: { code: 'link/closed-empty' } });
    expect(outcome.said).toContain('ended with status 1');
    expect(outcome.said).toContain('to go back: cp');
    expect(waited.length).toBe(8);
  });

  test('with a wrong password is refused, without the password', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: CLOSED, ...SCRIPT });
    const { outcome } = await apply('allow-our-address', targetOf(machine, { ssh: access(machine, 'hunter2') }));
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'auth/rejected' } });
  });
});

describe('restarting', () => {
  test('a wedged API is restarted over SSH, and is seen to have started anew', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    machine.isWedged = true;
    const { outcome } = await apply('restart-api', targetOf(machine));
    expect(outcome).toMatchObject({ result: 'done', answers: true, sent: [{ shown: '/etc/init.d/cgminer restart' }] });
    expect(machine.asked).not.toContain('restart');
  });

  test('an answer of a program that has not started anew is none', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    machine.isWedged = true;
    const { outcome } = await apply('restart-api', targetOf(machine), {
      onWait: () => {
        machine.uptimeS = 90_000;
      },
    });
    expect(outcome).toMatchObject({ result: 'not-done', answers: true });
    expect(outcome.said).toContain('by its uptime of 90000 s it has not started anew in 240 s');
  });

  test('one whose API knows no restart is restarted over SSH', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    const { outcome } = await apply('restart-api', targetOf(machine));
    expect(machine.asked).toContain('restart');
    expect(outcome).toMatchObject({ result: 'done', answers: true, sent: [{ shown: '/etc/init.d/cgminer restart' }] });
  });

  test('without a login over SSH a machine that cannot says why', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    const { ssh: _, ...target } = targetOf(machine);
    const { outcome } = await apply('reboot', target);
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'support/unsupported' } });
    expect(outcome.said).toContain('With a login over SSH it can be done there.');
  });

  test('a reboot ends the connection, which is no failure', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    const { outcome } = await apply('reboot', targetOf(machine));
    expect(outcome).toMatchObject({ result: 'done', answers: true, sent: [{ shown: 'reboot' }] });
  });

  test('a reboot that the machine refuses is told in its words', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    machine.rebootDrops = false;
    const { outcome } = await apply('reboot', targetOf(machine));
    expect(outcome).toMatchObject({ result: 'refused', said: expect.stringContaining('must be superuser') });
  });

  test('cancelled while it is waited for: what was sent is told, and that the end is not known', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN, ...SCRIPT });
    machine.isWedged = true;
    const abort = new AbortController();
    const { outcome } = await apply('restart-api', targetOf(machine), {
      signal: abort.signal,
      wait: () => {
        abort.abort();
        return Promise.resolve();
      },
    });
    expect(outcome).toMatchObject({ result: 'unknown', sent: [{ shown: '/etc/init.d/cgminer restart' }] });
  });
});

describe('waiting', () => {
  test('until it answers, at the second time', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN });
    machine.isWedged = true;
    let waits = 0;
    const { outcome, waited } = await apply('wait-and-retry', targetOf(machine), {
      onWait: () => {
        waits += 1;
        if (waits === 2) machine.isWedged = false;
      },
    });
    expect(outcome).toMatchObject({ result: 'done', said: 'The API answers again after 60 s.' });
    expect(waited).toEqual([30_000, 30_000]);
  });

  test('three times, and no longer', async () => {
    const port = await closedPort();
    const target = { host: '127.0.0.1', family: 'cgminer', ports: { cgminer: port } };
    const { outcome, waited } = await apply('wait-and-retry', target);
    expect(outcome).toMatchObject({ result: 'not-done', error: { code: 'link/refused' } });
    expect(waited).toEqual([30_000, 30_000, 30_000]);
  });
});

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'headframe-fix-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

describe('the configuration', () => {
  test('is saved for its owner alone', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN });
    const file = join(folderOfTest(), 'saved.conf');
    // The outcome holds no text of it; the file does.
    const { outcome } = await apply('save-configuration', targetOf(machine, { saveTo: file }));
    expect(outcome).toMatchObject({ result: 'done', file });
    expect(readFileSync(file, 'utf8')).toBe(OPEN);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is not written over a file that is there', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN });
    const file = join(folderOfTest(), 'saved.conf');
    writeFileSync(file, 'mine');
    const { outcome } = await apply('save-configuration', targetOf(machine, { saveTo: file }));
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'usage/invalid' } });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(machine.ssh.attempts).toEqual([]);
  });

  test('that cannot be fetched leaves no empty file', async () => {
    const machine = await LinuxMachine.start({});
    const file = join(folderOfTest(), 'saved.conf');
    const { outcome } = await apply('save-configuration', targetOf(machine, { saveTo: file }));
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'support/unsupported' } });
    expect(() => statSync(file)).toThrow();
  });
});

test('a fixed address that its firmware cannot set is said, with what else helps', async () => {
  const machine = await LinuxMachine.start({ [CONFIG]: OPEN });
  const { outcome } = await apply('pin-address', targetOf(machine));
  expect(outcome).toMatchObject({ result: 'refused', error: { code: 'support/unsupported' } });
  expect(outcome.said).toContain('reserve the address in the DHCP server');
});

describe('a login', () => {
  test('of a family that has none is not asked for', async () => {
    const machine = await LinuxMachine.start({ [CONFIG]: OPEN });
    const { outcome } = await apply('supply-credentials', targetOf(machine), {
      askCredentials: () => Promise.reject(new Error('asked')),
    });
    expect(outcome).toMatchObject({ result: 'not-done', said: expect.stringContaining('without a login') });
  });

  test('that a person does not give is none', async () => {
    const target = { host: '127.0.0.1', family: 'antminer', ports: { http: await closedPort() } };
    const { outcome } = await apply('supply-credentials', target, { askCredentials: async () => null });
    expect(outcome).toMatchObject({ result: 'not-done', said: 'No login was given; nothing was sent.' });
  });

  test('of a machine that is away is not known to be right or wrong', async () => {
    const target = { host: '127.0.0.1', family: 'antminer', ports: { http: await closedPort() } };
    const { outcome } = await apply('supply-credentials', target, {
      askCredentials: async () => ({ username: 'root', password: 'hunter2' }),
    });
    expect(outcome).toMatchObject({ result: 'not-done', error: { code: 'link/refused' } });
  });

  test('that the machine refuses is refused', async () => {
    const { antminerLogin } = await import('../../devices.testing.ts');
    const { httpServer } = await import('../../links/loopback.testing.ts');
    const target = { host: '127.0.0.1', family: 'antminer', ports: { http: await httpServer(antminerLogin) } };
    const { outcome } = await apply('supply-credentials', target, {
      askCredentials: async () => ({ username: 'root', password: 'hunter2' }),
    });
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'auth/rejected' } });
  });
});
