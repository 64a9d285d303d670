import { apiPort, createApiServer } from '@headframe/wire/cgminer-server';
import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, Reaction, SimulatedDevice } from '../sim/device.ts';
import { sessionWork } from '../sim/work-done.ts';
import { avalonCommands } from './sim-commands.ts';
import { HOME_CODES } from './sim-home-commands.ts';
import { AvalonMachine } from './sim-machine.ts';
import type { AvalonPlan, AvalonQuirks } from './sim-plan.ts';
import { A1066, A1246, A1346 } from './sim-profiles-farm.ts';
import { MINI_3, NANO_3, NANO_3S, Q } from './sim-profiles-home.ts';
import { A741, A841 } from './sim-profiles-modules.ts';
import { respond } from './sim-web.ts';

type Switches = DeviceProfile['quirks'];

/** The switches that every Avalon understands; a plan has its own opinion on some. */
const QUIRKS = {
  ...CONDITIONS,
  'dead-chip': { does: 'One chip of the first board does not answer', on: false },
  'newline-behind-nul': { does: 'Replies end with NUL and a newline', on: false },
} as const;

const SUPPLY: Switches = {
  'psu-input-low': { does: 'The supply reports a low input voltage: bit 1 of PS[0]', on: false },
};
const JSONP: Switches = {
  'jsonp-trailing-comma': { does: 'Data of the web page end with a comma before the brace: no JSON', on: false },
};
const HOME: Switches = {
  ...SUPPLY,
  ...JSONP,
  'empty-summary': {
    does: 'stats and estats have empty strings in place of the long record; litestats has it',
    on: false,
  },
  'salted-cookie': {
    does: 'The cookie of the web page begins with what get_auth.cgi says instead of ff0000ff',
    on: false,
  },
};
const NESTED: Switches = {
  'nested-record': { does: 'The long record comes as `MM ID0:Summary` and `HBinfo`, as on a Q', on: false },
};
const MODULES: Switches = {
  'debug-record': {
    does: 'cgminer runs with --debug: the record has clocks, factory value and overclocking',
    on: true,
  },
};

/** @param openMinerInfo get_minerinfo.cgi asks for no login */
const farm = (openMinerInfo: boolean): Switches => ({
  ...SUPPLY,
  ...JSONP,
  'open-minerinfo': { does: 'get_minerinfo.cgi answers without login', on: openMinerInfo },
});
const SOFT_ON: Switches = {
  'silent-softon': { does: 'softon closes the connection without a reply', on: true },
};

function profile(name: string, plan: AvalonPlan, quirks: Switches): DeviceProfile {
  const all = {
    ...QUIRKS,
    'when-uptime': { does: '`When` counts seconds since power came on: nobody set the clock', on: plan.whenUptime },
    ...quirks,
  };
  return { name, label: plan.label, quirks: all, create: (seed) => avalonDevice(plan, seed, all) };
}

function quirksOf(seed: DeviceSeed, known: Switches): AvalonQuirks {
  const on = (name: string): boolean => known[name] !== undefined && (seed.quirks?.[name] ?? known[name].on);
  return {
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
    silentSoftOn: on('silent-softon'),
    debugRecord: on('debug-record'),
    openMinerInfo: on('open-minerinfo'),
    saltedCookie: on('salted-cookie'),
    jsonpTrailingComma: on('jsonp-trailing-comma'),
  };
}

function avalonDevice(plan: AvalonPlan, seed: DeviceSeed, known: Switches): SimulatedDevice {
  const quirks = quirksOf(seed, known);
  const machine = new AvalonMachine(plan, quirks, seed);
  let at = seed.poweredAt;
  const server = createApiServer({
    description: plan.program,
    // Whoever reaches an Avalon may set it; some opcodes ask for the web password (`protocols.md` 0 and 4).
    access: { listen: true, allow: 'W:0/0' },
    commands: avalonCommands(machine, () => at),
    codes: {
      ...(plan.driver === 'modules' ? {} : { 118: { severity: 'I', message: 'ASC %d set info: %s' } }),
      ...(plan.driver === 'home' ? HOME_CODES : {}),
    },
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
    ...(plan.web === null
      ? {}
      : {
          http: {
            port: 80,
            respond: (request, _peer, now) => {
              machine.settle(now);
              return respond(machine, request, now);
            },
          },
        }),
    work: (now) => {
      machine.settle(now);
      const { session, pools } = machine;
      const ever = pools.ever.map(({ url, user, difficulty }, pool) => ({ pool, url, worker: user, difficulty }));
      return sessionWork(now, session, ever);
    },
    listening: (protocol, now) => {
      machine.settle(now);
      return protocol === 'cgminer' ? machine.listening(now) : protocol === 'http' && machine.webListening(now);
    },
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
    profile('q', Q, HOME),
    profile('mini-3', MINI_3, HOME),
    profile('nano-3s', NANO_3S, { ...HOME, ...NESTED }),
    profile('nano-3', NANO_3, HOME),
    profile('a1346', A1346, { ...farm(false), ...SOFT_ON }),
    profile('a1246', A1246, { ...farm(false), ...SOFT_ON }),
    profile('a1066', A1066, farm(true)),
    profile('a841', A841, MODULES),
    profile('a741', A741, MODULES),
  ],
};
