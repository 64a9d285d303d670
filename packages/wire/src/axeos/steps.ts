import {
  HeadframeError,
  type HttpDoc,
  type HttpReply,
  type HttpRequest,
  MASK,
  printable,
  type RawReply,
  type Step,
  type StepVerdict,
} from '@headframe/model';
import { parseHttpDoc } from '../http/index.ts';
import { refusalOf } from './refusals.ts';

export interface AxeStep {
  readonly method: HttpRequest['method'];
  readonly path: string;
  /** Sent as `application/json`. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** Names within `json`, at any depth, whose value is not shown. */
  readonly secrets?: readonly string[];
  /** Sent as it is, as `application/octet-stream`; shown as `shownBody`. */
  readonly body?: Uint8Array;
  readonly shownBody?: string;
  /** The header that carries the key of the session, where there is one. */
  readonly keyHeader?: string;
  /** A header with a secret of its own, such as a one-time password. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  readonly silenceIsFine?: true;
  readonly replyMs?: number;
  /** What a status of 200 to 299 says; {@link emptyIsYes} if absent. */
  readonly judge?: (doc: HttpDoc) => StepVerdict;
}

/** What the server takes in one body: one byte less (protocols.md 6.1). */
const MOST_JSON_BYTES = 10_239;

/**
 * One request that changes something, as a step of an action.
 * @throws HeadframeError `usage/invalid` when the body is longer than the server takes
 */
export function axeStep(step: AxeStep): Step {
  const { method, path, json, body, secretHeaders = {}, keyHeader, silenceIsFine, replyMs } = step;
  const text = json === undefined ? undefined : JSON.stringify(json);
  if (text !== undefined && new TextEncoder().encode(text).length > MOST_JSON_BYTES) {
    const detail = `the settings make more than the ${MOST_JSON_BYTES} bytes that it takes at once; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  const type = body !== undefined ? 'application/octet-stream' : text !== undefined ? 'application/json' : null;
  const plain: Record<string, string> = type === null ? {} : { 'Content-Type': type };
  const masked = [...Object.keys(secretHeaders), ...(keyHeader === undefined ? [] : [keyHeader])];
  const shown = [
    `${method} ${path}`,
    ...Object.entries(plain).map(([name, value]) => `${name}: ${value}`),
    ...masked.map((name) => `${name}: ${MASK}`),
    ...shownBody(step),
  ].join('\n');
  return {
    request: (key) => ({
      over: 'http',
      shown,
      http: {
        method,
        path,
        headers: { ...plain, ...secretHeaders, ...(keyHeader === undefined ? {} : { [keyHeader]: key }) },
        ...(method === 'GET' ? {} : { body: body ?? text ?? '' }),
        ...(replyMs === undefined ? {} : { replyMs }),
      },
    }),
    verdict: (reply) => verdictOf(step, reply),
    ...(silenceIsFine === undefined ? {} : { silenceIsFine }),
  };
}

function shownBody({ json, secrets = [], body, shownBody: given }: AxeStep): string[] {
  if (body !== undefined) return ['', given ?? `${body.length} bytes`];
  if (json === undefined) return [];
  return ['', JSON.stringify(json, (name, value: unknown) => (secrets.includes(name) ? MASK : value))];
}

/**
 * @throws HeadframeError as {@link refusalOf}: surely not done; `protocol/wrong-shape` for what no release of this
 * firmware says
 */
function verdictOf({ method, path, judge = emptyIsYes }: AxeStep, reply: RawReply | HttpReply): StepVerdict {
  const request = `${method} ${path}`;
  if (!('status' in reply)) throw new HeadframeError('internal', { detail: 'a reply of another protocol', request });
  const { status, body } = reply;
  const doc = parseHttpDoc(reply);
  const refusal = refusalOf(status, printable(body), request);
  if (refusal !== null) throw refusal;
  if (status < 200 || status > 299) {
    const vendorText = saidIn(doc);
    return { accepted: false, vendorCode: String(status), ...(vendorText === '' ? {} : { vendorText }) };
  }
  try {
    return judge(doc);
  } catch (thrown) {
    if (thrown instanceof HeadframeError) throw thrown.with({ request });
    throw thrown;
  }
}

/** What it says: the `message` of a JSON answer (from v2.13 on), else the text (protocols.md 6.2). */
export function saidIn({ json, text }: HttpDoc): string {
  const message =
    typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string'
      ? json.message
      : text;
  return message.trim().slice(0, 200);
}

/** PATCH answers an empty body; from v2.15 on some answers are JSON (protocols.md 6.4). A page of HTML is neither. */
export function emptyIsYes(doc: HttpDoc): StepVerdict {
  if (doc.text.trim() === '') return { accepted: true };
  if (doc.json === undefined) throw somethingElse(doc);
  const vendorText = saidIn(doc);
  return { accepted: true, ...(vendorText === '' ? {} : { vendorText }) };
}

/** A yes that says what it does; anything else with a good status is not this firmware's answer. */
export const saysYes =
  (yes: RegExp) =>
  (doc: HttpDoc): StepVerdict => {
    const vendorText = saidIn(doc);
    if (!yes.test(vendorText)) throw somethingElse(doc);
    return { accepted: true, vendorText };
  };

const somethingElse = ({ text }: HttpDoc): HeadframeError =>
  new HeadframeError('protocol/wrong-shape', { firstBytes: printable(new TextEncoder().encode(text.slice(0, 64))) });

/** Restarts a second after its answer (protocols.md 6.2). */
export const restartStep = (also: Pick<AxeStep, 'keyHeader'> = {}): Step =>
  axeStep({
    ...also,
    method: 'POST',
    path: '/api/system/restart',
    silenceIsFine: true,
    judge: saysYes(/will restart/i),
  });
