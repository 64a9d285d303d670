import {
  type Action,
  action,
  choice,
  HeadframeError,
  type HttpRequest,
  type Identity,
  type Links,
  type ReadBack,
} from '@headframe/model';
import { pageStep } from '@headframe/wire/http';
import { lenientVerdict } from './cgi-verdicts.ts';
import { ownCommands } from './commands-api.ts';
import { ownModes } from './commands-mode.ts';
import { ownTuning } from './commands-tuning.ts';
import { RESTARTS } from './config-change.ts';
import { MONITOR_PAGES, type MonitorPage, monitorText } from './monitor.ts';
import { lookForStart, runningNow } from './running.ts';
import { fetchPage, needPage, pageOfModel } from './web-page.ts';

/* What these machines have beyond the common vocabulary, by their own words. */

const NOTHING_CHANGES = { never: 'nothing is changed' } as const;

/** A page that is fetched as it is. */
const download = (kind: 'newer' | 'older', path: string, name: string, does: string): Action =>
  action(
    {},
    async (links) => {
      await needPage(links, kind, path);
      return {
        steps: [],
        readBack: NOTHING_CHANGES,
        download: async (at) => ({ name, bytes: await fetchPage(at, path) }),
      };
    },
    { does },
  );

const MONITORED = Object.keys(MONITOR_PAGES) as [MonitorPage, ...MonitorPage[]];

/** Port 6060: its pages that read, and no others. */
const port6060: Action = action(
  { page: choice(MONITORED, { about: 'what is asked', source: 'Antminer port 6060' }) },
  (_, { page }) => ({
    steps: [],
    readBack: NOTHING_CHANGES,
    download: async ({ monitor }: Links) => {
      if (monitor === undefined) throw new HeadframeError('link/refused', { detail: 'its port 6060 is not open' });
      return { name: `antminer-${page}.txt`, bytes: (await monitorText(monitor, page)).raw };
    },
  }),
  { does: 'Asks the service without a login on port 6060, for looking closer' },
);

/** A page of the older web page that does something by being called. It runs on any method (protocols.md 2.4). */
const call = (page: string, readBack: ReadBack | { never: string }, notes: Parameters<typeof action>[2]): Action =>
  action(
    {},
    async (links) => {
      const path = `/cgi-bin/${page}`;
      await needPage(links, 'older', path);
      const http: HttpRequest = { method: 'POST', path, body: '', replyMs: 60_000 };
      return { steps: [pageStep({ http, silenceIsFine: true, judge: lenientVerdict })], readBack };
    },
    notes,
  );

const NEWER: Readonly<Record<string, Action>> = {
  ...ownModes,
  chart: download('newer', '/cgi-bin/chart.cgi', 'antminer-chart.json', 'Fetches the hashrate of the last six hours'),
  'multi-option': download('newer', '/cgi-bin/get_multi_option.cgi', 'antminer-modes.json', 'Lists the work modes'),
  'log-history': download('newer', '/cgi-bin/hlog.cgi', 'antminer-log-history.txt', 'Lists the logs that are kept'),
  'log-download': download('newer', '/cgi-bin/dlog.cgi', 'antminer-logs.bin', 'Fetches the logs that are kept'),
};

const OLDER: Readonly<Record<string, Action>> = {
  ...ownTuning,
  monitor: download('older', '/cgi-bin/monitor.cgi', 'antminer-top.txt', 'Fetches what top says of its processes'),
  'status-api': download(
    'older',
    '/cgi-bin/get_status_api.cgi',
    'antminer-status.txt',
    'Fetches three replies of port 4028 as text',
  ),
  'log-backup': download(
    'older',
    '/cgi-bin/create_log_backup.cgi',
    'antminer-logs.tar',
    'Packs its logs and fetches them',
  ),
  backup: download(
    'older',
    '/cgi-bin/create_conf_backup.cgi',
    'antminer-backup.tar',
    'Packs its configuration and fetches it. The passwords of its pools are in it: keep the file to yourself',
  ),
  'reset-miner-conf': call(
    'reset_miner_conf.cgi',
    {
      looksAt: 'the uptime of the mining program',
      afterMs: 5_000,
      everyMs: 10_000,
      withinMs: 180_000,
      restarts: true,
      look: (links, sentAt) => lookForStart(links, 'older', sentAt),
    },
    {
      ...RESTARTS,
      does: 'Puts the mining configuration back to what the factory set: the pools are then those of the factory',
      lasting: 'the pools are gone',
    },
  ),
  'kill-bmminer': call(
    'kill_bmminer.cgi',
    {
      looksAt: 'the mining program, which no longer answers',
      afterMs: 3_000,
      everyMs: 5_000,
      withinMs: 60_000,
      look: lookForEnd,
    },
    {
      hashing: 'stopped',
      does: 'Ends the mining program. Port 4028 goes with it',
      lasting: 'until the miner or the machine is restarted; nothing says so on the machine',
    },
  ),
  'shutdown-slowly': call(
    'shutdown_slowly.cgi',
    { never: 'what it does, and how it shows, is documented nowhere' },
    {
      hashing: 'stopped',
      does: 'Calls shutdown_slowly.cgi, which by its name stops the machine little by little',
      lasting: 'how it is started again is documented nowhere: power off and on, it may be',
      guarded: 'it stops the machine, and nobody has written down how it is started again',
    },
  ),
};

/** A mining program that has ended refuses on port 4028, and its pages have nothing to tell. */
async function lookForEnd(links: Links): Promise<{ done: boolean; values: Record<string, unknown> }> {
  try {
    const { uptimeS } = await runningNow(links, 'older');
    return { done: false, values: { minerUptimeS: uptimeS } };
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError) || !GONE.has(thrown.code)) throw thrown;
    return { done: true, values: { port4028: 'closed' } };
  }
}

const GONE: ReadonlySet<string> = new Set(['link/refused', 'link/closed-empty', 'link/reset']);

/** Everything beside the common vocabulary. */
export function ownOf({ model }: Identity): Readonly<Record<string, Action>> {
  const kind = pageOfModel(model);
  return {
    ...ownCommands,
    ...(kind === 'older' ? {} : NEWER),
    ...(kind === 'newer' ? {} : OLDER),
    'port-6060': port6060,
  };
}
