import { type Control, light, method, PYASIC, PYASIC_RS, pools, restart, sleep } from './control-kinds.ts';
import type { PeerName } from './peer-process.ts';

/*
 * BraiinsOS. pyasic speaks gRPC to machines that have it, and to older ones port 4028 (the rest goes over SSH, which is not
 * simulated); pyasic_rs speaks GraphQL, and REST where it is. We speak gRPC, and before it port 4028.
 */

const S9S = ['braiins/s9-21.09', 'braiins/s9-22.08'];
const WITH_GRAPHQL = ['braiins/s19j-pro-23.12', 'braiins/s21-24.09', 'braiins/s21-plus-25.03'];
const WITH_REST = ['braiins/s19-xp-25.07', 'braiins/s19-26.04', 'braiins/s19j-pro-26.05', 'braiins/bmm-100-26.04'];
const WITH_GRPC = [...WITH_GRAPHQL, ...WITH_REST];
/** Of another size of supply. */
const LARGE = WITH_GRPC.filter((name) => name !== 'braiins/bmm-100-26.04');

const powerLimit = (peer: PeerName, machines: readonly string[]): Control => ({
  peer,
  machines,
  name: 'set_power_limit',
  order: method('set_power_limit', 2500),
  good: true,
  ours: { action: 'setPowerLimit', parameters: { powerW: 2500 } },
  sight: 'powerLimit',
  expected: 2500,
});

/** A group without a name is refused. */
const named = (control: Control): Control => ({ ...control, order: { ...control.order, group: 'Default' } });

export const BRAIINS_CONTROLS: readonly Control[] = [
  ...light(PYASIC, WITH_GRPC),
  ...light(PYASIC_RS, WITH_GRPC),
  ...sleep(PYASIC, [...S9S, ...WITH_GRPC]),
  ...sleep(PYASIC_RS, [...S9S, ...WITH_GRPC]),
  restart('pyasic', WITH_GRPC, 'reboot', 'reboot'),
  restart('pyasic', WITH_GRPC, 'restart_backend', 'restartMiner'),
  restart('pyasic_rs', WITH_GRPC, 'restart', 'reboot'),
  named(pools('pyasic', WITH_GRPC, 'send_config', null)),
  named(pools('pyasic_rs', WITH_GRPC, 'set_pools_config', true)),
  powerLimit('pyasic', LARGE),
  powerLimit('pyasic_rs', LARGE),
];
