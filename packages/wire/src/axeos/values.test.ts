import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fields } from '../json/index.ts';
import { difficultyOf } from './difficulty.ts';
import { espMinerImage, readEspImage } from './esp-image.ts';
import { poolAddress } from './pool-address.ts';
import { poolOf } from './record.ts';
import { refusalOf } from './refusals.ts';
import { securityWord, signalWord, wifiFault, wifiRssiDbm } from './wifi.ts';

const RUNS = { seed: 6, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

/** What a parser may do with anything: give a value, or a coded error. */
const givesOrRefuses = (run: () => unknown): void => {
  try {
    run();
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError) || thrown.code !== 'usage/invalid') throw thrown;
  }
};

describe('the difficulty of a share', () => {
  test.each([
    ['483k', 483_000],
    ['0', 0],
    ['49.2M', 49_200_000],
    ['4.29G', 4_290_000_000],
    ['1.07T', 1_070_000_000_000],
    ['2P', 2e15],
    ['3E', 3e18],
    ['847', 847],
    [' 12.5 K ', 12_500],
    [49224525, 49224525],
    [0, 0],
  ])('%j is %d', (said, difficulty) => expect(difficultyOf(said)).toBe(difficulty));

  test.each([['4.29X'], ['M'], [''], ['-1'], [-1], [null], [Number.NaN], [{}], ['1e9'], ['9'.repeat(30)]])(
    '%j is none',
    (said) => expect(difficultyOf(said)).toBeNull(),
  );

  test('is a number or none, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.string()), (said) => {
        const difficulty = difficultyOf(said);
        return difficulty === null || (Number.isFinite(difficulty) && difficulty >= 0);
      }),
      RUNS,
    );
  });
});

describe('an address of a pool', () => {
  test.each([
    ['stratum+tcp://public-pool.io:21496', { host: 'public-pool.io', port: 21496, tls: false, v2: null }],
    ['stratum+ssl://a.example:443', { host: 'a.example', port: 443, tls: true, v2: null }],
    ['TLS://10.0.0.9:1', { host: '10.0.0.9', port: 1, tls: true, v2: null }],
    ['stratum2+tcp://a.example:34254/9bXi', { host: 'a.example', port: 34254, tls: false, v2: { key: '9bXi' } }],
    ['stratum2+tcp://a.example:34254', { host: 'a.example', port: 34254, tls: false, v2: { key: null } }],
  ])('%s is parted', (url, parts) => expect(poolAddress(url)).toEqual(parts));

  test.each([
    'stratum+tcp://a.example',
    'stratum+tcp://a.example:0',
    'stratum+tcp://a.example:65536',
    'stratum+tcp://:3333',
    'http://a.example:80',
    'stratum+tcp://a.example:3333/path',
    'a.example:3333',
    'stratum+tcp://a b:3333',
  ])('%s is refused', (url) => expect(() => poolAddress(url)).toThrow(/nothing was sent/));

  test('is parted or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (url) => givesOrRefuses(() => poolAddress(url))),
      RUNS,
    );
  });

  test('comes back as it was told, also where the device was told a scheme', () => {
    const told = { host: 'stratum+tcp://pool.example.com', port: 3333, worker: 'w' };
    expect(poolOf(0, told)?.url).toBe('stratum+tcp://pool.example.com:3333');
    expect(poolOf(0, { ...told, host: 'pool.example.com' })?.url).toBe('stratum+tcp://pool.example.com:3333');
    expect(poolOf(0, { ...told, host: 'pool.example.com:3333' })?.url).toBe('stratum+tcp://pool.example.com:3333');
    expect(poolOf(0, { ...told, host: null })).toBeNull();
  });
});

describe('an image', () => {
  const image = (): Uint8Array => {
    const bytes = new Uint8Array(24 + 8 + 512 + 16);
    const view = new DataView(bytes.buffer);
    bytes.set([0xe9, 1]);
    view.setUint16(12, 9, true);
    view.setUint32(28, 512, true);
    view.setUint32(32, 0xabcd5432, true);
    bytes.set(new TextEncoder().encode('v2.12.2'), 48);
    bytes.set(new TextEncoder().encode('esp-miner'), 80);
    return bytes;
  };

  test('says its version and its program', () => {
    expect(readEspImage(image())).toEqual({ version: 'v2.12.2', project: 'esp-miner' });
    // Within a larger buffer, as a file that was read in parts may be.
    const buffer = new Uint8Array(4096);
    buffer.set(image(), 100);
    expect(readEspImage(buffer.subarray(100, 100 + image().length)).version).toBe('v2.12.2');
    expect(espMinerImage(image(), 'v2.12.2').version).toBe('v2.12.2');
  });

  test('of more segments than there can be, or whose segments reach beyond it, is refused', () => {
    const many = image();
    many[1] = 200;
    expect(() => readEspImage(many)).toThrow(/200 segments/);
    const none = image();
    none[1] = 0;
    expect(() => readEspImage(none)).toThrow(/0 segments/);
    const four = image();
    four[1] = 4;
    expect(() => readEspImage(four)).toThrow(/cut short/);
    const long = image();
    new DataView(long.buffer).setUint32(28, 0xffffffff, true);
    expect(() => readEspImage(long)).toThrow(/cut short/);
  });

  test('is read or refused, whatever its bytes are', () => {
    const bytes = fc
      .tuple(fc.uint8Array({ maxLength: 700 }), fc.array(fc.tuple(fc.nat(559), fc.nat(255)), { maxLength: 8 }))
      .map(([noise, changes]) => {
        const changed = image();
        for (const [at, value] of changes) changed[at] = value;
        return noise.length % 2 === 0 ? changed : noise;
      });
    fc.assert(
      fc.property(bytes, (one) => givesOrRefuses(() => espMinerImage(one, 'v2.12.2'))),
      RUNS,
    );
  });
});

describe('a status', () => {
  test.each([
    [401, 'Unauthorized', 'auth/address-not-allowed'],
    [401, 'OTP/Session required', 'auth/rejected'],
    [401, 'totp missing or invalid', 'auth/rejected'],
    [401, 'blocked for 5 minutes', 'device/busy'],
    [403, 'WiFi scan only available while AP is active', 'auth/address-not-allowed'],
    [404, '{"error":"unknown route"}', 'support/unsupported'],
    [302, 'Redirect to the captive portal', 'support/unsupported'],
    [405, 'Method not allowed', 'support/unsupported'],
    [405, 'OTP is enabled', 'device/refused'],
    [429, 'Max WebSocket clients reached', 'device/busy'],
  ])('%i "%s" is %s', (status, text, code) => expect(refusalOf(status, text, 'GET /x')?.code).toBe(code));

  test('that leaves it to the text is no refusal yet', () => {
    for (const status of [200, 202, 204, 400, 500]) expect(refusalOf(status, 'x', 'GET /x')).toBeNull();
  });
});

describe('the strength of a Wi-Fi', () => {
  test.each([
    [-61, -61],
    [-90, null],
    [undefined, null],
    ['-55', -55],
  ])('%j is %j dBm: -90 also stands for "not known"', (wifiRSSI, dBm) => {
    expect(wifiRssiDbm(new Fields({ wifiRSSI }))).toBe(dBm);
  });

  test.each([
    [-20, 'excellent'],
    [-30, 'excellent'],
    [-44, 'very good'],
    [-60, 'good'],
    [-67, 'fair'],
    [-70, 'weak'],
    [-71, 'very weak'],
    [-80, 'very weak'],
    [-90, 'unusable'],
  ])('%i dBm is %s', (rssi, word) => expect(signalWord(rssi)).toBe(word));

  test('is a fault when it is very weak, and not when it is not known', () => {
    const of = (wifiRSSI: unknown) => wifiFault(new Fields({ wifiRSSI }))?.text ?? null;
    expect([of(-70), of(-71), of(-90), of(-91), of(undefined)]).toEqual([
      null,
      'Wi-Fi signal very weak: -71 dBm',
      null,
      'Wi-Fi signal unusable: -91 dBm',
      null,
    ]);
  });

  test('comes with its protection, by number where no word is known', () => {
    expect([0, 3, 7, 10, 11, 16].map(securityWord)).toEqual([
      'open',
      'WPA2-PSK',
      'WPA2/WPA3-PSK',
      'WPA3-Enterprise 192 bit',
      '11',
      '16',
    ]);
  });
});
