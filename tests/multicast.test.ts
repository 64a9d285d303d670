import { createSocket } from 'node:dgram';
import { simulators } from '@headframe/families/sim';
import { type Served, serveDevice, type Timers } from '@headframe/simulator';
import { afterEach, expect, test } from 'vitest';
import { discoverByMulticast, type MulticastFound } from '../packages/client/src/discovery/multicast.ts';
import { cgminerDevice } from '../packages/families/src/cgminer/sim-device.ts';
import { CGMINER_4_11 } from '../packages/families/src/cgminer/sim-standard-plan.ts';

/*
 * Finding simulated machines with one packet to a multicast group (`protocols.md` 1.9), over real UDP sockets on the
 * loopback interface. Time is a clock that the test turns.
 */

const GROUP = '224.0.0.75';

/** Whether this computer lets somebody join a group on loopback: not everywhere is that interface fit for it. */
async function loopbackTakesGroups(): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((bound) => socket.bind({ address: '127.0.0.1', port: 0 }, bound));
    socket.addMembership(GROUP, '127.0.0.1');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

const isPossible = process.platform === 'linux' && (await loopbackTakesGroups());

/** Hands that only the test turns. */
class TestTime implements Timers {
  time = Date.UTC(2026, 0, 5);
  #waiting: { at: number; then: () => void }[] = [];
  now = () => this.time;

  after(ms: number, then: () => void): () => void {
    const entry = { at: this.time + ms, then };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  advance(ms: number): void {
    this.time += ms;
    const due = this.#waiting.filter((entry) => entry.at <= this.time);
    this.#waiting = this.#waiting.filter((entry) => entry.at > this.time);
    for (const { then } of due) then();
  }
}

const open: Served[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

/** A UDP port that nobody has: the machines of one test share it. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((bound) => socket.bind({ address: '127.0.0.1', port: 0 }, bound));
  const { port } = socket.address();
  await new Promise<void>((closed) => socket.close(() => closed()));
  return port;
}

interface Machine {
  readonly address: string;
  readonly allow?: string;
  readonly code?: string;
  readonly description?: string;
  readonly multicast?: boolean;
}

async function serve(machine: Machine, multicastPort: number, time: TestTime): Promise<Served> {
  const { address, allow = 'W:0/0', multicast = true, ...settings } = machine;
  const plan = { ...CGMINER_4_11, access: { listen: true, allow }, multicast: settings };
  const label = { family: 'cgminer', make: '', model: '', firmware: '' };
  const device = cgminerDevice(plan, { seed: 1, poweredAt: time.now() - 60_000, quirks: { multicast } }, label);
  const served = await serveDevice(device, {
    address,
    ports: { cgminer: 0 },
    multicastPort,
    clock: time,
    timers: time,
  });
  open.push(served);
  return served;
}

/** Looks until the machines that are expected have answered, and no longer. */
async function look(port: number, expected: number, options: { code?: string } = {}): Promise<MulticastFound[]> {
  const found: MulticastFound[] = [];
  const over = new AbortController();
  const wait = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      over.signal.addEventListener('abort', () => resolve());
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const clock = { now: () => 0 };
  for await (const one of discoverByMulticast({
    port,
    interfaceAddress: '127.0.0.1',
    attempts: 1,
    wait,
    clock,
    ...options,
  })) {
    found.push(one);
    if (found.length === expected) over.abort();
  }
  return found.sort((a, b) => (a.address < b.address ? -1 : 1));
}

test.skipIf(!isPossible)('machines on several addresses answer one packet, each for itself', async () => {
  const time = new TestTime();
  const port = await freePort();
  const first = await serve({ address: '127.0.0.11', description: 'rack 1' }, port, time);
  const second = await serve({ address: '127.0.0.12' }, port, time);
  // These hear it and are silent: off by default, another code, a list without the asker's address.
  await serve({ address: '127.0.0.13', multicast: false }, port, time);
  await serve({ address: '127.0.0.14', code: 'mine' }, port, time);
  await serve({ address: '127.0.0.15', allow: 'W:10.0.0.0/8' }, port, time);
  expect(await look(port, 2)).toEqual([
    { address: '127.0.0.11', apiPort: first.ports.cgminer, description: 'rack 1', at: 0 },
    { address: '127.0.0.12', apiPort: second.ports.cgminer, description: '', at: 0 },
  ]);
});

test.skipIf(!isPossible)('a machine with a code of its own answers to that', async () => {
  const time = new TestTime();
  const port = await freePort();
  await serve({ address: '127.0.0.14', code: 'mine' }, port, time);
  await serve({ address: '127.0.0.11' }, port, time);
  expect((await look(port, 1, { code: 'mine' })).map(({ address }) => address)).toEqual(['127.0.0.14']);
});

test.skipIf(!isPossible)(
  'a machine sleeps a second behind each packet, and then answers what came meanwhile',
  async () => {
    const time = new TestTime();
    const port = await freePort();
    await serve({ address: '127.0.0.11' }, port, time);
    const asker = createSocket('udp4');
    await new Promise<void>((bound) => asker.bind({ address: '127.0.0.1', port: 0 }, bound));
    try {
      asker.setMulticastInterface('127.0.0.1');
      let heard = (_: string) => {};
      const replies: string[] = [];
      asker.on('message', (bytes) => {
        replies.push(bytes.toString('latin1'));
        heard('');
      });
      const nextReply = () => new Promise<string>((resolve) => (heard = resolve));
      const ask = () =>
        new Promise<void>((sent) => asker.send(`cgminer-FTW-${asker.address().port}\n`, port, GROUP, () => sent()));
      const first = nextReply();
      await ask();
      await ask();
      await first;
      // The second packet has come in by now or comes before the look below; the machine sleeps in either case.
      await open[0]?.look();
      expect(replies).toHaveLength(1);
      const second = nextReply();
      time.advance(999);
      expect(replies).toHaveLength(1);
      time.advance(1);
      await second;
      expect(replies).toHaveLength(2);
    } finally {
      asker.close();
    }
  },
);

test.skipIf(!isPossible)(
  'a machine whose program has ended does not answer, and does again after its restart',
  async () => {
    const time = new TestTime();
    const port = await freePort();
    const served = await serve({ address: '127.0.0.11' }, port, time);
    const other = await serve({ address: '127.0.0.12' }, port, time);
    await served.reboot(30_000);
    expect((await look(port, 1)).map(({ address }) => address)).toEqual(['127.0.0.12']);
    time.advance(60_000);
    await served.look();
    await other.look();
    expect((await look(port, 2)).map(({ address }) => address)).toEqual(['127.0.0.11', '127.0.0.12']);
  },
);

test('no machine of a farm listens unless it is told to', () => {
  const profiles = simulators.flatMap(({ profiles: all }) => all);
  const create = (quirks: Record<string, boolean>) =>
    profiles.filter((profile) => profile.create({ seed: 1, poweredAt: 0, quirks }).multicast !== undefined);
  expect(create({})).toEqual([]);
  expect(create({ multicast: true }).map(({ name }) => name)).toContain('two-boards');
});
