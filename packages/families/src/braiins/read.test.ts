import { HeadframeError, type Memory, newMemory, type Snapshot } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { braiins } from './index.ts';
import { type Doors, Machine, ROOT } from './machine.testing.ts';

const FILTERED = new HeadframeError('link/timed-out-connecting', { afterMs: 3000 });
const REFUSED = new HeadframeError('link/refused');

async function read(
  machine: Machine,
  {
    memory = newMemory(),
    doors,
    credentials = ROOT,
    fresh = false,
  }: {
    memory?: Memory;
    doors?: Doors;
    credentials?: typeof ROOT | null;
    fresh?: boolean;
  } = {},
): Promise<Snapshot> {
  const replies = await braiins.read(machine.links(credentials, doors), memory, { fresh });
  return snapshotOf(braiins, replies, '10.0.0.7');
}

const heardAt = (machine: Machine, door: string): string[] =>
  machine.heard.filter((one) => one.startsWith(`${door} `)).map((one) => one.slice(door.length + 1));

/** What GraphQL tells of a machine, as 22.08 has it. */
const GRAPHQL = {
  system: {
    data: {
      bos: {
        hostname: 'old9',
        uptime: { durationS: 500 },
        info: { version: { full: '2022-09-13-0-11012d53-22.08-plus' } },
      },
    },
  },
  miner: {
    data: {
      bosminer: {
        info: {
          modelName: 'Antminer S9',
          summary: { power: { limitW: 900, approxConsumptionW: 735 }, shares: { acceptedSolutions: 31 } },
          workSolver: { nominalMhs: 9e6, realHashrate: { mhs5S: 8.9e6, mhs1M: 8.8e6, mhsAv: 8e6 } },
          fans: [{ name: '0', rpm: 4080, speed: 80 }],
        },
      },
    },
  },
  boards: { data: { bosminer: { info: { workSolver: { childSolvers: [] } } } } },
  pools: { data: { bosminer: { info: { poolGroups: [] } } } },
  tuning: { data: { bosminer: { config: { autotuning: { mode: 'POWER_TARGET', powerTarget: 900 } } } } },
  events: { data: { events: { appeals: [] } } },
} as const;

function olderMachine(): Machine {
  const machine = new Machine();
  machine.hasRest = false;
  Object.assign(machine.graphql, structuredClone(GRAPHQL));
  return machine;
}

describe('a machine whose doors are all open', () => {
  test('is read in one connection to 4028 and by gRPC, and its web server is left alone', async () => {
    const machine = new Machine();
    const now = await read(machine);
    expect(now.state).toBe('mining');
    expect(heardAt(machine, '4028')).toEqual(['version+summary+devs+pools+fans+temps+tempctrl+tunerstatus+devdetails']);
    expect(heardAt(machine, 'grpc').slice(0, 3)).toEqual(['GetApiVersion', 'Login', 'GetMinerDetails']);
    expect(heardAt(machine, 'http')).toEqual([]);
    expect(machine.logins).toBe(1);
    expect(now.gaps).toEqual([]);
    expect(now.disagreements).toBeUndefined();
  });

  test('is asked for what hardly changes once an hour, and logs in once', async () => {
    const machine = new Machine();
    const memory = newMemory();
    await read(machine, { memory });
    machine.heard.length = 0;
    machine.now += 10_000;
    const now = await read(machine, { memory });
    expect(machine.heard).toEqual([
      '4028 summary+devs+pools+fans+temps+tempctrl+tunerstatus+devdetails',
      ...[
        'GetMinerDetails',
        'GetMinerStats',
        'GetHashboards',
        'GetCoolingState',
        'GetPoolGroups',
        'GetTunerState',
        'GetErrors',
      ].map((name) => `grpc ${name}`),
    ]);
    expect(now.identity.apiVersion).toBe('1.9.0');
    machine.now += 3_600_000;
    machine.heard.length = 0;
    await read(machine, { memory });
    expect(machine.heard).toContain('grpc GetLicenseState');
  });

  test('keeps no password of a pool, no token and no login', async () => {
    const machine = new Machine();
    const memory = newMemory();
    const replies = await braiins.read(machine.links(), memory);
    const kept = [...replies.values(), ...memory.kept.values()];
    const text = JSON.stringify(kept.map(({ meta, doc, error }) => [meta, doc, error?.message, error?.context]));
    const bytes = kept.map(({ raw }) => new TextDecoder().decode(raw ?? new Uint8Array())).join('\n');
    for (const secret of ['poolpass', 'token1', ROOT.password]) {
      expect(text).not.toContain(secret);
      expect(bytes).not.toContain(secret);
    }
    expect([...replies.keys()].some((id) => id.includes('Login'))).toBe(false);
  });
});

describe('a machine of which port 50051 is', () => {
  test.each([
    ['filtered', FILTERED],
    ['closed', REFUSED],
  ])('%s is read by its REST API, with the same values', async (_, error) => {
    const whole = await read(new Machine());
    const machine = new Machine();
    machine.closed.grpc = error;
    const now = await read(machine);
    expect(heardAt(machine, 'http').slice(0, 3)).toEqual([
      'GET /api/v1/version/',
      'POST /api/v1/auth/login',
      'GET /api/v1/miner/details',
    ]);
    expect(now.replies.map(({ id }) => id)).toContain('rest:miner/stats');
    const values = ({ replies: _, ...others }: Snapshot) => others;
    expect(values(now)).toEqual(values(whole));
  });

  test('filtered pays for it once in five minutes', async () => {
    const machine = new Machine();
    machine.closed.grpc = FILTERED;
    const memory = newMemory();
    let tried = 0;
    const links = (): ReturnType<Machine['links']> => {
      const all = machine.links();
      const unary = async (): Promise<never> => {
        tried++;
        throw FILTERED;
      };
      return { ...all, grpc: { ...(all.grpc as NonNullable<typeof all.grpc>), unary } };
    };
    for (let poll = 0; poll < 5; poll++) {
      await braiins.read(links(), memory);
      machine.now += 60_000;
    }
    expect(tried).toBe(1);
    await braiins.read(links(), memory);
    expect(tried).toBe(2);
  });

  test('closed, as everything else is, is tried again at the next poll', async () => {
    const machine = new Machine();
    const memory = newMemory();
    Object.assign(machine.closed, { cgminer: FILTERED, grpc: FILTERED, http: FILTERED });
    const gone = await read(machine, { memory });
    expect(gone.state).toBe('unknown');
    expect(gone.hashrate.currentHs).toBeNull();
    expect(gone.gaps.find(({ path }) => path === '/state')).toMatchObject({ reason: 'failed' });
    for (const door of ['cgminer', 'grpc', 'http'] as const) delete machine.closed[door];
    machine.now += 10_000;
    expect((await read(machine, { memory })).state).toBe('mining');
  });
});

describe('a machine that fell silent', () => {
  test('is never shown as mining, whatever it said before', async () => {
    const machine = new Machine();
    const memory = newMemory();
    expect((await read(machine, { memory })).state).toBe('mining');
    Object.assign(machine.closed, { cgminer: FILTERED, grpc: FILTERED, http: FILTERED });
    machine.now += 10_000;
    const now = await read(machine, { memory });
    expect(now).toMatchObject({ state: 'unknown', powerW: null, hashboards: [], pools: [] });
    expect(now.identity.apiVersion).toBe('1.9.0');
  });
});

describe('without a password', () => {
  test('only what answers without one is asked, and the rest is denied', async () => {
    const machine = new Machine();
    const now = await read(machine, { credentials: null });
    expect(machine.heard.slice(1)).toEqual(['grpc GetApiVersion', 'http GET /api/v1/version/']);
    expect(now).toMatchObject({ state: 'mining', powerW: 3060 });
    expect(now.identity).toMatchObject({ model: 'Antminer S19j Pro', mac: null, apiVersion: '1.9.0' });
    const denied = now.gaps.filter(({ reason }) => reason === 'denied');
    expect(denied.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/identity/firmwareVersion', '/identity/mac', '/psu', '/hashboards/0/serial']),
    );
    expect(denied[0]?.error?.code).toBe('auth/required');
  });

  test('a password that is refused is not tried again for an hour, but when somebody asks afresh', async () => {
    const machine = new Machine();
    machine.password = 'another';
    const memory = newMemory();
    const now = await read(machine, { memory });
    expect(machine.logins).toBe(1);
    expect(now.gaps.find(({ path }) => path === '/identity/mac')).toMatchObject({
      reason: 'denied',
      error: { code: 'auth/rejected' },
    });
    machine.now += 60_000;
    await read(machine, { memory });
    expect(machine.logins).toBe(1);
    await read(machine, { memory, fresh: true });
    expect(machine.logins).toBe(2);
    machine.now += 3_600_000;
    await read(machine, { memory });
    expect(machine.logins).toBe(3);
  });
});

describe('a token', () => {
  test('that ends in the middle of a reading is replaced once, and nothing is missing', async () => {
    const machine = new Machine();
    const all = machine.api.GetHashboards;
    machine.api.GetHashboards = (times: number) => {
      if (times > 1) return all;
      machine.valid.clear();
      throw new HeadframeError('auth/required', { vendorCode: 'UNAUTHENTICATED' });
    };
    const now = await read(machine);
    expect(machine.logins).toBe(2);
    expect(now.hashboards).toHaveLength(3);
    expect(now.gaps).toEqual([]);
  });

  test('that is never taken ends the reading of that door after one renewal', async () => {
    const machine = new Machine();
    machine.takesNoToken = true;
    machine.closed.grpc = REFUSED;
    const now = await read(machine);
    expect(machine.logins).toBe(1);
    expect(heardAt(machine, 'http').filter((one) => one.startsWith('GET'))).toEqual([
      'GET /api/v1/version/',
      'GET /api/v1/miner/details',
    ]);
    expect(now.gaps.find(({ path }) => path === '/psu')).toMatchObject({ error: { code: 'auth/rejected' } });
    expect(now.state).toBe('mining');
  });
});

describe('an older machine', () => {
  test('of 22.08 is read by GraphQL without a login, and by the older page for its MAC', async () => {
    const machine = olderMachine();
    machine.pages['POST /cgi-bin/luci'] = {
      status: 302,
      headers: { 'set-cookie': 'sysauth=0011aabb; path=/cgi-bin/luci' },
      body: new Uint8Array(),
      at: 0,
      ms: 1,
    };
    machine.pages['GET /cgi-bin/luci/admin/network/iface_status/lan'] = [{ macaddr: '02:22:67:09:FC:18' }];
    const now = await read(machine, { doors: { http: true } });
    expect(now.identity).toMatchObject({
      firmware: 'braiins-os',
      firmwareVersion: '22.08',
      make: 'Bitmain',
      model: 'Antminer S9',
      mac: '02:22:67:09:fc:18',
      hostname: 'old9',
    });
    expect(now).toMatchObject({ state: 'mining', powerW: 735, powerLimitW: 900, systemUptimeS: 500 });
    expect(machine.logins).toBe(0);
  });

  test('that is asked for more than it has is asked for the least that all have', async () => {
    const machine = olderMachine();
    machine.graphql.system = {
      data: { bos: { hostname: 'odd', info: { version: { full: '2025-04-07-0-424f9a7f-25.03-plus' } } } },
    };
    const miner = GRAPHQL.miner;
    machine.graphql.miner = (times: number) =>
      times === 1 ? { data: null, errors: [{ message: 'Unknown field "uptime" on type "BosminerQuery".' }] } : miner;
    const memory = newMemory();
    expect((await read(machine, { memory, doors: { http: true } })).powerW).toBe(735);
    machine.now += 10_000;
    machine.heard.length = 0;
    await read(machine, { memory, doors: { http: true } });
    expect(machine.heard.filter((one) => one === 'http POST /graphql')).toHaveLength(4);
  });

  test('with errors beside its data keeps the data, and the rest is a gap with the error', async () => {
    const machine = olderMachine();
    machine.graphql.miner = {
      data: { bosminer: { info: { ...GRAPHQL.miner.data.bosminer.info, summary: null, fans: null } } },
      errors: [{ message: 'fan controller does not answer', path: ['bosminer', 'info', 'fans'] }],
    };
    const now = await read(machine, { doors: { http: true } });
    expect(now.hashrate.currentHs).toBe(8.9e12);
    const gap = now.gaps.find(({ path }) => path === '/powerW');
    expect(gap).toMatchObject({ reason: 'failed', error: { code: 'device/refused' } });
    expect(gap?.error?.message).toContain('fan controller does not answer');
    expect(now.gaps.find(({ path }) => path === '/fans')?.reason).toBe('failed');
  });

  test('whose mining program is down still says who it is, and is not shown as mining', async () => {
    const machine = olderMachine();
    for (const name of ['miner', 'boards', 'pools', 'tuning']) {
      machine.graphql[name] = { data: null, errors: [{ message: 'BOSminer is not running' }] };
    }
    const now = await read(machine, { doors: { http: true } });
    expect(now.identity.hostname).toBe('old9');
    expect(now.state).toBe('unknown');
    expect(now.hashrate.currentHs).toBeNull();
  });

  test('with port 50051 open and a known password is read by gRPC', async () => {
    const machine = olderMachine();
    const now = await read(machine);
    expect(heardAt(machine, 'http')).toEqual([]);
    expect(now.identity.firmwareVersion).toBe('26.01');
  });

  test('of before 24.03 tells its status by a stream of which one message is read', async () => {
    const machine = new Machine();
    const { status: _, ...details } = machine.api.GetMinerDetails as Record<string, unknown>;
    machine.api.GetMinerDetails = details;
    machine.api.GetMinerStatus = { status: 3 };
    const now = await read(machine);
    expect(now.state).toBe('paused');
    expect(heardAt(machine, 'grpc').filter((one) => one === 'GetMinerStatus')).toHaveLength(1);
  });

  test('is not asked again for methods that it does not have, for an hour', async () => {
    const machine = new Machine();
    delete machine.api.GetErrors;
    delete machine.api.GetAutoUpgradeStatus;
    const memory = newMemory();
    const now = await read(machine, { memory });
    expect(now.gaps.map(({ path }) => path)).not.toContain('/faults');
    machine.heard.length = 0;
    machine.now += 60_000;
    await read(machine, { memory });
    expect(machine.heard).not.toContain('grpc GetErrors');
    expect(machine.heard).not.toContain('grpc GetAutoUpgradeStatus');
  });
});

describe('half the replies missing', () => {
  test('leaves exactly the gaps of those replies, and port 4028 stands in', async () => {
    const machine = new Machine();
    machine.api.GetMinerStats = new HeadframeError('device/refused', { vendorCode: 'INTERNAL' });
    machine.api.GetHashboards = new Uint8Array([0x0a, 0x7f, 0x01]);
    machine.commands.pools = new HeadframeError('link/reset');
    const now = await read(machine);
    expect(now.state).toBe('mining');
    const gaps = now.gaps.map(({ path, reason, error }) => [path, reason, error?.code]);
    expect(gaps).toContainEqual(['/hashboards/0/serial', 'failed', 'protocol/malformed']);
    expect(gaps).not.toContainEqual(expect.arrayContaining(['/identity/mac']));
    expect(now.pools).toHaveLength(3);
  });

  test('a connection that dies in the middle is not asked on', async () => {
    const machine = new Machine();
    machine.api.GetCoolingState = new HeadframeError('link/reset');
    const now = await read(machine);
    expect(heardAt(machine, 'grpc')).not.toContain('GetPoolGroups');
    expect(now.psu?.model).toBe('APW121215a');
    expect(now.pools[0]?.url).toBe('stratum+tcp://one.example:3333');
  });

  test('a web server that says that it is busy is not taken for one of an older release', async () => {
    const machine = new Machine();
    machine.closed.grpc = REFUSED;
    machine.pages['GET /api/v1/version/'] = (times: number) =>
      times === 1
        ? { status: 503, headers: {}, body: new Uint8Array(), at: machine.now, ms: 1 }
        : { major: 1, minor: 0, patch: 0 };
    const memory = newMemory();
    const first = await read(machine, { memory });
    expect(first.gaps.find(({ path }) => path === '/psu')?.error?.code).toBe('device/busy');
    machine.now += 10_000;
    expect((await read(machine, { memory })).psu?.model).toBe('APW121215a');
  });
});

describe('whatever its web server sends', () => {
  const runs = { seed: 20_261_124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
  const pieces = fc.constantFrom(
    ...[
      '{"data":',
      '{"errors":[',
      '{"message":"x"}',
      'null',
      ']',
      '}',
      '{"major":1}',
      '{"token":"t"}',
      '[{"macaddr":"a"}]',
      '"',
      ',',
    ],
  );
  const body = fc.oneof(
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    fc.json({ maxDepth: 4 }),
    fc.string({ maxLength: 60 }),
  );
  const reply = fc.record({
    status: fc.constantFrom(200, 200, 200, 204, 302, 401, 403, 404, 500, 503),
    headers: fc.constantFrom<Record<string, string>>({}, { 'set-cookie': 'sysauth=1' }, { authorization: 'a b' }),
    body: body.map((text) => new TextEncoder().encode(text)),
  });

  test('a reading comes of it, and every error is one of the table', {
    timeout: 30_000 + 20 * runs.numRuns,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 6 }), async (said) => {
        let asked = 0;
        const links = {
          clock: { now: () => 1_790_000_000_000 },
          credentials: ROOT,
          tokens: new Map<string, string>(),
          http: {
            hasCredentials: true,
            http: async () => ({ ...(said[asked++ % said.length] as (typeof said)[number]), at: 1, ms: 1 }),
          },
        };
        const replies = await braiins.read(links, newMemory());
        for (const { error } of replies.values()) expect(error === null || error instanceof HeadframeError).toBe(true);
        for (const { error } of replies.values()) expect(error?.code).not.toBe('internal');
        expect(asked).toBeLessThan(60);
        expect(snapshotOf(braiins, replies, 'a').identity.family).toBe('braiins');
      }),
      runs,
    );
  });
});
