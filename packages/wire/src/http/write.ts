import {
  HeadframeError,
  type HttpDoc,
  type HttpReply,
  type HttpRequest,
  printable,
  type RawReply,
  type Step,
  type StepVerdict,
} from '@headframe/model';
import { statusError } from './ask.ts';
import { parseHttpDoc } from './document.ts';

export interface PageStep {
  readonly over?: 'http' | 'monitor';
  readonly http: HttpRequest;
  /** The body as it is shown, where it holds a secret or is long; the body itself if absent. */
  readonly shownBody?: string;
  readonly silenceIsFine?: true;
  /** What a reply with a status of 200 to 299 says. */
  readonly judge: (doc: HttpDoc) => StepVerdict;
}

/** One request to a web page as a step of an action. */
export function pageStep({ over = 'http', http, shownBody, silenceIsFine, judge }: PageStep): Step {
  return {
    request: () => ({ over, http, shown: shownRequest(http, shownBody) }),
    verdict: (reply) => pageVerdict(http, reply, judge),
    ...(silenceIsFine === undefined ? {} : { silenceIsFine }),
  };
}

/** Method, path and body: what leaves, but for the headers that every request has. */
function shownRequest({ method, path, headers = {}, body }: HttpRequest, shownBody: string | undefined): string {
  const lines = [`${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  const text = shownBody ?? (typeof body === 'string' ? body : body === undefined ? '' : `${body.length} bytes`);
  return text === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${text}`;
}

/**
 * @throws HeadframeError `auth/rejected` for 401 and 403, `support/unsupported` for 404: surely not done;
 * `device/busy` for 503
 */
function pageVerdict(
  { method, path }: HttpRequest,
  reply: RawReply | HttpReply,
  judge: (doc: HttpDoc) => StepVerdict,
): StepVerdict {
  const request = `${method} ${path}`;
  if (!('status' in reply)) throw new HeadframeError('internal', { detail: 'a reply of another protocol', request });
  const error = statusError(reply, true, request, false);
  if (error === null) return judge(parseHttpDoc(reply));
  if (error.code !== 'device/refused') throw error;
  const vendorText = printable(reply.body);
  return { accepted: false, vendorCode: String(reply.status), ...(vendorText === '' ? {} : { vendorText }) };
}
