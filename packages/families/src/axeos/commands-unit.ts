import { choice, flag, HeadframeError, optional, type Prepared, type Step, secret, text } from '@headframe/model';
import { axeStep, change, documentOf, emptyIsYes, saidIn, saysYes, shows } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';
import { AT_NEXT_RESTART, type Offered, offered, patch, restartFlag, restartIf } from './device.ts';

/* The device as a whole: restart, pause, light, names, network (protocols.md 6.2, 6.4). */

const restartNow = (): Prepared =>
  change({
    steps: [],
    restart: restartIf(true),
    looksAt: 'nothing else',
    seen: () => ({ done: true, values: {} }),
  });

const TAKES_A_RESTART = 'about half a minute until it hashes again';

const mining = (path: 'pause' | 'resume'): Offered =>
  offered({ since: 14 }, {}, () =>
    change({
      steps: [
        axeStep({
          method: 'POST',
          path: `/api/system/${path}`,
          judge: saysYes(path === 'pause' ? /paused/i : /resumed/i),
        }),
      ],
      looksAt: 'miningPaused of info',
      withinMs: 30_000,
      seen: (info) => shows(info, { miningPaused: path === 'pause' }),
    }),
  );

/**
 * `identify` turns it on and off by turns, and only its answer says which it was: sent once more where it turned the wrong
 * way. Text in v2.12, `{"message":...}` from v2.13 on.
 */
function identify(on: boolean): Prepared {
  const said = { on: null as boolean | null };
  const step = (verdictMatters: boolean): Step =>
    axeStep({
      method: 'POST',
      path: '/api/system/identify',
      judge: (doc) => {
        const vendorText = saidIn(doc);
        said.on = /no longer/i.test(vendorText) ? false : /says/i.test(vendorText) ? true : null;
        if (said.on === null) return saysYes(/says/i)(doc);
        return { accepted: !verdictMatters || said.on === on, vendorText };
      },
    });
  return {
    notes: ['It is a toggle whose state cannot be read: it is sent once more where the first turned the wrong way'],
    steps: [step(false), { ...step(true), renew: async () => (said.on === on ? null : step(true)) }],
    readBack: { never: 'the device does not tell whether it says Hi!, only its answer did' },
  };
}

const locate = offered(
  { since: 12 },
  { on: flag({ about: 'whether it says Hi!', source: 'AxeOS POST /api/system/identify' }) },
  (_, { on }) => identify(on),
  { does: 'Lets the display and the light say "Hi!"', lasting: '30 seconds' },
);

const setHostname = offered(
  {},
  {
    hostname: text({
      about: 'host name',
      most: 32,
      pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
      inWords: 'letters, digits and hyphens',
      source: 'AxeOS PATCH /api/system hostname; the device checks the length only',
    }),
    restart: restartFlag('off'),
  },
  ({ release }, { hostname, restart }) => {
    const counts = release >= 14 || restart === true;
    return change({
      steps: [patch({ hostname })],
      restart: restartIf(restart === true),
      notes: counts ? [] : [AT_NEXT_RESTART],
      looksAt: 'hostname of info',
      seen: (info) => shows(info, { hostname }),
    });
  },
  { lasting: 'counts from the next restart on, before v2.14' },
);

const SSID = 'AxeOS PATCH /api/system ssid';

const setNetwork = offered(
  {},
  {
    ssid: text({ about: 'name of the Wi-Fi', most: 32, source: SSID }),
    wifiPass: optional(
      secret({
        about: 'password of the Wi-Fi; left out for an open one',
        most: 63,
        pattern: /^.{8,63}$/s,
        inWords: 'text of at least 8 characters,',
        source: 'AxeOS PATCH /api/system wifiPass',
      }),
    ),
    restart: restartFlag('on'),
  },
  ({ release, info }, { ssid, wifiPass, restart = true }) => {
    // v2.11 alone refuses the empty password (protocols.md 6.4).
    if (wifiPass === undefined && release === 11) {
      throw new HeadframeError('support/unsupported', { detail: 'v2.11 does not take an open Wi-Fi' });
    }
    const notes = [
      `It is in the Wi-Fi ${info.str('ssid') ?? 'that it does not name'}`,
      'It may have another address then; with a wrong password it opens an access point of its own and cannot be reached here',
    ];
    const prepared = change({
      steps: [patch({ ssid, wifiPass: wifiPass ?? '' }, ['wifiPass'])],
      restart: restartIf(restart),
      notes: restart ? notes : [...notes, AT_NEXT_RESTART],
      looksAt: 'ssid of info',
      seen: (now) => shows(now, { ssid }),
    });
    if (restart) return prepared;
    return { ...prepared, readBack: { never: 'passwords are never told, and it tries the network when it restarts' } };
  },
  { does: 'Changes the Wi-Fi', lasting: 'with a wrong password it cannot be reached any more' },
);

export const unitCommands = {
  restartMiner: offered({}, {}, restartNow, {
    does: 'Restarts the device: mining and firmware are one program',
    takes: TAKES_A_RESTART,
  }),
  reboot: offered({}, {}, restartNow, { takes: TAKES_A_RESTART }),
  pause: mining('pause'),
  resume: mining('resume'),
  locate,
  setHostname,
  setNetwork,
} satisfies Record<string, Offered>;

const THEME_PATH = '/api/theme';

const theme = offered(
  {},
  {
    colorScheme: choice(['dark', 'light'], { about: 'colours of the page', source: 'AxeOS POST /api/theme' }),
    primaryColor: optional(
      text({
        about: 'main colour, from v2.15 on',
        most: 32,
        pattern: /^#[0-9a-f]{3,8}$|^[a-z]+$/i,
        inWords: 'a colour such as #f80421,',
        source: 'AxeOS POST /api/theme primaryColor',
      }),
    ),
  },
  async ({ links, release }, { colorScheme, primaryColor }) => {
    if (primaryColor !== undefined && release < 15) {
      throw new HeadframeError('support/unsupported', { detail: 'a single main colour came with v2.15' });
    }
    const before = await documentOf(links, THEME_PATH);
    // The whole theme is replaced: what is not to change is sent back as it was.
    const kept = release < 15 ? { accentColors: before.raw('accentColors') ?? {} } : {};
    const colour = primaryColor ?? before.str('primaryColor');
    const body = { colorScheme, ...kept, ...(release >= 15 && colour !== null ? { primaryColor: colour } : {}) };
    return change({
      steps: [axeStep({ method: 'POST', path: THEME_PATH, json: body, judge: emptyIsYes })],
      looksAt: 'GET /api/theme',
      seen: async (_, at) =>
        shows(await documentOf(at, THEME_PATH), {
          colorScheme,
          ...(primaryColor === undefined ? {} : { primaryColor }),
        }),
    });
  },
  { does: 'Sets the colours of its web page' },
);

const boot = offered(
  { since: 15 },
  { partition: text({ about: 'name of the partition', most: 16, source: 'AxeOS POST /api/system/boot' }) },
  ({ info }, { partition }) => {
    const labels = info.list('partitions').map((one) => new Fields(one).str('label'));
    if (!labels.includes(partition)) {
      const list = labels.filter((label) => label !== null).join(', ') || 'none';
      throw new HeadframeError('usage/invalid', { detail: `It has no partition ${partition} (it has: ${list})` });
    }
    return change({
      steps: [],
      restart: axeStep({
        method: 'POST',
        path: '/api/system/boot',
        json: { partition },
        silenceIsFine: true,
        judge: emptyIsYes,
      }),
      looksAt: 'runningPartition of info',
      seen: (now) => shows(now, { runningPartition: partition }),
    });
  },
  { does: 'Restarts into the firmware of another partition', hashing: 'interrupted', takes: TAKES_A_RESTART },
);

export const ownUnitCommands: Readonly<Record<string, Offered>> = {
  'blockFound-dismiss': offered(
    { since: 13 },
    {},
    () =>
      change({
        steps: [axeStep({ method: 'POST', path: '/api/system/blockFound/dismiss', judge: emptyIsYes })],
        looksAt: 'showNewBlock of info',
        seen: (info) => shows(info, { showNewBlock: false }),
      }),
    { does: 'Takes the message of a found block from the display' },
  ),
  boot,
  theme,
};
