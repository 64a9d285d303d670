import type { Examination, Look } from '@headframe/model';
import { familyFacts } from './by-family.ts';

/** Stands for the address where there is no machine, as a person would write it. */
export const NO_ADDRESS = '<address>';

/** An examination in which nothing was looked at: for what is told of every machine of a family alike. */
export function blankExamination(family: string | null = null): Examination {
  const no: Look<never> = { notSeen: 'nobody looked' };
  const apiPort = familyFacts(family).port;
  return {
    subject: {
      address: NO_ADDRESS,
      family,
      make: null,
      model: null,
      firmware: null,
      firmwareVersion: null,
      apiPort,
      by: 'assumed',
    },
    from: 0,
    to: 0,
    name: no,
    neighbour: no,
    ping: no,
    ports: {},
    api: [],
    again: [],
    page: no,
    samples: no,
    axe: no,
    whatsminer: no,
    luxosSession: no,
    braiins: no,
    ethminer: no,
    clockSkewS: no,
    state: no,
    uptimeS: no,
    history: no,
    pool: no,
    vantage: [],
    own: no,
    shell: no,
    uart: no,
    told: {},
  };
}
