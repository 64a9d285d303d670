import { PATHS, SCHEMAS } from '@headframe/api';
import type { CommandMatrix } from '@headframe/model/matrix';
import type { FastifyInstance } from 'fastify';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from './app.ts';

let app: FastifyInstance;

const notAsked = () => {
  throw new Error('the matrix needs no fleet');
};

beforeEach(async () => {
  app = await createApp({
    version: '1.2.3',
    listenHost: '127.0.0.1',
    token: '',
    pageDirectory: null,
    events: { open: notAsked },
    list: notAsked,
    snapshots: notAsked,
    record: notAsked,
    totals: notAsked,
    health: notAsked,
    examine: notAsked,
    incidents: notAsked,
    examineSilent: notAsked,
    metrics: notAsked,
    requestStop: notAsked,
    onMistake: notAsked,
  });
});
afterEach(() => app.close());

const get = (query = '', accept = '*/*') =>
  app.inject({ url: `${PATHS.matrix}${query}`, headers: { host: '127.0.0.1:4280', accept } });

describe('the command matrix over HTTP', () => {
  test('is JSON with the publisher, the licence and what was changed', async () => {
    const reply = await get();
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.headers.link).toBe('<https://creativecommons.org/licenses/by/4.0/>; rel="license"');
    const matrix: CommandMatrix = reply.json();
    expect(matrix.attribution).toMatchObject({ publisher: 'D-Central', licence: 'CC BY 4.0' });
    expect(matrix.attribution.changes).toContain('24 dashes restored');
    expect(matrix.commands).toHaveLength(50);
    expect(Value.Check(SCHEMAS.CommandMatrix, matrix)).toBe(true);
    const [first] = matrix.commands;
    expect(Value.Check(SCHEMAS.CommandMatrix, { ...matrix, commands: [{ ...first, access: 'both' }] })).toBe(false);
  });

  test.each([
    ['?format=csv', '*/*'],
    ['', 'text/csv'],
    ['', 'application/json;q=0.5, text/csv;q=0.9'],
  ])('is CSV with the same in comment lines for %s and Accept %s', async (query, accept) => {
    const reply = await get(query, accept);
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const lines = reply.body.trimEnd().split('\n');
    expect(lines[0]).toBe(
      '# "Miner API Command Reference" by D-Central, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).',
    );
    expect(lines.filter((line) => !line.startsWith('#'))).toHaveLength(51);
  });

  test.each([
    ['?format=json', 'text/csv'],
    ['', 'text/html,application/xhtml+xml,*/*;q=0.8'],
    ['', 'text/csv;q=nonsense'],
  ])('is JSON for %s and Accept %s', async (query, accept) => {
    expect((await get(query, accept)).headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('a part of it carries the attribution too', async () => {
    const matrix: CommandMatrix = (await get('?command=curtail&family=luxos')).json();
    expect(matrix.attribution.publisher).toBe('D-Central');
    expect(matrix.families).toEqual(['luxos']);
    expect(matrix.commands.map(({ command, printed }) => ({ command, printed }))).toEqual([
      { command: 'curtail', printed: { luxos: { value: 'Control', inferred: true } } },
    ]);
    expect(Value.Check(SCHEMAS.CommandMatrix, matrix)).toBe(true);
  });

  test('a command that is not in it is not found, a form or family that there is not is a mistake', async () => {
    expect((await get('?command=shutdown')).json()).toMatchObject({ code: 'usage/not-found' });
    expect((await get('?command=shutdown')).statusCode).toBe(404);
    expect((await get('?format=xml')).statusCode).toBe(400);
    expect((await get('?family=avalon')).statusCode).toBe(400);
    expect((await get('?formt=csv')).statusCode).toBe(400);
  });
});
