import { HeadframeError, newMemory, type Prepared, readParameters, type Step } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfLuxos } from './commands.ts';
import { LuxosDouble } from './machine.testing.ts';
import { readLuxos } from './read.ts';

const onlyMirror = (double: LuxosDouble) => {
  const { cgminer: _, ...links } = double.links(true);
  return links;
};

describe('a LuxOS machine whose port 4028 is closed', () => {
  test.each([
    ['not known', false],
    ['refusing', true],
  ])('(%s) is read over its mirror on port 8080', async (_, isKnown) => {
    const double = new LuxosDouble();
    double.isClosed = true;
    const replies = await readLuxos(isKnown ? double.links(true) : onlyMirror(double), newMemory());
    expect(replies.get('summary')?.error).toBeNull();
    expect(replies.get('config')?.doc).toMatchObject({ CONFIG: [{ Profile: '290MHz' }] });
    expect(double.got[0]).toBe('{"command":"version+summary+stats+pools+devs+fans+temps+power+config+atm+events"}');
  });

  test('is changed over it: the same JSON as the body of a POST', async () => {
    const double = new LuxosDouble();
    const action = actionsOfLuxos().setFrequency;
    if (action === undefined) throw new Error('no action');
    double.isClosed = true;
    const given = readParameters('set-frequency', action, { frequencyMHz: 500, hashboard: 1 });
    for (const links of [onlyMirror(double), double.links(true)]) {
      const { steps } = await action.prepare(links, given);
      expect(steps.map((step) => step.request('yJN2nlj1'))).toMatchObject([
        {
          over: 'http',
          http: { method: 'POST', path: '/api', headers: { 'content-type': 'application/json' } },
          shown: 'POST /api\n\n{"command":"frequencyset","parameter":"<session>,1,500"}',
        },
      ]);
      const request = steps[0]?.request('yJN2nlj1');
      const body = request !== undefined && 'http' in request ? (request.http.body as Uint8Array) : new Uint8Array();
      expect(new TextDecoder().decode(body).trimEnd()).toBe('{"command":"frequencyset","parameter":"yJN2nlj1,1,500"}');
    }
  });

  test('opens and closes its session over it', async () => {
    const double = new LuxosDouble();
    double.isClosed = true;
    const prepared = (await actionsOfLuxos().pause?.prepare(double.links(true), {})) as Prepared;
    const session = await prepared.session?.open(double.links(true), { takeOver: false, left: null });
    expect(double.session?.id).toBe(session?.key);
    await session?.close(double.links(true));
    expect(double.session).toBeNull();
  });

  test('and whose mirror leads elsewhere, is refused as port 4028 refuses; a locked one wants its password', async () => {
    const double = new LuxosDouble();
    double.isClosed = true;
    let asked = 0;
    const answering = (status: number) => {
      asked = 0;
      double.http = () => {
        asked++;
        return { status, headers: {}, body: new Uint8Array(), at: double.now, ms: 1 };
      };
    };
    answering(404);
    const elsewhere = await readLuxos(double.links(true), newMemory());
    expect(elsewhere.get('summary')?.error?.code).toBe('link/refused');
    answering(401);
    const locked = await readLuxos(double.links(true), newMemory());
    expect(locked.get('summary')?.error?.code).toBe('auth/required');
    expect(asked).toBe(1);
  });
});

describe('a LuxOS machine whose port 4028 is open', () => {
  test('is never asked over its mirror', async () => {
    const double = new LuxosDouble();
    double.http = () => {
      throw new Error('asked over HTTP');
    };
    const replies = await readLuxos(double.links(true), newMemory());
    expect(replies.get('summary')?.error).toBeNull();
    const prepared = await actionsOfLuxos().pause?.prepare(double.links(true), {});
    expect(prepared?.steps.map((step: Step) => step.request('k').over)).toEqual(['cgminer']);
  });

  test('and falls silent is not gone around: it is busy, or it has obeyed', async () => {
    const double = new LuxosDouble();
    const links = {
      ...double.links(true),
      cgminer: { exchange: async () => Promise.reject(new HeadframeError('link/timed-out-waiting')) },
    };
    const replies = await readLuxos(links, newMemory());
    expect(replies.get('summary')?.error?.code).toBe('link/timed-out-waiting');
    expect(double.got).toEqual([]);
  });
});

describe('what the mirror says to a change', () => {
  const step = async (): Promise<Step> => {
    const prepared = await actionsOfLuxos().pause?.prepare(onlyMirror(new LuxosDouble()), {});
    return prepared?.steps[0] as Step;
  };
  const reply = (status: number, text: string) => ({
    status,
    headers: {},
    body: new TextEncoder().encode(text),
    at: 1,
    ms: 1,
  });
  const said = (letter: string, code: number) => JSON.stringify({ STATUS: [{ STATUS: letter, Code: code, Msg: 'm' }] });

  test('is judged by the page first, and then as on port 4028', async () => {
    const made = await step();
    expect(made.verdict(reply(200, said('S', 335)))).toEqual({ accepted: true, vendorCode: '335', vendorText: 'm' });
    expect(made.verdict(reply(200, said('E', 401)))).toMatchObject({ accepted: false, vendorCode: '401' });
    expect(() => made.verdict(reply(200, said('E', 408)))).toThrow(expect.objectContaining({ code: 'auth/expired' }));
    expect(() => made.verdict(reply(401, ''))).toThrow(expect.objectContaining({ code: 'auth/rejected' }));
    expect(() => made.verdict(reply(404, ''))).toThrow(expect.objectContaining({ code: 'support/unsupported' }));
    expect(made.verdict(reply(500, 'oops'))).toMatchObject({ accepted: false, vendorCode: '500' });
    expect(() => made.verdict(reply(200, '<html>'))).toThrow(expect.objectContaining({ code: 'protocol/wrong-shape' }));
  });
});
