import { real } from './c-format.ts';
import type { ApiForm } from './program.ts';
import { parseStrictObject, type StrictValue } from './strict-json.ts';

/** What one `recv` asks for (`protocols.md` 1.1 and 1.2), or the code that refuses it before a command is looked up. */
export type ParsedRequest =
  | {
      readonly form: ApiForm;
      readonly refused: null;
      /** May hold joined commands. */
      readonly command: string;
      readonly parameter: string | null;
      readonly members: ReadonlyMap<string, unknown>;
    }
  | {
      readonly form: 'json';
      /** 23 invalid JSON, 24 no `command`, 14 `command` is no string. */
      readonly refused: 14 | 23 | 24;
    };

const NO_MEMBERS: ReadonlyMap<string, unknown> = new Map();

/** Reads a request given as a byte string. Only the very first byte decides between the forms. */
export function parseRequest(bytes: string): ParsedRequest {
  return bytes.startsWith('{') ? parseJsonRequest(bytes) : parseTextRequest(bytes);
}

function parseJsonRequest(bytes: string): ParsedRequest {
  const members = parseStrictObject(bytes);
  if (members === null) return { form: 'json', refused: 23 };
  const command = members.get('command');
  if (command === undefined) return { form: 'json', refused: 24 };
  if (typeof command !== 'string') return { form: 'json', refused: 14 };
  const parameter = printedParameter(members.get('parameter'));
  return { form: 'json', refused: null, command, parameter, members };
}

/** Strings as they are, integers printed, reals as `%f`; anything else counts as absent. */
function printedParameter(value: StrictValue | undefined): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' ? real(value) : null;
}

/** A C string: it ends at the first NUL. Nothing is trimmed; the parameter is what follows the first `|`. */
function parseTextRequest(bytes: string): ParsedRequest {
  const nul = bytes.indexOf('\0');
  const text = nul < 0 ? bytes : bytes.slice(0, nul);
  const bar = text.indexOf('|');
  return {
    form: 'text',
    refused: null,
    command: bar < 0 ? text : text.slice(0, bar),
    parameter: bar < 0 ? null : text.slice(bar + 1),
    members: NO_MEMBERS,
  };
}
