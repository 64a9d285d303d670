import type { Family } from '@headframe/model';
import { SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { actionsOfDcent, lacksOfDcent, ownOfDcent } from './commands.ts';
import { identityOfDcent, isDcent } from './identity.ts';
import { mapDcent } from './map.ts';
import { readDcent } from './read.ts';

/** DCENT_OS, D-Central's open firmware for Antminers (protocols.md 9). Port 4028 is for the machine alone until told. */
export const dcent: Family = {
  id: 'dcent',
  title: 'DCENT_OS',
  ports: { cgminer: 4028 },
  specificity: 2,
  probes: [{ over: 'cgminer', ask: 'version', is: ({ doc }) => (doc === null ? null : isDcent(doc)) }],
  feeds: {
    version: ['/identity/model', '/identity/firmwareVersion', '/identity/apiVersion'],
    coin: ['/identity/algorithm'],
    summary: ['/state', '/identity/mac', '/identity/hostname', ...SUMMARY_FEEDS],
    stats: ['/hashrate/nominalHs', '/fans'],
    devs: ['/hashboards'],
    pools: ['/pools'],
    metrics: ['/powerW', '/efficiencyJTh'],
  },
  // Its REST API on ports 80 and 8080 tells these behind the password of its owner (README).
  unread: () => ['/powerLimitW', '/fans/*/percent'],
  evidence: 'document',
  read: readDcent,
  identity: identityOfDcent,
  map: mapDcent,
  actions: actionsOfDcent,
  lacks: lacksOfDcent,
  own: ownOfDcent,
};
