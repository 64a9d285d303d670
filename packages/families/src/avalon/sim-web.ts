import { utf8 } from '@headframe/wire/cgminer-server';
import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { bytesOf, passwordHashOf } from './sim-settings.ts';
import { farmPages } from './sim-web-farm.ts';
import { homePages } from './sim-web-home.ts';
import { authCookie, isLoggedIn } from './sim-web-login.ts';
import { loginPage, type PageReply, shell, type WebRequest } from './sim-web-page.ts';

/*
 * Port 80 (`protocols.md` 4). Whatever is asked without the cookie answers the login page with 200; data come as JSONP.
 * Names of pages and fields: the pages' own scripts on an A10, and Canaan's published source of the Nano 3S.
 */

/** Longer addresses are refused (source of the Nano 3S). */
const LONGEST_PATH = 64;

export function respond(machine: AvalonMachine, request: SimulatedHttpRequest, now: number): SimulatedHttpReply {
  const path = (request.path.split('?')[0] ?? '').replace(/^\//, '');
  if (path.length > LONGEST_PATH || !['GET', 'POST'].includes(request.method)) return NOT_FOUND;
  const asked = webRequest(request);
  if (path === '') return print(machine, loginPage);
  if (path === 'login.cgi') return print(machine, login(machine, request, asked));
  if (path === 'logout.cgi') return print(machine, loginPage);
  const pages = machine.plan.web === 'home' ? homePages : farmPages;
  const page = Object.hasOwn(pages, `${request.method} ${path}`) ? pages[`${request.method} ${path}`] : undefined;
  const open = page?.open === true || (path === 'get_minerinfo.cgi' && machine.quirks.openMinerInfo);
  if (!open && !isLoggedIn(machine, request)) return print(machine, loginPage);
  return page === undefined ? NOT_FOUND : print(machine, page.run(machine, asked, now));
}

const NOT_FOUND: SimulatedHttpReply = { status: 404, headers: {}, body: 'Not found\n' };

function webRequest(request: SimulatedHttpRequest): WebRequest {
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  return {
    method: request.method,
    host: (request.headers.host ?? '').replace(/:\d+$/, ''),
    field: (name) => {
      const value = form.get(name);
      return value === null ? null : utf8(value);
    },
  };
}

/** The cookie itself as `passwd` (home), or user and password in clear (A10); a right one gets the first page. */
function login(machine: AvalonMachine, request: SimulatedHttpRequest, asked: WebRequest): PageReply {
  const { web, login: factory } = machine.plan;
  const passwd = asked.field('passwd') ?? '';
  const first = web === 'home' ? shell('Dashboard', 'get_dashboard.cgi') : shell('Overview', 'get_minerinfo.cgi');
  if (isLoggedIn(machine, request) || passwd === authCookie(machine)) return first;
  const inClear = asked.field('username') === factory.user && passwordHashOf(passwd) === machine.kept.passwordHash;
  if (web === 'home' || !inClear || !ASSUMED.farmLoginSetsCookie || !('html' in first)) return loginPage;
  return { ...first, headers: { 'set-cookie': `auth=${authCookie(machine)}` } };
}

function print(machine: AvalonMachine, reply: PageReply): SimulatedHttpReply {
  if ('notFound' in reply) return NOT_FOUND;
  if ('html' in reply) {
    return { status: 200, headers: { 'content-type': 'text/html', ...reply.headers }, body: bytesOf(reply.html) };
  }
  const end = machine.quirks.jsonpTrailingComma ? ',' : '';
  const fields = reply.fields.map(([key, value]) => `"${key}":"${escaped(String(value))}"`).join(',');
  return { status: 200, headers: {}, body: bytesOf(`${reply.callback}({${fields}${end}});`) };
}

/** Every value is in quotes. The real program escapes nothing; a quote in a pool's name would break its page. */
const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&');
