import { connect } from '@headframe/client';
import { HeadframeError, type Outcome } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { imageOf } from '../packages/families/src/axeos/image.testing.ts';
import { axeos } from '../packages/families/src/axeos/index.ts';
import { axeosSimulator } from '../packages/families/src/axeos/sim.ts';
import { type AxeOnPort, axeOnPort, fileOf, run } from './control-axe.testing.ts';

/* Every action on a simulated Bitaxe over real sockets, release by release (protocols.md 6.2 to 6.5). */

const running: AxeOnPort[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function bitaxe(profile: string, quirks: Record<string, boolean> = {}): Promise<AxeOnPort> {
  const one = await axeOnPort(axeos, axeosSimulator, profile, quirks);
  running.push(one);
  await one.miner.read();
  return one;
}

const RELEASES = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const POOLS = { pools: ['stratum+tcp://a.example:3333,w.1,s3cret', 'stratum+tcp://b.example:4444,w.2'] };
const WIFI = { ssid: 'Attic', wifiPass: 'long enough' };
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

interface Case {
  readonly name: string;
  readonly given?: Record<string, unknown>;
  readonly from?: number;
  readonly before?: number;
  /** `done` if absent. */
  readonly result?: Outcome['result'];
  /** What `info` of the device says afterwards. */
  readonly shows?: Record<string, unknown>;
}

const flat = (key: string, value: unknown, kept: unknown, from: number): Case => ({
  name: `axeos.${key}`,
  given: { value },
  from,
  before: 15,
  shows: { [key]: kept },
});

/** In an order in which one machine can go through them. */
const CASES: readonly Case[] = [
  { name: 'setFan', given: { percent: 70 }, shows: { autofanspeed: 0 } },
  { name: 'setFan', given: { percent: 65 }, from: 11, shows: { manualFanSpeed: 65 } },
  { name: 'setFan', given: { percent: 'auto' }, shows: { autofanspeed: 1 } },
  { name: 'setTemperatureTarget', given: { targetC: 58 }, from: 7, shows: { temptarget: 58 } },
  { name: 'setFrequency', given: { frequencyMHz: 550 }, shows: { frequency: 550 } },
  { name: 'setVoltage', given: { voltageV: 1.2 }, shows: { coreVoltage: 1200 } },
  { name: 'axeos.overclockEnabled', given: { on: true }, from: 6, shows: { overclockEnabled: 1 } },
  { name: 'setFrequency', given: { frequencyMHz: 545 }, from: 6, shows: { frequency: 545 } },
  { name: 'axeos.overheat_mode', shows: { overheat_mode: 0 } },
  { name: 'axeos.minFanSpeed', given: { percent: 30 }, from: 10, shows: { minFanSpeed: 30 } },
  { name: 'axeos.invertfanpolarity', given: { on: false }, before: 7, shows: { invertfanpolarity: 0 } },
  { name: 'axeos.display', given: { display: 'SSD1309 (128x64)' }, from: 8, shows: { display: 'SSD1309 (128x64)' } },
  { name: 'axeos.rotation', given: { degrees: '180' }, from: 9, shows: { rotation: 180 } },
  { name: 'axeos.rotation', given: { degrees: '90', restart: true }, from: 9, shows: { rotation: 90 } },
  { name: 'axeos.flipscreen', given: { on: false }, before: 9, shows: { flipscreen: 0 } },
  { name: 'axeos.invertscreen', given: { on: true }, shows: { invertscreen: 1 } },
  { name: 'axeos.displayOffset', given: { offset: 32 }, from: 11, result: 'accepted-unverified' },
  { name: 'axeos.displayTimeout', given: { minutes: 10 }, from: 7, shows: { displayTimeout: 10 } },
  { name: 'axeos.statsFrequency', given: { seconds: 120 }, from: 9, shows: { statsFrequency: 120 } },
  { name: 'axeos.statsLimit', given: { rows: 360 }, from: 8, before: 9, shows: { statsLimit: 360 } },
  { name: 'axeos.statsDuration', given: { minutes: 60 }, from: 8, before: 9, shows: { statsDuration: 60 } },
  { name: 'axeos.useCustomWWW', given: { on: true }, from: 15, shows: { useCustomWWW: 1 } },
  // From v2.4.3 on.
  { name: 'axeos.theme', given: { colorScheme: 'light' }, from: 5 },
  { name: 'setHostname', given: { hostname: 'rack-7' }, shows: { hostname: 'rack-7' } },
  { name: 'setHostname', given: { hostname: 'rack-8', restart: true }, shows: { hostname: 'rack-8' } },
  {
    name: 'setPools',
    given: POOLS,
    before: 15,
    shows: {
      stratumURL: 'a.example',
      stratumPort: 3333,
      stratumUser: 'w.1',
      fallbackStratumURL: 'b.example',
      fallbackStratumPort: 4444,
      fallbackStratumUser: 'w.2',
    },
  },
  flat('stratumSuggestedDifficulty', 512, 512, 9),
  flat('stratumExtranonceSubscribe', true, 1, 9),
  flat('stratumTLS', 'built-in', 1, 13),
  flat('stratumCert', PEM, PEM, 13),
  flat('stratumDecodeCoinbase', false, 0, 13),
  flat('stratumProtocol', 'SV2', 'SV2', 14),
  flat('stratumV2ChannelType', 'extended', 'extended', 14),
  flat(
    'stratumV2AuthorityPubkey',
    '9bXiEd8boQVhq7WddEcERUL5tyyJVFYdU8th3HfbNXK3Yw6GRXh',
    '9bXiEd8boQVhq7WddEcERUL5tyyJVFYdU8th3HfbNXK3Yw6GRXh',
    14,
  ),
  { name: 'switchPool', given: { pool: 1 }, from: 11, before: 15, shows: { isUsingFallbackStratum: 1 } },
  { name: 'switchPool', given: { pool: 0 }, from: 11, before: 15, shows: { isUsingFallbackStratum: 0 } },
  { name: 'setPools', given: POOLS, from: 15, shows: { primaryPoolIndex: 0, secondaryPoolIndex: 1 } },
  { name: 'addPool', given: { pool: 'stratum+tcp://c.example:5555,w.3' }, from: 15 },
  { name: 'switchPool', given: { pool: 2 }, from: 15, shows: { primaryPoolIndex: 2 } },
  { name: 'removePool', given: { pool: 2 }, from: 15, result: 'refused', shows: { primaryPoolIndex: 2 } },
  { name: 'switchPool', given: { pool: 0 }, from: 15, shows: { primaryPoolIndex: 0 } },
  { name: 'removePool', given: { pool: 2 }, from: 15 },
  { name: 'axeos.stratumSuggestedDifficulty', given: { value: 512, fallback: true }, from: 15 },
  { name: 'axeos.stratumExtranonceSubscribe', given: { value: true }, from: 15 },
  { name: 'axeos.stratumTLS', given: { value: 'built-in' }, from: 15 },
  { name: 'axeos.stratumCert', given: { value: PEM }, from: 15 },
  { name: 'axeos.stratumDecodeCoinbase', given: { value: false }, from: 15 },
  { name: 'axeos.stratumProtocol', given: { value: 'SV2' }, from: 15 },
  { name: 'axeos.stratumV2ChannelType', given: { value: 'extended' }, from: 15 },
  {
    name: 'axeos.stratumV2AuthorityPubkey',
    given: { value: '9bXiEd8boQVhq7WddEcERUL5tyyJVFYdU8th3HfbNXK3Yw6GRXh' },
    from: 15,
  },
  { name: 'axeos.stratumV2RequireAuth', given: { value: true }, from: 15 },
  { name: 'pause', from: 14, shows: { miningPaused: true } },
  { name: 'resume', from: 14, shows: { miningPaused: false } },
  { name: 'locate', given: { on: true }, from: 12, result: 'accepted-unverified' },
  { name: 'locate', given: { on: false }, from: 12, result: 'accepted-unverified' },
  { name: 'axeos.blockFound-dismiss', from: 13, shows: { showNewBlock: false } },
  { name: 'axeos.wifi-scan', from: 6 },
  { name: 'axeos.asic', from: 7 },
  { name: 'axeos.statistics', from: 8 },
  { name: 'axeos.statistics', given: { columns: 'hashrate,power' }, from: 11 },
  { name: 'axeos.dashboard', from: 8, before: 11 },
  { name: 'axeos.scoreboard', from: 14 },
  { name: 'axeos.live', given: { seconds: 3 }, from: 14 },
  { name: 'downloadLogs', given: { seconds: 5 } },
  { name: 'downloadLogs', from: 14 },
  { name: 'axeos.OTAWWW', given: fileOf('www.bin', new Uint8Array(65_536)), result: 'accepted-unverified' },
  { name: 'axeos.boot', given: { partition: 'factory' }, from: 15, shows: { runningPartition: 'factory' } },
  { name: 'reboot' },
  { name: 'restartMiner' },
  { name: 'setNetwork', given: { ...WIFI, restart: false }, result: 'accepted-unverified', shows: { ssid: 'Attic' } },
];

const isIn = ({ from = 0, before = 99 }: Case, release: number) => release >= from && release < before;

describe.each(RELEASES)('a Bitaxe with v2.%i', (release) => {
  const profile = `gamma-v2.${release}`;

  test('does everything that its release has, and shows it', async () => {
    const { miner, told } = await bitaxe(profile);
    for (const one of CASES.filter((each) => isIn(each, release))) {
      const what = `${one.name} ${JSON.stringify(one.given ?? {}).slice(0, 80)}`;
      const outcome = await run(miner, one.name, one.given);
      expect([what, outcome.result, outcome.why, outcome.readBack]).toEqual([
        what,
        one.result ?? 'done',
        (one.result ?? 'done') === 'done' ? undefined : outcome.why,
        outcome.readBack,
      ]);
      if (one.shows !== undefined) {
        const info = told('/api/system/info');
        for (const [key, value] of Object.entries(one.shows)) {
          // Flags of both pools became booleans in v2.14.
          const seen = typeof info[key] === 'boolean' && typeof value === 'number' ? Number(info[key]) : info[key];
          expect([what, key, seen]).toEqual([what, key, value]);
        }
      }
      expect(JSON.stringify(outcome)).not.toMatch(/s3cret|long enough/);
    }
  }, 60_000);

  test('has nothing of other releases, and says since when they have it', async () => {
    const { miner } = await bitaxe(profile);
    const there = new Set(CASES.filter((each) => isIn(each, release)).map(({ name }) => name));
    for (const { name, given } of CASES.filter((one) => !there.has(one.name))) {
      const error = await miner.plan(name, given).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error, name).toBeInstanceOf(HeadframeError);
      expect((error as HeadframeError).code, name).toMatch(/^(support\/unsupported|usage\/invalid)$/);
    }
  });

  test('is updated, and an image that is not its own is not sent', async () => {
    const { miner, told } = await bitaxe(profile);
    const version = `v2.${release}.9`;
    const bytes = imageOf({ version, text: 'x'.repeat(200_000) });
    const given = { ...fileOf('esp-miner.bin', bytes), version };
    const outcome = await run(miner, 'updateFirmware', given);
    expect([outcome.result, outcome.why, outcome.vendorText]).toEqual([
      'done',
      undefined,
      'Firmware update complete, rebooting now!',
    ]);
    expect(told('/api/system/info').version).toBe(version);
    if (release === 15) {
      expect(told('/api/system/info').runningPartition).toBe('ota_0');
      expect((await run(miner, 'axeos.boot', { partition: 'factory' })).result).toBe('done');
      expect(told('/api/system/info')).toMatchObject({ runningPartition: 'factory', version: 'v2.15.0' });
    }
    const foreign = { ...fileOf('esphome.bin', imageOf({ version, project: 'esphome' })), version };
    await expect(miner.plan('updateFirmware', foreign)).rejects.toMatchObject({ code: 'usage/invalid' });
    await expect(miner.plan('updateFirmware', { ...given, sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });
});

describe('a Bitaxe', () => {
  test('that joins another Wi-Fi is away, and one that joins its own again comes back', async () => {
    const { miner, told } = await bitaxe('gamma-v2.13');
    const { ssid } = told('/api/system/info');
    const again = await run(miner, 'setNetwork', { ssid, wifiPass: 'long enough' });
    expect([again.result, again.readBack?.ssid]).toEqual(['done', ssid]);
    const away = await run(miner, 'setNetwork', WIFI);
    expect(away.result).toBe('accepted-unverified');
    expect(away.error?.code).toMatch(/^link\//);
  });

  test('that was given pools is read with them, the first one in use', async () => {
    const { miner } = await bitaxe('gamma-v2.15');
    expect((await run(miner, 'setPools', POOLS)).result).toBe('done');
    const { pools } = await miner.read();
    expect(pools.slice(0, 2).map(({ url, worker, active }) => [url, worker, active])).toEqual([
      ['stratum+tcp://a.example:3333', 'w.1', true],
      ['stratum+tcp://b.example:4444', 'w.2', false],
    ]);
    expect(pools.length).toBe(2);
  });

  test('that cuts the connection as it restarts is followed all the same', async () => {
    const { miner } = await bitaxe('gamma', { 'restart-cuts': true });
    expect((await run(miner, 'reboot')).result).toBe('done');
  });

  test('that does not serve our address says so in the words of its rule', async () => {
    const one = await axeOnPort(axeos, axeosSimulator, 'gamma-v2.12', { 'strict-loopback': true });
    running.push(one);
    await expect(one.miner.read()).rejects.toMatchObject({ code: 'auth/address-not-allowed' });
    await expect(one.miner.plan('reboot')).rejects.toMatchObject({ code: 'auth/address-not-allowed' });
  });

  test('that was just there and is away is restarting, and gone after a minute', async () => {
    const { miner, pass } = await bitaxe('gamma-v2.12');
    await run(miner, 'reboot');
    await miner.read();
    const plan = await miner.plan('axeos.rotation', { degrees: '180', restart: true });
    expect((await plan.run()).result).toBe('done');
    await miner.read();
    await pass(1_000);
    expect((await miner.read()).state).toBe('starting');
    await pass(180_000);
    expect((await miner.read()).state).toBe('mining');
  });

  test('that got too hot says so, and is cleared by hand', async () => {
    const { miner, told } = await bitaxe('gamma-v2.12', { overheated: true });
    const hot = await miner.read();
    expect(hot.state).toBe('fault');
    expect(hot.faults.map(({ code, vendorCode }) => [code, vendorCode])).toContainEqual([
      'chip.temperature-high',
      'overheat_mode',
    ]);
    expect((await run(miner, 'axeos.overheat_mode')).result).toBe('done');
    expect(told('/api/system/info').overheat_mode).toBe(0);
  });

  test('whose Wi-Fi is weak says so', async () => {
    const { miner } = await bitaxe('gamma-v2.12', { 'weak-wifi': true });
    expect((await miner.read()).faults.map(({ code, component }) => [code, component])).toEqual([
      ['network.fault', 'Wi-Fi'],
    ]);
  });

  test.each(axeosSimulator.profiles.map(({ name, label }) => [name, label.make, label.model] as const))(
    '%s is found on its port as a %s, %s',
    async (name, make, model) => {
      const one = await axeOnPort(axeos, axeosSimulator, name);
      running.push(one);
      const { identity, gaps } = await one.miner.read();
      expect(identity).toMatchObject({ make, model, firmware: 'axeos' });
      expect(gaps).toEqual([]);
    },
  );
});

test('a Bitaxe is connected to by what it says, once its family is known to the house', async () => {
  const one = await axeOnPort(axeos, axeosSimulator, 'gamma-v2.12');
  running.push(one);
  const port = one.miner.ports.http;
  const miner = await connect(`127.0.0.1:${port}`, { clock: { now: one.now } }).catch((thrown: unknown) => thrown);
  if (miner instanceof HeadframeError) expect(miner.code).toBe('support/unknown-device');
  else expect(miner).toMatchObject({ family: { id: 'axeos' } });
});
