import { blankIdentity, type HttpDoc, type Identity, type Replies } from '@headframe/model';
import { INFO_PATH, macOf } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';

/** `/api/system/info`, as the poll or as the probe asked for it. */
export function infoOf(replies: Replies): Fields {
  const polled = replies.get('info');
  if (polled !== undefined && polled.doc !== null) return new Fields(polled.doc);
  return new Fields((replies.get(`http:${INFO_PATH}`)?.doc as HttpDoc | null | undefined)?.json);
}

/** The device names its model itself: `NerdQAxe++`. */
export function identityOfNerdqaxe(replies: Replies): Identity {
  const info = infoOf(replies);
  const model = info.str('deviceModel');
  return {
    ...blankIdentity('nerdqaxe'),
    make: model?.startsWith('Nerd') === true ? 'NerdAxe' : null,
    model,
    hardwareRevision: info.str('boardVersion'),
    firmware: 'nerdqaxe',
    firmwareVersion: info.str('version'),
    mac: macOf(info),
    hostname: info.str('hostname'),
    algorithm: info.str('ASICModel')?.startsWith('BM13') === true ? 'sha256d' : null,
  };
}
