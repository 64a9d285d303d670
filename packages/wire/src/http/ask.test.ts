import { HeadframeError, type HttpLink, type HttpReply } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { askHttp } from './ask.ts';
import { parseHttpDoc } from './document.ts';

const clock = { now: () => 5000 };

const replyWith = (status: number, body: string): HttpReply => ({
  status,
  headers: {},
  body: new TextEncoder().encode(body),
  at: 4000,
  ms: 12,
});

const linkTo = (answer: HttpReply | Error, hasCredentials = false): HttpLink => ({
  hasCredentials,
  http: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
});

const ask = (answer: HttpReply | Error, hasCredentials = false) =>
  askHttp(linkTo(answer, hasCredentials), clock, { id: 'x', path: '/x.cgi' });

describe('asking for a document', () => {
  test('gives it, under any content type', async () => {
    const reply = await ask(replyWith(200, '{"blink": false}\n'));
    expect(reply.doc).toEqual({ blink: false });
    expect(reply.meta).toEqual({
      id: 'x',
      request: 'GET /x.cgi',
      at: 4000,
      ms: 12,
      bytes: 17,
      repairs: [],
      error: null,
    });
  });

  test.each([
    [401, false, 'auth/required'],
    [401, true, 'auth/rejected'],
    [403, false, 'auth/required'],
    [404, false, 'support/unsupported'],
    [500, false, 'device/refused'],
    [503, false, 'device/busy'],
  ])('a status of %d, credentials given: %s, is %s', async (status, hasCredentials, code) => {
    const reply = await ask(replyWith(status, '<h1>no</h1>'), hasCredentials);
    expect(reply.doc).toBeNull();
    expect(reply.error?.code).toBe(code);
    expect(reply.meta.error?.code).toBe(code);
  });

  test('a broken line is the error of the reply, at the time when it broke', async () => {
    const reply = await ask(new HeadframeError('link/timed-out-waiting', { address: '10.0.0.1' }));
    expect(reply.error?.code).toBe('link/timed-out-waiting');
    expect(reply.meta).toMatchObject({ at: 5000, ms: 0, bytes: 0 });
  });

  test.each(['', '<html>Welcome</html>', 'Socket connect failed: Connection refused\n'])(
    'what is no JSON is a coded error that shows its beginning: %j',
    async (body) => {
      const reply = await ask(replyWith(200, body));
      expect(reply.doc).toBeNull();
      expect(reply.error?.code).toMatch(/^protocol\//);
      if (body !== '') expect(reply.error?.message).toContain(body.slice(0, 6));
    },
  );

  test('what must not be kept is in neither the document nor the bytes, nor in an error', async () => {
    const redact = (doc: unknown) => ({ ...(doc as object), pass: undefined });
    const question = { id: 'conf', path: '/conf.cgi', redact };
    const kept = await askHttp(linkTo(replyWith(200, '{"user":"a","pass":"hunter2"}')), clock, question);
    expect(kept.doc).toEqual({ user: 'a', pass: undefined });
    expect(new TextDecoder().decode(kept.raw ?? undefined)).toBe('{"user":"a"}');
    expect(kept.meta.bytes).toBe(29);
    const broken = await askHttp(linkTo(replyWith(200, 'pass=hunter2')), clock, question);
    expect(broken.raw).toBeNull();
    expect(broken.error?.message).not.toContain('hunter2');
    const refused = await askHttp(linkTo(replyWith(500, 'pass=hunter2')), clock, question);
    expect(refused.raw).toBeNull();
    expect(refused.error?.message).not.toContain('hunter2');
  });
});

describe('a page as probes see it', () => {
  test('has its text and its JSON', () => {
    expect(parseHttpDoc(replyWith(200, ' [1,2]\n'))).toEqual({
      status: 200,
      headers: {},
      text: ' [1,2]\n',
      json: [1, 2],
    });
  });

  test.each(['', '<html>', 'null', '{"a":', '"text"'])('has no JSON in %j unless it can be read', (body) => {
    const { json, text } = parseHttpDoc(replyWith(200, body));
    expect(text).toBe(body);
    expect(json === undefined || typeof json === 'object').toBe(true);
  });

  test('is cut at 64 KiB of text', () => {
    expect(parseHttpDoc(replyWith(200, 'x'.repeat(100_000))).text).toHaveLength(65_536);
  });
});
