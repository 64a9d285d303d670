import type { Family } from '@headframe/model';
import { SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { actionsOfWhatsminer, lacksOfWhatsminer, ownOfWhatsminer } from './commands.ts';
import { identityOfWhatsminer } from './identity.ts';
import { mapWhatsminer } from './map.ts';
import { whatsminerProbes } from './probes.ts';
import { readWhatsminer } from './read.ts';

/** WhatsMiner with the vendor's own firmware: API V2 on port 4028, V3 on 4433 (protocols.md 3). */
export const whatsminer: Family = {
  id: 'whatsminer',
  title: 'WhatsMiner',
  ports: { cgminer: 4028, whatsminer: 4433 },
  specificity: 1,
  probes: whatsminerProbes,
  credentials: 'password of the account admin (port 4028), or of super or a user (port 4433)',
  factoryCredentials: [
    { username: 'admin', password: 'admin' },
    { username: 'super', password: 'super' },
  ],
  feeds: {
    summary: [
      '/state',
      '/systemUptimeS',
      '/hashrate/nominalHs',
      '/powerW',
      '/powerLimitW',
      '/efficiencyJTh',
      '/ambientTempC',
      '/fans',
      ...SUMMARY_FEEDS,
    ],
    pools: ['/pools'],
    edevs: ['/hashboards', '/hashboards/*/nominalHs', '/hashboards/*/chipsWorking'],
    devs: ['/hashboards/*/hardwareErrors'],
    status: ['/state'],
    get_version: ['/identity/model', '/identity/firmwareVersion', '/identity/apiVersion'],
    get_miner_info: ['/identity/mac', '/identity/serial', '/identity/hostname'],
    get_psu: ['/psu'],
    get_error_code: ['/faults'],
  },
  evidence: 'replayed real replies',
  read: readWhatsminer,
  identity: identityOfWhatsminer,
  map: mapWhatsminer,
  actions: actionsOfWhatsminer,
  lacks: lacksOfWhatsminer,
  own: ownOfWhatsminer,
};
