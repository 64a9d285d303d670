import type { Family } from '@headframe/model';
import { antminer } from './antminer/index.ts';
import { avalon } from './avalon/index.ts';
import { cgminer } from './cgminer/index.ts';
import { luxos } from './luxos/index.ts';

/** Every family, one line each. A test holds this list to the folders. */
export const families: readonly Family[] = [antminer, avalon, luxos, cgminer];

export function familyById(id: string): Family | undefined {
  return families.find((family) => family.id === id);
}
