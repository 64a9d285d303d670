import { blankIdentity, type HttpDoc, type Identity, type Replies } from '@headframe/model';
import { INFO_PATH, macOf } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';
import { boardOf, isBitaxe } from './boards.ts';

/** `/api/system/info`, as the poll or as the probe asked for it. */
export function infoOf(replies: Replies): Fields {
  const polled = replies.get('info');
  if (polled !== undefined && polled.doc !== null) return new Fields(polled.doc);
  return new Fields((replies.get(`http:${INFO_PATH}`)?.doc as HttpDoc | null | undefined)?.json);
}

export const asicOf = (replies: Replies): Fields => new Fields(replies.get('asic')?.doc);

export function identityOfAxeos(replies: Replies): Identity {
  const info = infoOf(replies);
  const board = boardOf(info);
  // From v2.9 on, and what an unknown board says of itself: LuckyMiner and others run this firmware on their own boards.
  const named = asicOf(replies).str('deviceModel');
  const model = board?.model ?? named;
  const isOurs = board !== null || isBitaxe(named);
  return {
    ...blankIdentity('axeos'),
    make: isOurs ? 'Bitaxe' : null,
    model: model === null ? null : isOurs ? `Bitaxe ${model}` : model,
    hardwareRevision: info.str('boardVersion'),
    firmware: 'axeos',
    // `axeOSVersion` is that of the web page, which is flashed apart; the firmware's own decides what it can do.
    firmwareVersion: info.str('version') ?? info.str('axeOSVersion'),
    mac: macOf(info),
    hostname: info.str('hostname'),
    algorithm: info.str('ASICModel')?.startsWith('BM13') === true ? 'sha256d' : null,
  };
}
