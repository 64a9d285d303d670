import { ASSUMED } from './sim-assumed.ts';
import { statDetail } from './sim-detail.ts';
import { type JsonObject, type JsonValue, Real, readJson } from './sim-json-reader.ts';
import { type Printed, type PrintedObject, printJson } from './sim-json-writer.ts';
import { isEmpty, isObject, objectIn, Refusal, refusal, textIn, Unexpected, uint32 } from './sim-params.ts';
import type { EthminerProcess } from './sim-process.ts';
import { connectionsOf, scramblerInfo, stat1, statHr } from './sim-reads.ts';
import type { Rig } from './sim-rig.ts';
import { type Call, WRITES } from './sim-writes.ts';

/*
 * One line with a JSON-RPC request and its reply (protocols.md 5.3 to 5.5, 5.7).
 */

/** What a connection may do. A password unlocks it, a wrong one locks it again (5.3). */
export class Session {
  authorised: boolean;

  constructor(password: string | null) {
    this.authorised = password === null;
  }
}

/** `crash`: the process ends without a reply (transcripts README, surprise 3). */
export type Answer = { readonly line: string } | 'crash';

const READS: Readonly<Record<string, (process: EthminerProcess, now: number) => Printed>> = {
  miner_ping: () => 'pong',
  miner_getstat1: stat1,
  miner_getstatdetail: statDetail,
  miner_getstathr: statHr,
  miner_getconnections: connectionsOf,
  miner_getscramblerinfo: scramblerInfo,
};

export function answerLine(rig: Rig, process: EthminerProcess, session: Session, text: string, now: number): Answer {
  const read = readJson(text);
  if (read.kind === 'fatal') return 'crash';
  const { framing } = process.start.plan.release;
  if (read.kind === 'error') return said(null, { error: parseError(framing, read.text) });
  if (framing === 'single') return otherServer(rig, process, read.value, now);
  if (!isObject(read.value) && read.value !== null) return notAnObject(framing);
  const request: JsonObject = read.value ?? new Map();
  const id = requestId(request);
  if (id instanceof Refusal) return said(null, { error: id.error });
  try {
    const result = handled({ rig, process, request, now }, session);
    return said(id, result === undefined ? {} : { result });
  } catch (thrown) {
    if (thrown instanceof Refusal) return said(id, { error: thrown.error });
    if (thrown instanceof Unexpected) return said(null, { error: { errorcode: '500', message: thrown.message } });
    throw thrown;
  }
}

const said = (id: Printed, rest: PrintedObject): Answer => ({ line: printJson({ ...rest, id, jsonrpc: '2.0' }) });

function parseError(framing: string, text: string): PrintedObject {
  if (framing === 'packets') return { errorcode: '-32700', message: `Json parse error : ${text}` };
  return { code: -32700, message: framing === 'lines' ? 'Parse Error' : ASSUMED.otherServer.parse };
}

function notAnObject(framing: string): Answer {
  if (framing === 'lines') return said(null, { error: ASSUMED.oldNotAnObject });
  const message = 'in Json::Value::find(begin, end): requires objectValue or nullValue';
  return said(null, { error: { errorcode: '500', message } });
}

/** The id as it comes back: an integer of 32 bits without its fraction, or text (5.4). */
function requestId(request: JsonObject): Printed | Refusal {
  const id = request.get('id') ?? null;
  if (isEmpty(id)) return refusal(-32600, 'Invalid Request (missing or empty id)');
  if (typeof id === 'string') return id;
  return uint32(id) ?? refusal(-32600, 'Invalid Request (id has invalid type)');
}

/** The result; undefined: a reply with neither result nor error. */
function handled(call: Call, session: Session): Printed | undefined {
  const method = methodOf(call.request);
  const { plan } = call.process.start;
  if (method === 'api_authorize') {
    authorise(call.request, session, plan.password ?? '');
    return undefined;
  }
  if (!session.authorised) throw refusal(-403, 'Authorization needed');
  return performed(call, method, () => refusal(-32601, 'Method not found'));
}

function performed(call: Call, method: string, notFound: () => Refusal): Printed {
  const { release, readOnly } = call.process.start.plan;
  const isHr = method === 'miner_getstathr';
  if (release.lacks.includes(method) || (isHr && !release.hasHr)) throw notFound();
  if (Object.hasOwn(READS, method)) return READS[method]?.(call.process, call.now) ?? null;
  const write = Object.hasOwn(WRITES, method) ? WRITES[method] : undefined;
  if (write === undefined) throw notFound();
  if (readOnly && !release.openWrites.includes(method)) {
    throw release.framing === 'single' ? notFound() : refusal(-32601, 'Method not available');
  }
  return write(call);
}

function methodOf(request: JsonObject): string {
  try {
    if (textIn(request, 'jsonrpc') === '2.0') return textIn(request, 'method');
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
  throw refusal(-32600, 'Invalid Request');
}

/** So much of a password is looked at; what is shorter counts as if zeros followed. */
const PASSWORD_BYTES = 500;

function authorise(request: JsonObject, session: Session, password: string): void {
  session.authorised = false;
  const given = textIn(objectIn(request, 'params'), 'psw');
  const compared = (text: string): string => text.slice(0, PASSWORD_BYTES).padEnd(PASSWORD_BYTES, '\0');
  if (compared(given) !== compared(password)) throw refusal(-401, 'Invalid password');
  session.authorised = true;
}

/** The server of 0.14 and 0.15, whose library words its errors itself (assumed). */
function otherServer(rig: Rig, process: EthminerProcess, value: JsonValue, now: number): Answer {
  const { invalid, notFound } = ASSUMED.otherServer;
  const request = isObject(value) ? value : new Map<string, JsonValue>();
  const id = request.get('id') ?? null;
  const method = request.get('method');
  const printedId = typeof id === 'string' || typeof id === 'bigint' ? id : id instanceof Real ? id : null;
  if (request.get('jsonrpc') !== '2.0' || typeof method !== 'string' || printedId === null) {
    return said(null, { error: { code: -32600, message: invalid } });
  }
  try {
    const call = { rig, process, request, now };
    return said(printedId, { result: performed(call, method, () => refusal(-32601, notFound)) });
  } catch (thrown) {
    if (thrown instanceof Refusal) return said(printedId, { error: thrown.error });
    throw thrown;
  }
}
