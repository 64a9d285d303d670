import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware, type Hardware } from '@headframe/model/hardware';
import { first } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';

export function identityOfAvalon(replies: Replies): Identity {
  const version = first(replies.get('version')?.doc, 'VERSION');
  const hardware = hardwareOfAvalon(version);
  return {
    ...blankIdentity('avalon'),
    make: 'Canaan',
    model: hardware?.model ?? asSaid(version),
    hardwareRevision: version.str('HWTYPE'),
    firmware: 'stock',
    firmwareVersion: version.str('LVERSION') ?? version.str('VERSION') ?? version.str('CGVERSION'),
    apiVersion: version.str('API'),
    mac: macOf(version.str('MAC')),
    serial: version.str('DNA'),
    algorithm: hardware?.algorithm ?? 'sha256d',
  };
}

/** `PROD` is the product (`Avalon Q`, `AvalonMiner 1246`), `MODEL` the bare number with its bin (`1246-N-85-24`). */
export function hardwareOfAvalon(version: Fields): Hardware | null {
  const prod = version.str('PROD')?.replace(/^Avalon\s?Miner\s*/i, 'Avalon ') ?? '';
  const model = version.str('MODEL') ?? '';
  for (const name of [prod, model, prod.replace(/-.*$/, ''), model.replace(/-.*$/, '')]) {
    const found = name === '' ? null : findHardware(name, 'Canaan');
    if (found !== null) return found;
  }
  return null;
}

function asSaid(version: Fields): string | null {
  const prod = version.str('PROD')?.replace(/^Avalon\s?Miner\s*/i, 'Avalon ');
  if (prod !== undefined) return prod.startsWith('Avalon') ? prod : `Avalon ${prod}`;
  const model = version.str('MODEL');
  return model === null ? null : `Avalon ${model}`;
}

/** Sent with colons on newer machines and without on older ones. */
function macOf(sent: string | null): string | null {
  const digits = sent?.toLowerCase().replace(/[^0-9a-f]/g, '') ?? '';
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : null;
}
