import type { Examination, FixName, Look, NeighbourSeen, Sight, Subject } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import type { ExamineOptions } from '../options.ts';
import { fixTargetOf } from './target-of.ts';

const saw = <T>(value: T): Sight<T> => ({ value, at: 0, ms: 0, bytes: 0, line: '', command: null });
const MAC = '02:a1:b2:c3:d4:e5';

const near = (mac: string | null, expectedMac: string | null): Look<NeighbourSeen> =>
  saw({ mac, vendor: null, isMinerVendor: null, expectedMac, expectedMacAt: null });

/** The parts of an examination that are asked. */
function examined(subject: Partial<Subject>, more: Partial<Examination> = {}): Examination {
  const nobody = { notSeen: 'nobody looked' };
  const known: Subject = {
    address: '10.0.4.21',
    family: 'antminer',
    make: 'Bitmain',
    model: null,
    firmware: 'stock',
    firmwareVersion: null,
    apiPort: 4028,
    by: 'read',
    ...subject,
  };
  return { subject: known, history: nobody, neighbour: nobody, ports: {}, ...more } as unknown as Examination;
}

const targetOf = (seen: Examination, options: ExamineOptions = {}, fix: FixName = 'reboot') =>
  fixTargetOf(fix, seen, options);

describe('the machine that a fix is applied to', () => {
  test('is the one that was examined, with what was given for it', () => {
    const credentials = { username: 'root', password: 'x' };
    const ssh = { credentials, hostKey: null };
    expect(targetOf(examined({}), { credentials, ssh, expectedMac: MAC })).toEqual({
      host: '10.0.4.21',
      family: 'antminer',
      apiPort: 4028,
      credentials,
      ssh,
      mac: MAC,
    });
  });

  test.each<[string, Partial<Subject>, Look<NeighbourSeen>, string | null]>([
    ['that was read is known', {}, near(null, null), 'antminer'],
    ['that nobody knows is not', { by: 'assumed', family: null }, near(MAC, MAC), null],
    ['that is remembered is known by its MAC', { by: 'remembered' }, near(MAC.toUpperCase(), MAC), 'antminer'],
    ['that is remembered is not known behind a router', { by: 'remembered' }, { notSeen: 'routed' }, null],
    ['that is remembered is not known where no MAC is', { by: 'remembered' }, near(null, MAC), null],
    ['that is remembered is not known by a MAC that nobody expects', { by: 'remembered' }, near(MAC, null), null],
    ['with another MAC is another', { by: 'remembered' }, near('02:00:00:00:00:01', MAC), null],
  ])('one %s, where something is to be changed', (_, subject, neighbour, family) => {
    expect(targetOf(examined(subject, { neighbour })).family).toBe(family);
  });

  test('that is only remembered may be asked, as nothing is changed', () => {
    for (const fix of ['save-configuration', 'supply-credentials'] as const) {
      expect(targetOf(examined({ by: 'remembered' }), {}, fix).family).toBe('antminer');
    }
  });

  test.each<[string, Partial<Subject>, ExamineOptions, Record<number, 'open' | 'refused'>, unknown]>([
    ['its own', {}, {}, { 80: 'open' }, undefined],
    [
      'the stand-in of a privileged one that was open',
      {},
      { ports: { http: [8081, 8080] } },
      { 8081: 'refused', 8080: 'open' },
      { cgminer: 4028, http: 8080, monitor: 6060 },
    ],
    ['its own where no stand-in is open', {}, { ports: { http: [8081] } }, { 8081: 'refused' }, undefined],
    [
      'that of a Bitaxe behind a stand-in',
      { family: 'axeos', apiPort: 8080 },
      { ports: { http: [8080] } },
      { 8080: 'open' },
      { http: 8080 },
    ],
    ['a forwarded one alone', { address: '10.0.4.21:14028', apiPort: 14_028 }, {}, {}, { cgminer: 14_028 }],
    [
      'a forwarded one with the stand-in of its web page',
      { address: '10.0.4.21:14028', apiPort: 14_028 },
      { ports: { http: [18_080] } },
      { 18080: 'open' },
      { cgminer: 14_028, http: 18_080 },
    ],
    ['none of a machine that nobody knows', { family: null, by: 'assumed' }, {}, {}, undefined],
  ])('answers at %s', (_, subject, options, classes, ports) => {
    const seen = Object.fromEntries(Object.entries(classes).map(([number, is]) => [number, saw(is)]));
    expect(targetOf(examined(subject, { ports: seen }), options).ports).toEqual(ports);
    expect(targetOf(examined(subject), options).host).toBe('10.0.4.21');
  });
});
