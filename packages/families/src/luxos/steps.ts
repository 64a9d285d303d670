import { HeadframeError, type Prepared, type Step } from '@headframe/model';
import { type CommandStep, commandStep, commandVerdict } from '@headframe/wire/cgminer';
import { isNoSuchSession, luxosSession, SESSION_SHOWN } from './session.ts';

type Part = string | number;

/** A command that wants a session: its id is the first part of the parameter (protocols.md 8). */
export function sessionStep(
  command: string,
  parts: readonly Part[] = [],
  more: Pick<CommandStep, 'silenceIsFine' | 'replyMs'> = {},
): Step {
  const parameter = (key: string) => [key, ...parts].join(',');
  let sentWith = '';
  return {
    ...commandStep({ command, ...more }),
    request: (key) => {
      sentWith = key;
      const step = { command, parameter: parameter(key), shown: parameter(SESSION_SHOWN), ...more };
      return commandStep(step).request(key);
    },
    verdict: (reply) => {
      const { vendorText, ...said } = commandVerdict(command, reply);
      const text = vendorText === undefined ? {} : { vendorText: without(vendorText, sentWith) };
      if (said.accepted || !isNoSuchSession(said.vendorCode)) return { ...said, ...text };
      throw new HeadframeError('auth/expired', {
        request: command,
        vendorCode: said.vendorCode as string,
        ...text,
        next: 'Somebody ended our session, or it was not used for a minute. Try again.',
      });
    },
  };
}

const without = (text: string, key: string): string => (key === '' ? text : text.replaceAll(key, SESSION_SHOWN));

/** A command that takes no session: an id before it would shift every part of its parameter (protocols.md 8). */
export const plainStep = (command: string, parts: readonly Part[] = []): Step =>
  commandStep({ command, ...(parts.length === 0 ? {} : { parameter: parts.join(',') }) });

/** Commands within one session. */
export const inSession = (
  steps: readonly Step[],
  readBack: Prepared['readBack'],
  notes: readonly string[] = [],
): Prepared => ({ session: luxosSession, steps, readBack, ...(notes.length === 0 ? {} : { notes }) });
