import {
  type Action,
  action,
  choice,
  flag,
  integer,
  type Links,
  optional,
  type Prepared,
  secret,
  text,
} from '@headframe/model';
import { ASSUMED } from './assumed.ts';
import { fetched } from './fetched.ts';
import { AT_ONCE, framedMsg, isNumber, picked, shows, signedState } from './looks.ts';
import { type SignedWay, through } from './through.ts';

/* What port 4433 alone has, by its own words (protocols.md 3.6; the parameters as on the vendor's page of V3). */

const signed = (
  links: Links,
  command: SignedWay['commands'][number],
  readBack: Prepared['readBack'],
  notes: readonly string[] = [],
): Promise<Prepared> =>
  through(links, `whatsminer.${command.cmd}`, { v3: () => ({ commands: [command], readBack, notes }) });

/** A read command, as a file: it wants no login. */
const read = (cmd: string, does: string): Action => action({}, () => fetching(cmd, () => undefined), { does });

const fetching = (cmd: string, param: (links: Links) => unknown): Prepared => ({
  steps: [],
  readBack: { never: 'it is read, not changed' },
  download: async (links) => fetched(`${cmd}.json`, await framedMsg(links, cmd, param(links))),
});

const MOST_HISTORY_H = 24;

const history: Action = action(
  {
    hours: integer({
      about: 'how far back',
      min: 1,
      max: MOST_HISTORY_H,
      source: 'WhatsMiner get.miner.history: at most 24 h',
    }),
  },
  (_, { hours }) =>
    fetching('get.miner.history', ({ clock }) => {
      const end = Math.floor(clock.now() / 1000);
      // Text, as in the vendor's example; its table says numbers.
      return { begin: String(end - hours * 3600), end: String(end) };
    }),
  { does: 'Reads what the machine has recorded of its last hours' },
);

const cointype: Action = action(
  {
    cointype: choice(['BTC', 'BCH', 'BSV', 'DCR', 'HC', 'DGB', 'SHA256'], {
      about: 'coin that is mined',
      source: 'WhatsMiner set.miner.cointype',
    }),
  },
  (links, { cointype: coin }) =>
    signed(
      links,
      { cmd: 'set.miner.cointype', param: { cointype: coin } },
      shows(
        'cointype of get.device.info',
        AT_ONCE,
        async (at) => picked((await signedState.info(at)).sub('miner'), ['cointype']),
        // It tells a list such as `BTC/BCH/BSV`.
        (values) => String(values.cointype).split('/').includes(coin),
      ),
    ),
  { does: 'Chooses the coin', hashing: 'interrupted' },
);

const fastHash: Action = action(
  { on: flag({ about: 'more hashrate while it starts', source: 'WhatsMiner set.miner.fast_hash' }) },
  (links, { on }) =>
    signed(
      links,
      { cmd: 'set.miner.fast_hash', param: ASSUMED.signedFlag(on) },
      shows(
        'fast-hash of get.miner.setting',
        AT_ONCE,
        async (at) => picked(await signedState.setting(at), ['fast-hash']),
        (values) => isOn(values['fast-hash']) === on,
      ),
      ['While it starts the hashrate goes before the efficiency; it may take longer until all is stable'],
    ),
  { does: 'Loses less hashrate while the machine starts' },
);

/** A switch as it is told: a number, or a word. Null: neither. */
const isOn = (value: unknown): boolean | null => {
  if (isNumber(value, 1) || value === 'enable' || value === 'true' || value === true) return true;
  return isNumber(value, 0) || value === 'disable' || value === 'false' || value === false ? false : null;
};

const report: Action = action(
  {
    gapS: integer({
      about: 'how often the machine reports by itself; 0 ends it',
      unit: 's',
      min: 0,
      max: 285,
      source: 'WhatsMiner set.miner.report',
    }),
  },
  (links, { gapS }) =>
    signed(
      links,
      { cmd: 'set.miner.report', param: { gap: gapS } },
      {
        never: 'it reports on the connection that asked for it, and that one ends with this command',
      },
    ),
  {
    does: 'Has the machine report by itself, on the connection that asks for it',
    lasting: 'until the connection ends',
  },
);

const restoreSetting: Action = action(
  {},
  (links) =>
    signed(
      links,
      { cmd: 'set.miner.restore_setting', silenceIsFine: true },
      { never: 'which settings it puts back is not said' },
      ['The settings of the miner are those of the factory afterwards: power, clock and the like'],
    ),
  { does: 'Puts the settings of the miner back to what the factory set', hashing: 'interrupted' },
);

const SERVER = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?';

const ntpServer: Action = action(
  {
    servers: text({
      about: 'time servers',
      most: 255,
      pattern: new RegExp(`^${SERVER}(?:,${SERVER})*$`),
      inWords: 'host names or addresses with commas between them,',
      source: 'WhatsMiner set.system.ntp_server',
    }),
  },
  (links, { servers }) =>
    signed(
      links,
      { cmd: 'set.system.ntp_server', param: servers },
      shows(
        'ntp-server of get.system.setting',
        AT_ONCE,
        async (at) => ({ servers: (await signedState.system(at)).list('ntp-server').join(',') }),
        (values) => values.servers === servers,
      ),
    ),
  { does: 'Sets where the machine gets the time from' },
);

const delay = (about: string) =>
  integer({ about, unit: 's', min: 0, max: 120, source: 'WhatsMiner set.system.time_randomized: at most 120' });

const timeRandomized: Action = action(
  {
    startS: delay('longest random wait before the network starts'),
    stopS: delay('longest random wait before mining stops'),
  },
  (links, { startS: start, stopS: stop }) =>
    signed(
      links,
      { cmd: 'set.system.time_randomized', param: { start, stop } },
      shows(
        'time-randomized of get.system.setting',
        AT_ONCE,
        async (at) => picked((await signedState.system(at)).sub('time-randomized'), ['start', 'stop']),
        (values) => isNumber(values.start, start) && isNumber(values.stop, stop),
      ),
    ),
  { does: 'Spreads starts and stops of a farm over some time' },
);

const USER_SOURCE = 'WhatsMiner set.user.permission, set.user.change_passwd';

const permission: Action = action(
  {
    user: choice(['user1', 'user2', 'user3'], { about: 'account', source: USER_SOURCE }),
    commands: text({
      about: 'commands that it may use, such as set.system.led,set.miner.pools',
      most: 1_000,
      pattern: /^(?:get|set)\.[a-z_.]+(?:,(?:get|set)\.[a-z_.]+)*$/,
      inWords: 'commands of port 4433 with commas between them,',
      source: USER_SOURCE,
    }),
  },
  (links, { user, commands }) =>
    signed(
      links,
      { cmd: 'set.user.permission', param: { user, permission: commands } },
      { never: 'no command tells what an account may do' },
      ['Only the account super may do this'],
    ),
  { does: 'Says which commands an account may use' },
);

const changePasswd: Action = action(
  {
    account: choice(['super', 'user1', 'user2', 'user3'], { about: 'account', source: USER_SOURCE }),
    newPassword: secret({
      about: 'its new password',
      most: 8,
      pattern: /^[A-Za-z0-9_]+$/,
      inWords: 'letters, digits and _',
      source: `${USER_SOURCE}; it prints no rule, that of port 4028 is held to`,
    }),
    oldPassword: optional(
      secret({ about: 'its present password; that of the login unless given', most: 63, source: USER_SOURCE }),
    ),
  },
  (links, { account, newPassword, oldPassword }) =>
    signed(
      links,
      {
        cmd: 'set.user.change_passwd',
        sealed: true,
        param: { account, new: newPassword, old: oldPassword ?? links.credentials?.password ?? '' },
      },
      { never: 'only a change that is signed with the new password would show it' },
    ),
  { does: 'Changes the password of any account of port 4433' },
);

export const NEWER_OWN: Readonly<Record<string, Action>> = {
  'get.miner.setting': read('get.miner.setting', 'Reads the settings of the miner'),
  'get.system.setting': read('get.system.setting', 'Reads the settings of the system'),
  'get.fan.setting': read('get.fan.setting', 'Reads the settings of the fans'),
  'get.miner.history': history,
  'set.miner.cointype': cointype,
  'set.miner.fast_hash': fastHash,
  'set.miner.report': report,
  'set.miner.restore_setting': restoreSetting,
  'set.system.ntp_server': ntpServer,
  'set.system.time_randomized': timeRandomized,
  'set.user.permission': permission,
  'set.user.change_passwd': changePasswd,
};
