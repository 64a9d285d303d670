import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AT, ask, device, logon, send } from './sim.testing.ts';

const runs = { numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000), seed: 20_260_105 };

const readable = (reply: string): void => {
  if (reply === '') return;
  const doc = JSON.parse(reply) as { STATUS: { STATUS: string; Code: number }[]; id: number };
  expect(doc.STATUS).toHaveLength(1);
  expect(['S', 'E']).toContain(doc.STATUS[0]?.STATUS);
  expect(doc.id).toBe(1);
};

test('any bytes get nothing or one readable reply', () => {
  const machine = device();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => readable(send(machine, bytes))),
    runs,
  );
});

test('any command with any parameter gets one readable reply, also inside a session', () => {
  const names = fc.constantFrom(
    ...'addpool switchpool voltageset frequencyset fanset curtail autotunerset powertargetset profileset profilenew profilerem ledset tempctrlset netset psuset check logoff kill summary'.split(
      ' ',
    ),
  );
  const word = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('speed=25', 'enabled=true', 'target=50', '__proto__=5', 'constructor=1', 'power=1e9', '-0', '1e3'),
    fc.integer().map(String),
  );
  fc.assert(
    fc.property(names, fc.array(word, { maxLength: 5 }), fc.boolean(), (name, words, bare) => {
      const machine = device();
      const id = logon(machine);
      const parameter = (bare ? words : [id, ...words]).join(',');
      readable(JSON.stringify(ask(machine, name, AT, parameter)));
      for (const read of ['pools', 'stats+summary+metrics']) readable(send(machine, `${read}\n`, AT + 60_000));
    }),
    { ...runs, numRuns: Math.min(200, runs.numRuns) },
  );
});
