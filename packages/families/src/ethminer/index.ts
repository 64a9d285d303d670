import type { Family } from '@headframe/model';
import { actionsOfEthminer, lacksOfEthminer, ownOfEthminer } from './commands.ts';
import { identityOfEthminer } from './identity.ts';
import { mapEthminer } from './map.ts';
import { ethminerProbes } from './probes.ts';
import { readEthminer } from './read.ts';

export { overlappingSegments, segmentsOf } from './scrambler.ts';

/** A rig of GPUs that runs ethminer: JSON-RPC in lines (protocols.md 5). */
export const ethminer: Family = {
  id: 'ethminer',
  title: 'ethminer (GPU rigs)',
  // It has no default port; 3333 is the one of its document.
  ports: { ethminer: 3333 },
  specificity: 1,
  probes: ethminerProbes,
  credentials: 'password of its API (--api-password), with any user name,',
  feeds: {
    // Whichever method of the release tells the most.
    stats: [
      '/state',
      '/minerUptimeS',
      '/hashrate/currentHs',
      '/powerW',
      '/hashboards',
      '/fans',
      '/shares/accepted',
      '/shares/rejected',
      '/hardwareErrors',
      '/identity/model',
      '/identity/hostname',
    ],
    miner_getconnections: ['/pools'],
    miner_getstat1: ['/identity/firmwareVersion'],
  },
  evidence: 'replayed real replies',
  read: readEthminer,
  identity: identityOfEthminer,
  map: mapEthminer,
  actions: actionsOfEthminer,
  lacks: lacksOfEthminer,
  own: ownOfEthminer,
};
