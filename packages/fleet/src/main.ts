import { readFileSync } from 'node:fs';
import {
  type CredentialSource,
  type Credentials,
  type ExtraPorts,
  type PoolAccountSource,
  parseTargets,
} from '@headframe/client';
import { type Logger, pino } from 'pino';
import { clientDoctor } from './adapters/client-doctor.ts';
import { clientPoller } from './adapters/client-poller.ts';
import { clientScanner } from './adapters/client-scanner.ts';
import { keepHeapSmall } from './adapters/heap.ts';
import { systemClock } from './adapters/system-clock.ts';
import { type Fleet, startDaemon } from './daemon.ts';
import { SCHEDULE_DEFAULTS } from './domain/schedule.ts';
import { openApiDocument as documentOf } from './http/openapi.ts';
import type { Clock, Target } from './ports.ts';

/** The one place where the daemon is put together from its parts. */

export interface FleetOptions {
  /** What to listen on; `127.0.0.1` if absent: only this computer reaches the daemon. */
  readonly host?: string;
  /** 4280 if absent; 0 takes any that is free. */
  readonly port?: number;
  /** Where `daemon.json` is. */
  readonly dataDirectory: string;
  /** The built page; null serves none. */
  readonly pageDirectory: string | null;
  /** How often each machine is asked, ms; 10,000 if absent. */
  readonly intervalMs?: number;
  /** Machines that are known already. */
  readonly targets?: readonly Target[];
  readonly scan?: {
    /** In the forms of the client's `scan`. */
    readonly ranges: readonly string[];
    /** Ports to ask beside those of the families. */
    readonly ports?: ExtraPorts;
  };
  /** For the parts of machines that want a password. */
  readonly credentials?: Credentials | CredentialSource;
  /** Accounts at pools, for the doctor: whether a machine that is silent hashes. */
  readonly pools?: PoolAccountSource;
  readonly clock?: Clock;
  /** Where the daemon tells of itself; standard error if absent, null is silent. */
  readonly log?: Logger | null;
}

/** A poll must be over before the next one is due. */
const MOST_DEADLINE_MS = 8_000;
/** What a machine is waited for ends a little before the poll does: then the machine's own failure is told. */
const DEADLINE_MARGIN_MS = 500;

const version = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
};

/**
 * Starts the daemon: it polls its machines and serves the API and the page. It expects a process of its own, and tunes
 * the memory of that for a thousand machines and more.
 * @throws HeadframeError `usage/already-running`, `usage/port-in-use`, `usage/invalid`
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { clock = systemClock, intervalMs = SCHEDULE_DEFAULTS.intervalMs } = options;
  const credentials = options.credentials === undefined ? {} : { credentials: options.credentials };
  const pools = options.pools === undefined ? {} : { pools: options.pools };
  const ranges = options.scan?.ranges ?? [];
  // A range that is wrong is told now, not in a page that nobody has opened yet.
  if (ranges.length > 0) parseTargets(ranges);
  keepHeapSmall();
  const deadlineMs = Math.min(MOST_DEADLINE_MS, Math.max(intervalMs * 0.8, 1_000));
  return startDaemon({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 4280,
    dataDirectory: options.dataDirectory,
    pageDirectory: options.pageDirectory,
    version: version(),
    targets: options.targets ?? [],
    scanRanges: ranges,
    schedule: { ...SCHEDULE_DEFAULTS, intervalMs },
    deadlineMs,
    clock,
    poller: clientPoller({ ...credentials, clock, timeoutMs: deadlineMs - DEADLINE_MARGIN_MS }),
    scanner: clientScanner({ ...credentials, ports: options.scan?.ports ?? {} }),
    doctor: clientDoctor({ ...credentials, ...pools, clock, ports: options.scan?.ports ?? {} }),
    log: options.log === undefined ? pino({ name: 'headframe', base: null }, pino.destination(2)) : options.log,
  });
}

/** The OpenAPI document of the daemon, for `docs/reference/openapi.json`. */
export const openApiDocument = (): Promise<object> => documentOf(version());
