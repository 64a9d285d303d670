import type { Rule } from '../rule.ts';
import { addressMoved } from './address-moved.ts';
import { addressTaken } from './address-taken.ts';
import { apiAddressNotAllowed } from './api-address-not-allowed.ts';
import { apiBlocked } from './api-blocked.ts';
import { apiFactoryList } from './api-factory-list.ts';
import { apiNotListening } from './api-not-listening.ts';
import { axeosRefused } from './axeos-refused.ts';
import { axeosTimedOut } from './axeos-timed-out.ts';
import { boardBootStorage } from './board-boot-storage.ts';
import { boardToRepair } from './board-to-repair.ts';
import { deviceUnknown } from './device-unknown.ts';
import { firmwareUpdateBrokeApi } from './firmware-update-broke-api.ts';
import { healthy } from './healthy.ts';
import { httpLocked } from './http-locked.ts';
import { machineDead } from './machine-dead.ts';
import { monitorAtFault } from './monitor-at-fault.ts';
import { networkFiltered } from './network-filtered.ts';
import { ownHostFirewall } from './own-host-firewall.ts';
import { ownNetworkDown } from './own-network-down.ts';
import { replyPartial } from './reply-partial.ts';
import { resourceExhausted } from './resource-exhausted.ts';
import { resourceLeakPeriodic } from './resource-leak-periodic.ts';
import { telemetryFrozen } from './telemetry-frozen.ts';
import { telemetryOnly } from './telemetry-only.ts';

/** All of them: the three without a row, then by their rows. Where two are equally sure, the first one goes first. */
export const RULES: readonly Rule[] = [
  healthy,
  ownNetworkDown,
  telemetryOnly,
  monitorAtFault,
  addressMoved,
  addressTaken,
  ownHostFirewall,
  networkFiltered,
  apiNotListening,
  apiAddressNotAllowed,
  apiFactoryList,
  apiBlocked,
  resourceLeakPeriodic,
  resourceExhausted,
  firmwareUpdateBrokeApi,
  replyPartial,
  httpLocked,
  axeosRefused,
  axeosTimedOut,
  telemetryFrozen,
  machineDead,
  boardBootStorage,
  boardToRepair,
  deviceUnknown,
];
