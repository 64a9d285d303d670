import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware, type Hardware } from '@headframe/model/hardware';
import { dataIn, recordsIn } from '@headframe/wire/whatsminer';
import { infoSection, isV3, summaryOf } from './dialect.ts';
import { firmwareIn, versionIn } from './quirks.ts';

const MAKE = 'MicroBT';

/** Who a WhatsMiner is, by what it says at either door (protocols.md 3.4, 3.6). */
export function identityOfWhatsminer(replies: Replies): Identity {
  return isV3(replies) ? byV3(replies) : byV2(replies);
}

function byV2(replies: Replies): Identity {
  const version = dataIn(replies.get('get_version')?.doc);
  const info = dataIn(replies.get('get_miner_info')?.doc);
  const status = dataIn(replies.get('status')?.doc);
  const summary = summaryOf(replies);
  // Before API 2.0.3 get_version says no model: devdetails does.
  const details = recordsIn(replies.get('devdetails')?.doc, 'DEVDETAILS')[0];
  const board = [summary.str('CB Platform'), summary.str('CB Version')].filter((part) => part !== null).join(' ');
  return {
    ...named(version.str('miner_type') ?? details?.str('Model') ?? null),
    firmwareVersion: firmwareIn(
      version.str('fw_ver') ??
        status.str('FirmwareVersion') ??
        status.str('Firmware Version') ??
        summary.str('Firmware Version'),
    ),
    apiVersion: versionIn(version.str('api_ver')),
    mac: (info.str('mac') ?? summary.str('MAC'))?.toLowerCase() ?? null,
    serial: info.str('minersn'),
    hostname: info.str('hostname'),
    controlBoard: version.str('platform') ?? (board === '' ? null : board),
  };
}

function byV3(replies: Replies): Identity {
  const miner = infoSection(replies, 'miner');
  const system = infoSection(replies, 'system');
  const network = infoSection(replies, 'network');
  return {
    ...named(miner.str('type')),
    firmwareVersion: firmwareIn(system.str('fwversion')),
    apiVersion: versionIn(system.str('api')),
    mac: network.str('mac')?.toLowerCase() ?? null,
    serial: miner.str('miner-sn'),
    hostname: network.str('hostname'),
    controlBoard: system.str('control-board-version') ?? system.str('platform'),
  };
}

/** `M30S+VE40`, `M30S+_VE40`, `M7BS_VM30`: the model, and the version of its hardware. */
const TYPE = /^(M\d\w*?\+{0,2})_?(V[A-Z]*\d+)$/i;

function named(sent: string | null): Identity {
  const hardware = hardwareOf(sent);
  const [, model, revision] = TYPE.exec(sent ?? '') ?? [];
  return {
    ...blankIdentity('whatsminer'),
    make: MAKE,
    model: hardware?.model ?? (sent === null ? null : `WhatsMiner ${model ?? sent}`),
    hardwareRevision: hardware?.variant ?? revision ?? null,
    firmware: 'stock',
    algorithm: hardware?.algorithm ?? null,
  };
}

const hardwareOf = (sent: string | null): Hardware | null => (sent === null ? null : findHardware(sent, MAKE));

/** What the catalogue knows of this machine. */
export const knownHardware = ({ model, hardwareRevision }: Identity): Hardware | null =>
  model === null ? null : findHardware(hardwareRevision === null ? model : `${model} ${hardwareRevision}`, MAKE);
