import { type Action, blankIdentity, type Identity } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfAxeos, lacksOfAxeos, ownOfAxeos } from './commands.ts';
import { BitaxeDouble } from './double.testing.ts';
import { codeOf, perform } from './perform.testing.ts';

/* The table of protocols.md 6.4: every key, every release from v2.4 to v2.15, accepted, rejected or ignored. */

const RELEASES = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

const identityOf = (release: number | null): Identity => ({
  ...blankIdentity('axeos'),
  firmwareVersion: release === null ? null : `v2.${release}.1-3-gb5d1e36-dirty`,
});

/** Under the names that a person gives. */
function actionOf(name: string, release: number | null): Action | undefined {
  const identity = identityOf(release);
  const own = Object.entries(ownOfAxeos(identity)).map(([key, action]) => [`axeos.${key}`, action] as const);
  return { ...actionsOfAxeos(identity), ...Object.fromEntries(own) }[name];
}

interface Row {
  readonly key: string;
  readonly action: string;
  readonly given: Record<string, unknown>;
  /** What leaves, exactly. */
  readonly body: string;
  readonly from?: number;
  readonly before?: number;
  /** What the device keeps under the key. */
  readonly kept: unknown;
  /** Restarts afterwards, unless told otherwise. */
  readonly restarts?: true;
  /** Cannot be read back. */
  readonly blind?: true;
  /** Never told by the device. */
  readonly secret?: true;
  /** Values that are refused before anything leaves. */
  readonly refused?: readonly Record<string, unknown>[];
}

const own = (key: string, name: string, value: unknown, kept: unknown, more: Partial<Row> = {}): Row => ({
  key,
  action: `axeos.${key}`,
  given: { [name]: value },
  body: JSON.stringify({ [key]: kept }),
  kept,
  ...more,
});

/** A key of a pool, as it is flat up to v2.14, of the primary pool and of the fallback. */
const ofPool = (key: string, value: unknown, kept: unknown, from: number, refused: readonly unknown[] = []): Row[] =>
  [false, true].map((fallback) => {
    const name = fallback ? `fallback${key.slice(0, 1).toUpperCase()}${key.slice(1)}` : key;
    return {
      key: name,
      action: `axeos.${key}`,
      given: fallback ? { value, fallback } : { value },
      body: JSON.stringify({ [name]: kept }),
      from,
      before: 15,
      kept,
      restarts: true,
      refused: refused.map((bad) => ({ value: bad })),
    };
  });

const POOLS = {
  pools: [
    { url: 'stratum+tcp://a.example:3333', worker: 'w.1', password: 's3cret' },
    { url: 'stratum+tcp://b.example:4444', worker: 'w.2', password: 'x' },
  ],
};
/** What set-pools writes, by what a release has. */
const FLAT =
  '"stratumURL":"a.example","stratumPort":3333,"stratumUser":"w.1","stratumPassword":"s3cret"|"fallbackStratumURL":"b.example","fallbackStratumPort":4444,"fallbackStratumUser":"w.2","fallbackStratumPassword":"x"|';
const flat = (first: string, second: string, last: string): string => {
  const [one, two] = FLAT.split('|');
  return `{${one}${first},${two}${second}${last}}`;
};
const poolRow = (
  key: string,
  kept: unknown,
  from: number,
  before: number,
  body: string,
  more: Partial<Row> = {},
): Row => ({
  key,
  action: 'setPools',
  given: POOLS,
  body,
  from,
  before,
  kept,
  restarts: true,
  ...more,
});
const poolRows = (from: number, before: number, body: string): Row[] => [
  poolRow('stratumURL', 'a.example', from, before, body),
  poolRow('stratumPort', 3333, from, before, body),
  poolRow('stratumUser', 'w.1', from, before, body),
  poolRow('stratumPassword', 's3cret', from, before, body, { secret: true }),
  poolRow('fallbackStratumURL', 'b.example', from, before, body),
  poolRow('fallbackStratumPort', 4444, from, before, body),
  poolRow('fallbackStratumUser', 'w.2', from, before, body),
  poolRow('fallbackStratumPassword', 'x', from, before, body, { secret: true }),
];

const ROWS: readonly Row[] = [
  {
    key: 'ssid',
    action: 'setNetwork',
    given: { ssid: 'Attic', wifiPass: 'long enough' },
    body: '{"ssid":"Attic","wifiPass":"long enough"}',
    kept: 'Attic',
    restarts: true,
    refused: [
      { ssid: '', wifiPass: 'long enough' },
      { ssid: 'x'.repeat(33), wifiPass: 'long enough' },
    ],
  },
  {
    key: 'wifiPass',
    action: 'setNetwork',
    given: { ssid: 'Attic', wifiPass: 'long enough', restart: false },
    body: '{"ssid":"Attic","wifiPass":"long enough"}',
    kept: 'long enough',
    secret: true,
    blind: true,
    refused: [
      { ssid: 'Attic', wifiPass: 'short' },
      { ssid: 'Attic', wifiPass: 'x'.repeat(64) },
    ],
  },
  {
    key: 'hostname',
    action: 'setHostname',
    given: { hostname: 'bitaxe-7' },
    body: '{"hostname":"bitaxe-7"}',
    kept: 'bitaxe-7',
    refused: [{ hostname: 'bit axe' }, { hostname: 'x'.repeat(33) }, { hostname: 'bitaxe.local' }, { hostname: '-' }],
  },
  ...poolRows(4, 11, flat('', '', '')),
  ...poolRows(11, 13, flat('', '', ',"useFallbackStratum":0')),
  ...poolRows(13, 14, flat(',"stratumTLS":0', ',"fallbackStratumTLS":0', ',"useFallbackStratum":0')),
  ...poolRows(
    14,
    15,
    flat(
      ',"stratumTLS":0,"stratumProtocol":"SV1"',
      ',"fallbackStratumTLS":0,"fallbackStratumProtocol":"SV1"',
      ',"useFallbackStratum":0',
    ),
  ),
  ...ofPool('stratumSuggestedDifficulty', 512, 512, 9, [-1, 65_536, 1.5]),
  ...ofPool('stratumExtranonceSubscribe', true, 1, 9, ['perhaps']),
  ...ofPool('stratumTLS', 'own', 2, 13, ['3', 3]),
  ...ofPool('stratumCert', '-----BEGIN\nabc\n-----END', '-----BEGIN\nabc\n-----END', 13, ['', 'x'.repeat(3001)]),
  ...ofPool('stratumDecodeCoinbase', false, 0, 13),
  ...ofPool('stratumProtocol', 'SV2', 'SV2', 14, ['SV3']),
  ...ofPool('stratumV2ChannelType', 'extended', 'extended', 14, ['wide']),
  ...ofPool('stratumV2AuthorityPubkey', '9bXiEd8b', '9bXiEd8b', 14, ['x'.repeat(53)]),
  {
    key: 'useFallbackStratum',
    action: 'switchPool',
    given: { pool: 1 },
    body: '{"useFallbackStratum":1}',
    from: 11,
    before: 15,
    kept: 1,
    restarts: true,
    refused: [{ pool: 2 }, { pool: -1 }],
  },
  {
    key: 'frequency',
    action: 'setFrequency',
    given: { frequencyMHz: 550 },
    body: '{"frequency":550}',
    kept: 550,
    refused: [{ frequencyMHz: 0 }, { frequencyMHz: 65_536 }],
  },
  {
    key: 'coreVoltage',
    action: 'setVoltage',
    given: { voltageV: 1.2 },
    body: '{"coreVoltage":1200}',
    kept: 1200,
    refused: [{ voltageV: 0 }, { voltageV: 66 }],
  },
  own('overclockEnabled', 'on', true, 1, { from: 6 }),
  {
    key: 'autofanspeed',
    action: 'setFan',
    given: { percent: 'auto' },
    body: '{"autofanspeed":1}',
    kept: 1,
    refused: [{ percent: 101 }, { percent: -1 }, { percent: 1.5 }, { percent: 'fast' }],
  },
  {
    key: 'fanspeed',
    action: 'setFan',
    given: { percent: 70 },
    body: '{"autofanspeed":0,"fanspeed":70}',
    before: 11,
    kept: 70,
  },
  {
    key: 'manualFanSpeed',
    action: 'setFan',
    given: { percent: 70 },
    body: '{"autofanspeed":0,"manualFanSpeed":70}',
    from: 11,
    kept: 70,
  },
  own('minFanSpeed', 'percent', 30, 30, { from: 10, refused: [{ percent: 100 }, { percent: -1 }] }),
  {
    key: 'temptarget',
    action: 'setTemperatureTarget',
    given: { targetC: 65 },
    body: '{"temptarget":65}',
    from: 7,
    kept: 65,
    refused: [{ targetC: 34 }, { targetC: 67 }],
  },
  { key: 'overheat_mode', action: 'axeos.overheat_mode', given: {}, body: '{"overheat_mode":0}', kept: 0 },
  own('display', 'display', 'ssd1309 (128X64)', 'SSD1309 (128x64)', { from: 8, refused: [{ display: 'LCD' }] }),
  own('rotation', 'degrees', '180', 180, { from: 9, refused: [{ degrees: '45' }, { degrees: '1' }] }),
  own('flipscreen', 'on', false, 0, { before: 9 }),
  own('invertscreen', 'on', 'on', 1),
  own('displayOffset', 'offset', 32, 32, { from: 11, blind: true, secret: true, refused: [{ offset: 256 }] }),
  own('displayTimeout', 'minutes', 10, 10, { from: 7, refused: [{ minutes: -2 }, { minutes: 65_536 }] }),
  own('statsFrequency', 'seconds', 120, 120, { from: 9, refused: [{ seconds: -1 }, { seconds: 65_536 }] }),
  own('statsLimit', 'rows', 360, 360, { from: 8, before: 9, refused: [{ rows: 721 }] }),
  own('statsDuration', 'minutes', 60, 60, { from: 8, before: 9, refused: [{ minutes: 0 }, { minutes: 721 }] }),
  own('invertfanpolarity', 'on', false, 0, { before: 7 }),
  own('useCustomWWW', 'on', true, 1, { from: 15 }),
];

const isIn = ({ from = 0, before = 99 }: Row, release: number): boolean => release >= from && release < before;

describe.each(RELEASES)('AxeOS v2.%i', (release) => {
  test.each(ROWS.filter((row) => isIn(row, release)))('takes $key by $action, and shows it', async (row) => {
    const double = new BitaxeDouble(release, {
      flipscreen: 1,
      invertfanpolarity: 1,
      autofanspeed: 0,
      overheat_mode: 1,
    });
    const action = actionOf(row.action, release);
    const { done, verdicts } = await perform(double, action, row.given);
    expect(double.writes).toEqual([
      `PATCH /api/system ${row.body}`,
      ...(row.restarts === undefined ? [] : ['POST /api/system/restart']),
    ]);
    expect(verdicts.every((verdict) => 'accepted' in verdict && verdict.accepted)).toBe(true);
    expect(row.secret === undefined ? double.stored[row.key] : double.secret[row.key]).toEqual(row.kept);
    expect(done).toBe(row.blind === true ? null : true);
    for (const bad of row.refused ?? []) {
      double.writes.length = 0;
      expect(await codeOf(perform(double, action, bad)), JSON.stringify(bad)).toBe('usage/invalid');
      expect(double.writes).toEqual([]);
    }
  });

  // What another key does in its place is still offered: manualFanSpeed for fanspeed, the list for the flat pool keys.
  const absent = ROWS.filter(
    ({ action }, i) =>
      ROWS.findIndex((row) => row.action === action) === i &&
      !ROWS.some((row) => row.action === action && isIn(row, release)) &&
      !(release === 15 && /stratum|Pool/i.test(action)),
  );
  test.each(absent)('has no $action, and nothing is sent even where its version was not known', async (row) => {
    const double = new BitaxeDouble(release);
    expect(actionOf(row.action, release)).toBeUndefined();
    if (!row.action.includes('.')) expect(lacksOfAxeos(identityOf(release))).toHaveProperty(row.action);
    expect(await codeOf(perform(double, actionOf(row.action, null), row.given))).toBe('support/unsupported');
    expect(double.writes).toEqual([]);
  });

  test('that says yes and keeps nothing is found out', async () => {
    for (const row of ROWS.filter((one) => isIn(one, release) && one.blind !== true && one.secret !== true)) {
      const double = new BitaxeDouble(release, {
        overheat_mode: 1,
        flipscreen: 1,
        invertfanpolarity: 1,
        autofanspeed: 0,
        stratumDecodeCoinbase: 1,
        fallbackStratumDecodeCoinbase: 1,
      });
      double.deaf.add(row.key);
      const { done } = await perform(double, actionOf(row.action, release), row.given);
      expect(done, row.key).toBe(false);
    }
  });
});

/** The first column of 6.4, each fallback key beside its own. */
const KEYS_OF_6_4 =
  'ssid wifiPass hostname stratumURL stratumUser stratumPassword fallbackStratumURL fallbackStratumUser fallbackStratumPassword stratumPort fallbackStratumPort stratumSuggestedDifficulty fallbackStratumSuggestedDifficulty stratumExtranonceSubscribe fallbackStratumExtranonceSubscribe stratumTLS fallbackStratumTLS stratumCert fallbackStratumCert stratumDecodeCoinbase fallbackStratumDecodeCoinbase stratumProtocol fallbackStratumProtocol stratumV2ChannelType fallbackStratumV2ChannelType stratumV2AuthorityPubkey fallbackStratumV2AuthorityPubkey useFallbackStratum frequency coreVoltage overclockEnabled autofanspeed fanspeed manualFanSpeed minFanSpeed temptarget overheat_mode display rotation flipscreen invertscreen displayOffset displayTimeout statsFrequency statsLimit statsDuration invertfanpolarity useCustomWWW';

test('every key of the table has a row; pools and their indexes are in commands.test.ts', () => {
  expect([...new Set(ROWS.map(({ key }) => key))].sort()).toEqual(KEYS_OF_6_4.split(' ').sort());
});

test('useFallbackStratum is ignored without a word before v2.11, and so is not offered', async () => {
  const double = new BitaxeDouble(10);
  expect(actionOf('switchPool', 10)).toBeUndefined();
  expect(lacksOfAxeos(identityOf(10)).switchPool).toBe('it came with v2.11, and this one has v2.10.1-3-gb5d1e36-dirty');
  expect(await codeOf(perform(double, actionOf('switchPool', null), { pool: 1 }))).toBe('support/unsupported');
});
