import { connect } from 'node:net';
import { type SimulatedDevice, simulators } from '@headframe/families/sim';
import type { Protocol } from '@headframe/model';
import { parseFault, type Served, serveDevice } from '@headframe/simulator';
import { afterEach, describe, expect, test } from 'vitest';
import { FREE_PORTS } from './free-ports.ts';

/*
 * Faults of what simulated machines say, from a client's side over real sockets.
 */

const open: Served[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

const START = 1_795_000_000_000;

function machine(family: string, profile: string): SimulatedDevice {
  const one = simulators.find(({ id }) => id === family)?.profiles.find(({ name }) => name === profile);
  if (one === undefined) throw new Error(`${family} has no ${profile}`);
  return one.create({ seed: 5, poweredAt: START - 86_400_000 });
}

async function serve(device: SimulatedDevice, ...faults: string[]) {
  const clock = { time: START, now: () => clock.time };
  const served = await serveDevice(device, {
    address: '127.0.0.1',
    ports: FREE_PORTS,
    clock,
    faults: faults.map((fault) => parseFault(fault)),
    seed: 5,
  });
  open.push(served);
  return { served, clock };
}

/** Sends, and reads until the end, or until so much came that the test has enough. */
function ask(served: Served, over: Protocol, request: string | Buffer, enough = (_: Buffer) => false): Promise<Buffer> {
  const socket = connect({ host: '127.0.0.1', port: served.ports[over] ?? 0 });
  socket.write(request);
  const parts: Buffer[] = [];
  return new Promise((done, failed) => {
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      if (enough(Buffer.concat(parts))) socket.end();
    });
    socket.once('error', failed).once('end', () => done(Buffer.concat(parts)));
    socket.once('close', () => done(Buffer.concat(parts)));
  });
}

const command = async (served: Served, name: string) =>
  JSON.parse(
    (await ask(served, 'cgminer', `{"command":"${name}"}\n`))
      .toString('latin1')
      .replace(/\0$/, '')
      .replaceAll('}{', '},{'),
  );
const path = (at: string) => `GET ${at} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
const page = async (served: Served, at: string) => (await ask(served, 'http', path(at))).toString();
const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n') + 4);

describe('freeze', () => {
  test('an Antminer tells rates, temperatures, fans and hardware errors of before, while its time and shares go on', async () => {
    const { served, clock } = await serve(machine('antminer', 's19-pro'), 'freeze');
    const before = await command(served, 'summary');
    const statsBefore = await command(served, 'stats');
    clock.time += 3_600_000;
    const [was, is] = [before.SUMMARY[0], (await command(served, 'summary')).SUMMARY[0]];
    expect(is.Elapsed).toBe(was.Elapsed + 3600);
    expect(is['GHS 5s']).toBe(was['GHS 5s']);
    expect(is['Hardware Errors']).toBe(was['Hardware Errors']);
    expect(is.Accepted).toBeGreaterThan(was.Accepted);
    const [then, now] = [statsBefore.STATS[1], (await command(served, 'stats')).STATS[1]];
    expect(now.Elapsed).toBe(then.Elapsed + 3600);
    expect([now.fan1, now.temp1, now.temp_chip1, now.chain_rate1]).toEqual([
      then.fan1,
      then.temp1,
      then.temp_chip1,
      then.chain_rate1,
    ]);
  });

  test('without the fault every one of them moves', async () => {
    const { served, clock } = await serve(machine('antminer', 's19-pro'));
    const was = (await command(served, 'summary')).SUMMARY[0];
    clock.time += 3_600_000;
    const is = (await command(served, 'summary')).SUMMARY[0];
    for (const field of ['Elapsed', 'GHS 5s', 'Hardware Errors', 'Accepted'])
      expect(is[field], field).not.toBe(was[field]);
  });

  test('freeze:1 holds the shares too', async () => {
    const { served, clock } = await serve(machine('antminer', 's19-pro'), 'freeze:1');
    const was = (await command(served, 'summary')).SUMMARY[0];
    clock.time += 3_600_000;
    const is = (await command(served, 'summary')).SUMMARY[0];
    expect(is.Elapsed).toBe(was.Elapsed + 3600);
    expect(is.Accepted).toBe(was.Accepted);
  });

  test('a Bitaxe tells the temperature of before, and its uptime and shares go on', async () => {
    const { served, clock } = await serve(machine('axeos', 'gamma'), 'freeze');
    const was = JSON.parse(bodyOf(await page(served, '/api/system/info')));
    clock.time += 3_600_000;
    const is = JSON.parse(bodyOf(await page(served, '/api/system/info')));
    expect(is.uptimeSeconds).toBe(was.uptimeSeconds + 3600);
    expect([is.temp, is.fanrpm, is.hashRate, is.power, is.wifiRSSI]).toEqual([
      was.temp,
      was.fanrpm,
      was.hashRate,
      was.power,
      was.wifiRSSI,
    ]);
    expect(is.sharesAccepted).toBeGreaterThan(was.sharesAccepted);
  });

  test('a rig of ethminer tells the rate of before, and its minutes go on', async () => {
    const { served, clock } = await serve(machine('ethminer', 'rig-6'), 'freeze');
    const stat = async () => {
      const request = '{"id":1,"jsonrpc":"2.0","method":"miner_getstat1"}\n';
      return JSON.parse((await ask(served, 'ethminer', request, (bytes) => bytes.includes(10))).toString()).result;
    };
    const was = await stat();
    clock.time += 3_600_000;
    const is = await stat();
    expect(Number(is[1])).toBe(Number(was[1]) + 60);
    expect([is[3], is[6], is[2].split(';')[0]]).toEqual([was[3], was[6], was[2].split(';')[0]]);
  });

  test('what was kept is forgotten with the fault', async () => {
    const { served, clock } = await serve(machine('antminer', 's19-pro'), 'freeze');
    const was = (await command(served, 'summary')).SUMMARY[0];
    clock.time += 3_600_000;
    await served.setFaults([]);
    expect((await command(served, 'summary')).SUMMARY[0]['GHS 5s']).not.toBe(was['GHS 5s']);
  });
});

describe('empty', () => {
  test('stats, devs and pools of an Antminer have no records; version and summary have theirs', async () => {
    const { served } = await serve(machine('antminer', 's9'), 'empty');
    expect((await command(served, 'stats')).STATS).toEqual([]);
    expect((await command(served, 'devs')).DEVS).toEqual([]);
    expect((await command(served, 'pools')).POOLS).toEqual([]);
    expect((await command(served, 'summary')).SUMMARY).toHaveLength(1);
    expect((await command(served, 'version')).VERSION).toHaveLength(1);
  });

  test('an ethminer has no devices', async () => {
    const { served } = await serve(machine('ethminer', 'rig-6'), 'empty');
    const request = '{"id":1,"jsonrpc":"2.0","method":"miner_getstatdetail"}\n';
    const reply = JSON.parse((await ask(served, 'ethminer', request, (bytes) => bytes.includes(10))).toString());
    expect(reply.result.devices).toEqual([]);
    expect(reply.result.host.version).toMatch(/ethminer/);
  });
});

describe('locked', () => {
  test.each([
    ['locked', 401],
    ['locked:403', 403],
  ])('%s: every path answers %i, and the device is not asked', async (fault, status) => {
    const { served } = await serve(machine('axeos', 'gamma'), fault);
    for (const at of ['/', '/api/system/info', '/nothing']) {
      const reply = await page(served, at);
      expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(/www-authenticate: Basic realm="Restricted Area"/i.test(reply)).toBe(status === 401);
    }
    const change = '{"hostname":"other"}';
    const head = `PATCH /api/system HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${change.length}\r\n\r\n`;
    expect((await ask(served, 'http', head + change)).toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await served.setFaults([]);
    expect(JSON.parse(bodyOf(await page(served, '/api/system/info'))).hostname).toBe('bitaxe');
  });

  test('a WebSocket is refused as well', async () => {
    const { served } = await serve(machine('axeos', 'gamma'), 'locked');
    const asked =
      'GET /api/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    expect((await ask(served, 'http', asked)).toString()).toMatch(/^HTTP\/1.1 401 /);
  });

  test('the raw port of the same machine answers', async () => {
    const { served } = await serve(machine('antminer', 's9'), 'locked');
    expect((await command(served, 'summary')).SUMMARY).toHaveLength(1);
    expect(await page(served, '/')).toMatch(/^HTTP\/1.1 401 /);
  });
});

describe('answer once', () => {
  test('the first connection has its reply, the next ones are taken and hear nothing', async () => {
    const { served } = await serve(machine('antminer', 's9'));
    await served.setFaults([parseFault('answer-once', 'cgminer')]);
    expect((await command(served, 'version')).VERSION).toHaveLength(1);
    const socket = connect({ host: '127.0.0.1', port: served.ports.cgminer ?? 0 });
    socket.write('{"command":"version"}\n');
    await new Promise((connected) => socket.once('connect', connected));
    // A whole conversation on another port takes longer than a reply on loopback.
    await page(served, '/');
    await page(served, '/');
    expect(socket.bytesRead).toBe(0);
    expect(socket.readyState).toBe('open');
    // From here on it is counted anew.
    await served.setFaults([parseFault('answer-once', 'cgminer')]);
    expect((await command(served, 'version')).VERSION).toHaveLength(1);
    socket.destroy();
  });
});

test.each(['locked:200', 'freeze@2', 'answer-once@2', 'empty:1'])('%j is refused as a mistake of use', (text) =>
  expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'usage/invalid' })),
);
