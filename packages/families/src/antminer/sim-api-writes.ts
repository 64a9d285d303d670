import {
  type ApiCommand,
  type ApiReply,
  type ApiSection,
  atoi,
  controlCommands,
  poolCommands,
  reply,
  say,
  status,
  twoParts,
} from '@headframe/wire/cgminer-server';
import type { AntminerUnit } from './sim-unit.ts';

/*
 * The commands of bmminer that change something. With the factory's list of addresses nobody may call them (45); where
 * it is `W:0/0` they work as in cgminer (protocols.md 1.4, 2.1).
 */

/** Where `save` writes when it is given no name: the file that the page writes too. */
const CONFIG_FILE = '/config/bmminer.conf';

/** @param deviceAt the record of the one device that stands for the machine */
export function writeCommands(unit: AntminerUnit, deviceAt: (now: number) => ApiSection): ApiCommand[] {
  const { run } = unit;
  return [
    ...poolCommands({
      get pools() {
        return run.pools;
      },
      settingOf: run.settingOf,
    }),
    ...controlCommands({
      debug: run.debug,
      quit: (now) => unit.quit(now),
      restart: (now) => unit.restart(now),
      save: (file) => {
        // A copy under another name is read by nobody.
        if (file === null) unit.save();
        return file ?? CONFIG_FILE;
      },
      zero: (now) => run.zero(now),
      zeroBestShare: (now) => run.zeroBestShare(now),
    }),
    // No USB in this build (CONFIG says Hotplug None).
    write('hotplug', () => say(102)),
    { ...write('asc', (parameter, now) => refused(parameter) ?? reply(status(106, 0), deviceAt(now))), access: 'read' },
    write('ascenable', (parameter, now) => refused(parameter) ?? enable(unit, now, true)),
    write('ascdisable', (parameter, now) => refused(parameter) ?? enable(unit, now, false)),
    write('ascidentify', (parameter) => refused(parameter) ?? say(114, 0)),
    write('ascset', ascSet),
  ];
}

const write = (name: string, act: (parameter: string | null, now: number) => ApiReply): ApiCommand => ({
  name,
  access: 'write',
  joinable: false,
  run: ({ parameter, now }) => act(parameter, now),
});

/** There is one device, number 0. */
function refused(parameter: string | null): ApiReply | null {
  if (parameter === null || parameter === '') return say(15);
  const number = atoi(parameter);
  return number === 0 ? null : say(107, number, 0);
}

function enable({ run }: AntminerUnit, now: number, on: boolean): ApiReply {
  if (run.isEnabled === on) return say(on ? 108 : 109, 0);
  run.setEnabled(now, on);
  return say(on ? 110 : 111, 0);
}

/** The driver takes no options. */
function ascSet(parameter: string | null): ApiReply {
  if (parameter === null || parameter === '') return say(15);
  const [number, option] = twoParts(parameter);
  return option === null ? say(116) : (refused(number === '' ? '0' : number) ?? say(117, 0));
}
