import { create } from '@bufbuild/protobuf';
import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { AuthenticationService, callOf, LoginRequestSchema } from './contract/index.ts';
import { answerCall } from './sim-api.ts';
import { unaryCalls } from './sim-calls.ts';
import { macOf } from './sim-identity.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { ApiRefusal } from './sim-refusal.ts';
import { cookieOf, sessionCookie } from './sim-web-cookie.ts';

/*
 * What is left of LuCI, the page of OpenWrt, below /cgi-bin/luci: for the tool of a pool that looks for machines, and only
 * where it says its name (public clients: pyasic, asic-rs). A login is a form, its session a cookie; without one 401.
 */

const ROOT = '/cgi-bin/luci';
const TOOL = /^BTC Tools/i;

/** Not known of it, and ours: it went with the release that brought REST; a login that fails is 401 as well. */
const GONE_OS = 25.07;

/** Null for a path that is none of it. */
export function luciReply(
  machine: BraiinsMachine,
  request: SimulatedHttpRequest,
  now: number,
): SimulatedHttpReply | null {
  const [path = ''] = request.path.split('?');
  const isBelow = path === ROOT || path.startsWith(`${ROOT}/`);
  if (!isBelow || machine.release.os >= GONE_OS || !TOOL.test(request.headers['user-agent'] ?? '')) return null;
  if (request.method === 'POST') return loggedIn(machine, request.body, now);
  const page = path.slice(ROOT.length).replace(/^\/|\/$/g, '');
  if (page === '') return null;
  const token = cookieOf(request);
  if (token === null || !machine.tokens.use(now, token)) return plain(401, 'Unauthorized');
  const document = Object.hasOwn(PAGES, page) ? PAGES[page] : undefined;
  if (document === undefined) return plain(404, 'Not Found');
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: document(machine, now) };
}

const plain = (status: number, body: string): SimulatedHttpReply => ({
  status,
  headers: { 'Content-Type': 'text/plain' },
  body,
});

function loggedIn(machine: BraiinsMachine, body: Uint8Array, now: number): SimulatedHttpReply {
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const served = unaryCalls.get(callOf(AuthenticationService.method.login));
  const username = form.get('luci_username') ?? '';
  const request = create(LoginRequestSchema, { username, password: form.get('luci_password') ?? '' });
  try {
    const { authorization = '' } = served === undefined ? {} : answerCall(machine, served, request, now).headers;
    // No redirection: asic-rs follows one, and would not find the cookie.
    return {
      status: 200,
      headers: { 'Content-Type': 'text/html', 'Set-Cookie': sessionCookie(authorization) },
      body: '',
    };
  } catch (thrown) {
    if (thrown instanceof ApiRefusal) return plain(401, thrown.message);
    throw thrown;
  }
}

type Document = (machine: BraiinsMachine, now: number) => string;

const network: Document = ({ key, release }) =>
  // Both forms are those of captures: 22.08 and 25.03.
  release.os < 24.09 ? `[{"macaddr":  "${macOf(key)}"}]` : `[{"macaddr":"${macOf(key)}"}]`;

/** Members that clients read: the version; the protocol of the network and the uptime; pools and target (BOSminer+ 0.2.0). */
const PAGES: Readonly<Record<string, Document>> = {
  'admin/network/iface_status/lan': network,
  'bos/info': ({ release }) => JSON.stringify({ version: release.firmware }),
  'admin/status/overview': (machine, now) => {
    const proto = machine.system.network.dhcp ? 'dhcp' : 'static';
    return JSON.stringify({ uptime: machine.uptimeS(now), wan: { proto } });
  },
  'admin/miner/cfg_data': ({ saved, plan, release }, now) => {
    const timestamp = Math.floor(now / 1000);
    const generator = `BOSer ${release.boser}`;
    const { mode, powerW } = saved.performance;
    return JSON.stringify({
      status: { code: 0, message: null, generator, timestamp },
      data: {
        format: { version: '1.2+', model: plan.name, generator, timestamp },
        group: saved.groups.map(({ name, pools }) => ({
          name,
          pool: pools.map(({ url, user, password }) => ({ url, user, ...(password !== null && { password }) })),
        })),
        autotuning: { enabled: mode !== 'manual', ...(mode === 'power' && { psu_power_limit: powerW }) },
      },
    });
  },
};
