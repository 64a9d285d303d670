import { HeadframeError, type TcpLink, type TcpStream } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askFrames, FrameTalk, frame, frameBody, frameLength, jsonObjectLength, sizeBytes } from './index.ts';

const RUNS = { seed: 20261202, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const codeOf = async (attempt: () => unknown): Promise<string> => {
  try {
    await attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(HeadframeError);
    return (error as HeadframeError).code;
  }
  return 'none';
};

describe('a frame', () => {
  test('has its length before it, 4 bytes, little-endian', () => {
    expect([...frame('{"cmd":"get.fan.setting"}').subarray(0, 6)]).toEqual([25, 0, 0, 0, 0x7b, 0x22]);
    expect([...sizeBytes(66_051)]).toEqual([3, 2, 1, 0]);
  });

  test('of nothing is the heartbeat', () => {
    expect([...frame('')]).toEqual([0, 0, 0, 0]);
    expect(frameLength(frame(''))).toBe(4);
  });

  test('is not there before its prefix is', () => {
    expect(frameLength(new Uint8Array([25, 0, 0]))).toBeNull();
  });

  test('of 4 GB is no frame, and neither is HTTP', async () => {
    expect(await codeOf(() => frameLength(new Uint8Array([255, 255, 255, 255])))).toBe('protocol/malformed');
    expect(await codeOf(() => frameLength(bytesOf('HTTP/1.1 400')))).toBe('protocol/malformed');
  });

  test('of anything has a length or the code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          expect(frameLength(bytes) ?? 4).toBeGreaterThanOrEqual(4);
        } catch (error) {
          expect((error as HeadframeError).code).toBe('protocol/malformed');
        }
      }),
      RUNS,
    );
  });
});

describe('the JSON object before raw bytes', () => {
  test('ends at its own brace, whatever stands in its strings', () => {
    expect(jsonObjectLength(bytesOf('{"enc":"a}b\\"}"}\x1f\x8b{}'))).toBe(16);
    expect(jsonObjectLength(bytesOf(' {"a":{"b":1}}}'))).toBe(14);
  });

  test('is not there before its brace is', () => {
    expect(jsonObjectLength(bytesOf('{"enc":"ab'))).toBeNull();
    expect(jsonObjectLength(new Uint8Array())).toBeNull();
  });

  test('that never ends, or is none, gives the code', async () => {
    expect(await codeOf(() => jsonObjectLength(bytesOf('<html>')))).toBe('protocol/malformed');
    expect(await codeOf(() => jsonObjectLength(bytesOf(`{"a":"${'x'.repeat(70_000)}`)))).toBe('protocol/malformed');
  });

  test('of anything has a length within what is there, or the code', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.json().map(bytesOf)), (bytes) => {
        try {
          expect(jsonObjectLength(bytes) ?? 0).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect((error as HeadframeError).code).toBe('protocol/malformed');
        }
      }),
      RUNS,
    );
  });
});

/** A connection whose peer says these bytes, cut as given, whatever it is told; then it falls silent. */
function saying(...pieces: readonly Uint8Array[]): { link: TcpLink; written: Uint8Array[]; open: () => number } {
  const written: Uint8Array[] = [];
  let isOpen = 0;
  const open = async (): Promise<TcpStream> => {
    isOpen++;
    let there = new Uint8Array();
    const left = [...pieces];
    return {
      write: async (bytes) => {
        written.push(bytes);
      },
      read: async (frameOf) => {
        for (;;) {
          const length = frameOf(there, false);
          if (length !== null && length <= there.length) {
            const message = there.subarray(0, length);
            there = there.subarray(length);
            return message;
          }
          const next = left.shift();
          if (next === undefined) throw new HeadframeError('link/timed-out-waiting', { bytes: there.length });
          there = new Uint8Array([...there, ...next]);
        }
      },
      end: () => {
        isOpen--;
      },
    };
  };
  const exchange = () => Promise.reject(new HeadframeError('internal'));
  return { link: { exchange, open }, written, open: () => isOpen };
}

const clock = { now: () => 1_790_000_000_000 };
const OK = '{"code":0,"when":1790000000,"msg":{"salt":"px5hoXa9"},"desc":"get.device.info"}';

describe('a conversation on port 4433', () => {
  test('asks twice over one connection and ends it', async () => {
    const device = saying(
      frame(OK),
      frame('{"code":0,"when":1790000000,"msg":{"summary":{}},"desc":"get.miner.status"}'),
    );
    const replies = await askFrames(device.link, clock, [
      { id: 'info', cmd: 'get.device.info' },
      { id: 'status', cmd: 'get.miner.status', param: 'summary' },
    ]);
    expect(device.written.map((bytes) => new TextDecoder().decode(frameBody(bytes)))).toEqual([
      '{"cmd":"get.device.info"}',
      '{"cmd":"get.miner.status","param":"summary"}',
    ]);
    expect(replies.get('info')?.doc).toMatchObject({ msg: { salt: 'px5hoXa9' } });
    expect(replies.get('status')?.meta.request).toBe('get.miner.status summary');
    expect(device.open()).toBe(0);
  });

  test('skips heartbeats and puts together what the network cut', async () => {
    const whole = frame(OK);
    const device = saying(frame(''), whole.subarray(0, 3), whole.subarray(3, 40), whole.subarray(40));
    const replies = await askFrames(device.link, clock, [{ id: 'info', cmd: 'get.device.info' }]);
    expect(replies.get('info')?.error).toBeNull();
  });

  test('gives up on a device that sends nothing but heartbeats', async () => {
    const talk = await FrameTalk.open(saying(...Array.from({ length: 40 }, () => frame(''))).link);
    expect(await codeOf(() => talk.say({ cmd: 'get.device.info' }))).toBe('protocol/wrong-shape');
  });

  test.each([
    ['{"code":-2,"when":1,"msg":"invalid command","desc":"x"}', 'support/unsupported', '-2'],
    ['{"code":-4,"when":1,"msg":"no permission","desc":"x"}', 'auth/rejected', '-4'],
    ['{"code":-5,"when":1,"msg":"","desc":"x"}', 'device/busy', '-5'],
    ['{"code":-1,"when":1,"msg":"fail","desc":"x"}', 'device/refused', '-1'],
    ['{"code":-3,"when":1,"msg":"fail","desc":"x"}', 'device/refused', '-3'],
    ['{"code":-77,"when":1,"msg":"?","desc":"x"}', 'device/refused', '-77'],
  ])('knows the refusal %s', async (said, code, vendorCode) => {
    const replies = await askFrames(saying(frame(said)).link, clock, [{ id: 'x', cmd: 'x' }]);
    expect(replies.get('x')?.error?.code).toBe(code);
    expect(replies.get('x')?.error?.context.vendorCode).toBe(vendorCode);
    expect(replies.get('x')?.doc).toBeNull();
  });

  test.each([
    ['a reply without a code', frame('{"STATUS":"S"}'), 'protocol/wrong-shape'],
    ['JSON that is cut', frame('{"code":0,"msg":{"sal'), 'protocol/truncated'],
    ['no JSON', frame('\x00\x01\x02'), 'protocol/malformed'],
    ['a length of 4 GB', new Uint8Array([255, 255, 255, 255, 1]), 'protocol/malformed'],
    ['half a frame', frame(OK).subarray(0, 20), 'link/timed-out-waiting'],
  ])('says what is wrong with %s', async (_, bytes, code) => {
    const replies = await askFrames(saying(bytes).link, clock, [{ id: 'x', cmd: 'x' }]);
    expect(replies.get('x')?.error?.code).toBe(code);
  });

  test('asks nothing more when the connection failed', async () => {
    const device = saying();
    const replies = await askFrames(device.link, clock, [
      { id: 'a', cmd: 'a' },
      { id: 'b', cmd: 'b' },
    ]);
    expect([...replies.values()].map(({ error }) => error?.code)).toEqual([
      'link/timed-out-waiting',
      'link/timed-out-waiting',
    ]);
    expect(device.written).toHaveLength(1);
  });

  test('random frames give a reply or a coded error', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
      const replies = await askFrames(saying(frame(body)).link, clock, [{ id: 'x', cmd: 'x' }]);
      const reply = replies.get('x');
      expect(reply?.doc === null).toBe(reply?.error !== null);
      expect(reply?.error?.code).not.toBe('internal');
    });
    await fc.assert(property, RUNS);
  });
});
