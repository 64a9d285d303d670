import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware, type Hardware } from '@headframe/model/hardware';
import { first } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';
import { serialFrom } from './monitor.ts';
import { type Quirk, quirkOf } from './quirks.ts';
import { headerRecord, infoRecord, systemInfo, textOf } from './view.ts';

/** What hardly changes about a machine, and what follows from it. */
export interface Machine {
  readonly identity: Identity;
  readonly hardware: Hardware | null;
  readonly quirk: Quirk | null;
}

/**
 * Who the machine is. It rests on replies that are kept for an hour, so it is worked out once for each of them: the
 * result is shared and frozen.
 */
export function machineOf(replies: Replies): Machine {
  const version = replies.get('version')?.doc;
  const system = replies.get('http:system_info')?.doc ?? null;
  const type = replies.get('http:miner_type')?.doc ?? null;
  // Without a whole VERSION the header of STATS stands in, and that is new at every poll.
  if (typeof version !== 'object' || version === null || !first(version, 'VERSION').has('Type'))
    return workOut(replies);
  const known = remembered.get(version);
  const serial = monitorSerial(replies);
  if (known?.system === system && known.type === type && known.serial === serial) return known.machine;
  const machine = workOut(replies);
  remembered.set(version, { system, type, serial, machine });
  return machine;
}

const remembered = new WeakMap<object, { system: unknown; type: unknown; serial: string | null; machine: Machine }>();

/** `/get_sn` of port 6060, as the poll or as a probe asked for it. */
const monitorSerial = (replies: Replies): string | null =>
  serialFrom(textOf(replies.get('monitor:sn') ?? replies.get('monitor:/get_sn')) ?? '');

export const identityOfAntminer = (replies: Replies): Identity => machineOf(replies).identity;

function workOut(replies: Replies): Machine {
  const type = typeOf(replies);
  const hardware = type === null ? null : findHardware(type, 'Bitmain');
  const identity = Object.freeze(identityFrom(replies, type, hardware));
  return { identity, hardware, quirk: quirkOf(identity.model) };
}

function identityFrom(replies: Replies, type: string | null, hardware: Hardware | null): Identity {
  const header = headerRecord(replies);
  const info = infoRecord(replies);
  const system = systemInfo(replies);
  // `AMLCtrl_BHB42601`: control board and hashboard.
  const [controlBoard, ...board] = minerType(replies).str('subtype')?.split('_') ?? [];
  return {
    ...blankIdentity('antminer'),
    make: 'Bitmain',
    model: hardware?.model ?? (type === null ? null : tidy(type)),
    hardwareRevision: board.length === 0 ? null : board.join('_'),
    firmware: 'stock',
    firmwareVersion: firmwareVersion(
      system.str('system_filesystem_version') ??
        header.str('CompileTime') ??
        info.str('CompileTime') ??
        header.str('Miner') ??
        info.str('miner_version'),
    ),
    apiVersion: header.str('API'),
    mac: system.str('macaddr')?.toLowerCase().replaceAll('-', ':') ?? null,
    serial: system.str('serinum') ?? monitorSerial(replies),
    hostname: system.str('hostname'),
    controlBoard: controlBoard ?? null,
    algorithm: hardware?.algorithm ?? algorithmOf(system.str('Algorithm')),
  };
}

/** The machine's name for itself. The CGI is the more exact one: a KS5 Pro calls itself KS5 on port 4028. */
const typeOf = (replies: Replies): string | null =>
  systemInfo(replies).str('minertype') ??
  headerRecord(replies).str('Type') ??
  minerType(replies).str('miner_type') ??
  infoRecord(replies).str('type');

const minerType = (replies: Replies): Fields => new Fields(replies.get('http:miner_type')?.doc);

/** A name that is not in the catalogue stays as the device says it, but for blanks and shouting. */
const tidy = (type: string): string =>
  type
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^antminer\b/i, 'Antminer');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Stock firmware is known by its build date: `Tue Dec  6 16:12:30 CST 2022` becomes `2022-12-06`, which sorts.
 * Newer names (`FR-1.12(251009-S21)`) and everything else stay as they are.
 */
export function firmwareVersion(text: string | null): string | null {
  const [, month = '', day = '', year = ''] = /^\w{3} (\w{3}) +(\d{1,2}) [\d:]+ \w+ (\d{4})$/.exec(text ?? '') ?? [];
  const number = MONTHS.indexOf(month) + 1;
  return number === 0 ? text : `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** `SHA256`, `sha256d` and `SHA-256` are one algorithm; other names only lose their capitals and signs. */
function algorithmOf(name: string | null): string | null {
  const plain = name?.toLowerCase().replace(/[^a-z0-9]/g, '') ?? null;
  return plain === 'sha256' ? 'sha256d' : plain;
}
