import type { Clock } from '@headframe/model';
import type { Deadline } from './deadline.ts';
import type { LinkLimits } from './limits.ts';

/** What the connections of one conversation with one device have in common. */
export interface Dial {
  /** IP address or host name. */
  readonly host: string;
  readonly clock: Clock;
  /** Over the whole conversation. */
  readonly deadline: Deadline;
  /** Of each request within it. */
  readonly limits: LinkLimits;
}
