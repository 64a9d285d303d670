import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES } from '../doctor/cases.ts';
import { calibration, confusion, isRight, type Result, runMatrix, saidOf, sureness } from '../doctor/matrix.ts';

/*
 * Every fault that can be put on loopback sockets, on every family that its row is about, with twenty seeds each. The doctor
 * is told an address and what would be known from before; which fault it is reaches it through sockets and the operating
 * system alone.
 */

const SEEDS = Number(process.env.HEADFRAME_DOCTOR_SEEDS ?? 20);
/** 127.98.x.y: nobody else's. */
const BLOCK = 98;
let results: readonly Result[] = [];

beforeAll(async () => {
  results = await runMatrix(CASES, { seeds: SEEDS, block: BLOCK });
});

afterAll(() => {
  const text = `${confusion(results)}\n\n${calibration(results)}\n`;
  process.stdout.write(`\n${text}`);
  const { HEADFRAME_DOCTOR_MATRIX: path } = process.env;
  if (path !== undefined) writeFileSync(path, text);
});

const named = ({ fault, family, profile, seed, diagnosis, crash }: Result): string =>
  `${fault} on ${family} ${profile}, seed ${seed}: ${diagnosis?.verdicts[0]?.code ?? String(crash)}`;

describe('fault by verdict', () => {
  test('no examination crashes, and each has a verdict', () => {
    expect(results.length).toBeGreaterThan(CASES.length * SEEDS);
    expect(results.filter(({ diagnosis }) => diagnosis === null).map(named)).toEqual([]);
  });

  test.each(CASES.map(({ fault }) => fault))('%s is named in at least 95 of 100', (fault) => {
    const here = results.filter((result) => result.fault === fault);
    const wrong = here.filter((result) => !isRight(result)).map(named);
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(here.length * 0.05);
  });

  test('a healthy machine gets no other verdict', () => {
    const healthy = results.filter(({ expected }) => expected === 'healthy');
    expect(healthy.filter((result) => saidOf(result) !== 'healthy').map(named)).toEqual([]);
    expect(healthy.filter(({ diagnosis }) => diagnosis?.verdicts.length !== 1).map(named)).toEqual([]);
  });

  test('nobody is confident and wrong', () => {
    expect(results.filter((result) => !isRight(result) && sureness(result) >= 0.8).map(named)).toEqual([]);
  });

  test('of verdicts given as 90 % sure about nine in ten are right, and more of the surer ones', () => {
    const sure = results.filter((result) => sureness(result) >= 0.85);
    expect(sure.length).toBeGreaterThan(results.length / 3);
    expect(sure.filter(isRight).length / sure.length).toBeGreaterThanOrEqual(0.9);
  });

  test('each of several causes has its remedy, what would change it and why it won', () => {
    for (const { diagnosis } of results) {
      for (const { because, wouldChange, remedy, code } of diagnosis?.verdicts ?? []) {
        expect(wouldChange, code).not.toBe('');
        if (code !== 'healthy' && code !== 'device.unknown') expect(because.length, code).toBeGreaterThan(0);
        if (code !== 'healthy') expect(remedy.length, code).toBeGreaterThan(0);
      }
    }
  });
});
