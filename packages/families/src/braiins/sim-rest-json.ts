import { create, type DescField, type DescMessage, type DescOneof, type Message, ScalarType } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { meaningOf, type ProtoDoc, UNKNOWN, type UnknownField, variantOf } from './contract/doc-form.ts';
import { realText } from './sim-cgminer-values.ts';
import { forget } from './sim-since.ts';

/*
 * Messages of the contract as REST writes them (captures of 25.07): what is absent is null, a number that is no whole one by
 * its type always has a point (`1.0`, `141000.0`), and members that the release does not know are not there at all.
 */

/** A whole message. @param os release */
export function messageJson(schema: DescMessage, doc: ProtoDoc, os: number): string {
  const odd = oddMembers(schema, doc);
  const members = schema.members.flatMap((member) => {
    if (odd.has(member.name) || !isKnown(member, os)) return [];
    return [`${JSON.stringify(member.name)}:${memberJson(member, doc, os)}`];
  });
  return `{${[...members, ...[...odd].map(([name, value]) => `${JSON.stringify(name)}:${value}`)].join(',')}}`;
}

/** The value of one member of a message, as a body of its own. */
export function oneMemberJson(schema: DescMessage, name: string, doc: ProtoDoc, os: number): string {
  const odd = oddMembers(schema, doc).get(name);
  const member = schema.members.find((one) => one.name === name);
  return odd ?? (member === undefined ? 'null' : memberJson(member, doc, os));
}

function memberJson(member: DescField | DescOneof, doc: ProtoDoc, os: number): string {
  const value = doc[member.name];
  if (value === undefined || value === null) return 'null';
  if (member.kind === 'field') return fieldJson(member, value, os);
  const [[variant, inner] = ['', null]] = Object.entries(value);
  const field = member.fields.find((one) => variantOf(one) === variant);
  return field === undefined ? 'null' : `{${JSON.stringify(variant)}:${valueJson(field, inner, os)}}`;
}

function fieldJson(field: DescField, value: unknown, os: number): string {
  if (field.fieldKind !== 'list') return valueJson(field, value, os);
  return `[${(value as unknown[]).map((one) => valueJson(field, one, os)).join(',')}]`;
}

function valueJson(field: DescField, value: unknown, os: number): string {
  const { message } = field;
  if (message === undefined || field.fieldKind === 'map') return scalarJson(field.scalar, value);
  const meaning = meaningOf(message.typeName);
  if (meaning === 'wrapper') return scalarJson(message.fields[0]?.scalar, value);
  return meaning === null ? messageJson(message, value as ProtoDoc, os) : JSON.stringify(value);
}

function scalarJson(type: ScalarType | undefined, value: unknown): string {
  if (type !== ScalarType.DOUBLE && type !== ScalarType.FLOAT) {
    // Whole numbers that JavaScript cannot hold are digits in a document.
    const isNumber = type !== ScalarType.STRING && type !== ScalarType.BYTES && typeof value === 'string';
    return isNumber ? value : JSON.stringify(value);
  }
  return typeof value === 'number' ? realText(value) : 'null';
}

/** What a reply holds beyond the contract, under the name of the field whose number it has, or a name of its own. */
function oddMembers(schema: DescMessage, doc: ProtoDoc): ReadonlyMap<string, string> {
  const unknown = (doc[UNKNOWN] ?? []) as readonly UnknownField[];
  return new Map(
    unknown.map(({ no, wireType, bytes }) => {
      const field = schema.fields.find((one) => one.number === no);
      const raw = Uint8Array.from(bytes.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      const name = field?.oneof?.name ?? field?.name ?? `field_${no}`;
      return [name, wireType === 2 ? JSON.stringify(new TextDecoder().decode(raw)) : String((raw[0] ?? 0) & 0x7f)];
    }),
  );
}

const known = new Map<string, boolean>();

/** Whether a release knows a member: whether it is still there when the release has forgotten what it does not know. */
function isKnown(member: DescField | DescOneof, os: number): boolean {
  if (member.kind === 'oneof') return member.fields.some((field) => isKnown(field, os));
  const key = `${os} ${member.parent.typeName}.${member.name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const probe: Message = create(member.parent);
  const message = reflect(member.parent, probe);
  if (member.fieldKind === 'list' || member.fieldKind === 'map') return true;
  if (member.fieldKind === 'message') message.set(member, reflect(member.message));
  else if (member.fieldKind === 'enum') message.set(member, 1);
  else message.set(member, SAMPLES[member.scalar] ?? 1);
  forget(member.parent, probe, os);
  known.set(key, message.isSet(member));
  return message.isSet(member);
}

/** Something that is set, by its type; 1 for those that are numbers. */
const SAMPLES: Readonly<Partial<Record<ScalarType, unknown>>> = {
  [ScalarType.STRING]: 'x',
  [ScalarType.BOOL]: true,
  [ScalarType.BYTES]: Uint8Array.of(1),
  [ScalarType.INT64]: 1n,
  [ScalarType.UINT64]: 1n,
};

/**
 * The first member that a body lacks: plain values and lists have to be there, all else may be absent or null (the required
 * members of the published descriptions). Null when it has all. Its types are not looked at.
 */
export function missingMember(schema: DescMessage, body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const doc = body as Readonly<Record<string, unknown>>;
  for (const member of schema.members) {
    const value = doc[member.name];
    const isAbsent = value === undefined || value === null;
    if (member.kind === 'oneof') {
      const [[variant, inner] = ['', null]] = isAbsent ? [] : Object.entries(value);
      const message = member.fields.find((one) => variantOf(one) === variant)?.message;
      const lacks = message === undefined ? null : missingMember(message, inner);
      if (lacks !== null) return lacks;
    } else if (isAbsent) {
      const isList = member.fieldKind === 'list';
      if (isList || (member.presence === FeatureSet_FieldPresence.IMPLICIT && member.fieldKind !== 'map'))
        return member.name;
    } else {
      for (const one of member.fieldKind === 'list' && Array.isArray(value) ? value : [value]) {
        const isPlain = member.message === undefined || meaningOf(member.message.typeName) !== null;
        const lacks = isPlain ? null : missingMember(member.message, one);
        if (lacks !== null) return lacks;
      }
    }
  }
  return null;
}
