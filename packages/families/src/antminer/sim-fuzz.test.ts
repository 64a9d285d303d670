import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { command, device, get, NOW } from './sim.testing.ts';

const runs = { seed: 4028, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const peer = { address: '127.0.0.1' };

const NEW = [
  'set_miner_conf',
  'set_network_conf',
  'blink',
  'passwd',
  'upgrade',
  'upgrade_clear',
  'reset_conf',
  'reboot',
];
const OLD = ['set_miner_conf', 'set_network_conf', 'blink', 'passwd', 'upgrade', 'reset_miner_conf', 'kill_bmminer'];

const values = fc.oneof(fc.constantFrom(true, false, '1', 1, 254, null, 'DHCP', '10.0.0.1', ''), fc.jsonValue());
const documents = fc
  .dictionary(
    fc.constantFrom(
      ...['pools', 'bitmain-fan-ctrl', 'bitmain-fan-pwm', 'freq-level', 'miner-mode', 'ipHost', 'ipPro', 'ipAddress'],
      ...['ipSub', 'ipGateway', 'ipDns', 'blink', 'curPwd', 'newPwd', 'confirmPwd', '__proto__'],
    ),
    values,
  )
  .map((value) => new TextEncoder().encode(JSON.stringify(value)));
const bodies = fc.oneof(documents, fc.uint8Array({ maxLength: 400 }));
const types = fc.constantFrom('application/json', 'multipart/form-data; boundary=x', 'multipart/form-data', '');
const methods = fc.constantFrom('GET', 'POST', 'PUT');

describe('whatever is sent', () => {
  test.each([
    ['s19-pro', NEW],
    ['s17-pro', OLD],
  ])('to a page of an %s, it answers with a page, and its readers go on', (profile, names) => {
    const on = device(profile, { 'no-password': true });
    let now = NOW;
    fc.assert(
      fc.property(fc.constantFrom(...names), methods, types, bodies, fc.string(), (name, method, type, body, query) => {
        now += 60_000;
        const path = `/cgi-bin/${name}.cgi?${query}`;
        expect(get(on, path, { 'content-type': type }, now, { method, body }).status).toBe(200);
        for (const read of ['get_miner_conf', 'get_network_info', 'get_system_info'])
          expect(get(on, `/cgi-bin/${read}.cgi`, {}, now).status).toBe(200);
        on.cgminer?.receive(new TextEncoder().encode(command('summary+stats+pools+version')), peer, now + 30_000);
      }),
      runs,
    );
  });

  test('to port 4028 of an open S21, it says something or closes', () => {
    const on = device('s21', { 'open-acl': true });
    const names = [
      'switchpool',
      'addpool',
      'removepool',
      'poolpriority',
      'poolquota',
      'zero',
      'debug',
      'save',
      'ascset',
    ];
    let now = NOW;
    fc.assert(
      fc.property(
        fc.constantFrom(...names, 'restart', 'asc', 'setconfig'),
        fc.string(),
        fc.boolean(),
        (name, parameter, asked) => {
          now += 60_000;
          const request = command(name, { parameter, new_api: asked });
          const reaction = on.cgminer?.receive(new TextEncoder().encode(request), peer, now);
          expect(['fin', 'rst']).toContain(reaction?.end);
          on.cgminer?.receive(new TextEncoder().encode(command('pools+stats')), peer, now);
        },
      ),
      runs,
    );
  });

  test('to a port of its own 6060, it is a rate or an error', () => {
    const on = device('s21');
    fc.assert(
      fc.property(fc.string(), (path) => {
        const request = { method: 'GET', path: `/${path}`, headers: {}, body: new Uint8Array() };
        expect(on.monitor?.respond(request, peer, NOW).status).toBe(200);
      }),
      runs,
    );
  });
});
