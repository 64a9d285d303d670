import {
  type Control,
  cannot,
  light,
  type Ours,
  POOLS,
  PYASIC,
  PYASIC_RS,
  pools,
  restart,
  sleep,
} from './control-kinds.ts';
import { AXEOS_CONTROLS } from './controls-axeos.ts';
import { BRAIINS_CONTROLS } from './controls-braiins.ts';
import { WHATSMINER_CONTROLS } from './controls-whatsminer.ts';
import type { Value } from './readings.ts';
import type { Sight } from './sights.ts';

/*
 * What the peers can do to machines of these families, and what we call it. Each is done on two machines that are alike:
 * on one by the peer, on the other by us; then both are looked at. What must be seen is written down here, from
 * protocols.md, by hand.
 */

const NEW_PAGE = ['antminer/s19-pro', 'antminer/s19k-pro', 'antminer/s21', 'antminer/s21-hyd', 'antminer/l7'];
const WITH_FANS = NEW_PAGE.filter((name) => name !== 'antminer/s21-hyd');
const OLD_PAGE = ['antminer/s9', 'antminer/s17-pro'];
const ANTMINERS = [...OLD_PAGE, ...NEW_PAGE];
const A_SERIES = ['avalon/a1346', 'avalon/a1246'];
const HOME = ['avalon/q', 'avalon/mini-3', 'avalon/nano-3s', 'avalon/nano-3'];
/** softoff and softon are there from the A12 on and on the larger home units (protocols.md 4). */
const WITH_SOFT_OFF = ['avalon/q', 'avalon/mini-3', ...A_SERIES];
const NANOS = ['avalon/nano-3s', 'avalon/nano-3'];
const LUXOS = ['luxos/s19k-pro', 'luxos/s19j-pro'];

/** Stock Antminers. */
const ANTMINER_CONTROLS: readonly Control[] = [
  // On success it gives back the state of the light, which is off.
  ...light({ ...PYASIC, lightIsOff: false }, ['antminer/s17-pro', ...NEW_PAGE]),
  ...light(PYASIC_RS, ANTMINERS),
  ...sleep(PYASIC, NEW_PAGE),
  ...sleep(PYASIC_RS, NEW_PAGE),
  pools('pyasic', ['antminer/s17-pro', ...NEW_PAGE], 'send_config', null),
  pools('pyasic_rs', ANTMINERS, 'set_pools_config', true),
  restart('pyasic', ['antminer/s17-pro', ...NEW_PAGE], 'reboot', 'reboot'),
  restart('pyasic_rs', ANTMINERS, 'restart', 'reboot'),
  restart('pyasic_rs', ANTMINERS, 'factory_reset', 'factoryReset'),
  {
    peer: 'pyasic_rs',
    machines: WITH_FANS,
    name: 'set_fan_config',
    order: { do: 'set_fan', percent: 70 },
    good: true,
    ours: { action: 'setFan', parameters: { percent: 70 } },
    sight: 'fan',
    expected: '70',
  },
];

/** The light of home units is set otherwise (protocols.md 4: led is for the A-series). */
const AVALON_CONTROLS: readonly Control[] = [
  ...light(PYASIC, A_SERIES),
  ...light(PYASIC_RS, A_SERIES),
  ...cannot([...light(PYASIC, HOME), ...light(PYASIC_RS, HOME)], false),
  ...sleep(PYASIC, WITH_SOFT_OFF),
  ...sleep(PYASIC_RS, WITH_SOFT_OFF),
  ...cannot([...sleep(PYASIC, NANOS), ...sleep(PYASIC_RS, NANOS)], 'mining'),
  // Their word for it; on the wire it is cgminer's restart, which ends the program and not the machine.
  restart('pyasic', [...HOME, ...A_SERIES], 'reboot', 'restartMiner'),
  restart('pyasic_rs', [...HOME.slice(1), ...A_SERIES], 'restart', 'restartMiner'),
];

const LUXOS_CONTROLS: readonly Control[] = [
  ...light(PYASIC, LUXOS),
  ...light(PYASIC_RS, LUXOS),
  ...sleep(PYASIC, LUXOS),
  ...sleep(PYASIC_RS, LUXOS),
  restart('pyasic', LUXOS, 'reboot', 'reboot'),
  restart('pyasic', LUXOS, 'restart_backend', 'restartMiner'),
  restart('pyasic_rs', LUXOS, 'restart', 'reboot'),
  pools('pyasic_rs', LUXOS, 'set_pools_config', true),
];

/** pyasic's client of port 4028 on a cgminer that lets everybody write. */
const rpc = (methodName: string, args: readonly unknown[], ours: Ours, sight: Sight, expected: Value): Control => ({
  peer: 'pyasic',
  machines: ['cgminer/two-boards'],
  name: `${methodName} ${args.join(' ')}`.trimEnd(),
  order: { do: 'rpc', method: methodName, args },
  quirks: { 'open-acl': true },
  ours,
  sight,
  expected,
});

const [A, B, C] = ['pool-a', 'pool-b', 'pool-c'].map((host) => `stratum+tcp://${host}.example:3333`) as [
  string,
  string,
  string,
];
const ONE = POOLS[0] as (typeof POOLS)[number];

const CGMINER_CONTROLS: readonly Control[] = [
  rpc('switchpool', [1], { action: 'switchPool', parameters: { pool: 1 } }, 'poolOrder', [B, A, C]),
  rpc('disablepool', [2], { action: 'disablePool', parameters: { pool: 2 } }, 'poolsInUse', [A, B]),
  {
    ...rpc('enablepool', [2], { action: 'enablePool', parameters: { pool: 2 } }, 'poolsInUse', [A, B, C]),
    before: { action: 'disablePool', parameters: { pool: 2 } },
  },
  rpc('removepool', [2], { action: 'removePool', parameters: { pool: 2 } }, 'poolsInUse', [A, B]),
  rpc('addpool', [ONE.url, ONE.worker, ONE.password], { action: 'addPool', parameters: { pool: ONE } }, 'poolOrder', [
    A,
    B,
    C,
    ONE.url,
  ]),
  rpc('poolpriority', [2, 1, 0], { action: 'cgminer.poolpriority', parameters: { order: '2,1,0' } }, 'poolOrder', [
    C,
    B,
    A,
  ]),
  rpc('ascdisable', [1], { action: 'disableHashboard', parameters: { hashboard: 1 } }, 'boardsEnabled', [true, false]),
  {
    ...rpc('ascenable', [1], { action: 'enableHashboard', parameters: { hashboard: 1 } }, 'boardsEnabled', [
      true,
      true,
    ]),
    before: { action: 'disableHashboard', parameters: { hashboard: 1 } },
  },
  rpc('restart', [], { action: 'restartMiner' }, 'restarted', true),
];

export const CONTROLS: readonly Control[] = [
  ...ANTMINER_CONTROLS,
  ...AVALON_CONTROLS,
  ...LUXOS_CONTROLS,
  ...WHATSMINER_CONTROLS,
  ...BRAIINS_CONTROLS,
  ...AXEOS_CONTROLS,
  ...CGMINER_CONTROLS,
];
