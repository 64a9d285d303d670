import { type Action, action, flag, type Links, type Prepared } from '@headframe/model';
import { commandStep } from '@headframe/wire/cgminer';
import { pageStep, parseHttpDoc } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { codeVerdict, lenientVerdict } from './cgi-verdicts.ts';
import { ACL_NOTE, RESTARTS } from './config-change.ts';
import { openDoor } from './doors.ts';
import { lookForStart } from './running.ts';
import { readConfig, saveStep } from './web-config.ts';
import { fetchPage, openPage, readPage, sendQuestion } from './web-page.ts';

/* The unit as a whole: its light, its restarts, its log. */

/** A restart of the machine: refused connections while it is away (boot of some minutes). */
const REBOOT = { afterMs: 20_000, everyMs: 10_000, withinMs: 600_000, restarts: true } as const;
const RESTART = { afterMs: 5_000, everyMs: 10_000, withinMs: 300_000, restarts: true } as const;

const UPTIME = 'the uptime of the mining program';

export const unitCommands = {
  locate: action(
    { on: flag({ about: 'blinks or not', source: 'Antminer blink.cgi' }) },
    async (links, { on }) => {
      const page = await openPage(links);
      return page.kind === 'newer' ? blinkNewer(on) : blinkOlder(links, on);
    },
    { lasting: 'until it is switched off' },
  ),
  reboot: action(
    {},
    async (links) => {
      const { kind } = await openPage(links);
      return {
        // Not GET: some recent builds answer it with 200 and do nothing (protocols.md 2.3).
        steps: [
          pageStep({
            http: { method: 'POST', path: '/cgi-bin/reboot.cgi', body: '' },
            silenceIsFine: true,
            judge: lenientVerdict,
          }),
        ],
        readBack: { ...REBOOT, looksAt: UPTIME, look: (at, sentAt) => lookForStart(at, kind, sentAt) },
      };
    },
    { takes: 'two or three minutes, some more until it hashes fully' },
  ),
  restartMiner: action(
    {},
    async (links) => {
      const door = await openDoor(links);
      if (door === '4028') {
        return {
          steps: [commandStep({ command: 'restart', silenceIsFine: true })],
          readBack: { ...RESTART, looksAt: UPTIME, look: (at, sentAt) => lookForStart(at, null, sentAt) },
        };
      }
      return {
        // There is no call for it: saving the configuration restarts the miner, changed or not (protocols.md 2.6).
        notes: [
          'The configuration is sent back as it is: saving it restarts the mining program',
          ...(door.kind === 'older' ? [ACL_NOTE] : []),
        ],
        steps: [saveStep(door, await readConfig(links))],
        readBack: { ...RESTART, looksAt: UPTIME, look: (at, sentAt) => lookForStart(at, door.kind, sentAt) },
      };
    },
    RESTARTS,
  ),
  downloadLogs: action({}, async (links) => {
    const { kind } = await openPage(links);
    const path = kind === 'newer' ? '/cgi-bin/log.cgi' : '/cgi-bin/get_kernel_log.cgi';
    return {
      steps: [],
      readBack: { never: 'nothing is changed' },
      download: async (at) => ({ name: 'antminer-log.txt', bytes: await fetchPage(at, path) }),
    };
  }),
} satisfies Record<string, Action>;

const BLINK = '/cgi-bin/blink.cgi';
const SHORTLY = { afterMs: 500, everyMs: 2_000, withinMs: 10_000 } as const;

const blinkNewer = (on: boolean): Prepared => ({
  steps: [
    pageStep({
      http: {
        method: 'POST',
        path: BLINK,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ blink: on }),
      },
      judge: (doc) => codeVerdict(doc, ['B100']),
    }),
  ],
  readBack: {
    ...SHORTLY,
    looksAt: 'get_blink_status.cgi',
    look: async (links) => {
      const blinking = new Fields(await readPage(links, '/cgi-bin/get_blink_status.cgi')).bool('blink');
      return { done: blinking === on, values: { blinking } };
    },
  },
});

const ASK_BLINK = {
  method: 'POST',
  path: BLINK,
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
} as const;

/** Starting it twice prints nothing (protocols.md 2.4), so it is asked first. */
async function blinkOlder(links: Links, on: boolean): Promise<Prepared> {
  const word = on ? 'startBlink' : 'stopBlink';
  const same = (await isBlinking(links)) === on;
  return {
    ...(same ? { notes: ['It does so already: nothing is sent'] } : {}),
    steps: same
      ? []
      : [
          pageStep({
            http: { ...ASK_BLINK, body: `action=${word}` },
            judge: (doc) => ({ accepted: doc.text.trim() === '' || new Fields(doc.json).bool(word) === true }),
          }),
        ],
    readBack: {
      ...SHORTLY,
      looksAt: 'blink.cgi, action=onPageLoaded',
      look: async (at) => {
        const blinking = await isBlinking(at);
        return { done: blinking === on, values: { blinking } };
      },
    },
  };
}

/** A question for all its POST. @throws HeadframeError as {@link sendQuestion} */
async function isBlinking(links: Links): Promise<boolean | null> {
  const reply = await sendQuestion(links, { ...ASK_BLINK, body: 'action=onPageLoaded' });
  return new Fields(parseHttpDoc(reply).json).bool('isBlinking');
}
