import { type Control, cannot, light, method, PYASIC, PYASIC_RS, pools, restart, sleep } from './control-kinds.ts';
import type { PeerName } from './peer-process.ts';

/*
 * WhatsMiners. pyasic is in a client of V3 on the M60S, and in one of V2 everywhere else; pyasic_rs reads the M30S+ and
 * can do nothing to it. Everything that is expected stands in protocols.md 3.3 and 3.6.
 */

const M30S = ['whatsminer/m30s-plus'];
const M33S = ['whatsminer/m33s-hydro'];
/** API 2.0.5 and later on port 4028. */
const LATER = ['whatsminer/m50s', 'whatsminer/m50s-joins', 'whatsminer/m60s-4028'];
const V3 = ['whatsminer/m60s'];
const BY_RS = [...M33S, 'whatsminer/m50s-joins', ...V3];
const ALL = [...M30S, ...M33S, ...LATER, ...V3];

/** API 1.4 has no get_miner_info, and nothing else tells the light: nothing that is to come first can be waited for. */
const unseen = (controls: readonly Control[]): Control[] =>
  controls.map(({ before: _, ...control }) => ({ ...control, expected: null }));

const powerLimit = (peer: PeerName, machines: readonly string[], name: string): Control => ({
  peer,
  machines,
  name,
  order: method(name, 3000),
  good: true,
  ours: { action: 'setPowerLimit', parameters: { powerW: 3000 } },
  sight: 'powerLimit',
  expected: 3000,
});

export const WHATSMINER_CONTROLS: readonly Control[] = [
  ...light(PYASIC, [...M33S, ...LATER, ...V3]),
  ...unseen(light(PYASIC, M30S)),
  ...light(PYASIC_RS, BY_RS),
  ...sleep(PYASIC, ALL),
  ...sleep(PYASIC_RS, BY_RS),
  restart('pyasic', ALL, 'reboot', 'reboot'),
  restart('pyasic', ALL, 'restart_backend', 'restartMiner'),
  restart('pyasic_rs', BY_RS, 'restart', 'reboot'),
  pools('pyasic', ALL, 'send_config', null),
  pools('pyasic_rs', BY_RS, 'set_pools_config', true),
  powerLimit('pyasic', [...LATER, ...V3], 'set_power_limit'),
  powerLimit('pyasic_rs', ['whatsminer/m50s-joins', ...V3], 'set_power_limit'),
  // adjust_power_limit came with API 2.0.5.
  ...cannot([powerLimit('pyasic', M30S, 'set_power_limit')], 3500),
  ...cannot([powerLimit('pyasic', M33S, 'set_power_limit'), powerLimit('pyasic_rs', M33S, 'set_power_limit')], 7500),
];
