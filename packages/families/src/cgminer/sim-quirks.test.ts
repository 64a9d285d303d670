import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { cgminerSimulator } from './sim.ts';
import { CGMINER_QUIRKS } from './sim-quirks.ts';

const POWERED_AT = Date.UTC(2026, 0, 5);
const NOW = POWERED_AT + 60_000;

function machine(quirks: Record<string, boolean>, name = 'cgminer-4.11'): SimulatedDevice {
  const found = cgminerSimulator.profiles.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed: 3, poweredAt: POWERED_AT, quirks });
}

function ask(device: SimulatedDevice, request: string, now = NOW): string {
  const reaction = device.cgminer?.receive(Buffer.from(request, 'latin1'), { address: '127.0.0.1' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('latin1');
}

const WHEN = Math.floor(NOW / 1000);
const status = (letter: string, code: number, message: string) =>
  `{"STATUS":[{"STATUS":"${letter}","When":${WHEN},"Code":${code},"Msg":"${message}","Description":"cgminer 4.11.1"}]`;

/** What each switch does to the bytes: how to look, with the switch on and off. */
const CASES: Record<
  keyof typeof CGMINER_QUIRKS,
  { look: (quirks: Record<string, boolean>) => unknown; on: unknown; off: unknown }
> = {
  'join-double-reply': {
    look: (quirks) => {
      const device = machine(quirks);
      ask(device, 'version+config');
      return ask(device, '{');
    },
    on: `${status('E', 23, 'Invalid JSON')},"id":1}\0${status('E', 23, 'Invalid JSON')},"id":1},"id":1}\0`,
    off: `${status('E', 23, 'Invalid JSON')},"id":1}\0`,
  },
  'setconfig-two-status': {
    look: (quirks) => ask(machine({ ...quirks, 'open-acl': true }), '{"command":"setconfig","parameter":"queue"}'),
    on: `${status('E', 127, "Deprecated config option 'queue'")}${status('E', 83, "Unknown config 'queue'")},"id":1}\0`,
    off: `${status('E', 127, "Deprecated config option 'queue'")},"id":1}\0`,
  },
  'setconfig-crash': {
    look: (quirks) => {
      const device = machine({ ...quirks, 'open-acl': true });
      return [ask(device, '{"command":"setconfig"}'), device.listening('cgminer', NOW + 60_000)];
    },
    on: ['', false],
    off: [`${status('E', 85, "Missing config parameters 'name,N'")},"id":1}\0`, true],
  },
  'dbgstats-without-code': {
    look: (quirks) =>
      /^(STATUS=.,When=\d+,Code=-?\d+,Msg=[^,]*).*?(,ASICs total rate=1400)?,/.exec(
        ask(machine(quirks), 'dbgstats'),
      )?.[1],
    on: `STATUS=F,When=${WHEN},Code=-1,Msg=126`,
    off: `STATUS=S,When=${WHEN},Code=70,Msg=CGMiner stats`,
  },
  'disablepool-keeps-counter': {
    look: (quirks) => {
      const device = machine({ ...quirks, 'open-acl': true });
      return [0, 1, 2].map((pool) => /Code=(\d+)/.exec(ask(device, `disablepool|${pool}`))?.[1]);
    },
    on: ['48', '48', '48'],
    off: ['48', '48', '51'],
  },
  'failover-only-deprecated': {
    look: (quirks) => {
      const device = machine({ ...quirks, 'open-acl': true });
      return ['failover-only', 'failover-only|true', 'failover-only|x'].map(
        (request) => /Code=.*?,Msg=[^,]*/.exec(ask(device, request))?.[0],
      );
    },
    on: [
      "Code=127,Msg=Deprecated config option '(null)'",
      "Code=127,Msg=Deprecated config option 'true'",
      "Code=127,Msg=Deprecated config option 'x'",
    ],
    off: [
      'Code=75,Msg=Missing parameter: true/false',
      'Code=77,Msg=Failover-Only set to true',
      'Code=76,Msg=Invalid parameter should be true or false',
    ],
  },
  'usbstats-informational': {
    look: (quirks) => ask(machine(quirks), '{"command":"usbstats"}'),
    on: `${status('I', 88, 'No USB Statistics')},"id":1}\0`,
    off: `${status('E', 88, 'No USB Statistics')},"id":1}\0`,
  },
  'denied-reset': {
    look: (quirks) => machine(quirks).cgminer?.denies,
    on: 'rst',
    off: 'fin',
  },
  'no-nul': {
    look: (quirks) => ask(machine(quirks), '{"command":"coin"}').slice(-9),
    on: '}],"id":1}'.slice(-9),
    off: '],"id":1}\0'.slice(-9),
  },
  multicast: {
    look: (quirks) => {
      const reply = machine(quirks).multicast?.receive(Buffer.from('cgminer-FTW-5000'), { address: '127.0.0.1' }, 4028);
      return reply == null ? null : [Buffer.from(reply.bytes).toString('latin1'), reply.port];
    },
    on: ['cgm-FTW-4028-\0', 5000],
    off: null,
  },
  'open-acl': {
    look: (quirks) => ask(machine(quirks), '{"command":"privileged"}'),
    on: `${status('S', 46, 'Privileged access OK')},"id":1}\0`,
    off: `${status('E', 45, "Access denied to 'privileged' command")},"id":1}\0`,
  },
  supervised: {
    look: (quirks) => {
      const device = machine({ ...quirks, 'open-acl': true });
      const said = ask(device, 'quit');
      // Ten seconds for the supervisor, six to seven for the API to open.
      return [said, ...[1, 15, 18, 3600].map((s) => device.listening('cgminer', NOW + s * 1000))];
    },
    on: ['BYE\0', false, false, true, true],
    off: ['BYE\0', false, false, false, false],
  },
};

describe('a quirk switch', () => {
  test.each(Object.entries(CASES))('%s changes what a client sees', (name, { look, on, off }) => {
    expect(look({ [name]: true })).toEqual(on);
    expect(look({ [name]: false })).toEqual(off);
    const isOn = CGMINER_QUIRKS[name as keyof typeof CASES].on;
    expect(look({})).toEqual(isOn ? on : off);
  });

  test('dbgstats-without-code leaves out what the driver adds', () => {
    expect(ask(machine({ 'dbgstats-without-code': true }), 'dbgstats')).not.toContain('ASICs total rate');
    expect(ask(machine({ 'dbgstats-without-code': false }), 'dbgstats')).toContain('ASICs total rate=1400');
  });

  test.each(cgminerSimulator.profiles.map((profile) => [profile.name, profile] as const))(
    '%s has all of them',
    (_, { quirks }) => {
      expect(Object.keys(quirks)).toEqual(expect.arrayContaining(Object.keys(CASES)));
    },
  );
});
