import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';

/**
 * A message of Protobuf as a plain document, in the form in which REST 25.07 gives and takes the same messages (captures;
 * OpenAPI of 25.07 and 26.04): fields under their names of the contract, enums as numbers, what is not set left out (null
 * stands for it, too), a oneof as one member under its name (`strategy: { fixedshareratio: { value: 0.5 } }`, the field's
 * name without `_`), a wrapped number as the number, a Timestamp as `{ seconds, nanos }`. Beyond that: whole numbers that
 * JavaScript cannot hold as digits, NaN and the infinities as these words, bytes in base64, a Struct as the JSON it means.
 */
export type ProtoDoc = Record<string, unknown>;

/** The member of a document that keeps what the contract does not know: a newer firmware. */
export const UNKNOWN = '$unknown';

/** A field that the contract does not know, or knows with another type. */
export interface UnknownField {
  readonly no: number;
  /** 0 varint, 1 eight bytes, 2 counted bytes, 3 a group, 5 four bytes. */
  readonly wireType: number;
  /** What stands behind the tag, in hex; of counted bytes without their count. */
  readonly bytes: string;
}

/** How deep messages may be in each other. The contract needs 8; a Struct takes two for each level of its JSON. */
export const DEEPEST = 64;
/** Values in one message at the most, each field and each element being one. */
export const MOST_VALUES = 100_000;

/** The name of a field of a oneof in a document: that of the variant in lower case, `fixedshareratio`. */
export const variantOf = (field: DescField): string => field.name.replaceAll('_', '');

/** How a number is on the wire; every type that is not here is counted bytes. */
const WIRE: ReadonlyMap<ScalarType, WireType> = new Map([
  [ScalarType.DOUBLE, WireType.Bit64],
  [ScalarType.FIXED64, WireType.Bit64],
  [ScalarType.SFIXED64, WireType.Bit64],
  [ScalarType.FLOAT, WireType.Bit32],
  [ScalarType.FIXED32, WireType.Bit32],
  [ScalarType.SFIXED32, WireType.Bit32],
  [ScalarType.STRING, WireType.LengthDelimited],
  [ScalarType.BYTES, WireType.LengthDelimited],
]);

export const wireTypeOf = (scalar: ScalarType): WireType => WIRE.get(scalar) ?? WireType.Varint;

/** What a field is of which nothing came; an enum has no scalar. */
export function zeroOf(scalar: ScalarType | undefined): string | number | boolean {
  if (scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return '';
  return scalar === ScalarType.BOOL ? false : 0;
}

/** The messages of Google that are in a document as what they mean. */
export type Meaning = 'wrapper' | 'struct' | 'list' | 'value';

/** Null: an ordinary message. */
export function meaningOf(typeName: string): Meaning | null {
  if (!typeName.startsWith('google.protobuf.')) return null;
  if (/^google\.protobuf\.(Double|Float|U?Int64|U?Int32|Bool|String|Bytes)Value$/.test(typeName)) return 'wrapper';
  if (typeName === 'google.protobuf.Struct') return 'struct';
  if (typeName === 'google.protobuf.ListValue') return 'list';
  return typeName === 'google.protobuf.Value' ? 'value' : null;
}
