import { fixed, format } from './c-format.ts';
import type { ApiCode, ApiForm, ApiRecord, ApiReply, ApiSection, ApiStatus, ApiValue } from './program.ts';

/*
 * Replies in both forms from one list of records (`protocols.md` 1.3). Everything is a byte string.
 */

/** What every reply of one program needs to be printed. */
export interface Look {
  readonly description: string;
  readonly codeOf: (code: number) => ApiCode | null;
  readonly statsWithoutComma: boolean;
}

/** Closes every JSON reply, the joined one too; a join of pluses alone is nothing but this. */
export const JSON_END = ',"id":1}';

/** JSON escapes quotes and backslashes alone, control characters and broken UTF-8 pass; text form escapes its separators. */
export function escaped(text: string, form: ApiForm): string {
  return form === 'json' ? text.replace(/["\\]/g, '\\$&') : text.replace(/[|,=\\]/g, '\\$&');
}

/** One reply without its NUL: as a whole, or as the content of a slot of a join. Null: no reply at all. */
export function renderReply(reply: ApiReply, form: ApiForm, now: number, look: Look): string | null {
  switch (reply.kind) {
    case 'nothing':
      return null;
    case 'whole':
      return reply.text;
    case 'word':
      return form === 'json' ? `{"STATUS":"${reply.word}"${JSON_END}` : reply.word;
    case 'status': {
      const statuses = reply.statuses.map((status) => renderStatus(status, form, now, look)).join('');
      const section = reply.section === null ? '' : renderSection(reply.section, form, look);
      return form === 'json' ? statuses + section + JSON_END : statuses + section;
    }
  }
}

function renderStatus(status: ApiStatus, form: ApiForm, now: number, look: Look): string {
  const code = look.codeOf(status.code);
  // A number without an entry: severity F, code -1, and the number itself as the message (`protocols.md` 1.6).
  const message = code === null ? String(status.code) : format(code.message, valuesOf(status, code, form));
  const record: (readonly [string, ApiValue])[] = [
    ['STATUS', { kind: 'text', text: code?.severity ?? 'F' }],
    ['When', { kind: 'fixed', value: Math.floor(now / 1000), digits: 0 }],
    ['Code', { kind: 'fixed', value: code === null ? -1 : status.code, digits: 0 }],
    ['Msg', { kind: 'user', text: message }],
  ];
  if (code?.bare !== true) record.push(['Description', { kind: 'user', text: look.description }]);
  const printed = renderRecord(record, form);
  return form === 'json' ? `{"STATUS":[${printed}]` : printed;
}

function valuesOf(status: ApiStatus, code: ApiCode, form: ApiForm): readonly (string | number | null)[] {
  if (code.escapedTwice !== true) return status.values;
  return status.values.map((value) => (typeof value === 'string' ? escaped(value, form) : value));
}

function renderSection(section: ApiSection, form: ApiForm, look: Look): string {
  const records = section.records.map((record) => renderRecord(record, form));
  if (form === 'text') return (section.heading === null ? '' : `${section.heading},`) + records.join('');
  if (look.statsWithoutComma && section.name === 'STATS' && records.length > 1) {
    records.splice(0, 2, `${records[0]}${records[1]}`);
  }
  return `,"${section.name}":[${records.join(',')}]`;
}

function renderRecord(record: ApiRecord, form: ApiForm): string {
  if (form === 'text') return `${record.map(([name, value]) => `${name}=${renderValue(value, form)}`).join(',')}|`;
  return `{${record.map(([name, value]) => `"${name}":${renderValue(value, form)}`).join(',')}}`;
}

function renderValue(value: ApiValue, form: ApiForm): string {
  switch (value.kind) {
    case 'fixed':
      return fixed(value.value, value.digits);
    case 'bare':
      return value.text;
    case 'text':
      return form === 'json' ? `"${value.text}"` : value.text;
    case 'user':
      return form === 'json' ? `"${escaped(value.text, form)}"` : escaped(value.text, form);
  }
}
