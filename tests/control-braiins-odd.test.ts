import { describe, expect, test, vi } from 'vitest';
import { filtered, LOGIN, machine, newest, rest, run } from './braiins.testing.ts';
import type { Controlled } from './control.testing.ts';

/*
 * What goes wrong between us and a machine under BraiinsOS while it is told something: streams that never end or break,
 * logins that are over too soon, and refusals in its own words.
 */

const LOGIN_CALL = 'braiins.bos.v1.AuthenticationService/Login';

/** The calls of gRPC as they come to the device. */
function callsTo(made: Controlled): string[] {
  const { grpc } = made.device();
  if (grpc === undefined) throw new Error('no gRPC');
  const calls: string[] = [];
  const { open } = grpc;
  vi.spyOn(grpc, 'open').mockImplementation((method, ...rest) => {
    calls.push(method);
    return open(method, ...rest);
  });
  return calls;
}

/** The requests to port 80 as they come to the device. */
function requestsTo(made: Controlled): string[] {
  const { http } = made.device();
  if (http === undefined) throw new Error('no port 80');
  const requests: string[] = [];
  const { respond } = http;
  vi.spyOn(http, 'respond').mockImplementation((request, ...rest) => {
    requests.push(`${request.method} ${request.path}`);
    return respond(request, ...rest);
  });
  return requests;
}

const linesOf = (bytes: Uint8Array | undefined): unknown[] =>
  Buffer.from(bytes ?? [])
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('the stream of the state', () => {
  test('tells what it is at once, and is left when its time is over', async () => {
    const made = await newest();
    const states = async (): Promise<unknown[]> => {
      const { result, download } = await run(made, 'braiins.minerstatus', { seconds: 5 });
      expect(result).toBe('done');
      return linesOf(download?.bytes).map((line) => (line as { status: number }).status);
    };
    expect(new Set(await states())).toEqual(new Set([2]));
    rest(made, 'PUT actions/pause');
    expect(new Set(await states())).toEqual(new Set([3]));
  });

  test('that never pauses is left when its time is over', async () => {
    const made = await newest({ quirks: { 'endless-status-stream': true } });
    const { result, download } = await run(made, 'braiins.minerstatus', { seconds: 1 });
    expect(result).toBe('done');
    const lines = linesOf(download?.bytes);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(10_000);
    expect(lines[0]).toMatchObject({ status: 2 });
  });

  test.each(['goaway-in-stream', 'rst-in-stream'])('that breaks is no state (%s)', async (quirk) => {
    const made = await newest({ quirks: { [quirk]: true } });
    const outcome = await run(made, 'braiins.minerstatus', { seconds: 5 });
    expect(outcome.result).not.toBe('done');
    expect(outcome.error?.code).toMatch(/^(?:link|device)\//);
  });

  test.each(['goaway-in-stream', 'rst-in-stream'])(
    'of a file that breaks gives no half of a file (%s)',
    async (quirk) => {
      const made = await newest({ quirks: { [quirk]: true } });
      for (const name of ['braiins.supportarchive', 'downloadLogs']) {
        const outcome = await run(made, name);
        // What fits into one message came whole or not at all: the call has no status either way.
        expect(outcome.result).not.toBe('done');
        expect(outcome.download ?? null).toBeNull();
      }
    },
  );

  test.each([
    ['s19j-pro-26.05', 'braiins.supportarchive', 'PK'],
    ['s19j-pro-26.05', 'downloadLogs', 'BOSminer'],
    ['s19-26.04', 'downloadLogs', 'BOSminer'],
  ])('of a file comes whole (%s %s)', async (name, action, start) => {
    const { result, download } = await run(await machine(name), action);
    expect(result).toBe('done');
    expect(Buffer.from(download?.bytes ?? []).toString('latin1')).toContain(start);
  });
});

describe('a token', () => {
  test('that is over in the middle of a batch is replaced, and the reading is whole', async () => {
    const made = await newest({ quirks: { 'tokens-short-lived': true } });
    const calls = callsTo(made);
    const snapshot = await made.miner.read();
    const logins = calls.filter((call) => call === LOGIN_CALL).length;
    expect(logins).toBeGreaterThan(1);
    expect(logins).toBeLessThan(calls.length / 3);
    expect(snapshot.gaps.filter(({ reason }) => reason === 'failed' || reason === 'denied')).toEqual([]);
    expect(snapshot.powerLimitW).toBe(3068);
    expect(JSON.stringify(snapshot)).not.toMatch(/authorization|token/i);
  });

  test('that lives 2 s is no hindrance to an action that takes longer', async () => {
    const made = await newest({ quirks: { 'tokens-short-lived': true } });
    expect(await run(made, 'setPowerLimit', { powerW: 2500 })).toMatchObject({ result: 'done' });
    expect(await run(made, 'reboot')).toMatchObject({ result: 'done' });
  });

  test('the same over REST', async () => {
    const made = await filtered('s19-xp-25.07', { quirks: { 'tokens-short-lived': true } });
    const requests = requestsTo(made);
    const snapshot = await made.miner.read();
    expect(requests.filter((line) => line === 'POST /api/v1/auth/login').length).toBeGreaterThan(1);
    expect(snapshot.gaps.filter(({ reason }) => reason === 'failed' || reason === 'denied')).toEqual([]);
    expect(await run(made, 'setPowerLimit', { powerW: 2500 })).toMatchObject({ result: 'done' });
  });

  test('in a header of the reply is one as well', async () => {
    const made = await newest({ quirks: { 'token-in-header': true } });
    expect(await run(made, 'setPowerLimit', { powerW: 2500 })).toMatchObject({ result: 'done' });
  });

  test('that REST gives and never takes is auth/rejected after a few requests', async () => {
    const made = await filtered('s19-xp-25.07', { quirks: { 'rest-401-loop': true } });
    const requests = requestsTo(made);
    const snapshot = await made.miner.read();
    const denied = snapshot.gaps.filter(({ reason }) => reason === 'denied');
    expect(denied.length).toBeGreaterThan(0);
    for (const { error } of denied) expect(error?.code).toBe('auth/rejected');
    // The version, a login, a request.
    expect(requests.length).toBeLessThan(8);
    // What port 4028 tells is still there.
    expect(snapshot.hashrate.currentHs).toBeGreaterThan(1e14);
    const before = requests.length;
    await expect(run(made, 'setPowerLimit', { powerW: 2500 })).rejects.toMatchObject({ code: 'auth/rejected' });
    expect(requests.length - before).toBeLessThan(8);
  });
});

describe('a machine refuses', () => {
  test('a login with another password, and nothing was sent', async () => {
    const made = await newest({ quirks: { 'own-password': true } });
    const calls = callsTo(made);
    await expect(run(made, 'setPowerLimit', { powerW: 2500 })).rejects.toMatchObject({ code: 'auth/rejected' });
    expect(calls.filter((call) => !/Version|Login/.test(call))).toEqual([]);
    expect(calls.filter((call) => call === LOGIN_CALL)).toHaveLength(1);
  });

  test('whoever has no login: nothing was asked for', async () => {
    const made = await newest({ miner: { credentials: () => null } });
    await expect(run(made, 'setPowerLimit', { powerW: 2500 })).rejects.toMatchObject({ code: 'auth/required' });
    // Port 4028 wants none.
    expect(await run(made, 'pause')).toMatchObject({ result: 'done' });
  });

  test('a target outside of its own range, before anything is sent', async () => {
    const made = await newest();
    await expect(made.miner.plan('setPowerLimit', { powerW: 900 })).rejects.toThrow(/944 to 6435 W on this machine/);
  });

  test('over gRPC while its mining program is stopped, by code and text', async () => {
    const made = await newest();
    rest(made, 'PUT actions/stop');
    expect(await run(made, 'setPowerLimit', { powerW: 2500 })).toMatchObject({
      result: 'refused',
      vendorCode: 'FAILED_PRECONDITION',
      vendorText: 'BOSminer is not running',
    });
    expect(rest(made, 'GET configuration/miner').tuner.power_target.watt).toBe(3068);
  });

  test('over REST while its mining program is stopped, by status and text', async () => {
    const made = await filtered();
    rest(made, 'PUT actions/stop');
    expect(await run(made, 'setPowerLimit', { powerW: 2500 })).toMatchObject({
      result: 'refused',
      vendorCode: '412',
      vendorText: 'BOSminer is not running',
    });
  });

  test('to switch off one hashboard of an S19 XP, whose boards cannot be cut off', async () => {
    const made = await filtered();
    expect(await run(made, 'disableHashboard', { hashboard: 2 })).toMatchObject({
      result: 'refused',
      vendorCode: '412',
      vendorText: 'Hashboards of this miner cannot be disabled one by one',
    });
  });

  test('a contract key that is none, without repeating it', async () => {
    const made = await newest();
    const outcome = await run(made, 'braiins.applycontractkey', { contractKey: 'no key!' });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: 'INVALID_ARGUMENT' });
    expect(JSON.stringify(outcome)).not.toContain('no key!');
  });

  test('a firmware of its maker on a BMM 100', async () => {
    const made = await machine('bmm-100-26.04');
    expect(await run(made, 'braiins.restorestock')).toMatchObject({ result: 'refused' });
  });

  test('what its release does not have yet', async () => {
    const made = await machine('s19j-pro-23.12');
    await expect(run(made, 'setHostname', { hostname: 'a' })).resolves.toMatchObject({ result: 'refused' });
  });

  test('an upload whose checksum is another: it is not sent', async () => {
    const made = await machine('s19-26.04');
    const given = { file: { name: 'x.tar', bytes: Buffer.from('x') }, sha256: 'ab'.repeat(32), version: '26.05' };
    await expect(run(made, 'updateFirmware', given)).rejects.toMatchObject({ code: 'usage/invalid' });
  });
});

test('a password that is changed goes on working for this machine under the new login alone', async () => {
  const made = await newest();
  expect(await run(made, 'setPassword', { newPassword: 'another' })).toMatchObject({ result: 'done' });
  expect(() => rest(made, 'GET actions/locate', undefined, LOGIN.password)).toThrow('401');
  expect(rest(made, 'GET actions/locate', undefined, 'another')).toBe(false);
});
