import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blankIdentity, type Family, type Links, type Reply } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Called, grpcServer } from '../links/grpc-server.testing.ts';
import { httpServer } from '../links/loopback.testing.ts';
import { fileNameOf } from './file-names.ts';
import { record } from './recorder.ts';

/*
 * A BraiinsOS as the interface table has it: the field numbers are typed from there, the values are made up.
 */

const SERVICE = 'braiins.bos.v1';
const VERSION = 'braiins.bos.ApiVersionService/GetApiVersion';
const LOGIN = `${SERVICE}.AuthenticationService/Login`;
const DETAILS = `${SERVICE}.MinerService/GetMinerDetails`;
const CONFIGURATION = `${SERVICE}.ConfigurationService/GetMinerConfiguration`;
const STATUS = `${SERVICE}.MinerService/GetMinerStatus`;
const LOCATE = `${SERVICE}.ActionsService/GetLocateDeviceStatus`;
const ERRORS = `${SERVICE}.MinerService/GetErrors`;

/** A field of counted bytes: its tag, its length, these. */
const counted = (no: number, bytes: string | Uint8Array): Buffer => {
  const content = Buffer.from(bytes);
  return Buffer.concat([Buffer.from([no * 8 + 2, content.length]), content]);
};

const MESSAGES: Readonly<Record<string, Uint8Array>> = {
  // major 1, minor 11.
  [VERSION]: Uint8Array.of(0x08, 1, 0x10, 11),
  // token 1, timeout_s 2.
  [LOGIN]: Buffer.concat([counted(1, 'tok3n'), Buffer.from([0x10, 60])]),
  // uid 1, hostname 6, mac_address 7, bosminer_uptime_s 10, and 15, text of a newer firmware.
  [DETAILS]: Buffer.concat([
    counted(1, 'aBcD1234'),
    counted(6, 'barn-7'),
    counted(7, 'a0:b1:c2:d3:e4:f5'),
    Buffer.from([0x50, 42]),
    Buffer.from([0xa2, 0x06, 6]),
    Buffer.from('Tim in'),
  ]),
  // pool_groups 1: pools 5: url 2, user 3, password 4.
  [CONFIGURATION]: counted(
    1,
    counted(
      5,
      Buffer.concat([counted(2, 'stratum+tcp://pool.example:1'), counted(3, 'me.rig1'), counted(4, 'hunter2')]),
    ),
  ),
  // status 1.
  [STATUS]: Uint8Array.of(0x08, 2),
  // enabled 1 is false: nothing stands in it.
  [LOCATE]: new Uint8Array(),
};

function answer(call: Called): void {
  const message = MESSAGES[call.method];
  if (message === undefined) call.refuse('12', 'unknown method');
  else if (call.method === STATUS) call.answer([message, Uint8Array.of(0x08, 3)]);
  else call.answer([message]);
}

function pages(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.on('data', (part: Buffer) => {
    body += part.toString('utf8');
  });
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/api/v1/auth/login') response.end('{"token":"tok4n","timeout_s":3600}');
    else if (request.url === '/api/v1/miner/details') response.end('{"uid":"aBcD1234","hostname":"barn-7"}');
    else if (request.url === '/graphql') response.end(`{"data":{"asked":"${JSON.parse(body).operationName}"}}`);
    else response.writeHead(404).end('{}');
  });
}

async function read({ grpc, http, clock }: Links): Promise<Map<string, Reply>> {
  const post = (path: string, body: string) => http?.http({ method: 'POST', path, body });
  const nothing = new Uint8Array();
  if (grpc !== undefined) {
    const metadata = { authorization: 'tok3n' };
    await grpc.unary({ method: LOGIN }, counted(1, 'root'));
    for (const method of [VERSION, DETAILS, CONFIGURATION, LOCATE, ERRORS]) {
      await grpc.unary({ method, metadata }, nothing).catch(() => null);
    }
    for await (const _ of grpc.stream({ method: STATUS, metadata }, nothing)) break;
  } else {
    await post('/api/v1/auth/login', '{"username":"root","password":"hunter2"}');
    await http?.http({ method: 'GET', path: '/api/v1/miner/details' });
    await http?.http({ method: 'GET', path: '/api/v1/none' });
    for (const name of ['miner', 'pools'])
      await post('/graphql', JSON.stringify({ query: '{a}', operationName: name }));
  }
  const meta = { id: 'x', request: 'x', at: clock.now(), ms: 0, bytes: 0, repairs: [], error: null };
  return new Map([['x', { meta, doc: {}, raw: null, error: null }]]);
}

const family = (grpc: number, http: number): Family => ({
  id: 'braiins',
  title: 'BraiinsOS',
  ports: { grpc, http },
  specificity: 2,
  probes: [{ over: 'grpc', ask: VERSION, is: ({ raw }) => raw?.[0] === 0x08 }],
  feeds: {},
  evidence: 'document',
  read,
  identity: () => blankIdentity('braiins'),
  map: () => {
    throw new Error('not asked for here');
  },
  actions: () => ({}),
});

async function recorded(redact: boolean) {
  const parent = mkdtempSync(join(tmpdir(), 'headframe-record-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const into = join(parent, 'machine');
  // An address of its own: what is asked beside these ports is nobody's.
  const address = '127.0.44.2';
  const { port } = await grpcServer(answer, address);
  const web = await httpServer(pages, address);
  const ports = { grpc: [port], http: [web] };
  const credentials = { username: 'root', password: 'hunter2' };
  const options = { into, redact, ports, credentials, families: [family(port, web)], replyTimeoutMs: 1000 };
  const recording = await record(address, options);
  return { into, recording, bytes: (file: string) => readFileSync(join(into, file)) };
}

const document = (bytes: Buffer) => JSON.parse(bytes.toString('utf8'));

describe('the recording of a BraiinsOS', () => {
  test('has a message and its document for each method, and the pages of its other door', async () => {
    const { into, recording, bytes } = await recorded(false);
    const grpc = recording.requests.filter(({ over }) => over === 'grpc');
    expect(grpc.map(({ ask, file, raw, bytes: size }) => [ask, file, raw, size])).toEqual([
      [VERSION, 'grpc_ApiVersionService.GetApiVersion.json', 'grpc_ApiVersionService.GetApiVersion.raw', 4],
      [DETAILS, 'grpc_MinerService.GetMinerDetails.json', 'grpc_MinerService.GetMinerDetails.raw', 48],
      [
        CONFIGURATION,
        'grpc_ConfigurationService.GetMinerConfiguration.json',
        'grpc_ConfigurationService.GetMinerConfiguration.raw',
        52,
      ],
      [LOCATE, 'grpc_ActionsService.GetLocateDeviceStatus.json', 'grpc_ActionsService.GetLocateDeviceStatus.raw', 0],
      [STATUS, 'grpc_MinerService.GetMinerStatus.json', 'grpc_MinerService.GetMinerStatus.raw', 2],
    ]);
    expect(recording.requests.filter(({ over }) => over === 'http').map(({ ask, raw }) => [ask, raw])).toEqual([
      ['/api/v1/miner/details', 'web_api-v1-miner-details.raw'],
      ['/graphql miner', 'web_graphql-miner.raw'],
      ['/graphql pools', 'web_graphql-pools.raw'],
    ]);
    expect(recording.without).toEqual([ERRORS]);
    expect([...bytes('grpc_MinerService.GetMinerDetails.raw')]).toEqual([...(MESSAGES[DETAILS] ?? [])]);
    expect(document(bytes('grpc_MinerService.GetMinerDetails.json'))).toMatchObject({
      uid: 'aBcD1234',
      hostname: 'barn-7',
      bosminer_uptime_s: 42,
      $unknown: [{ no: 100, wireType: 2, bytes: '54696d20696e' }],
    });
    expect(document(bytes('grpc_ActionsService.GetLocateDeviceStatus.json'))).toEqual({ enabled: false });
    expect(bytes('web_graphql-pools.raw').toString()).toBe('{"data":{"asked":"pools"}}');
    expect(readdirSync(into).filter((file) => /login|auth/i.test(file))).toEqual([]);
  });

  test('has nothing in it that belongs to its owner, in no form', async () => {
    const { into, bytes } = await recorded(true);
    const everything = readdirSync(into)
      .map((file) => bytes(file).toString('latin1'))
      .join('\n');
    expect(everything).not.toMatch(/hunter2|me\.rig1|barn-7|a0:b1:c2|aBcD1234|tok[34]n|Tim in|54696d20696e/i);
    const details = document(bytes('grpc_MinerService.GetMinerDetails.json'));
    expect(details).toMatchObject({
      uid: expect.stringMatching(/^[a-f][A-F][a-f][A-F]\d{4}$/),
      mac_address: expect.stringMatching(/^02(:[\da-f]{2}){5}$/),
      bosminer_uptime_s: 42,
    });
    // The message says what the document does, and the other door the same.
    expect(bytes('grpc_MinerService.GetMinerDetails.raw').toString('latin1')).toContain(details.uid);
    expect(document(bytes('web_api-v1-miner-details.json'))).toEqual({ uid: details.uid, hostname: details.hostname });
    const [group] = document(bytes('grpc_ConfigurationService.GetMinerConfiguration.json')).pool_groups;
    expect(group.pools).toMatchObject([
      { url: 'stratum+tcp://pool.example:1', user: 'account.worker1', password: 'x' },
    ]);
  });
});

test('methods and pages have files that say what they are', () => {
  expect(fileNameOf('grpc', DETAILS)).toBe('grpc_MinerService.GetMinerDetails');
  expect(fileNameOf('grpc', VERSION)).toBe('grpc_ApiVersionService.GetApiVersion');
  expect(fileNameOf('grpc', 'Bare/Do')).toBe('grpc_Bare.Do');
  expect(fileNameOf('http', '/graphql miner')).toBe('web_graphql-miner');
});
