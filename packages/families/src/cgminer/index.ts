import type { Family } from '@headframe/model';
import { first, SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { actionsOfCgminer, lacksOfCgminer, ownOfCgminer } from './commands.ts';
import { identityOfCgminer } from './identity.ts';
import { mapCgminer } from './map.ts';
import { HAS_OWN_PAGE, TOLD_ELSEWHERE } from './quirks.ts';
import { readCgminer } from './read.ts';

/**
 * Any program that answers like cgminer (`protocols.md` 1): cgminer, bfgminer, sgminer, and every fork and clone that
 * no family of its own knows better.
 */
export const cgminer: Family = {
  id: 'cgminer',
  title: 'cgminer and programs like it',
  ports: { cgminer: 4028 },
  specificity: 0,
  probes: [
    {
      over: 'cgminer',
      ask: 'version',
      // A refusal says nothing: WhatsMiner has no `version`, an address list may hide it.
      is: ({ doc }) => (doc !== null && first(doc, 'VERSION').keys().length > 0 ? true : null),
    },
  ],
  feeds: {
    version: ['/identity/model', '/identity/firmware', '/identity/firmwareVersion', '/identity/apiVersion'],
    devdetails: ['/identity/model'],
    coin: ['/identity/algorithm'],
    config: ['/pools/*/active'],
    lcd: ['/pools/*/active'],
    summary: ['/state', ...SUMMARY_FEEDS],
    devs: ['/hashboards', '/faults'],
    pools: ['/pools'],
    stats: ['/fans'],
    notify: ['/faults'],
  },
  unread: ({ firmware }) => (firmware !== null && HAS_OWN_PAGE.has(firmware) ? TOLD_ELSEWHERE : []),
  evidence: 'document',
  read: readCgminer,
  identity: identityOfCgminer,
  map: mapCgminer,
  actions: actionsOfCgminer,
  lacks: lacksOfCgminer,
  own: ownOfCgminer,
};
