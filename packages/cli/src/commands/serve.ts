import { parseAddress, parseTargets, poolAccountsFrom, suggestRanges } from '@headframe/client';
import { type Fleet, runningDaemon, startFleet, type Target } from '@headframe/fleet';
import { HeadframeError } from '@headframe/model';
import { pino } from 'pino';
import { credentialsFrom } from '../credentials-option.ts';
import { dataFolder } from '../data-folder.ts';
import { secondsAsMs, wholeNumber } from '../options.ts';
import { ensurePage } from '../page.ts';
import { type SimulatedFarm, startSimulatedFarm } from '../simulated-farm.ts';

interface ServeOptions {
  scan?: string[];
  add?: string[];
  demo?: boolean | string;
  port: string;
  host: string;
  interval: string;
  data?: string;
  credentials?: string;
  pools?: string;
  log: string;
}

const DEMO_MACHINES = 24;
const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'];

/** `headframe serve`: the daemon, until it is stopped by a signal or by `headframe stop`. */
export async function serveCommand(options: ServeOptions): Promise<number> {
  const port = wholeNumber(options.port, '--port', 0, 65_535);
  const intervalMs = secondsAsMs(options.interval, '--interval', 1, 3_600);
  if (!LEVELS.includes(options.log)) {
    throw new HeadframeError('usage/invalid', { detail: `--log takes ${LEVELS.join(', ')}, and not "${options.log}"` });
  }
  const targets = (options.add ?? []).map(targetOf);
  if (options.scan !== undefined) parseTargets(options.scan);
  const credentials = credentialsFrom(options.credentials);
  const pools = options.pools === undefined ? {} : { pools: poolAccountsFrom({ file: options.pools }) };
  const simulate = options.demo !== undefined && options.scan === undefined && options.add === undefined;
  const count = simulate ? machinesOf(options.demo) : 0;
  const dataDirectory = dataFolder(options.data);
  await refuseSecond(dataDirectory);
  const pageDirectory = await ensurePage();

  const fleet = await startFleet({
    host: options.host,
    port,
    dataDirectory,
    pageDirectory,
    intervalMs,
    targets,
    ...(options.scan === undefined ? {} : { scan: { ranges: options.scan } }),
    credentials,
    ...pools,
    log: options.log === 'silent' ? null : pino({ level: options.log, base: null }, pino.destination(2)),
  });
  process.stdout.write(`Headframe is at http://${fleet.address}\n`);
  const farm = simulate ? await demo(fleet, count) : null;
  if (farm === null) process.stdout.write(`${whatIsPolled(options)}\n`);
  process.stdout.write('Stop it with Ctrl-C, or from another terminal: ./headframe stop\n');
  return untilStopped(fleet, farm);
}

/** Before anything is built or simulated: a second daemon on the same folder would only be in the way. */
async function refuseSecond(dataDirectory: string): Promise<void> {
  const running = await runningDaemon(dataDirectory);
  if (running === null) return;
  throw new HeadframeError('usage/already-running', {
    address: `http://${running.address}`,
    next: 'Open that address, or stop it with: ./headframe stop',
  });
}

const machinesOf = (demo: boolean | string | undefined): number =>
  typeof demo === 'string' ? wholeNumber(demo, '--demo', 1, 20_000) : DEMO_MACHINES;

function targetOf(address: string): Target {
  const { host, port } = parseAddress(address);
  return { address: host, ports: port === null ? {} : { cgminer: port, http: port }, family: null };
}

async function demo(fleet: Fleet, count: number): Promise<SimulatedFarm> {
  const farm = await startSimulatedFarm(count);
  fleet.add(farm.machines.map((machine) => ({ ...machine, simulated: true })));
  process.stdout.write(
    `${count} machines are simulated; no real one is asked. Your own network: npm start -- --scan ${suggestion()}\n`,
  );
  return farm;
}

const suggestion = (): string => suggestRanges()[0] ?? '192.168.1.0/24';

function whatIsPolled({ scan = [], add = [] }: ServeOptions): string {
  const parts = [
    ...(scan.length > 0 ? [`looking for machines in ${scan.join(', ')}`] : []),
    ...(add.length > 0 ? [`polling ${add.join(', ')}`] : []),
  ];
  return parts.length === 0
    ? 'It polls nothing yet: start it with --scan and a range, --add and an address, or --demo.'
    : `It is ${parts.join(' and ')}.`;
}

async function untilStopped(fleet: Fleet, farm: SimulatedFarm | null): Promise<number> {
  const end = () => void fleet.stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  void farm?.lost.then(() => {
    process.stderr.write('The simulated machines are gone; the page shows them as not answering.\n');
  });
  await fleet.stopped;
  await farm?.stop();
  return 0;
}
