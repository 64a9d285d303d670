import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redacted } from './redacted.ts';

describe('a secret', () => {
  test.each([
    ['password=hunter2, then more', 'password=(masked), then more'],
    ['{"pass":"hunter2","user":"admin"}', '{"pass":(masked),"user":"admin"}'],
    ['HEADFRAME_PASSWORD=hunter2 headframe doctor', 'HEADFRAME_PASSWORD=(masked) headframe doctor'],
    ["token: 'abc def'", 'token: (masked)'],
    ['Authorization: Bearer hunter2.x', 'Authorization: (masked)'],
    ['sent Basic cm9vdDpyb290', 'sent Basic (masked)'],
    ['curl -u root:hunter2 http://10.0.4.21/', 'curl -u root:(masked) http://10.0.4.21/'],
    ['curl http://root:hunter2@10.0.4.21/', 'curl http://root:(masked)@10.0.4.21/'],
    ['sshpass -p hunter2 ssh root@10.0.4.21', 'sshpass -p (masked) ssh root@10.0.4.21'],
    ['session_id=4711', 'session_id=(masked)'],
  ])('in "%s" is masked', (text, clean) => expect(redacted(text)).toBe(clean));

  test('that is known is masked wherever it stands', () => {
    expect(redacted('said: hunter2! (hunter2)', ['hunter2', ''])).toBe('said: (masked)! ((masked))');
  });
});

describe('a wallet', () => {
  test.each([
    ['bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq.rig3', 'bc1q…dq.rig3'],
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1A1z…Na'],
    ['0x00000000219ab540356cbb839cbe05303d7705fa/rig', '0x00…fa/rig'],
    ['kaspa:qpz2vgvlxhmyhmt22h538pjzmvvd52nuut80y5zulgpvyerlskvvwm7n4uk5a', 'kaspa:qpz2…5a'],
    ['answers as bc1qar0srrr7xfkv…', 'answers as bc1q…kv…'],
  ])('%s keeps its ends and the name of the worker', (text, clean) => expect(redacted(text)).toBe(clean));
});

test.each([
  'the pool saw its last share 42 s ago',
  '10.0.4.21 02:a1:b2:c3:d4:e5 4028: connected in 2 ms, closed after 0 bytes',
  'Antminer S19 Pro, firmware 2022-12-06, bmminer 2.0.0, farm.21',
  'the password that was given is not taken',
  'abcdefghijklmnopqrstuvwxyzabcdefghij 12345678901234567890123456',
])('"%s" stays as it is', (text) => expect(redacted(text)).toBe(text));

test('a long piece never survives, whatever stands around it', () => {
  const wallet = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      expect(redacted(before + wallet + after)).not.toContain(wallet);
    }),
    { seed: 20_262, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
