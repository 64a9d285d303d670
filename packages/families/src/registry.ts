import type { Family } from '@headframe/model';
import { antminer } from './antminer/index.ts';
import { avalon } from './avalon/index.ts';
import { axeos } from './axeos/index.ts';
import { braiins } from './braiins/index.ts';
import { cgminer } from './cgminer/index.ts';
import { dcent } from './dcent/index.ts';
import { elphapex } from './elphapex/index.ts';
import { epic } from './epic/index.ts';
import { ethminer } from './ethminer/index.ts';
import { luxos } from './luxos/index.ts';
import { nerdqaxe } from './nerdqaxe/index.ts';
import { sealminer } from './sealminer/index.ts';
import { whatsminer } from './whatsminer/index.ts';

/** Every family, one line each. A test holds this list to the folders. */
export const families: readonly Family[] = [
  antminer,
  whatsminer,
  avalon,
  braiins,
  luxos,
  dcent,
  epic,
  elphapex,
  sealminer,
  axeos,
  nerdqaxe,
  ethminer,
  cgminer,
];

export function familyById(id: string): Family | undefined {
  return families.find((family) => family.id === id);
}
