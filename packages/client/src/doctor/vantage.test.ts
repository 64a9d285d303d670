import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Deadline } from '../links/deadline.ts';
import { closedPort, failure, httpServer } from '../links/loopback.testing.ts';
import { vantageOf } from './vantage.ts';

const NOW = 1_767_607_200_000;
const FUZZ = { seed: 812, numRuns: Math.min(200, Number(process.env.HEADFRAME_FUZZ_RUNS ?? 200)) };

function look(
  port: number,
  { path = '', address = '10.0.4.21', limitMs = 20_000, signal = undefined as AbortSignal | undefined } = {},
) {
  const deadline = new Deadline(limitMs, signal);
  onTestFinished(() => deadline.end());
  return vantageOf(`http://127.0.0.1:${port}${path}`)(address, { clock: { now: () => NOW }, deadline });
}

const daemon = (body: string | Uint8Array, status = 200, headers: Record<string, string> = {}) =>
  httpServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));
  });

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

describe('another daemon', () => {
  test('is asked for the address, and tells the ports and whether the API answers', async () => {
    let met: unknown;
    const port = await httpServer(async (request, response) => {
      met = {
        method: request.method,
        url: request.url,
        type: request.headers['content-type'],
        body: await bodyOf(request),
      };
      response.end(
        '{"address":"10.0.4.21","ports":{"22":"refused","80":"open","4028":"open","0":"refused"},"answered":true}',
      );
    });
    expect(await look(port, { path: '/farm/' })).toMatchObject({
      value: { from: '127.0.0.1', ports: { 0: 'refused', 22: 'refused', 80: 'open', 4028: 'open' }, answered: true },
      at: NOW,
      bytes: 104,
      line: '127.0.0.1 sees 4028 open, 80 open, 22 refused, a high port refused; its API answers',
      command: `curl -s -X POST -H 'content-type: application/json' -d '{"address":"10.0.4.21"}' http://127.0.0.1:${port}/farm/api/v1/examinations`,
    });
    expect(met).toEqual({
      method: 'POST',
      url: '/farm/api/v1/examinations',
      type: 'application/json',
      body: '{"address":"10.0.4.21"}',
    });
  });

  test('tells nothing but what is a port and a class', async () => {
    const ports =
      '{"80":"open","99999":"open","-1":"open","a":"open","22":"\\u001b[2J","443":{"open":1},"__proto__":"open"}';
    expect(await look(await daemon(`{"ports":${ports},"answered":"yes"}`))).toMatchObject({
      value: { ports: { 80: 'open' }, answered: null },
      line: '127.0.0.1 sees 80 open',
    });
  });

  test('that saw many ports fits into a line', async () => {
    const ports = JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i + 1, 'timed-out'])));
    const seen = await look(await daemon(`{"ports":${ports},"answered":false}`));
    expect(seen).toMatchObject({
      line: '127.0.0.1 sees 1 timed-out, 2 timed-out, 3 timed-out, 4 timed-out, 5 timed-out, 6 timed-out, 26 more; its API does not answer',
    });
  });

  test.each([
    ['', 200, 'sends no JSON'],
    ['<html>', 200, 'sends no JSON'],
    ['[]', 200, 'sends no diagnosis'],
    ['null', 200, 'sends no diagnosis'],
    ['{"ports":[],"answered":1}', 200, 'sends no diagnosis'],
    ['{"ports":{"80":"open"}}', 404, 'cannot examine (404): is it a Headframe daemon?'],
    ['{"ports":{"80":"open"}}', 500, 'answers with status 500'],
  ])('that says %j with status %i is no vantage', async (body, status, why) => {
    expect(await look(await daemon(body, status))).toEqual({ notSeen: `the daemon at 127.0.0.1 ${why}` });
  });

  test('that leads elsewhere is not followed', async () => {
    const there = await daemon('{"answered":true}');
    const port = await daemon('', 307, { location: `http://127.0.0.1:${there}/` });
    expect(await look(port)).toEqual({ notSeen: 'the daemon at 127.0.0.1 answers with status 307' });
  });

  test('that sends more than 1 MiB is no vantage', async () => {
    const port = await daemon(`{"answered":true,"x":"${'x'.repeat(1_048_576)}"}`);
    expect(await look(port)).toEqual({ notSeen: 'the daemon at 127.0.0.1 sends more than 1 MiB' });
  });

  test('that is not there is no vantage', async () => {
    expect(await look(await closedPort())).toEqual({
      notSeen: 'the daemon at 127.0.0.1 refuses connections (ECONNREFUSED)',
    });
  });

  test('that hangs ends with the examination', async () => {
    const controller = new AbortController();
    const port = await httpServer(() => controller.abort());
    expect(await look(port, { signal: controller.signal })).toEqual({
      notSeen: 'the daemon at 127.0.0.1 did not answer before the examination was cancelled',
    });
  });

  test('elsewhere is not asked for a loopback address, where it would find itself', async () => {
    const deadline = new Deadline(20_000);
    onTestFinished(() => deadline.end());
    const elsewhere = vantageOf('https://10.0.9.5');
    for (const address of ['127.0.0.1', '127.0.0.2:4028', '[::1]:80', '::1', 'localhost']) {
      expect(await elsewhere(address, { clock: { now: () => NOW }, deadline })).toEqual({
        notSeen: `${address} would be another machine at 10.0.9.5`,
      });
    }
  });

  test('may say anything', async () => {
    let said = '';
    const port = await httpServer((_, response) => response.end(said));
    const diagnosis = fc.record(
      {
        ports: fc.oneof(fc.dictionary(fc.string({ maxLength: 6 }), fc.anything()), fc.anything()),
        answered: fc.anything(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          diagnosis.map((value) => JSON.stringify(value)),
        ),
        async (text) => {
          said = text;
          const seen = await look(port);
          const line = 'notSeen' in seen ? seen.notSeen : seen.line;
          expect(line).toMatch(/^[\x20-\x7e]{10,200}$/);
        },
      ),
      FUZZ,
    );
  });
});

test.each([
  'mars',
  '10.0.9.5:4080',
  'ftp://10.0.9.5',
  'file:///etc/passwd',
  'http://user:secret-word@10.0.9.5',
  'http://10.0.9.5/?address=1',
])('%s is no URL of a daemon, and is refused at once', async (url) => {
  const error = await failure((async () => vantageOf(url))());
  expect(error.code).toBe('usage/invalid');
  expect(error.message).not.toContain('secret-word');
});
