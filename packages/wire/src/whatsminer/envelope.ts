import { Fields } from '../json/index.ts';

/** What stands around the data of a reply, in whichever of its forms (protocols.md 3.4, 3.6). */
export interface Envelope {
  /** The device's own code; null where the form has none (a joined part of some builds). */
  readonly code: number | null;
  /** `S` or `E`; null on port 4433, which has codes alone. */
  readonly status: string | null;
  /** The device's clock, epoch seconds. */
  readonly when: number | null;
  /** A text, or the data itself: an object or a list. */
  readonly msg: unknown;
  readonly description: string | null;
  /** `v3`: code, when, msg, desc in lower case. */
  readonly form: 'array' | 'string' | 'v3' | 'bare';
}

/**
 * Reads the envelope of a reply's document: a STATUS list as cgminer has it, a string STATUS with the data in Msg, the
 * lower-case form of port 4433, or none at all (what the manual prints for `status`).
 */
export function envelope(doc: unknown): Envelope {
  const fields = new Fields(doc);
  const status = fields.raw('STATUS');
  if (typeof status === 'string') return upperCase(fields, status, 'string');
  const record: unknown = Array.isArray(status) ? status[0] : status;
  if (typeof record === 'object' && record !== null) {
    const inner = new Fields(record);
    return upperCase(inner, inner.str('STATUS'), 'array');
  }
  if (fields.has('code')) {
    return {
      code: fields.int('code'),
      status: null,
      when: fields.num('when'),
      msg: fields.raw('msg'),
      description: fields.str('desc'),
      form: 'v3',
    };
  }
  // A refusal before decryption may come with a code and no status.
  return upperCase(fields, null, 'bare');
}

const upperCase = (fields: Fields, status: string | null, form: Envelope['form']): Envelope => ({
  code: fields.int('Code'),
  status,
  when: fields.num('When'),
  msg: fields.raw('Msg'),
  description: fields.str('Description'),
  form,
});

/**
 * The records of a section, wherever a build puts them: under its own name (`SUMMARY`), or in Msg as an object or a list
 * (from about API 2.0.5 on, protocols.md 3.4).
 */
export function recordsIn(doc: unknown, section: string): Fields[] {
  const fields = new Fields(doc);
  const msg = fields.raw('Msg');
  const wrapped = isRecord(msg) && Object.hasOwn(msg, section) ? msg[section] : msg;
  return records(fields.has(section) ? fields.raw(section) : wrapped).map((record) => new Fields(record));
}

/** The data of a `get_*` command: in Msg, on its own where the reply has no envelope; without fields in a refusal. */
export function dataIn(doc: unknown): Fields {
  const { msg, form } = envelope(doc);
  if (form === 'bare' && msg === undefined) return new Fields(doc);
  return new Fields(Array.isArray(msg) ? msg[0] : msg);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : [];
