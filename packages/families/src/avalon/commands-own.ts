import { type Action, action, choice, integer, type Links, optional, type Prepared, pool } from '@headframe/model';
import { ascset, needsOption, queryShows } from './ascset.ts';
import { homeActions } from './commands-home.ts';
import { modulesActions } from './commands-modules.ts';
import { setpoolStep } from './commands-pools.ts';
import { lastNumber } from './commands-power.ts';
import { privilegeActions } from './commands-privilege.ts';
import { prepareFrequencies } from './commands-tuning.ts';
import { dnsStep, nameServers } from './commands-unit.ts';
import { question } from './one-option.ts';
import { ASSUMED, type Generation } from './quirks.ts';

/* What an Avalon has beyond the common vocabulary, under the words of its own `ascset` (protocols.md 4). */

export function ownOfGeneration(generation: Generation): Record<string, Action> {
  switch (generation.kind) {
    case 'modules':
      return modulesActions(generation);
    case 'farm':
      return { ...everywhere(generation), ...farmActions(generation), ...privilegeActions(generation) };
    case 'home':
      return { ...everywhere(generation), ...homeActions(generation) };
  }
}

const pll = (about: string) =>
  integer({ about, unit: 'MHz', ...ASSUMED.frequencyMHz, source: 'a bound of ours, no document names one' });

const everywhere = ({ setpool }: Generation): Record<string, Action> => ({
  help: question('help', 'Lists the options that its firmware has'),
  frequency: action(
    {
      f1: pll('first clock'),
      f2: pll('second clock'),
      f3: pll('third clock'),
      f4: pll('fourth clock'),
      hashboard: optional(
        integer({ about: 'hashboard, all of them if left out', min: 0, max: 15, source: 'Avalon ascset frequency' }),
      ),
    },
    (links, { f1, f2, f3, f4, hashboard }) => prepareFrequencies(links, [f1, f2, f3, f4], hashboard),
    { does: 'Sets the four clocks of the chips', hashing: 'interrupted', lasting: 'until it restarts' },
  ),
  ...(setpool === undefined ? {} : { setpool: oneSlot(setpool) }),
  'password-default': action(
    {},
    async (links) => {
      await needsOption(links, 'password');
      return {
        steps: [ascset('password', { value: 'default' })],
        readBack: { never: 'what the factory’s password is differs between its machines' },
      };
    },
    { does: 'Puts the password of the web page back to what the factory set', lasting: 'anybody knows it' },
  ),
});

const onePool = pool({ source: 'Avalon setpool', most: 128 });
const UNTIL_NEXT = { never: 'it counts from its next start on; until then pools shows the old ones' } as const;

const oneSlot = (form: NonNullable<Generation['setpool']>): Action => {
  const notes = { does: 'Sets one pool; it counts from the next start on', hashing: 'unchanged' } as const;
  const prepare = async (links: Links, index: number, one: Parameters<typeof setpoolStep>[2]): Promise<Prepared> => {
    if (form !== 'own command') await needsOption(links, 'setpool');
    return { steps: [setpoolStep(links, form, one, index)], readBack: UNTIL_NEXT };
  };
  return form === 'one pool'
    ? action({ pool: onePool }, (links, { pool: one }) => prepare(links, 0, one), notes)
    : action(
        { index: integer({ about: 'slot', min: 0, max: 2, source: 'Avalon setpool' }), pool: onePool },
        (links, { index, pool: one }) => prepare(links, index, one),
        notes,
      );
};

const farmActions = ({ modes, stop }: Generation): Record<string, Action> => ({
  bootby: question('bootby', 'Says why it was started last'),
  dns: action(
    { servers: nameServers },
    async (links, { servers }) => {
      await needsOption(links, 'dns');
      return { steps: [dnsStep(servers)], readBack: { never: 'none of its replies tells its name servers' } };
    },
    { does: 'Sets the name servers; they count from the next start on', lasting: 'kept' },
  ),
  ...(modes?.by === 'workmode'
    ? {
        workmode: action(
          {
            mode: choice(['0', '1'], { about: 'mode: 0 normal, 1 high', source: 'Avalon A10 API manual, workmode' }),
          },
          async (links, { mode }) => {
            await needsOption(links, 'workmode');
            return {
              steps: [ascset('workmode', { value: mode })],
              readBack: queryShows('workmode,255', (answer) => lastNumber(answer) === Number(mode)),
            };
          },
          { does: 'Chooses the power mode for the next start, without restarting', lasting: 'kept' },
        ),
      }
    : {}),
  ...(stop === 'hashpower' ? { hashpower: question('hashpower', 'Says what its power supply gives: PS[...]') } : {}),
});
