import {
  type Action,
  action,
  choice,
  HeadframeError,
  IPV4,
  ipv4,
  type Links,
  optional,
  type ReadBack,
  type Step,
  text,
} from '@headframe/model';
import { pageStep } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { codeVerdict, okVerdict } from './cgi-verdicts.ts';
import { formOf } from './older-form.ts';
import { SYSTEM_INFO_PATH } from './view.ts';
import { openPage, type Page, readPage } from './web-page.ts';

/* Network settings and host name, which are one form on both pages: what is not to change is sent back as it is. */

interface Network {
  readonly dhcp: boolean;
  readonly hostname: string;
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly dns: string;
}

const SOURCE = 'Antminer set_network_conf.cgi';
const addressOf = (about: string) => optional(ipv4({ about, source: SOURCE }));

export const networkCommands = {
  setNetwork: action(
    {
      mode: choice(['dhcp', 'static'], { about: 'where the address comes from', source: SOURCE }),
      address: addressOf('IP address'),
      netmask: addressOf('netmask'),
      gateway: addressOf('gateway'),
      dns: addressOf('name server'),
    },
    async (links, { mode, address, netmask, gateway, dns }) => {
      const page = await openPage(links);
      const now = await networkNow(links, page);
      const wanted: Network = {
        ...now,
        dhcp: mode === 'dhcp',
        address: address ?? now.address,
        netmask: netmask ?? now.netmask,
        gateway: gateway ?? now.gateway,
        dns: dns ?? now.dns,
      };
      const missing = (['address', 'netmask', 'gateway'] as const).find((name) => !IPV4.test(wanted[name]));
      if (mode === 'static' && missing !== undefined) {
        const detail = `set-network static needs ${missing}: the machine has none to keep; nothing was sent`;
        throw new HeadframeError('usage/invalid', { detail });
      }
      const moves = mode === 'static' && wanted.address !== page.system.str('ipaddress');
      return {
        notes: [
          'What is not given is sent back as the machine has it',
          ...(moves ? [`It answers at ${wanted.address} from then on, and no longer here`] : []),
          ...(mode === 'dhcp' ? ['The DHCP server may give it another address: then it no longer answers here'] : []),
        ],
        steps: [networkStep(page, wanted)],
        readBack: moves ? { never: `it is looked for at ${wanted.address}, not here` } : readBackOf(page, wanted),
      };
    },
    { takes: 'some seconds', hashing: 'interrupted' },
  ),
  setHostname: action(
    {
      hostname: text({
        about: 'host name',
        most: 63,
        pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
        inWords: 'letters, digits and -',
        source: `${SOURCE}; letters as in every host name (RFC 1123)`,
      }),
    },
    async (links, { hostname }) => {
      const page = await openPage(links);
      const wanted = { ...(await networkNow(links, page)), hostname };
      return {
        notes: ['It is part of the network settings: they are sent back as the machine has them'],
        steps: [networkStep(page, wanted)],
        readBack: readBackOf(page, wanted),
      };
    },
    { takes: 'some seconds', hashing: 'interrupted' },
  ),
} satisfies Record<string, Action>;

/** The older page may not have get_network_info.cgi; get_system_info.cgi says the same of the present state. */
async function networkNow(links: Links, { system }: Page): Promise<Network> {
  let fields = system;
  try {
    fields = new Fields(await readPage(links, '/cgi-bin/get_network_info.cgi'));
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError) || thrown.code !== 'support/unsupported') throw thrown;
  }
  const network = networkFrom(fields);
  if (network !== null) return network;
  const detail = 'its network settings do not say whether the address is from DHCP';
  throw new HeadframeError('protocol/wrong-shape', { detail });
}

/** `get_network_info.cgi`, or `get_system_info.cgi`; null where it is neither. */
export function networkFrom(fields: Fields): Network | null {
  const of = (name: string): string => fields.str(`conf_${name}`) ?? fields.str(name) ?? '';
  const nettype = of('nettype').toLowerCase();
  if (nettype !== 'dhcp' && nettype !== 'static') return null;
  return {
    dhcp: nettype === 'dhcp',
    hostname: of('hostname'),
    address: of('ipaddress'),
    netmask: of('netmask'),
    gateway: of('gateway'),
    dns: of('dnsservers'),
  };
}

const PATH = '/cgi-bin/set_network_conf.cgi';
/** The older page sleeps 10 s before it answers (protocols.md 2.4). */
const SAVING_MS = 30_000;

function networkStep({ kind }: Page, wanted: Network): Step {
  const http = { method: 'POST', path: PATH, replyMs: SAVING_MS } as const;
  if (kind === 'newer') {
    const body = {
      ipHost: wanted.hostname,
      ipPro: wanted.dhcp ? 1 : 2,
      ipAddress: wanted.address,
      ipSub: wanted.netmask,
      ipGateway: wanted.gateway,
      ipDns: wanted.dns,
    };
    return pageStep({
      http: { ...http, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
      silenceIsFine: true,
      judge: (doc) => codeVerdict(doc),
    });
  }
  const body = formOf([
    { name: '_ant_conf_nettype', is: 'the network type', value: wanted.dhcp ? 'DHCP' : 'Static' },
    { name: '_ant_conf_hostname', is: 'the host name', value: wanted.hostname },
    { name: '_ant_conf_ipaddress', is: 'the address', value: wanted.address },
    { name: '_ant_conf_netmask', is: 'the netmask', value: wanted.netmask },
    { name: '_ant_conf_gateway', is: 'the gateway', value: wanted.gateway },
    { name: '_ant_conf_dnsservers', is: 'the name servers', value: wanted.dns },
  ]);
  return pageStep({
    http: { ...http, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body },
    silenceIsFine: true,
    judge: okVerdict,
  });
}

/** The older page keeps its values without a word where it does not like ours (protocols.md 2.4). */
const readBackOf = (page: Page, wanted: Network): ReadBack => ({
  looksAt: 'get_network_info.cgi, or get_system_info.cgi',
  afterMs: 2_000,
  everyMs: 5_000,
  withinMs: 60_000,
  restarts: true,
  look: async (links) => {
    const system = new Fields(await readPage(links, SYSTEM_INFO_PATH));
    const now = await networkNow(links, { ...page, system });
    const compared = Object.keys(wanted).filter((name) => !wanted.dhcp || name === 'dhcp' || name === 'hostname');
    return {
      done: compared.every((name) => now[name as keyof Network] === wanted[name as keyof Network]),
      values: { ...now },
    };
  },
});
