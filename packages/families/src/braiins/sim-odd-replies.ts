import { isMessage, type Message, ScalarType, toBinary } from '@bufbuild/protobuf';
import {
  AuthenticationService,
  GetMinerDetailsResponseSchema,
  GetMinerStatusResponseSchema,
  GetTunerStateResponseSchema,
} from './contract/index.ts';
import type { Served } from './sim-api.ts';
import type { HasQuirk } from './sim-quirks.ts';

/*
 * Replies of a firmware that is newer than every published contract, and of one whose replies are broken.
 */

/** Values that no published enumeration has: a state, a platform. */
const NEWER_VALUE = 77;
/** A field that no published message has, with a text. */
const NEWER_FIELD = 900;
const NEWER_TEXT = 'from the future';

const WIRE = { varint: 0, bytes: 2 } as const;

function putNewerValues(message: Message): void {
  // Enumerations of proto3 are open: a number without a name is a value like any other.
  if (isMessage(message, GetMinerDetailsResponseSchema)) {
    Object.assign(message, { status: NEWER_VALUE, platform: NEWER_VALUE });
  }
  if (isMessage(message, GetMinerStatusResponseSchema)) Object.assign(message, { status: NEWER_VALUE });
  if (isMessage(message, GetTunerStateResponseSchema)) Object.assign(message, { overallTunerState: NEWER_VALUE });
}

/** The bytes of a reply, as the quirks of the machine make them. */
export function replyBytes({ method }: Pick<Served, 'method'>, message: Message, has: HasQuirk): Uint8Array {
  if (has('newer-firmware')) putNewerValues(message);
  const bytes = toBinary(method.output, message);
  if (has('newer-firmware')) return Uint8Array.from([...bytes, ...textField(NEWER_FIELD, NEWER_TEXT)]);
  // A machine that nobody can log in to would show none of its replies.
  if (!has('wrong-types') || method.parent === AuthenticationService) return bytes;
  const [field] = method.output.fields;
  // What is a number comes as text, all else as a number.
  const number = field?.number ?? 1;
  const isNumber =
    field?.fieldKind === 'enum' ||
    (field?.fieldKind === 'scalar' && field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES);
  return Uint8Array.from([...bytes, ...(isNumber ? textField(number, 'seven') : [(number << 3) | WIRE.varint, 7])]);
}

function textField(number: number, text: string): number[] {
  const tag = (number << 3) | WIRE.bytes;
  const head = tag < 128 ? [tag] : [(tag & 127) | 128, tag >>> 7];
  return [...head, text.length, ...new TextEncoder().encode(text)];
}
