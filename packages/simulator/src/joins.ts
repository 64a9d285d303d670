/*
 * Requests and joined replies of cgminer's API as text, for what is put together without a device's program: replay,
 * and the fault that denies commands. The wire is in `protocols.md` 1.1 to 1.3.
 */

export interface ApiQuestion {
  readonly form: 'json' | 'text';
  readonly command: string;
  readonly parameter: string | null;
}

/** What a request asks for; null when no command can be read in it. */
export function questionOf(request: Uint8Array): ApiQuestion | null {
  const text = Buffer.from(request).toString('latin1');
  if (!text.startsWith('{')) {
    const bar = text.indexOf('|');
    const end = text.indexOf('\0') < 0 ? text.length : text.indexOf('\0');
    if (bar < 0 || bar > end) return { form: 'text', command: text.slice(0, end), parameter: null };
    return { form: 'text', command: text.slice(0, bar), parameter: text.slice(bar + 1, end) };
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(request).toString('utf8'));
  } catch {
    return null;
  }
  const { command, parameter } = value as Record<string, unknown>;
  if (typeof command !== 'string') return null;
  const given = typeof parameter === 'string' || typeof parameter === 'number' ? String(parameter) : null;
  return { form: 'json', command, parameter: given };
}

/** The commands of a question, each known one once. */
export const partsOf = (command: string): string[] => [...new Set(command.split('+').filter((part) => part !== ''))];

/** One reply from the replies of its parts, as text without a NUL (1.3: each part is an array with one object). */
export function joinedReply(form: 'json' | 'text', parts: ReadonlyMap<string, string>): string {
  const slots = [...parts];
  if (form === 'text') return slots.map(([command, reply]) => `CMD=${command}|${reply}`).join('');
  return `{${slots.map(([command, reply]) => `${JSON.stringify(command)}:[${reply}],`).join('')}"id":1}`;
}

const MESSAGES = { 14: 'Invalid command', 23: 'Invalid JSON', 45: "Access denied to '%s' command" } as const;

/**
 * An error reply without a NUL. Code 14 has no `Description` (1.3).
 * @param description what the program calls itself, `cgminer 4.11.1`
 */
export function errorReply(
  code: keyof typeof MESSAGES,
  form: 'json' | 'text',
  { command = '', description, now }: { command?: string; description: string; now: number },
): string {
  const message = MESSAGES[code].replace('%s', () => command.slice(0, 200));
  const when = Math.floor(now / 1000);
  if (form === 'text') {
    const escaped = message.replace(/[\\|,=]/g, '\\$&');
    return `STATUS=E,When=${when},Code=${code},Msg=${escaped}${code === 14 ? '' : `,Description=${description}`}|`;
  }
  const tail = code === 14 ? '' : `,"Description":${JSON.stringify(description)}`;
  return `{"STATUS":[{"STATUS":"E","When":${when},"Code":${code},"Msg":${JSON.stringify(message)}${tail}}],"id":1}`;
}
