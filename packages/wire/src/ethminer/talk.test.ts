import { HeadframeError, type TcpLink } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { askMethods } from './questions.ts';
import { RpcTalk } from './talk.ts';

const clock = { now: () => 1_000 };
const PONG = (id: number) => `{"id":${id},"jsonrpc":"2.0","result":"pong"}\n`;
const NEEDED = (id: number) => `{"error":{"code":-403,"message":"Authorization needed"},"id":${id},"jsonrpc":"2.0"}\n`;
const YES = (id: number) => `{"id":${id},"jsonrpc":"2.0"}\n`;

const CLOSED = 'closed';

/** A peer that answers each request with the next of these texts; a null is silence. */
function peer(...answers: (string | null)[]) {
  const got: string[] = [];
  let connections = 0;
  let ended = 0;
  let waiting = '';
  const link: TcpLink = {
    exchange: () => Promise.reject(new Error('one request per connection is not ethminer')),
    open: async () => {
      connections++;
      let isClosed = false;
      return {
        write: async (bytes) => {
          got.push(new TextDecoder().decode(bytes));
          const answer = answers.shift() ?? '';
          if (answer === CLOSED) isClosed = true;
          else waiting += answer;
        },
        read: async (frame) => {
          const bytes = new TextEncoder().encode(waiting);
          const length = frame(bytes, false);
          if (length === null) throw new HeadframeError(isClosed ? 'link/closed-empty' : 'link/timed-out-waiting');
          waiting = new TextDecoder().decode(bytes.subarray(length));
          return bytes.subarray(0, length);
        },
        end: () => {
          ended++;
        },
      };
    },
  };
  return { link, got, count: () => ({ connections, ended }) };
}

const ask = (link: TcpLink, methods: string[], password: string | null = null) =>
  askMethods(link, clock, methods, { password });

describe('a conversation', () => {
  test('asks one thing at a time over one connection, which it ends', async () => {
    const { link, got, count } = peer(PONG(1), PONG(2));
    const replies = await ask(link, ['miner_ping', 'miner_getstat1']);
    expect([...replies.values()].map(({ error }) => error)).toEqual([null, null]);
    expect(got).toEqual([
      '{"id":1,"jsonrpc":"2.0","method":"miner_ping"}\n',
      '{"id":2,"jsonrpc":"2.0","method":"miner_getstat1"}\n',
    ]);
    expect(count()).toEqual({ connections: 1, ended: 1 });
  });

  test('skips notifications and replies that it has heard before', async () => {
    const { link } = peer(PONG(1), `${PONG(1)}{"jsonrpc":"2.0","method":"x"}\n${PONG(2)}`);
    const replies = await ask(link, ['a', 'b']);
    expect(replies.get('b')?.doc).toMatchObject({ id: 2, result: 'pong' });
  });

  test.each([
    ['an id that was never asked', PONG(9), 'protocol/wrong-shape'],
    ['the id of the page’s slip', PONG(0), 'protocol/wrong-shape'],
    ['the id as a text', '{"id":"1","result":"pong"}\n', 'protocol/wrong-shape'],
    ['no id and no error', '{"id":null,"result":"pong"}\n', 'protocol/wrong-shape'],
    ['neither result nor error', YES(1), 'protocol/wrong-shape'],
    ['notifications without end', '{"jsonrpc":"2.0","method":"x"}\n'.repeat(40), 'protocol/wrong-shape'],
    ['a page', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'protocol/malformed'],
    ['nothing', null, 'link/timed-out-waiting'],
  ])('that is answered with %s fails', async (_, answer, code) => {
    const { link } = peer(answer);
    expect((await ask(link, ['miner_ping'])).get('miner_ping')?.error?.code).toBe(code);
  });

  test('takes an error without an id for its own', async () => {
    const { link } = peer('{"error":{"errorcode":"500","message":"no"},"id":null,"jsonrpc":"2.0"}\n', PONG(2));
    const replies = await ask(link, ['a', 'b']);
    expect(replies.get('a')?.error).toMatchObject({ code: 'device/refused', context: { vendorCode: '500' } });
    expect(replies.get('b')?.error).toBeNull();
  });

  test('that is closed behind each reply is opened again for the next question', async () => {
    const { link, got, count } = peer(PONG(1), CLOSED, PONG(1), CLOSED, PONG(1));
    const replies = await ask(link, ['a', 'b', 'c']);
    expect([...replies.values()].map(({ error }) => error)).toEqual([null, null, null]);
    expect(got.filter((line) => line.includes('"id":1,')).length).toBe(3);
    expect(count()).toEqual({ connections: 3, ended: 3 });
  });

  test('that is closed before any reply is not tried again', async () => {
    const { link, count } = peer(CLOSED, PONG(1));
    expect((await ask(link, ['a'])).get('a')?.error?.code).toBe('link/closed-empty');
    expect(count().connections).toBe(1);
  });

  test('is not gone on with when the connection failed', async () => {
    const { link, got } = peer(PONG(1), null, PONG(3));
    const replies = await ask(link, ['a', 'b', 'c']);
    expect([...replies.values()].map(({ error }) => error?.code)).toEqual([
      undefined,
      'link/timed-out-waiting',
      'link/timed-out-waiting',
    ]);
    expect(got.length).toBe(2);
  });
});

describe('a password', () => {
  test('is not used where none is wanted: that would lock the session', async () => {
    const { link, got } = peer(PONG(1));
    await ask(link, ['miner_ping'], 'sEcret1');
    expect(got.length).toBe(1);
  });

  test('is given when it is asked for, and the request said again', async () => {
    const { link, got } = peer(NEEDED(1), YES(2), PONG(3), PONG(4));
    const replies = await ask(link, ['a', 'b'], 'sEcret1');
    expect(got).toEqual([
      '{"id":1,"jsonrpc":"2.0","method":"a"}\n',
      '{"id":2,"jsonrpc":"2.0","method":"api_authorize","params":{"psw":"sEcret1"}}\n',
      '{"id":3,"jsonrpc":"2.0","method":"a"}\n',
      '{"id":4,"jsonrpc":"2.0","method":"b"}\n',
    ]);
    expect([...replies.values()].map(({ error }) => error)).toEqual([null, null]);
  });

  test('that is missing is said once, and nothing more is asked', async () => {
    const { link, got } = peer(NEEDED(1));
    const replies = await ask(link, ['a', 'b']);
    expect([...replies.values()].map(({ error }) => error?.code)).toEqual(['auth/required', 'auth/required']);
    expect(got.length).toBe(1);
    // What a stranger said is kept for who looks.
    expect(replies.get('a')?.raw).not.toBeNull();
  });

  test('that is wrong is tried once', async () => {
    const wrong = '{"error":{"code":-401,"message":"Invalid password"},"id":2,"jsonrpc":"2.0"}\n';
    const { link, got } = peer(NEEDED(1), wrong);
    const replies = await ask(link, ['a', 'b'], 'no');
    expect([...replies.values()].map(({ error }) => error?.code)).toEqual(['auth/rejected', 'auth/rejected']);
    expect(got.length).toBe(2);
    expect(String(replies.get('a')?.error?.message)).not.toContain('"no"');
  });

  test('that is accepted and still asked for is not tried again', async () => {
    const { link, got } = peer(NEEDED(1), YES(2), NEEDED(3), NEEDED(4));
    expect((await ask(link, ['a'], 'x')).get('a')?.error?.code).toBe('auth/required');
    expect(got.length).toBe(3);
  });

  test.each(['with space', 'tab\there', 'line\nfeed'])(
    'that ethminer cannot have, %j, is not sent',
    async (password) => {
      const { link, got } = peer(NEEDED(1));
      expect((await ask(link, ['a'], password)).get('a')?.error?.code).toBe('usage/invalid');
      expect(got.length).toBe(1);
    },
  );
});

test('a link that keeps no connection cannot be talked over', async () => {
  const link: TcpLink = { exchange: () => Promise.reject(new Error('unused')) };
  await expect(RpcTalk.open(link)).rejects.toMatchObject({ code: 'internal' });
});
