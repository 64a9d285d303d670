import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryWriter, base64Decode, WireType } from '@bufbuild/protobuf/wire';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { HeadframeError } from '@headframe/model';
import { DEEPEST, meaningOf, type ProtoDoc, UNKNOWN, variantOf, wireTypeOf, zeroOf } from './doc-form.ts';

/**
 * A document in the form of {@link ProtoDoc} as a message. Strict: a member that the contract does not know, a value of
 * another type or out of its range is an error. Bytes may be given as they are; `$unknown` is written as it was read.
 * @throws HeadframeError `usage/invalid` with the path of what does not fit, never with its value
 */
export function fromDoc(schema: DescMessage, doc: Readonly<Record<string, unknown>>): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(schema, doc, writer, schema.name, 0);
  return writer.finish();
}

function invalid(path: string, needed: string): HeadframeError {
  return new HeadframeError('usage/invalid', { detail: `${path}: ${needed}` });
}

function writeMessage(schema: DescMessage, value: unknown, writer: BinaryWriter, path: string, depth: number): void {
  if (depth >= DEEPEST) throw invalid(path, `messages are more than ${DEEPEST} deep`);
  const doc = plain(meant(schema, value, path), path);
  const rest = new Set(Object.keys(doc));
  for (const member of schema.members) {
    const given = doc[member.name];
    rest.delete(member.name);
    if (given === null || given === undefined) continue;
    const at = `${path}.${member.name}`;
    if (member.kind === 'field') writeField(member, given, writer, at, depth);
    else {
      const variants = Object.entries(plain(given, at)).filter(([, one]) => one !== null && one !== undefined);
      const [name, inner] = variants[0] ?? [];
      const field = member.fields.find((one) => variantOf(one) === name);
      if (field === undefined || variants.length !== 1) {
        throw invalid(at, `one of ${member.fields.map(variantOf).join(', ')} is needed`);
      }
      writeOne(field, inner, writer, `${at}.${name}`, depth);
    }
  }
  rest.delete(UNKNOWN);
  if (doc[UNKNOWN] !== undefined) writeUnknown(doc[UNKNOWN], writer, `${path}.${UNKNOWN}`);
  const [stranger] = [...rest].filter((name) => doc[name] !== undefined);
  if (stranger !== undefined) throw invalid(path, `there is no ${JSON.stringify(stranger.slice(0, 64))} in it`);
}

function plain(value: unknown, path: string): Readonly<Record<string, unknown>> {
  const isPlain =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  if (!isPlain) throw invalid(path, 'an object is needed');
  return value as Readonly<Record<string, unknown>>;
}

/** The message that stands for a value: the reverse of what reading does. */
function meant(schema: DescMessage, value: unknown, path: string): unknown {
  switch (meaningOf(schema.typeName)) {
    case 'wrapper':
      return { value };
    case 'struct':
      return { fields: plain(value, path) };
    case 'list':
      return { values: value };
    case 'value':
      return { kind: kindOf(value, path) };
    case null:
      return value;
  }
}

function kindOf(value: unknown, path: string): ProtoDoc {
  if (value === null) return { nullvalue: 0 };
  if (Array.isArray(value)) return { listvalue: value };
  switch (typeof value) {
    case 'boolean':
      return { boolvalue: value };
    case 'number':
      return { numbervalue: value };
    case 'string':
      return { stringvalue: value };
    case 'object':
      return { structvalue: value };
    default:
      throw invalid(path, 'a value of JSON is needed');
  }
}

function writeField(field: DescField, value: unknown, writer: BinaryWriter, path: string, depth: number): void {
  if (field.fieldKind === 'list') {
    if (!Array.isArray(value)) throw invalid(path, 'a list is needed');
    if (isPacked(field)) {
      if (value.length === 0) return;
      writer.tag(field.number, WireType.LengthDelimited).fork();
      for (const [index, one] of value.entries()) writeValue(field, one, writer, `${path}[${index}]`, depth);
      writer.join();
    } else for (const [index, one] of value.entries()) writeOne(field, one, writer, `${path}[${index}]`, depth);
  } else if (field.fieldKind === 'map') {
    for (const [key, one] of Object.entries(plain(value, path))) {
      if (field.mapKey !== ScalarType.STRING) throw invalid(path, 'maps have strings as keys here');
      writer.tag(field.number, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key);
      writer.tag(2, wireTypeOfOne(field));
      writeValue(field, one, writer, `${path}.${key.slice(0, 64)}`, depth);
      writer.join();
    }
  } else if (field.presence !== FeatureSet_FieldPresence.IMPLICIT || !Object.is(value, zeroOf(field.scalar))) {
    // A zero is not sent: the other side takes it for granted.
    writeOne(field, value, writer, path, depth);
  }
}

const isPacked = (field: DescField) => !field.message && wireTypeOfOne(field) !== WireType.LengthDelimited;

function wireTypeOfOne(field: DescField): WireType {
  if (field.message) return WireType.LengthDelimited;
  return field.scalar === undefined ? WireType.Varint : wireTypeOf(field.scalar);
}

function writeOne(field: DescField, value: unknown, writer: BinaryWriter, path: string, depth: number): void {
  writer.tag(field.number, wireTypeOfOne(field));
  writeValue(field, value, writer, path, depth);
}

function writeValue(field: DescField, value: unknown, writer: BinaryWriter, path: string, depth: number): void {
  if (field.message) {
    writer.fork();
    writeMessage(field.message, value, writer, path, depth + 1);
    writer.join();
  } else if (field.enum) writer.int32(whole(value, -(2 ** 31), 2 ** 31 - 1, path));
  else writeScalar(field.scalar as ScalarType, value, writer, path);
}

function writeScalar(type: ScalarType, value: unknown, writer: BinaryWriter, path: string): void {
  switch (type) {
    case ScalarType.STRING:
      if (typeof value !== 'string') throw invalid(path, 'a string is needed');
      // Half a surrogate pair has no UTF-8.
      if (!value.isWellFormed()) throw invalid(path, 'text of whole characters is needed');
      writer.string(value);
      return;
    case ScalarType.BYTES:
      writer.bytes(bytesOf(value, path));
      return;
    case ScalarType.BOOL:
      if (typeof value !== 'boolean') throw invalid(path, 'true or false is needed');
      writer.bool(value);
      return;
    case ScalarType.DOUBLE:
      writer.double(numberOf(value, path));
      return;
    case ScalarType.INT32:
      writer.int32(whole(value, -(2 ** 31), 2 ** 31 - 1, path));
      return;
    case ScalarType.UINT32:
      writer.uint32(whole(value, 0, 2 ** 32 - 1, path));
      return;
    case ScalarType.INT64:
      writer.int64(large(value, -(2n ** 63n), 2n ** 63n - 1n, path));
      return;
    case ScalarType.UINT64:
      writer.uint64(large(value, 0n, 2n ** 64n - 1n, path));
      return;
    default:
      // The contract has no field of another type: the test of the whole contract would fail here first.
      throw invalid(path, 'its type cannot be written');
  }
}

function numberOf(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw invalid(path, 'a number is needed');
}

function whole(value: unknown, least: number, most: number, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(path, `a whole number from ${least} to ${most} is needed`);
}

/** A number of 64 bits: as a number where that is exact, else its digits. */
function large(value: unknown, least: bigint, most: bigint, path: string): bigint {
  const isExact = typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d{1,20}$/.test(String(value));
  if (isExact && (typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint')) {
    const number = BigInt(value);
    if (number >= least && number <= most) return number;
  }
  throw invalid(path, `a whole number from ${least} to ${most} is needed`);
}

function bytesOf(value: unknown, path: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  try {
    if (typeof value === 'string') return base64Decode(value);
  } catch {
    // Said below.
  }
  throw invalid(path, 'bytes or base64 are needed');
}

function writeUnknown(value: unknown, writer: BinaryWriter, path: string): void {
  if (!Array.isArray(value)) throw invalid(path, 'a list is needed');
  for (const [index, one] of value.entries()) {
    const at = `${path}[${index}]`;
    const { no, wireType, bytes } = plain(one, at);
    const isKnown = typeof bytes === 'string' && /^([0-9a-f]{2})*$/i.test(bytes);
    if (!isKnown || ![0, 1, 2, 3, 5].includes(wireType as number)) throw invalid(at, 'no field can be written from it');
    writer.tag(whole(no, 1, 2 ** 29 - 1, `${at}.no`), wireType as WireType);
    const content = Uint8Array.from(bytes.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    if (wireType === WireType.LengthDelimited) writer.bytes(content);
    else writer.raw(content);
  }
}
