import { asHeadframeError, HeadframeError, type HttpReply, type Links, type Reply } from '@headframe/model';
import { statusError } from '@headframe/wire/http';
import { parseLenient } from '@headframe/wire/json';
import { failed } from './ask.ts';

/*
 * The older web page, OpenWrt's LuCI: the only door of releases before 24.09 that tells the MAC address, and that only
 * behind its login. Path and form are those of two public clients, which agree; the reply is in the captures.
 */

export const LUCI_NETWORK = 'luci:iface_status';
const PATH = '/cgi-bin/luci/admin/network/iface_status/lan';

/** It answers this browser and few others: both public clients say so. */
const HEADERS = { 'user-agent': 'BTC Tools v0.1' };

/** The state of its network interface. Never rejects. A login and one page: nothing is left open, and nothing kept. */
export async function askLuciNetwork(links: Links & Required<Pick<Links, 'http'>>): Promise<Reply> {
  const request = `GET ${PATH}`;
  const startedAt = links.clock.now();
  try {
    const cookie = await login(links);
    const reply = await links.http.http({ method: 'GET', path: PATH, headers: { ...HEADERS, cookie } });
    const times = { at: reply.at, ms: reply.ms, bytes: reply.body };
    const error = statusError(reply, true, request, false);
    if (error !== null) return failed(LUCI_NETWORK, request, error, times);
    try {
      const { value, repairs } = parseLenient(reply.body);
      const meta = { id: LUCI_NETWORK, request, at: reply.at, ms: reply.ms, bytes: reply.body.length };
      return { meta: { ...meta, repairs: [...repairs], error: null }, doc: value, raw: reply.body, error: null };
    } catch (thrown) {
      return failed(LUCI_NETWORK, request, asHeadframeError(thrown, { request }), times);
    }
  } catch (thrown) {
    const at = links.clock.now();
    return failed(LUCI_NETWORK, request, asHeadframeError(thrown, { request }), { at, ms: at - startedAt });
  }
}

async function login({ http, credentials }: Links & Required<Pick<Links, 'http'>>): Promise<string> {
  const request = 'POST /cgi-bin/luci';
  if (credentials == null) throw new HeadframeError('auth/required', { request });
  const { username, password } = credentials;
  const reply = await http.http({
    method: 'POST',
    path: '/cgi-bin/luci',
    headers: { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded' },
    body: `luci_username=${encodeURIComponent(username)}&luci_password=${encodeURIComponent(password)}`,
  });
  const cookie = cookieOf(reply);
  if (cookie !== null) return cookie;
  const { status } = reply;
  // A wrong password shows the form again, with 200 or 403.
  if (status === 404) throw new HeadframeError('support/unsupported', { request, detail: 'it answers 404' });
  if (status >= 500) throw new HeadframeError('device/refused', { request, vendorCode: String(status) });
  throw new HeadframeError('auth/rejected', { request });
}

/** `sysauth` is LuCI's own name of it, `session_id` that of a public client. Headers of one name are joined by `, `. */
const cookieOf = ({ headers }: HttpReply): string | null =>
  /(?:^|, ?)((?:sysauth\w*|session_id)=[\w.~+/=-]{1,512})(?:;|,|$)/.exec(headers['set-cookie'] ?? '')?.[1] ?? null;
