import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AT, device, MINUTE, send } from './sim.testing.ts';
import { parsed, printed } from './sim-json.ts';

const runs = { seed: 80, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const KEYS = [
  ...[
    'ssid',
    'hostname',
    'frequency',
    'coreVoltage',
    'jobInterval',
    'stratumDifficulty',
    'overheat_temp',
    'flipscreen',
  ],
  ...['autofanspeed', 'manualFanSpeed', 'pidTargetTemp', 'pidP', 'vrFrequency', 'stratumURL', 'stratumPort', 'fans'],
  ...['poolMode', 'poolBalance', 'pools', 'fallbackStratumURL', 'flipScreen', 'stratumKeep', 'url', 'port', 'enabled'],
  ...['__proto__', 'constructor', 'toString', 'status', 'headers', 'body'],
];
const values = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, -1, 600, 65_535, 65_536, true, false, null, '', 'HomeNET', [], {}),
  fc.constantFrom([{ mode: 0, manualSpeed: 0, pid: { p: 1.5 } }], [null, 5], [{ url: '', port: 1 }], [{ pid: 5 }]),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);
const documents = fc.dictionary(fc.constantFrom(...KEYS), values).map((value) => JSON.stringify(value));
const bodies = fc.oneof(
  documents.map((text) => new TextEncoder().encode(text)),
  fc.tuple(documents, fc.nat(80)).map(([text, at]) => new TextEncoder().encode(text.slice(0, at))),
  fc.uint8Array({ maxLength: 300 }),
);
const lines = fc.constantFrom(
  ...['PATCH /api/system', 'PATCH /api/v2/settings', 'PATCH /api/v2/influx', 'PATCH /api/v2/alert', 'PATCH /api/swarm'],
  ...[
    'PATCH /api/v2/otp',
    'POST /api/v2/otp',
    'POST /api/v2/otp/session',
    'POST /api/system/OTA',
    'POST /api/system/OTAWWW',
  ],
  ...[
    'POST /api/system/OTA/github',
    'POST /api/system/reset-stats',
    'POST /api/system/restart',
    'POST /api/system/shutdown',
  ],
  ...['PATCH /api/v2/can/nodes/1', 'POST /api/v2/can/nodes/x/restart', 'DELETE /api/v2/can/nodes/'],
);
const headers = fc.record(
  { 'x-totp': fc.oneof(fc.string(), fc.constantFrom('000000')), 'x-otp-session': fc.string() },
  { requiredKeys: [] },
);

describe('whatever is sent', () => {
  test.each(['nerdqaxe-plus-plus', 'nerdqaxe-plus-plus-otp', 'nerdqaxe-plus-old'])(
    'to a %s is answered, and what is read stays JSON',
    (profile) => {
      const on = device(profile);
      let now = AT;
      fc.assert(
        fc.property(lines, bodies, headers, (line, body, given) => {
          now += MINUTE;
          const { status } = send(on, line, { body, headers: given, now });
          expect([200, 202, 204, 302, 400, 401, 403, 405, 409, 500]).toContain(status);
          for (const path of [
            'system/info?ts=5&cur=9',
            ...(profile.endsWith('old') ? [] : ['v2/dashboard', 'v2/settings']),
          ]) {
            const read = send(on, `GET /api/${path}`, { now });
            expect(read.status).toBe(200);
            expect(Object.values(JSON.parse(read.text))).not.toContain(null);
          }
        }),
        runs,
      );
    },
  );

  test('as a query is no reason to spin', () => {
    const on = device('nerdqaxe-plus');
    const queries = fc
      .tuple(fc.bigInt({ min: 0n, max: 2n ** 66n }), fc.bigInt({ min: 0n, max: 2n ** 66n }), fc.nat(), fc.string())
      .map(([ts, cur, limit, rest]) => `ts=${ts}&cur=${cur}&limit=${limit}&history_span=${cur}&${rest}`);
    fc.assert(
      fc.property(queries, (query) => {
        const { history } = JSON.parse(send(on, `GET /api/system/info?${query}`).text);
        expect(history?.timestamps.length ?? 0).toBeLessThanOrEqual(721);
      }),
      { ...runs, numRuns: Math.min(runs.numRuns, 300) },
    );
  });
});

test('documents are read as they were written, numbers with a point apart', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.stringify(value);
      const unmark = (_: string, inner: unknown) =>
        typeof inner === 'object' && inner !== null && inner.constructor.name === 'Floating'
          ? (inner as { value: number }).value
          : inner;
      expect(JSON.stringify(parsed(new TextEncoder().encode(plain)), unmark)).toBe(plain);
    }),
    runs,
  );
});

test('what is printed is JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => JSON.parse(printed(value))).not.toThrow();
    }),
    runs,
  );
});
