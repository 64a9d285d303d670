import { ASSUMED } from './sim-assumed.ts';
import { textIn } from './sim-checks.ts';
import type { PoolSetting } from './sim-settings.ts';
import { bad, done, only, outOfRange, ranged, simple, type WriteCommand } from './sim-v2-write.ts';

/*
 * Write commands of 4028 that change how the machine mines (protocols.md 3.3).
 */

const updatePools: WriteCommand = (unit, args, now) => {
  const pools: PoolSetting[] = [];
  for (const number of [1, 2, 3]) {
    const [url, user, password] = ['pool', 'worker', 'passwd'].map((name) =>
      args[`${name}${number}`] === undefined ? '' : textIn(args[`${name}${number}`]),
    );
    if (url === null || user === null || password === null) return bad;
    if (url === undefined || user === undefined || password === undefined) return bad;
    if (url !== '') pools.push({ url, user, password });
  }
  if (pools.length === 0) return bad;
  unit.setPools(now, pools);
  return done;
};

const powerOff: WriteCommand = (unit, args, now) => {
  unit.powerOff(now);
  const atOnce = args.respbefore === 'true' || args.respbefore === true;
  return atOnce ? done : { ...done, afterMs: ASSUMED.powerOffMs };
};

const heatMode: WriteCommand = (unit, args, now) => {
  const mode = textIn(args.mode);
  if (mode === null) return bad;
  // The manual writes both names for the one mode.
  if (!['anti-icing', 'anti-freezing', 'heating'].includes(mode)) return outOfRange;
  unit.setAndRestart(now, { heatMode: mode === 'anti-icing' ? 'anti-freezing' : mode });
  return done;
};

export const MINING_WRITES: Readonly<Record<string, WriteCommand>> = {
  update_pools: updatePools,
  restart_btminer: simple((unit, now) => unit.restartBtminer(now)),
  power_off: powerOff,
  power_on: simple((unit, now) => unit.powerOn(now)),
  set_low_power: simple((unit, now) => unit.setAndRestart(now, { powerMode: 'low' })),
  set_normal_power: simple((unit, now) => unit.setAndRestart(now, { powerMode: 'normal' })),
  set_high_power: simple((unit, now) => unit.setAndRestart(now, { powerMode: 'high' })),
  set_target_freq: (unit, args, now) =>
    // V1.3.8 took -10 and above only.
    ranged('percent', [unit.plan.dialect === 'old' ? -10 : -100, 100], (on, targetFreq, at) =>
      on.setAndRestart(at, { targetFreq }),
    )(unit, args, now),
  enable_btminer_fast_boot: simple((unit) => unit.set({ fastBoot: true })),
  disable_btminer_fast_boot: simple((unit) => unit.set({ fastBoot: false })),
  set_power_pct: ranged('percent', [0, 100], (unit, percent, now) =>
    unit.setPercent(now, percent, ASSUMED.fastPercentS),
  ),
  set_power_pct_v2: ranged('percent', [0, 100], (unit, percent, now) =>
    unit.setPercent(now, percent, ASSUMED.gentlePercentS),
  ),
  set_power: ranged('power', [0, 99_999], (unit, watts, now) => unit.setPower(now, watts)),
  restore_power_pct: simple((unit, now) => unit.setPercent(now, 100, ASSUMED.gentlePercentS)),
  set_temp_offset: only(
    'air',
    ranged('temp_offset', [-30, 0], (unit, tempOffset) => unit.set({ tempOffset })),
  ),
  // 0 puts the model's own back: that is assumed.
  adjust_power_limit: ranged('power_limit', [0, 99_999], (unit, watts, now) =>
    unit.setAndRestart(now, { powerLimitW: watts === 0 ? null : watts }),
  ),
  // Not together with fast boot, says the manual: the later one wins.
  adjust_upfreq_speed: ranged('upfreq_speed', [0, 9], (unit, upfreqSpeed) =>
    unit.set({ upfreqSpeed, ...(upfreqSpeed > 0 && { fastBoot: false }) }),
  ),
  set_poweroff_cool: only(
    'air',
    ranged('poweroff_cool', [0, 1], (unit, on) => unit.set({ poweroffCool: on === 1 })),
  ),
  set_fan_zero_speed: only(
    'air',
    ranged('fan_zero_speed', [0, 1], (unit, on) => unit.set({ fanZeroSpeed: on === 1 })),
  ),
  set_heat_mode: only('hydro', heatMode),
  disable_btminer_init: simple((unit) => unit.set({ init: false })),
  enable_btminer_init: simple((unit) => unit.set({ init: true })),
};
