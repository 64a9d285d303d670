import { expect, test } from 'vitest';
import { AT, ask, device, logon, SECOND, send } from './sim.testing.ts';
import { luxosSimulator } from './sim.ts';

type Machine = ReturnType<typeof device>;

/** What to ask so that a switch shows, and when. */
const SHOWN: Readonly<Record<string, (machine: Machine) => string>> = {
  'dead-board': (machine) => send(machine, '{"command":"devs"}', AT),
  'stalled-fan': (machine) => send(machine, '{"command":"fans"}', AT),
  'dead-pool': (machine) => send(machine, '{"command":"pools"}', AT),
  asleep: (machine) => send(machine, '{"command":"config"}', AT),
  'dead-chip': (machine) => send(machine, '{"command":"stats"}', AT),
  'refuse-joins': (machine) => send(machine, '{"command":"version+summary"}', AT),
  'foreign-session': (machine) => send(machine, '{"command":"logon"}', AT),
  'session-stolen': (machine) =>
    send(machine, JSON.stringify({ command: 'ledset', parameter: `${logon(machine)},red,on` }), AT),
  'no-autosave': (machine) => {
    const id = logon(machine);
    ask(machine, 'ledset', AT, `${id},red,on`);
    ask(machine, 'resetminer', AT, id);
    return send(machine, '{"command":"config"}', AT + 60 * SECOND);
  },
  'no-luxupdate': (machine) => send(machine, JSON.stringify({ command: 'updaterun', parameter: logon(machine) }), AT),
  'no-pools': (machine) => send(machine, '{"command":"pools"}', AT),
};

test('the switches of a machine under LuxOS are these, all off', () => {
  for (const { quirks } of luxosSimulator.profiles) {
    expect(Object.keys(quirks).sort()).toEqual(Object.keys(SHOWN).sort());
    expect(Object.values(quirks).filter(({ on }) => on)).toEqual([]);
  }
});

test.each(Object.entries(SHOWN))('%s changes what the machine sends', (quirk, shown) => {
  expect(shown(device({ [quirk]: true }))).not.toBe(shown(device()));
  expect(shown(device({ [quirk]: false }))).toBe(shown(device()));
});

test('a machine that cannot update says why, and keeps its version', () => {
  const machine = device({ 'no-luxupdate': true });
  expect(ask(machine, 'updaterun', AT, logon(machine)).STATUS).toMatchObject([
    { STATUS: 'E', Code: 334, Msg: 'Unable to locate luxupdate process' },
  ]);
  expect(machine.listening('cgminer', AT + 120 * SECOND)).toBe(true);
});
