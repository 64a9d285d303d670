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
  const { status } = reply;
  if (status === 401 || status === 403) throw new HeadframeError('auth/rejected', { request });
  if (status === 404) throw new HeadframeError('support/unsupported', { request, detail: 'it answers 404' });
  if (status === 503) throw new HeadframeError('device/busy', { request, vendorCode: '503' });
  if (status < 200 || status > 299) {
    const vendorText = printable(reply.body);
    return { accepted: false, vendorCode: String(status), ...(vendorText === '' ? {} : { vendorText }) };
  }
  return judge(parseHttpDoc(reply));
}
