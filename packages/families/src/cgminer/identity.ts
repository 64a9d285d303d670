import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware } from '@headframe/model/hardware';
import { first, section, statusOf } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';
import { PROGRAMS, THIRD_PARTY } from './quirks.ts';

/** Who this is, as far as a program tells that may run on anything: the program, and rarely the machine. */
export function identityOfCgminer(replies: Replies): Identity {
  const version = first(replies.get('version')?.doc, 'VERSION');
  const third = thirdPartyOf(version);
  const program = third ?? programOf(version) ?? signature(replies);
  const said = typeOf(version, third) ?? deviceModel(replies);
  const hardware = said === null ? null : findHardware(said);
  return {
    ...blankIdentity('cgminer'),
    // Its maker is known of an Antminer that the catalogue does not have.
    make: hardware?.make ?? (third !== null && /^antminer /i.test(said ?? '') ? 'Bitmain' : null),
    model: hardware?.model ?? said,
    firmware: program?.firmware ?? null,
    firmwareVersion: program?.version ?? null,
    apiVersion: version.str('API'),
    algorithm: algorithmOf(first(replies.get('coin')?.doc, 'COIN').str('Hash Method')) ?? hardware?.algorithm ?? null,
  };
}

/** `Antminer S9 (vnish 3.8.6)` and `Antminer S9 Hiveon` are an Antminer S9: what the firmware wrote behind it goes. */
function typeOf(version: Fields, third: Program | null): string | null {
  const said = version.str('Type') ?? version.str('PROD') ?? version.str('MODEL') ?? version.str('Model');
  if (said === null || third === null) return said;
  const cut = THIRD_PARTY.reduce(
    (text, [word]) => {
      const at = text.search(word);
      return at > 0 ? text.slice(0, at) : text;
    },
    said.slice(0, 200),
  );
  return cut.replace(/\s*\([^)]*\)?\s*$/, '').trim() || said;
}

interface Program {
  readonly firmware: string;
  readonly version: string | null;
}

/** The word of another firmware in any field, in its name or in its value. */
function thirdPartyOf(version: Fields): Program | null {
  const texts = version.keys().flatMap((key) => [key, version.str(key)?.slice(0, 200) ?? '']);
  for (const [word, firmware] of THIRD_PARTY) {
    for (const text of texts) {
      const match = word.exec(text);
      if (match !== null) return { firmware, version: match[1]?.replace(/[.-]+$/, '') ?? null };
    }
  }
  return null;
}

function programOf(version: Fields): Program | null {
  const [key, firmware] = PROGRAMS.find(([name]) => version.has(name)) ?? [];
  return key === undefined || firmware === undefined ? null : { firmware, version: version.str(key) };
}

/** A program that does not name itself in VERSION still signs its replies: `bdminer 4.11.1`. */
function signature(replies: Replies): Program | null {
  const description = statusOf(replies.get('version')?.doc)?.description ?? '';
  const [, name, version] = /^([A-Za-z][\w+-]*) (\d\S*)$/.exec(description) ?? [];
  return name === undefined || version === undefined ? null : { firmware: name.toLowerCase(), version };
}

/** DEVDETAILS has a model where the driver knows one; one name for all devices, or none. */
function deviceModel(replies: Replies): string | null {
  const models = section(replies.get('devdetails')?.doc, 'DEVDETAILS').map((device) => device.str('Model'));
  return models.every((model) => model === models[0]) ? (models[0] ?? null) : null;
}

/** cgminer says `sha256` for the double hash of Bitcoin. */
const algorithmOf = (hashMethod: string | null): string | null => {
  const plain = hashMethod?.toLowerCase() ?? null;
  return plain === 'sha256' ? 'sha256d' : plain;
};
