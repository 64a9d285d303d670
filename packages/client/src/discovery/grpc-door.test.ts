import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { blankIdentity, type Family, type Reply } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { cgminerProgram, DEVICES } from '../devices.testing.ts';
import { Deadline } from '../links/deadline.ts';
import { type Called, grpcServer } from '../links/grpc-server.testing.ts';
import { closedPort, type OnConnection, tcpServer } from '../links/loopback.testing.ts';
import { planDoors } from './doors.ts';
import { type LookOptions, lookAt } from './look.ts';

const METHOD = 'maker.Version/Get';
const VERSION = Uint8Array.of(0x08, 1, 0x10, 11);

/** A family that knows its machines by the version that they tell before a login, and reads them behind one. */
function maker(port: number, read: Family['read'] = async () => new Map()): Family {
  const isOurs = ({ raw, error }: Reply) =>
    error === null ? raw?.[0] === 0x08 : error.code === 'support/unsupported' ? false : null;
  return {
    id: 'maker',
    title: 'Maker',
    ports: { grpc: port },
    specificity: 2,
    probes: [{ over: 'grpc', ask: METHOD, is: isOurs }],
    feeds: {},
    evidence: 'document',
    read,
    identity: () => ({ ...blankIdentity('maker'), make: 'Maker', model: 'One' }),
    map: () => {
      throw new Error('not asked for here');
    },
    actions: () => ({}),
  };
}

const OPTIONS: Omit<LookOptions, 'families'> = {
  ports: {},
  thorough: true,
  credentials: () => null,
  limits: { connectMs: 500, replyMs: 500, silenceMs: 20 },
  clock: systemClock,
};

/** An address of its own: on 4028 and 80 nobody else answers there. */
const HOST = '127.0.44.3';

async function look(port: number | null, families: readonly Family[], options: Partial<LookOptions> = {}) {
  const deadline = new Deadline(10_000);
  onTestFinished(() => deadline.end());
  return lookAt({ host: HOST, port }, { ...OPTIONS, families, ...options }, deadline);
}

const tellsVersion = (call: Called): void => {
  if (call.method === METHOD) call.answer([VERSION]);
  else call.refuse('12', 'Unknown service');
};

describe('the door of gRPC', () => {
  test('belongs to the ports of its family, behind 4028 and 80', () => {
    const plans = planDoors({ host: '10.0.0.5', port: null }, [maker(50_051)], {}, false);
    expect(plans.map(({ port, protocols, first }) => [port, protocols.join(), first])).toEqual([
      [4028, 'cgminer', true],
      [80, 'http', true],
      [50_051, 'grpc', false],
    ]);
  });

  test('is asked one method, and the conversation with it is over before the look is', async () => {
    const asked: string[] = [];
    const server = await grpcServer((call) => {
      asked.push(call.method);
      tellsVersion(call);
    }, HOST);
    const { found } = await look(server.port, [maker(server.port)]);
    await server.allClosed();
    expect(asked).toEqual([METHOD]);
    expect(found).toMatchObject({
      kind: 'needs-credentials',
      family: 'maker',
      what: 'Maker One',
      ports: { grpc: server.port },
      evidence: [{ port: server.port, over: 'grpc', ask: METHOD, code: null, said: 'gRPC status OK' }],
    });
  });

  test('is read once with the credentials that are known, over a connection that ends with the look', async () => {
    const tokens: unknown[] = [];
    const server = await grpcServer((call) => {
      tokens.push(call.headers.authorization);
      call.answer([VERSION]);
    }, HOST);
    const read: Family['read'] = async ({ grpc, clock, credentials }) => {
      const metadata = { authorization: credentials?.password ?? '' };
      const reply = await grpc?.unary({ method: 'maker.Machine/Read', metadata }, new Uint8Array());
      const meta = {
        id: 'x',
        request: 'maker.Machine/Read',
        at: clock.now(),
        ms: 1,
        bytes: 4,
        repairs: [],
        error: null,
      };
      return new Map([['x', { meta, doc: {}, raw: reply?.message ?? null, error: null }]]);
    };
    const deadline = new Deadline(10_000);
    const credentials = () => ({ username: 'root', password: 'pw1' });
    const options = { ...OPTIONS, families: [maker(server.port, read)], credentials };
    const { found } = await lookAt({ host: HOST, port: server.port }, options, deadline);
    deadline.end();
    await server.allClosed();
    expect(found).toMatchObject({ kind: 'miner', family: 'maker' });
    expect(tokens).toEqual([undefined, 'pw1']);
  });

  test('that knows nothing of the method is one of gRPC all the same', async () => {
    const server = await grpcServer((call) => call.refuse('12', 'Unknown service'), HOST);
    const { found } = await look(server.port, [maker(server.port)]);
    expect(found).toMatchObject({ kind: 'unknown', family: null, what: 'something that speaks gRPC' });
    expect(found?.evidence).toEqual([
      {
        port: server.port,
        over: 'grpc',
        ask: METHOD,
        code: 'support/unsupported',
        said: 'gRPC status UNIMPLEMENTED, "Unknown service"',
      },
    ]);
  });

  test('is found behind any port that a person names', async () => {
    const server = await grpcServer(tellsVersion, HOST);
    const { found } = await look(server.port, [maker(50_051)]);
    expect(found).toMatchObject({ family: 'maker', ports: { grpc: server.port } });
    expect(found?.address).toBe(`${HOST}:${server.port}`);
  });

  test('counts beside what port 4028 says, and then nothing is locked', async () => {
    const server = await grpcServer(tellsVersion, HOST);
    const api = await tcpServer(cgminerProgram(DEVICES.cgminer), HOST);
    const { found } = await look(null, [{ ...maker(server.port), ports: { grpc: server.port, cgminer: api } }], {
      ports: { cgminer: [api] },
    });
    expect(found).toMatchObject({ kind: 'miner', family: 'maker', ports: { grpc: server.port, cgminer: api } });
  });

  test.each([
    ['a web server', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'), 'a web server'],
    ['silence', () => {}, null],
    ['a close', (socket) => socket.end(), null],
  ] as [string, OnConnection, string | null][])('where %s stands is taken for what it is', async (_, onData, what) => {
    const port = await tcpServer((socket) => socket.once('data', () => onData(socket)), HOST);
    const { found } = await look(null, [maker(port)], { limits: { connectMs: 500, replyMs: 150, silenceMs: 20 } });
    expect(found).toMatchObject({ kind: 'unknown', family: null, what });
    expect(found?.evidence.find(({ over }) => over === 'grpc')?.said).toBeNull();
  });

  test('that is closed costs one attempt, as every closed port does', async () => {
    let opened = 0;
    const count = () => {
      opened++;
    };
    subscribe('net.client.socket', count);
    onTestFinished(() => {
      unsubscribe('net.client.socket', count);
    });
    const { knocked, found } = await look(null, [maker(await closedPort(HOST))]);
    expect(knocked).toHaveLength(3);
    expect(opened).toBe(3);
    expect(found).toBeNull();
  });
});
