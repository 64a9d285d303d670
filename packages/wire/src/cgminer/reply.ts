import { HeadframeError, printable, type Repair } from '@headframe/model';
import { Fields, parseLenient, toNumber } from '../json/index.ts';
import type { Form } from './request.ts';
import { parseTextReply } from './text-form.ts';

/** `S` success, `I` informational, `W` warning, `E` error, `F` fatal; `BYE` and `RESTART` stand there as they came. */
export interface StatusRecord {
  readonly letter: 'S' | 'I' | 'W' | 'E' | 'F' | (string & {});
  /** The device's clock, epoch seconds; on some forks its uptime. */
  readonly when: number | null;
  readonly code: number | null;
  readonly msg: string;
  readonly description: string | null;
}

/** One reply, whatever its form on the wire was. */
export interface CgminerReply {
  /** Usually one; more when the program sent more (protocols.md 1.8). */
  readonly status: StatusRecord[];
  /** Records by section: `SUMMARY`, `POOLS`, ... One object where a list should be is a list of one. */
  readonly sections: Map<string, Record<string, unknown>[]>;
  readonly id: number | null;
  /** The plain JSON document, `{STATUS: [..], SUMMARY: [..], id: 1}`; a text reply in the same shape with strings. */
  readonly doc: Record<string, unknown>;
}

export interface DecodedReply {
  readonly form: Form;
  readonly joined: boolean;
  /**
   * The sections of all commands stood in one object under one status (protocols.md 9): a command that it refused is
   * just not there, and nobody says why.
   */
  readonly merged: boolean;
  /** By command; the key is '' when the reply is not joined. */
  readonly parts: Map<string, CgminerReply>;
  readonly repairs: Repair[];
}

export interface DecodeOptions {
  /** The command as it was sent. A `+` in it says that the reply should be joined; without it the shape decides. */
  readonly asked?: string;
  /** Default 1 MiB. */
  readonly maxBytes?: number;
}

/**
 * Reads a reply of cgminer's API in either form, single or joined (protocols.md 1.3).
 *
 * A device may refuse a join as a whole: then the reply is not joined, whatever was asked.
 *
 * @throws HeadframeError `link/too-large`, `protocol/malformed`, `protocol/truncated` as {@link parseLenient};
 * `protocol/wrong-shape` when it can be read and is no answer of this API; `link/refused` when the machine's web
 * server or proxy took the connection and says that nothing listens behind it (protocols.md 1.11).
 */
export function decodeReply(bytes: Uint8Array, options: DecodeOptions = {}): DecodedReply {
  const letter = bytes[firstLetter(bytes)];
  const isJson = letter === 0x7b || letter === 0x5b || letter === 0x2c || letter === 0xef;
  if (isJson) return decodeJson(bytes, options);
  notThisApi(bytes);
  const { parts, repairs, joined } = parseTextReply(bytes, options);
  return { form: 'text', joined, merged: false, repairs, parts: mapValues(parts, replyFrom) };
}

function decodeJson(bytes: Uint8Array, { asked = '', maxBytes }: DecodeOptions): DecodedReply {
  const { value, repairs } = parseLenient(bytes, {
    ...(maxBytes === undefined ? {} : { maxBytes }),
    // An unknown command asked twice is answered twice under one key; both answers are the same (protocols.md 1.3).
    ...(repeats(asked) ? { duplicates: 'first' as const } : {}),
  });
  if (!isRecord(value)) throw wrongShape(bytes, 'JSON that is no object');
  const slots = joinedSlots(value, asked);
  const merged = slots === null ? mergedSlots(value, asked) : null;
  const parts = mapValues(slots ?? merged ?? new Map([['', value]]), replyFrom);
  return { form: 'json', joined: slots !== null || merged !== null, merged: merged !== null, parts, repairs };
}

/** The sections that are not called like their command (protocols.md 1.5, 9). */
const SECTION_OF: ReadonlyMap<string, string> = new Map([
  ['asccount', 'ASCS'],
  ['healthchipget', 'HEALTHCHIP'],
]);

/**
 * The parts of a joined reply that has everything under one status (DCENT_OS, protocols.md 9), each as its command
 * alone would have answered; or null. One section that was asked for makes no join yet: some forks answer the first
 * command only. What belongs to no command that was asked (`_DCENTNote`) goes with every part.
 */
function mergedSlots(doc: Record<string, unknown>, asked: string): Map<string, Record<string, unknown>> | null {
  if (!asked.includes('+') || statusRecords(doc)[0]?.letter !== 'S') return null;
  const names = [...new Set(asked.split('+'))];
  const sections = new Map(names.map((name) => [name, SECTION_OF.get(name) ?? name.toUpperCase()]));
  const mine = new Set(sections.values());
  const shared = Object.entries(doc).filter(([key]) => !mine.has(key));
  const slots = new Map<string, Record<string, unknown>>();
  for (const [name, key] of sections) {
    if (Object.hasOwn(doc, key)) slots.set(name, Object.fromEntries([...shared, [key, doc[key]]]));
  }
  return slots.size > 1 ? slots : null;
}

/** The replies within a joined one, or null. A slot holds a list of one reply, on some forks the bare reply. */
function joinedSlots(doc: Record<string, unknown>, asked: string): Map<string, Record<string, unknown>> | null {
  const single = asked !== '' && !asked.includes('+');
  if (single || Object.hasOwn(doc, 'STATUS')) return null;
  const slots = new Map<string, Record<string, unknown>>();
  for (const [key, value] of Object.entries(doc)) {
    const slot: unknown = Array.isArray(value) ? value[0] : value;
    if (isRecord(slot) && Object.hasOwn(slot, 'STATUS')) slots.set(key, slot);
  }
  return slots.size > 0 || asked.includes('+') ? slots : null;
}

/** Maps read the document; the sections are taken apart only for who asks for them. */
const replyFrom = (doc: Record<string, unknown>): CgminerReply => ({
  doc,
  id: toNumber(doc.id),
  status: statusRecords(doc),
  get sections() {
    return sectionsOf(doc);
  },
});

function sectionsOf(doc: Record<string, unknown>): Map<string, Record<string, unknown>[]> {
  const sections = new Map<string, Record<string, unknown>[]>();
  for (const [key, value] of Object.entries(doc)) {
    if (key === 'STATUS' || typeof value !== 'object' || value === null) continue;
    sections.set(key, recordsOf(value));
  }
  return sections;
}

/** The records of a section of a reply's document; empty when it is not there. */
export const section = (doc: unknown, name: string): Fields[] =>
  isRecord(doc) && Object.hasOwn(doc, name) ? recordsOf(doc[name]).map((record) => new Fields(record)) : [];

/** The first record of a section; without fields when there is none. */
export function first(doc: unknown, name: string): Fields {
  if (!isRecord(doc) || !Object.hasOwn(doc, name)) return NO_FIELDS;
  const value = doc[name];
  const record = Array.isArray(value) ? value.find(isRecord) : value;
  return isRecord(record) ? new Fields(record) : NO_FIELDS;
}

/** The status of a reply's document: a list or an object as cgminer sends it, or a string as WhatsMiner does (3.4). */
export const statusOf = (doc: unknown): StatusRecord | null => (isRecord(doc) ? (statusRecords(doc)[0] ?? null) : null);

function statusRecords(doc: Record<string, unknown>): StatusRecord[] {
  const status = Object.hasOwn(doc, 'STATUS') ? doc.STATUS : undefined;
  return (typeof status === 'string' ? [doc] : recordsOf(status)).map((record) => {
    const fields = new Fields(record);
    return {
      letter: fields.str('STATUS') ?? '',
      when: fields.num('When'),
      code: fields.int('Code'),
      msg: fields.str('Msg') ?? '',
      description: fields.str('Description'),
    };
  });
}

const NO_FIELDS = new Fields({});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordsOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : [];

const mapValues = <A, B>(map: ReadonlyMap<string, A>, of: (value: A) => B): Map<string, B> =>
  new Map([...map].map(([key, value]) => [key, of(value)]));

function repeats(asked: string): boolean {
  if (!asked.includes('+')) return false;
  const names = asked.split('+');
  return names.some((name, i) => names.indexOf(name) !== i);
}

const firstLetter = (bytes: Uint8Array): number => bytes.findIndex((byte) => byte > 0x20);

/** What other programs say on this port, told apart from a broken reply. */
function notThisApi(bytes: Uint8Array): void {
  const start = printable(bytes.subarray(Math.max(0, firstLetter(bytes))), 48);
  if (start.startsWith('Socket connect failed')) {
    throw new HeadframeError('link/refused', {
      detail: `the machine's own web server says "${start.split('\\x')[0]}"`,
    });
  }
  if (/^(HTTP\/|<!doctype|<html)/i.test(start)) throw wrongShape(bytes, 'a web server is there');
}

const wrongShape = (bytes: Uint8Array, detail: string): HeadframeError =>
  new HeadframeError('protocol/wrong-shape', { detail, bytes: bytes.length, firstBytes: printable(bytes) });
