import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { espImage } from '../sim/esp-image.testing.ts';
import { AT, device, gamma, MINUTE, send, socket } from './sim.testing.ts';
import { suffixed } from './sim-info.ts';
import { printed } from './sim-json.ts';

const runs = { seed: 80, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const KEYS = [
  ...['ssid', 'wifiPass', 'hostname', 'frequency', 'coreVoltage', 'overclockEnabled', 'autofanspeed', 'fanspeed'],
  ...['manualFanSpeed', 'minFanSpeed', 'temptarget', 'overheat_mode', 'display', 'rotation', 'flipscreen'],
  ...['invertscreen', 'displayOffset', 'displayTimeout', 'statsLimit', 'statsDuration', 'useFallbackStratum'],
  ...['stratumURL', 'stratumPort', 'stratumSuggestedDifficulty', 'fallbackStratumTLS', 'stratumProtocol', 'pools'],
  ...['primaryPoolIndex', 'secondaryPoolIndex', 'FREQUENCY', '__proto__', 'constructor', 'toString', 'partition'],
  ...['colorScheme', 'accentColors', 'id', 'stratumUser'],
];
const values = fc.oneof(
  fc.constantFrom(0, 1, 2, -1, 400, 65_535, 65_536, 1e308, true, false, null, '', 'SV2', 'HomeNET', '*****', [], {}),
  fc.constantFrom(
    'SSD1309 (128x64)',
    [{ id: 0, stratumURL: 'a', stratumPort: 1, stratumUser: 'b' }],
    [null],
    'factory',
  ),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);
const documents = fc.dictionary(fc.constantFrom(...KEYS), values).map((value) => JSON.stringify(value));
const bodies = fc.oneof(
  documents.map((text) => new TextEncoder().encode(text)),
  // A document that is cut or followed by something.
  fc.tuple(documents, fc.nat(80)).map(([text, at]) => new TextEncoder().encode(text.slice(0, at))),
  fc.uint8Array({ maxLength: 300 }),
  fc.constant(new TextEncoder().encode(`${'['.repeat(9_000)}`)),
);
const lines = fc.constantFrom(
  ...['PATCH /api/system', 'POST /api/theme', 'POST /api/system/boot', 'PUT /api/system/pools/2'],
  ...[
    'PUT /api/system/pools/99',
    'DELETE /api/system/pools/2',
    'POST /api/system/restart',
    'POST /api/system/identify',
  ],
  ...[
    'POST /api/system/pause',
    'POST /api/system/resume',
    'POST /api/system/blockFound/dismiss',
    'OPTIONS /api/system',
  ],
);

describe('whatever is sent', () => {
  test.each([4, 8, 10, 11, 14, 15])('to a Gamma with v2.%i is answered, and what is read stays JSON', (minor) => {
    const on = gamma(minor);
    let now = AT;
    fc.assert(
      fc.property(lines, bodies, (line, body) => {
        now += MINUTE;
        const { status } = send(on, line, { body, now });
        expect([200, 302, 400, 404, 405, 500]).toContain(status);
        const info = send(on, 'GET /api/system/info', { now });
        expect(info.status).toBe(200);
        const read = JSON.parse(info.text) as Record<string, unknown>;
        expect(Object.values(read)).not.toContain(null);
      }),
      runs,
    );
  });

  test('as paths, methods, peers and origins: a page or a refusal', () => {
    const on = device('gamma-turbo');
    const odd = fc.oneof(
      fc.string(),
      fc.webPath(),
      fc.constantFrom('/api/', '/api/system/info', '/api/system/pools/%00'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'TRACE', 'X'),
        odd,
        fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
        fc.option(
          fc.oneof(
            fc.string(),
            fc.webUrl(),
            fc.ipV4().map((ip) => `http://${ip}`),
          ),
          { nil: undefined },
        ),
        (method, path, peer, origin) => {
          const headers = origin === undefined ? {} : { origin };
          const request = { method, path, headers, body: new Uint8Array() };
          const reply = on.http?.respond(request, { address: peer }, AT);
          expect([200, 302, 400, 401, 404, 405, 414]).toContain(reply?.status);
          socket(on, path, { peer, headers });
        },
      ),
      runs,
    );
  });

  test('as statistics queries: rows as long as their labels', () => {
    const on = gamma(15);
    send(on, 'PATCH /api/system', { body: { statsFrequency: 300 } });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `columns=${text}`),
        ),
        (query) => {
          const { text } = send(on, `GET /api/system/statistics?${query}`, { now: AT + 20 * MINUTE });
          const { labels, statistics } = JSON.parse(text);
          for (const row of statistics) expect(row).toHaveLength(labels.length);
        },
      ),
      runs,
    );
  });

  test('as firmware: a yes to the whole image alone', () => {
    const whole = espImage();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
          fc.tuple(fc.nat(31), fc.integer({ min: 1, max: 255 })).map(([at, change]) => {
            const spoilt = whole.slice();
            spoilt[at] = (spoilt[at] ?? 0) ^ change;
            return spoilt;
          }),
        ),
        (body) => {
          const { status } = send(gamma(12), 'POST /api/system/OTA', { body });
          expect([200, 500]).toContain(status);
          if (body.length < whole.length) expect(status).toBe(500);
        },
      ),
      runs,
    );
  });
});

describe('what is printed', () => {
  test('is JSON that reads back, with tabs or compact', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, pretty) => {
        const close = (a: unknown, b: unknown): boolean =>
          typeof a === 'number' && typeof b === 'number'
            ? // 15 digits of the largest double are more than it.
              Math.abs(a - b) <= Math.abs(a) * 1e-14 || Math.abs(a) > 1.797e308
            : typeof a === 'object' && a !== null && typeof b === 'object' && b !== null
              ? Object.keys(a).length === Object.keys(b).length &&
                Object.entries(a).every(([key, inner]) => close(inner, (b as Record<string, unknown>)[key]))
              : a === b;
        expect(close(value, JSON.parse(printed(value, pretty)))).toBe(true);
      }),
      runs,
    );
  });

  test('follows cJSON', () => {
    expect(printed({ a: [{ b: 1 }], c: [1, 2.5], d: {}, e: [] }, true)).toBe(
      '{\n\t"a":\t[{\n\t\t\t"b":\t1\n\t\t}],\n\t"c":\t[1, 2.5],\n\t"d":\t{\n\t},\n\t"e":\t[]\n}',
    );
    expect(printed([146_472_570_619_930, 2.65000009536743, 1e21, 0.00001], false)).toBe(
      '[146472570619930,2.65000009536743,1e+21,1e-05]',
    );
  });

  test('writes difficulties with three digits and a letter', () => {
    expect([0, 999, 1000, 483_912, 49_224_525, 2_038_368, 999_900].map(suffixed)).toEqual([
      ...['0', '999', '1k', '484k', '49.2M', '2.04M', '1e+03k'],
    ]);
  });
});
