import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordedFrames } from './recorded-frames.ts';

/* Frames and codes are those of protocols.md 3.6; the values are made up. */

const NOW = 1_795_000_000_000;
const INFO = '{"code":0,"when":1795000000,"msg":{"system":{"api":"3.0.2"}},"desc":"get.device.info"}';
const UNKNOWN = '{"code":-2,"when":1795000000,"msg":"invalid command","desc":"set.system.reboot"}';
const NO_JSON = '{"code":-3,"when":1795000000,"msg":"invalid json item","desc":""}';

const conversation = () => new RecordedFrames((cmd) => (cmd === 'get.device.info' ? Buffer.from(INFO) : undefined));

/** Four bytes of length, the lowest first. */
function framed(text: string): Buffer {
  const length = Buffer.byteLength(text);
  return Buffer.concat([Buffer.from([length & 0xff, (length >> 8) & 0xff, length >> 16, 0]), Buffer.from(text)]);
}

function say(talk: RecordedFrames, bytes: Uint8Array): { said: string; end: string } {
  const { chunks, end } = talk.receive(bytes, NOW);
  return { said: Buffer.concat(chunks.map((chunk) => chunk.bytes)).toString('latin1'), end };
}

const latin1 = (...texts: string[]): string => Buffer.concat(texts.map(framed)).toString('latin1');
const ASK = framed('{"cmd":"get.device.info"}');

describe('a replayed WhatsMiner on port 4433', () => {
  test('answers a command with what was recorded, as often as it is asked, and stays', () => {
    const talk = conversation();
    expect(say(talk, ASK)).toEqual({ said: latin1(INFO), end: 'keep' });
    expect(say(talk, framed('{"cmd":"get.device.info","param":"salt"}'))).toEqual({ said: latin1(INFO), end: 'keep' });
  });

  test('sends a heartbeat back', () => {
    expect(say(conversation(), Buffer.alloc(4))).toEqual({ said: '\0\0\0\0', end: 'keep' });
  });

  test.each([
    ['a command that was not recorded', '{"cmd":"set.system.reboot","token":"n5JRDCDx"}', UNKNOWN],
    ['what is no JSON', 'get.device.info', NO_JSON],
    ['a request without a command', '{"command":"get.device.info"}', NO_JSON],
    ['JSON that is no object', 'null', NO_JSON],
  ])('refuses %s', (_, request, refused) => {
    expect(say(conversation(), framed(request))).toEqual({ said: latin1(refused), end: 'keep' });
  });

  test('puts requests together that the network cut, and answers each of those that it joined', () => {
    const talk = conversation();
    expect(say(talk, ASK.subarray(0, 3))).toEqual({ said: '', end: 'keep' });
    expect(say(talk, ASK.subarray(3, 9))).toEqual({ said: '', end: 'keep' });
    const rest = Buffer.concat([ASK.subarray(9), Buffer.alloc(4), framed('{"cmd":"set.system.reboot"}')]);
    expect(say(talk, rest).said).toBe(latin1(INFO, '', UNKNOWN));
  });

  test('ends behind what is no frame, or a longer one than anybody sends', () => {
    for (const noise of [Buffer.from('{"command":"version"}'), Buffer.from([1, 0, 1, 0])]) {
      const talk = conversation();
      expect(say(talk, noise)).toEqual({ said: '', end: 'fin' });
      expect(say(talk, ASK)).toEqual({ said: '', end: 'fin' });
    }
  });

  test('takes whatever comes, and answers in whole frames', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.json().map((text) => framed(text)),
      fc.constant(ASK),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const talk = conversation();
        for (const bytes of pieces) {
          for (const chunk of talk.receive(bytes, NOW).chunks) {
            expect(Buffer.from(chunk.bytes).readUInt32LE()).toBe(chunk.bytes.length - 4);
          }
        }
      }),
      { seed: 4433, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
