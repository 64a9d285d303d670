import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, first, logon, mhzOf, SECOND, send, unlocked, write } from './sim.testing.ts';

/*
 * Every command of `protocols.md` 8 is there, and every one that writes changes what another command says.
 */

const SESSION = (
  'atmset autotunerset curtail disableboard enableboard fanset frequencyset frequencystop hashboardoptsset ' +
  'healthchipset healthctrlset immersionswitch ledset logoff netset profilenew profilerem profilerestore profileset ' +
  'reboot rebootdevice resetconfig resetminer tempctrlset tempsensorset tunableswitch tunerswitch uninstallluxos ' +
  'updaterun updateset voltageset powertargetset psuset'
).split(' ');

const OPEN = (
  'addgroup addpool asc asccount atm autotunerget check coin config devdetails devs disablepool edevs enablepool ' +
  'estats fans frequencyget groupquota groups hashboardopts healthchipget healthctrl kill lcd limits logon logset ' +
  'minerstatus poolopts pooloptsset pools power profileget profiles removegroup removepool session stats summary ' +
  'switchpool tempctrl temps tempsensor tunerstatus updatecheck version voltageget events metrics psuget systemaudit'
).split(' ');

/** Commands that need a parameter. */
const WITH = new Set(
  (
    'addgroup addpool asc check disablepool enablepool frequencyget groupquota healthchipget logset pooloptsset ' +
    'profileget removegroup removepool switchpool voltageget'
  ).split(' '),
);

describe('the list of commands', () => {
  test.each(SESSION)('%s asks for a session first, and for a valid one', (name) => {
    const machine = device();
    expect(ask(machine, 'check', AT, name).CHECK).toEqual([{ Access: 'Y', Exists: 'Y' }]);
    expect(code(ask(machine, name))).toEqual(['E', 400]);
    expect(code(ask(machine, name, AT, '0'))).toEqual(['E', 408]);
    logon(machine);
    expect(code(ask(machine, name, AT, 'AAAAAAAA,on'))).toEqual(['E', 408]);
  });

  test.each(OPEN)('%s needs no session, and names what it misses', (name) => {
    const machine = device();
    expect(ask(machine, 'check', AT, name).CHECK).toEqual([{ Access: 'Y', Exists: 'Y' }]);
    const [severity, number] = code(ask(machine, name));
    if (!WITH.has(name)) expect(severity).toBe('S');
    else expect([severity, [25, 52, 400].includes(number as number)]).toEqual(['E', true]);
  });
});

/** A write, the reply that shows it, and how long that takes. */
type Effect = readonly [write: string, parameter: string, read: string, of?: string | undefined, afterS?: number];
const EFFECTS: readonly Effect[] = [
  ['atmset', 'startup_minutes=7', 'atm'],
  ['autotunerset', 'enabled=true', 'autotunerget'],
  ['curtail', 'sleep', 'config'],
  ['disableboard', '1', 'devs'],
  ['fanset', 'speed=80', 'fans'],
  ['frequencyset', '1,600', 'frequencyget', '1', 200],
  ['hashboardoptsset', 'overtemp_auto_recovery=false', 'hashboardopts'],
  ['healthchipset', '1,5', 'healthchipget', '1,5'],
  ['healthctrlset', '3,0.5', 'healthctrl'],
  ['immersionswitch', 'on', 'config'],
  ['ledset', 'red,blink', 'config'],
  ['logoff', '', 'session'],
  ['netset', 'ip=192.0.2.250,mask=255.255.255.128,gateway=192.0.2.129,dns=192.0.2.53', 'config'],
  ['powertargetset', 'power=2000', 'atm'],
  ['profilenew', 'mine,500,13.0', 'profiles'],
  ['profileset', '340MHz', 'config'],
  ['psuset', 'voltage=13.1', 'voltageget', '0'],
  ['reboot', '2', 'voltageget', '2'],
  ['rebootdevice', '', 'summary', undefined, 60],
  ['resetconfig', '', 'pools', undefined, 60],
  ['resetminer', '', 'summary', undefined, 60],
  ['tempctrlset', '50,60,70', 'tempctrl'],
  ['tempsensorset', 'max_bad_readings=4', 'tempsensor'],
  ['tunableswitch', 'on', 'tunerstatus'],
  ['tunerswitch', 'on', 'config'],
  ['updaterun', '', 'version', undefined, 300],
  ['updateset', 'source=https://updates.example.com/beta', 'config'],
  ['voltageset', '1,13.2', 'voltageget', '1'],
];

describe('what a write changes is seen in another reply', () => {
  test.each(EFFECTS.map((effect) => ({ effect, name: effect.slice(0, 3).join(' ') })))('$name', ({ effect }) => {
    const [command, parameter, read, of, afterS = 0] = effect;
    const [{ machine, id }, other] = [unlocked(), unlocked().machine];
    const at = AT + SECOND;
    const reply = ask(machine, command, at, parameter === '' ? id : `${id},${parameter}`);
    expect(reply.STATUS?.[0]?.STATUS).toBe('S');
    const now = at + afterS * SECOND;
    for (const one of [machine, other]) one.listening('cgminer', now);
    const request = JSON.stringify({ command: read, parameter: of });
    expect(send(machine, request, now)).not.toBe(send(other, request, now));
    if (afterS < 60) {
      const audit = ask(machine, 'systemaudit', at).SYSTEMAUDIT ?? [];
      expect(audit[audit.length - 1]).toEqual({ When: at / 1000, Command: command });
    }
  });

  test('what takes back: enableboard, frequencystop, profilerem, profilerestore', () => {
    const { machine } = unlocked();
    write(machine, 'disableboard', '0');
    write(machine, 'enableboard', '0');
    expect(ask(machine, 'devs').DEVS?.map((board) => board.Enabled)).toEqual(['Y', 'Y', 'Y']);
    write(machine, 'profilenew', 'mine,500,13.0');
    write(machine, 'profilenew', 'default,600,13.6');
    const own = () =>
      (ask(machine, 'profiles').PROFILES ?? [])
        .filter((profile) => profile['Profile Name'] === 'mine' || profile.HasOverrides === true)
        .map((profile) => [profile['Profile Name'], profile.Frequency, profile.Voltage, profile.IsDynamic]);
    expect(own()).toEqual([
      ['default', 600, 13.6, true],
      ['mine', 500, 13, false],
    ]);
    expect(first(machine, 'profiles', 'PROFILES')).toMatchObject({ 'Profile Name': '190MHz', HasOverrides: false });
    expect(code(write(machine, 'profilerestore', 'default'))[0]).toBe('S');
    expect(code(write(machine, 'profilerem', 'mine'))[0]).toBe('S');
    expect(own()).toEqual([]);
    write(machine, 'frequencyset', '1,700');
    const stoppedAt = AT + 75 * SECOND;
    const mhz = mhzOf(machine, 1, stoppedAt);
    expect(mhz).toBeGreaterThan(590);
    expect(mhz).toBeLessThan(700);
    write(machine, 'frequencystop', '1', stoppedAt);
    expect(mhzOf(machine, 1, stoppedAt + 600 * SECOND)).toBe(mhz);
  });

  test('uninstallluxos: nothing listens any more, whatever is asked for later', () => {
    const { machine, id } = unlocked();
    expect(code(ask(machine, 'uninstallluxos', AT, id))[0]).toBe('S');
    expect(machine.listening('cgminer', AT)).toBe(true);
    for (const s of [2, 60, 86_400]) {
      expect([machine.listening('cgminer', AT + s * SECOND), machine.listening('http', AT + s * SECOND)]).toEqual([
        false,
        false,
      ]);
    }
  });
});
