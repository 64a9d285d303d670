import { findHardware } from '@headframe/model/hardware';
import { type ApiServer, apiPort } from '@headframe/wire/cgminer-server';
import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { bmminer } from './sim-api.ts';
import { type AntminerModel, MODELS } from './sim-models.ts';
import { monitorPort } from './sim-monitor.ts';
import type { MinerRun } from './sim-run.ts';
import { AntminerUnit, type UnitOptions } from './sim-unit.ts';
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
  'reboot-replies': { does: 'reboot.cgi and reset_conf.cgi answer before the machine goes, with nothing', on: false },
  'sleep-254': { does: 'Work mode 254 means sleep, and 1 does not (some S17 builds)', on: false },
  'slow-config': { does: 'set_miner_conf.cgi answers after 30 s', on: false },
  'drop-on-config': { does: 'set_miner_conf.cgi does what it should and drops the connection', on: false },
  'get-reboot-does-nothing': { does: 'GET reboot.cgi answers 200 and does nothing: only POST reboots', on: false },
  'miner-mode-key': { does: 'get_miner_conf.cgi calls the work mode miner-mode', on: false },
  'no-miner-type': { does: 'There is no miner_type.cgi', on: false },
} as const;

/** The older page and its firmware know no sleep but mode 254, and have no reply of the newer page. */
const NEWER_PAGE: ReadonlySet<string> = new Set([
  'asleep',
  'network-warning',
  'new-api',
  'slow-config',
  'drop-on-config',
  'get-reboot-does-nothing',
  'miner-mode-key',
  'no-miner-type',
]);

const hasSwitch = (model: AntminerModel, name: string): boolean =>
  name === 'sleep-254' ? model.generation === 'soc' : model.web === 'new' || !NEWER_PAGE.has(name);

const switchesOf = (model: AntminerModel): DeviceProfile['quirks'] =>
  Object.fromEntries(
    Object.entries(SWITCHES)
      .filter(([name]) => hasSwitch(model, name))
      .map(([name, { does }]) => [name, { does, on: model.on.includes(name) }]),
  );

/** One stock Antminer. */
export function createAntminer(model: AntminerModel, seed: DeviceSeed, options: UnitOptions = {}): SimulatedDevice {
  const quirks = switchesOf(model);
  const isOn = (name: string): boolean => seed.quirks?.[name] ?? quirks[name]?.on ?? false;
  const unit = new AntminerUnit(model, seed, isOn, options);
  const api = apiOfRuns(unit);
  const page = { unit, api };
  return {
    label: labelOf(model),
    cgminer: {
      port: 4028,
      maxRequestBytes: api().maxRequestBytes,
      admits: (peer) => api().admits(peer.address),
      receive: (bytes, peer, now) => {
        unit.settle(now);
        return apiPort(api(), 4028).receive(bytes, peer, now);
      },
    },
    http: { port: 80, respond: (request, _, now) => respond(page, request, now) },
    ...(model.monitor === null ? {} : { monitor: monitorPort(unit) }),
    work: (now) => unit.work(now),
    listening: (protocol, now) => (protocol === 'http' ? unit.webRuns(now) : unit.programRuns(now)),
  };
}

/** Every run of the mining program has an API thread of its own, with the address list that it found in the file. */
function apiOfRuns(unit: AntminerUnit): () => ApiServer {
  let last: { readonly run: MinerRun; readonly server: ApiServer } | null = null;
  return () => {
    if (last?.run !== unit.run) last = { run: unit.run, server: bmminer(unit, unit.run.plan.config.allow) };
    return last.server;
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
