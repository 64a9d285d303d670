import type { Outcome } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { imageOf } from '../packages/families/src/axeos/image.testing.ts';
import { nerdqaxe } from '../packages/families/src/nerdqaxe/index.ts';
import { nerdqaxeSimulator } from '../packages/families/src/nerdqaxe/sim.ts';
import { type AxeOnPort, axeOnPort, fileOf, run } from './control-axe.testing.ts';

/* Every action on a simulated NerdQAxe over real sockets (protocols.md 6.6). */

const running: AxeOnPort[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function nerd(profile: string, quirks: Record<string, boolean> = {}): Promise<AxeOnPort> {
  const one = await axeOnPort(nerdqaxe, nerdqaxeSimulator, profile, quirks);
  running.push(one);
  await one.miner.read();
  return one;
}

type Case = [name: string, given: Record<string, unknown>, result: Outcome['result'], shows?: Record<string, unknown>];

const POOLS = { pools: ['stratum+tcp://a.example:3333,w.1,s3cret', 'stratum+ssl://b.example:4444,w.2'] };
const WIFI = { ssid: 'Attic', wifiPass: 'long enough' };

const CASES: readonly Case[] = [
  ['setFan', { percent: 70 }, 'done', { autofanspeed: 0, manualFanSpeed: 70 }],
  ['setFan', { percent: 'auto' }, 'done', { autofanspeed: 2 }],
  ['setTemperatureTarget', { targetC: 58 }, 'done', { pidTargetTemp: 58 }],
  ['setFrequency', { frequencyMHz: 550 }, 'done', { frequency: 550 }],
  ['setVoltage', { voltageV: 1.2 }, 'done', { coreVoltage: 1200 }],
  ['nerdqaxe.jobInterval', { intervalMs: 800 }, 'done', { jobInterval: 800 }],
  ['nerdqaxe.vrFrequency', { frequency: 30_000 }, 'done', { vrFrequency: 30_000 }],
  ['nerdqaxe.overheat_temp', { tempC: 75 }, 'done', { overheat_temp: 75 }],
  ['nerdqaxe.stratumDifficulty', { difficulty: 4096 }, 'done', { stratumDifficulty: 4096 }],
  ['nerdqaxe.pidP', { factor: 2.5 }, 'done', { pidP: 2.5 }],
  ['nerdqaxe.pidI', { factor: 0.2 }, 'done', { pidI: 0.2 }],
  ['nerdqaxe.pidD', { factor: 3 }, 'done', { pidD: 3 }],
  ['nerdqaxe.flipscreen', { on: true }, 'done', { flipscreen: 1 }],
  ['nerdqaxe.invertscreen', { on: true }, 'done', { invertscreen: 1 }],
  ['nerdqaxe.autoscreenoff', { on: true }, 'done', { autoscreenoff: 1 }],
  ['nerdqaxe.invertfanpolarity', { on: true }, 'done', { invertfanpolarity: 1 }],
  ['nerdqaxe.stratum_keep', { on: true }, 'done', { stratum_keep: 1 }],
  [
    'setPools',
    POOLS,
    'done',
    {
      stratumURL: 'a.example',
      stratumPort: 3333,
      stratumUser: 'w.1',
      fallbackStratumURL: 'b.example',
      fallbackStratumPort: 4444,
      fallbackStratumUser: 'w.2',
      fallbackStratumTLS: true,
    },
  ],
  ['setHostname', { hostname: 'nerd-7' }, 'done', { hostname: 'nerd-7' }],
  ['nerdqaxe.influx', { enable: true, port: 8087, token: 't0ken-s3cret' }, 'done'],
  ['nerdqaxe.alert', { watchdog: true }, 'done'],
  ['nerdqaxe.alert', { webhook: 'https://hook.example/s3cret' }, 'accepted-unverified'],
  ['nerdqaxe.fan', { fan: 1, mode: 'manual', percent: 60 }, 'done'],
  ['nerdqaxe.fan', { fan: 1, mode: 'follow' }, 'done'],
  ['nerdqaxe.pool', { pool: 1, extranonce: true, verify: 'basic' }, 'done', { fallbackStratumEnonceSubscribe: true }],
  ['nerdqaxe.poolMode', { mode: 'dual', balance: 30 }, 'done'],
  ['nerdqaxe.poolMode', { mode: 'failover' }, 'done'],
  ['nerdqaxe.alert-test', {}, 'accepted-unverified'],
  ['nerdqaxe.reset-stats', {}, 'accepted-unverified'],
  ['pause', {}, 'done', { shutdown: true }],
  ['resume', {}, 'done', { shutdown: false }],
  ['nerdqaxe.history', { spanS: 1800, rows: 50 }, 'done'],
  ['nerdqaxe.asic', {}, 'done'],
  ['nerdqaxe.dashboard', {}, 'done'],
  ['nerdqaxe.settings', {}, 'done'],
  ['nerdqaxe.system', {}, 'done'],
  ['nerdqaxe.can-nodes', {}, 'done'],
  ['nerdqaxe.swarm', {}, 'done'],
  ['downloadLogs', { seconds: 5 }, 'done'],
  ['nerdqaxe.OTAWWW', fileOf('www.bin', new Uint8Array(65_536)), 'accepted-unverified'],
  ['reboot', {}, 'done'],
  ['restartMiner', {}, 'done'],
  ['setNetwork', { ...WIFI, restart: false }, 'accepted-unverified', { ssid: 'Attic' }],
];

describe('a NerdQAxe++', () => {
  test('does everything, and shows it', async () => {
    const { miner, told } = await nerd('nerdqaxe-plus-plus');
    for (const [name, given, result, shows = {}] of CASES) {
      const what = `${name} ${JSON.stringify(given).slice(0, 80)}`;
      const outcome = await run(miner, name, given);
      expect([what, outcome.result, outcome.readBack, outcome.vendorText]).toEqual([
        what,
        result,
        outcome.readBack,
        outcome.vendorText,
      ]);
      const info = told('/api/system/info');
      for (const [key, value] of Object.entries(shows)) expect([what, key, info[key]]).toEqual([what, key, value]);
      expect(JSON.stringify(outcome)).not.toMatch(/s3cret|long enough/);
    }
  }, 60_000);

  test('is updated by an image that has the name of its model, and by no other', async () => {
    const { miner, told } = await nerd('nerdqaxe-plus-plus');
    const version = 'v1.1.7';
    const bytes = imageOf({ version, text: `NerdQAxe++ ${'x'.repeat(200_000)}` });
    const outcome = await run(miner, 'updateFirmware', { ...fileOf('esp-miner-NerdQAxe++.bin', bytes), version });
    expect([outcome.result, outcome.vendorText]).toEqual(['done', 'Firmware update complete, rebooting now!']);
    expect(told('/api/system/info').version).toBe(version);
    const other = imageOf({ version, text: 'NerdAxe' });
    await expect(
      miner.plan('updateFirmware', { ...fileOf('esp-miner-NerdAxe.bin', other), version }),
    ).rejects.toMatchObject({ code: 'usage/invalid' });
  });

  test('lists no networks while it is connected to one', async () => {
    const { miner } = await nerd('nerdqaxe-plus-plus');
    const { result, error } = await run(miner, 'nerdqaxe.wifi-scan');
    expect([result, error?.code]).toEqual(['refused', 'auth/address-not-allowed']);
  });

  test('that joins another Wi-Fi is away', async () => {
    const { miner } = await nerd('nerdqaxe-plus-plus');
    const away = await run(miner, 'setNetwork', WIFI);
    expect(away.result).toBe('accepted-unverified');
    expect(away.error?.code).toMatch(/^link\//);
  });

  test('that cuts the connection as it restarts is followed all the same', async () => {
    const { miner } = await nerd('nerdqaxe-plus-plus', { 'restart-cuts': true });
    expect((await run(miner, 'reboot')).result).toBe('done');
  });

  test('asleep is paused, and wakes up', async () => {
    const { miner } = await nerd('nerdqaxe-plus-plus', { asleep: true });
    expect((await miner.read()).state).toBe('paused');
    expect((await run(miner, 'resume')).result).toBe('done');
  });

  test.each(nerdqaxeSimulator.profiles.map(({ name, label }) => [name, label.make, label.model] as const))(
    '%s is read as a %s %s',
    async (name, make, model) => {
      const { miner } = await nerd(name);
      const { identity, gaps, hashboards } = await miner.read();
      expect(identity).toMatchObject({ make, model, firmware: 'nerdqaxe' });
      expect(gaps).toEqual([]);
      // An older version tells no temperature of each chip.
      const expected = name.endsWith('-old') ? 0 : hashboards[0]?.chipsExpected;
      expect(hashboards[0]?.chips.length).toBe(expected);
    },
  );
});

describe('one-time passwords', () => {
  test('are begun at the device, and asked for by everything that changes it', async () => {
    const { miner } = await nerd('nerdqaxe-plus-plus');
    expect((await run(miner, 'nerdqaxe.otp-enroll')).result).toBe('accepted-unverified');
    // Without its secret nobody can know the password of the moment.
    const wrong = await run(miner, 'nerdqaxe.otp', { on: true, otp: '000000' });
    expect([wrong.result, wrong.error?.code]).toEqual(['refused', 'auth/rejected']);
  });

  test('are missing, wrong, and then too many', async () => {
    const { miner } = await nerd('nerdqaxe-plus-plus-otp');
    const missing = await run(miner, 'reboot');
    expect([missing.result, missing.error?.code]).toEqual(['refused', 'auth/required']);
    const wrong = await run(miner, 'reboot', { otp: '000000' });
    expect([wrong.result, wrong.error?.code]).toEqual(['refused', 'auth/rejected']);
  });
});

describe('an older NerdQAxe+', () => {
  test('is told its fan by another key, and not told what it does not show', async () => {
    const { miner, told } = await nerd('nerdqaxe-plus-old');
    expect((await run(miner, 'setFan', { percent: 70 })).result).toBe('done');
    expect(told('/api/system/info').fanspeed).toBe(70);
    await expect(miner.plan('nerdqaxe.vrFrequency', { frequency: 30_000 })).rejects.toMatchObject({
      code: 'support/unsupported',
    });
  });
});
