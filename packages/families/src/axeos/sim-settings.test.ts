import { describe, expect, test } from 'vitest';
import { AT, gamma, info, patch, RELEASES, said, send } from './sim.testing.ts';
import { readPool } from './sim-pool.ts';

/*
 * Every key of protocols.md 6.4 in every release: taken, ignored without a word, or refused. Ranges are held from v2.11 on.
 */

interface Row {
  readonly key: string;
  readonly since?: number;
  readonly until?: number;
  readonly good: unknown;
  /** What v2.11 and later refuse. */
  readonly bad: readonly unknown[];
  /** Where it shows in info; the key itself if absent. Null: nowhere. */
  readonly shown?: string | null;
}

const long = (n: number): string => 'x'.repeat(n);
const both = (name: string, row: Omit<Row, 'key'>): Row[] =>
  ['s', 'fallbackS'].map((prefix) => ({ key: `${prefix}tratum${name}`, ...row }));

const ROWS: readonly Row[] = [
  { key: 'ssid', good: 'Garage', bad: ['', long(33), 5] },
  { key: 'wifiPass', good: 'correct horse', bad: [long(64), 5], shown: null },
  { key: 'hostname', good: 'axe-3', bad: ['', long(33), 5] },
  ...both('URL', { until: 14, good: 'stratum+tcp://p.example.org', bad: [5, long(4000)] }),
  ...both('User', { until: 14, good: 'account.two', bad: [5, long(4000)] }),
  ...both('Password', { until: 14, good: 'secret', bad: [5, long(4000)], shown: null }),
  ...both('Port', { until: 14, good: 4444, bad: [-1, 65536, '4444'] }),
  ...both('SuggestedDifficulty', { since: 9, until: 14, good: 512, bad: [-1, 65536, '512'] }),
  ...both('ExtranonceSubscribe', { since: 9, until: 14, good: 1, bad: [2, '1'] }),
  ...both('TLS', { since: 13, until: 14, good: 2, bad: [4, -1] }),
  ...both('Cert', { since: 13, until: 14, good: 'PEM', bad: [5, long(4000)] }),
  ...both('DecodeCoinbase', { since: 13, until: 14, good: 0, bad: [2, '0'] }),
  ...both('Protocol', { since: 14, until: 14, good: 'SV2', bad: ['SV3', 2] }),
  ...both('V2ChannelType', { since: 14, until: 14, good: 'standard', bad: ['other'] }),
  ...both('V2AuthorityPubkey', { since: 14, until: 14, good: '9abc', bad: [long(53), 5] }),
  { key: 'useFallbackStratum', since: 11, good: 1, bad: [2, '1'], shown: 'useFallbackStratum' },
  { key: 'frequency', good: 550, bad: [0, 65536, '550'] },
  { key: 'coreVoltage', good: 1200, bad: [0, 65536, '1200'] },
  { key: 'overclockEnabled', since: 6, good: 1, bad: [2, 'yes'] },
  { key: 'autofanspeed', good: 0, bad: [2, '0'] },
  { key: 'manualFanSpeed', since: 11, good: 70, bad: [101, -1] },
  { key: 'minFanSpeed', since: 10, good: 30, bad: [100, -1] },
  { key: 'temptarget', since: 7, good: 65, bad: [34, 67] },
  { key: 'display', since: 8, good: 'SSD1309 (128x64)', bad: ['SSD1309', 1] },
  { key: 'rotation', since: 9, good: 180, bad: [45, '90'] },
  { key: 'flipscreen', until: 8, good: 0, bad: [] },
  { key: 'invertscreen', good: 1, bad: [2] },
  { key: 'displayOffset', since: 11, good: 7, bad: [256, -1], shown: null },
  { key: 'displayTimeout', since: 7, good: 10, bad: [-2, 65536] },
  { key: 'statsFrequency', since: 9, good: 120, bad: [-1, 65536] },
  { key: 'statsLimit', since: 8, until: 8, good: 360, bad: [] },
  { key: 'statsDuration', since: 8, until: 8, good: 60, bad: [] },
  { key: 'invertfanpolarity', until: 6, good: 0, bad: [] },
  { key: 'useCustomWWW', since: 15, good: 1, bad: [2] },
  { key: 'primaryPoolIndex', since: 15, good: 1, bad: [8, -1] },
  { key: 'secondaryPoolIndex', since: 15, good: 0, bad: [8, -1] },
];

/** 1 and true are one to a device whose flags became booleans. */
const same = (shown: unknown, sent: unknown): boolean =>
  shown === sent || (typeof shown === 'boolean' && Number(shown) === sent);

describe.each(RELEASES)('AxeOS v2.%i', (minor) => {
  test.each(ROWS.map((row) => [row.key, row] as const))('%s', (key, { good, bad, ...row }) => {
    const known = minor >= (row.since ?? 4) && minor <= (row.until ?? 15);
    const on = gamma(minor);
    const before = info(on);
    const reply = patch(on, { [key]: good });
    // A new host name is answered with where to go from v2.15 on.
    if (minor === 15 && key === 'hostname') expect(reply).toMatch(/^200 \{"status":/);
    else expect(reply).toBe('200 ');
    const shown = row.shown === undefined ? key : row.shown;
    if (shown !== null && shown in before) expect([known, same(info(on)[shown], good)]).toEqual([known, known]);
    for (const value of bad) {
      expect([value, patch(gamma(minor), { [key]: value })]).toEqual([
        value,
        minor >= 11 && known ? '400 Wrong API input' : '200 ',
      ]);
    }
  });

  test('takes no document of 10240 bytes, and none that is no JSON', () => {
    const on = gamma(minor);
    expect(patch(on, `{"hostname":"${long(10_240)}"}`)).toBe('500 content too long');
    expect(patch(on, '{"hostname":')).toBe('400 Invalid JSON');
    expect(patch(on, '')).toBe('400 Invalid JSON');
    expect(patch(on, '[1,2]')).toBe('200 ');
    expect(info(on).hostname).toBe('bitaxe');
  });
});

test('one bad key refuses the whole document from v2.11 on; before, each goes its own way', () => {
  const mixed = { hostname: 'other', autofanspeed: 7 };
  const newer = gamma(12);
  expect(patch(newer, mixed)).toBe('400 Wrong API input');
  expect(info(newer).hostname).toBe('bitaxe');
  const older = gamma(10);
  expect(patch(older, mixed)).toBe('200 ');
  expect(info(older)).toMatchObject({ hostname: 'other', autofanspeed: 7 });
});

test('fanspeed sets the fan up to v2.10, and is taken without a word and without effect from v2.11', () => {
  const older = gamma(10);
  patch(older, { autofanspeed: 0, fanspeed: 88 });
  expect(info(older).fanspeed).toBe(88);
  const newer = gamma(11);
  patch(newer, { autofanspeed: 0, manualFanSpeed: 40 });
  expect(patch(newer, { fanspeed: 88 })).toBe('200 ');
  expect(info(newer)).toMatchObject({ fanspeed: 40, manualFanSpeed: 40 });
});

test('the flat pool keys are read-only from v2.15', () => {
  const on = gamma(15);
  expect(patch(on, { stratumURL: 'other.example.org', stratumPort: 99_999 })).toBe('200 ');
  expect(info(on).stratumURL).toBe('pool.example.org');
});

test('overheat_mode takes 0 alone; before v2.11 whatever is written is 0', () => {
  const newer = gamma(12, { overheated: true });
  expect(info(newer)).toMatchObject({ overheat_mode: 1, frequency: 50 });
  expect(patch(newer, { overheat_mode: 1 })).toBe('400 Wrong API input');
  expect(patch(newer, { overheat_mode: 0 })).toBe('200 ');
  expect(info(newer).overheat_mode).toBe(0);
  const older = gamma(8, { overheated: true });
  expect(patch(older, { overheat_mode: 1 })).toBe('200 ');
  expect(info(older).overheat_mode).toBe(0);
});

test('an empty Wi-Fi password is refused by v2.11 and taken by v2.12', () => {
  expect(patch(gamma(11), { wifiPass: '' })).toBe('400 Wrong API input');
  expect(patch(gamma(12), { wifiPass: '' })).toBe('200 ');
});

test('a frequency has a fraction from v2.10 on, a voltage never', () => {
  const on = gamma(12);
  patch(on, { frequency: 531.25, coreVoltage: 1160.9 });
  expect(info(on)).toMatchObject({ frequency: 531.25, coreVoltage: 1160 });
  const older = gamma(9);
  patch(older, { frequency: 531.25 });
  expect(info(older).frequency).toBe(531);
});

test('passwords are nowhere in what is read', () => {
  for (const minor of RELEASES) {
    const on = gamma(minor);
    patch(on, { wifiPass: 'hush-hush-1', stratumPassword: 'hush-hush-2' });
    expect(send(on, 'GET /api/system/info').text).not.toContain('hush');
  }
  expect(info(gamma(15)).pools).toMatchObject([{ stratumPassword: '*****' }, { stratumPassword: '*****' }]);
});

describe('pools of v2.15', () => {
  const POOL = { stratumURL: 'three.example.org', stratumPort: 3333, stratumUser: 'account.three' };
  const put = (body: unknown, id: string | number = 3) =>
    said(gamma(15), `PUT /api/system/pools/${id}`, { body: typeof body === 'string' ? body : JSON.stringify(body) });

  test('are put one by one, in slots 0 to 7', () => {
    expect(put(POOL)).toBe('200 {"message":"Pool updated successfully"}');
    expect(put(POOL, 8)).toBe('400 Invalid pool index');
    expect(put(POOL, 'x')).toBe('400 Invalid pool index');
    expect(put('{')).toBe('400 Invalid JSON');
    expect(put({ ...POOL, stratumPort: 0 })).toBe('400 Invalid pool configuration payload');
    expect(put({ ...POOL, stratumUser: '' })).toBe('400 Invalid pool configuration payload');
    expect(put({ ...POOL, stratumTLS: 3 })).toBe('400 Invalid pool configuration payload');
    expect(put({ stratumURL: 'three.example.org' })).toBe('400 Invalid pool configuration payload');
  });

  test('are replaced as a whole: what is left out falls back', () => {
    const on = gamma(15);
    const slot = () => (info(on).pools as Record<string, unknown>[]).find(({ id }) => id === 3);
    said(on, 'PUT /api/system/pools/3', { body: { ...POOL, stratumSuggestedDifficulty: 64, stratumTLS: 1 } });
    expect(slot()).toMatchObject({ stratumSuggestedDifficulty: 64, stratumTLS: 1, stratumDecodeCoinbase: true });
    said(on, 'PUT /api/system/pools/3', { body: POOL });
    expect(slot()).toMatchObject({ stratumSuggestedDifficulty: 1000, stratumTLS: 0, stratumURL: 'three.example.org' });
  });

  test('are written together, or none of them', () => {
    const on = gamma(15);
    expect(
      patch(on, {
        pools: [
          { id: 2, ...POOL },
          { id: 9, ...POOL },
        ],
      }),
    ).toBe('400 Wrong API input');
    expect(info(on).pools).toHaveLength(2);
    expect(patch(on, { pools: [{ id: 2, ...POOL }], primaryPoolIndex: 2 })).toBe('200 ');
    expect(info(on)).toMatchObject({ primaryPoolIndex: 2, stratumURL: 'three.example.org' });
  });

  test('keep their password when it is written as its mask, and have x when it is left out', () => {
    const before = readPool({ ...POOL, stratumPassword: 'hush' }, null);
    expect(before?.password).toBe('hush');
    expect(readPool({ ...POOL, stratumPassword: '*****' }, before)?.password).toBe('hush');
    expect(readPool(POOL, before)?.password).toBe('x');
  });

  test('are not deleted while they are in use', () => {
    const on = gamma(15);
    said(on, 'PUT /api/system/pools/3', { body: POOL });
    const refusal = '400 Cannot delete a pool that is currently selected as primary or fallback';
    expect(said(on, 'DELETE /api/system/pools/0')).toBe(refusal);
    expect(said(on, 'DELETE /api/system/pools/1')).toBe(refusal);
    expect(said(on, 'DELETE /api/system/pools/3')).toBe('200 {"message":"Pool cleared successfully"}');
    expect(info(on).pools).toHaveLength(2);
  });
});

test('a host name of v2.15 loses .local, and the reply says where to go', () => {
  const on = gamma(15);
  const reply = JSON.parse(send(on, 'PATCH /api/system', { body: { hostname: 'attic.local' }, now: AT }).text);
  expect(reply.redirect).toMatchObject({ url: 'http://attic.local', delay: 2000 });
  expect(info(on)).toMatchObject({ hostname: 'attic', fullHostname: 'attic.local' });
});
