import {
  type ConnectClass,
  type Examination,
  type Exchange,
  HIGH_CLOSED_PORT,
  type Look,
  MACHINE_STATES,
} from '@headframe/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAMILY_IDS } from './by-family.ts';
import { diagnose } from './diagnose.ts';
import { examination, NOW } from './examination.testing.ts';
import { RULES } from './rules/index.ts';

const numRuns = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);

const CLASSES: readonly ConnectClass[] = ['open', 'refused', 'timed-out', 'unreachable'];
const OUTCOMES: readonly Exchange['outcome'][] = [
  'answered',
  'denied',
  'refused-by-code',
  'closed-empty',
  'silent',
  'partial',
  'malformed',
  'foreign',
];

/** What a hostile device says of itself. */
const words = fc.oneof(
  fc.constantFrom('\u001b[2J', '\u0007\r\n', '\u202egnp.exe', 'x'.repeat(5000), '', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const number = fc.oneof(fc.double(), fc.integer({ min: -10, max: 10_000_000 }));
const look = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Look<T>> =>
  fc.oneof(
    words.map((notSeen) => ({ notSeen })),
    fc
      .tuple(value, words)
      .map(([seenValue, line]) => ({ value: seenValue, at: NOW, ms: 1, bytes: 0, line, command: null })),
  );
const classOf = fc.constantFrom(...CLASSES);
const exchange = fc
  .record({
    request: fc.oneof(fc.constantFrom('version', 'summary', 'stats', 'config', 'privileged', 'GET /'), words),
    outcome: fc.constantFrom(...OUTCOMES),
    error: maybe(
      fc.constantFrom<NonNullable<Exchange['error']>>(
        'link/refused',
        'link/timed-out-connecting',
        'auth/required',
        'auth/rejected',
        'auth/address-not-allowed',
        'link/cancelled',
      ),
    ),
    vendorCode: maybe(fc.oneof(fc.constantFrom('45', '14', '401', '403'), words)),
    repairs: fc.nat(3),
    isEmpty: fc.boolean(),
    ms: number,
    bytes: fc.nat(),
  })
  .chain((value) => words.map((line) => ({ value, at: NOW, ms: 1, bytes: value.bytes, line, command: null })));
const exchanges = fc.array(exchange, { maxLength: 8 });

const ANY: fc.Arbitrary<Examination> = fc
  .record({
    subject: fc.record({
      address: fc.oneof(fc.constantFrom('10.0.4.21', '::1'), words),
      family: maybe(fc.oneof(fc.constantFrom(...FAMILY_IDS, '__proto__', 'constructor'), words)),
      make: maybe(words),
      model: maybe(words),
      firmware: maybe(words),
      firmwareVersion: maybe(words),
      apiPort: fc.constantFrom(80, 4028, 3333),
      by: fc.constantFrom('read', 'remembered', 'assumed'),
    }),
    name: look(fc.record({ given: words, addresses: fc.array(words, { maxLength: 3 }), expected: maybe(words) })),
    neighbour: look(
      fc.record({
        mac: maybe(words),
        vendor: maybe(words),
        isMinerVendor: maybe(fc.boolean()),
        expectedMac: maybe(words),
        expectedMacAt: maybe(words),
      }),
    ),
    ping: look(fc.boolean()),
    ports: fc
      .uniqueArray(fc.constantFrom(22, 80, 443, 3333, 4028, HIGH_CLOSED_PORT))
      .chain((numbers) =>
        fc
          .tuple(...numbers.map(() => look(classOf)))
          .map((looks) => Object.fromEntries(numbers.map((n, i) => [n, looks[i] as Look<ConnectClass>]))),
      ),
    api: exchanges,
    again: exchanges,
    page: look(
      fc.record({
        status: fc.nat(999),
        realm: maybe(words),
        server: maybe(words),
        title: maybe(words),
        stranger: maybe(words),
        isMiner: maybe(fc.boolean()),
      }),
    ),
    samples: look(
      fc.record({
        spanS: number,
        count: fc.nat(5),
        fields: fc.array(
          fc.record({
            field: words,
            kind: fc.constantFrom('clock', 'counter', 'sensor'),
            values: fc.array(maybe(fc.oneof(number, words)), { maxLength: 4 }),
          }),
          { maxLength: 8 },
        ),
      }),
    ),
    axe: look(
      fc.record({
        statusWithoutOrigin: maybe(fc.nat(999)),
        statusWithOrigin: maybe(fc.nat(999)),
        rssiDbm: maybe(number),
      }),
    ),
    whatsminer: look(fc.record({ tokenGiven: fc.boolean(), writes: maybe(fc.boolean()) })),
    luxosSession: look(maybe(words)),
    ethminer: look(fc.record({ pingAnswered: fc.boolean(), statAnswered: fc.boolean() })),
    clockSkewS: look(number),
    state: look(fc.constantFrom(...MACHINE_STATES)),
    uptimeS: look(number),
    history: look(
      fc.record({
        firmware: fc.record({ before: maybe(words), now: maybe(words), changedAt: maybe(number) }),
        lastAnswerAt: maybe(number),
        lastUptimeS: maybe(number),
        failures: fc.array(fc.record({ at: number, uptimeS: maybe(number) }), { maxLength: 5 }),
        mac: maybe(words),
        pollEveryS: maybe(number),
      }),
    ),
    pool: look(
      fc.record({
        pool: words,
        worker: words,
        lastShareAgeS: maybe(number),
        hashrateHs: maybe(number),
        accepted: maybe(number),
        rejected: maybe(number),
      }),
    ),
    vantage: fc.array(
      look(
        fc.record({
          from: words,
          ports: fc.dictionary(fc.constantFrom('80', '4028', '3333'), classOf),
          answered: maybe(fc.boolean()),
        }),
      ),
      { maxLength: 3 },
    ),
    own: look(
      fc.record({
        hasRoute: fc.boolean(),
        interface: maybe(words),
        sameNetwork: fc.boolean(),
        neighboursAnswering: maybe(fc.record({ answered: fc.nat(4), of: fc.nat(4) })),
        gatewayAnswers: maybe(fc.boolean()),
        firewallRules: maybe(fc.array(words, { maxLength: 3 })),
        connections: fc.array(fc.record({ port: fc.constantFrom(80, 4028), state: words, program: maybe(words) }), {
          maxLength: 12,
        }),
      }),
    ),
    shell: look(
      fc.record({
        config: maybe(fc.record({ path: words, listen: maybe(words), network: maybe(words), allow: maybe(words) })),
        freeMemoryMb: maybe(number),
        tmpUsedPercent: maybe(number),
        topMemory: fc.array(fc.record({ program: words, percent: number }), { maxLength: 3 }),
        logLines: fc.array(words, { maxLength: 5 }),
        apiPeers: fc.array(words, { maxLength: 3 }),
        minerRuns: maybe(fc.boolean()),
        listensOn: fc.array(fc.oneof(fc.constantFrom('0.0.0.0:4028', '127.0.0.1:4028'), words), { maxLength: 3 }),
        restartCommand: maybe(words),
        uptimeS: maybe(number),
      }),
    ),
    uart: look(
      fc.record({
        bytes: fc.nat(),
        lines: fc.nat(),
        isSilent: fc.boolean(),
        isNoise: fc.boolean(),
        examples: fc.dictionary(fc.constantFrom('squashfs error', 'Kernel panic'), words),
        starts: fc.nat(9),
        brokenStarts: fc.nat(9),
        lastLines: fc.array(words, { maxLength: 5 }),
        patterns: fc.dictionary(fc.constantFrom('squashfs error', 'Kernel panic', '__proto__'), fc.nat(9)),
        booted: fc.boolean(),
      }),
    ),
    told: fc.record(
      { monitorSaysOffline: fc.boolean(), reflashFailed: fc.boolean(), firmwareUpdated: fc.boolean() },
      { requiredKeys: [] },
    ),
  })
  .map((more): Examination => examination(more));

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

test('whatever was seen, there is a diagnosis that can be printed', () => {
  fc.assert(
    fc.property(ANY, (examined) => {
      const { examination: same, ...diagnosis } = diagnose(examined);
      expect(same).toBe(examined);
      const { verdicts, ruledOut, sentence, remarks, notSeen } = diagnosis;
      expect(verdicts.length).toBeGreaterThan(0);
      expect(sentence).not.toBe('');
      for (const { confidence, remedy, code } of verdicts) {
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        if (code !== 'healthy') expect(remedy.length).toBeGreaterThan(0);
      }
      const codes = verdicts.map(({ code }) => code);
      expect(new Set(codes).size).toBe(codes.length);
      if (codes.includes('healthy')) expect(codes).toEqual(['healthy']);
      expect(ruledOut.filter(({ code }) => codes.includes(code))).toEqual([]);
      const printed = [
        sentence,
        ...remarks,
        ...notSeen,
        ...ruledOut.map(({ why }) => why),
        ...verdicts.flatMap((one) => [one.sentence, one.wouldChange, ...one.because, ...one.doubts]),
        ...verdicts.flatMap(({ remedy }) =>
          remedy.flatMap(({ text, command, costs }) => [text, command ?? '', costs ?? '']),
        ),
      ];
      for (const text of printed) {
        expect(text).not.toMatch(UNPRINTABLE);
        expect(text.length).toBeLessThanOrEqual(2000);
        expect(text.isWellFormed()).toBe(true);
      }
    }),
    { seed: 8, numRuns },
  );
});

test('the same examination gives the same diagnosis', () => {
  fc.assert(
    fc.property(ANY, (examined) => {
      expect(diagnose(examined)).toEqual(diagnose(examined));
    }),
    { seed: 9, numRuns: Math.min(numRuns, 200) },
  );
});

test('there is one rule for each verdict code', () => {
  expect(RULES).toHaveLength(24);
  expect(new Set(RULES.map(({ code }) => code)).size).toBe(24);
});
