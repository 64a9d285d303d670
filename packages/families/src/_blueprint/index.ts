import type { Family } from '@headframe/model';
import { first, SUMMARY_FEEDS } from '@headframe/wire/cgminer';
import { actionsOfBlueprint, lacksOfBlueprint, ownOfBlueprint } from './commands.ts';
import { identityOfBlueprint, mapBlueprint } from './map.ts';
import { readBlueprint } from './read.ts';

/**
 * The folder to copy for a new family. The machine is invented: the Pickaxe of a maker called Example, with a firmware
 * that speaks cgminer's dialect. This file is the manifest; keep it a page that somebody who owns the device can read.
 */
export const blueprint: Family = {
  // The folder's name, and what `identity.family` says.
  id: '_blueprint',
  title: 'Blueprint (an invented machine)',
  ports: { cgminer: 4028 },
  // 0 only for the generic family, 1 for the maker's own firmware, 2 for firmware that others write for the hardware.
  specificity: 1,
  // Questions that tell this family from all others. True: it is one; false: surely not; null: this reply does not say.
  probes: [
    {
      over: 'cgminer',
      ask: 'version',
      is: ({ doc }) => (doc === null ? null : first(doc, 'VERSION').has('Pickaxe')),
    },
  ],
  // What is missing from a snapshot when a reply is: the house makes the gaps from this.
  feeds: {
    version: ['/identity/model', '/identity/firmwareVersion', '/identity/apiVersion'],
    summary: ['/state', ...SUMMARY_FEEDS],
    stats: ['/hashboards', '/fans'],
    pools: ['/pools'],
  },
  // `document` until real replies, or a real machine, say otherwise.
  evidence: 'document',
  read: readBlueprint,
  identity: identityOfBlueprint,
  map: mapBlueprint,
  // What the machine can do is a function that is there, by the names of ACTIONS in the model; why not, for those that a
  // person would look for; and under its own words what it has beside them. All three may depend on its firmware.
  actions: actionsOfBlueprint,
  lacks: lacksOfBlueprint,
  own: ownOfBlueprint,
};
