import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ShellMachine } from './machine.ts';

const runs = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);

const PIECES = [
  'echo',
  ' ',
  'a',
  '"',
  "'",
  '$x',
  '${x',
  '}',
  '$(',
  ')',
  '`',
  '|',
  '||',
  '&&',
  ';',
  '\n',
  '>',
  '<',
  '<<E',
  '\nE\n',
  '2>&1',
  'if',
  'then',
  'fi',
  'for x in',
  'do',
  'done',
  'while',
  'case',
  'esac',
  'in',
  '{',
  '(',
  '$((',
  '))',
  '1+',
  '*',
  '?',
  '[',
  ']',
  '\\',
  '#',
  '!',
  '=',
  'x=',
  'f()',
  'cat',
  'grep',
  '-E',
  'sed',
  's/a/b/',
  'awk',
  '{print $1}',
  'sort',
  'head -',
  'test',
  '/etc/',
  '/tmp/x',
  'rm -r /',
  'read',
  'exit',
  '%d',
  'printf',
];
const script = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((parts) => parts.join(' ')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

test('any script ends with a status, whatever it is', () => {
  const property = fc.property(script, fc.string({ maxLength: 30 }), (text, input) => {
    const machine = new ShellMachine({
      firmware: 'antminer',
      seed: 1,
      clock: { now: () => 0 },
      poweredAt: 0,
      address: '10.77.0.21',
    });
    let size = 0;
    const sink = { write: (said: string) => (size += said.length) };
    const status = machine.shell().run(text, { input: { rest: input }, out: sink, err: sink });
    expect(Number.isInteger(status)).toBe(true);
    expect(size).toBeLessThan(1 << 24);
  });
  fc.assert(property, { seed: 12, numRuns: runs });
});
