import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware } from '@headframe/model/hardware';
import { first, section, statusOf } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';
import { PROGRAMS } from './quirks.ts';

/** Who this is, as far as a program tells that may run on anything: the program, and rarely the machine. */
export function identityOfCgminer(replies: Replies): Identity {
  const version = first(replies.get('version')?.doc, 'VERSION');
  const program = programOf(version) ?? signature(replies);
  const said = version.str('Type') ?? version.str('PROD') ?? version.str('MODEL') ?? deviceModel(replies);
  const hardware = said === null ? null : findHardware(said);
  return {
    ...blankIdentity('cgminer'),
    make: hardware?.make ?? null,
    model: hardware?.model ?? said,
    firmware: program?.firmware ?? null,
    firmwareVersion: program?.version ?? null,
    apiVersion: version.str('API'),
    algorithm: algorithmOf(first(replies.get('coin')?.doc, 'COIN').str('Hash Method')) ?? hardware?.algorithm ?? null,
  };
}

interface Program {
  readonly firmware: string;
  readonly version: string | null;
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
