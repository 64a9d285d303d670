import { HeadframeError, type RawReply } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DcentDouble, LAN_WRITES_OFF, no, OBSERVER, said } from './machine.testing.ts';
import { dcentSession, plainStep, sessionStep } from './session.ts';

const open = (double: DcentDouble, how: { takeOver?: boolean; left?: string | null } = {}) =>
  dcentSession.open(double.links(), { takeOver: how.takeOver ?? false, left: how.left ?? null });

const reply = (doc: unknown): RawReply => ({
  bytes: new TextEncoder().encode(JSON.stringify(doc)),
  at: 1,
  ms: 1,
  ended: 'fin',
});

describe('the session of a DCENT_OS machine', () => {
  test('is opened with logon, and closed with logoff and its id', async () => {
    const double = new DcentDouble();
    const session = await open(double);
    expect(session.key).toBe('aB3dE6g1');
    await session.close(double.links());
    expect(double.got).toEqual(['{"command":"logon"}', '{"command":"logoff","parameter":"aB3dE6g1"}']);
    expect(double.session).toBeNull();
  });

  test('that somebody else holds is left alone: busy, with the code of the device and what to do', async () => {
    const double = new DcentDouble();
    await open(double);
    const error = await open(double).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'device/busy', context: { vendorCode: '45' } });
    expect(error.message).toMatch(/ten minutes without use; --take-over ends it now/);
    expect(double.session?.id).toBe('aB3dE6g1');
  });

  test('that nobody used for ten minutes is free again', async () => {
    const double = new DcentDouble();
    await open(double);
    double.now += 600_000;
    expect((await open(double)).key).toBe('aB3dE6g2');
  });

  test('that somebody else holds is ended when we are told to, and only then', async () => {
    const double = new DcentDouble();
    await open(double);
    expect((await open(double, { takeOver: true })).key).toBe('aB3dE6g2');
    expect(double.got.slice(1)).toEqual(['{"command":"logon"}', '{"command":"kill"}', '{"command":"logon"}']);
  });

  test('cannot be ended from the network while that is switched off: the switch is named', async () => {
    const double = new DcentDouble({ kill: LAN_WRITES_OFF('kill') });
    await open(double);
    const error = await open(double, { takeOver: true }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'auth/writes-off' });
    expect(error.message).toMatch(/cgminer_lan_writes = true in the section \[api\] of \/data\/dcentrald.toml/);
  });

  test('that a crash of ours left is ended and opened anew; one of somebody else is left alone', async () => {
    const double = new DcentDouble();
    const { key } = await open(double);
    double.got.length = 0;
    expect((await open(double, { left: key })).key).toBe('aB3dE6g2');
    expect(double.got).toEqual([`{"command":"logoff","parameter":"${key}"}`, '{"command":"logon"}']);
    await expect(open(double, { left: key })).rejects.toMatchObject({ code: 'device/busy' });
    expect(double.session?.id).toBe('aB3dE6g2');
  });

  test('of a machine that does not answer is not open', async () => {
    const double = new DcentDouble();
    double.isClosed = true;
    await expect(open(double)).rejects.toMatchObject({ code: 'link/refused' });
    await expect(open(double, { left: 'aB3dE6g1' })).rejects.toMatchObject({ code: 'link/refused' });
  });

  test('that is gone when it is closed counts as closed', async () => {
    const double = new DcentDouble();
    const session = await open(double);
    double.session = null;
    await expect(session.close(double.links())).resolves.toBeUndefined();
  });

  test('of a machine that only lets itself be observed is refused with what is set there, and is not busy', async () => {
    const error = await open(new DcentDouble({ logon: OBSERVER('logon') }), { takeOver: true }).catch((e) => e);
    expect(error).toMatchObject({ code: 'auth/writes-off', context: { vendorCode: '45' } });
    expect(error.message).toMatch(/observer_only in the section \[api\]/);
  });
});

describe('a command', () => {
  const textOf = (step: ReturnType<typeof sessionStep>) => {
    const request = step.request('aB3dE6g1');
    if (!('bytes' in request)) throw new Error('not on port 4028');
    return { bytes: new TextDecoder().decode(request.bytes), shown: request.shown };
  };

  test('that wants a session has its id as the first part, and shows neither it nor a secret', () => {
    expect(textOf(sessionStep('curtail', ['sleep']))).toEqual({
      bytes: '{"command":"curtail","parameter":"aB3dE6g1,sleep"}\n',
      shown: '{"command":"curtail","parameter":"<session>,sleep"}',
    });
    expect(textOf(sessionStep('addpool', ['a', 'b'], { shownParts: ['a', 'x'] })).shown).toBe(
      '{"command":"addpool","parameter":"<session>,a,x"}',
    );
  });

  test.each([
    ['a wrong id', 'fanset', no(45, 'fanset: supplied SessionID does not match the active session.')],
    [
      'none open',
      'fanset',
      no(15, 'fanset: no active session. logon first; pass SessionID as the first comma parameter.'),
    ],
  ])('in a session that was stolen or timed out is expired: %s', (_, command, doc) => {
    const step = sessionStep(command, ['speed=30']);
    step.request('aB3dE6g1');
    expect(() => step.verdict(reply(doc))).toThrow(expect.objectContaining({ code: 'auth/expired' }));
  });

  test.each([
    ['as it words it', LAN_WRITES_OFF('addpool')],
    ['in other words', no(45, 'Access denied')],
  ])('from a network that may not change it names the switch, %s', (_, doc) => {
    for (const step of [sessionStep('addpool', ['a', 'b', 'c']), plainStep('restart')]) {
      step.request('aB3dE6g1');
      const error = (() => {
        try {
          return step.verdict(reply(doc));
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toMatchObject({ code: 'auth/writes-off', context: { vendorCode: '45' } });
      expect((error as HeadframeError).message).toMatch(/cgminer_lan_writes = true/);
    }
  });

  test.each([
    [28, "voltageset: 'x' is not an integer"],
    [28, 'Sleep mode is not supported on this hardware/runtime path.'],
    [15, 'psuset: PSU is configured via /api/config/psu-override on DCENT_OS.'],
    [14, 'Invalid command: curtail'],
  ])('that is refused with %d keeps the code and the text', (code, text) => {
    const step = sessionStep('curtail', ['sleep']);
    step.request('aB3dE6g1');
    expect(step.verdict(reply(no(code, text)))).toEqual({
      accepted: false,
      vendorCode: String(code),
      vendorText: text,
    });
    expect(step.verdict(reply(said(33, 'OK')))).toEqual({ accepted: true, vendorCode: '33', vendorText: 'OK' });
  });
});

test('whatever a machine answers, there is a usable id or an error of the table', async () => {
  const any = fc.oneof(
    fc.json(),
    fc.string(),
    fc.anything().map((SESSION) => JSON.stringify(said(22, 'x', { SESSION }))),
    fc.tuple(fc.integer(), fc.string()).map(([code, text]) => JSON.stringify(no(code, text))),
  );
  await fc.assert(
    fc.asyncProperty(any, async (answer) => {
      const bytes = new TextEncoder().encode(answer ?? '');
      const exchange = async (): Promise<RawReply> => ({ bytes, at: 0, ms: 0, ended: 'fin' });
      try {
        const { key } = await dcentSession.open(
          { clock: { now: () => 0 }, cgminer: { exchange } },
          { takeOver: true, left: 'x' },
        );
        expect(key).toMatch(/^[\w-]+$/);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(HeadframeError);
        expect((thrown as HeadframeError).code).not.toBe('internal');
      }
    }),
    { seed: 9, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
