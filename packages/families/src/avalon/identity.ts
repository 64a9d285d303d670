import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware, type Hardware } from '@headframe/model/hardware';
import { first } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';
import { modulesOf } from './modules.ts';

export function identityOfAvalon(replies: Replies): Identity {
  const version = first(replies.get('version')?.doc, 'VERSION');
  const hardware = hardwareOfAvalon(version);
  const page = new Fields(replies.get('http:minerinfo')?.doc);
  // The A7 and A8 say it in their modules' records: where there is one, it is that of the machine.
  const modules = modulesOf(replies);
  const record = modules.length === 1 ? modules[0]?.main : undefined;
  return {
    ...blankIdentity('avalon'),
    make: 'Canaan',
    model: hardware?.model ?? asSaid(version),
    hardwareRevision: version.str('HWTYPE'),
    firmware: 'stock',
    firmwareVersion:
      version.str('LVERSION') ??
      version.str('VERSION') ??
      version.str('CGVERSION') ??
      page.str('version') ??
      modules[0]?.main.text('Ver') ??
      null,
    apiVersion: version.str('API'),
    mac: macOf(version.str('MAC')) ?? macOf(page.str('mac')),
    serial: serialOf(version.str('DNA')) ?? serialOf(record?.text('DNA') ?? null),
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
export function macOf(sent: string | null): string | null {
  const digits = sent?.toLowerCase().replace(/[^0-9a-f]/g, '') ?? '';
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : null;
}

/** The first Nano 3 all have the DNA 0000000000000000, which names none of them. */
const serialOf = (dna: string | null): string | null => (dna === null || /^0*$/.test(dna) ? null : dna);
