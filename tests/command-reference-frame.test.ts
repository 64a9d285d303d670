import { connect as dial } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import { connect } from '@headframe/client';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, control } from './control.testing.ts';

/*
 * What the reference says around its commands: the transport, and how Braiins OS parts reads and control. Expectations are
 * typed from protocols.md 0, 1.1, 7.1 and 7.2.
 */

let made: Controlled | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

test.each([
  ['cgminer', 'two-boards', true],
  ['antminer', 's19-pro', true],
  ['avalon', 'q', true],
  ['luxos', 's19k-pro', false],
  ['dcent', 's9', false],
])('C-054 a %s takes one line of JSON on port 4028 and answers with one document', async (family, profile, hasNul) => {
  made = await control(family, profile);
  const socket = dial(made.served.ports.cgminer ?? 0, '127.0.0.1');
  socket.write('{"command":"summary"}\n');
  // To the end of the connection, which the machine ends.
  const text = await textFrom(socket);
  expect(text.endsWith('\0')).toBe(hasNul);
  const doc = JSON.parse(text.replace(/\0$/, '')) as Record<string, unknown[]>;
  expect(doc.STATUS?.[0]).toMatchObject({ STATUS: 'S', Code: 11 });
  expect(doc.SUMMARY?.[0]).toMatchObject({ Elapsed: expect.any(Number) });
  expect(made.device().label.family).toBe(family);
});

describe('C-058 Braiins OS', () => {
  const LOGIN = { username: 'root', password: 'root' };
  const ONLY_4028 = ['grpc', 'http'];

  test('is known on port 4028 by its name, and read there without a login', async () => {
    made = await control('braiins', 's9-22.08');
    const miner = await connect(`127.0.0.1:${made.served.ports.cgminer}`);
    expect(miner.family.id).toBe('braiins');
    const seen = await miner.read();
    expect(seen.identity).toMatchObject({ model: 'Antminer S9', firmware: 'braiins-os', apiVersion: '3.7' });
    expect(seen.state).toBe('mining');
    expect(seen.pools.length).toBeGreaterThan(0);
  });

  test('is paused over port 4028 where nothing else is open, and is told no more there', async () => {
    made = await control('braiins', 's19j-pro-26.05', { without: ONLY_4028 });
    const outcome = await (await made.miner.plan('pause', {})).run();
    expect(outcome.sent.map(({ shown }) => shown)).toEqual(['{"command":"pause"}']);
    expect(outcome.result).toBe('done');
    await expect(made.miner.plan('reboot', {})).rejects.toMatchObject({ code: 'link/refused' });
  });

  test('is changed over port 50051 with the token of a login', async () => {
    made = await control('braiins', 's19j-pro-26.05', { miner: { credentials: LOGIN } });
    const outcome = await (await made.miner.plan('pause', {})).run();
    expect(outcome.sent.map(({ shown }) => shown)).toEqual(['gRPC braiins.bos.v1.ActionsService/PauseMining\n{}']);
    expect(outcome.result).toBe('done');
    // Port 4028 has no word for it but the tuner's.
    const { TUNERSTATUS } = ask(made.device(), made.now(), 'tunerstatus') as { TUNERSTATUS: unknown[] };
    expect(JSON.stringify(TUNERSTATUS)).toContain('paused');
  });
});
