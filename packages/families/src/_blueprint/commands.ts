import {
  type Action,
  type ActionName,
  action,
  HeadframeError,
  type Identity,
  integer,
  type Links,
  type ReadBack,
} from '@headframe/model';
import { askCommand, commandStep, first, section } from '@headframe/wire/cgminer';
import { quirkOf } from './quirks.ts';

/*
 * What can be done to the machine: for each action its parameters with their range and source, the requests as data, and
 * how it is seen that it happened. Nothing is sent here: the client sends, judges and looks, once for all families.
 */

/** What this very machine can do of the common vocabulary: the firmware decides what is there. */
export const actionsOfBlueprint = (identity: Identity): Partial<Record<ActionName, Action>> =>
  hasFreqset(identity) ? { setFrequency } : {};

/** Why it cannot do the rest, and what to do instead; what is not named here the firmware has nothing like. */
export const lacksOfBlueprint = (identity: Identity): Partial<Record<ActionName, string>> => ({
  ...(hasFreqset(identity) ? {} : { setFrequency: 'freqset came with firmware 1.2.0' }),
  pause: 'it has no pause; the lowest frequency is the least it does',
  resume: 'it has no pause; set-frequency sets how much it does',
});

/** What it can do beyond the vocabulary, under the device's own words: `headframe do A _blueprint.fancap 1500`. */
export const ownOfBlueprint = (): Readonly<Record<string, Action>> => ({ fancap });

const hasFreqset = ({ firmwareVersion }: Identity): boolean => quirkOf(firmwareVersion)?.withoutFreqset !== true;

const UNTIL_POWER_CUT = 'until the power is cut';

const setFrequency = action(
  {
    frequencyMHz: integer({ about: 'clock of the chips', unit: 'MHz', min: 300, max: 600, source: 'Pickaxe freqset' }),
  },
  (_, { frequencyMHz }) => ({
    // Its codes are cgminer's kind: S is a yes. Where a dialect means something else, `judge` says so.
    steps: [commandStep({ command: 'freqset', parameter: String(frequencyMHz) })],
    // `config` tells what was asked for, `stats` what the chips run at (README, known lies): only the latter counts.
    readBack: shows('Frequency of stats', async (links) => {
      const boards = section(await docOf(links, 'stats'), 'STATS').filter((board) => board.int('Chips') !== 0);
      const seen = boards.map((board) => board.int('Frequency'));
      const done = seen.length > 0 && seen.every((mhz) => mhz === frequencyMHz);
      return { done, values: { frequencyMHz: seen } };
    }),
  }),
  { takes: 'a few seconds', lasting: UNTIL_POWER_CUT },
);

const fancap = action(
  { rpm: integer({ about: 'most that the fan does', unit: 'rpm', min: 1000, max: 4000, source: 'Pickaxe fancap' }) },
  (_, { rpm }) => ({
    steps: [commandStep({ command: 'fancap', parameter: String(rpm) })],
    readBack: shows('Fan Cap of config', async (links) => {
      const seen = first(await docOf(links, 'config'), 'CONFIG').int('Fan Cap');
      return { done: seen === rpm, values: { rpm: seen } };
    }),
  }),
  { does: 'Keeps the fan from turning faster', lasting: UNTIL_POWER_CUT },
);

/** When to look: the manual says that a change shows within a few seconds. */
const shows = (looksAt: string, look: ReadBack['look']): ReadBack => ({
  looksAt,
  afterMs: 1_000,
  everyMs: 2_000,
  withinMs: 20_000,
  look,
});

/** @throws HeadframeError what kept the device from telling: then nobody knows yet */
async function docOf({ cgminer, clock }: Links, command: string): Promise<unknown> {
  if (cgminer === undefined) throw new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
  const reply = await askCommand(cgminer, clock, { id: command, command });
  if (reply.error !== null) throw reply.error;
  return reply.doc;
}
