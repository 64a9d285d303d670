import { invalid } from './invalid.ts';

/** Descriptors that a process has before it serves anything: standard streams, event loop, files, pipes to its parent. */
const OWN = 40;
/** Connections that are open at once, for each machine: a poller asks all of them within some seconds. */
const CONNECTIONS = 0.5;
const MOST_PROCESSES = 8;
/** A process costs 50 MB before its first machine and some 50 kB for each: few processes are small farms. */
const MACHINES_PER_PROCESS = 1000;

/**
 * How many descriptors this process and its children may open; null where the system does not say.
 * Node has already raised the soft limit to the hard one.
 */
export function descriptorLimit(): number | null {
  const { report } = process as { report: typeof process.report & { excludeNetwork?: boolean } };
  const { excludeNetwork = false } = report;
  // The report looks up the names of all open connections otherwise, and waits for a name server to say.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as unknown as { userLimits?: { open_files?: { soft?: unknown } } };
  report.excludeNetwork = excludeNetwork;
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : null;
}

/**
 * Over how many processes a farm spreads, counted before anything is started.
 * @param ports listening ports of a machine on the average
 * @throws HeadframeError `usage/invalid` naming the limit when it is too many
 */
export function processesFor(count: number, ports: number, limit = descriptorLimit()): number {
  const each = ports + CONNECTIONS;
  const fitting = limit === null ? Number.POSITIVE_INFINITY : Math.floor((limit - OWN) / each);
  const processes = Math.ceil(count / Math.min(fitting, MACHINES_PER_PROCESS));
  if (fitting >= 1 && processes <= MOST_PROCESSES) return Math.max(1, processes);
  const share = Math.ceil(count / MOST_PROCESSES);
  if (fitting >= share) return MOST_PROCESSES;
  const needed = OWN + Math.ceil(share * each);
  throw invalid(
    `${count} machines need ${needed} open files in each of ${MOST_PROCESSES} processes, and the limit is ${limit}`,
    `Raise it with "ulimit -n ${needed}" or take at most ${Math.max(0, fitting * MOST_PROCESSES)} machines.`,
  );
}
