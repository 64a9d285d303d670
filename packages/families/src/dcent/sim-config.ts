import { ASSUMED } from './sim-assumed.ts';
import type { DcentPlan } from './sim-plan.ts';

/*
 * The configuration file. What port 4028 writes goes into it; the daemon reads it when it starts (`protocols.md` 9 for
 * the commands; that nothing of it is used before a restart is said in the daemon's own replies).
 */

export const CONFIG_PATH = '/data/dcentrald.toml';

type ConfigValue = string | number | boolean | Section;
export type Section = { readonly [key: string]: ConfigValue };
/** Sections by name. */
export type Config = { readonly [section: string]: Section };

export interface PoolEntry {
  readonly url: string;
  readonly worker: string;
  readonly password: string;
}

/** Where a pool stands in the section of pools; itself for the first one. */
const FAILOVERS = ['failover1', 'failover2'] as const;

export const sectionOf = (config: Config, name: string): Section => config[name] ?? {};

const text = (value: ConfigValue | undefined): string => (typeof value === 'string' ? value : '');

/** A whole number; `otherwise` where none is set. */
export function wholeIn(config: Config, section: string, key: string, otherwise: number): number {
  const value = sectionOf(config, section)[key];
  return typeof value === 'number' ? value : otherwise;
}

/** The pools that have a URL, first one first. */
export function poolsIn(config: Config): readonly PoolEntry[] {
  const pool = sectionOf(config, 'pool');
  return [pool, ...FAILOVERS.map((name) => pool[name])]
    .filter((one): one is Section => typeof one === 'object')
    .map((one) => ({ url: text(one.url).trim(), worker: text(one.worker), password: text(one.password) }))
    .filter(({ url }) => url !== '');
}

/** The whole set of pools is replaced: failover pools that are not given are gone. */
export function withPools(config: Config, pools: readonly PoolEntry[]): Config {
  const [first = { url: '', worker: '', password: '' }, ...others] = pools;
  const behind = others.flatMap((pool, i): [string, Section][] => {
    const name = FAILOVERS[i];
    return name === undefined ? [] : [[name, { ...pool }]];
  });
  return { ...config, pool: { ...first, ...Object.fromEntries(behind) } };
}

/** Keys of a section are changed, the others stay. */
export const withSection = (config: Config, name: string, change: Section): Config => ({
  ...config,
  [name]: { ...sectionOf(config, name), ...change },
});

/** Why a configuration is not accepted; null when it is. */
export function faultIn(config: Config, plan: DcentPlan): string | null {
  const { min, max } = ASSUMED.frequencyMHz;
  const mhz = wholeIn(config, 'mining', 'frequency_mhz', plan.nominal.mhz);
  if (mhz < min || mhz > max) return `mining.frequency_mhz (${mhz}) is not within ${min} to ${max} MHz`;
  const mv = wholeIn(config, 'mining', 'voltage_mv', plan.nominal.mv);
  if (mv < LEAST_MV || mv > plan.acceptedMv) {
    return `mining.voltage_mv (${mv}) is not within ${LEAST_MV} to ${plan.acceptedMv} mV`;
  }
  const temperatures = ['target_temp_c', 'hot_temp_c', 'dangerous_temp_c'].map((key) =>
    wholeIn(config, 'thermal', key, Number.NaN),
  );
  for (const [i, one] of temperatures.entries()) {
    if (one < ASSUMED.temperatureC.min || one > ASSUMED.temperatureC.max) return `thermal: ${one} °C is out of range`;
    if (one <= (temperatures[i - 1] ?? Number.NEGATIVE_INFINITY)) return 'thermal: the three limits have to rise';
  }
  return null;
}

/** The configuration accepts no less, mV. */
const LEAST_MV = 5000;

/** Why a pool is not accepted; null when it is. */
export function faultOf({ url, worker }: PoolEntry): string | null {
  if (url === '') return 'the first pool needs a URL';
  const [, scheme, port] = /^(?:([a-z0-9+]+):\/\/)?[^\s/:]+:([0-9]{1,5})(?:\/\S*)?$/.exec(withoutLogin(url)) ?? [];
  const schemes: readonly string[] = ASSUMED.poolSchemes;
  if (scheme !== undefined && !schemes.includes(scheme)) return `unsupported pool protocol ${scheme}`;
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return 'a pool URL needs a host and a port';
  return worker === '' ? 'a pool needs a worker' : null;
}

/** A URL as it is shown: without the name and password that may stand in it. */
export function withoutLogin(url: string): string {
  const parts = /^([^:]*:\/\/)([^/]*)(.*)$/s.exec(url.trim());
  if (parts === null) return url.trim();
  const [, scheme = '', authority = '', rest = ''] = parts;
  return `${scheme}${authority.slice(authority.lastIndexOf('@') + 1)}${rest}`;
}

/** What the machine comes with: the shipped file, with mining on, the fans let loose and the owner's pools. */
export const firstConfig = (plan: DcentPlan, pools: readonly PoolEntry[]): Config =>
  withPools(
    {
      general: { hostname: 'dcentos', log_level: 'info' },
      pool: {},
      mining: {
        enabled: true,
        frequency_mhz: plan.nominal.mhz,
        voltage_mv: plan.nominal.mv,
        suggest_difficulty: ASSUMED.difficulty,
        version_rolling: true,
      },
      thermal: { target_temp_c: 55, hot_temp_c: 65, dangerous_temp_c: 75, fan_min_pwm: 10, fan_max_pwm: 100 },
      mode: { active: 'standard' },
      autotuner: { enabled: false, preset: 'balanced_home' },
    },
    pools,
  );
