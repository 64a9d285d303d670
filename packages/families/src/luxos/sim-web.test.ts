import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { AT, ask, code, type Doc, device, send } from './sim.testing.ts';

const peer = { address: '10.0.0.9' };
const post = (machine: SimulatedDevice, body: string, path = '/api', method = 'POST') => {
  const headers = { 'content-type': 'application/json' };
  const reply = machine.http?.respond({ method, path, headers, body: Buffer.from(body) }, peer, AT);
  return { status: reply?.status, headers: reply?.headers, body: Buffer.from(reply?.body ?? '').toString('utf8') };
};

describe('the mirror on HTTP 8080', () => {
  test.each(['summary', 'version+config', 'healthchipget', 'nonsense'])(
    'POST /api with %s: the bytes of 4028',
    (name) => {
      const machine = device();
      const request = JSON.stringify({ command: name });
      expect(post(machine, request)).toEqual({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: send(machine, request, AT),
      });
    },
  );

  test('there is one session for both ports', () => {
    const machine = device();
    const id = (JSON.parse(post(machine, '{"command":"logon"}').body) as Doc).SESSION?.[0]?.SessionID;
    expect(code(ask(machine, 'logon'))).toEqual(['E', 402]);
    expect(code(ask(machine, 'ledset', AT, `${id},red,blink`))[0]).toBe('S');
    const set = JSON.stringify({ command: 'curtail', parameter: `${id},sleep` });
    expect(JSON.parse(post(machine, set).body)).toMatchObject({ STATUS: [{ STATUS: 'S', Code: 335 }] });
    expect(ask(machine, 'config').CONFIG?.[0]).toMatchObject({ CurtailMode: 'Sleep', RedLed: 'blink' });
  });

  test('pages of other firmwares are not there, and nothing but POST is served', () => {
    const machine = device();
    for (const path of [
      '/',
      '/api/summary',
      '/apis',
      '/cgi-bin/minerStatus.cgi',
      '/cgi-bin/luci/admin/miner/api/pools',
    ]) {
      expect([path, post(machine, '{"command":"summary"}', path).status]).toEqual([path, 404]);
    }
    const get = post(machine, '', '/api?command=summary', 'GET');
    expect([get.status, get.headers?.allow]).toEqual([405, 'POST']);
  });

  test('whatever the body is, the answer is JSON with a status, or a join of such', () => {
    const machine = device();
    expect(JSON.parse(post(machine, '').body)).toMatchObject({ STATUS: [{ STATUS: 'E', Code: 23 }] });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ minLength: 5000, maxLength: 6000 })), (body) => {
        const reply = post(machine, body);
        expect([reply.status, (JSON.parse(reply.body) as { id: unknown }).id]).toEqual([200, 1]);
      }),
      { seed: 22, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
