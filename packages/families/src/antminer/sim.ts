import { findHardware } from '@headframe/model/hardware';
import { apiPort } from '@headframe/wire/cgminer-server';
import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { bmminer } from './sim-api.ts';
import { type AntminerModel, MODELS } from './sim-models.ts';
import { API_MS, type Machine, machineOf } from './sim-state.ts';
import { respond } from './sim-web.ts';

/** What can be odd or wrong with a stock Antminer (protocols.md 2), off unless its model has it. */
const SWITCHES = {
  ...CONDITIONS,
  'dead-chip': { does: 'One chip of the first hashboard does not work', on: false },
  'network-warning': { does: 'The web page shows a warning about the network', on: false },
  'stats-without-comma': { does: 'STATS has no comma between its first two records', on: false },
  'open-acl': { does: 'Port 4028 lets everybody do everything (W:0/0), as before the S17', on: false },
  'new-api': { does: 'Port 4028 understands new_api and answers like the web page', on: false },
  'no-password': { does: 'The web page asks for no password', on: false },
} as const;

/** The older page and its firmware know no sleep. */
const switchesOf = (model: AntminerModel): DeviceProfile['quirks'] =>
  Object.fromEntries(
    Object.entries(SWITCHES)
      .filter(([name]) => name !== 'asleep' || model.web === 'new')
      .map(([name, { does }]) => [name, { does, on: model.on.includes(name) }]),
  );

interface AntminerOptions {
  /** Password of the web page's only user, `root`. */
  readonly password?: string;
  /** The machine behind the ports; one that follows the simulator's physics when left out. */
  readonly machine?: Machine;
}

/** One stock Antminer. */
export function createAntminer(model: AntminerModel, seed: DeviceSeed, options: AntminerOptions = {}): SimulatedDevice {
  const quirks = switchesOf(model);
  const isOn = (name: string): boolean => seed.quirks?.[name] ?? quirks[name]?.on ?? false;
  const machine = options.machine ?? machineOf(model, seed, isOn);
  const { stateAt, nameplate, webFrom, programFrom } = machine;
  const api = bmminer(model, stateAt, { isOn });
  const programRuns = (now: number) => now >= programFrom + API_MS;
  const page = {
    model,
    nameplate,
    stateAt,
    api,
    programRuns,
    rateAt: machine.rateAt,
    password: isOn('no-password') ? null : (options.password ?? 'root'),
  };
  return {
    label: labelOf(model),
    cgminer: apiPort(api, 4028),
    http: { port: 80, respond: (request, _, now) => respond(page, request, now) },
    listening: (protocol, now) => (protocol === 'cgminer' ? programRuns(now) : now >= webFrom),
  };
}

const labelOf = (model: AntminerModel) => ({
  family: 'antminer',
  make: 'Bitmain',
  model: findHardware(model.type, 'Bitmain')?.model ?? model.type,
  firmware: 'stock',
});

export const antminerSimulator: FamilySimulator = {
  id: 'antminer',
  profiles: MODELS.map((model) => ({
    name: model.name,
    label: labelOf(model),
    quirks: switchesOf(model),
    create: (seed) => createAntminer(model, seed),
  })),
};
