import {
  type Action,
  type ActionName,
  action,
  choice,
  flag,
  HeadframeError,
  IPV4,
  ipv4,
  type Links,
  MASK,
  optional,
  type Parameter,
  type ReadBack,
  type Step,
  secret,
  text,
} from '@headframe/model';
import { listPools, lookForRestart } from '@headframe/wire/cgminer';
import { ascset, needsOption, queryShows, withoutCommas } from './ascset.ts';
import { lastNumber, loginOf, REBOOT, rebootStep } from './commands-power.ts';
import type { Generation } from './quirks.ts';
import { pageAnswers } from './web-login.ts';

/* Light, network, password, time and factory settings. */

export const unitActions = ({ kind, timeZone }: Generation): Partial<Record<ActionName, Action>> => ({
  ...(kind === 'farm' ? { locate, setNetwork, factoryReset } : {}),
  ...(timeZone === undefined ? {} : { setTimeZone }),
  ...(kind === 'modules' ? {} : { setPassword }),
});

/** `led,1-1` on, `led,1-0` off, `led,1-255` says `LED[1]` (vendor's manual of the A10). */
const locate: Action = action(
  { on: flag({ about: 'white or not', source: 'Avalon ascset led' }) },
  async (links, { on }) => {
    await needsOption(links, 'led');
    return {
      steps: [ascset('led', { value: `1-${on ? 1 : 0}` })],
      readBack: queryShows('led,1-255', (answer) => lastNumber(answer) === (on ? 1 : 0)),
    };
  },
  { does: 'Makes the light of the machine white', lasting: 'until it is switched off' },
);

/** One or two name servers. */
export const nameServers: Parameter<string> = {
  ...text({ about: 'name servers', most: 31, source: 'Avalon ascset dns' }),
  takes: 'one or two IPv4 addresses parted by a comma',
  read: (given) => {
    const servers = typeof given === 'string' ? given.split(',') : [];
    return servers.length > 0 && servers.length < 3 && servers.every((one) => IPV4.test(one))
      ? servers.join(',')
      : undefined;
  },
};

/** `dns,a,b`: a single one is sent twice, as two are documented. */
export function dnsStep(servers: string): Step {
  const [first = '', second = first] = servers.split(',');
  return ascset('dns', { value: `${first},${second}` });
}

const setNetwork: Action = action(
  {
    mode: choice(['dhcp', 'static'], { about: 'where the address comes from', source: 'Avalon ascset ip' }),
    address: optional(ipv4({ about: 'IP address', source: 'Avalon ascset ip' })),
    netmask: optional(ipv4({ about: 'netmask', source: 'Avalon ascset ip' })),
    gateway: optional(ipv4({ about: 'gateway', source: 'Avalon ascset ip' })),
    dns: optional(nameServers),
  },
  async (links, { mode, address, netmask, gateway, dns }) => {
    await needsOption(links, 'ip', 'reboot', ...(dns === undefined ? [] : ['dns']));
    if (mode === 'static' && (address === undefined || netmask === undefined || gateway === undefined)) {
      const detail =
        'set-network static needs address, netmask and gateway: the machine does not tell those it has; nothing was sent';
      throw new HeadframeError('usage/invalid', { detail });
    }
    return {
      notes: [
        mode === 'static'
          ? `It answers at ${address} from its next start on`
          : 'The DHCP server may give it another address at its next start: then it no longer answers here',
      ],
      steps: [
        ascset('ip', { value: mode === 'dhcp' ? 'd' : `s,${address},${netmask},${gateway}`, silenceIsFine: true }),
        ...(dns === undefined ? [] : [dnsStep(dns)]),
        { ...rebootStep(), afterMs: 1_000 },
      ],
      readBack:
        mode === 'static'
          ? { never: `it is looked for at ${address}, not here` }
          : { ...REBOOT, looksAt: 'Elapsed of summary, here' },
    };
  },
  { takes: 'about four minutes: it reboots, which makes it count', lasting: 'kept' },
);

const PASSWORD = 64;

const setPassword: Action = action(
  {
    newPassword: secret({
      about: 'new password of the web page',
      most: PASSWORD,
      pattern: /^[\x21-\x2b\x2d-\x7b\x7d\x7e]+$/,
      inWords: 'printable ASCII without blanks, "," and "|"',
      source: 'Avalon ascset password',
    }),
  },
  async (links, { newPassword }) => {
    await needsOption(links, 'password');
    const login = loginOf(links, 'setPassword');
    withoutCommas('password', login.password);
    return {
      notes: ['The old password must be replaced wherever it is kept, in the credentials of this program as well'],
      steps: [ascset('password', { value: `${login.password},${newPassword}`, shown: `${MASK},${MASK}` })],
      readBack: await passwordReadBack(links, { username: login.username, password: newPassword }),
    };
  },
  { lasting: 'kept' },
);

/** The new password is tried at the web page; where the page answers without one, or there is none, nothing shows it. */
async function passwordReadBack(
  links: Links,
  login: { readonly username: string; readonly password: string },
): Promise<ReadBack | { readonly never: string }> {
  if (links.http === undefined || links.as === undefined)
    return { never: 'its web page, which would show it, is not open' };
  if (await pageAnswers(links, null)) return { never: 'its web page answers without a login, and so does not show it' };
  return {
    looksAt: 'get_minerinfo.cgi with the new password',
    afterMs: 1_000,
    everyMs: 3_000,
    withinMs: 30_000,
    look: async (at) => {
      const answers = await pageAnswers(at.as?.(login) ?? at, login.password);
      return { done: answers, values: { 'new password': answers ? 'is taken' : 'is not taken' } };
    },
  };
}

/** `time,set,t:<seconds since 1970>,<zone>`, `time,get` says `time t:<zone>`. The clock is set on the way. */
const setTimeZone: Action = action(
  {
    timeZone: text({
      about: 'time zone',
      most: 48,
      pattern: /^[A-Za-z0-9_+\-/]+$/,
      inWords: 'a name such as Europe/Berlin',
      source: 'Avalon ascset time',
    }),
  },
  async (links, { timeZone }) => {
    await needsOption(links, 'time');
    const step = (shown?: string): Step => {
      const value = `set,t:${Math.floor(links.clock.now() / 1000)},${timeZone}`;
      return ascset('time', { value, ...(shown === undefined ? {} : { shown }) });
    };
    return {
      notes: ['Its clock is set to the time of this computer on the way: they are one command'],
      steps: [{ ...step(`set,t:<now>,${timeZone}`), renew: async () => step() }],
      readBack: queryShows('time,get', (answer) => answer.endsWith(timeZone)),
    };
  },
  { lasting: 'kept' },
);

const factoryReset: Action = action(
  {},
  async (links) => {
    await needsOption(links, 'restore');
    const before = await listPools(links);
    return {
      notes: ['Pools, network settings and password are those of the factory afterwards; it may get another address'],
      steps: [ascset('restore', { silenceIsFine: true })],
      readBack: {
        looksAt: 'pools, which are no longer what they were',
        afterMs: 10_000,
        everyMs: 10_000,
        withinMs: 300_000,
        restarts: true,
        look: async (at, sentAt) => {
          const pools = await listPools(at);
          const kept = before.filter((one) =>
            pools.some(({ url, worker }) => url === one.url && worker === one.worker),
          );
          const restarted = await lookForRestart(at, sentAt);
          const values = { ...restarted.values, pools: pools.map(({ url, worker }) => ({ url, worker })) };
          return { done: kept.length < before.length, values };
        },
      },
    };
  },
  { takes: 'some minutes; if its pools stay, they go with the next reboot', lasting: 'the settings are gone' },
);
