import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FINDINGS, type Outcome } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { type Controlled, type ControlledOptions, control } from './control.testing.ts';

/*
 * The document "Ethminer's API documentation", over real sockets: its own requests word by word at the simulated rig, and
 * what our client makes of the replies. Expectations are typed from the document and from protocols.md 5.1 to 5.7. The
 * numbers are those of the checklist.
 */

const running: Controlled[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const one of sockets.splice(0)) one.destroy();
  for (const one of running.splice(0)) await one.close();
});

async function rig(profile: string, options: ControlledOptions = {}): Promise<Controlled> {
  const one = await control('ethminer', profile, options);
  running.push(one);
  return one;
}

type Message = Record<string, unknown> & { readonly result?: unknown };

/** A connection as netcat makes it: never our client. Each text is answered with one line. */
async function netcat(it: Controlled): Promise<(text: string) => Promise<Message>> {
  const socket = connect({ host: '127.0.0.1', port: it.served.ports.ethminer ?? 0 });
  sockets.push(socket);
  await once(socket, 'connect');
  return async (text) => {
    socket.write(text);
    let seen = '';
    while (!seen.endsWith('\n')) seen += String((await once(socket, 'data'))[0]);
    return JSON.parse(seen) as Message;
  };
}

const line = (method: string, params?: object) =>
  `${JSON.stringify({ id: 1, jsonrpc: '2.0', method, ...(params !== undefined && { params }) })}\n`;

async function run({ miner }: Controlled, name: string, given: Record<string, unknown> = {}): Promise<Outcome> {
  return (await miner.plan(name, given)).run();
}

const errorOf = (code: number, message: string) => ({ error: { code, message } });
const NUMBER = expect.any(Number);
/** A reply takes its time, in which the next one differs by a little. */
const about = (value: unknown, share = 0.02) => ({
  asymmetricMatch: (other: unknown) =>
    typeof other === 'number' && Math.abs(other - Number(value)) <= Math.abs(Number(value)) * share,
});
const SHARES = { accepted: NUMBER, acceptedstale: NUMBER, invalid: NUMBER, lastupdate: NUMBER, rejected: NUMBER };

describe('the connection', () => {
  test('E-001 a rig without the API has no listener, and is not there', async () => {
    const it = await rig('rig-6', { quirks: { 'no-api': true } });
    await expect(it.miner.read()).rejects.toMatchObject({ code: 'link/refused' });
  });

  test('E-002 the API listens at one address, on whatever port it was given', async () => {
    const [one, other] = [await rig('rig-6'), await rig('rig-6')];
    const ports = [one, other].map(({ served }) => served.ports.ethminer);
    expect(ports).not.toContain(3333);
    expect(new Set(ports).size).toBe(2);
    for (const it of [one, other]) expect((await it.miner.read()).state).toBe('mining');
    const elsewhere = connect({ host: '127.0.0.2', port: one.served.ports.ethminer ?? 0 });
    sockets.push(elsewhere);
    await expect(once(elsewhere, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('E-003 a read-only port tells everything and does nothing', async () => {
    const it = await rig('rig-6', { quirks: { 'read-only': true } });
    const say = await netcat(it);
    expect((await say(line('miner_ping'))).result).toBe('pong');
    for (const method of ['miner_restart', 'miner_reboot', 'miner_shuffle']) {
      expect(await say(line(method))).toMatchObject(errorOf(-32601, 'Method not available'));
    }
    const outcome = await run(it, 'restartMiner');
    expect(outcome).toMatchObject({
      result: 'refused',
      vendorText: 'Method not available',
      error: { code: 'auth/writes-off' },
    });
  });

  test('E-007 requests and replies are lines, one after the other over one connection', async () => {
    const say = await netcat(await rig('rig-6'));
    for (const id of [1, 2, 'three']) {
      const reply = await say(`${JSON.stringify({ id, jsonrpc: '2.0', method: 'miner_ping' })}\n`);
      expect(reply).toEqual({ id, jsonrpc: '2.0', result: 'pong' });
    }
  });

  test('E-008 the quick test of the document, with id 0, is answered', async () => {
    const say = await netcat(await rig('rig-6'));
    expect(await say('{"id":0,"jsonrpc":"2.0","method":"miner_ping"}\n')).toEqual({
      id: 0,
      jsonrpc: '2.0',
      result: 'pong',
    });
  });

  test('E-010 every method of the table is there, and the one that the table forgot', async () => {
    const methods = [
      ...['miner_ping', 'miner_getstatdetail', 'miner_getstat1', 'miner_getstathr', 'miner_restart'],
      ...['miner_reboot', 'miner_shuffle', 'miner_getconnections', 'miner_setactiveconnection', 'miner_addconnection'],
      ...['miner_removeconnection', 'miner_getscramblerinfo', 'miner_setscramblerinfo', 'miner_pausegpu'],
      'miner_setverbosity',
      // Behind the others, as it locks a rig that has no password (protocols.md 5.3).
      'api_authorize',
    ];
    const missing = async (profile: string) => {
      const say = await netcat(await rig(profile));
      const found: string[] = [];
      for (const method of ['miner_nothing', ...methods]) {
        const { error } = (await say(line(method))) as { error?: { code?: number } };
        if (error?.code === -32601) found.push(method);
      }
      return found;
    };
    expect(await missing('rig-0-17')).toEqual(['miner_nothing']);
    expect(await missing('rig-6')).toEqual(['miner_nothing', 'miner_getstathr']);
  });
});

describe('a password', () => {
  const SECRET = 'Str0ng_pass!';

  test('E-013 a wrong one is told so, and the connection stays', async () => {
    const say = await netcat(await rig('rig-6', { quirks: { password: true } }));
    expect(await say(line('miner_ping'))).toMatchObject(errorOf(-403, 'Authorization needed'));
    expect(await say(line('api_authorize', { psw: SECRET }))).toMatchObject(errorOf(-401, 'Invalid password'));
    expect(await say(line('miner_ping'))).toMatchObject(errorOf(-403, 'Authorization needed'));
    const told = await rig('rig-6', {
      quirks: { password: true },
      miner: { credentials: { username: '', password: SECRET } },
    });
    await expect(told.miner.read()).rejects.toMatchObject({ code: 'auth/rejected' });
  });
});

describe('what 0.17 tells, which is what the document shows', () => {
  const detailOf = async (it: Controlled) => {
    const say = await netcat(it);
    return (await say(line('miner_getstatdetail'))).result as Record<string, unknown> & { gpus: Message[] };
  };

  test('E-016 the connection: whether, how often, and where', async () => {
    const it = await rig('rig-0-17');
    const { connection } = await detailOf(it);
    expect(connection).toEqual({
      isconnected: true,
      switched: 1,
      uri: expect.stringContaining('@pool-a.example:4444'),
    });
    expect((await it.miner.read()).pools[0]).toMatchObject({
      url: 'stratum1+tcp://pool-a.example:4444',
      active: true,
      status: 'alive',
    });
  });

  test('E-017 difficulty and epoch, the first connection counted as a change', async () => {
    const it = await rig('rig-0-17');
    expect(await detailOf(it)).toMatchObject({ difficulty: 3999938964, epoch: 218, epoch_changes: 1 });
    expect((await it.miner.read()).pools[0]?.difficulty).toBe(3999938964);
  });

  test('E-018 the rig: rate in H/s, name, seconds, version, and no limits that were not set', async () => {
    const it = await rig('rig-0-17');
    const { hashrate, hostname, runtime, version, tstart, tstop } = await detailOf(it);
    expect([version, tstart, tstop]).toEqual(['ethminer-0.17.1', null, null]);
    expect(hashrate).toBeGreaterThan(100e6);
    const { identity, minerUptimeS, hashrate: read } = await it.miner.read();
    expect(identity).toMatchObject({ firmwareVersion: '0.17.1', hostname });
    expect([minerUptimeS, read.currentHs]).toEqual([about(runtime), about(hashrate)]);
    const limited = await detailOf(await rig('rig-0-17', { quirks: { 'temperature-stop': true } }));
    expect([limited.tstart, limited.tstop]).toEqual([NUMBER, NUMBER]);
    expect(Number(limited.tstart)).toBeLessThan(Number(limited.tstop));
  });

  test('E-019 shares in five counts, the age of the last one among them', async () => {
    const it = await rig('rig-0-17');
    const { shares } = await detailOf(it);
    expect(shares).toEqual(SHARES);
    const { accepted, acceptedstale, invalid, rejected } = shares as Record<string, number>;
    const { shares: read, hardwareErrors } = await it.miner.read();
    expect(read).toMatchObject({ accepted, rejected, stale: acceptedstale });
    expect(hardwareErrors).toBe(invalid);
  });

  test('E-020 each GPU with its ten values', async () => {
    const it = await rig('rig-0-17');
    const { gpus } = await detailOf(it);
    expect(gpus.length).toBe(4);
    for (const [index, gpu] of gpus.entries()) {
      expect(gpu).toEqual({
        index,
        fan: NUMBER,
        temp: NUMBER,
        power: NUMBER,
        hashrate: NUMBER,
        ispaused: false,
        pause_reason: '',
        nonce_start: NUMBER,
        nonce_stop: NUMBER,
        shares: SHARES,
      });
    }
    const { hashboards, fans } = await it.miner.read();
    expect(hashboards.map(({ hashrateHs, tempC, powerW }) => [hashrateHs, tempC, powerW])).toEqual(
      gpus.map(({ hashrate, temp, power }) => [about(hashrate), about(temp), about(power)]),
    );
    expect(fans.map(({ percent }) => percent)).toEqual(gpus.map(({ fan }) => about(fan, 0.05)));
  });

  test('E-022 what is not there is null, and never zero to us', async () => {
    const it = await rig('rig-0-17', { quirks: { 'no-sensors': true } });
    const { gpus } = await detailOf(it);
    for (const gpu of gpus) expect(gpu).toMatchObject({ temp: null, fan: null, power: null });
    const { hashboards, fans, powerW } = await it.miner.read();
    expect(hashboards.map(({ tempC, powerW: own }) => [tempC, own])).toEqual(Array(4).fill([null, null]));
    expect([fans, powerW]).toEqual([[], null]);
  });
});

describe('miner_getstat1', () => {
  const listOf = async (it: Controlled) => (await (await netcat(it))(line('miner_getstat1'))).result as string[];

  test('E-024 version, minutes, totals and the rate of each GPU in kH/s', async () => {
    const it = await rig('rig-6');
    const [version, minutes, totals = '', rates = ''] = await listOf(it);
    const { minerUptimeS, shares } = await it.miner.read();
    expect(version).toBe('ethminer-0.19.0');
    expect(Number(minutes)).toBe(Math.floor(Number(minerUptimeS) / 60));
    const [kilohashes, accepted, rejected] = totals.split(';').map(Number);
    // The second figure is accepted shares: the document says shares.
    expect([accepted, rejected]).toEqual([shares.accepted, shares.rejected]);
    const each = rates.split(';').map(Number);
    expect(each.length).toBe(6);
    const sum = each.reduce((all, one) => all + one, 0);
    expect(Math.abs(sum - Number(kilohashes))).toBeLessThanOrEqual(6);
  });

  test('E-025 dual mining is zeros and off, whatever the rig does', async () => {
    const list = await listOf(await rig('rig-6'));
    expect([list[4], list[5]]).toEqual(['0;0;0', 'off;off;off;off;off;off']);
  });

  test('E-026 heat and fan in pairs, the pool in use, what was invalid, and switches that are never counted', async () => {
    const it = await rig('rig-6');
    expect((await run(it, 'switchPool', { pool: 1 })).result).toBe('done');
    await it.pass(60_000);
    const list = await listOf(it);
    const { hashboards, fans, hardwareErrors } = await it.miner.read();
    const pairs = hashboards.flatMap(({ tempC }, i) => [tempC, fans[i]?.percent]);
    expect(list[6]?.split(';').map(Number)).toEqual(pairs);
    expect(list[7]).toBe('pool-b.example:14444');
    expect(list[8]).toBe(`${hardwareErrors};0;0;0`);
  });
});

describe('the connections of a rig', () => {
  test('E-033 are told with number and URI, one of them in use', async () => {
    const it = await rig('rig-6');
    const list = (await (await netcat(it))(line('miner_getconnections'))).result as Message[];
    expect(list).toEqual([
      { active: true, index: 0, uri: expect.stringMatching(/^stratum1\+tcp:\/\/.+@pool-a\.example:4444$/) },
      { active: false, index: 1, uri: expect.stringMatching(/@pool-b\.example:14444$/) },
    ]);
    expect((await it.miner.read()).pools.map(({ index, active }) => [index, active])).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  test('E-035 the one in use stays as it is; another is left for at once; a wrong number is refused', async () => {
    const it = await rig('rig-6');
    const say = await netcat(it);
    const switches = async () => {
      const { result } = await say(line('miner_getstatdetail'));
      return (result as { connection: { switches: number } }).connection.switches;
    };
    expect((await say(line('miner_setactiveconnection', { index: 0 }))).result).toBe(true);
    expect(await switches()).toBe(1);
    expect(await say(line('miner_setactiveconnection', { index: 7 }))).toMatchObject({ error: { code: -422 } });
    expect(await say(line('miner_setactiveconnection', { index: 'x' }))).toHaveProperty('error');
    await expect(it.miner.plan('switchPool', { pool: 7 })).rejects.toMatchObject({ code: 'usage/invalid' });
    expect((await run(it, 'switchPool', { pool: 1 })).result).toBe('done');
    expect(await switches()).toBe(2);
  });

  test('E-038 one that was added has the next number, and can be used at once', async () => {
    const it = await rig('rig-6');
    const added = await run(it, 'addPool', {
      pool: { url: 'stratum+tcp://pool-c.example:4444', worker: '0xab.rig', password: '' },
    });
    expect(added.result).toBe('done');
    const list = (await (await netcat(it))(line('miner_getconnections'))).result as Message[];
    expect(list[2]).toEqual({ active: false, index: 2, uri: 'stratum+tcp://0xab.rig@pool-c.example:4444' });
    expect(added.readBack?.pools).toContainEqual(expect.objectContaining({ index: 2, active: false }));
  });

  test('E-039 the one in use, and one that is not there, are not removed', async () => {
    const it = await rig('rig-6');
    const say = await netcat(it);
    expect(await say(line('miner_removeconnection', { index: 0 }))).toMatchObject(
      errorOf(-422, "Can't remove active connection"),
    );
    expect(await say(line('miner_removeconnection', { index: 5 }))).toMatchObject({ error: { code: -422 } });
    for (const pool of [0, 5]) {
      await expect(it.miner.plan('removePool', { pool })).rejects.toMatchObject({ code: 'usage/invalid' });
    }
    expect((await run(it, 'removePool', { pool: 1 })).result).toBe('done');
    expect((await say(line('miner_getconnections'))).result).toHaveLength(1);
  });

  test('E-040 that were changed are so until the program is started again, which is said', async () => {
    const it = await rig('rig-6');
    for (const [name, given] of [
      ['switchPool', { pool: 1 }],
      ['addPool', { pool: 'stratum+tcp://pool-c.example:4444,0xab.rig' }],
      ['removePool', { pool: 1 }],
    ] as const) {
      const { preview } = await it.miner.plan(name, given);
      expect([name, preview]).toEqual([name, expect.stringContaining('until ethminer is started again')]);
    }
  });
});

describe('nonces', () => {
  const NONCE = 16704043538687679721n;

  test('E-046 the scrambler takes a nonce, a width, or both, but not neither', async () => {
    const scrambler = '{"id":1,"jsonrpc":"2.0","method":"miner_setscramblerinfo","params":';
    const say = await netcat(await rig('rig-6'));
    expect((await say(`${scrambler}{"noncescrambler":${NONCE}}}\n`)).result).toBe(true);
    expect((await say(line('miner_getscramblerinfo'))).result).toEqual({
      device_count: 6,
      device_width: 32,
      start_nonce: '0xe7d0af18bc235ce9',
    });
    expect((await say(`${scrambler}{"segmentwidth":38}}\n`)).result).toBe(true);
    expect((await say(line('miner_getscramblerinfo'))).result).toMatchObject({ device_width: 38 });
    expect(await say(`${scrambler}{"x":1}}\n`)).toMatchObject(errorOf(-32602, 'Missing parameters'));
    const it = await rig('rig-6');
    await expect(it.miner.plan('ethminer.setscramblerinfo')).rejects.toMatchObject({ code: 'usage/invalid' });
  });

  test('E-043 the width is an exponent: each GPU begins 2^38 behind the one before', async () => {
    const it = await rig('rig-6');
    const plan = await it.miner.plan('ethminer.setscramblerinfo', { noncescrambler: String(NONCE), segmentwidth: 38 });
    expect((await plan.run({ guarded: { typedAddress: it.miner.address } })).result).toBe('done');
    const { result } = await (await netcat(it))(line('miner_getstatdetail'));
    const { devices } = result as { devices: { mining: { segment: [string, string] } }[] };
    const starts = devices.map(({ mining }) => BigInt(mining.segment[0]));
    expect(starts).toEqual(devices.map((_, i) => NONCE + BigInt(i) * 2n ** 38n));
    const stops = devices.map(({ mining }) => BigInt(mining.segment[1]));
    expect(stops.slice(0, -1)).toEqual(starts.slice(1));
  });
});

test('E-029 a GPU that failed and is still there is named, and a restart is what is said to help', async () => {
  const it = await rig('rig-6', { quirks: { 'epoch-error': true } });
  const { faults, hashboards } = await it.miner.read();
  expect(hashboards.length).toBe(6);
  expect(faults).toContainEqual(expect.objectContaining({ code: 'device.fault', text: 'Epoch initialization error' }));
  expect(FINDINGS['device.fault'].remedy).toContain('Restart the miner');
  expect((await run(it, 'restartMiner')).result).toBe('done');
});

test('E-031 a reboot that was taken only means that a script runs', async () => {
  const it = await rig('rig-6', { quirks: { 'reboot-script': true } });
  const plan = await it.miner.plan('reboot');
  expect(plan.preview).toContain('reboot.sh (Windows: reboot.bat)');
  expect((await plan.run()).result).toBe('accepted-unverified');
});
