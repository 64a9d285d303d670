import { describe, expect, test } from 'vitest';
import { gamma, info, json, RELEASES, said, send } from './sim.testing.ts';

/*
 * Which release has what, typed from protocols.md 6.2, 6.3 and 6.5.
 */

const minors = RELEASES.map((minor) => [minor] as const);

/** The endpoints, and the releases that answer them with something else than an unknown route. */
const ENDPOINTS: readonly (readonly [line: string, since: number, until: number])[] = [
  ['GET /api/system/info', 4, 15],
  ['PATCH /api/system', 4, 15],
  ['POST /api/system/restart', 4, 15],
  ['POST /api/system/OTA', 4, 15],
  ['POST /api/system/OTAWWW', 4, 15],
  ['OPTIONS /api/swarm', 4, 8],
  ['GET /api/theme', 5, 15],
  ['POST /api/theme', 5, 15],
  ['GET /api/system/wifi/scan', 6, 15],
  ['GET /api/system/asic', 7, 15],
  ['GET /api/system/statistics', 8, 15],
  ['GET /api/system/statistics/dashboard', 8, 10],
  ['POST /api/system/identify', 12, 15],
  ['POST /api/system/blockFound/dismiss', 13, 15],
  ['GET /api/system/logs', 14, 15],
  ['POST /api/system/pause', 14, 15],
  ['POST /api/system/resume', 14, 15],
  ['GET /api/system/scoreboard', 14, 15],
  ['POST /api/system/boot', 15, 15],
  ['PUT /api/system/pools/3', 15, 15],
  ['DELETE /api/system/pools/3', 15, 15],
  ['GET /recovery', 4, 15],
];

describe.each(minors)('AxeOS v2.%i', (minor) => {
  test('answers the endpoints of its release and no others', () => {
    const there = ENDPOINTS.filter(([line]) => {
      const reply = send(gamma(minor), line, { body: '{}' });
      const unknown = reply.status === 404 || reply.status === 405 || reply.text === 'Redirect to the captive portal';
      return !unknown;
    }).map(([line]) => line);
    expect(there).toEqual(
      ENDPOINTS.filter(([, since, until]) => minor >= since && minor <= until).map(([line]) => line),
    );
  });

  test('sends a path that it does not know to its page, and from v2.9 on says 404 below /api', () => {
    expect(said(gamma(minor), 'GET /nothing')).toBe('302 Redirect to the captive portal');
    expect(send(gamma(minor), 'GET /nothing').headers.location).toBe('/');
    const api = send(gamma(minor), 'GET /api/nothing');
    expect(api.status).toBe(minor >= 9 ? 404 : 302);
    if (minor >= 9) expect(api.text).toContain('unknown route');
  });

  test('prints JSON with tabs up to v2.13 and compact from v2.14', () => {
    expect(
      send(gamma(minor), 'GET /api/system/info').text.startsWith(minor < 14 ? '{\n\t"power":\t' : '{"power":'),
    ).toBe(true);
  });
});

test('the theme came with v2.4.3, and v2.4.0 has none', () => {
  expect(said(gamma(4), 'GET /api/theme')).toBe('302 Redirect to the captive portal');
  expect(Object.keys(json(gamma(5), 'GET /api/theme'))).toEqual(['colorScheme', 'theme', 'accentColors']);
  expect(Object.keys(json(gamma(9), 'GET /api/theme'))).toEqual(['colorScheme', 'accentColors']);
  expect(Object.keys(json(gamma(15), 'GET /api/theme'))).toEqual(['colorScheme', 'primaryColor']);
  const on = gamma(15);
  expect(json(on, 'POST /api/theme', { body: { primaryColor: '#123456', accentColors: {} } })).toEqual({
    status: 'ok',
  });
  expect(json(on, 'GET /api/theme')).toEqual({ colorScheme: 'dark', primaryColor: '#123456' });
});

const V2_4 = [
  'power voltage current temp vrTemp hashRate bestDiff bestSessionDiff isUsingFallbackStratum freeHeap coreVoltage',
  'coreVoltageActual frequency ssid macAddr hostname wifiStatus sharesAccepted sharesRejected uptimeSeconds asicCount',
  'smallCoreCount ASICModel stratumURL stratumPort stratumUser fallbackStratumURL fallbackStratumPort',
  'fallbackStratumUser version boardVersion runningPartition flipscreen overheat_mode invertscreen invertfanpolarity',
  'autofanspeed fanspeed fanrpm',
].flatMap((line) => line.split(' '));

const both = (...names: readonly string[]): string[] =>
  ['s', 'fallbackS'].flatMap((prefix) => names.map((name) => `${prefix}tratum${name}`));

/** Fields that came and went, as 6.3 lists them. */
const CHANGES: readonly (readonly [minor: number, added: readonly string[], gone?: readonly string[]])[] = [
  [5, ['stratumDiff', 'idfVersion']],
  [
    6,
    [
      ...['maxPower', 'nominalVoltage', 'isPSRAMAvailable', 'wifiRSSI', 'apEnabled', 'sharesRejectedReasons'],
      'overclockEnabled',
    ],
  ],
  [7, ['displayTimeout', 'temptarget'], ['invertfanpolarity']],
  [8, ['expectedHashrate', 'display', 'statsLimit', 'statsDuration']],
  [
    9,
    [
      ...['poolDifficulty', 'responseTime', 'axeOSVersion', 'rotation', 'statsFrequency'],
      ...both('SuggestedDifficulty', 'ExtranonceSubscribe'),
    ],
    ['stratumDiff', 'asicCount', 'flipscreen', 'statsLimit', 'statsDuration'],
  ],
  [10, ['temp2', 'minFanSpeed']],
  [
    11,
    [
      ...['errorPercentage', 'poolAddrFamily', 'freeHeapInternal', 'freeHeapSpiram', 'ipv4', 'ipv6', 'manualFanSpeed'],
      ...['fan2rpm', 'blockFound', 'blockHeight', 'scriptsig', 'networkDifficulty', 'hashrateMonitor'],
    ],
  ],
  [12, ['hashRate_1m', 'hashRate_10m', 'hashRate_1h', 'resetReason']],
  [
    13,
    [
      ...['poolConnectionInfo', 'showNewBlock', 'coinbaseOutputs', 'coinbaseValueTotalSatoshis'],
      ...['coinbaseValueUserSatoshis', ...both('TLS', 'Cert', 'DecodeCoinbase')],
    ],
    ['poolAddrFamily'],
  ],
  [
    14,
    [
      ...['actualFrequency', 'responseShareBatch', 'processTime', 'cpuUsage', 'miningPaused', 'statsLimit'],
      ...['blockSignals', ...both('Protocol', 'V2ChannelType', 'V2AuthorityPubkey')],
    ],
  ],
  [
    15,
    [
      ...['sharesPending', 'workReceived', 'minFreeHeap', 'maxAllocHeap', 'totalUptimeSeconds', 'totalHashes'],
      ...['totalLog2Work', 'primaryPoolIndex', 'secondaryPoolIndex', 'useFallbackStratum', 'pools', 'partitions'],
      ...['useCustomWWW', 'fullHostname', 'mdnsHostname'],
    ],
  ],
];

test.each(minors)('info of v2.%i has the fields of its release, no less and no more', (minor) => {
  const fields = new Set(V2_4);
  for (const [since, added, gone = []] of CHANGES) {
    if (since > minor) break;
    for (const key of added) fields.add(key);
    for (const key of gone) fields.delete(key);
  }
  expect(Object.keys(info(gamma(minor))).sort()).toEqual([...fields].sort());
});

test('difficulties are texts up to v2.10 and numbers from v2.11', () => {
  expect(info(gamma(10)).bestDiff).toMatch(/^[\d.]+[kMGT]?$/);
  expect(info(gamma(10)).bestSessionDiff).toBeTypeOf('string');
  expect(info(gamma(11)).bestDiff).toBeTypeOf('number');
});

test('flags of the pools are numbers up to v2.13 and booleans from v2.14', () => {
  expect(info(gamma(13))).toMatchObject({
    stratumExtranonceSubscribe: 0,
    stratumDecodeCoinbase: 1,
    showNewBlock: false,
  });
  expect(info(gamma(14))).toMatchObject({ stratumExtranonceSubscribe: false, stratumDecodeCoinbase: true });
  expect(info(gamma(14))).toMatchObject({ miningPaused: false, overclockEnabled: 0, blockFound: 0 });
});

test('floats carry single precision up to v2.11 and seven decimals from v2.12', () => {
  expect(send(gamma(11), 'GET /api/system/info').text).toMatch(/"power":\t\d+\.\d{10,}/);
  expect(send(gamma(12), 'GET /api/system/info').text).toMatch(/"power":\t\d+\.\d{1,7},/);
});

test('voltages are millivolts, but nominalVoltage is volts', () => {
  const { voltage, nominalVoltage, coreVoltage } = info(gamma(12));
  expect(nominalVoltage).toBe(5);
  expect(Number(voltage)).toBeGreaterThan(4500);
  expect(Number(voltage)).toBeLessThan(5500);
  expect(coreVoltage).toBe(1150);
});

test('asic grew from v2.7 to v2.11', () => {
  const keys = (minor: number) => Object.keys(json(gamma(minor), 'GET /api/system/asic'));
  expect(keys(7)).toEqual(['ASICModel', 'frequencyOptions', 'voltageOptions']);
  expect(keys(8)).toEqual(['ASICModel', 'defaultFrequency', 'frequencyOptions', 'defaultVoltage', 'voltageOptions']);
  expect(keys(9)).toContain('deviceModel');
  expect(keys(10)).not.toContain('hashDomains');
  expect(json(gamma(11), 'GET /api/system/asic')).toEqual({
    ASICModel: 'BM1370',
    deviceModel: 'Gamma',
    swarmColor: 'green',
    asicCount: 1,
    defaultFrequency: 525,
    frequencyOptions: [400, 490, 525, 550, 600, 625],
    defaultVoltage: 1150,
    voltageOptions: [1000, 1060, 1100, 1150, 1200, 1250],
    hashDomains: 4,
  });
});
