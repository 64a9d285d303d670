import { HeadframeError, printable, type Repair } from '@headframe/model';
import { BACKSLASH, COMMA, EQUALS, PIPE } from '../json/ascii.ts';
import { decodeText, framingOf, limitInWords } from '../json/framing.ts';
import { MAX_BYTES, MAX_VALUES } from '../json/index.ts';
import { listed } from '../json/repairs.ts';

/*
 * Replies in the text form (protocols.md 1.3): records end with `|`, fields are `key=value` joined by commas, a
 * backslash escapes `|`, `,`, `=` and itself. They become documents of the same shape as JSON replies, with strings.
 */

export interface TextReply {
  readonly joined: boolean;
  /** Documents by command; the key is '' when the reply is not joined. */
  readonly parts: Map<string, Record<string, unknown>>;
  readonly repairs: Repair[];
}

/** How a reply begins, a single and a joined one. */
const STARTS = ['STATUS=', 'CMD='];

/** Sections that are not called like the field that numbers their records. */
const SECTION_OF: Readonly<Record<string, string>> = { POOL: 'POOLS', ASC: 'DEVS', PGA: 'DEVS' };

/** `asc` and `pga` give one device in a section of its own; only their codes tell them from `devs` (protocols.md 1.6). */
const SINGLE_DEVICE: Readonly<Record<string, string>> = { '106': 'ASC', '57': 'PGA' };

/** @throws HeadframeError `link/too-large`, `protocol/malformed`, `protocol/truncated`; nothing else */
export function parseTextReply(bytes: Uint8Array, options: { asked?: string; maxBytes?: number } = {}): TextReply {
  const { asked = '', maxBytes = MAX_BYTES } = options;
  if (bytes.length > maxBytes) throw new HeadframeError('link/too-large', { limit: limitInWords(maxBytes) });
  const framing: Repair[] = [];
  const found: Repair[] = [];
  const parts = new Map<string, Record<string, unknown>>();
  const fail = (code: 'protocol/malformed' | 'protocol/truncated', detail?: string): HeadframeError => {
    const context = { bytes: bytes.length, firstBytes: printable(bytes) };
    return new HeadframeError(code, detail === undefined ? context : { ...context, detail });
  };

  const text = onlyText(bytes, framing);
  // quit and restart answer with a single word.
  if (text === 'BYE' || text === 'RESTART')
    return { joined: false, parts: parts.set('', { STATUS: text }), repairs: framing };

  if (text !== '' && !STARTS.some((start) => text.startsWith(start) || start.startsWith(text))) {
    throw fail('protocol/malformed', 'it is neither JSON nor a STATUS record');
  }

  let joined = false;
  let doc: Record<string, unknown> | null = null;
  for (const record of recordsIn(text, found)) {
    const [start] = record;
    if (start?.key === 'CMD' && start.value !== null) {
      joined = true;
      doc = {};
      // An unknown command asked twice is answered twice, in the same words: the first answer stays.
      if (parts.has(start.value)) found.push({ kind: 'duplicate-key', offset: start.at });
      else parts.set(start.value, doc);
    } else if (start?.key === 'STATUS' && start.value !== null) {
      if (doc === null) {
        doc = {};
        parts.set('', doc);
      }
      add(doc, 'STATUS', fieldsOf(record));
    } else if (doc !== null && start !== undefined) {
      const single = start.value === null;
      add(doc, single ? start.key : sectionOf(start.key, doc), fieldsOf(single ? record.slice(1) : record));
    }
  }
  if (doc === null) {
    if (found.some((repair) => repair.kind === 'truncated')) throw fail('protocol/truncated');
    // A joined request without a name in it is answered with nothing.
    if (!asked.includes('+')) throw fail('protocol/malformed', 'it is empty');
    joined = true;
  }
  return { joined, parts, repairs: listed([...framing, ...inBytes(found, text)]) };
}

interface Field {
  readonly at: number;
  readonly key: string;
  /** Null: no `=` came, the name of a section. */
  value: string | null;
}

function sectionOf(key: string, doc: Readonly<Record<string, unknown>>): string {
  const [status] = (own(doc, 'STATUS') ?? []) as Record<string, unknown>[];
  return own(SINGLE_DEVICE, String(status?.Code)) === key ? key : (own(SECTION_OF, key) ?? key);
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

function fieldsOf(record: readonly Field[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const { key, value } of record) set(fields, key, value ?? '');
  return fields;
}

function add(doc: Record<string, unknown>, name: string, record: Record<string, unknown>): void {
  const section = own(doc, name);
  if (Array.isArray(section)) section.push(record);
  else set(doc, name, [record]);
}

/** A device's key must not reach a prototype. */
function set(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The reply as text, up to its NUL. */
function onlyText(bytes: Uint8Array, repairs: Repair[]): string {
  const { end, trailing } = framingOf(bytes);
  const body = bytes.subarray(0, end);
  const nul = body.indexOf(0);
  const { text, invalidAt } = decodeText(nul < 0 ? body : body.subarray(0, nul));
  if (invalidAt >= 0) repairs.push({ kind: 'invalid-utf8', offset: invalidAt });
  if (nul >= 0) repairs.push({ kind: 'second-document', offset: nul + 1 });
  else if (trailing >= 0) repairs.push({ kind: 'trailing-nul', offset: trailing });
  return text;
}

/** The records of a text; positions are in the text. A last record without its `|` ends with its last whole field. */
function* recordsIn(text: string, repairs: Repair[]): Generator<Field[]> {
  let fields: Field[] = [];
  let at = 0;
  let equals = -1;
  let marks = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== BACKSLASH && code !== EQUALS && code !== COMMA && code !== PIPE) continue;
    if (++marks > MAX_VALUES) throw new HeadframeError('link/too-large', { limit: `${MAX_VALUES} separators` });
    if (code === BACKSLASH) i++;
    else if (code === EQUALS) {
      if (equals < 0) equals = i;
    } else {
      addField(fields, text, at, equals, i, repairs);
      if (code === PIPE) {
        yield fields;
        fields = [];
      }
      at = i + 1;
      equals = -1;
    }
  }
  if (at === text.length && fields.length === 0) return;
  repairs.push({ kind: 'truncated', offset: at });
  if (fields.some((field) => field.value !== null)) yield fields;
}

function addField(fields: Field[], text: string, at: number, equals: number, end: number, repairs: Repair[]): void {
  const last = fields.at(-1);
  if (equals >= 0) {
    fields.push({ at, key: plain(text.slice(at, equals)), value: plain(text.slice(equals + 1, end)) });
  } else if (last === undefined) {
    if (end > at) fields.push({ at, key: plain(text.slice(at, end)), value: null });
  } else if (last.value === null) {
    fields.push({ at, key: plain(text.slice(at, end)), value: '' });
  } else {
    // Texts of drivers are not escaped: Avalon writes SYSTEMSTATU[Work: In Work, Hash Board: 3] (protocols.md 4).
    repairs.push({ kind: 'unescaped-comma', offset: at - 1 });
    last.value += `,${plain(text.slice(at, end))}`;
  }
}

const plain = (text: string): string => (text.includes('\\') ? text.replace(/\\([\s\S])/g, '$1') : text);

const encoder = new TextEncoder();

/** Repairs by their place in the text, listed by their place in the bytes; only near where bytes are not UTF-8. */
function inBytes(found: Repair[], text: string): Repair[] {
  let seen = 0;
  let offset = 0;
  return listed(found).map((repair) => {
    offset += encoder.encode(text.slice(seen, repair.offset)).length;
    seen = repair.offset;
    return { kind: repair.kind, offset };
  });
}
