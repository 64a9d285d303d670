import { HeadframeError, type RawReply } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LuxosDouble, said } from './machine.testing.ts';
import { activeSession, luxosSession, plainStep, sessionStep } from './session.ts';

const open = (double: LuxosDouble, how: { takeOver?: boolean; left?: string | null } = {}) =>
  luxosSession.open(double.links(), { takeOver: how.takeOver ?? false, left: how.left ?? null });

describe('the session of a LuxOS machine', () => {
  test('is opened with logon, and closed with logoff and its id', async () => {
    const double = new LuxosDouble();
    const session = await open(double);
    expect(session.key).toBe('yJN2nlj1');
    await session.close(double.links());
    expect(double.got).toEqual(['{"command":"logon"}', '{"command":"logoff","parameter":"yJN2nlj1"}']);
    expect(double.session).toBeNull();
  });

  test('that somebody else holds is left alone: busy, with the code of the device and what to do', async () => {
    const double = new LuxosDouble();
    await open(double);
    const error = await open(double).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'device/busy',
      context: { vendorCode: '402', vendorText: 'Another session is active' },
    });
    expect(error.message).toMatch(/one minute without use; --take-over ends it now/);
    expect(double.session?.id).toBe('yJN2nlj1');
  });

  test('that somebody else holds is ended when we are told to, and only then', async () => {
    const double = new LuxosDouble();
    await open(double);
    expect((await open(double, { takeOver: true })).key).toBe('yJN2nlj2');
    expect(double.got.slice(1)).toEqual(['{"command":"logon"}', '{"command":"kill"}', '{"command":"logon"}']);
    const free = new LuxosDouble();
    await open(free, { takeOver: true });
    expect(free.got).toEqual(['{"command":"logon"}']);
  });

  test('that is taken again in between stays busy', async () => {
    const double = new LuxosDouble({ logon: said(402, 'Another session is active', 'E') });
    await expect(open(double, { takeOver: true })).rejects.toMatchObject({ code: 'device/busy' });
  });

  test('that a crash of ours left is gone on with, if it is still the one that is open', async () => {
    const double = new LuxosDouble();
    const { key } = await open(double);
    double.got.length = 0;
    expect((await open(double, { left: key })).key).toBe(key);
    expect(double.got).toEqual(['{"command":"session"}']);
  });

  test.each([
    ['ended by itself after a minute', 60_000],
    ['never was', 0],
  ])('that a crash of ours left and that %s is opened anew', async (_, ms) => {
    const double = new LuxosDouble();
    if (ms > 0) await open(double);
    double.now += ms;
    expect((await open(double, { left: 'yJN2nlj1' })).key).toBe(ms > 0 ? 'yJN2nlj2' : 'yJN2nlj1');
    expect(double.got.slice(-2)).toEqual(['{"command":"session"}', '{"command":"logon"}']);
  });

  test('that is gone when it is closed counts as closed; a machine that does not answer does not', async () => {
    const double = new LuxosDouble();
    const session = await open(double);
    double.session = null;
    await expect(session.close(double.links())).resolves.toBeUndefined();
    double.isClosed = true;
    await expect(session.close(double.links())).rejects.toMatchObject({ code: 'link/refused' });
  });

  test('tells its id to everybody, and nothing when none is open', async () => {
    const double = new LuxosDouble();
    expect(await activeSession(double.links())).toBeNull();
    await open(double);
    expect(await activeSession(double.links())).toBe('yJN2nlj1');
  });

  test.each([
    ['no id', []],
    ['an empty id', [{ SessionID: '' }]],
    ['an id that would be two parts', [{ SessionID: 'a,b' }]],
    ['a number', [{ SessionID: 1.5 }]],
  ])('with %s is none', async (_, SESSION) => {
    const double = new LuxosDouble({ logon: { ...said(316, 'Session created'), SESSION } });
    await expect(open(double)).rejects.toMatchObject({ code: 'protocol/wrong-shape' });
  });
});

describe('a command', () => {
  const reply = (doc: unknown): RawReply => ({
    bytes: new TextEncoder().encode(`${JSON.stringify(doc)}\0`),
    at: 1,
    ms: 1,
    ended: 'fin',
  });
  const textOf = (step: ReturnType<typeof plainStep>, key: string) => {
    const request = step.request(key);
    if (!('bytes' in request)) throw new Error('not on port 4028');
    return { bytes: new TextDecoder().decode(request.bytes), shown: request.shown };
  };

  test('that wants a session has its id as the first part, and does not show it', () => {
    expect(textOf(sessionStep('curtail', ['sleep']), 'yJN2nlj1')).toEqual({
      bytes: '{"command":"curtail","parameter":"yJN2nlj1,sleep"}\n',
      shown: '{"command":"curtail","parameter":"<session>,sleep"}',
    });
    expect(textOf(sessionStep('rebootdevice'), 'yJN2nlj1').bytes).toBe(
      '{"command":"rebootdevice","parameter":"yJN2nlj1"}\n',
    );
  });

  test('that wants none has none', () => {
    expect(textOf(plainStep('groupquota', [1, 5]), 'yJN2nlj1').bytes).toBe(
      '{"command":"groupquota","parameter":"1,5"}\n',
    );
    expect(textOf(plainStep('kill'), 'yJN2nlj1').bytes).toBe('{"command":"kill"}\n');
  });

  test('in a session that was stolen or timed out is expired, with the code of the device', () => {
    const step = sessionStep('fanset', ['speed=60']);
    step.request('yJN2nlj1');
    expect(() => step.verdict(reply(said(408, "Invalid field 'session_id'", 'E')))).toThrow(
      expect.objectContaining({
        code: 'auth/expired',
        context: expect.objectContaining({ vendorCode: '408', vendorText: "Invalid field 'session_id'" }),
      }),
    );
  });

  test('that is refused keeps the code and the text, but not the id that a firmware may repeat', () => {
    const step = sessionStep('fanset', ['speed=60']);
    step.request('yJN2nlj1');
    expect(step.verdict(reply(said(401, 'Invalid value: yJN2nlj1,speed=60', 'E')))).toEqual({
      accepted: false,
      vendorCode: '401',
      vendorText: 'Invalid value: <session>,speed=60',
    });
  });

  test.each(['<html>oops</html>', '', '[]', '{"STATUS":"', '{}'])('answered with %j is no yes', (answer) => {
    const step = sessionStep('fanset', ['speed=60']);
    step.request('yJN2nlj1');
    let isYes = false;
    try {
      isYes = step.verdict({ bytes: new TextEncoder().encode(answer), at: 1, ms: 1, ended: 'fin' }).accepted;
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(HeadframeError);
    }
    expect(isYes).toBe(false);
  });
});

test('whatever a machine answers to logon, there is a usable id or an error of the table', async () => {
  const any = fc.oneof(
    fc.json(),
    fc.string(),
    fc.anything().map((SESSION) => JSON.stringify({ ...said(316, 'x'), SESSION })),
  );
  await fc.assert(
    fc.asyncProperty(any, async (answer) => {
      const links = {
        clock: { now: () => 0 },
        cgminer: {
          exchange: async (): Promise<RawReply> => ({
            bytes: new TextEncoder().encode(answer ?? ''),
            at: 0,
            ms: 0,
            ended: 'fin',
          }),
        },
      };
      try {
        const { key } = await luxosSession.open(links, { takeOver: true, left: 'x' });
        expect(key).toMatch(/^[\w-]+$/);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(HeadframeError);
        expect((thrown as HeadframeError).code).not.toBe('internal');
      }
    }),
    { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
