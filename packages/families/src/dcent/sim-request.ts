export interface DcentRequest {
  /** In lower case. */
  readonly command: string;
  /** Null when none was given. */
  readonly parameter: string | null;
}

/**
 * What is asked for, in either form (`protocols.md` 9). Null: JSON without a command that is text, which gets no answer
 * at all. JSON that cannot be read is taken as the text form. A parameter that is no text, or empty, is none in JSON;
 * behind the bar of the text form an empty one counts.
 */
export function requestOf(bytes: Uint8Array): DcentRequest | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).trim().replace(/\0+$/, '');
  if (text.startsWith('{')) {
    const object = objectIn(text);
    if (object !== null) return inJson(object);
  }
  const bar = text.indexOf('|');
  if (bar < 0) return { command: text.toLowerCase(), parameter: null };
  return { command: text.slice(0, bar).toLowerCase(), parameter: text.slice(bar + 1) };
}

function inJson({ command, parameter }: { command?: unknown; parameter?: unknown }): DcentRequest | null {
  if (typeof command !== 'string') return null;
  const given = typeof parameter === 'string' && parameter !== '' ? parameter : null;
  return { command: command.toLowerCase(), parameter: given };
}

function objectIn(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}
