import { describe, expect, test } from 'vitest';
import { cgminerProgram, DEVICES } from './devices.testing.ts';
import { answering, closedPort, tcpServer } from './links/loopback.testing.ts';
import { createMiner, type Miner, type MinerOptions } from './miner.ts';

const antminer = (port: number, options: MinerOptions = {}): Miner =>
  createMiner({ host: '127.0.0.1', family: 'antminer', ports: { cgminer: port } }, options);

describe('a read', () => {
  test('costs one connection, on every poll', async () => {
    const asked: string[] = [];
    const miner = antminer(await tcpServer(cgminerProgram(DEVICES.antminer, asked)));
    await miner.read();
    await miner.read();
    expect(asked).toEqual(['version+summary+stats+pools', 'summary+stats+pools']);
  });

  test('gives a snapshot with where it came from', async () => {
    const port = await tcpServer(cgminerProgram(DEVICES.antminer));
    const now = await antminer(port).read({ sources: true });
    expect(now).toMatchObject({
      schemaVersion: 1,
      address: `127.0.0.1:${port}`,
      state: 'mining',
      hashrate: { currentHs: 110_000_500_000_000 },
      pools: [{ url: 'stratum+tcp://pool.example:3333', worker: 'acct.rig1', status: 'alive' }],
    });
    expect(now.sources?.['/hashrate/currentHs']).toEqual({ reply: 'summary', field: '/SUMMARY/0/GHS 5s' });
  });

  test('learns who the machine is', async () => {
    const miner = antminer(await tcpServer(cgminerProgram(DEVICES.antminer)));
    expect(miner.identity.model).toBeNull();
    await miner.read();
    expect(miner.identity.model).toBe('Antminer S19 Pro');
  });

  test('remembers that the machine refuses joins', async () => {
    const asked: string[] = [];
    const noJoins = (command: string) => (command.includes('+') ? undefined : DEVICES.antminer[command]);
    const replies = new Proxy({}, { get: (_, command: string) => noJoins(command) });
    const port = await tcpServer((socket) => {
      socket.once('data', (bytes) => {
        const { command } = JSON.parse(bytes.toString()) as { command: string };
        asked.push(command);
        const refusal = '{"STATUS":[{"STATUS":"E","When":1,"Code":14,"Msg":"Invalid command"}],"id":1}';
        socket.end(`${(replies as Record<string, string>)[command] ?? refusal}\0`);
      });
    });
    const miner = antminer(port);
    await miner.read();
    const first = asked.splice(0).length;
    await miner.read();
    expect(first).toBe(5);
    // Without the version the join is another one: refused once too, then never tried again.
    asked.length = 0;
    await miner.read();
    expect(asked).toEqual(['summary', 'stats', 'pools']);
  });

  test('is given its turn after the others of this process at the same machine', async () => {
    let talking = 0;
    let most = 0;
    const port = await tcpServer((socket) => {
      most = Math.max(most, ++talking);
      socket.once('data', () => {
        // Long enough for somebody impatient to come in between.
        setImmediate(() => {
          talking--;
          socket.end(`${DEVICES.antminer.summary}\0`);
        });
      });
    });
    const [a, b] = [antminer(port), antminer(port)];
    await Promise.all([a.read(), b.read(), a.api('summary'), b.read()]);
    expect(most).toBe(1);
  });
});

describe('a read of a machine that is gone rejects, and never looks like an idle one', () => {
  test('refused', async () => {
    const miner = antminer(await closedPort());
    await expect(miner.read()).rejects.toMatchObject({ code: 'link/refused', context: { next: expect.any(String) } });
  });

  test('silent, within the limit of one reply', async () => {
    const miner = antminer(await tcpServer(() => {}), { replyTimeoutMs: 40 });
    await expect(miner.read()).rejects.toMatchObject({ code: 'link/timed-out-waiting' });
  });

  test('dripping without an end, within the limit of the whole read', async () => {
    const port = await tcpServer((socket) => {
      const drip = setInterval(() => socket.write('['), 5);
      socket.once('close', () => clearInterval(drip));
    });
    await expect(antminer(port, { timeoutMs: 80 }).read()).rejects.toMatchObject({ code: 'link/timed-out-waiting' });
  });

  test('closed without a byte', async () => {
    const miner = antminer(await tcpServer((socket) => socket.end()));
    await expect(miner.read()).rejects.toMatchObject({ code: 'link/closed-empty' });
  });

  test('garbage, with the first bytes of what it said', async () => {
    const miner = antminer(await tcpServer(answering(() => 'Rebooting, please wait')));
    await expect(miner.read()).rejects.toMatchObject({
      code: expect.stringMatching(/^protocol\//),
      message: expect.stringContaining('Rebooting, please wait'),
    });
  });

  test('after it had answered: what is kept of before does not count as an answer', async () => {
    let isThere = true;
    const port = await tcpServer((socket) => {
      if (isThere) cgminerProgram(DEVICES.antminer)(socket);
      else socket.end();
    });
    const miner = antminer(port);
    await miner.read();
    isThere = false;
    await expect(miner.read()).rejects.toMatchObject({ code: 'link/closed-empty' });
  });

  test('cancelled', async () => {
    const cancel = new AbortController();
    const miner = antminer(await tcpServer(() => cancel.abort()));
    await expect(miner.read({ signal: cancel.signal })).rejects.toMatchObject({ code: 'link/cancelled' });
  });
});

test('a part that failed is a gap with its reason, and the rest is there', async () => {
  const { pools: _, ...others } = DEVICES.antminer;
  const denied = '{"STATUS":[{"STATUS":"E","When":1,"Code":45,"Msg":"Access denied to \'pools\' command"}],"id":1}';
  const now = await antminer(await tcpServer(cgminerProgram({ ...others, pools: denied }))).read();
  expect(now.hashrate.currentHs).toBe(110_000_500_000_000);
  expect(now.gaps).toContainEqual({
    path: '/pools',
    reason: 'denied',
    error: expect.objectContaining({ code: 'auth/address-not-allowed' }),
  });
});

describe('a raw command', () => {
  test('gives the answer decoded and its bytes', async () => {
    const miner = antminer(await tcpServer(cgminerProgram(DEVICES.antminer)));
    const answer = await miner.api('version');
    expect(new TextDecoder().decode(answer.bytes)).toBe(`${DEVICES.antminer.version}\0`);
    expect(answer.decoded?.parts.get('')?.sections.get('VERSION')?.[0]).toMatchObject({ API: '3.1' });
  });

  test('gives a refusal as an answer, and what cannot be read with the reason', async () => {
    const refused = await antminer(await tcpServer(cgminerProgram(DEVICES.antminer))).api('coin');
    expect(refused.decoded?.parts.get('')?.status[0]?.code).toBe(14);
    const garbled = await antminer(await tcpServer(answering(() => '\u0007'))).api('version');
    expect(garbled.decoded).toBeNull();
    expect(garbled.error?.code).toMatch(/^protocol\//);
  });
});

describe('a machine that was identified before', () => {
  test('is made without asking it anything', async () => {
    let connections = 0;
    const port = await tcpServer(() => connections++);
    expect(antminer(port).address).toBe(`127.0.0.1:${port}`);
    expect(connections).toBe(0);
  });

  test('has the name of its host on the ports of its family, also with an IPv6 address', () => {
    expect(createMiner({ host: '10.0.0.5', family: 'antminer' }).address).toBe('10.0.0.5');
    expect(createMiner({ host: 'fd00::5', family: 'avalon', ports: { cgminer: 4029 } }).address).toBe('[fd00::5]:4029');
  });

  test('of a family that does not exist is a mistake of the caller', () => {
    expect(() => createMiner({ host: '10.0.0.5', family: 'steam-engine' })).toThrow('no device family "steam-engine"');
  });
});
