import { type FleetTotals, type MinerList, type MinerRecord, type MinerRow, PATHS } from '@headframe/api';
import { HeadframeError, type Snapshot } from '@headframe/model';
import type { FastifyInstance } from 'fastify';
import { claimFolder, newToken, refuseSecondDaemon, releaseFolder } from './adapters/pid-file.ts';
import { ChangeLog } from './domain/changes.ts';
import { diagnosisRecord } from './domain/diagnosis-record.ts';
import { type Asker, Examinations, type Known } from './domain/examinations.ts';
import { Incidents } from './domain/incidents.ts';
import { pastOf } from './domain/machine-log.ts';
import type { Miner } from './domain/miner.ts';
import { PollLoop } from './domain/poll-loop.ts';
import { Registry } from './domain/registry.ts';
import { ScanJob } from './domain/scan-job.ts';
import { Schedule, type ScheduleOptions } from './domain/schedule.ts';
import { totalsOf } from './domain/totals.ts';
import { createApp } from './http/app.ts';
import { EventStream } from './http/event-stream.ts';
import { renderMetrics } from './http/metrics.ts';
import type { Clock, Doctor, Poller, Scanner, Target } from './ports.ts';

/** What the daemon tells of itself while it runs; a pino logger fits. */
export interface Log {
  info(context: object, message: string): void;
  error(context: object, message: string): void;
}

/** Everything that a daemon is made of. */
export interface DaemonParts {
  readonly host: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly pageDirectory: string | null;
  readonly version: string;
  readonly targets: readonly Target[];
  readonly scanRanges: readonly string[];
  readonly schedule: ScheduleOptions;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly poller: Poller;
  readonly scanner: Scanner;
  readonly doctor: Doctor;
  readonly log: Log | null;
}

/** A daemon that runs. */
export interface Fleet {
  /** `host:port` that it listens on. */
  readonly address: string;
  /** Takes machines in; those that are known already stay as they are. */
  add(targets: Iterable<Target>): void;
  /** Ends every poll, gives the port and the data folder back. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, whoever asked for it. */
  readonly stopped: Promise<void>;
}

/** The state of the fleet and everything that keeps it up to date, without a socket to the outside. */
export function createFleetState(parts: Omit<DaemonParts, 'host' | 'port' | 'dataDirectory' | 'pageDirectory'>) {
  const { clock, log } = parts;
  const changes = new ChangeLog();
  const registry = new Registry({
    changed: (id) => changes.change(id),
    removed: (id) => changes.remove(id),
  });
  const schedule = new Schedule(parts.schedule);
  const onMistake = (error: HeadframeError) => log?.error({ err: error }, 'a mistake in Headframe itself');
  const loop = new PollLoop({
    clock,
    poller: parts.poller,
    registry,
    schedule,
    deadlineMs: parts.deadlineMs,
    onMistake,
  });
  const scan =
    parts.scanRanges.length === 0
      ? null
      : new ScanJob(parts.scanRanges, {
          clock,
          scanner: parts.scanner,
          add: (target) => loop.add(target),
          onProgress: () => changes.touch(),
        });
  const rows = function* (): Generator<MinerRow> {
    for (const { row } of registry.all()) yield row;
  };
  const totals = (): FleetTotals => totalsOf(rows(), scan?.progress ?? null, clock.now());
  const events = new EventStream({
    clock,
    changes,
    totals,
    rows,
    row: (id) => registry.get(id)?.row,
    epoch: clock.now().toString(36),
  });
  const list = (): MinerList => ({ at: clock.now(), eventId: events.eventId, miners: [...rows()], totals: totals() });
  const snapshots = function* (): Generator<readonly [id: string, snapshot: Snapshot]> {
    // A list of its own: machines may come, go and get other ids while a slow reader takes the snapshots.
    for (const { id, snapshot } of [...registry.all()]) if (snapshot !== null) yield [id, snapshot];
  };
  const known = (miner: Miner): Known => ({
    address: miner.row.address,
    past: pastOf(miner, parts.schedule.intervalMs / 1000),
  });
  const examinations = new Examinations(parts.doctor, (name) => {
    const miner = registry.get(name) ?? minerAt(name, registry);
    return miner === undefined ? undefined : known(miner);
  });
  const incidents = new Incidents({ clock, examinations, machines: () => registry.all(), known, onMistake });
  const record = (id: string): MinerRecord | undefined => {
    const miner = registry.get(id);
    return miner === undefined ? undefined : recordOf(miner, schedule, clock);
  };
  return {
    registry,
    loop,
    scan,
    events,
    onMistake,
    totals,
    list,
    snapshots,
    record,
    examine: async (name: string, asker: Asker) => diagnosisRecord(await examinations.examine(name, asker)),
    incidents: () => incidents.list(),
    examineSilent: () => incidents.start(),
    stopExamining: () => {
      examinations.stop();
      return incidents.stop();
    },
    metrics: () => renderMetrics(registry.all()),
  };
}

/** The machine at an address; of several behind one host none, unless its port is named too. */
function minerAt(address: string, registry: Registry): Miner | undefined {
  const all = [...registry.all()];
  const here = all.filter(({ target }) => target.address === address);
  return all.find(({ row }) => row.address === address) ?? (here.length === 1 ? here[0] : undefined);
}

function recordOf(miner: Miner, schedule: Schedule, clock: Clock): MinerRecord {
  const { row, target, addedAt, lastError, snapshot } = miner;
  const dueAt = schedule.dueAt(miner.id);
  return {
    at: clock.now(),
    row,
    ports: target.ports,
    addedAt,
    lastError:
      lastError === null
        ? null
        : {
            code: lastError.code,
            message: lastError.message,
            at: lastError.at,
            firstBytes: lastError.context.firstBytes ?? null,
          },
    statistics: {
      polls: miner.polls,
      failures: miner.failures,
      consecutiveFailures: miner.consecutiveFailures,
      droppedTicks: schedule.droppedTicks(miner.id),
      lastPollMs: miner.lastPollMs,
      lastPollAt: miner.lastPollAt,
      nextPollAt: dueAt === null ? null : Math.round(clock.now() + dueAt - clock.monotonic()),
    },
    snapshot,
  };
}

/**
 * Starts the daemon.
 * @throws HeadframeError `usage/already-running`, `usage/port-in-use`, `usage/invalid` (a host that is not ours)
 */
export async function startDaemon(parts: DaemonParts): Promise<Fleet> {
  const { host, port, dataDirectory, clock, log } = parts;
  await refuseSecondDaemon(dataDirectory);
  const state = createFleetState(parts);
  const token = newToken();
  const startedAt = clock.now();
  let address = '';
  const { promise: stopped, resolve: markStopped } = Promise.withResolvers<void>();
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= (async () => {
      state.events.close();
      await Promise.all([state.loop.stop(), state.scan?.stop(), state.stopExamining()]);
      await app.close();
      releaseFolder(dataDirectory, token);
      log?.info({ address }, 'stopped');
      markStopped();
    })();
    return stopping;
  };
  const app = await createApp({
    ...state,
    version: parts.version,
    listenHost: host,
    token,
    pageDirectory: parts.pageDirectory,
    health: () => ({ pid: process.pid, version: parts.version, startedAt, address }),
    requestStop: () => void stop(),
  });
  address = await listen(app, host, port);
  try {
    await claimFolder(dataDirectory, { pid: process.pid, address, startedAt, token });
  } catch (thrown) {
    await app.close();
    throw thrown;
  }
  for (const target of parts.targets) state.loop.add(target);
  state.scan?.start();
  log?.info({ address, machines: parts.targets.length, api: PATHS.miners }, 'listening');
  return {
    address,
    stop,
    stopped,
    add: (targets) => {
      for (const target of targets) state.loop.add(target);
    },
  };
}

/** "Everywhere" is no address to go to. */
const REACHABLE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/** @returns `host:port`, the port being a real one also where 0 was asked for */
async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  const name = host.includes(':') ? `[${host}]` : host;
  try {
    await app.listen({ host, port });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new HeadframeError(
        'usage/port-in-use',
        { address: `${name}:${port}`, next: 'Choose another with --port.' },
        thrown,
      );
    }
    const why = code === 'EACCES' ? 'this user may not open that port' : `this computer cannot listen there (${code})`;
    throw new HeadframeError(
      'usage/invalid',
      { detail: `Headframe cannot listen on ${name}:${port}: ${why}`, next: 'Choose others with --host and --port.' },
      thrown,
    );
  }
  const bound = app.server.address();
  return `${REACHABLE[host] ?? name}:${typeof bound === 'object' && bound !== null ? bound.port : port}`;
}
