import type { Family } from '@headframe/model';
import { identityOfEpic } from './identity.ts';
import { mapEpic } from './map.ts';
import { byCapabilities, CAPABILITIES_PATH } from './probe.ts';
import { readEpic } from './read.ts';

/** ePIC's firmware (PowerPlay) on Antminers and on its own BlockMiners: HTTP on the port of the cgminer API (10). */
export const epic: Family = {
  id: 'epic',
  title: 'ePIC (PowerPlay)',
  ports: { http: 4028 },
  specificity: 2,
  probes: [{ over: 'http', ask: CAPABILITIES_PATH, tier: 1, is: byCapabilities }],
  feeds: {
    summary: [
      '/identity/firmwareVersion',
      '/identity/hostname',
      '/identity/algorithm',
      '/state',
      '/minerUptimeS',
      '/hashrate/currentHs',
      '/hashrate/averageHs',
      '/powerW',
      '/efficiencyJTh',
      '/hashboards',
      '/fans',
      '/psu',
      '/pools',
      '/shares/accepted',
      '/shares/rejected',
    ],
    temps: ['/hashboards/*/tempC'],
    hashrate: ['/hashboards/*/chips', '/hashboards/*/chipsWorking'],
    clocks: ['/hashboards/*/chips'],
    capabilities: [
      '/identity/model',
      '/identity/hardwareRevision',
      '/identity/controlBoard',
      '/hashrate/nominalHs',
      '/hashboards/*/nominalHs',
    ],
    network: ['/identity/mac'],
  },
  evidence: 'replayed real replies',
  read: readEpic,
  identity: identityOfEpic,
  map: mapEpic,
  actions: () => ({}),
};
