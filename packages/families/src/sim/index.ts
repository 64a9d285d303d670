import { antminerSimulator } from '../antminer/sim.ts';
import { avalonSimulator } from '../avalon/sim.ts';
import { axeosSimulator } from '../axeos/sim.ts';
import { braiinsSimulator } from '../braiins/sim.ts';
import { cgminerSimulator } from '../cgminer/sim.ts';
import { dcentSimulator } from '../dcent/sim.ts';
import { elphapexSimulator } from '../elphapex/sim.ts';
import { epicSimulator } from '../epic/sim.ts';
import { ethminerSimulator } from '../ethminer/sim.ts';
import { luxosSimulator } from '../luxos/sim.ts';
import { nerdqaxeSimulator } from '../nerdqaxe/sim.ts';
import { sealminerSimulator } from '../sealminer/sim.ts';
import { whatsminerSimulator } from '../whatsminer/sim.ts';
import type { FamilySimulator } from './device.ts';

export { CONDITIONS, type Condition } from './conditions.ts';
export * from './counter-random.ts';
export * from './device.ts';

/** The simulated side of every family, one line each, in the order of `registry.ts`. */
export const simulators: readonly FamilySimulator[] = [
  antminerSimulator,
  whatsminerSimulator,
  avalonSimulator,
  braiinsSimulator,
  luxosSimulator,
  dcentSimulator,
  epicSimulator,
  elphapexSimulator,
  sealminerSimulator,
  axeosSimulator,
  nerdqaxeSimulator,
  ethminerSimulator,
  cgminerSimulator,
];
