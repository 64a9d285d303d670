import {
  HeadframeError,
  type HttpReply,
  type Links,
  type OpenSession,
  type Outcome,
  type Prepared,
  type RawReply,
  type ReadBack,
  type Step,
} from '@headframe/model';
import { commandStep } from '@headframe/wire/cgminer';
import { describe, expect, test } from 'vitest';
import type { Conversation } from './conversation.ts';
import { looksLike } from './requests.ts';
import { runAction } from './run-action.ts';
import type { RunOptions } from './run-options.ts';

/** A machine that answers each request with what the test says, and whose time the waiting moves. */
class Machine {
  now = 1_000_000;
  waited: number[] = [];
  readonly kept = new Map<string, string>();
  readonly got: string[] = [];
  readonly answers: (string | HeadframeError)[];

  constructor(...answers: (string | HeadframeError)[]) {
    this.answers = answers;
  }

  get conversation(): Conversation {
    const links: Links = {
      clock: { now: () => this.now },
      cgminer: {
        exchange: async (bytes): Promise<RawReply> => {
          this.got.push(new TextDecoder().decode(bytes).trimEnd());
          const answer = this.answers.shift() ?? new HeadframeError('link/timed-out-waiting', { afterMs: 5000 });
          if (answer instanceof HeadframeError) throw answer;
          return { bytes: new TextEncoder().encode(`${answer}\0`), at: this.now, ms: 1, ended: 'fin' };
        },
      },
    };
    return {
      address: '10.0.0.1',
      clock: links.clock,
      sessions: {
        recall: (address) => this.kept.get(address) ?? null,
        remember: (address, key) => void (key === null ? this.kept.delete(address) : this.kept.set(address, key)),
      },
      wait: async (ms) => {
        this.waited.push(ms);
        this.now += ms;
      },
      withLinks: (_, talk) => talk(links),
    };
  }

  run(prepared: Prepared, options: RunOptions = {}): Promise<Outcome> {
    const { conversation } = this;
    return runAction({ prepare: async () => prepared, looked: looksLike(prepared), conversation, options });
  }
}

const status = (letter: string, code: number, msg = 'said') =>
  `{"STATUS":[{"STATUS":"${letter}","When":1,"Code":${code},"Msg":"${msg}","Description":"x"}],"id":1}`;
const YES = status('S', 47);

const step = (command: string, more: Partial<Step> = {}): Step => ({ ...commandStep({ command }), ...more });

const shows = (...seen: (boolean | HeadframeError)[]): ReadBack => ({
  looksAt: 'a field',
  afterMs: 1_000,
  everyMs: 2_000,
  withinMs: 9_000,
  look: async () => {
    const next = seen.length > 1 ? seen.shift() : seen[0];
    if (next instanceof HeadframeError) throw next;
    return { done: next === true, values: { field: next === true ? 'new' : 'old' } };
  },
});

describe('what became of it', () => {
  test('done: the device said yes, and it shows', async () => {
    const machine = new Machine(YES);
    const outcome = await machine.run({ steps: [step('enablepool')], readBack: shows(false, true) });
    expect(outcome).toMatchObject({ result: 'done', vendorCode: '47', readBack: { field: 'new' } });
    expect(machine.waited).toEqual([1_000, 2_000]);
  });

  test('accepted-unverified: the device said yes, and it never shows', async () => {
    const outcome = await new Machine(YES).run({ steps: [step('enablepool')], readBack: shows(false) });
    expect(outcome).toMatchObject({
      result: 'accepted-unverified',
      error: { code: 'device/unverified' },
      readBack: { field: 'old' },
    });
    expect(outcome.why).toMatch(/looked at a field for 9 s/);
  });

  test('accepted-unverified: nothing can show it, and the reason is given', async () => {
    const outcome = await new Machine(YES).run({ steps: [step('save')], readBack: { never: 'it is in a file' } });
    expect(outcome).toMatchObject({ result: 'accepted-unverified', why: 'it is in a file' });
    expect(outcome.error).toBeUndefined();
  });

  test('refused: with the code and the text of the device, and nothing is sent behind it', async () => {
    const machine = new Machine(status('E', 45, "Access denied to 'addpool' command"));
    const outcome = await machine.run({ steps: [step('addpool'), step('switchpool')], readBack: shows(true) });
    expect(outcome).toMatchObject({
      result: 'refused',
      vendorCode: '45',
      vendorText: "Access denied to 'addpool' command",
    });
    expect(machine.got).toHaveLength(1);
  });

  test('refused halfway: what had been accepted is said', async () => {
    const outcome = await new Machine(YES, status('E', 26)).run({
      steps: [step('a'), step('b'), step('c')],
      readBack: shows(true),
    });
    expect(outcome.why).toMatch(/1 of 3 requests had been accepted before: the machine is changed in part/);
    expect(outcome.sent).toHaveLength(2);
  });

  test.each(['link/refused', 'link/timed-out-connecting', 'link/unreachable', 'link/name-not-found'] as const)(
    'failed: %s means that no byte has left',
    async (code) => {
      const outcome = await new Machine(new HeadframeError(code)).run({ steps: [step('a')], readBack: shows(true) });
      expect(outcome).toMatchObject({ result: 'failed', error: { code }, sent: [] });
    },
  );

  test.each(['link/timed-out-waiting', 'link/reset', 'link/closed-empty'] as const)(
    'unknown: %s behind the request, and it does not show; it is never sent again',
    async (code) => {
      const machine = new Machine(new HeadframeError(code));
      const outcome = await machine.run({ steps: [step('a')], readBack: shows(false) });
      expect(outcome).toMatchObject({ result: 'unknown', error: { code } });
      expect(machine.got).toHaveLength(1);
    },
  );

  test('done after all: no answer came, and it shows', async () => {
    const outcome = await new Machine().run({ steps: [step('a')], readBack: shows(false, true) });
    expect(outcome).toMatchObject({ result: 'done', why: 'No answer came, but it shows.' });
  });

  test('unknown: silence at a step that others stand on ends it', async () => {
    const machine = new Machine();
    const outcome = await machine.run({ steps: [step('a'), step('b')], readBack: shows(true) });
    expect(outcome.result).toBe('unknown');
    expect(machine.got).toEqual(['{"command":"a"}']);
  });

  test.each(['<html>oops</html>', '', '[]', 'null'])('unknown: the answer %j cannot be read', async (answer) => {
    expect(await new Machine(answer).run({ steps: [step('a')], readBack: shows(false) })).toMatchObject({
      result: 'unknown',
    });
  });

  test('failed: the machine changed since it was shown, and nothing is sent', async () => {
    const machine = new Machine(YES);
    const prepared: Prepared = { steps: [step('a')], readBack: shows(true) };
    const { conversation } = machine;
    const outcome = await runAction({ prepare: async () => prepared, looked: 'other', conversation, options: {} });
    expect(outcome).toMatchObject({ result: 'failed', sent: [] });
    expect(machine.got).toEqual([]);
  });
});

describe('a restart', () => {
  const restart = (...seen: (boolean | HeadframeError)[]): Prepared => ({
    steps: [step('restart', { silenceIsFine: true })],
    readBack: { ...shows(...seen), restarts: true },
  });
  const gone = new HeadframeError('link/refused');

  test('a dropped connection is followed until the machine is back', async () => {
    const outcome = await new Machine(new HeadframeError('link/closed-empty')).run(restart(gone, gone, true));
    expect(outcome).toMatchObject({ result: 'done' });
    expect(outcome.why).toBeUndefined();
  });

  test('that said yes and does not come back is accepted, not done', async () => {
    const outcome = await new Machine(YES).run(restart(gone));
    expect(outcome).toMatchObject({ result: 'accepted-unverified', error: { code: 'link/refused' } });
  });

  test('without an answer and without a sign of it stays unknown', async () => {
    expect(await new Machine().run(restart(false))).toMatchObject({ result: 'unknown' });
  });
});

describe('a session', () => {
  const session = (closed: string[], open: () => Promise<OpenSession>): Prepared['session'] => ({
    name: 'test session',
    shown: { open: ['logon'], close: ['logoff <session>'] },
    open: async () => {
      const one = await open();
      return {
        ...one,
        close: async (links) => {
          closed.push(one.key);
          await one.close(links);
        },
      };
    },
  });
  const opened = async (): Promise<OpenSession> => ({ key: 'k1', close: async () => {} });
  const withKey: Step = {
    request: (key) => commandStep({ command: 'curtail', parameter: `${key},sleep`, shown: '••••••,sleep' }).request(''),
    verdict: (reply) => commandStep({ command: 'curtail' }).verdict(reply),
  };

  test('its key goes into the request, and is not in the result', async () => {
    const closed: string[] = [];
    const machine = new Machine(YES);
    const outcome = await machine.run({
      session: session(closed, opened),
      steps: [withKey],
      readBack: { never: '-' },
    } as Prepared);
    expect(machine.got).toEqual(['{"command":"curtail","parameter":"k1,sleep"}']);
    expect(JSON.stringify(outcome)).not.toContain('k1');
    expect(closed).toEqual(['k1']);
  });

  test.each([
    ['a refusal', status('E', 401)],
    ['silence', new HeadframeError('link/timed-out-waiting')],
    ['rubbish', '<html>'],
  ])('is closed behind %s too', async (_, answer) => {
    const closed: string[] = [];
    await new Machine(answer).run({
      session: session(closed, opened),
      steps: [withKey],
      readBack: shows(false),
    } as Prepared);
    expect(closed).toEqual(['k1']);
  });

  test('that a crash of ours left open is gone on with by the next run, which closes it', async () => {
    const closed: string[] = [];
    const machine = new Machine(YES);
    machine.kept.set('10.0.0.1', 'left1');
    const lefts: (string | null)[] = [];
    const plain = session(closed, opened);
    const prepared = {
      session: {
        ...plain,
        open: async (links: Links, how: { takeOver: boolean; left: string | null }) => {
          lefts.push(how.left);
          return plain?.open(links, how);
        },
      },
      steps: [withKey],
      readBack: { never: '-' },
    } as unknown as Prepared;
    await machine.run(prepared);
    expect(lefts).toEqual(['left1']);
    expect(machine.kept.size).toBe(0);
  });

  test('that cannot be closed is remembered for the next run', async () => {
    const machine = new Machine(YES);
    const stays = async (): Promise<OpenSession> => ({
      key: 'k2',
      close: () => Promise.reject(new HeadframeError('link/refused')),
    });
    await machine.run({ session: session([], stays), steps: [withKey], readBack: { never: '-' } } as Prepared);
    expect(machine.kept.get('10.0.0.1')).toBe('k2');
  });

  test('that somebody else holds is said, and nothing is sent', async () => {
    const busy = async () => {
      throw new HeadframeError('device/busy', { vendorCode: '402', vendorText: 'Another session is active' });
    };
    const machine = new Machine(YES);
    const outcome = await machine.run({
      session: session([], busy),
      steps: [withKey],
      readBack: shows(true),
    } as Prepared);
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '402', error: { code: 'device/busy' }, sent: [] });
    expect(machine.got).toEqual([]);
  });
});

test('what an earlier step moved is looked at again before the next', async () => {
  const machine = new Machine(YES, YES);
  const moved = step('removepool', {
    renew: async () => commandStep({ command: 'removepool', parameter: '3' }),
    afterMs: 25_000,
  });
  await machine.run({ steps: [step('a'), moved, step('b', { renew: async () => null })], readBack: { never: '-' } });
  expect(machine.got).toEqual(['{"command":"a"}', '{"command":"removepool","parameter":"3"}']);
  expect(machine.waited).toEqual([25_000]);
});

test('cancelled before the first step: nothing is sent', async () => {
  const machine = new Machine(YES);
  const outcome = await machine.run({ steps: [step('a')], readBack: shows(true) }, { signal: AbortSignal.abort() });
  expect(outcome).toMatchObject({ result: 'failed', why: 'It was cancelled before anything was sent.' });
  expect(machine.got).toEqual([]);
});

test('cancelled while it is sent: what became of it is not known, and that is said', async () => {
  const machine = new Machine(new HeadframeError('link/cancelled'));
  const { conversation } = machine;
  const prepared: Prepared = { steps: [step('reboot')], readBack: { never: '-' } };
  const outcome = await runAction({
    prepare: async () => prepared,
    looked: looksLike(prepared),
    // As the real one does, whatever came of the talk.
    conversation: {
      ...conversation,
      withLinks: async (options, talk) => {
        await conversation.withLinks(options, talk);
        throw new HeadframeError('link/cancelled');
      },
    },
    options: {},
  });
  expect(outcome).toMatchObject({ result: 'unknown', error: { code: 'link/cancelled' } });
});

test('a step over HTTP: the status of the page decides before its body does', async () => {
  const reply = (code: number): HttpReply => ({ status: code, headers: {}, body: new Uint8Array(), at: 1, ms: 1 });
  const { pageStep } = await import('@headframe/wire/http');
  const page = pageStep({ http: { method: 'POST', path: '/x' }, judge: () => ({ accepted: true }) });
  expect(page.verdict(reply(200))).toEqual({ accepted: true });
  expect(() => page.verdict(reply(401))).toThrow(expect.objectContaining({ code: 'auth/rejected' }));
  expect(() => page.verdict(reply(404))).toThrow(expect.objectContaining({ code: 'support/unsupported' }));
  expect(page.verdict(reply(500))).toMatchObject({ accepted: false, vendorCode: '500' });
});
