import { blankIdentity, type HttpDoc, type Identity, type Replies } from '@headframe/model';
import { findHardware, type Hardware } from '@headframe/model/hardware';
import { Fields } from '@headframe/wire/json';
import { CAPABILITIES_PATH } from './probe.ts';

/** /capabilities, as the poll or as the probe asked for it. */
export function capabilitiesOf(replies: Replies): Fields {
  const polled = replies.get('capabilities');
  if (polled !== undefined && polled.doc !== null) return new Fields(polled.doc);
  return new Fields((replies.get(`http:${CAPABILITIES_PATH}`)?.doc as HttpDoc | null | undefined)?.json);
}

/** The hardware may be an Antminer or ePIC's own; null for a model that is not in the catalogue. */
export function hardwareOf(replies: Replies): Hardware | null {
  const model = capabilitiesOf(replies).str('Model');
  return model === null ? null : (findHardware(model) ?? findHardware(model, 'ePIC'));
}

export function identityOfEpic(replies: Replies): Identity {
  const capabilities = capabilitiesOf(replies);
  const summary = new Fields(replies.get('summary')?.doc);
  const model = capabilities.str('Model');
  const hardware = hardwareOf(replies);
  return {
    ...blankIdentity('epic'),
    make: hardware?.make ?? makeOf(model),
    model: hardware?.model ?? model,
    hardwareRevision: capabilities.str('Model Subtype'),
    firmware: 'epic',
    firmwareVersion: versionOf(summary.str('Software')),
    mac: macOf(new Fields(replies.get('network')?.doc)),
    hostname: summary.str('Hostname'),
    controlBoard: capabilities.sub('Control Board Version').str('cpuHardware'),
    algorithm: algorithmOf(summary.sub('Mining').str('Algorithm')) ?? hardware?.algorithm ?? null,
  };
}

const makeOf = (model: string | null): string | null =>
  model === null ? null : /^antminer/i.test(model) ? 'Bitmain' : /^blockminer/i.test(model) ? 'ePIC' : null;

/** `PowerPlay-BMS v1.5.13`. */
const versionOf = (software: string | null): string | null =>
  software === null ? null : (/ v(\d\S*)$/.exec(software)?.[1] ?? software);

/** One of `dhcp` and `static` is there, whichever is in use. */
const macOf = (network: Fields): string | null => {
  const mac = network.sub('dhcp').str('mac_address') ?? network.sub('static').str('mac_address');
  return mac?.toLowerCase().replaceAll('-', ':') ?? null;
};

/** `SHA-256` is Bitcoin's double hash; other names only lose their capitals and signs. */
function algorithmOf(name: string | null): string | null {
  const plain = name?.toLowerCase().replace(/[^a-z0-9]/g, '') ?? null;
  return plain === 'sha256' ? 'sha256d' : plain;
}
