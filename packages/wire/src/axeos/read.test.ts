import { HeadframeError, type HttpReply, type Links, type Memory, newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { documentOf } from './ask.ts';
import { listen } from './listen.ts';
import { readAxe } from './read.ts';

const at = { now: 1_795_161_600_000 };

function device(answers: Record<string, () => HttpReply | HeadframeError>) {
  const asked: string[] = [];
  const links: Links = {
    clock: { now: () => at.now },
    http: {
      hasCredentials: false,
      http: async ({ method, path }) => {
        asked.push(`${method} ${path}`);
        const given = answers[path]?.() ?? reply(404, '');
        if (given instanceof HeadframeError) throw given;
        return given;
      },
    },
  };
  return { links, asked };
}

const reply = (status: number, text: string): HttpReply => ({
  status,
  headers: {},
  body: new TextEncoder().encode(text),
  at: at.now,
  ms: 5,
});

const INFO = '/api/system/info';
const ASIC = '/api/system/asic';
const since = { start: at.now - 3_600_000 };
const uptime = () => reply(200, `{"ASICModel":"BM1370","uptimeSeconds":${Math.floor((at.now - since.start) / 1000)}}`);
const healthy = { [INFO]: uptime, [ASIC]: () => reply(200, '{"asicCount":1}') };

const codes = async (links: Links, memory: Memory) =>
  [...(await readAxe(links, memory))].map(([id, { error }]) => [id, error?.code ?? 'ok']);

describe('a poll', () => {
  test('is one request, and once an hour and after a restart a second one', async () => {
    const { links, asked } = device(healthy);
    const memory = newMemory();
    const ask = async () => {
      asked.length = 0;
      await readAxe(links, memory);
      return asked.length;
    };
    expect(await ask()).toBe(2);
    at.now += 60_000;
    expect(await ask()).toBe(1);
    at.now += 3_600_000;
    expect(await ask()).toBe(2);
    at.now += 60_000;
    since.start = at.now - 10_000;
    expect(await ask()).toBe(2);
    expect(asked).toEqual([`GET ${INFO}`, `GET ${ASIC}`]);
    asked.length = 0;
    await readAxe(links, memory, { fresh: true });
    expect(asked.length).toBe(2);
  });

  test('of a release without the second page asks for it once an hour as well', async () => {
    for (const none of [
      () => reply(302, 'Redirect to the captive portal'),
      () => reply(404, '{"error":"unknown route"}'),
    ]) {
      const { links, asked } = device({ [INFO]: uptime, [ASIC]: none });
      const memory = newMemory();
      expect(await codes(links, memory)).toEqual([
        ['info', 'ok'],
        ['asic', 'support/unsupported'],
      ]);
      at.now += 60_000;
      expect(await codes(links, memory)).toEqual([
        ['info', 'ok'],
        ['asic', 'support/unsupported'],
      ]);
      expect(asked).toEqual([`GET ${INFO}`, `GET ${ASIC}`, `GET ${INFO}`]);
    }
  });

  test('of a device that does not serve our address says so, and asks nothing more', async () => {
    const { links, asked } = device({ [INFO]: () => reply(401, 'Unauthorized') });
    expect(await codes(links, newMemory())).toEqual([['info', 'auth/address-not-allowed']]);
    expect(asked).toEqual([`GET ${INFO}`]);
  });

  test('without a web server is empty', async () => {
    expect(await readAxe({ clock: { now: () => 0 } }, newMemory())).toEqual(new Map());
  });

  test('that breaks off, or is no JSON, is an error of its own', async () => {
    const broken = async (text: string) =>
      codes(device({ ...healthy, [INFO]: () => reply(200, text) }).links, newMemory());
    expect(await broken('<html>AxeOS</html>')).toEqual([['info', 'protocol/malformed']]);
    expect((await broken('x'.repeat(100)))[0]?.[1]).toMatch(/^protocol\//);
  });
});

describe('a device that is away', () => {
  const away = { error: new HeadframeError('link/refused') };
  let isThere = true;
  const { links } = device({ ...healthy, [INFO]: () => (isThere ? uptime() : away.error) });

  test.each([
    'link/refused',
    'link/reset',
    'link/closed-empty',
    'link/timed-out-connecting',
    'link/unreachable',
    'protocol/truncated',
  ] as const)('is restarting while it answered within the last minute, and gone after it: %s', async (code) => {
    const memory = newMemory();
    isThere = true;
    await readAxe(links, memory);
    isThere = false;
    away.error = new HeadframeError(code);
    at.now += 30_000;
    const [info] = [...(await readAxe(links, memory)).values()];
    expect(info?.error?.code).toBe('device/restarting');
    expect(info?.error?.message).toContain(`it answered 30 s ago and does not now (${code})`);
    expect(info?.error?.cause).toMatchObject({ code });
    at.now += 31_000;
    expect((await readAxe(links, memory)).get('info')?.error?.code).toBe(code);
    isThere = true;
    expect((await readAxe(links, memory)).get('info')?.error).toBeNull();
  });

  test('and was never seen, or is there and silent, is not restarting', async () => {
    isThere = false;
    away.error = new HeadframeError('link/refused');
    expect((await readAxe(links, newMemory())).get('info')?.error?.code).toBe('link/refused');
    const memory = newMemory();
    isThere = true;
    await readAxe(links, memory);
    isThere = false;
    away.error = new HeadframeError('link/timed-out-waiting');
    expect((await readAxe(links, memory)).get('info')?.error?.code).toBe('link/timed-out-waiting');
  });
});

test('a document that is no record is of the wrong shape', async () => {
  const { links } = device({ '/a': () => reply(200, '[1]'), '/b': () => reply(200, '{"a":1}') });
  await expect(documentOf(links, '/a')).rejects.toMatchObject({ code: 'protocol/wrong-shape' });
  expect((await documentOf(links, '/b')).int('a')).toBe(1);
  await expect(documentOf({ clock: links.clock }, '/a')).rejects.toMatchObject({ code: 'link/refused' });
});

describe('a WebSocket', () => {
  const speaking = (count: number, bytes: number): Links => ({
    clock: { now: () => at.now },
    http: {
      hasCredentials: false,
      http: async () => reply(404, ''),
      subscribe: async (_, onMessage) => {
        let end: (error: null) => void = () => {};
        const ended = new Promise<null>((resolve) => {
          end = resolve;
        });
        for (let i = 0; i < count; i++) onMessage('x'.repeat(bytes));
        return { ended, close: () => end(null) };
      },
    },
  });

  test('that talks without end is cut off by number and by size', async () => {
    expect(await listen(speaking(50_000, 1), '/api/ws', 1_000)).toHaveLength(20_000);
    expect(await listen(speaking(100, 1024 * 1024), '/api/ws', 1_000)).toHaveLength(4);
  });

  test('that the link cannot open is said', async () => {
    const { links } = device({});
    await expect(listen(links, '/api/ws', 1_000)).rejects.toMatchObject({ code: 'support/unsupported' });
  });
});
