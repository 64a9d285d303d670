import { asHeadframeError, type ErrorCode, HeadframeError, type Reply } from '@headframe/model';
import { askCommand, decodeReply, encodeRequest, joinCommands, type StatusRecord } from '@headframe/wire/cgminer';
import { dataIn, recordsIn } from '@headframe/wire/whatsminer';
import { tcpLink } from '../links/tcp-link.ts';
import type { Requests } from './again.ts';
import type { Asking, Heard } from './asking.ts';
import { type Asked, isDeaf, typed } from './exchanges.ts';

/** What says who it is fits in this many times over; a program that greets with more is no miner. */
const MAX_VERSION_BYTES = 64 * 1024;

/** All commands of a plan together take some hundred milliseconds. */
const SLOW_MS = 3000;

/** What is asked of a machine on port 4028. */
export interface CgminerPlan {
  /** Behind `version`, each in a connection of its own. */
  readonly singles: readonly string[];
  /** Asked once together, where the singles work. */
  readonly join: readonly string[];
  /** The cheapest that tells whether the machine is alive. */
  readonly sample: readonly string[];
}

/**
 * The five commands that the factory list of a stock Antminer allows (protocols.md 2.1), and `config`, which is outside
 * of it, only reads, and is small.
 */
const USUAL_PLAN: CgminerPlan = {
  singles: ['summary', 'stats', 'devs', 'pools', 'config'],
  join: ['summary', 'pools'],
  sample: ['summary', 'stats'],
};

const PLANS: Readonly<Record<string, CgminerPlan>> = {
  // It joins two at the most, and knows neither `stats` nor `config` (protocols.md 3.1, 3.4).
  whatsminer: {
    singles: ['summary', 'devs', 'pools', 'get_version', 'status'],
    join: ['summary', 'pools'],
    sample: ['summary'],
  },
  braiins: {
    // It has no factory list to look beyond, and `devdetails` says the model.
    singles: ['summary', 'devs', 'pools', 'devdetails'],
    join: ['summary', 'pools'],
    sample: ['summary', 'temps', 'fans'],
  },
  luxos: { ...USUAL_PLAN, sample: ['summary', 'temps', 'fans'] },
};

/** @param heard what it said until now: before API 2.0.3 a WhatsMiner tells its model elsewhere (protocols.md 0) */
export function planFor(family: string | null, heard: Heard): CgminerPlan {
  const plan = PLANS[family ?? ''] ?? USUAL_PLAN;
  const saysModel = family !== 'whatsminer' || dataIn(heard.get('get_version')?.doc).has('miner_type');
  return saysModel ? plan : { ...plan, singles: [...plan.singles, 'devdetails'] };
}

/** Asks one command. Never rejects. */
export const sendCommand = (asking: Asking, port: number, command: string): Promise<Reply> =>
  askCommand(tcpLink(asking.dial, port), asking.dial.clock, {
    id: command,
    command,
    ...(command === 'version' ? { maxBytes: MAX_VERSION_BYTES } : {}),
  });

export const askedCommand = (host: string, port: number, command: string): Asked => ({
  port,
  request: command,
  command: typed.cgminer(host, port, command),
  isEmpty: (doc) => command.split('+').some((name) => isWithoutRecord(partOf(doc, command, name), name)),
  isForeign: (doc) => !command.includes('+') && isForeign(doc, command),
});

const partOf = (doc: unknown, command: string, name: string): unknown =>
  command.includes('+') ? (doc as Readonly<Record<string, unknown>>)[name] : doc;

/** The sections whose record belongs into a reply; others may be without (protocols.md 1.5, 3.4). */
const SECTIONS = ['version', 'summary', 'stats', 'devs', 'pools', 'config'];

const isWithoutRecord = (doc: unknown, command: string): boolean =>
  SECTIONS.includes(command) && recordsIn(doc, command.toUpperCase()).every((record) => record.keys().length === 0);

/** Readable JSON that has neither a status nor what was asked for: another program. */
const isForeign = (doc: unknown, command: string): boolean =>
  typeof doc !== 'object' ||
  doc === null ||
  !['STATUS', 'Code', 'code', 'Msg', command.toUpperCase()].some((key) => Object.hasOwn(doc, key));

/**
 * The conversation on port 4028 behind `version`: each command of the plan alone, then the join where they work.
 * Replies are kept under their commands; what is deaf twice is not asked any more.
 */
export async function askCgminer(
  asking: Asking,
  port: number,
  plan: CgminerPlan,
  requests: Requests,
  heard: Heard,
): Promise<void> {
  for (const command of plan.singles) {
    if (heard.has(command)) continue;
    const reply = await requests.ask(askedCommand(asking.host, port, command), () =>
      sendCommand(asking, port, command),
    );
    if (reply === null) return;
    heard.set(command, reply);
    // Two requests that brought nothing of this API: the others would bring no more.
    const version = heard.get('version');
    if (version !== undefined && isUnreadable(version) && isUnreadable(reply)) return;
  }
  // The same once more at the pace of a machine that drips would only take its time.
  const tookMs = [...heard.values()].reduce((sum, { meta }) => sum + meta.ms, 0);
  if (tookMs > SLOW_MS) return;
  if (!plan.join.every((command) => (heard.get(command)?.doc ?? null) !== null)) return;
  const join = joinCommands(plan.join);
  await requests.ask(askedCommand(asking.host, port, join), () => sendJoin(asking, port, plan.join));
}

/** Bytes came, and they are no reply of this API. */
export const isUnreadable = ({ error }: Reply): boolean =>
  error?.code.startsWith('protocol/') === true || error?.code === 'link/too-large';

/** Asks commands together in one connection; the document holds that of each under its name. Never rejects. */
export async function sendJoin(asking: Asking, port: number, commands: readonly string[]): Promise<Reply> {
  const { clock } = asking.dial;
  const request = joinCommands(commands);
  const began = clock.now();
  const meta = { id: request, request, repairs: [] };
  try {
    const { bytes, at, ms } = await tcpLink(asking.dial, port).exchange(encodeRequest(request));
    const came = { ...meta, at, ms, bytes: bytes.length };
    try {
      const decoded = decodeReply(bytes, { asked: request });
      const missing = commands.filter((name) => !decoded.parts.has(name));
      const error =
        missing.length === commands.length
          ? refusalOf(request, decoded.parts.get('')?.status[0])
          : missing.length > 0
            ? new HeadframeError('protocol/truncated', { request, bytes: bytes.length })
            : null;
      const doc = Object.fromEntries([...decoded.parts].map(([name, part]) => [name, part.doc]));
      const whole = { ...came, repairs: decoded.repairs, error: error?.summary ?? null };
      return { meta: whole, doc: error === null ? doc : null, raw: bytes, error };
    } catch (thrown) {
      const error = asHeadframeError(thrown, { request });
      return { meta: { ...came, error: error.summary }, doc: null, raw: bytes, error };
    }
  } catch (thrown) {
    const error = asHeadframeError(thrown, { request });
    const at = clock.now();
    const bytes = error.context.bytes ?? 0;
    return { meta: { ...meta, at, ms: at - began, bytes, error: error.summary }, doc: null, raw: null, error };
  }
}

/** The whole join refused, by the status that came in place of its parts (protocols.md 1.6). */
function refusalOf(request: string, status: StatusRecord | undefined): HeadframeError {
  if (status === undefined)
    return new HeadframeError('protocol/wrong-shape', { request, detail: 'the reply has none of its parts' });
  const code: ErrorCode = status.code === 45 ? 'auth/address-not-allowed' : 'device/refused';
  const vendorCode = status.code === null ? {} : { vendorCode: String(status.code) };
  return new HeadframeError(code, { request, vendorText: status.msg, ...vendorCode });
}

/** The sample of a plan in one connection, where the machine joins; else its last command alone. */
export function sampler(asking: Asking, port: number, plan: CgminerPlan): () => Promise<Reply> {
  let joins = plan.sample.length > 1;
  return async () => {
    if (joins) {
      const reply = await sendJoin(asking, port, plan.sample);
      joins = reply.error === null || isDeaf(reply);
      if (joins) return reply;
    }
    return sendCommand(asking, port, plan.sample[0] ?? 'summary');
  };
}
