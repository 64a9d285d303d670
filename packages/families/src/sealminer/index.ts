import type { Family } from '@headframe/model';
import { first, SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { identityOfSealminer, mapSealminer } from './map.ts';
import { readSealminer } from './read.ts';

/** Bitdeer's SealMiners: bdminer, a cgminer of its own, whose STATS record tells nearly everything. */
export const sealminer: Family = {
  id: 'sealminer',
  title: 'SealMiner',
  ports: { cgminer: 4028 },
  specificity: 1,
  probes: [
    {
      over: 'cgminer',
      ask: 'version',
      is: ({ doc }) => {
        const version = first(doc, 'VERSION');
        return version.keys().length === 0 ? null : version.has('BDMiner');
      },
    },
  ],
  feeds: {
    version: ['/identity/apiVersion'],
    summary: [
      '/state',
      ...SUMMARY_FEEDS.filter((path) => path !== '/hashrate/currentHs' && path !== '/hashrate/windows'),
    ],
    stats: [
      '/identity/model',
      '/identity/firmwareVersion',
      '/identity/mac',
      '/identity/serial',
      '/identity/controlBoard',
      '/systemUptimeS',
      '/hashrate/currentHs',
      '/hashrate/nominalHs',
      '/hashrate/windows',
      '/powerW',
      '/powerLimitW',
      '/efficiencyJTh',
      '/hashboards',
      '/fans',
      '/psu',
    ],
    pools: ['/pools'],
  },
  evidence: 'replayed real replies',
  read: readSealminer,
  identity: identityOfSealminer,
  map: mapSealminer,
  actions: () => ({}),
};
