import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connect, device, give, MINUTE, NOW, requestOf, say, textOf } from './sim.testing.ts';
import { readJson } from './sim-json-reader.ts';
import { printJson } from './sim-json-writer.ts';

const runs = { seed: 3333, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const METHODS = [
  ...['api_authorize', 'miner_ping', 'miner_getstat1', 'miner_getstatdetail', 'miner_getstathr'],
  ...['miner_getconnections', 'miner_getscramblerinfo', 'miner_restart', 'miner_reboot', 'miner_shuffle'],
  ...['miner_setactiveconnection', 'miner_addconnection', 'miner_removeconnection', 'miner_setscramblerinfo'],
  ...['miner_pausegpu', 'miner_setverbosity', '__proto__', 'constructor'],
];
const values = fc.oneof(
  fc.constantFrom('0x10', '0xzz', '', 'stratum+tcp://a.b@c:1', 'exit', '://', 'http://x:1', 'Rig_01!#'),
  fc.integer({ min: -2, max: 12 }),
  fc.double(),
  fc.boolean(),
  fc.jsonValue(),
);
const keys = fc.constantFrom(
  'psw',
  'uri',
  'URI',
  'index',
  'pause',
  'verbosity',
  'noncescrambler',
  'segmentwidth',
  '__proto__',
);
const params = fc.oneof(fc.dictionary(keys, values, { maxKeys: 4 }), values);
const ids = fc.oneof(fc.integer({ min: -5, max: 2 ** 33 }), fc.string(), fc.jsonValue());

/** Lines that are JSON, each with an id and either a result, an error, or neither. */
function expectReplies(text: string): void {
  for (const line of text.split('\n').slice(0, -1)) {
    const reply = JSON.parse(line) as object;
    expect(reply).toHaveProperty('jsonrpc', '2.0');
    expect(reply).toHaveProperty('id');
    expect('result' in reply && 'error' in reply).toBe(false);
  }
  expect(text === '' || text.endsWith('\n')).toBe(true);
}

describe.each(['rig-6', 'rig-0-17', 'rig-0-18-alpha-2', 'rig-0-14'])('%s, whatever is sent', (profile) => {
  test('as bytes in whatever pieces, answers with lines, the page or not at all, and goes on', () => {
    const on = device(profile);
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc
          .constantFrom('\n', '{"id":1,', 'GET / HTTP/1.1\r\n', '{}\n', '//\n', '"\\u', requestOf('miner_ping'))
          .map((text) => Buffer.from(text)),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const to = connect(on);
        for (const part of parts) {
          const reaction = to.receive(part, NOW);
          expect(['keep', 'fin']).toContain(reaction.end);
          const text = textOf(reaction);
          if (!text.startsWith('HTTP/1.')) expectReplies(text);
          if (reaction.end === 'fin') return;
        }
      }),
      runs,
    );
    expect(say(on, requestOf('miner_getstat1'))).toContain(profile === 'rig-0-14' ? '0.14.0' : 'ethminer-0.1');
  });

  test('as requests, answers each once and stays readable', () => {
    const on = device(profile, { 'reboot-script': false });
    let now = NOW;
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), params, ids, (method, given, id) => {
        now += MINUTE / 4;
        const reaction = give(on, requestOf(method, given, id), now);
        expectReplies(textOf(reaction));
        expect(textOf(reaction).split('\n').length).toBe(2);
      }),
      runs,
    );
    expect(JSON.parse(say(on, requestOf('miner_getstat1'), now))).toHaveProperty('result');
  });
});

test('the reader gives a value or words of its own, and what it prints it reads again', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
      ),
      (text) => {
        const read = readJson(Buffer.from(text).toString('latin1'));
        if (read.kind === 'error') expect(read.text).toMatch(/^\* Line \d+, Column \d+ {3}/);
        if (read.kind !== 'value' || typeof read.value !== 'string') return;
        expect(JSON.parse(printJson(read.value))).toBe(new TextDecoder().decode(Buffer.from(read.value, 'latin1')));
      },
    ),
    runs,
  );
});
