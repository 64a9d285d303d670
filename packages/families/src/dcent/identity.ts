import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware } from '@headframe/model/hardware';
import { first, statusOf } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';
import { BOARD_NAME, DAEMON, NO_MODEL } from './quirks.ts';

/** Whether a reply to `version` is of this firmware: it says so in three ways (protocols.md 9). */
export function isDcent(doc: unknown): boolean {
  const version = first(doc, 'VERSION');
  return (
    version.has('DCENTOS') ||
    version.str('Firmware')?.toUpperCase() === 'DCENTOS' ||
    daemonOf(version) !== null ||
    DAEMON.test(statusOf(doc)?.description ?? '')
  );
}

/** Who this is. `Type` is the hardware, never the firmware (protocols.md 9). */
export function identityOfDcent(replies: Replies): Identity {
  const doc = replies.get('version')?.doc;
  const version = first(doc, 'VERSION');
  const said = version.str('Type');
  const hardware = said === null ? null : findHardware(said, 'Bitmain');
  const isBoard = said !== null && BOARD_NAME.test(said);
  const model = said === null || isBoard || NO_MODEL.test(said) ? null : said;
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  return {
    ...blankIdentity('dcent'),
    make: hardware?.make ?? (said !== null && (isBoard || said.startsWith('Antminer')) ? 'Bitmain' : null),
    model: hardware?.model ?? model,
    hardwareRevision: isBoard ? said : null,
    firmware: 'dcent-os',
    firmwareVersion: version.str('DCENTOS') ?? daemonOf(version) ?? versionIn(statusOf(doc)?.description ?? null),
    apiVersion: version.str('API'),
    mac: summary.str('MAC')?.toLowerCase() ?? null,
    hostname: summary.str('Hostname'),
    algorithm: hardware?.algorithm ?? first(replies.get('coin')?.doc, 'COIN').str('Hash Method'),
  };
}

const daemonOf = (version: Fields): string | null =>
  ['CGMiner', 'BMMiner', 'Miner'].map((key) => versionIn(version.str(key))).find((found) => found !== null) ?? null;

const versionIn = (text: string | null): string | null => DAEMON.exec(text ?? '')?.[1] ?? null;
