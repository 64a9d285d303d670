import type { Family } from '@headframe/model';
import { first, SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { actionsOfAvalon, lacksOfAvalon, ownOfAvalon } from './commands.ts';
import { identityOfAvalon } from './identity.ts';
import { mapAvalon } from './map.ts';
import { readAvalon } from './read.ts';

/** Canaan's Avalon machines, from the A7 to the Q, Nano and Mini (protocols.md 4). */
export const avalon: Family = {
  id: 'avalon',
  title: 'Avalon',
  ports: { cgminer: 4028, http: 80 },
  specificity: 1,
  probes: [
    {
      over: 'cgminer',
      ask: 'version',
      is: ({ doc }) => {
        if (doc === null) return null;
        const version = first(doc, 'VERSION');
        return version.has('PROD') || (version.has('MODEL') && (version.has('DNA') || version.has('UPAPI')));
      },
    },
  ],
  credentials: 'user name and password of the web page',
  factoryCredentials: [{ username: 'root', password: 'root' }],
  feeds: {
    version: ['/identity/model', '/identity/firmwareVersion', '/identity/apiVersion', '/identity/mac'],
    summary: [...SUMMARY_FEEDS],
    stats: [
      '/state',
      '/hashrate/nominalHs',
      '/powerW',
      '/powerLimitW',
      '/ambientTempC',
      '/hashboards',
      '/fans',
      '/psu',
    ],
    pools: ['/pools'],
    'http:minerinfo': ['/identity/mac'],
  },
  evidence: 'replayed real replies',
  read: readAvalon,
  identity: identityOfAvalon,
  map: mapAvalon,
  actions: actionsOfAvalon,
  lacks: lacksOfAvalon,
  own: ownOfAvalon,
};
