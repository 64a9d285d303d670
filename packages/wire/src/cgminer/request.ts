import { HeadframeError } from '@headframe/model';

/** How cgminer is spoken to: JSON, or the older text form `command|parameter` (protocols.md 1.1, 1.2). */
export type Form = 'json' | 'text';

/** cgminer takes one `recv` of at most this; what is longer is cut there and may still be obeyed (protocols.md 1.1). */
const MOST_BYTES = 4095;

const encoder = new TextEncoder();

/**
 * The bytes of one request, to be written in one piece: cgminer never puts segments together.
 * The line feed behind JSON satisfies servers that wait for one and hurts none (protocols.md 13); text must not have it.
 * @throws HeadframeError `usage/invalid` when it does not fit into one `recv`
 */
export function encodeRequest(command: string, parameter?: string, form: Form = 'json'): Uint8Array {
  const text =
    form === 'json'
      ? `${JSON.stringify(parameter === undefined ? { command } : { command, parameter })}\n`
      : parameter === undefined
        ? command
        : `${command}|${parameter}`;
  const bytes = encoder.encode(text);
  if (bytes.length > MOST_BYTES) {
    throw new HeadframeError('usage/invalid', {
      detail: `A request of ${bytes.length} bytes does not fit: cgminer reads ${MOST_BYTES}`,
    });
  }
  return bytes;
}

/** One request for several commands: `summary+stats+pools`. Parameters do not exist there (protocols.md 1.3). */
export const joinCommands = (commands: readonly string[]): string => [...new Set(commands)].join('+');

/** One part of a parameter that is a list, such as addpool's `url,user,pass`: commas and backslashes escaped. */
export const escapeParameter = (part: string): string => part.replace(/[\\,]/g, '\\$&');
