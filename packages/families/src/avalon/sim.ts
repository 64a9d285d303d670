import { apiPort, createApiServer } from '@headframe/wire/cgminer-server';
import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, Reaction, SimulatedDevice } from '../sim/device.ts';
import { avalonCommands } from './sim-commands.ts';
import { AvalonMachine } from './sim-machine.ts';
import type { AvalonPlan, AvalonQuirks } from './sim-plan.ts';
import { A1066, A1246, NANO_3S, Q } from './sim-profiles.ts';

/** The switches that every Avalon understands; a plan has its own opinion on some. */
const QUIRKS = {
  ...CONDITIONS,
  'dead-chip': { does: 'One chip of the first board does not answer', on: false },
  'psu-input-low': { does: 'The supply reports a low input voltage: bit 1 of PS[0]', on: false },
  'newline-behind-nul': { does: 'Replies end with NUL and a newline', on: false },
} as const;

const EMPTY_SUMMARY = {
  does: 'stats and estats have empty strings in place of the long record; litestats has it',
  on: false,
};

function profile(name: string, plan: AvalonPlan, quirks: DeviceProfile['quirks']): DeviceProfile {
  const all = {
    ...QUIRKS,
    'when-uptime': { does: '`When` counts seconds since power came on: nobody set the clock', on: plan.whenUptime },
    ...quirks,
  };
  return { name, label: plan.label, quirks: all, create: (seed) => avalonDevice(plan, seed, all) };
}

function avalonDevice(plan: AvalonPlan, seed: DeviceSeed, known: DeviceProfile['quirks']): SimulatedDevice {
  const on = (name: string): boolean => known[name] !== undefined && (seed.quirks?.[name] ?? known[name].on);
  const quirks: AvalonQuirks = {
    deadBoard: on('dead-board'),
    deadChip: on('dead-chip'),
    stalledFan: on('stalled-fan'),
    deadPool: on('dead-pool'),
    asleep: on('asleep'),
    psuInputLow: on('psu-input-low'),
    emptySummary: on('empty-summary'),
    whenUptime: on('when-uptime'),
    newlineBehindNul: on('newline-behind-nul'),
    nestedRecord: on('nested-record'),
  };
  const machine = new AvalonMachine(plan, quirks, seed);
  let at = seed.poweredAt;
  const server = createApiServer({
    description: 'cgminer 4.11.1',
    // Whoever reaches an Avalon may set it; some opcodes ask for the web password (`protocols.md` 0 and 4).
    access: { listen: true, allow: 'W:0/0' },
    commands: avalonCommands(machine, () => at),
    codes: { 118: { severity: 'I', message: 'ASC %d set info: %s' } },
    quirks: { joinDoubleReply: true },
  });
  const port = apiPort(server, 4028);
  return {
    label: plan.label,
    cgminer: {
      ...port,
      receive: (bytes, peer, now) => {
        at = now;
        machine.settle(now);
        const reaction = port.receive(bytes, peer, machine.clock(now));
        return quirks.newlineBehindNul ? withNewline(reaction) : reaction;
      },
    },
    listening: (protocol, now) => protocol === 'cgminer' && machine.listening(now),
  };
}

const NEWLINE = Uint8Array.of(0x0a);

const withNewline = (reaction: Reaction): Reaction =>
  reaction.chunks.length === 0
    ? reaction
    : { ...reaction, chunks: [...reaction.chunks, { bytes: NEWLINE, afterMs: 0 }] };

/** The other end of the wire of Canaan's Avalons (`protocols.md` 4). */
export const avalonSimulator: FamilySimulator = {
  id: 'avalon',
  profiles: [
    profile('q', Q, { 'empty-summary': EMPTY_SUMMARY }),
    profile('nano-3s', NANO_3S, {
      'empty-summary': EMPTY_SUMMARY,
      'nested-record': { does: 'The long record comes as `MM ID0:Summary` and `HBinfo`, as on a Q', on: false },
    }),
    profile('a1246', A1246, {}),
    profile('a1066', A1066, {}),
  ],
};
