import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, base64Encode, WireType } from '@bufbuild/protobuf/wire';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { HeadframeError } from '@headframe/model';
import { hex } from '@headframe/wire/http';
import {
  DEEPEST,
  MOST_VALUES,
  meaningOf,
  type ProtoDoc,
  UNKNOWN,
  type UnknownField,
  variantOf,
  wireTypeOf,
  zeroOf,
} from './doc-form.ts';

/**
 * A message as a document, in the form of {@link ProtoDoc}. Fields that the contract does not know, and those that came with
 * another wire type than it says, are kept under `$unknown`; numbers of enums that it does not know stay.
 * @throws HeadframeError `protocol/malformed` with the reason, never with content
 */
export function toDoc(schema: DescMessage, bytes: Uint8Array): ProtoDoc {
  const state = { depth: 0, values: 0 };
  try {
    return readMessage(schema, new BinaryReader(bytes), state, blank(schema));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new HeadframeError('protocol/malformed', { detail: `${schema.typeName}: ${reason}` }, thrown);
  }
}

interface State {
  depth: number;
  values: number;
}

/** What a message is in which nothing came: only fields that are always there. */
function blank(schema: DescMessage): ProtoDoc {
  const doc: ProtoDoc = {};
  for (const field of schema.fields) {
    if (field.fieldKind === 'list') doc[field.name] = [];
    else if (field.fieldKind === 'map') doc[field.name] = {};
    else if (field.oneof === undefined && field.presence === FeatureSet_FieldPresence.IMPLICIT) {
      doc[field.name] = field.fieldKind === 'scalar' ? zeroOf(field.scalar) : 0;
    }
  }
  return doc;
}

function readMessage(schema: DescMessage, reader: BinaryReader, state: State, doc: ProtoDoc): ProtoDoc {
  if (++state.depth > DEEPEST) throw new Error(`messages are more than ${DEEPEST} deep`);
  while (reader.pos < reader.len) {
    const [no, wireType] = reader.tag();
    count(state);
    const field = schema.fields.find((one) => one.number === no);
    if (field === undefined || !fits(field, wireType)) keep(doc, no, wireType, reader, state);
    else readField(field, wireType, reader, state, doc);
  }
  state.depth--;
  return doc;
}

function count(state: State): void {
  if (++state.values > MOST_VALUES) throw new Error(`it has more than ${MOST_VALUES} values`);
}

/** Whether a field has come as the contract says. Repeated numbers may be packed or not. */
function fits(field: DescField, wireType: WireType): boolean {
  const own = elementWireType(field);
  return wireType === own || (field.fieldKind === 'list' && wireType === WireType.LengthDelimited);
}

function elementWireType(field: DescField): WireType {
  if (field.scalar !== undefined && field.fieldKind !== 'map') return wireTypeOf(field.scalar);
  return field.enum !== undefined && field.fieldKind !== 'map' ? WireType.Varint : WireType.LengthDelimited;
}

function keep(doc: ProtoDoc, no: number, wireType: WireType, reader: BinaryReader, state: State): void {
  const bytes =
    wireType === WireType.LengthDelimited ? reader.bytes() : reader.skip(wireType, no, DEEPEST - state.depth);
  if (wireType === WireType.Varint && bytes.length > 10) throw new Error('a number is longer than ten bytes');
  const known = (doc[UNKNOWN] ?? []) as UnknownField[];
  known.push({ no, wireType, bytes: hex(bytes) });
  doc[UNKNOWN] = known;
}

function readField(field: DescField, wireType: WireType, reader: BinaryReader, state: State, doc: ProtoDoc): void {
  if (field.fieldKind === 'list') {
    const list = doc[field.name] as unknown[];
    if (wireType === elementWireType(field)) list.push(readOne(field, reader, state));
    else {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) {
        count(state);
        list.push(readOne(field, packed, state));
      }
    }
  } else if (field.fieldKind === 'map') readEntry(field, reader, state, doc[field.name] as ProtoDoc);
  else if (field.oneof === undefined) doc[field.name] = readOne(field, reader, state, doc[field.name]);
  else {
    // The last member wins; the same message twice is one message.
    const before = doc[field.oneof.name] as ProtoDoc | undefined;
    doc[field.oneof.name] = { [variantOf(field)]: readOne(field, reader, state, before?.[variantOf(field)]) };
  }
}

/** The entry of a map is a message: the key is field 1, the value field 2. */
function readEntry(field: DescField & { fieldKind: 'map' }, reader: BinaryReader, state: State, map: ProtoDoc): void {
  const entry = new BinaryReader(reader.bytes());
  let key = '';
  let value: unknown;
  while (entry.pos < entry.len) {
    const [no, wireType] = entry.tag();
    count(state);
    if (no === 1 && wireType === wireTypeOf(field.mapKey)) key = String(scalar(field.mapKey, entry));
    else if (no === 2 && wireType === mapWireType(field)) value = readOne(field, entry, state);
    else entry.skip(wireType, no, DEEPEST - state.depth);
  }
  if (value === undefined) value = field.message ? said(field.message, blank(field.message)) : zeroOf(field.scalar);
  // A key may be `__proto__`.
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

function mapWireType(field: DescField & { fieldKind: 'map' }): WireType {
  if (field.message) return WireType.LengthDelimited;
  return field.scalar === undefined ? WireType.Varint : wireTypeOf(field.scalar);
}

/** One value. @param before what is there of the same message already, to be joined with */
function readOne(field: DescField, reader: BinaryReader, state: State, before?: unknown): unknown {
  if (field.message) {
    // What stands for its meaning is not joined: the last wins.
    const joined = meaningOf(field.message.typeName) === null ? (before as ProtoDoc | undefined) : undefined;
    const doc = readMessage(field.message, new BinaryReader(reader.bytes()), state, joined ?? blank(field.message));
    return said(field.message, doc);
  }
  return field.enum ? reader.int32() : scalar(field.scalar as ScalarType, reader);
}

/** The message, or what it stands for. */
function said(schema: DescMessage, doc: ProtoDoc): unknown {
  switch (meaningOf(schema.typeName)) {
    case 'wrapper':
      return doc.value;
    case 'struct':
      return doc.fields;
    case 'list':
      return doc.values;
    case 'value': {
      const [[kind, value] = ['nullvalue', null]] = Object.entries(doc.kind ?? {});
      return kind === 'nullvalue' ? null : value;
    }
    case null:
      return doc;
  }
}

function scalar(type: ScalarType, reader: BinaryReader): unknown {
  switch (type) {
    case ScalarType.STRING:
      return reader.string(true);
    case ScalarType.BYTES:
      return base64Encode(reader.bytes());
    case ScalarType.BOOL:
      return reader.bool();
    case ScalarType.DOUBLE:
      return finite(reader.double());
    case ScalarType.FLOAT:
      return finite(reader.float());
    case ScalarType.INT32:
      return reader.int32();
    case ScalarType.UINT32:
      return reader.uint32();
    case ScalarType.SINT32:
      return reader.sint32();
    case ScalarType.FIXED32:
      return reader.fixed32();
    case ScalarType.SFIXED32:
      return reader.sfixed32();
    case ScalarType.INT64:
      return safe(reader.int64());
    case ScalarType.UINT64:
      return safe(reader.uint64());
    case ScalarType.SINT64:
      return safe(reader.sint64());
    case ScalarType.FIXED64:
      return safe(reader.fixed64());
    case ScalarType.SFIXED64:
      return safe(reader.sfixed64());
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : String(value));

function safe(value: bigint | string): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
