import { type Action, action, choice, HeadframeError } from '@headframe/model';
import { commandVerdict, ownActions } from '@headframe/wire/cgminer';
import { needCommands } from './doors.ts';

/*
 * The rest of bmminer's command table on port 4028 (protocols.md 2.1): cgminer's, without what FPGAs have. It takes them
 * where the address list allows changes: the S9 and before.
 */

const NOT_OPEN =
  'Over port 4028 only an open address list allows it (S9 and before); the common actions go through the web page.';

const isOfAsics = ([name]: readonly [string, Action]): boolean => !name.startsWith('pga');

/** Refused before anything is sent where the address list says no, in the machine's words. */
const guarded = (action: Action): Action => ({
  ...action,
  prepare: async (links, given) => {
    await needCommands(links, NOT_OPEN);
    return action.prepare(links, given);
  },
});

/** Newer firmware answers in the shape of its web page when the request says so beside the command (protocols.md 2.1). */
const newApi = (command: string): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ command, new_api: true })}\n`);

const SOURCE = 'Antminer, API on port 4028 with new_api';

const newApiCommands: Readonly<Record<string, Action>> = {
  'new-api': action(
    { command: choice(['stats', 'summary', 'pools', 'rate', 'warning'], { about: 'what is asked', source: SOURCE }) },
    (_, { command }) => ({
      steps: [],
      readBack: { never: 'nothing is changed' },
      download: async ({ cgminer }) => {
        if (cgminer === undefined) throw new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
        return { name: `antminer-${command}.json`, bytes: (await cgminer.exchange(newApi(command))).bytes };
      },
    }),
    { does: 'Asks port 4028 for an answer in the shape of the web page; firmware of 2022 on' },
  ),
  reload: action(
    {},
    () => ({
      steps: [
        {
          request: () => ({
            over: 'cgminer',
            bytes: newApi('reload'),
            shown: new TextDecoder().decode(newApi('reload')).trimEnd(),
          }),
          verdict: (reply) => commandVerdict('reload', reply),
        },
      ],
      readBack: { never: 'what it reloads is documented nowhere' },
    }),
    { does: 'Sends reload with new_api; what it reloads is documented nowhere', hashing: 'interrupted' },
  ),
};

export const ownCommands: Readonly<Record<string, Action>> = {
  ...Object.fromEntries(
    Object.entries(ownActions('Antminer, API on port 4028'))
      .filter(isOfAsics)
      .map(([name, action]) => [name, guarded(action)]),
  ),
  ...newApiCommands,
};
