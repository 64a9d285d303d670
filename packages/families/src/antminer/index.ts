import type { Family } from '@headframe/model';
import { SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { actionsOf, lacksOf } from './commands.ts';
import { ownOf } from './commands-own.ts';
import { identityOfAntminer } from './identity.ts';
import { mapAntminer } from './map.ts';
import { probes } from './probes.ts';
import { readAntminer } from './read.ts';

const SUMMARY = ['/state', ...SUMMARY_FEEDS];

/** Bitmain's own firmware on Antminers of every generation: S9 to S21, and the siblings of other coins (protocols.md 2). */
export const antminer: Family = {
  id: 'antminer',
  title: 'Antminer (stock firmware)',
  ports: { cgminer: 4028, http: 80, monitor: 6060 },
  specificity: 1,
  probes,
  credentials: 'user name and password of the web page',
  factoryCredentials: [{ username: 'root', password: 'root' }],
  feeds: {
    version: ['/identity/model', '/identity/firmwareVersion', '/identity/apiVersion'],
    summary: SUMMARY,
    stats: ['/hashrate/nominalHs', '/powerW', '/efficiencyJTh', '/hashboards', '/fans'],
    pools: ['/pools'],
    'http:system_info': [
      '/identity/model',
      '/identity/firmwareVersion',
      '/identity/mac',
      '/identity/serial',
      '/identity/hostname',
      '/identity/algorithm',
      '/systemUptimeS',
    ],
    'http:miner_type': ['/identity/controlBoard', '/identity/hardwareRevision'],
    'http:miner_conf': ['/state'],
    'http:boards': ['/hashboards/*/serial', '/hashboards/*/nominalHs', '/powerW', '/efficiencyJTh'],
    'http:summary': [...SUMMARY, '/faults'],
    'monitor:sn': ['/identity/serial'],
    'monitor:power': ['/powerW', '/efficiencyJTh'],
  },
  evidence: 'replayed real replies',
  read: readAntminer,
  identity: identityOfAntminer,
  map: mapAntminer,
  actions: actionsOf,
  lacks: lacksOf,
  own: ownOf,
};
