import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../../../tests/shared.ts';
import type { SimulatedDevice } from '../sim/device.ts';
import { decimalsOf, shapeDifferences } from '../sim/shapes.testing.ts';
import { luxosSimulator } from './sim.ts';

/*
 * The simulated S19k Pro beside the replies of a real one.
 */

const FOLDER = ['captures', 'luxor', 'antminer-s19k-pro', 'luxos_2025.4.8.220305'];
const folder = sharedPath(...FOLDER);
const POWERED_AT = Date.UTC(2026, 0, 5);
const NOW = POWERED_AT + 3_600_000;

function capture(name: string): string {
  const path = sharedPath(...FOLDER, `${name}.json`);
  if (path === null) throw new Error(`no capture ${name}`);
  return readFileSync(path, 'utf8');
}

function machine(): SimulatedDevice {
  const found = luxosSimulator.profiles.find((profile) => profile.name === 's19k-pro');
  if (found === undefined) throw new Error('no profile s19k-pro');
  return found.create({ seed: 5, poweredAt: POWERED_AT });
}

function ask(command: string, parameter?: string): string {
  const reaction = machine().cgminer?.receive(
    Buffer.from(JSON.stringify({ command, parameter })),
    { address: '10.0.0.9' },
    NOW,
  );
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('utf8');
}

const COMMANDS: readonly (readonly [file: string, command: string, parameter?: string])[] = [
  ...['version', 'summary', 'stats', 'devs', 'pools', 'fans', 'temps', 'power', 'config', 'profiles'].map(
    (name) => [name, name] as const,
  ),
  ...['0', '1', '2'].flatMap(
    (board) =>
      [
        [`voltageget_${board}`, 'voltageget', board],
        [`healthchipget_${board}`, 'healthchipget', board],
      ] as const,
  ),
];

/** Whether a key's numbers are whole or have a point. */
const floats = (json: string): Map<string, string> =>
  new Map(
    [...decimalsOf(json)].map(([key, decimals]) => [
      key,
      [...decimals].every((n) => n === 0) ? 'whole' : [...decimals].some((n) => n === 0) ? 'both' : 'float',
    ]),
  );

describe.skipIf(folder === null)('a simulated S19k Pro under LuxOS beside a real one', () => {
  for (const [file, command, parameter] of COMMANDS) {
    test(`${file}: the same keys, the same types, whole numbers and floats alike`, () => {
      const [simulated, real] = [ask(command, parameter), capture(file)];
      const [ours, theirs] = [JSON.parse(simulated), JSON.parse(real)];
      expect(shapeDifferences(ours, theirs)).toEqual([]);
      expect(floats(simulated)).toEqual(floats(real));
      expect([ours.STATUS[0].STATUS, ours.STATUS[0].Code, ours.STATUS[0].Msg]).toEqual([
        theirs.STATUS[0].STATUS,
        theirs.STATUS[0].Code,
        theirs.STATUS[0].Msg,
      ]);
      expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    });
  }

  test('lists are as long, and the chips stand where they stand on a real board', () => {
    for (const [file, command, parameter] of COMMANDS) {
      const [ours, theirs] = [JSON.parse(ask(command, parameter)), JSON.parse(capture(file))];
      for (const key of Object.keys(theirs).filter((name) => Array.isArray(theirs[name]))) {
        expect([file, key, ours[key].length]).toEqual([file, key, theirs[key].length]);
      }
    }
    const places = (json: string): unknown[] =>
      (JSON.parse(json) as { CHIPS: Record<string, unknown>[] }).CHIPS.map(({ Chip, Row, Column, Domain }) => [
        Chip,
        Row,
        Column,
        Domain,
      ]);
    expect(places(ask('healthchipget', '1'))).toEqual(places(capture('healthchipget_1')));
  });

  test('the profiles of a real machine follow from its nominal one', () => {
    const points = (json: string): unknown[] =>
      (JSON.parse(json) as { PROFILES: Record<string, unknown>[] }).PROFILES.map((profile) => [
        profile['Profile Name'],
        profile.Step,
        profile.Frequency,
        profile.Voltage,
        profile.Hashrate,
      ]);
    expect(points(ask('profiles'))).toEqual(points(capture('profiles')));
    const watts = (json: string): number[] =>
      (JSON.parse(json) as { PROFILES: { Watts: number }[] }).PROFILES.map(({ Watts }) => Watts);
    const real = watts(capture('profiles'));
    for (const [i, ours] of watts(ask('profiles')).entries()) expect(Math.abs(ours - (real[i] ?? 0))).toBeLessThan(20);
  });

  test('boards come in the order of the real reply, fans with its labels', () => {
    const of = (json: string, section: string, key: string): unknown[] =>
      (JSON.parse(json) as Record<string, Record<string, unknown>[]>)[section]?.map((record) => record[key]) ?? [];
    expect(of(ask('devs'), 'DEVS', 'ASC')).toEqual(of(capture('devs'), 'DEVS', 'ASC'));
    expect(of(ask('devs'), 'DEVS', 'Connector')).toEqual(of(capture('devs'), 'DEVS', 'Connector'));
    expect(of(ask('fans'), 'FANS', 'FAN')).toEqual(of(capture('fans'), 'FANS', 'FAN'));
    expect(of(ask('pools'), 'POOLS', 'GROUP')).toEqual(of(capture('pools'), 'POOLS', 'GROUP'));
    expect(of(ask('pools'), 'POOLS', 'Status')).toEqual(of(capture('pools'), 'POOLS', 'Status'));
  });
});
