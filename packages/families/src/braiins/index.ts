import type { Family } from '@headframe/model';
import { SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { actionsOfBraiins, lacksOfBraiins, ownOfBraiins } from './commands.ts';
import { identityOfBraiins, mapBraiins } from './map.ts';
import { braiinsProbes } from './probes.ts';
import { readBraiins } from './read.ts';

/**
 * BraiinsOS (protocols.md 7). `feeds` goes by what is asked and not by the door: `api:stats` stands for
 * `MinerService.GetMinerStats`, `miner/stats` or the GraphQL query that tells the same.
 */
export const braiins: Family = {
  id: 'braiins',
  title: 'BraiinsOS',
  ports: { grpc: 50051, http: 80, cgminer: 4028 },
  specificity: 2,
  probes: braiinsProbes,
  credentials: 'user name and password of the web page, which are those of its SSH login',
  factoryCredentials: [
    { username: 'root', password: '' },
    { username: 'root', password: 'root' },
  ],
  feeds: {
    'api:details': [
      '/state',
      '/identity/model',
      '/identity/firmwareVersion',
      '/identity/hostname',
      '/identity/controlBoard',
      '/systemUptimeS',
      '/psu',
    ],
    'api:network': ['/identity/mac'],
    'api:stats': [
      '/hashrate/nominalHs',
      '/powerW',
      '/efficiencyJTh',
      ...SUMMARY_FEEDS.filter((path) => path !== '/hardwareErrors'),
    ],
    'api:hashboards': [
      '/hashboards',
      '/hashboards/*/frequencyMHz',
      '/hashboards/*/voltageV',
      '/hashboards/*/inletTempC',
      '/hashboards/*/outletTempC',
      '/hashboards/*/chipsWorking',
      '/hashboards/*/serial',
    ],
    'api:cooling': ['/fans'],
    'api:pools': ['/pools'],
    'api:tuner': ['/powerLimitW'],
    'api:errors': ['/faults'],
    version: ['/identity/apiVersion'],
    summary: ['/state', ...SUMMARY_FEEDS],
    devs: ['/hashboards/*/hardwareErrors'],
    devdetails: ['/identity/model', '/hashboards/*/chipsWorking'],
    pools: ['/pools'],
    fans: ['/fans'],
    temps: ['/hashboards/*/tempC', '/hashboards/*/chipTempMaxC'],
    tunerstatus: ['/powerW', '/powerLimitW', '/hashboards/*/powerW'],
  },
  evidence: 'replayed real replies',
  read: readBraiins,
  identity: identityOfBraiins,
  map: mapBraiins,
  actions: actionsOfBraiins,
  lacks: lacksOfBraiins,
  own: ownOfBraiins,
};
