import { HeadframeError, type Links, type Memory, type ReadOptions, type Reply } from '@headframe/model';
import { Fields } from '../json/index.ts';
import { ASIC_PATH, askPage, INFO_PATH } from './ask.ts';

/** What chip and board offer hardly changes; a release that does not have the page is asked as rarely. */
const SLOW_MS = 3_600_000;

/** How long after its last answer a device that is not there counts as restarting: start, Wi-Fi and DHCP are over then. */
const RESTARTING_MS = 60_000;

/**
 * One poll: one request, and once an hour and after a restart another one, for what the board is.
 * Replies are named `info` and `asic`.
 */
export async function readAxe(links: Links, memory: Memory, options: ReadOptions = {}): Promise<Map<string, Reply>> {
  const replies = new Map<string, Reply>();
  if (links.http === undefined) return replies;
  const { http, clock } = links;
  const info = await askPage(http, clock, 'info', INFO_PATH);
  if (info.error !== null) {
    replies.set('info', orRestarting(info, memory));
    // A board that was known stays known; nothing more is asked of a device that does not answer.
    const known = memory.kept.get('asic');
    if (known !== undefined) replies.set('asic', known);
    return replies;
  }
  replies.set('info', info);
  noticeRestart(memory, info);
  // Without the bytes: only when it answered counts, and what it said of its uptime.
  memory.kept.set('info', { ...info, raw: null });
  const kept = memory.kept.get('asic') ?? memory.absent.get('asic');
  if (kept !== undefined && options.fresh !== true && clock.now() - kept.meta.at < SLOW_MS) {
    replies.set('asic', kept);
    return replies;
  }
  const asic = await askPage(http, clock, 'asic', ASIC_PATH);
  if (asic.doc !== null) memory.kept.set('asic', { ...asic, raw: null });
  else if (asic.error?.code === 'support/unsupported') memory.absent.set('asic', asic);
  replies.set('asic', asic.doc === null ? (memory.kept.get('asic') ?? asic) : asic);
  return replies;
}

/** A start that moved by more than the grain of the uptime and the time on the way. */
const GRAIN_MS = 5_000;

/** After a restart everything may be different: a firmware update restarts too. */
function noticeRestart(memory: Memory, { doc, meta }: Reply): void {
  const uptimeS = new Fields(doc).num('uptimeSeconds');
  if (uptimeS === null) return;
  const startedAt = meta.at - uptimeS * 1000;
  const restarted = memory.startedAt !== null && startedAt - memory.startedAt > GRAIN_MS;
  memory.startedAt = startedAt;
  if (!restarted) return;
  memory.kept.clear();
  memory.absent.clear();
}

/** What is cut off by a start, or finds nobody during one. A device that is there and silent is another matter. */
const AWAY = new Set([
  'link/refused',
  'link/reset',
  'link/closed-empty',
  'link/timed-out-connecting',
  'link/unreachable',
  'protocol/truncated',
]);

/**
 * A device that answered a moment ago and is away now is most likely starting: these restart for every setting that
 * matters, and by themselves. One that stays away is gone, and the link's own error says so.
 */
function orRestarting(reply: Reply, memory: Memory): Reply {
  const { error, meta } = reply;
  const seen = memory.kept.get('info')?.meta.at;
  if (error === null || seen === undefined || !AWAY.has(error.code) || meta.at - seen > RESTARTING_MS) return reply;
  const detail = `it answered ${Math.max(0, Math.round((meta.at - seen) / 1000))} s ago and does not now (${error.code}); it is gone if it stays away for a minute`;
  const restarting = new HeadframeError('device/restarting', { request: meta.request, detail }, error);
  return { ...reply, meta: { ...meta, error: restarting.summary }, error: restarting };
}
