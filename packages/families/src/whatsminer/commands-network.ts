import { type Action, action, choice, HeadframeError, integer, optional, type ReadBack, text } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { AT_ONCE, picked, RESTARTS, sealedState, shows, signedState } from './looks.ts';
import { through } from './through.ts';

/* Address, name, time zone, log server. */

const SOURCE = 'WhatsMiner net_config, set.system.net_config';
const NUMBER = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = `(?:${NUMBER}\\.){3}${NUMBER}`;
const IPV4 = new RegExp(`^${ADDRESS}$`);
const TWO_IPV4 = new RegExp(`^${ADDRESS}(?: ${ADDRESS})?$`);

const ipv4 = (about: string, pattern: RegExp = IPV4, inWords = 'IPv4 address') =>
  optional(text({ about, most: 31, pattern, inWords, source: SOURCE }));

interface Network {
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly dns: string;
}

const NETWORK_NAMES = ['proto', 'ip', 'netmask', 'gateway', 'dns'];

export const setNetwork: Action = action(
  {
    mode: choice(['dhcp', 'static'], { about: 'where the address comes from', source: SOURCE }),
    address: ipv4('IP address'),
    netmask: ipv4('netmask'),
    gateway: ipv4('gateway'),
    dns: ipv4('name servers', TWO_IPV4, 'one or two IPv4 addresses with a blank between them,'),
  },
  (links, { mode, ...given }) =>
    through(links, 'setNetwork', {
      v2: async () => {
        const told = await sealedState.infoIfAny(links);
        const now = told ?? new Fields({});
        const wanted = mode === 'dhcp' ? null : networkOf(given, now);
        return {
          commands: [
            {
              cmd: 'net_config',
              fields:
                wanted === null
                  ? { param: 'dhcp' }
                  : {
                      ip: wanted.address,
                      mask: wanted.netmask,
                      gate: wanted.gateway,
                      dns: wanted.dns,
                      host: now.str('hostname') ?? '',
                    },
              silenceIsFine: true,
            },
          ],
          notes: networkNotes(wanted, now),
          readBack: () =>
            told === null
              ? { never: 'its API does not tell its address' }
              : networkShows(wanted, now, 'get_miner_info', sealedState.info),
        };
      },
      v3: async () => {
        const network = async (at: Parameters<typeof signedState.info>[0]) =>
          (await signedState.info(at)).sub('network');
        const now = await network(links);
        const wanted = mode === 'dhcp' ? null : networkOf(given, now);
        const param =
          wanted === null
            ? 'dhcp'
            : { ip: wanted.address, netmask: wanted.netmask, gateway: wanted.gateway, dns: wanted.dns };
        return {
          commands: [{ cmd: 'set.system.net_config', param, silenceIsFine: true }],
          notes: networkNotes(wanted, now),
          readBack: networkShows(wanted, now, 'network of get.device.info', network),
        };
      },
    }),
  {
    takes: 'some minutes: the machine restarts',
    lasting: 'with wrong settings it cannot be reached any more',
  },
);

function networkOf(given: Readonly<Partial<Record<keyof Network, string | undefined>>>, now: Fields): Network {
  const wanted = {
    address: given.address ?? now.str('ip') ?? '',
    netmask: given.netmask ?? now.str('netmask') ?? '',
    gateway: given.gateway ?? now.str('gateway') ?? '',
    dns: given.dns ?? now.str('dns') ?? '',
  };
  // The manual itself prints an address with colons (protocols.md 11): what the machine says is looked at as well.
  const missing = (['address', 'netmask', 'gateway'] as const).find((name) => !IPV4.test(wanted[name]));
  if (missing === undefined) return wanted;
  const detail = `set-network static needs ${missing}: the machine has none to keep; nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

const networkNotes = (wanted: Network | null, now: Fields): string[] => [
  ...(wanted === null
    ? ['The DHCP server may give it another address: then it no longer answers here']
    : ['What is not given is sent back as the machine has it']),
  ...(wanted !== null && wanted.address !== now.str('ip')
    ? [
        `It answers at ${wanted.address} from then on, and no longer here; its MAC address is ${now.str('mac') ?? 'not told'}`,
      ]
    : []),
];

function networkShows(
  wanted: Network | null,
  now: Fields,
  looksAt: string,
  read: (links: Parameters<typeof sealedState.info>[0]) => Promise<Fields>,
): ReadBack | { readonly never: string } {
  if (wanted !== null && wanted.address !== now.str('ip')) {
    return { never: `it is looked for at ${wanted.address}, not here` };
  }
  return shows(
    looksAt,
    RESTARTS,
    async (links) => picked(await read(links), NETWORK_NAMES),
    (values) => {
      const isDhcp = String(values.proto).toLowerCase() === 'dhcp';
      if (wanted === null) return isDhcp;
      return (
        !isDhcp &&
        values.ip === wanted.address &&
        values.netmask === wanted.netmask &&
        values.gateway === wanted.gateway
      );
    },
  );
}

const AFTER_NETWORK = 'It takes effect when the network restarts, as with reboot';

export const setHostname: Action = action(
  {
    hostname: text({
      about: 'host name',
      most: 63,
      pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
      inWords: 'letters, digits and -',
      source: 'WhatsMiner set_hostname, set.system.hostname; letters as in every host name (RFC 1123)',
    }),
  },
  (links, { hostname }) =>
    through(links, 'setHostname', {
      v2: () => ({
        commands: [{ cmd: 'set_hostname', fields: { hostname } }],
        notes: [AFTER_NETWORK],
        readBack: () =>
          shows(
            'hostname of get_miner_info',
            AT_ONCE,
            async (at) => picked(await sealedState.info(at), ['hostname']),
            (values) => values.hostname === hostname,
          ),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.system.hostname', param: { hostname } }],
        notes: [AFTER_NETWORK],
        readBack: shows(
          'hostname of get.system.setting',
          AT_ONCE,
          async (at) => picked(await signedState.system(at), ['hostname']),
          (values) => values.hostname === hostname,
        ),
      }),
    }),
);

const ZONE = 'WhatsMiner set_zone, set.system.timezone';

export const setTimeZone: Action = action(
  {
    timeZone: text({
      about: 'name of the zone, such as Asia/Shanghai',
      most: 63,
      pattern: /^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/,
      inWords: 'a name of the time zone database',
      source: `${ZONE} zonename`,
    }),
    posix: text({
      about: 'the same zone as a POSIX rule, such as CST-8 (east of Greenwich is negative)',
      most: 63,
      pattern: /^(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)[+-]?\d{1,2}(?::\d{2})?[A-Za-z0-9<>+:,./-]*$/,
      inWords: 'a TZ rule',
      source: `${ZONE} timezone`,
    }),
  },
  (links, { timeZone, posix }) =>
    through(links, 'setTimeZone', {
      v2: () => ({
        commands: [{ cmd: 'set_zone', fields: { timezone: posix, zonename: timeZone } }],
        notes: [AFTER_NETWORK],
        readBack: () => ({ never: 'no command of port 4028 tells the time zone' }),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.system.timezone', param: { timezone: posix, zonename: timeZone } }],
        notes: [AFTER_NETWORK],
        readBack: shows(
          'timezone and zonename of get.system.setting',
          AT_ONCE,
          async (at) => picked(await signedState.system(at), ['timezone', 'zonename']),
          (values) => values.timezone === posix && values.zonename === timeZone,
        ),
      }),
    }),
);

const LOG = 'WhatsMiner load_log, set.log.upload';

export const setLogServer: Action = action(
  {
    server: text({ about: 'address of the log server', most: 15, pattern: IPV4, inWords: 'IPv4 address', source: LOG }),
    port: integer({ about: 'port of the log server', min: 1, max: 65_535, source: LOG }),
    protocol: optional(choice(['udp', 'tcp'], { about: 'how the log travels; udp unless given', source: LOG })),
  },
  (links, { server, port, protocol = 'udp' }) => {
    const target = { ip: server, port: String(port), proto: protocol };
    return through(links, 'setLogServer', {
      v2: () => ({
        commands: [{ cmd: 'load_log', fields: target }],
        readBack: () => ({ never: 'no command of port 4028 tells the log server' }),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.log.upload', param: target }],
        readBack: shows(
          'log-upload of get.system.setting',
          AT_ONCE,
          async (at) => picked((await signedState.system(at)).sub('log-upload'), ['ip', 'port', 'proto']),
          (values) => values.ip === server && String(values.port) === String(port) && values.proto === protocol,
        ),
      }),
    });
  },
);
