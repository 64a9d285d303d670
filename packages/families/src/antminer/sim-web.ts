import type { ApiServer } from '@headframe/wire/cgminer-server';
import { ha1, parseAuthorization, verifyDigest } from '@headframe/wire/http';
import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { CGI_DOCUMENTS, printed } from './sim-documents.ts';
import type { AntminerModel } from './sim-models.ts';
import type { MinerState, Nameplate } from './sim-state.ts';

/*
 * Port 80: lighttpd with a digest password in front of everything, and shell scripts behind it
 * (protocols.md 2.2 to 2.4). The pages that change something are not here yet: they answer 404.
 */

const REALM = 'antMiner Configuration';
const NONCE_MS = 600_000;

interface WebPage {
  readonly model: AntminerModel;
  readonly nameplate: Nameplate;
  readonly stateAt: (now: number) => MinerState;
  /** The program behind the page: the older scripts pass its replies on. */
  readonly api: ApiServer;
  readonly rateAt: (now: number) => number;
  /** Null: the page asks for no password. */
  readonly password: string | null;
  readonly programRuns: (now: number) => boolean;
}

export function respond(page: WebPage, request: SimulatedHttpRequest, now: number): SimulatedHttpReply {
  const refused = page.password === null ? null : askForPassword(request, page.password, page.nameplate.serial, now);
  if (refused !== null) return refused;
  const path = request.path.split('?')[0] ?? '';
  if (path === '/') return html(200, '<html><head><title>Ant Miner</title></head><body></body></html>\n');
  const name = /^\/cgi-bin\/(\w+)\.cgi$/.exec(path)?.[1];
  const script = name === undefined ? undefined : scriptNamed(page.model.web === 'new' ? NEW_PAGES : OLD_PAGES, name);
  // Shell scripts send no content type with their JSON (2.2).
  return script === undefined
    ? html(404, '<h1>404 - Not Found</h1>\n')
    : { status: 200, headers: SERVER, body: script(page, request, now) };
}

const SERVER = { server: 'lighttpd/1.4.32' };

const html = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): SimulatedHttpReply => ({
  status,
  headers: { ...SERVER, 'content-type': 'text/html', ...headers },
  body,
});

/** The nonce carries its own time and is checked by hashing again: the server keeps nothing. */
const nonceOf = (secret: string, at: string): string => `${at}:${ha1('nonce', at, secret)}`;

function askForPassword(
  request: SimulatedHttpRequest,
  password: string,
  secret: string,
  now: number,
): SimulatedHttpReply | null {
  const header = request.headers.authorization ?? '';
  const answer = parseAuthorization(header);
  const issued = answer?.nonce.split(':')[0] ?? '';
  const ours = answer !== null && answer.nonce === nonceOf(secret, issued);
  const right =
    ours && verifyDigest(header, request.method, { realm: REALM, users: { root: password }, uri: request.path });
  const fresh = now - Number.parseInt(issued, 16) * 1000 <= NONCE_MS;
  if (right && fresh) return null;
  const nonce = nonceOf(secret, Math.floor(now / 1000).toString(16));
  const stale = right ? ', stale=true' : '';
  return html(401, '<h1>401 - Unauthorized</h1>\n', {
    'www-authenticate': `Digest realm="${REALM}", nonce="${nonce}", qop="auth"${stale}`,
  });
}

const scriptNamed = (pages: Readonly<Record<string, Script>>, name: string): Script | undefined =>
  Object.hasOwn(pages, name) ? pages[name] : undefined;

type Script = (page: WebPage, request: SimulatedHttpRequest, now: number) => string;

/** The address by which the machine was reached is the one that it has. */
const addressOf = (request: SimulatedHttpRequest): string => (request.headers.host ?? '').replace(/:\d+$/, '');

const systemInfo = ({ model, nameplate }: WebPage, request: SimulatedHttpRequest) => ({
  minertype: model.type,
  nettype: 'DHCP',
  netdevice: 'eth0',
  macaddr: nameplate.mac,
  hostname: nameplate.hostname,
  ipaddress: addressOf(request),
  netmask: '255.255.255.0',
  gateway: '',
  dnsservers: '',
});

const networkInfo: Script = ({ nameplate }, request) =>
  printed({
    nettype: 'DHCP',
    netdevice: 'eth0',
    macaddr: nameplate.mac,
    ipaddress: addressOf(request),
    netmask: '255.255.255.0',
    conf_nettype: 'DHCP',
    conf_hostname: nameplate.hostname,
    conf_ipaddress: '',
    conf_netmask: '',
    conf_gateway: '',
    conf_dnsservers: '',
  });

/** The whole configuration, pool passwords in clear. */
function minerConf({ model, stateAt }: WebPage, now: number) {
  const state = stateAt(now);
  return {
    pools: state.pools.map(({ url, user, password }) => ({ url, user, pass: password })),
    'api-listen': true,
    'api-network': true,
    'api-groups': 'A:stats:pools:devs:summary:version',
    'api-allow': 'A:0/0,W:*',
    'bitmain-fan-ctrl': false,
    'bitmain-fan-pwm': '100',
    'bitmain-use-vil': true,
    'bitmain-freq': String(model.frequencyMHz),
    'bitmain-voltage': '1320',
    'bitmain-ccdelay': '0',
    'bitmain-pwth': '0',
    'bitmain-work-mode': state.asleep ? '1' : '0',
    'bitmain-freq-level': '100',
  };
}

/** The pages pass the program on; while it does not run there is nothing to pass. */
const fromProgram =
  (name: string): Script =>
  ({ model, stateAt, programRuns }, _, now) =>
    programRuns(now)
      ? (CGI_DOCUMENTS[name]?.(model, stateAt(now), now) ?? '')
      : 'Socket connect failed: Connection refused\n';

const NEW_PAGES: Readonly<Record<string, Script>> = {
  miner_type: ({ model }) =>
    printed({ miner_type: model.type, subtype: model.subtype, fw_version: model.filesystemVersion }),
  get_system_info: (page, request) =>
    printed({
      ...systemInfo(page, request),
      system_mode: 'GNU/Linux',
      system_kernel_version: `Linux 4.9.113 #1 SMP PREEMPT ${page.model.compileTime}`,
      system_filesystem_version: page.model.filesystemVersion,
      firmware_type: 'Release',
      Algorithm: page.model.algorithm,
      serinum: page.nameplate.serial,
    }),
  get_network_info: networkInfo,
  summary: fromProgram('summary'),
  stats: fromProgram('stats'),
  pools: fromProgram('pools'),
  chart: ({ model, rateAt }, _, now) => {
    const steps = Array.from({ length: 24 }, (_, i) => now - (23 - i) * 900_000);
    return printed({
      RATE: [
        {
          unit: `${model.unit.name}/s`,
          xAxis: steps.map((at) => new Date(at).toISOString().slice(11, 16)),
          series: [{ name: 'rate', data: steps.map((at) => Math.round(rateAt(at) / model.unit.hs)) }],
        },
      ],
    });
  },
  get_miner_conf: (page, _, now) => printed(minerConf(page, now)),
  get_blink_status: () => printed({ blink: false }),
  log: ({ model }, _, now) =>
    `${new Date(now).toISOString()} ${model.type}: bmminer ${model.minerVersion} is running\n`,
};

const passedOn =
  (command: string): Script =>
  ({ api, programRuns }, _, now) => {
    if (!programRuns(now)) return 'Socket connect failed: Connection refused\n';
    const request = new TextEncoder().encode(JSON.stringify({ command }));
    return new TextDecoder('latin1').decode(api.answer(request, '127.0.0.1', now).bytes).replaceAll('\0', '');
  };

/** The scripts of the older page that only read; get_miner_status.cgi and the rest come with its writes. */
const OLD_PAGES: Readonly<Record<string, Script>> = {
  get_system_info: (page, request, now) =>
    printed({
      ...systemInfo(page, request),
      curtime: new Date(now).toISOString().slice(11, 19),
      uptime: '1',
      loadaverage: '0.91, 0.87, 0.86',
      mem_total: '233120',
      mem_used: '63108',
      mem_free: '170012',
      mem_buffers: '0',
      mem_cached: '28404',
      system_mode: 'GNU/Linux',
      ant_hwv: '16.8.1.3',
      system_kernel_version: 'Linux 3.14.0-xilinx #57 SMP PREEMPT',
      system_filesystem_version: page.model.filesystemVersion,
      cgminer_version: page.model.minerVersion,
    }),
  get_network_info: networkInfo,
  get_miner_conf: (page, _, now) => {
    const { 'bitmain-work-mode': _mode, 'bitmain-freq-level': _level, ...conf } = minerConf(page, now);
    return printed(conf);
  },
  miner_summary: passedOn('summary'),
  miner_stats: passedOn('stats'),
  miner_pools: passedOn('pools'),
};
