import type { ApiCommand } from './program.ts';
import { reply, say, single, status, yesNo } from './values.ts';

/*
 * The two commands that are the API thread's own and mean the same in every program.
 */

/** Whether a command exists, and whether who asks may call it. */
export const checkCommand: ApiCommand = {
  name: 'check',
  access: 'read',
  joinable: false,
  run: ({ parameter, exists, allows }) =>
    parameter === null || parameter === ''
      ? say(71)
      : reply(
          status(72),
          single('CHECK', [
            ['Exists', yesNo(exists(parameter))],
            ['Access', yesNo(allows(parameter))],
          ]),
        ),
};

/** Says only that who asks has write access: everybody else gets 45 before it runs. */
export const privilegedCommand: ApiCommand = {
  name: 'privileged',
  access: 'write',
  joinable: false,
  run: () => say(46),
};
