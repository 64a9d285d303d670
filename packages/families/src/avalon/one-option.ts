import { type Action, type ActionNotes, action, type Parameter, type Prepared } from '@headframe/model';
import { ascset, needsOption } from './ascset.ts';

/* Actions that are one option of `ascset`, and nothing around it. */

const NOT_CHANGED = { never: 'it changes nothing: the answer is the result' } as const;

/** A question to the machine that is no part of a reading. */
export const question = (option: string, does: string, value?: string): Action =>
  action(
    {},
    async (links) => {
      if (option !== 'help') await needsOption(links, option);
      return { steps: [ascset(option, value === undefined ? {} : { value })], readBack: NOT_CHANGED };
    },
    { does },
  );

/** An option that takes one value, and shows it nowhere or in `readBack`. */
export const setting = <const P extends Readonly<Record<string, Parameter>>>(
  option: string,
  parameters: P,
  value: (given: { readonly [name in keyof P]: P[name] extends Parameter<infer T> ? T : never }) => string,
  notes: ActionNotes,
  readBack: Prepared['readBack'] = { never: 'nothing that can be read shows it' },
): Action =>
  action(
    parameters,
    async (links, given) => {
      await needsOption(links, option);
      const one = value(given as Parameters<typeof value>[0]);
      return { steps: [ascset(option, { value: one })], readBack };
    },
    notes,
  );
