import { type AxeSeen, HeadframeError, type Look, type Reply } from '@headframe/model';
import { askPage, INFO_PATH } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';
import { httpLink } from '../links/http-link.ts';
import type { Requests } from './again.ts';
import { askedPage } from './ask-http.ts';
import { type Asking, type Heard, turn } from './asking.ts';
import { notSeen, whyNotSeen } from './exchanges.ts';

/** A page of somebody else on the internet, as a browser would name it: no private address (protocols.md 6.1). */
const FOREIGN_ORIGIN = 'https://example.com';

/** The page of facts, under the name that the family gives it. Never rejects. */
export const sendInfo = ({ dial }: Asking, port: number): Promise<Reply> =>
  askPage(httpLink(dial, port), dial.clock, 'info', INFO_PATH);

/**
 * The info page without an Origin header, as we and monitors ask, and with one, as a browser's page of another site
 * does: where only the second is refused, the rule of the origin is at work and nothing is broken (protocols.md 6.1).
 */
export async function askAxeos(asking: Asking, port: number, requests: Requests, heard: Heard): Promise<Look<AxeSeen>> {
  const asked = askedPage(asking.host, port, INFO_PATH);
  const reply = await requests.ask(asked, () => sendInfo(asking, port));
  if (reply === null) return notSeen('it was not asked any more');
  heard.set('info', reply);
  if (requests.isOver) return reply.error === null ? notSeen('it stopped answering') : whyNotSeen(reply.error);
  const statusWithoutOrigin = statusOf(reply);
  let statusWithOrigin: number | null = null;
  let at = reply.meta.at;
  let ms = 0;
  try {
    const seen = await turn(asking, () =>
      httpLink(asking.dial, port).http({ method: 'GET', path: INFO_PATH, headers: { Origin: FOREIGN_ORIGIN } }),
    );
    statusWithOrigin = seen.status;
    ({ at, ms } = seen);
  } catch (thrown) {
    // That the second request broke is a finding as well: its status stays unknown.
    if (!(thrown instanceof HeadframeError)) throw thrown;
  }
  const rssiDbm = new Fields(reply.doc).num('wifiRSSI');
  const signal = rssiDbm === null ? '' : `, Wi-Fi signal ${rssiDbm} dBm`;
  const said = (status: number | null) => (status === null ? 'no answer' : `HTTP ${status}`);
  return {
    value: { statusWithoutOrigin, statusWithOrigin, rssiDbm },
    at,
    ms,
    bytes: reply.meta.bytes,
    line: `${port} ${INFO_PATH}: ${said(statusWithoutOrigin)} without an Origin header, ${said(statusWithOrigin)} with the Origin of another site${signal}`,
    command: `curl -si -H 'Origin: ${FOREIGN_ORIGIN}' http://${asking.host}${port === 80 ? '' : `:${port}`}${INFO_PATH}`,
  };
}

/** The HTTP status behind a reply of {@link askPage}, as far as its error tells it. */
function statusOf({ error }: Reply): number | null {
  if (error === null) return 200;
  if (error.code.startsWith('auth/')) return 401;
  if (error.code === 'support/unsupported') return 404;
  const status = Number(error.context.vendorCode);
  return Number.isInteger(status) && status > 0 ? status : null;
}
