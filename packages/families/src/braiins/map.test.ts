import { newMemory } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { sourcesOf } from '../sources.ts';
import { braiins } from './index.ts';
import { Machine } from './machine.testing.ts';
import { mapBraiins } from './map.ts';
import { board, NOW } from './replies.testing.ts';
import { commandsHash, type Doc, details, hashes, read } from './snapshot.testing.ts';
import { slotsOf } from './view.ts';

describe('an Antminer S19j Pro with 26.01', () => {
  test('is who it is', async () => {
    expect((await read()).identity).toEqual({
      family: 'braiins',
      make: 'Bitmain',
      model: 'Antminer S19j Pro',
      hardwareRevision: 'BHB42601',
      firmware: 'braiins-os',
      firmwareVersion: '26.01',
      apiVersion: '1.9.0',
      mac: '02:00:00:aa:bb:cc',
      serial: 'SER123',
      hostname: 'rig7',
      controlBoard: 'AM3_BBB',
      algorithm: 'sha256d',
    });
  });

  test('hashes, each rate by its window, with its power estimated', async () => {
    const now = await read();
    expect(now).toMatchObject({
      state: 'mining',
      minerUptimeS: 86_400,
      systemUptimeS: 90_000,
      powerW: 3060,
      powerBasis: 'estimated',
      powerLimitW: 3100,
      efficiencyJTh: 30,
      hardwareErrors: 18, // port 4028 only
      psu: { model: 'APW121215a', serial: 'PSU77', firmwareVersion: '5' },
    });
    expect(now.hashrate).toMatchObject({
      currentHs: 102e12,
      currentWindowS: 5,
      averageHs: 100e12,
      nominalHs: 102.6e12,
    });
    expect(now.hashrate.windows.map(({ seconds }) => seconds)).toEqual([5, 15, 30, 60, 300, 900, 1800, 3600, 86_400]);
    expect(now.shares).toEqual({
      accepted: 5000,
      rejected: 12,
      stale: 3,
      sessionBestDifficulty: 2e19, // the digits, not the number that overflows
      bestDifficulty: null,
    });
  });

  test('has three hashboards with what only port 4028 knows of them', async () => {
    const now = await read();
    expect(now.hashboards[1]).toEqual({
      slot: 1,
      label: '2',
      state: 'ok',
      hashrateHs: 34e12,
      nominalHs: 34.2e12,
      tempC: 61,
      inletTempC: 38,
      outletTempC: 60.5,
      chipTempMinC: null,
      chipTempMaxC: 72.5,
      frequencyMHz: 525,
      voltageV: 13.7,
      powerW: 980, // tunerstatus
      chipsWorking: 126,
      chipsExpected: 126,
      hardwareErrors: 6, // devs
      serial: 'BOARD-2',
      chips: [],
    });
    expect(now.fans.map(({ slot, rpm, percent }) => [slot, rpm, percent])).toEqual([
      [0, 5000, 60],
      [1, 5010, 60],
      [2, 4990, 60],
      [3, 4980, 60],
    ]);
  });

  test('works for pools of two groups, counted through', async () => {
    const { pools } = await read();
    expect(pools.map(({ index, url, status, active, priority }) => [index, url, status, active, priority])).toEqual([
      [0, 'stratum+tcp://one.example:3333', 'alive', true, 0],
      [1, 'stratum+tcp://two.example:3333', 'alive', false, 1],
      [2, 'stratum+tcp://three.example:3333', 'dead', true, 0],
    ]);
    expect(pools[0]).toMatchObject({
      worker: 'acct.rig7',
      accepted: 4990,
      rejected: 12,
      stale: 3,
      difficulty: 65_536,
      lastShareAt: NOW - 9_500,
    });
    expect(pools[1]?.lastShareAt).toBeNull();
  });

  test('whose clock is an hour behind still tells the age of its last share', async () => {
    const now = await read((machine) => {
      machine.clockBehindS = 3600;
      const pools = structuredClone(machine.api.GetPoolGroups) as { pool_groups: { pools: { stats: Doc }[] }[] };
      const stats = pools.pool_groups[0]?.pools[0]?.stats;
      if (stats !== undefined) stats.last_share_time = { seconds: NOW / 1000 - 3610, nanos: 0 };
      machine.api.GetPoolGroups = pools;
    });
    expect(now.pools[0]?.lastShareAt).toBe(NOW - 10_000);
  });
});

describe('each value', () => {
  test('can be traced to the reply of the door that told it', async () => {
    const replies = await braiins.read(new Machine().links(), newMemory());
    const sources = sourcesOf(braiins, replies, 'a');
    expect(sources['/hashrate/currentHs']).toEqual({
      reply: 'grpc:MinerService.GetMinerStats',
      field: '/miner_stats/real_hashrate/last_5s/gigahash_per_second',
    });
    expect(sources['/hashboards/1/hardwareErrors']).toEqual({ reply: 'devs', field: '/DEVS/1/Hardware Errors' });
    expect(sources['/pools/2/worker']).toEqual({
      reply: 'grpc:PoolService.GetPoolGroups',
      field: '/pool_groups/1/pools/0/user',
    });
  });
});

describe('the state', () => {
  test.each([
    ['not started', 1, 'idle'],
    ['paused', 3, 'paused'],
    ['suspended', 4, 'idle'],
  ] as const)('of a machine that is %s is not mining, though its rates still fade', async (_, status, state) => {
    expect((await read((machine) => details(machine, { status }))).state).toBe(state);
  });

  test('of a machine that says normal and hashes nothing is idle, or starting in its first minutes', async () => {
    const still = (uptime: number) => (machine: Machine) => {
      details(machine, { bosminer_uptime_s: uptime });
      hashes(machine, 0);
      commandsHash(machine, 0);
    };
    expect((await read(still(86_400))).state).toBe('idle');
    expect((await read(still(120))).state).toBe('starting');
  });

  test('of one in restricted mode is mining, and its license is shown', async () => {
    const now = await read((machine) => {
      details(machine, { status: 5 });
      machine.api.GetLicenseState = { state: { limited: {} } };
    });
    expect(now.state).toBe('mining');
    expect(now.faults).toMatchObject([{ code: 'vendor.unmapped', vendorCode: 'license limited', severity: 'warning' }]);
  });

  test('with a word of a newer contract is told by what is hashed, and the word is shown', async () => {
    const now = await read((machine) => details(machine, { status: 9 }));
    expect(now.state).toBe('mining');
    expect(now.faults).toMatchObject([{ code: 'vendor.unmapped', vendorCode: 'MinerStatus 9', severity: 'info' }]);
    const still = await read((machine) => {
      details(machine, { status: 9 });
      hashes(machine, 0);
      commandsHash(machine, 0);
    });
    expect(still.state).not.toBe('mining');
  });

  test('of a paused machine is told by port 4028 where nothing else is open', async () => {
    const machine = new Machine();
    const doc = machine.commands.tunerstatus as { TUNERSTATUS: { TunerChainStatus: Doc[] }[] };
    const chains = doc.TUNERSTATUS[0]?.TunerChainStatus.map((chain) => ({ ...chain, Status: 'paused' })) ?? [];
    machine.commands.tunerstatus = { ...doc, TUNERSTATUS: [{ ...doc.TUNERSTATUS[0], TunerChainStatus: chains }] };
    const replies = await braiins.read(machine.links(null, { cgminer: true }), newMemory());
    expect(snapshotOf(braiins, replies, 'a').state).toBe('paused');
  });
});

test.each([
  ['in Hz by BOSminer', 799_682_118, 799.682118],
  ['in MHz by BOSer', 475, 475],
  ['as 0 while nothing is hashed', 0, null],
])('the clock of a board is told at port 4028 %s', async (_, told, megahertz) => {
  const machine = new Machine();
  const devdetails = machine.commands.devdetails as { DEVDETAILS: Doc[] };
  machine.commands.devdetails = {
    ...devdetails,
    DEVDETAILS: devdetails.DEVDETAILS.map((one) => ({ ...one, Frequency: told })),
  };
  const replies = await braiins.read(machine.links(null, { cgminer: true }), newMemory());
  const { hashboards } = snapshotOf(braiins, replies, 'a');
  expect(hashboards.map(({ frequencyMHz }) => frequencyMHz)).toEqual([megahertz, megahertz, megahertz]);
});

describe('newer firmware', () => {
  test('with a platform, a tuner state and a license that the contract does not know is read all the same', async () => {
    const now = await read((machine) => {
      details(machine, { platform: 42, control_board_soc_family: 17, bos_mode: 99 });
      machine.api.GetTunerState = { overall_tuner_state: 8, mode_state: { powertargetmodestate: {} } };
    });
    expect(now.identity.controlBoard).toBe('platform 42');
    expect(now.faults).toMatchObject([{ vendorCode: 'TunerState 8', severity: 'info' }]);
    expect(now.powerLimitW).toBe(3100); // configured
  });

  test('with fields that the contract does not know keeps them in the reply', async () => {
    const machine = new Machine();
    // status 2 (field 12), and field 900 with a text.
    machine.api.GetMinerDetails = new Uint8Array([0x60, 0x02, 0xa2, 0x38, 0x02, 0x68, 0x69]);
    const replies = await braiins.read(machine.links(), newMemory());
    expect(replies.get('grpc:MinerService.GetMinerDetails')?.doc).toMatchObject({
      status: 2,
      $unknown: [{ no: 900, wireType: 2, bytes: '6869' }],
    });
    expect(mapBraiins(replies).state).toBe('mining');
  });

  test('that sends a field with another type than the contract says is missing just that', async () => {
    const now = await read((machine) => {
      // hostname (6) as a number, mac_address (7) as text, status (12) as text.
      machine.api.GetMinerDetails = new Uint8Array([0x30, 0x05, 0x3a, 0x01, 0x61, 0x62, 0x01, 0x62]);
    });
    expect(now.identity).toMatchObject({ mac: 'a', hostname: 'rig7' });
    expect(now.state).toBe('mining');
  });
});

describe('complaints', () => {
  const at = (ms: number): string => new Date(ms).toISOString();

  test('of this run are faults, those of before are information, and the same one is shown once', async () => {
    const now = await read((machine) => {
      machine.api.GetErrors = {
        errors: [
          { timestamp: at(NOW - 900_000_000), message: 'Failed to resolve ("a.example", 3336)' },
          { timestamp: '2015-01-01T00:00:37.638808Z', message: 'Failed to resolve ("b.example", 3336)' },
          {
            timestamp: at(NOW - 60_000),
            message: 'Hashchain 2 refused to start',
            error_codes: [{ code: 'HB-12', reason: 'no chips', hint: 'reseat the cable' }],
            components: [{ name: 'hashboard', index: 2 }],
          },
          { timestamp: at(NOW - 30_000), message: 'Failed to resolve ("a.example", 3336)' },
        ],
      };
    });
    expect(now.faults).toEqual([
      {
        code: 'device.fault',
        vendorCode: 'HB-12',
        text: 'Hashchain 2 refused to start; no chips; reseat the cable',
        severity: 'error',
        component: 'hashboard 2',
        at: NOW - 60_000,
      },
      {
        code: 'network.fault',
        vendorCode: null,
        text: 'Failed to resolve ("a.example", 3336)',
        severity: 'warning',
        component: null,
        at: NOW - 30_000,
      },
      {
        code: 'network.fault',
        vendorCode: null,
        text: 'Failed to resolve ("b.example", 3336)',
        severity: 'info',
        component: null,
        at: null, // its clock was not set yet
      },
    ]);
  });

  test('of a component with no word of ours keep the words of the machine', async () => {
    const now = await read((machine) => {
      machine.api.GetErrors = {
        errors: [{ timestamp: at(NOW), message: 'odd', error_codes: [], components: [{ name: 'gizmo', index: 1 }] }],
      };
    });
    expect(now.faults).toMatchObject([{ code: 'vendor.unmapped', text: 'odd', component: 'gizmo 1' }]);
  });
});

describe('a hashboard', () => {
  test('that is off is disabled, one that hashes nothing beside others is a fault', async () => {
    const none = { real_hashrate: { last_5s: { gigahash_per_second: 0 } } };
    const { hashboards } = await read((machine) => {
      machine.api.GetHashboards = {
        hashboards: [board('1', { enabled: false, stats: none }), board('2', { stats: none }), board('3')],
      };
    });
    expect(hashboards.map(({ state }) => state)).toEqual(['disabled', 'fault', 'ok']);
  });

  test('that a machine of this model should have and does not list is missing', async () => {
    const { hashboards } = await read((machine) => {
      machine.api.GetHashboards = { hashboards: [board('1'), board('3')] };
    });
    expect(hashboards.map(({ slot, label, state }) => [slot, label, state])).toEqual([
      [0, '1', 'ok'],
      [1, null, 'missing'],
      [2, '3', 'ok'],
    ]);
  });

  test.each([
    [
      ['1', '2', '3'],
      [0, 1, 2],
    ],
    [
      ['6', '7', '8'],
      [0, 1, 2],
    ],
    [['2'], [1]],
    [
      ['0', '1'],
      [0, 1],
    ],
    [
      ['left', 'right'],
      [0, 1],
    ],
    [
      ['1', '1'],
      [0, 1],
    ],
    [[], []],
  ])('numbered %j sits in slot %j', (ids, slots) => {
    expect(slotsOf(ids)).toEqual(slots);
  });
});

describe('whatever a machine sends', () => {
  const json = fc.jsonValue({ maxDepth: 5 });
  const names = [
    ...['MinerService.GetMinerDetails', 'MinerService.GetMinerStats', 'MinerService.GetHashboards'].map(
      (n) => `grpc:${n}`,
    ),
    ...['cooling/state', 'pools/', 'miner/errors', 'performance/tuner-state', 'license/license'].map(
      (n) => `rest:${n}`,
    ),
    ...['system', 'miner', 'boards', 'pools', 'tuning', 'events'].map((n) => `gql:${n}`),
    ...['version', 'summary', 'devs', 'pools', 'fans', 'temps', 'tunerstatus', 'devdetails', 'luci:iface_status'],
  ];
  const runs = { seed: 20_261_124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

  test('the map makes a snapshot of it and throws nothing', { timeout: 30_000 + 10 * runs.numRuns }, () => {
    const keys = fc.constantFrom(
      ...[
        'hashboards',
        'stats',
        'pool_groups',
        'pools',
        'status',
        'data',
        'bosminer',
        'info',
        'errors',
        'SUMMARY',
        'DEVS',
      ],
      ...[
        'workSolver',
        'childSolvers',
        'real_hashrate',
        'id',
        'name',
        'temperatures',
        'events',
        'appeals',
        'TUNERSTATUS',
      ],
    );
    const near = fc.dictionary(keys, fc.oneof(json, fc.array(fc.dictionary(keys, json), { maxLength: 4 })));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.oneof(json, near)), (docs) => {
        const replies = new Map(
          Object.entries(docs).map(([name, doc]) => [
            name,
            {
              meta: { id: name, request: name, at: NOW, ms: 1, bytes: 1, repairs: [], error: null },
              doc,
              raw: null,
              error: null,
            },
          ]),
        );
        const snapshot = snapshotOf(braiins, replies, 'a');
        expect(snapshot.hashboards.length).toBeLessThanOrEqual(16);
        expect(snapshot.identity.family).toBe('braiins');
      }),
      runs,
    );
  });
});
