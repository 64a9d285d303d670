import { HeadframeError, type HttpLink, type HttpReply, newMemory } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PageVisit } from './page-visit.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A web server that answers each path with a status, and notes what it was asked. */
function bench(statuses: Record<string, number | 'refused'>, hasCredentials = false) {
  const asked: string[] = [];
  const clock = { time: 1_000_000, now: () => clock.time };
  const link: HttpLink = {
    hasCredentials,
    http: async ({ path }): Promise<HttpReply> => {
      asked.push(path);
      const status = statuses[path] ?? 404;
      if (status === 'refused') throw new HeadframeError('link/refused');
      return { status, headers: {}, body: new TextEncoder().encode('{"a":1}'), at: clock.time, ms: 1 };
    },
  };
  return { asked, clock, link };
}

const ask = (visit: PageVisit, path: string) => visit.page({ id: path.slice(1), path });

describe('a visit to the pages of a machine', () => {
  test('asks no further once the link is broken, and says so of every page', async () => {
    const { asked, clock, link } = bench({ '/a': 200, '/b': 'refused', '/c': 200 });
    const visit = new PageVisit(link, clock, newMemory());
    const replies = [await ask(visit, '/a'), await ask(visit, '/b'), await ask(visit, '/c')];
    expect(replies.map((reply) => reply.error?.code ?? null)).toEqual([null, 'link/refused', 'link/refused']);
    expect(asked).toEqual(['/a', '/b']);
    expect(replies[2]?.meta).toMatchObject({ id: 'c', request: 'GET /c', bytes: 0 });
  });

  test('leaves a locked door alone for an hour, or until a password is known', async () => {
    const { asked, clock, link } = bench({ '/a': 401, '/b': 401 });
    const memory = newMemory();
    expect((await ask(new PageVisit(link, clock, memory), '/a')).error?.code).toBe('auth/required');
    const second = await ask(new PageVisit(link, clock, memory), '/b');
    expect([second.error?.code, second.meta.id]).toEqual(['auth/required', 'b']);
    expect(asked).toEqual(['/a']);
    await ask(new PageVisit({ ...link, hasCredentials: true }, clock, memory), '/b');
    expect(asked).toEqual(['/a', '/b']);
    clock.time += 3_600_000;
    await ask(new PageVisit({ ...link, hasCredentials: true }, clock, memory), '/a');
    expect(asked).toEqual(['/a', '/b', '/a']);
  });

  test('with a wrong password does not try it again at every poll', async () => {
    const { asked, clock, link } = bench({ '/a': 401 }, true);
    const memory = newMemory();
    await ask(new PageVisit(link, clock, memory), '/a');
    const again = await ask(new PageVisit(link, clock, memory), '/a');
    expect([again.error?.code, asked]).toEqual(['auth/rejected', ['/a']]);
  });

  test('does not ask again for a page that is not there, unless somebody asks afresh', async () => {
    const { asked, clock, link } = bench({ '/b': 200 });
    const memory = newMemory();
    for (const fresh of [false, false, true]) {
      const visit = new PageVisit(link, clock, memory, fresh);
      expect((await ask(visit, '/a')).error?.code).toBe('support/unsupported');
      expect((await ask(visit, '/b')).error).toBeNull();
    }
    expect(asked).toEqual(['/a', '/b', '/b', '/a', '/b']);
  });
});

describe('a document without its secrets', () => {
  test('keeps everything but passwords, wherever they stand', () => {
    const conf = { pools: [{ url: 'stratum+tcp://a', pass: '123', user: 'w' }], _ant_pool1pw: 'x', 'fc-fan-pwm': '80' };
    expect(withoutSecrets(conf)).toEqual({ pools: [{ url: 'stratum+tcp://a', user: 'w' }], 'fc-fan-pwm': '80' });
  });

  test('has no field that is called like a password, whatever the document', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('password', 'Pass', 'curPwd', 'token'));
    const documents = fc.dictionary(
      name,
      fc.array(fc.dictionary(name, fc.string(), { maxKeys: 4 }), { maxLength: 3 }),
      { maxKeys: 4 },
    );
    fc.assert(
      fc.property(documents, (document) => {
        expect(JSON.stringify(withoutSecrets(document))).not.toMatch(/"(?:password|Pass|curPwd|token)":/);
      }),
      { seed: 20_261_201, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
