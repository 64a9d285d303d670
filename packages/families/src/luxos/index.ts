import type { Family } from '@headframe/model';
import { first, SUMMARY_FEEDS, statusOf } from '@headframe/wire/cgminer';
import { actionsOfLuxos, lacksOfLuxos, ownOfLuxos } from './commands.ts';
import { identityOfLuxos, mapLuxos } from './map.ts';
import { readLuxos } from './read.ts';

/** LuxOS, Luxor's firmware for Antminers (protocols.md 8). */
export const luxos: Family = {
  id: 'luxos',
  title: 'LuxOS',
  ports: { cgminer: 4028, http: 8080 },
  specificity: 2,
  probes: [
    {
      over: 'cgminer',
      ask: 'version',
      is: ({ doc }) =>
        doc === null
          ? null
          : first(doc, 'VERSION').has('LUXminer') || (statusOf(doc)?.description?.startsWith('LUXminer') ?? false),
    },
  ],
  feeds: {
    version: ['/identity/model', '/identity/firmwareVersion', '/identity/apiVersion'],
    config: ['/identity/mac', '/identity/serial', '/identity/hostname', '/identity/controlBoard', '/psu'],
    summary: ['/state', ...SUMMARY_FEEDS],
    stats: ['/hashrate/nominalHs', '/hashboards/*/frequencyMHz', '/hashboards/*/chipsWorking'],
    devs: ['/hashboards', '/identity/hardwareRevision'],
    pools: ['/pools'],
    fans: ['/fans'],
    temps: ['/hashboards/*/tempC', '/hashboards/*/inletTempC', '/hashboards/*/outletTempC'],
    power: ['/powerW', '/efficiencyJTh'],
    atm: ['/powerLimitW'],
    events: ['/faults'],
    voltageget_0: ['/hashboards/0/voltageV'],
    voltageget_1: ['/hashboards/1/voltageV'],
    voltageget_2: ['/hashboards/2/voltageV'],
    healthchipget_0: ['/hashboards/0/chips'],
    healthchipget_1: ['/hashboards/1/chips'],
    healthchipget_2: ['/hashboards/2/chips'],
  },
  evidence: 'replayed real replies',
  read: readLuxos,
  identity: identityOfLuxos,
  map: mapLuxos,
  actions: actionsOfLuxos,
  lacks: lacksOfLuxos,
  own: ownOfLuxos,
};
