import { ANTMINER_READS } from './explained-antminer.ts';
import { AVALON_READS } from './explained-avalon.ts';
import { AXEOS_EXPLAINED } from './explained-axeos.ts';
import { BRAIINS_EXPLAINED } from './explained-braiins.ts';
import { CGMINER_READS } from './explained-cgminer.ts';
import { CONTROLS_EXPLAINED } from './explained-controls.ts';
import { DCENT_EXPLAINED } from './explained-dcent.ts';
import { LUXOS_READS } from './explained-luxos.ts';
import { NERDQAXE_EXPLAINED } from './explained-nerdqaxe.ts';
import { OTHER_READS } from './explained-others.ts';
import { WHATSMINER_EXPLAINED } from './explained-whatsminer.ts';
import type { Explanation } from './explanation.ts';

/** Every known difference between a peer and us. What is not here must be equal, and what is here must not be. */
export const EXPLAINED: readonly Explanation[] = [
  ...ANTMINER_READS,
  ...AVALON_READS,
  ...BRAIINS_EXPLAINED,
  ...LUXOS_READS,
  ...DCENT_EXPLAINED,
  ...CGMINER_READS,
  ...OTHER_READS,
  ...AXEOS_EXPLAINED,
  ...NERDQAXE_EXPLAINED,
  ...WHATSMINER_EXPLAINED,
  ...CONTROLS_EXPLAINED,
];
