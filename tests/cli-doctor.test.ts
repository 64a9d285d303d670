import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Farm, parseFault, startFarm } from '@headframe/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, ENVIRONMENT, endAll, headframe, listening, Running, tooWide } from './cli.testing.ts';

/*
 * `headframe doctor` as a process, with simulated machines on loopback addresses of their own. It keeps its notes in a
 * folder of this test, and every machine is asked at a port of its own or at its usual ones.
 */

const BASE = '127.94';
let dir: string;
/** 127.94.10.1 to .2, well. */
let well: Farm;
/** 127.94.11.1 takes the connection and says nothing; 127.94.12.1 closes it at once. */
let hanging: Farm;
let closing: Farm;

const farmAt = (base: string, fault?: string, count = 1): Promise<Farm> =>
  startFarm({
    count,
    seed: 3,
    families: ['antminer'],
    base,
    inProcess: true,
    ...(fault === undefined ? {} : { faults: [parseFault(fault)] }),
  });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'headframe-doctor-'));
  // Notes of earlier runs would be evidence.
  ENVIRONMENT.HEADFRAME_DATA = join(dir, 'data');
  well = await farmAt(`${BASE}.10.1`, undefined, 2);
  hanging = await farmAt(`${BASE}.11.1`, 'accept-and-hang');
  closing = await farmAt(`${BASE}.12.1`, 'accept-and-close');
});
afterEach(endAll);
afterAll(async () => {
  await Promise.all([well?.close(), hanging?.close(), closing?.close()]);
  rmSync(dir, { recursive: true, force: true });
});

const doctor = (...args: string[]) => headframe('doctor', ...args, '--quick');
const linesOf = (out: string): Record<string, unknown>[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('one machine', () => {
  test('that is well says so, and ends with 0', async () => {
    const { code, out, err } = await doctor(`${BASE}.10.1`);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^127\.94\.10\.1 {2}Bitmain Antminer .*\nNothing is wrong with the API of 127\.94\.10\.1: it answers in full, and it is\n/,
    );
    expect(out).toMatch(/\n 9\d % {2}healthy\n/);
    expect(out).toMatch(/\nEvidence \(\d+ looks in [\d.]+ s\)\n/);
  });

  test('that closes the connection gets the cause, its steps and the evidence, and ends with 1', async () => {
    const { code, out, err } = await doctor(addressOf(closing));
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(' 90 %  api.address-not-allowed  (row 8 of the decision table)\n');
    expect(out).toMatch(/\nWhat to do\n {2}1\./);
    expect(out).toContain(`$ echo '{"command":"version"}' | nc ${BASE}.12.1 4028\n`);
    // What is typed stays in one piece.
    expect(tooWide(out).filter((line) => !line.trimStart().startsWith('$ '))).toEqual([]);
  });

  test('as JSON is one document with the whole examination', async () => {
    const { code, out } = await doctor(addressOf(hanging), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      address: `${BASE}.11.1`,
      verdicts: [{ code: 'api.blocked', row: 10 }],
      examination: { subject: { apiPort: 4028 } },
    });
  });

  test('of which a person tells that it is silent since an update is told as that', async () => {
    const { out } = await doctor(addressOf(closing), '--since-update', '--json');
    expect(JSON.parse(out).verdicts[0]).toMatchObject({ code: 'firmware.update-broke-api', row: 13 });
  });

  test('whose name leads nowhere is not taken for dead', async () => {
    const { code, out } = await doctor('no-such-machine.invalid', '--json');
    const { urgency, verdicts } = JSON.parse(out);
    expect([code, urgency, verdicts[0].code]).toEqual([1, 'unknown', 'address.moved']);
  });

  test('that nobody answers for is examined all the same when it is named, and not counted as empty', async () => {
    const { code, out } = await doctor(`${BASE}.19.1`, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out).verdicts[0].code).toBe('api.not-listening');
  });
});

describe('several machines', () => {
  test('are told by cause, what costs money first, with the healthy ones counted', async () => {
    const { code, out } = await doctor(`${BASE}.10.1-2`, addressOf(hanging), addressOf(closing));
    expect(code).toBe(1);
    expect(out).toMatch(/^4 machines examined: 2 healthy, 2 causes \(2 may cost money\)\.\n\nMAY COST MONEY {2}api\./);
    for (const address of [`${BASE}.11.1`, `${BASE}.12.1`]) expect(out).toContain(`headframe doctor ${address}\n`);
    expect(out).not.toContain('Evidence');
  });

  test('that are all well end with 0', async () => {
    expect(await doctor(`${BASE}.10.1-2`)).toMatchObject({
      code: 0,
      out: '2 machines examined: all are healthy.\n',
    });
  });

  test('are printed whole before the causes with --full', async () => {
    const { out } = await doctor(`${BASE}.10.1`, addressOf(closing), '--full');
    expect(out.match(/^Evidence/gm)).toHaveLength(2);
    expect(out.indexOf('2 machines examined')).toBeGreaterThan(out.lastIndexOf('Evidence'));
  });

  test('as JSON are one line each, in the order of their addresses, and a last one with the incidents', async () => {
    const { out } = await doctor(addressOf(closing), `${BASE}.10.1-2`, '--json');
    const lines = linesOf(out);
    expect(lines.slice(0, 3).map(({ address }) => address)).toEqual([`${BASE}.10.1`, `${BASE}.10.2`, `${BASE}.12.1`]);
    expect(lines[3]).toMatchObject({
      examined: 3,
      empty: 0,
      incidents: [{ code: 'api.address-not-allowed', addresses: [`${BASE}.12.1`] }],
    });
    expect(lines).toHaveLength(4);
  });

  test('with an address in an option that is for one of them are refused', async () => {
    for (const [option, value] of [
      ['--expect-mac', '02:ab:12:34:56:78'],
      ['--uart-log', '-'],
    ] as const) {
      const { code, err } = await doctor(`${BASE}.10.1-2`, option, value);
      expect([code, err]).toEqual([
        2,
        expect.stringMatching(/of one machine: give one address \(usage\/invalid\)\.\n$/),
      ]);
    }
  });
});

describe('a report', () => {
  test('is written without the password that was given', async () => {
    const path = join(dir, 'report.md');
    const credentials = join(dir, 'credentials.json');
    writeFileSync(credentials, '{"credentials":[{"username":"root","password":"it-is-mining"}]}', { mode: 0o600 });
    const { code, err } = await doctor(
      ...[addressOf(closing), '--report', path, '--contact', 'Ada, it-is-mining, 555 0100'],
      ...['--tried', 'power cycle', '--credentials', credentials],
    );
    expect([code, err]).toEqual([1, `The report is in ${path}.\n`]);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('`api.address-not-allowed`, row 8');
    expect(text).toContain('power cycle');
    expect(text).toContain('Ada');
    expect(text).not.toContain('it-is-mining');
  });

  test('of several machines has those that are not well', async () => {
    const path = join(dir, 'farm.md');
    const { err } = await doctor(`${BASE}.10.1-2`, addressOf(closing), addressOf(hanging), '--report', path);
    expect(err).toBe(`The report of 2 machines is in ${path}.\n`);
    expect(readFileSync(path, 'utf8').match(/^# .* at /gm)).toHaveLength(2);
  });

  test('that cannot be written is a sentence and a code, behind what was found', async () => {
    const path = join(dir, 'no-such-folder', 'report.md');
    const { code, out, err } = await doctor(addressOf(closing), '--report', path);
    expect(code).toBe(2);
    expect(out).toContain('api.address-not-allowed');
    expect(err).toBe(
      `The report cannot be written to ${path} (ENOENT); what was found stands above (usage/invalid).\n`,
    );
  });
});

describe('a log of the serial console', () => {
  test('is read, and the cause that stands in it is named', async () => {
    const path = join(dir, 'boot.log');
    const boot = 'U-Boot 2014.01\nmmcblk0: error -110 transferring data\nKernel panic - not syncing: VFS\n';
    writeFileSync(path, boot.repeat(3));
    const { out } = await doctor(`${BASE}.19.2`, '--uart-log', path, '--json');
    const codes = JSON.parse(out).verdicts.map(({ code }: { code: string }) => code);
    expect(codes).toContain('board.boot-storage');
  });

  test('that is not there is a sentence before anything is asked', async () => {
    const { code, out, err } = await doctor(addressOf(closing), '--uart-log', join(dir, 'none.log'));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^The log of the serial console .*none\.log cannot be read \(ENOENT\) \(usage\/invalid\)\.\n$/);
  });
});

describe('a mistake', () => {
  test.each<[string, string[], string]>([
    ['a pool that nobody knows', ['--pool', 'nopool:me'], '"nopool" is no pool that can be read; known: '],
    ['a MAC that is none', ['--expect-mac', 'zz'], '--expect-mac takes six bytes such as 02:ab:12:34:56:78, not "zz"'],
    ['a MAC with more behind it', ['--expect-mac', '02ab12345678!'], '--expect-mac takes six bytes'],
    ['--fix without a terminal', ['--fix'], '--fix asks before each step, and nobody sits at this terminal'],
    ['--fix for a program', ['--fix', '--json'], '--fix asks a person, and --json is for a program'],
    ['--watch with --fix', ['--watch', '--fix'], '--watch only looks'],
    ['--watch of no time', ['--watch', '0'], '--watch takes 1 to 86400 seconds, not "0"'],
    ['SSH without a password', ['--ssh', 'root'], 'SSH wants a password: set HEADFRAME_SSH_PASSWORD'],
    ['a key that is not there', ['--ssh-key', '/no/such/key'], 'The key file /no/such/key cannot be read (ENOENT)'],
  ])('%s is said before anything is asked', async (_, options, words) => {
    const { code, err } = await headframe('doctor', addressOf(closing), ...options);
    expect(code).toBe(2);
    expect(err.startsWith(words)).toBe(true);
    expect(err).toContain('(usage/invalid)');
  });
});

describe.skipIf(process.platform === 'win32')('what is interrupted', () => {
  test('prints what was found by then and ends with 130', async () => {
    const silent: Server = createServer();
    const address = await listening(silent);
    const asked = new Promise((resolve) => silent.once('connection', resolve));
    const run = new Running(['doctor', `${BASE}.10.1`, address, '--at-once', '1', '--quick', '--json']);
    await asked;
    const { code, out, err } = await run.end('SIGINT');
    silent.close();
    expect(code).toBe(130);
    expect(linesOf(out)[0]).toMatchObject({ address: `${BASE}.10.1`, urgency: 'healthy' });
    expect(err).toBe('Interrupted: what was not examined by then is left out.\n');
  });
});

describe.skipIf(process.platform === 'win32')('--watch', () => {
  test('tells the first state of a machine, then each change and nothing else, until it is ended', async () => {
    let machine = await farmAt(`${BASE}.13.1`);
    const run = new Running(['doctor', `${BASE}.13.1`, '--watch', '1', '--quick', '--timeout', '10']);
    expect(await run.line()).toMatch(/^20\d\d-\d\d-\d\dT[\d:]{8}Z {2}127\.94\.13\.1 {2}healthy {2}Nothing is wrong/);
    await machine.close();
    expect(await run.line()).toMatch(/Z {2}127\.94\.13\.1 {2}healthy -> api\.not-listening \(\d+ %\) {2}/);
    machine = await farmAt(`${BASE}.13.1`);
    expect(await run.line()).toMatch(/Z {2}127\.94\.13\.1 {2}api\.not-listening -> healthy {2}Nothing is wrong/);
    const { code, out, err } = await run.end('SIGINT');
    await machine.close();
    expect([code, out.trimEnd().split('\n').length]).toEqual([0, 3]);
    expect(err).toBe('Looks every 1 s and tells what changes; Ctrl-C ends it.\n');
  });
});

test.skipIf(process.platform === 'win32')('what is remembered of a machine is for this user alone', async () => {
  await doctor(`${BASE}.10.2`);
  const notes = join(dir, 'data', 'doctor-notes.json');
  expect(statSync(notes).mode & 0o077).toBe(0);
  expect(readFileSync(notes, 'utf8')).toContain(`"${BASE}.10.2"`);
});
