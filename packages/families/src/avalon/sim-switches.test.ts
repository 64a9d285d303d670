import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, device, HOUR, POWERED_AT, SECOND, web } from './sim.testing.ts';
import { avalonSimulator } from './sim.ts';

const AT = POWERED_AT + 2 * HOUR;
const ALL = avalonSimulator.profiles.map(({ name }) => name);

/** All that can be read of a machine, and what it does with a soft-on, as bytes. */
function everything(name: string, quirks: Record<string, boolean>): string {
  const machine = device(name, quirks);
  const api = ['version', 'pools', 'devs', 'stats', 'litestats', 'summary', `ascset|0,softon,1:${AT / 1000}`];
  const pages = ['GET /get_minerinfo.cgi', 'GET /get_auth.cgi'];
  return [
    ...api.map((request) => bytes(machine, request, AT).toString('latin1')),
    ...(machine.http === undefined
      ? []
      : pages.flatMap((page) => [web(machine, page, AT).body, web(machine, page, AT, { cookie: null }).body])),
  ].join('\n---\n');
}

describe('every switch of every profile changes the bytes', () => {
  for (const { name, quirks } of avalonSimulator.profiles) {
    test.each(Object.entries(quirks))(`${name}: %s`, (quirk, { on }) => {
      expect(everything(name, { [quirk]: !on })).not.toBe(everything(name, {}));
      expect(everything(name, { [quirk]: on })).toBe(everything(name, {}));
    });
  }
});

describe('nonsense to every profile', () => {
  const opcode = fc.constantFrom(
    ...'help reboot led workmode worklevel work_mode_lvl setpool ip dns hashpower softon softoff fan-spd target-temp voltage frequency filter-clean lcd ledmode nightlamp ledset time loop wallpaper audio wifi solo-allowed qr_auth activate facopts faclock hash-sn-read hash-sn-write volt-tuning volt-adjust-switch password restore bootby upgrade pdelay fan voltage-level factory overclocking'.split(
      ' ',
    ),
  );
  const value = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      'set,0',
      'set,-1',
      'get',
      '1:0',
      '-1',
      '50',
      '1-1',
      '0',
      '255',
      '25..40',
      '0:1',
      'default',
      '65535',
    ),
    fc
      .array(fc.oneof(fc.integer().map(String), fc.string({ maxLength: 6 })), { maxLength: 8 })
      .map((all) => all.join(',')),
    fc.array(fc.nat(2000), { maxLength: 8 }).map((all) => all.join(':')),
    fc.array(fc.nat(2000), { maxLength: 8 }).map((all) => all.join('-')),
  );
  const privileged = fc.constantFrom(
    ...'enable_privilege setfreq setvolt disable_fan enable_fan settemp savesettings get_temp_details set_chip_max_temp'.split(
      ' ',
    ),
  );
  const request = fc.oneof(
    fc.tuple(opcode, value).map(([name, text]) => `ascset|0,${name},${text}`),
    fc.tuple(privileged, value).map(([name, text]) => `privilege|0,${name},${text}`),
    fc
      .tuple(fc.constantFrom('setpool', 'time', 'switchpool', 'poolpriority', 'disablepool', 'addpool'), value)
      .map(([name, text]) => `${name}|${text}`),
  );

  test('it answers or closes, and what it then says of itself is whole', () => {
    const machines = ALL.map((name) => device(name));
    let now = AT;
    fc.assert(
      fc.property(fc.constantFrom(...machines), request, (machine, sent) => {
        now += 100 * SECOND;
        const reaction = machine.cgminer?.receive(Buffer.from(sent), { address: '10.0.0.9' }, now);
        expect(reaction?.end).toBe('fin');
        const stats = bytes(machine, 'estats', now + 90 * SECOND).toString('latin1');
        expect(stats).toMatch(/^STATUS=S,When=\d+,Code=70,Msg=CGMiner stats,/);
        expect(stats).not.toMatch(/NaN|undefined|Infinity|null/);
      }),
      { seed: 45, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
