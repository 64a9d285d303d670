import type { Family } from '@headframe/model';
import { SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { identityOfElphapex } from './identity.ts';
import { mapElphapex } from './map.ts';
import { byRealm, bySystemInfo, SYSTEM_INFO_PATH } from './probes.ts';
import { readElphapex } from './read.ts';

/** What the summary page does not have: counters stand with the pools, its `hw_all` and `bestshare` mean nothing. */
const NOT_IN_SUMMARY = ['/shares/accepted', '/shares/rejected', '/shares/stale', '/hardwareErrors'];

/** Elphapex DG miners (Scrypt): a web page like that of a stock Antminer, and no port 4028 (protocols.md 0 and 2.3). */
export const elphapex: Family = {
  id: 'elphapex',
  title: 'Elphapex',
  ports: { http: 80 },
  specificity: 1,
  probes: [
    { over: 'http', ask: '/', is: byRealm },
    { over: 'http', ask: SYSTEM_INFO_PATH, tier: 1, is: bySystemInfo },
  ],
  credentials: 'user name and password of the web page',
  feeds: {
    system_info: ['/identity/model', '/identity/firmwareVersion', '/identity/mac', '/identity/hostname'],
    summary: ['/state', '/faults', ...SUMMARY_FEEDS.filter((path) => !NOT_IN_SUMMARY.includes(path))],
    stats: ['/hashboards', '/fans', '/identity/serial', '/identity/hardwareRevision'],
    pools: ['/pools', '/shares/accepted', '/shares/rejected', '/shares/stale'],
    miner_conf: ['/state'],
    // A page that exists on newer firmware and that nobody has recorded: it is not asked.
    power: ['/powerW', '/efficiencyJTh'],
  },
  evidence: 'replayed real replies',
  read: readElphapex,
  identity: identityOfElphapex,
  map: mapElphapex,
  actions: () => ({}),
};
