import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createApiServer, type MulticastSettings, multicastPort } from './index.ts';

const server = createApiServer({
  description: 'cgminer 4.11.1',
  access: { listen: true, allow: 'R:127.0.0.1,W:10.0.0/24' },
  commands: [],
});

function reply(request: string, address = '127.0.0.1', settings: MulticastSettings = {}): [string, number] | null {
  const sent = multicastPort(server, settings).receive(Buffer.from(request, 'latin1'), { address }, 4029);
  return sent === null ? null : [Buffer.from(sent.bytes).toString('latin1'), sent.port];
}

describe('a program that answers who looks for miners', () => {
  test('listens where all of them do, and sleeps a second between packets', () => {
    expect(multicastPort(server, {})).toMatchObject({ group: '224.0.0.75', port: 4028, pauseMs: 1000 });
  });

  test('names the port of its API and what it was told to say, with a NUL', () => {
    expect(reply('cgminer-FTW-4028')).toEqual(['cgm-FTW-4029-\0', 4028]);
    expect(reply('cgminer-FTW-1', '127.0.0.1', { description: 'rack 3' })).toEqual(['cgm-FTW-4029-rack 3\0', 1]);
  });

  test('takes one line feed behind the port, and nothing else', () => {
    expect(reply('cgminer-FTW-65535\n')).toEqual(['cgm-FTW-4029-\0', 65_535]);
    for (const tail of ['\n\n', '\r\n', ' ', '\0', 'x', '-x']) expect(reply(`cgminer-FTW-4028${tail}`)).toBeNull();
  });

  test.each(['cgminer-FTW-0', 'cgminer-FTW-65536', 'cgminer-FTW--1', 'cgminer-FTW-', 'cgminer-FTW', 'cgm-FTW-4028'])(
    'is silent to %s',
    (request) => {
      expect(reply(request)).toBeNull();
    },
  );

  test('with a code of its own wants that code, and still says FTW', () => {
    expect(reply('cgminer-FTW-4028', '127.0.0.1', { code: 'mine' })).toBeNull();
    expect(reply('cgminer-mine-4028', '127.0.0.1', { code: 'mine' })).toEqual(['cgm-FTW-4029-\0', 4028]);
  });

  test('answers only addresses that its list admits', () => {
    expect(reply('cgminer-FTW-4028', '10.0.0.77')).not.toBeNull();
    expect(reply('cgminer-FTW-4028', '10.0.1.77')).toBeNull();
    expect(reply('cgminer-FTW-4028', '127.0.0.2')).toBeNull();
  });

  test('of any packet makes an answer to a port that there is, or none', () => {
    const packets = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.string({ maxLength: 20 }).map((tail) => Buffer.from(`cgminer-FTW-${tail}`)),
      fc.integer({ min: -9, max: 99_999 }).map((port) => Buffer.from(`cgminer-FTW-${port}`)),
    );
    fc.assert(
      fc.property(packets, (bytes) => {
        const sent = multicastPort(server, {}).receive(bytes, { address: '127.0.0.1' }, 4028);
        if (sent === null) return;
        expect(sent.port).toBeGreaterThanOrEqual(1);
        expect(sent.port).toBeLessThanOrEqual(65_535);
      }),
      { seed: 75, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
