import type { Links, Prepared } from '@headframe/model';
import { runningNow, startedSince } from './running.ts';
import { bodyOf, formValuesOf, type MinerConfig, readConfig, saveStep } from './web-config.ts';
import type { Page } from './web-page.ts';

/*
 * A change of the configuration, on either page: the whole of it is sent back and the miner restarts (protocols.md 2.3,
 * 2.4). It is read back from the configuration, and from the mining program that it must have started again since.
 */

/** What every change through set_miner_conf.cgi does to hashing. */
export const RESTARTS = {
  hashing: 'interrupted',
  takes: 'half a minute for the restart, some minutes until it hashes fully',
} as const;

export const SOURCE = 'Antminer set_miner_conf.cgi';

/** What that is differs by generation (protocols.md 2.1, 2.4). */
export const ACL_NOTE =
  'Saving in the older web page puts the address list of port 4028 back to what the factory set: five read commands for everybody, on the S9 and before all of them';

export const UNCHANGED_NOTE = 'The configuration says so already: nothing is sent';

export interface Wanted {
  readonly change: Partial<MinerConfig>;
  readonly notes?: readonly string[];
  /** What must be seen beside the configuration; that the mining program was started again, if absent. */
  readonly running?: {
    readonly looksAt: string;
    readonly is: (hashing: boolean) => boolean;
    readonly withinMs: number;
  };
}

export async function changeConfig(links: Links, page: Page, wanted: Wanted): Promise<Prepared> {
  const before = await readConfig(links);
  const after: MinerConfig = { ...before, ...wanted.change };
  const same = told(page, before) === told(page, after);
  return {
    notes: [...(wanted.notes ?? []), ...(page.kind === 'older' ? [ACL_NOTE] : []), ...(same ? [UNCHANGED_NOTE] : [])],
    steps: same ? [] : [saveStep(page, after)],
    readBack: {
      looksAt: `get_miner_conf.cgi and ${wanted.running?.looksAt ?? 'the uptime of the mining program'}`,
      afterMs: same ? 0 : 5_000,
      everyMs: 10_000,
      withinMs: same && wanted.running === undefined ? 0 : (wanted.running?.withinMs ?? 180_000),
      restarts: true,
      look: async (at, sentAt) => {
        const running = await runningNow(at, page.kind);
        const now = await readConfig(at);
        const applied =
          wanted.running?.is(running.hashing) ??
          // In sleep mode nothing runs that could tell when it started.
          (same || running.startedAt === null || startedSince(running, sentAt));
        return {
          done: applied && shows(now, wanted.change),
          values: { ...shown(now, wanted.change), hashing: running.hashing, minerUptimeS: running.uptimeS },
        };
      },
    },
  };
}

/** Everything that would be sent. */
const told = ({ kind }: Page, config: MinerConfig): string =>
  JSON.stringify(kind === 'newer' ? bodyOf(config) : formValuesOf(config));

const shown = (now: MinerConfig, wanted: Partial<MinerConfig>): Record<string, unknown> =>
  Object.fromEntries(Object.keys(wanted).map((name) => [name, now[name as keyof MinerConfig]]));

/** The older page forgets the fan's speed when it takes care itself. */
const shows = (now: MinerConfig, wanted: Partial<MinerConfig>): boolean =>
  Object.entries(wanted).every(([name, value]) => {
    const is = now[name as keyof MinerConfig];
    return name === 'fanCustom' && value === false ? is !== true : is === value;
  });
