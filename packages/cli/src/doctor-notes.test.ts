import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Remembered } from '@headframe/client';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { doctorNotes } from './doctor-notes.ts';
import { readNotes } from './read-doctor-notes.ts';

const FUZZ = { seed: 813, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'headframe-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const fileIn = (path: string): string => join(path, 'doctor-notes.json');

const machine: Remembered = {
  firmware: { before: '2.0.0', now: '2.0.1', changedAt: 1_767_607_200_000 },
  lastAnswerAt: 1_767_607_200_900,
  lastUptimeS: 7200,
  failures: [{ at: 1_767_600_000_000, uptimeS: null }],
  mac: '24:0a:c4:01:02:03',
  pollEveryS: 30,
  subject: { family: 'antminer', make: 'Bitmain', model: 'S19 Pro', firmware: 'stock' },
};

describe('the notes of the doctor', () => {
  test('are there for the next command, in a file of this user alone', () => {
    const data = join(folder(), 'new');
    const notes = doctorNotes(data);
    expect(notes.recall('10.0.4.21')).toBeNull();
    notes.remember('10.0.4.21', machine);
    expect(notes.recall('10.0.4.21')).toEqual(machine);
    notes.flush();
    expect(doctorNotes(data).recall('10.0.4.21')).toEqual(machine);
    expect(readdirSync(data)).toEqual(['doctor-notes.json']);
    if (process.platform !== 'win32') expect(statSync(fileIn(data)).mode & 0o777).toBe(0o600);
  });

  test('of 1,000 machines are written a few times, and at the end of the process', () => {
    const data = folder();
    const notes = doctorNotes(data);
    const before = process.listeners('exit').length;
    let writes = 0;
    let last: number | null = null;
    for (let i = 0; i < 1000; i++) {
      notes.remember(`10.0.${i >> 8}.${i & 255}`, machine);
      const now = existsSync(fileIn(data)) ? statSync(fileIn(data)).ino : null;
      if (now !== last) writes++;
      last = now;
    }
    notes.remember('10.9.9.9', machine);
    expect(writes).toBeLessThanOrEqual(4);
    expect(doctorNotes(data).recall('10.9.9.9')).toBeNull();
    const atExit = process.listeners('exit').at(-1);
    atExit?.(0);
    expect(doctorNotes(data).recall('10.9.9.9')).toEqual(machine);
    expect(doctorNotes(data).recall('10.0.0.0')).toEqual(machine);
    expect(process.listeners('exit')).toHaveLength(before);
  });

  test('of two commands at once are both kept', () => {
    const data = folder();
    const [one, two] = [doctorNotes(data), doctorNotes(data)];
    one.remember('10.0.4.1', machine);
    two.remember('10.0.4.2', machine);
    one.flush();
    two.flush();
    expect(doctorNotes(data).recall('10.0.4.1')).toEqual(machine);
    expect(doctorNotes(data).recall('10.0.4.2')).toEqual(machine);
  });

  test.each(['', '{', 'null', '[1]', '{"machines":{}}', '\u0000\u0001'])(
    'begin anew where the file holds %j',
    (text) => {
      const data = folder();
      writeFileSync(fileIn(data), text);
      const notes = doctorNotes(data);
      expect(notes.recall('10.0.4.21')).toBeNull();
      notes.remember('10.0.4.21', machine);
      notes.flush();
      expect(doctorNotes(data).recall('10.0.4.21')).toEqual(machine);
    },
  );

  test('of words of JavaScript are like any others', () => {
    const data = folder();
    const notes = doctorNotes(data);
    for (const address of ['__proto__', 'constructor', 'tostring']) {
      expect(notes.recall(address)).toBeNull();
      notes.remember(address, machine);
    }
    notes.flush();
    expect(doctorNotes(data).recall('__proto__')).toEqual(machine);
    expect(Object.hasOwn(Object.prototype, 'mac')).toBe(false);
  });

  test('keep the 20,000 machines that were examined last', () => {
    const data = folder();
    const { failures: _, ...rest } = machine;
    const machines = Array.from({ length: 20_000 }, (_, i) => [`m${i}`, rest]);
    writeFileSync(fileIn(data), JSON.stringify({ machines }));
    const notes = doctorNotes(data);
    notes.remember('m0', machine);
    notes.remember('new', machine);
    notes.flush();
    const after = readNotes(readFileSync(fileIn(data), 'utf8'));
    expect(after.size).toBe(20_000);
    expect([...after.keys()].slice(0, 1)).toEqual(['m2']);
    expect([...after.keys()].slice(-2)).toEqual(['m0', 'new']);
  });

  test('that cannot be written are kept for this command', () => {
    const data = folder();
    const inTheWay = join(data, 'file');
    writeFileSync(inTheWay, '');
    chmodSync(inTheWay, 0o400);
    const notes = doctorNotes(inTheWay);
    notes.remember('10.0.4.21', machine);
    expect(() => notes.flush()).not.toThrow();
    expect(notes.recall('10.0.4.21')).toEqual(machine);
  });
});

test('what is odd in the notes is left out', () => {
  const kept = {
    firmware: { before: 5, now: '2.0.1', changedAt: 'never' },
    lastAnswerAt: -1,
    failures: [null, { at: 7, uptimeS: 'x' }, { uptimeS: 3 }],
    mac: { a: 1 },
    subject: 'antminer',
  };
  const text = JSON.stringify({ machines: [['10.0.4.21', kept], 'no pair', [7, kept], ['10.0.4.22']] });
  expect([...readNotes(text)]).toEqual([
    [
      '10.0.4.21',
      {
        firmware: { before: null, now: '2.0.1', changedAt: null },
        lastAnswerAt: null,
        lastUptimeS: null,
        failures: [{ at: 7, uptimeS: null }],
        mac: null,
        pollEveryS: null,
        subject: { family: null, make: null, model: null, firmware: null },
      },
    ],
  ]);
});

test('any JSON is read as notes of which each is whole', () => {
  const machines = fc.array(fc.oneof(fc.tuple(fc.string(), fc.anything()), fc.anything()));
  const text = fc.oneof(
    fc.json(),
    machines.map((list) => JSON.stringify({ machines: list })),
  );
  fc.assert(
    fc.property(text, (notes) => {
      for (const remembered of readNotes(notes).values()) {
        expect(Object.keys(remembered).toSorted()).toEqual(Object.keys(machine).toSorted());
        expect(remembered.failures.length).toBeLessThanOrEqual(50);
      }
    }),
    FUZZ,
  );
});
