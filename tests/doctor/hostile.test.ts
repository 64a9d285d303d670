import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer } from 'node:net';
import { type ExamineOptions, examine, poolReader } from '@headframe/client';
import { type Diagnosis, diagnose, reportOf } from '@headframe/diagnosis';
import { startPool, startStranger } from '@headframe/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { diagnosisText } from '../../packages/cli/src/output/diagnosis-text.ts';
import { codeOf, diagnosed, knownOf, machineAt } from './machine-at.ts';

/*
 * Devices that lie, and that mean harm to who reads of them: what the doctor hands on acts on no terminal, and holds nothing
 * that was given to it in confidence.
 */

/** 127.88.x.y: nobody else's. */
let addresses = 0;
const nextAddress = (): string => `127.88.3.${++addresses}`;

/** In a hurry: no second look, and samples without a pause. */
const QUICK = { quick: true, sampleEveryMs: 1 };

/** Control characters, and those that turn the direction of the text or are not seen. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Every string of it, the names of its fields as well. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...stringsOf(inner)]);
}

/** As it is stored and sent, printed, and handed to a repairer. */
const formsOf = (diagnosis: Diagnosis) => ({
  json: JSON.stringify(diagnosis),
  text: diagnosisText(diagnosis),
  report: reportOf(diagnosis),
});

function actsOnNoTerminal(diagnosis: Diagnosis): void {
  const { json, text, report } = formsOf(diagnosis);
  expect(stringsOf(JSON.parse(json)).filter((one) => HARMFUL.test(one))).toEqual([]);
  for (const whole of [text, report]) {
    expect(whole.split('\n').filter((line) => HARMFUL.test(line))).toEqual([]);
  }
}

test('the first answer of a device that hangs behind it does not pass for health', async () => {
  const expected = {
    antminer: 'api.blocked',
    whatsminer: 'api.blocked',
    avalon: 'api.blocked',
    ethminer: 'api.blocked',
    axeos: 'axeos.timed-out',
  };
  const found = Object.keys(expected).map(async (family) => {
    const address = nextAddress();
    const known = await machineAt(address, family, [{ kind: 'answer-once' }]);
    const diagnosis = await diagnosed(address, known);
    actsOnNoTerminal(diagnosis);
    return [family, codeOf(diagnosis)];
  });
  expect(Object.fromEntries(await Promise.all(found))).toEqual(expected);
});

/** Titles of windows, colours, a cleared screen, letters that run backwards, a new line of a log, an unseen mark. */
const ACTS = '\x1b]0;owned\x07\x1b[2J\x1b[31m\u009b31m\u202eevil\u2066\r\nroot: all is well\u2028\u200b\0\x7f';

/** Answers everything, in the form of an Antminer, and with these words wherever text may stand. */
async function liar(address: string): Promise<void> {
  const status = { STATUS: 'S', When: 1, Code: 11, Msg: ACTS, Description: ACTS };
  const fields = { Type: `Antminer S19${ACTS}`, Miner: ACTS, CompileTime: ACTS, API: ACTS, BMMiner: ACTS, ID: ACTS };
  const record = { ...fields, Elapsed: 100, URL: ACTS, User: ACTS, Status: ACTS, 'GHS 5s': ACTS, [ACTS]: ACTS };
  const names = ['VERSION', 'SUMMARY', 'STATS', 'POOLS', 'DEVS', 'CONFIG', 'DEVDETAILS', 'COIN'];
  const reply = JSON.stringify({
    STATUS: [status],
    ...Object.fromEntries(names.map((name) => [name, [record]])),
    id: 1,
  });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(`${reply}\0`));
  });
  server.listen(4028, address);
  await once(server, 'listening');
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
}

describe('a device that means harm to its reader', () => {
  test('a web page in the place of an Antminer, with escapes in all that it says and ten megabytes behind', async () => {
    const address = nextAddress();
    const stranger = await startStranger({ kind: 'hostile', address });
    onTestFinished(() => stranger.close());
    const diagnosis = await diagnosed(address, { ...knownOf('antminer', address), ...QUICK });
    expect(codeOf(diagnosis)).not.toBe('healthy');
    actsOnNoTerminal(diagnosis);
  });

  test('the same on the port of the API', async () => {
    const address = nextAddress();
    const stranger = await startStranger({ kind: 'hostile', address, port: 4028 });
    onTestFinished(() => stranger.close());
    const diagnosis = await diagnosed(address, { ...knownOf('antminer', address), ...QUICK });
    expect(codeOf(diagnosis)).not.toBe('healthy');
    actsOnNoTerminal(diagnosis);
  });

  test('replies of an Antminer with escapes in every word, and in the names of fields', async () => {
    const address = nextAddress();
    await liar(address);
    const diagnosis = await diagnosed(address, { ...QUICK });
    // It was heard: what it calls itself is there, without what it would have done.
    expect(JSON.stringify(diagnosis)).toContain('Antminer S19');
    actsOnNoTerminal(diagnosis);
  });
});

const PASSWORD = 'Schacht-7-tief';
const TOKEN = 'tok_9f8e7d6c5b4a39281706f5e4d3c2b1a0';
const WALLET = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';
const PRIVATE_KEY = 'cHJpdmF0ZS1rZXktb2YtYS1wZXJzb24tbm9ib2R5LXJlYWRz';
const SECRETS = [PASSWORD, TOKEN, PRIVATE_KEY];

describe('what is given in confidence stands neither in a diagnosis nor in a report', () => {
  /** A pool that knows a wallet, and is asked for it. */
  async function poolOf(address: string): Promise<ExamineOptions> {
    const work = {
      url: 'stratum+tcp://pool.example:3333',
      worker: `${WALLET}.rig7`,
      accepted: 10,
      rejected: 0,
      difficulty: 1,
      lastShareAt: Date.now() - 5_000,
      hashrateHs: 1e14,
    };
    const clock = { now: () => Date.now() };
    const pool = await startPool({ kind: 'ckpool', address, port: 0, machines: () => [{ work: () => [work] }], clock });
    onTestFinished(() => pool.close());
    return { pool: poolReader({ pool: 'ckpool', url: pool.url, account: WALLET, worker: 'rig7' }) };
  }

  const login = { credentials: { username: 'root', password: PASSWORD } };

  function isKept(diagnosis: Diagnosis): void {
    for (const whole of Object.values(formsOf(diagnosis))) {
      expect(SECRETS.filter((secret) => whole.includes(secret))).toEqual([]);
      // Nor in the form in which HTTP sends a login.
      expect(whole).not.toContain(Buffer.from(`root:${PASSWORD}`).toString('base64'));
    }
  }

  // Where the API is deaf, the pages are asked with the login.
  test.each(['antminer', 'whatsminer', 'avalon', 'luxos', 'braiins', 'elphapex', 'nerdqaxe'])(
    'a wrong password for the %s, well and deaf, and the wallet at the pool',
    async (family) => {
      for (const faults of [[], [{ kind: 'accept-and-close' }]] as const) {
        const address = nextAddress();
        const known = await machineAt(address, family, faults);
        const diagnosis = await diagnosed(address, { ...known, ...login, ...(await poolOf(address)), ...QUICK });
        isKept(diagnosis);
        // The name by which the pool knows the worker is for its owner; who repairs the machine needs no more of it.
        const report = reportOf(diagnosis);
        expect(report).toContain('bc1q…dq.rig7');
        expect(report).not.toContain(WALLET);
      }
    },
  );

  test('a token, at a pool that repeats it in all that it says', async () => {
    const address = nextAddress();
    const heard: string[] = [];
    const pool = createWebServer(({ headers }, response) => {
      const said = JSON.stringify(headers);
      heard.push(said);
      const worker = { state: TOKEN, last_share: 1, hash_rate_unit: TOKEN, hash_rate_5m: TOKEN };
      const body = JSON.stringify({ error: said, message: TOKEN, btc: { workers: { [`account.${TOKEN}`]: worker } } });
      response.writeHead(200, { 'content-type': 'application/json', server: TOKEN }).end(body);
    });
    pool.listen(8090, address);
    await once(pool, 'listening');
    onTestFinished(() => new Promise<void>((done) => pool.close(() => done())));
    const known = await machineAt(address, 'antminer', [{ kind: 'refuse' }]);
    const account = { pool: 'braiins-pool', account: 'account', worker: TOKEN, token: TOKEN } as const;
    const asked = { pool: poolReader({ ...account, url: `http://${address}:8090` }) };
    const diagnosis = await diagnosed(address, { ...known, ...asked, ...QUICK });
    expect(heard.join()).toContain(TOKEN);
    isKept(diagnosis);
  });

  test('a machine that says the password back in all its words', async () => {
    const address = nextAddress();
    const stranger = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        const said = JSON.stringify({
          STATUS: [{ STATUS: 'E', Code: 14, Msg: `Invalid command password=${PASSWORD}` }],
        });
        socket.end(`${said}\0`);
      });
    });
    stranger.listen(4028, address);
    await once(stranger, 'listening');
    onTestFinished(() => new Promise<void>((done) => stranger.close(() => done())));
    const diagnosis = await diagnosed(address, { ...knownOf('antminer', address), ...login, ...QUICK });
    isKept(diagnosis);
  });

  test('a password and a key for SSH, on a machine without it and on one that breaks off', async () => {
    for (const isThere of [false, true]) {
      const address = nextAddress();
      if (isThere) {
        const server = createServer((socket) => {
          socket.on('error', () => {});
          socket.resume().end('SSH-2.0-dropbear_2012.55\r\n');
        });
        server.listen(2222, address);
        await once(server, 'listening');
        onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
      }
      const known = await machineAt(address, 'antminer', [{ kind: 'refuse' }]);
      for (const privateKey of [
        undefined,
        `-----BEGIN OPENSSH PRIVATE KEY-----\n${PRIVATE_KEY}\n-----END OPENSSH PRIVATE KEY-----\n`,
      ]) {
        const key = privateKey === undefined ? {} : { privateKey };
        const ssh = { ...login, ...key, port: 2222, hostKey: null };
        const diagnosis = diagnose(await examine(address, { ...known, ssh, ...QUICK }));
        expect(diagnosis.notSeen.join('\n')).toContain('SSH: ');
        isKept(diagnosis);
      }
    }
  });
});
