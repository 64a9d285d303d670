import { discoverByMulticast, type Found, type ScanProgress, scan } from '@headframe/client';
import { asHeadframeError, HeadframeError } from '@headframe/model';
import { credentialsFrom } from '../credentials-option.ts';
import { wholeNumber } from '../options.ts';
import { json } from '../output/plain-text.ts';
import { Progress } from '../output/progress.ts';
import { type Column, table } from '../output/table.ts';

interface ScanCommandOptions {
  exclude?: string[];
  thorough?: boolean;
  httpPort?: string[];
  multicast?: boolean | string;
  concurrency?: string;
  credentials?: string;
  json?: boolean;
}

/** What shells say of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** `headframe scan`: what answers in the ranges. Finding nothing is an answer, not a failure. */
export async function scanCommand(ranges: readonly string[], options: ScanCommandOptions): Promise<number> {
  const progress = new Progress();
  const began = performance.now();
  const end = new AbortController();
  const interrupt = () => end.abort();
  process.once('SIGINT', interrupt);
  let last: ScanProgress | null = null;
  const found: Found[] = [];
  try {
    const asked = options.multicast === undefined ? [] : await byMulticast(options.multicast, end.signal);
    const targets = [...ranges, ...asked];
    if (targets.length === 0) throw nothingToScan(options.multicast !== undefined);
    const findings = scan(targets, {
      ...(options.exclude === undefined ? {} : { exclude: options.exclude }),
      thorough: options.thorough === true,
      ports: { http: (options.httpPort ?? []).map((port) => wholeNumber(port, '--http-port', 1, 65_535)) },
      ...(options.concurrency === undefined
        ? {}
        : { concurrency: wholeNumber(options.concurrency, '--concurrency', 1, 10_000) }),
      credentials: credentialsFrom(options.credentials),
      signal: end.signal,
      onProgress: (now) => {
        last = now;
        progress.draw(now.done, now.addresses, inWords(now));
      },
    });
    for await (const finding of findings) {
      if (options.json) process.stdout.write(`${json(finding)}\n`);
      else found.push(finding);
    }
  } catch (error) {
    // Interrupted: what was found until then is worth printing.
    if (!end.signal.aborted || asHeadframeError(error).code !== 'link/cancelled') throw error;
  } finally {
    process.off('SIGINT', interrupt);
    progress.clear();
  }
  if (!options.json) process.stdout.write(report(found));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (last !== null) process.stderr.write(`${inWords(last)}  ${seconds} s\n`);
  if (!end.signal.aborted) return 0;
  process.stderr.write('Interrupted: the rest of the addresses was not looked at.\n');
  return INTERRUPTED;
}

/** Asks the network with one packet: machines that were told to (`--api-mcast`) answer, the others are silent. */
async function byMulticast(own: boolean | string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  const options = { signal, ...(typeof own === 'string' ? { interfaceAddress: own } : {}) };
  for await (const { address, apiPort } of discoverByMulticast(options)) {
    found.push(apiPort === 4028 ? address : `${address}:${apiPort}`);
  }
  process.stderr.write(`${count(found.length, 'machine', 'machines')} answered the multicast.\n`);
  return found;
}

function nothingToScan(asked: boolean): HeadframeError {
  const detail = asked ? 'No machine answered the multicast, and no range was named' : 'Name a range to scan';
  const next = 'A range, such as 192.168.1.0/24, finds those that do not listen for it: nearly all.';
  return new HeadframeError('usage/invalid', { detail, next });
}

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

function inWords(progress: ScanProgress): string {
  const words = [count(progress.addresses, 'address', 'addresses'), count(progress.miners, 'miner', 'miners')];
  if (progress.needCredentials > 0)
    words.push(count(progress.needCredentials, 'needs credentials', 'need credentials'));
  if (progress.others > 0) words.push(count(progress.others, 'other device', 'other devices'));
  return words.join('  ');
}

const ORDER: Readonly<Record<Found['kind'], number>> = {
  'needs-credentials': 0,
  unknown: 1,
  miner: 2,
  'not-a-miner': 3,
};

const COLUMNS: readonly Column<Found>[] = [
  { head: 'address', cell: (found) => found.address },
  { head: 'what', cut: true, cell: (found) => found.identity?.model ?? found.what ?? whyUnknown(found) },
  { head: 'firmware', cut: true, cell: (found) => firmware(found) },
  { head: 'kind', cell: (found) => found.kind },
];

/** What stood in the way of knowing it: `timed-out-waiting on port 4028`. */
function whyUnknown({ evidence }: Found): string {
  const asked =
    evidence.find(({ over, code }) => over !== null && code !== null) ?? evidence.find(({ code }) => code !== null);
  return asked === undefined ? '' : `${asked.code?.replace(/^.*\//, '')} on port ${asked.port}`;
}

const firmware = ({ identity }: Found): string =>
  [identity?.firmware, identity?.firmwareVersion].filter((part) => part != null).join(' ');

/** What needs somebody first, then the miners, then what is none. */
function report(found: readonly Found[]): string {
  if (found.length === 0) return 'Nothing answered.\n';
  const sorted = [...found].sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || byAddress(a.address, b.address));
  return table(sorted, COLUMNS);
}

const byAddress = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
