import {
  type Action,
  blankIdentity,
  HeadframeError,
  type HttpRequest,
  type Identity,
  type Links,
  type Prepared,
  readParameters,
  type StepVerdict,
} from '@headframe/model';
import { actionsOf } from './commands.ts';
import { ownOf } from './commands-own.ts';

/*
 * A machine typed to protocols.md 2, in memory: pages by path, commands by name, and a note of everything that was asked.
 * It does nothing by itself, so a test says what it shows before and after.
 */

export interface Answers {
  /** By `GET /path` or `POST /path`: a status, a body, or an error of the link. */
  pages?: Record<string, number | string | HeadframeError>;
  /** By command; with a parameter by `command|parameter`. */
  commands?: Record<string, string | (() => string) | HeadframeError>;
  monitor?: Record<string, string | HeadframeError>;
  login?: boolean;
  as?: Links;
}

export const at = { now: 1_795_161_600_000 };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const asked: string[] = [];

export function machineOf({ pages = {}, commands, monitor, login = true, as }: Answers): Links {
  asked.length = 0;
  const reply = (found: number | string | HeadframeError | undefined) => {
    if (found instanceof HeadframeError) throw found;
    const status = typeof found === 'number' ? found : found === undefined ? 404 : 200;
    return { status, headers: {}, body: encode(typeof found === 'string' ? found : ''), at: at.now, ms: 1 };
  };
  return {
    clock: { now: () => at.now },
    credentials: login ? { username: 'root', password: 'old-word' } : null,
    http: {
      hasCredentials: login,
      http: async ({ method, path, body }: HttpRequest) => {
        asked.push(`${method} ${path}${typeof body === 'string' && body !== '' ? ` ${body}` : ''}`);
        return reply(login ? pages[`${method} ${path}`] : 401);
      },
    },
    ...(commands && {
      cgminer: {
        exchange: async (request) => {
          const { command, parameter } = JSON.parse(new TextDecoder().decode(request)) as Record<string, string>;
          const name = parameter === undefined ? command : `${command}|${parameter}`;
          asked.push(`4028 ${name}`);
          const found = commands[name ?? ''] ?? DENIED;
          if (found instanceof HeadframeError) throw found;
          const text = typeof found === 'string' ? found : found();
          return { bytes: encode(`${text}\0`), at: at.now, ms: 1, ended: 'fin' as const };
        },
      },
    }),
    ...(monitor && {
      monitor: {
        hasCredentials: false,
        http: async ({ method, path }: HttpRequest) => {
          asked.push(`6060 ${method} ${path}`);
          return reply(monitor[path] ?? 'error 6060 cmd');
        },
      },
    }),
    ...(as && { as: () => as }),
  };
}

/** The factory list on everything but its five commands (protocols.md 1.6, 2.1). */
export const DENIED =
  '{"STATUS":[{"STATUS":"E","When":1,"Code":45,"Msg":"Access denied to \'privileged\' command","Description":"cgminer 1.0.0"}],"id":1}';
export const ALLOWED =
  '{"STATUS":[{"STATUS":"S","When":1,"Code":46,"Msg":"Privileged access OK","Description":"cgminer 1.0.0"}],"id":1}';

export const NEWER_SYSTEM =
  '{"minertype":"Antminer S19","nettype":"DHCP","netdevice":"eth0","macaddr":"02:AB:CD:EF:01:23","hostname":"antMiner","ipaddress":"10.0.0.5","netmask":"255.255.255.0","gateway":"","dnsservers":"","system_mode":"GNU/Linux","system_kernel_version":"Linux 4.6.0","system_filesystem_version":"Tue Dec  6 16:12:30 CST 2022","firmware_type":"Release"}';
export const OLDER_SYSTEM =
  '{"minertype":"Antminer S17","nettype":"DHCP","netdevice":"eth0","macaddr":"02:AB:CD:EF:01:24","hostname":"antMiner","ipaddress":"10.0.0.6","netmask":"255.255.255.0","gateway":"10.0.0.1","dnsservers":"10.0.0.1","curtime":"10:32:15","uptime":"4:05","loadaverage":"1.8, 1.7, 1.6","mem_total":"232772","mem_used":"56384","mem_free":"176388","mem_buffers":"0","mem_cached":"32768","system_mode":"GNU/Linux","ant_hwv":"17.10.1.3","system_kernel_version":"Linux 4.6.0","system_filesystem_version":"Tue Oct 29 18:40:24 CST 2019","cgminer_version":"2.0.0"}';

const POOLS =
  '"pools":[{"url":"stratum+tcp://a.example:3333","user":"acct.a","pass":"pw-a"},{"url":"stratum+tcp://b.example:443","user":"acct.b","pass":"pw-b"},{"url":"","user":"","pass":""}],"api-listen":true,"api-network":true,"api-groups":"A:stats:pools:devs:summary:version","api-allow":"A:0/0,W:*"';
export const NEWER_CONF = `{${POOLS},"bitmain-fan-ctrl":false,"bitmain-fan-pwm":"100","bitmain-use-vil":true,"bitmain-freq":"675","bitmain-voltage":"1400","bitmain-ccdelay":"0","bitmain-pwth":"0","bitmain-work-mode":"0","bitmain-freq-level":"100"}`;
export const OLDER_CONF = `{${POOLS},"bitmain-use-vil":true,"bitmain-work-mode":"2","bitmain-freq":"675","bitmain-voltage":"1650"}`;

export const summaryOf = (elapsed: number, ghs = 110_000.5): string =>
  `{"STATUS":[{"STATUS":"S","When":1,"Code":11,"Msg":"Summary"}],"SUMMARY":[{"Elapsed":${elapsed},"GHS 5s":${ghs},"GHS av":${ghs}}],"id":1}`;
/** The four replies of a poll, joined as they are asked; the program started so many seconds before this moment. */
export function joined(version: string, elapsed: number, stats: string, pools: string): Record<string, () => string> {
  const startedAt = at.now - elapsed * 1000;
  const slots = (names: string) => () =>
    `{${Object.entries({ version, summary: summaryOf((at.now - startedAt) / 1000), stats, pools })
      .filter(([name]) => names.split('+').includes(name))
      .map(([name, text]) => `"${name}":[${text}]`)
      .join(',')},"id":1}`;
  return Object.fromEntries(
    ['version+summary+stats+pools', 'summary+stats+pools'].map((names) => [names, slots(names)]),
  );
}

export const VERSION =
  '{"STATUS":[{"STATUS":"S","When":1,"Code":22,"Msg":"CGMiner versions"}],"VERSION":[{"BMMiner":"1.0.0","API":"3.1","Miner":"49.0.1.3","CompileTime":"Tue Dec  6 16:12:30 CST 2022","Type":"Antminer S19"}],"id":1}';
export const STATS =
  '{"STATUS":[{"STATUS":"S","When":1,"Code":70,"Msg":"CGMiner stats"}],"STATS":[{"Type":"Antminer S19"},{"STATS":0,"ID":"BTM_SOC0","Elapsed":5000,"GHS 5s":110000.5,"rate_unit":"GH"}],"id":1}';

export const poolsOf = (...pools: [url: string, user: string][]): string =>
  `{"STATUS":[{"STATUS":"S","When":1,"Code":7,"Msg":"${pools.length} Pool(s)"}],"POOLS":[${pools
    .map(([url, user], i) => `{"POOL":${i},"URL":"${url}","Status":"Alive","Priority":${i},"User":"${user}"}`)
    .join(',')}],"id":1}`;

/** Reads the parameters as a person gave them, and looks what would be sent. */
export const prepare = (action: Action, links: Links, given: Record<string, unknown> = {}): Promise<Prepared> =>
  action.prepare(links, readParameters('test', action, given));

/** Exactly what leaves: method, path, headers and body, and the same as it is shown. */
export function requestOf({ steps }: Prepared): { sent: string; shown: string } {
  if (steps.length !== 1) throw new Error(`${steps.length} steps`);
  const request = steps[0]?.request('');
  if (request === undefined) throw new Error('no request');
  if ('bytes' in request) return { sent: new TextDecoder().decode(request.bytes), shown: request.shown };
  if (!('http' in request)) throw new Error(`nothing that goes over ${request.over} is typed here`);
  const { method, path, headers = {}, body = '' } = request.http;
  const text = typeof body === 'string' ? body : new TextDecoder('latin1').decode(body);
  const lines = [`${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return { sent: text === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${text}`, shown: request.shown };
}

/** What the step makes of a reply. */
export function verdictOn({ steps }: Prepared, body: string, status = 200): StepVerdict | string {
  try {
    const reply = { status, headers: {}, body: encode(body), at: at.now, ms: 1 };
    return steps[0]?.verdict(reply) ?? 'no step';
  } catch (thrown) {
    return thrown instanceof HeadframeError ? thrown.code : String(thrown);
  }
}

/** What the read-back sees on a machine that shows this. */
export async function lookAt({ readBack }: Prepared, links: Links, sentAt = at.now): Promise<boolean | string> {
  if ('never' in readBack) return readBack.never;
  try {
    return (await readBack.look(links, sentAt)).done;
  } catch (thrown) {
    return thrown instanceof HeadframeError ? thrown.code : String(thrown);
  }
}

/** A machine with the newer web page, and with the older one; what is given stands over what they show. */
export const newer = (more: Answers = {}): Links => withPages(NEWER_SYSTEM, NEWER_CONF, more);
export const older = (more: Answers = {}): Links => withPages(OLDER_SYSTEM, OLDER_CONF, more);

const withPages = (system: string, conf: string, more: Answers): Links =>
  machineOf({
    ...more,
    pages: { 'GET /cgi-bin/get_system_info.cgi': system, 'GET /cgi-bin/get_miner_conf.cgi': conf, ...more.pages },
  });

export const identityOf = (model: string | null): Identity => ({ ...blankIdentity('antminer'), model });

/** A machine that does not say its model could have either web page: it is offered everything. */
const ALL: Readonly<Record<string, Action>> = { ...ownOf(identityOf(null)), ...actionsOf(identityOf(null)) };

export function actionOf(name: string): Action {
  const found = ALL[name];
  if (found === undefined) throw new Error(`no action ${name}`);
  return found;
}

/** Three pools as they stand in the configuration, an empty slot, and the third as a person gives it. */
export const A = '{"url":"stratum+tcp://a.example:3333","user":"acct.a","pass":"pw-a"}';
export const B = '{"url":"stratum+tcp://b.example:443","user":"acct.b","pass":"pw-b"}';
export const C = '{"url":"stratum+tcp://c.example:25","user":"acct.c","pass":"pw-c"}';
export const NONE = '{"url":"","user":"","pass":""}';
export const c = { url: 'stratum+tcp://c.example:25', worker: 'acct.c', password: 'pw-c' };
