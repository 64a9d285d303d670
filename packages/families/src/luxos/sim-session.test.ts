import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, HOUR, logon, SECOND } from './sim.testing.ts';

type Machine = ReturnType<typeof device>;

const active = (machine: Machine, now = AT): string => String(ask(machine, 'session', now).SESSION?.[0]?.SessionID);
const led = (machine: Machine, id: string, now = AT) => code(ask(machine, 'ledset', now, `${id},red,on`));

describe('a program that holds the session', () => {
  test('has it from the start, and it never runs out', () => {
    const machine = device({ 'foreign-session': true });
    const id = active(machine);
    expect(id).toMatch(/^[A-Za-z0-9]{8}$/);
    for (const now of [AT, AT + 59 * SECOND, AT + HOUR, AT + 48 * HOUR]) {
      const refused = ask(machine, 'logon', now);
      expect([...code(refused), refused.STATUS?.[0]?.Msg]).toEqual(['E', 402, 'Another session is active']);
      expect(active(machine, now)).toBe(id);
    }
    expect(ask(machine, 'tunerstatus').TUNERSTATUS?.[0]?.HasSession).toBe(true);
  });

  test('lends its id to everybody who asks for it', () => {
    const machine = device({ 'foreign-session': true });
    expect(led(machine, active(machine))[0]).toBe('S');
  });

  test('is shut out by kill for a moment: who is quick enough has a session of a minute', () => {
    const machine = device({ 'foreign-session': true });
    const theirs = active(machine);
    expect(code(ask(machine, 'kill'))).toEqual(['S', 318]);
    expect(led(machine, theirs)).toEqual(['E', 408]);
    const ours = logon(machine, AT + 4 * SECOND);
    expect(led(machine, ours, AT + 4 * SECOND)[0]).toBe('S');
    expect(active(machine, AT + 60 * SECOND)).toBe(ours);
    // Ours runs out at 64 s, and 5 s later it is taken again.
    expect(active(machine, AT + 64 * SECOND)).toBe('');
    expect(active(machine, AT + 69 * SECOND)).not.toBe('');
    expect([theirs, ours]).not.toContain(active(machine, AT + 69 * SECOND));
    const slow = device({ 'foreign-session': true });
    ask(slow, 'kill');
    expect(code(ask(slow, 'logon', AT + 6 * SECOND))).toEqual(['E', 402]);
  });
});

describe('a program that kills the sessions of others', () => {
  test('the first one dies before it is used, the next one lives', () => {
    const machine = device({ 'session-stolen': true });
    const stolen = logon(machine);
    expect(active(machine)).toBe(stolen);
    expect(led(machine, stolen)).toEqual(['E', 408]);
    expect(active(machine)).toBe('');
    expect(ask(machine, 'config').CONFIG?.[0]?.RedLed).toBe('auto');
    const kept = logon(machine, AT + SECOND);
    expect([kept === stolen, led(machine, kept, AT + SECOND)[0]]).toEqual([false, 'S']);
    expect(led(machine, kept, AT + 30 * SECOND)[0]).toBe('S');
    ask(machine, 'logoff', AT + 30 * SECOND, kept);
    expect(led(machine, logon(machine, AT + 31 * SECOND), AT + 31 * SECOND)).toEqual(['E', 408]);
  });
});
