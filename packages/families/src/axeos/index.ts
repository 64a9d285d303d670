import type { Family } from '@headframe/model';
import { INFO_FEEDS, readAxe } from '@headframe/wire/axeos';
import { actionsOfAxeos, lacksOfAxeos, ownOfAxeos } from './commands.ts';
import { identityOfAxeos } from './identity.ts';
import { mapAxeos } from './map.ts';
import { probes } from './probes.ts';

/** AxeOS, the firmware of the Bitaxe (ESP-Miner), v2.4 to v2.15: HTTP and JSON on port 80 (protocols.md 6). */
export const axeos: Family = {
  id: 'axeos',
  title: 'Bitaxe (AxeOS)',
  ports: { http: 80 },
  specificity: 1,
  probes,
  feeds: {
    info: [...INFO_FEEDS, '/identity/hardwareRevision'],
    asic: ['/identity/model', '/hashboards/*/chipsExpected'],
  },
  evidence: 'replayed real replies',
  read: readAxe,
  identity: identityOfAxeos,
  map: mapAxeos,
  actions: actionsOfAxeos,
  lacks: lacksOfAxeos,
  own: ownOfAxeos,
};
