import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Peer, Reaction, SimulatedDevice } from '@headframe/families/sim';
import { FAULTS, type Fault, parseFault, type Served, serveDevice, type Timers } from '@headframe/simulator';
import { afterEach, describe, expect, test } from 'vitest';
import { FREE_PORTS } from './free-ports.ts';

/*
 * Every fault of the simulator, seen from a client's side over real sockets. Time is a clock that the test turns.
 */

/** What a client sees of a reset right behind data: Node 22 and 24 report it as an ordinary end. */
const RESET = Number.parseInt(process.versions.node, 10) < 26 ? 'fin' : 'rst';

const STATS =
  '{"STATUS":[{"STATUS":"S","When":1,"Code":70,"Msg":"CGMiner stats","Description":"cgminer 1.0.0"}],' +
  '"STATS":[{"BMMiner":"1.0.0","Type":"a },{ b"},{"STATS":0,"ID":"BTM_SOC0"}],"id":1}';
const VERSION =
  '{"STATUS":[{"STATUS":"S","When":1,"Code":22,"Msg":"CGMiner versions"}],"VERSION":[{"API":"3.1"}],"id":1}';

/** A machine that knows two commands, counts what it is asked and boots for six seconds. */
class TestDevice implements SimulatedDevice {
  readonly label = { family: 'test', make: 'Test', model: 'Test', firmware: 'test' };
  readonly asked: string[] = [];
  readonly poweredAt: number;
  denied: string[] = [];
  end: Reaction['end'] = 'fin';
  readonly http = {
    port: 80,
    respond: ({ path }: { path: string }) => ({
      status: path === '/info' ? 200 : 404,
      headers: {},
      body: '{"type":"test"}',
    }),
  };
  readonly cgminer = {
    port: 4028,
    maxRequestBytes: 4095,
    admits: (peer: Peer) => !this.denied.includes(peer.address),
    receive: (bytes: Uint8Array) => {
      const text = Buffer.from(bytes).toString();
      this.asked.push(text);
      const reply = text.includes('stats') ? STATS : VERSION;
      return { chunks: [{ bytes: Buffer.from(`${reply}\0`), afterMs: 0 }], end: this.end };
    },
  };

  constructor(poweredAt = Number.NEGATIVE_INFINITY) {
    this.poweredAt = poweredAt;
  }

  listening(_: unknown, now: number): boolean {
    return now >= this.poweredAt + 6000;
  }
}

/** Hands that only the test turns. */
class TestTime implements Timers {
  time = 1_795_000_000_000;
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
    const end = this.time + ms;
    for (let i = 0; i < 10_000; i++) {
      const next = this.#waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.then();
    }
    this.time = end;
  }
}

interface Talk {
  bytes: string;
  ended: 'fin' | 'rst' | 'refused';
}

const open: Served[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const served of open.splice(0)) await served.close();
});

async function serve(faults: string[] | Fault[], device = new TestDevice()) {
  const time = new TestTime();
  const served = await serveDevice(device, {
    address: '127.0.0.1',
    ports: FREE_PORTS,
    clock: time,
    timers: time,
    faults: faults.map((fault) => (typeof fault === 'string' ? parseFault(fault) : fault)),
    seed: 7,
    recreate: (poweredAt) => new TestDevice(poweredAt),
  });
  open.push(served);
  return { served, device, time };
}

function dial(served: Served, over: 'cgminer' | 'http' = 'cgminer', localAddress?: string): Socket {
  const port = served.ports[over];
  if (port === undefined) throw new Error(`no port for ${over}`);
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, ...(localAddress && { localAddress }) });
  sockets.push(socket);
  return socket;
}

/** Reads to the end, however it ends. */
function listen(socket: Socket): Promise<Talk> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  return new Promise((done) => {
    const end = (ended: Talk['ended']) => done({ bytes: Buffer.concat(parts).toString('latin1'), ended });
    socket.once('end', () => {
      end('fin');
      socket.end();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED' ? 'refused' : 'rst'));
  });
}

function ask(served: Served, text = '{"command":"stats"}\n', localAddress?: string): Promise<Talk> {
  const socket = dial(served, 'cgminer', localAddress);
  if (text !== '') socket.write(text);
  return listen(socket);
}

function get(served: Served, path = '/info'): Promise<{ status: number; body: string; type?: string } | string> {
  return new Promise((done) => {
    request({ host: '127.0.0.1', port: served.ports.http, path, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
      response.on('end', () => {
        const type = response.headers['content-type'];
        done({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString(), ...(type && { type }) });
      });
    })
      .on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
      .end();
  });
}

/** Every packet that was on its way has arrived: a whole conversation on another port of loopback takes longer. */
const settled = async (served: Served) => void (await get(served));

const until = (socket: Socket, event: string) => new Promise<unknown>((done) => socket.once(event, done));

describe('a healthy device', () => {
  test('answers one request per connection and closes', async () => {
    const { served } = await serve([]);
    expect(await ask(served)).toEqual({ bytes: `${STATS}\0`, ended: 'fin' });
    expect(await get(served)).toEqual({ status: 200, body: '{"type":"test"}' });
    expect(await get(served, '/nothing')).toMatchObject({ status: 404 });
  });

  test('answers a client that half-closed without a word', async () => {
    const { served, device } = await serve([]);
    const socket = dial(served);
    socket.end();
    expect((await listen(socket)).ended).toBe('fin');
    expect(device.asked).toEqual(['']);
  });

  test('takes 4095 bytes of a longer request, answers, and resets behind the reply', async () => {
    const { served, device } = await serve([]);
    const talk = await ask(served, `{"command":"stats"}${' '.repeat(9000)}`);
    expect(talk).toEqual({ bytes: `${STATS}\0`, ended: RESET });
    expect(device.asked[0]).toHaveLength(4095);
  });

  test('closes without a byte on an address that its list does not have', async () => {
    const device = new TestDevice();
    device.denied = ['127.0.0.2'];
    const { served } = await serve([], device);
    expect(await ask(served, '{"command":"stats"}', '127.0.0.2')).toEqual({ bytes: '', ended: 'fin' });
    expect(device.asked).toEqual([]);
    expect((await ask(served)).ended).toBe('fin');
  });

  test('lets an idle client hold up all others, and serves them in order when it goes', async () => {
    const { served, device } = await serve([]);
    const idle = dial(served);
    await until(idle, 'connect');
    await settled(served);
    const first = ask(served, 'first');
    await settled(served);
    const second = ask(served, 'second');
    await settled(served);
    expect(device.asked).toEqual([]);
    idle.destroy();
    expect((await first).ended).toBe('fin');
    expect((await second).ended).toBe('fin');
    expect(device.asked).toEqual(['', 'first', 'second']);
  });

  test('executes a request that waited, although its sender gave up', async () => {
    const { served, device } = await serve([]);
    const idle = dial(served);
    await until(idle, 'connect');
    await settled(served);
    const impatient = dial(served);
    impatient.write('write');
    await until(impatient, 'connect');
    await settled(served);
    impatient.destroy();
    await settled(served);
    idle.destroy();
    await ask(served, 'after');
    expect(device.asked).toEqual(['', 'write', 'after']);
  });

  test('takes a second request on a connection that it keeps, and others wait meanwhile', async () => {
    const device = new TestDevice();
    device.end = 'keep';
    const { served } = await serve([], device);
    const first = dial(served);
    first.write('one');
    await until(first, 'data');
    const other = dial(served);
    other.write('other');
    await until(other, 'connect');
    await settled(served);
    first.write('two');
    await until(first, 'data');
    expect(device.asked).toEqual(['one', 'two']);
    first.end();
    await until(other, 'data');
    expect(device.asked).toEqual(['one', 'two', 'other']);
  });

  test('keeps silent for ever where the device does, until the client goes', async () => {
    const device = new TestDevice();
    device.end = 'silence';
    const { served } = await serve([], device);
    const first = dial(served);
    first.write('one');
    await until(first, 'data');
    const other = dial(served);
    other.write('other');
    await settled(served);
    first.write('more, and nobody reads it');
    await settled(served);
    expect(device.asked).toEqual(['one']);
    first.destroy();
    await until(other, 'data');
    expect(device.asked).toEqual(['one', 'other']);
  });

  test('refuses while it does not listen, and ends connections when it stops', async () => {
    const { served, time } = await serve([], new TestDevice(new TestTime().time));
    expect((await ask(served)).ended).toBe('refused');
    time.advance(6000);
    await served.look();
    expect((await ask(served)).bytes).toContain('BTM_SOC0');
  });
});

describe('faults of a whole port', () => {
  test('refuse: nothing listens, and it does again when the fault is gone', async () => {
    const { served } = await serve(['refuse']);
    expect(await ask(served)).toEqual({ bytes: '', ended: 'refused' });
    expect(await get(served)).toBe('ECONNREFUSED');
    await served.setFaults([{ kind: 'refuse', over: 'http' }]);
    expect((await ask(served)).ended).toBe('fin');
    expect(await get(served)).toBe('ECONNREFUSED');
  });

  test.skipIf(process.platform !== 'linux')('black hole: the attempt to connect gets no answer at all', async () => {
    const { served } = await serve([{ kind: 'black-hole', over: 'cgminer' }]);
    const socket = dial(served);
    const fate = listen(socket);
    await settled(served);
    await settled(served);
    expect(socket.connecting).toBe(true);
    await served.setFaults([]);
    expect((await ask(served)).bytes).toBe(`${STATS}\0`);
    socket.destroy();
    void fate;
  });

  test('wedge: an idle client holds the only slot, others are connected and wait until it goes', async () => {
    const { served, device } = await serve(['wedge']);
    const waiting = ask(served);
    await settled(served);
    expect(device.asked).toEqual([]);
    await served.setFaults([]);
    expect((await waiting).bytes).toBe(`${STATS}\0`);
  });

  test('reboot: refused while it is down, then the API opens as late as the device opens it', async () => {
    const { served, time } = await serve([]);
    const talking = dial(served);
    await until(talking, 'connect');
    const cut = listen(talking);
    await served.reboot(30_000);
    expect(['fin', 'rst']).toContain((await cut).ended);
    time.advance(29_999);
    await served.look();
    expect((await ask(served)).ended).toBe('refused');
    time.advance(5_999);
    await served.look();
    expect((await ask(served)).ended).toBe('refused');
    time.advance(2);
    await served.look();
    expect((await ask(served)).bytes).toBe(`${STATS}\0`);
  });

  test('reboot as a fault: comes again and again, at times that the seed decides', async () => {
    const { served, time } = await serve(['reboot:600:45']);
    const refused: boolean[] = [];
    for (let s = 0; s < 1500; s += 25) {
      refused.push((await ask(served)).ended === 'refused');
      time.advance(25_000);
      await served.look();
    }
    // In 1500 s there are two or three restarts, each down for 45 s and booting for 6 s: two or three of 25 s steps.
    const downs = refused.filter((now, i) => now && !refused[i - 1]).length;
    expect([2, 3]).toContain(downs);
    expect(refused.filter(Boolean).length).toBeGreaterThanOrEqual(2 * downs);
    expect(refused.filter(Boolean).length).toBeLessThanOrEqual(3 * downs);
  });
});

describe('faults of a connection', () => {
  test('accept and close: taken and closed without a byte', async () => {
    const { served, device } = await serve(['accept-and-close']);
    expect(await ask(served, '')).toEqual({ bytes: '', ended: 'fin' });
    expect(device.asked).toEqual([]);
  });

  test('accept and hang: taken, and nothing is read or said', async () => {
    const { served, device } = await serve([{ kind: 'accept-and-hang', over: 'cgminer' }]);
    const socket = dial(served);
    socket.write('{"command":"stats"}');
    await until(socket, 'connect');
    await settled(served);
    await settled(served);
    expect(device.asked).toEqual([]);
    expect(socket.bytesRead).toBe(0);
    expect(socket.readyState).toBe('open');
  });

  test('drip: so many bytes at a time, in their time', async () => {
    const { served, time } = await serve([parseFault('drip:70:50', 'cgminer')]);
    const socket = dial(served);
    socket.write('{"command":"stats"}');
    const talk = listen(socket);
    const sizes: number[] = [];
    for (let i = 0; i < 10 && socket.readyState !== 'closed'; i++) {
      await Promise.race([until(socket, 'data'), talk]);
      sizes.push(socket.bytesRead);
      await settled(served);
      time.advance(50);
    }
    expect(sizes.slice(0, 2)).toEqual([70, 140]);
    expect((await talk).bytes).toBe(`${STATS}\0`);
  });

  test('truncate: the reply ends after so many bytes, and the connection closes as if all were well', async () => {
    const { served } = await serve(['truncate:40']);
    expect(await ask(served)).toEqual({ bytes: STATS.slice(0, 40), ended: 'fin' });
  });

  test('cut: the reply ends after half of its bytes', async () => {
    const { served } = await serve(['cut:50']);
    expect((await ask(served)).bytes).toBe(STATS.slice(0, Math.floor((STATS.length + 1) / 2)));
  });

  test('split: several segments that make up the whole reply', async () => {
    const { served, time } = await serve([parseFault('split:90:1', 'cgminer')]);
    const socket = dial(served);
    socket.write('{"command":"stats"}');
    const talk = listen(socket);
    await until(socket, 'data');
    expect(socket.bytesRead).toBe(90);
    for (let i = 0; i < 5; i++) {
      time.advance(1);
      await settled(served);
    }
    expect(await talk).toEqual({ bytes: `${STATS}\0`, ended: 'fin' });
  });

  test('missing comma: between the first two objects of STATS, and nowhere else', async () => {
    const { served } = await serve(['missing-comma']);
    expect((await ask(served)).bytes).toBe(`${STATS.replace('b"},{', 'b"}{')}\0`);
    expect((await ask(served, 'version')).bytes).toBe(`${VERSION}\0`);
  });

  test('no NUL: the reply ends with its last brace', async () => {
    const { served } = await serve(['no-nul']);
    expect(await ask(served)).toEqual({ bytes: STATS, ended: 'fin' });
  });

  test('code 45: what is not on the factory list is denied, alone, in a join and in text', async () => {
    const { served, device } = await serve(['code-45']);
    expect((await ask(served)).bytes).toBe(`${STATS}\0`);
    const denied = await ask(served, '{"command":"config"}\n');
    expect(denied.bytes).toBe(
      '{"STATUS":[{"STATUS":"E","When":1795000000,"Code":45,"Msg":"Access denied to \'config\' command",' +
        '"Description":"cgminer 1.0.0"}],"id":1}\0',
    );
    expect((await ask(served, 'config')).bytes).toBe(
      "STATUS=E,When=1795000000,Code=45,Msg=Access denied to 'config' command,Description=cgminer 1.0.0|\0",
    );
    const joined = await ask(served, '{"command":"version+config"}\n');
    expect(joined.bytes).toBe(`{"version":[${VERSION}],"config":[${denied.bytes.slice(0, -1)}],"id":1}\0`);
    expect(device.asked).toHaveLength(2);
  });

  test('reset after the reply: every byte comes, and a reset instead of the end', async () => {
    const { served } = await serve(['reset-after-reply']);
    expect(await ask(served)).toEqual({ bytes: `${STATS}\0`, ended: RESET });
  });

  test('reset in the reply: a part comes, and a reset', async () => {
    const { served } = await serve(['reset-in-reply:25']);
    expect(await ask(served)).toEqual({ bytes: STATS.slice(0, Math.floor((STATS.length + 1) / 4)), ended: RESET });
  });

  test('garbage: random bytes, the same for the same seed and connection', async () => {
    const first = await serve(['garbage:300']);
    const second = await serve(['garbage:300']);
    const talk = await ask(first.served);
    expect(talk.bytes).toHaveLength(300);
    expect(talk.bytes).toBe((await ask(second.served)).bytes);
    expect(talk.bytes).not.toBe((await ask(first.served)).bytes);
  });

  test('html: a web page where a miner should be', async () => {
    const { served } = await serve(['html']);
    expect((await ask(served)).bytes).toMatch(/^<!DOCTYPE html>.*<\/html>\n$/);
    expect(await get(served)).toMatchObject({
      status: 200,
      type: 'text/html',
      body: expect.stringContaining('It works'),
    });
  });

  test('with @3 a fault strikes the first connection and each third one behind it', async () => {
    const { served } = await serve(['accept-and-close@3']);
    const lengths: number[] = [];
    for (let i = 0; i < 7; i++) lengths.push((await ask(served)).bytes.length);
    const whole = STATS.length + 1;
    expect(lengths).toEqual([0, whole, whole, 0, whole, whole, 0]);
  });
});

describe('faults over HTTP', () => {
  test.each([
    ['accept-and-close', 'ECONNRESET'],
    ['cut:60', 'ECONNRESET'],
    ['reset-in-reply:10', 'ECONNRESET'],
    ['garbage:50', 'HPE_INVALID_CONSTANT'],
  ])('%s breaks the request with %s', async (fault, code) => {
    const { served } = await serve([fault]);
    expect(await get(served)).toBe(code);
  });

  test('split segments and a reset behind the whole reply do no harm', async () => {
    const { served, time } = await serve(['split:20:0', 'reset-after-reply']);
    const reply = get(served);
    time.advance(1);
    expect(await reply).toEqual({ status: 200, body: '{"type":"test"}' });
  });

  test('a body of more than a megabyte is refused with 413', async () => {
    const { served } = await serve([]);
    const socket = dial(served, 'http');
    socket.write(`POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n${'x'.repeat(1_100_000)}`);
    const [part] = await Promise.all([until(socket, 'data')]);
    expect(String(part)).toContain('413');
  });

  test('a request that is none gets 400', async () => {
    const { served } = await serve([]);
    const socket = dial(served, 'http');
    socket.write('\x00\x01garbage\r\n\r\n');
    expect((await listen(socket)).bytes).toContain('400 Bad Request');
  });
});

describe('faults as text', () => {
  test('every fault of the table can be written by its name alone', () => {
    for (const name of Object.keys(FAULTS)) expect(parseFault(name).kind).toBe(name);
  });

  test('numbers and the stride are read, the rest are what the table says', () => {
    expect(parseFault('drip:8')).toEqual({ kind: 'drip', bytes: 8, everyMs: 100 });
    expect(parseFault('html@4', 'http')).toEqual({ kind: 'html', every: 4, over: 'http' });
  });

  test.each(['', 'nonsense', 'drip:x', 'drip:1:2:3', 'no-nul:1', 'refuse@2', 'drip:0', 'html@0', 'toString'])(
    '%j is refused as a mistake of use',
    (text) => expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'usage/invalid' })),
  );
});
