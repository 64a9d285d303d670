import {
  type ConnectClass,
  type Examination,
  type Exchange,
  HIGH_CLOSED_PORT,
  type History,
  type Look,
  type NeighbourSeen,
  type OwnSide,
  type PageSeen,
  type PoolView,
  type Sampled,
  type Samples,
  type ShellSeen,
  type Sight,
  type UartSeen,
} from '@headframe/model';

/** 2026-01-05 10:00 UTC. */
export const NOW = 1_767_607_200_000;
const ADDRESS = '10.0.4.21';
const MAC = '02:a1:b2:c3:d4:e5';

export const seen = <T>(value: T, line = 'seen'): Sight<T> => ({
  value,
  at: NOW,
  ms: 3,
  bytes: 0,
  line,
  command: null,
});
export const not = (why = 'nobody asked for it'): Look<never> => ({ notSeen: why });

/** One request and what became of it. */
export function asked(
  request: string,
  outcome: Exchange['outcome'] = 'answered',
  more: Partial<Exchange> = {},
): Sight<Exchange> {
  const bytes = more.bytes ?? (outcome === 'answered' ? 420 : 0);
  const value: Exchange = {
    request,
    outcome,
    error: null,
    vendorCode: null,
    repairs: 0,
    isEmpty: false,
    ms: 12,
    bytes,
    ...more,
  };
  return { value, at: NOW, ms: value.ms, bytes, line: `${request}: ${outcome}, ${bytes} bytes`, command: null };
}

export const FIVE = ['version', 'summary', 'stats', 'devs', 'pools'] as const;

/** All five, with the same end. */
export const askedAll = (outcome: Exchange['outcome'], more: Partial<Exchange> = {}) =>
  FIVE.map((request) => asked(request, outcome, more));

export const port = (is: ConnectClass): Look<ConnectClass> => seen(is, `port is ${is}`);

/** Ports by number; the high closed one and the API's among them. */
export const ports = (classes: Readonly<Record<number, ConnectClass>>): Examination['ports'] =>
  Object.fromEntries(Object.entries(classes).map(([number, is]) => [number, port(is)]));

/** As a machine behind a filter looks for one port: the rest answers, a closed port refuses. */
export const apiIs = (is: ConnectClass, apiPort = 4028) =>
  ports({ [apiPort]: is, 80: apiPort === 80 ? is : 'open', 22: 'open', [HIGH_CLOSED_PORT]: 'refused' });

export const ALL_SILENT = ports({
  4028: 'timed-out',
  80: 'timed-out',
  22: 'timed-out',
  443: 'timed-out',
  [HIGH_CLOSED_PORT]: 'timed-out',
});

export const pool = (lastShareAgeS: number | null, more: Partial<PoolView> = {}): Look<PoolView> =>
  seen(
    { pool: 'public-pool', worker: 'farm.21', lastShareAgeS, hashrateHs: 1e14, accepted: 900, rejected: 3, ...more },
    `pool: last share ${lastShareAgeS} s ago`,
  );

export const own = (more: Partial<OwnSide> = {}): Look<OwnSide> =>
  seen({
    hasRoute: true,
    interface: 'eth0',
    sameNetwork: true,
    neighboursAnswering: { answered: 3, of: 3 },
    gatewayAnswers: true,
    firewallRules: [],
    connections: [],
    ...more,
  });

export const neighbour = (more: Partial<NeighbourSeen> = {}): Look<NeighbourSeen> =>
  seen({ mac: MAC, vendor: 'Bitmain', isMinerVendor: true, expectedMac: MAC, expectedMacAt: null, ...more });

export const page = (more: Partial<PageSeen> = {}): Look<PageSeen> =>
  seen({
    status: 401,
    realm: 'antMiner Configuration',
    server: 'lighttpd',
    title: null,
    stranger: null,
    isMiner: true,
    ...more,
  });

export const history = (more: Partial<History> = {}): Look<History> =>
  seen({
    firmware: { before: '2022-12-06', now: '2022-12-06', changedAt: null },
    lastAnswerAt: NOW - 3_600_000,
    lastUptimeS: 90_000,
    failures: [],
    mac: MAC,
    pollEveryS: 60,
    ...more,
  });

export const shell = (more: Partial<ShellSeen> = {}): Look<ShellSeen> =>
  seen({
    config: { path: '/config/cgminer.conf', listen: 'true', network: 'true', allow: 'R:10.0.4.5' },
    freeMemoryMb: 120,
    tmpUsedPercent: 12,
    topMemory: [{ program: 'bmminer', percent: 31 }],
    logLines: [],
    apiPeers: [],
    minerRuns: true,
    listensOn: [],
    restartCommand: '/etc/init.d/cgminer.sh restart',
    uptimeS: 90_000,
    ...more,
  });

export const uart = (more: Partial<UartSeen> = {}): Look<UartSeen> =>
  seen({
    bytes: 9000,
    lines: 200,
    isSilent: false,
    isNoise: false,
    patterns: {},
    examples: {},
    booted: false,
    starts: 1,
    brokenStarts: 0,
    lastLines: [],
    ...more,
  });

export const field = (name: string, kind: Sampled['kind'], ...values: Sampled['values'][number][]): Sampled => ({
  field: name,
  kind,
  values,
});

export const samples = (spanS: number, fields: readonly Sampled[]): Look<Samples> =>
  seen({ spanS, count: fields[0]?.values.length ?? 0, fields }, `three samples over ${spanS} s`);

/** A machine that works: everything moves. */
export const MOVING = samples(2, [
  field('Elapsed', 'clock', 90_000, 90_001, 90_002),
  field('Accepted', 'counter', 900, 900, 900),
  field('GHS 5s', 'sensor', 101_200, 101_350, 101_290),
  field('temp2_1', 'sensor', 71, 71, 72),
  field('fan1', 'sensor', 5880, 5940, 5880),
]);

export const FROZEN_FIELDS = [
  field('Elapsed', 'clock', 90_000, 90_030, 90_060),
  field('Accepted', 'counter', 900, 900, 900),
  field('GHS 5s', 'sensor', 101_200, 101_200, 101_200),
  field('temp2_1', 'sensor', 71, 71, 71),
  field('fan1', 'sensor', 5880, 5880, 5880),
];

/** A healthy stock Antminer of which everything was seen but what needs hands or a login; changed where a test says so. */
export function examination(more: Partial<Examination> = {}): Examination {
  return {
    subject: {
      address: ADDRESS,
      family: 'antminer',
      make: 'Bitmain',
      model: 'Antminer S19 Pro',
      firmware: 'stock',
      firmwareVersion: '2022-12-06',
      apiPort: 4028,
      by: 'remembered',
    },
    from: NOW - 4000,
    to: NOW,
    name: not('an address was given, no name'),
    neighbour: neighbour(),
    ping: seen(true, 'ping: answered in 1 ms'),
    ports: apiIs('open'),
    api: askedAll('answered'),
    again: [],
    page: page(),
    samples: MOVING,
    axe: not('it is no AxeOS'),
    whatsminer: not('it is no WhatsMiner'),
    luxosSession: not('it is no LuxOS'),
    braiins: not('it is no BraiinsOS'),
    ethminer: not('it is no ethminer'),
    clockSkewS: seen(2),
    state: seen('mining', 'state: mining'),
    uptimeS: seen(90_000),
    history: history(),
    pool: pool(42),
    vantage: [],
    own: own(),
    shell: not('no credentials for SSH were given'),
    uart: not('no log was given'),
    told: {},
    ...more,
  };
}

/** What cannot be read while the API is away. */
export const DEAF = {
  state: not('it did not answer'),
  samples: not('it did not answer'),
  uptimeS: not('it did not answer'),
} as const;

/** Its API port ends connections in this way, and the rest of it answers. */
export const deaf = (is: ConnectClass, more: Partial<Examination> = {}): Examination =>
  examination({ ...DEAF, ports: apiIs(is), api: [], ...more });

/** Its API accepts connections, and all requests end in this way. */
export const failing = (outcome: Exchange['outcome'], more: Partial<Examination> = {}): Examination =>
  examination({ ...DEAF, api: askedAll(outcome), again: [asked('version', outcome)], ...more });

/** Nothing of it answers. */
export const dead = (more: Partial<Examination> = {}): Examination =>
  examination({
    ...DEAF,
    ports: ALL_SILENT,
    api: [],
    ping: seen(false, 'ping: no answer'),
    page: not('port 80 does not answer'),
    neighbour: neighbour({ mac: null, vendor: null, isMinerVendor: null }),
    pool: pool(900),
    ...more,
  });

/** A Bitaxe; port 80 is its only one. */
export const bitaxe = (is: ConnectClass, more: Partial<Examination> = {}): Examination =>
  examination({
    ...DEAF,
    subject: {
      address: '10.0.4.40',
      family: 'axeos',
      make: 'Bitaxe',
      model: 'Gamma',
      firmware: 'AxeOS',
      firmwareVersion: 'v2.9.0',
      apiPort: 80,
      by: 'remembered',
    },
    ports: ports({ 80: is, 22: 'refused', [HIGH_CLOSED_PORT]: 'refused' }),
    api: [],
    page: not('its web server is the API'),
    ...more,
  });

export const HOUR = 3600;
export const DAY = 86_400;
export const from = (is: 'open' | 'refused' | 'timed-out', apiPort = 4028) =>
  seen({ from: 'collector-2', ports: { [apiPort]: is }, answered: is === 'open' ? true : null }, `collector-2: ${is}`);
export const as = (family: string, apiPort = 4028): Examination['subject'] => ({
  ...examination().subject,
  family,
  apiPort,
});
export const updated = history({ firmware: { before: '2021-08-01', now: '2022-12-06', changedAt: null } });
export const failedAt = (...uptimes: number[]) =>
  history({ failures: uptimes.map((uptimeS, i) => ({ at: 1_767_000_000_000 + i * 1000, uptimeS })) });
export const BAD_BOOT = uart({ patterns: { 'squashfs error': 14, 'Kernel panic': 2 } });
export const held = (count: number, state = 'ESTABLISHED', program: string | null = 'awesome-miner') =>
  own({ connections: Array.from({ length: count }, () => ({ port: 4028, state, program })) });
