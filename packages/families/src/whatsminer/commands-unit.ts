import { type Action, action, flag, HeadframeError, type Links, type ReadBack, secret } from '@headframe/model';
import { AT_ONCE, sealedState, shows, signedState } from './looks.ts';
import { type SealedCommand, saySealed } from './sealed.ts';
import { through } from './through.ts';
import { Token } from './token.ts';

/* The light, the password, the settings of the factory. */

const LED = 'WhatsMiner set_led, set.system.led';

/** Red in short flashes: what a person looks for between machines whose lights are green. */
const FLASH = { color: 'red', period: 500, duration: 250, start: 0 };

export const locate: Action = action({ on: flag({ about: 'flashes red', source: LED }) }, (links, { on }) =>
  through(links, 'locate', {
    v2: () => ({
      commands: [{ cmd: 'set_led', fields: on ? FLASH : { param: 'auto' } }],
      readBack: () => ledShows('v2', !on),
    }),
    v3: () => ({
      commands: [{ cmd: 'set.system.led', param: on ? [FLASH] : 'auto' }],
      readBack: ledShows('v3', !on),
    }),
  }),
);

/** Whether the light is left to the firmware. */
export function ledShows(door: 'v2' | 'v3', auto: boolean): ReadBack {
  const read = async (links: Links) => ({
    ledstat:
      door === 'v2'
        ? (await sealedState.info(links)).str('ledstat')
        : (await signedState.info(links)).sub('system').str('ledstatus'),
  });
  const looksAt = door === 'v2' ? 'ledstat of get_miner_info' : 'ledstatus of get.device.info';
  return shows(looksAt, AT_ONCE, read, ({ ledstat }) => ledstat !== null && (ledstat === 'auto') === auto);
}

const PASSWORD_RULE = 'letters, digits and _';
/** The rule of port 4028; that of port 4433 is not printed. */
const MOST_SEALED = 8;

export const setPassword: Action = action(
  {
    newPassword: secret({
      about: 'new password of the account that is used',
      most: MOST_SEALED,
      pattern: /^[A-Za-z0-9_]+$/,
      inWords: PASSWORD_RULE,
      source: 'WhatsMiner update_pwd; set.user.change_passwd prints no rule, so the same is held to',
    }),
  },
  (links, { newPassword }) =>
    through(links, 'setPassword', {
      v2: ({ credentials }) => ({
        commands: [{ cmd: 'update_pwd', fields: { old: credentials.password, new: newPassword } }],
        notes: [REPLACE, 'All its tokens end with it, those of other programs as well'],
        readBack: () => sealsWith(newPassword),
      }),
      v3: ({ credentials: { username, password } }) => ({
        commands: [
          {
            cmd: 'set.user.change_passwd',
            sealed: true,
            param: { account: username, new: newPassword, old: password },
          },
        ],
        notes: [REPLACE],
        readBack: { never: 'only a change that is signed with the new password would show it' },
      }),
    }),
);

const REPLACE = 'The old password must be replaced wherever it is kept, in the credentials of this program as well';

/** Reads may travel sealed as well (manual V2.2, 2.1): a reply that opens was sealed with the new password's key. */
const PROBE: SealedCommand = { cmd: 'get_version' };

function sealsWith(password: string): ReadBack {
  return {
    looksAt: 'a sealed get_version, with the new password',
    afterMs: 2_000,
    everyMs: 5_000,
    withinMs: 12_000,
    look: async ({ cgminer }) => {
      if (cgminer === undefined) return { done: false, values: {} };
      const token = new Token(password);
      await token.fetch(cgminer);
      try {
        const { said } = await saySealed(cgminer, token, PROBE);
        return { done: said.code === 131, values: {} };
      } catch (thrown) {
        if (thrown instanceof HeadframeError && thrown.code === 'auth/rejected') return { done: false, values: {} };
        throw thrown;
      }
    },
  };
}

export const factoryReset: Action = action(
  {},
  (links) =>
    through(links, 'factoryReset', {
      v2: () => ({
        commands: [{ cmd: 'factory_reset', silenceIsFine: true }],
        notes: RESET_NOTES,
        readBack: () => ({ never: notSeen }),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.system.factory_reset', silenceIsFine: true }],
        notes: RESET_NOTES,
        readBack: { never: notSeen },
      }),
    }),
  {
    takes: 'some minutes: the machine restarts',
    lasting: 'every setting is lost; writing over the API is off until it is switched on by hand',
  },
);

const notSeen = 'it comes back with another password and perhaps at another address: look for it by its MAC address';

const RESET_NOTES = [
  'Network settings, passwords, permissions of users, power mode, power limit and more are those of the factory afterwards',
  "The address may change, the password is admin again, and the API takes no changes until the vendor's tool switches it on",
];
