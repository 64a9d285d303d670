import { blankIdentity, type HttpDoc, type Identity, type Replies } from '@headframe/model';
import { findHardware, type Hardware } from '@headframe/model/hardware';
import { Fields } from '@headframe/wire/json';
import { SYSTEM_INFO_PATH } from './probes.ts';
import { infoRecord } from './view.ts';

/** get_system_info.cgi, as the poll or as a probe asked for it. */
function systemInfo(replies: Replies): Fields {
  const polled = replies.get('system_info');
  if (polled !== undefined && polled.doc !== null) return new Fields(polled.doc);
  return new Fields((replies.get(`http:${SYSTEM_INFO_PATH}`)?.doc as HttpDoc | null | undefined)?.json);
}

const typeOf = (replies: Replies): string | null =>
  systemInfo(replies).str('minertype') ?? infoRecord(replies).str('type');

/** Null for a model that is not in the catalogue. */
export function hardwareOf(replies: Replies): Hardware | null {
  const type = typeOf(replies);
  return type === null ? null : findHardware(type, 'Elphapex');
}

export function identityOfElphapex(replies: Replies): Identity {
  const system = systemInfo(replies);
  const info = infoRecord(replies);
  const hardware = hardwareOf(replies);
  return {
    ...blankIdentity('elphapex'),
    make: 'Elphapex',
    model: hardware?.model ?? typeOf(replies),
    hardwareRevision: info.str('hw_version'),
    firmware: 'stock',
    firmwareVersion: system.str('system_filesystem_version') ?? info.str('miner_version'),
    apiVersion: new Fields(replies.get('summary')?.doc).sub('STATUS').str('api_version'),
    mac: system.str('macaddr')?.toLowerCase().replaceAll('-', ':') ?? null,
    serial: info.str('dev_sn'),
    hostname: system.str('hostname'),
    algorithm: system.str('Algorithm')?.toLowerCase() ?? hardware?.algorithm ?? null,
  };
}
