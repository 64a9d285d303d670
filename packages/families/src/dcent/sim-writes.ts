import { pairs, type SessionCommand, wholeOf } from './sim-command.ts';
import { CONFIG_PATH, faultOf, type PoolEntry, poolsIn, type Section, withPools } from './sim-config.ts';
import type { JsonRecord } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';
import { configure, done, failed, unproven } from './sim-outcome.ts';
import { accept, CONFIG, type DcentReply, NO_ID, NO_VALUE, refuse } from './sim-reply.ts';
import { autotunerset, curtail, fanset, ledset, powertargetset } from './sim-writes-live.ts';

/** One number of the mining section. It counts from the next start of the daemon on. */
const miningValue =
  (name: string, key: string): SessionCommand =>
  (machine, _now, [given]) => {
    if (given === undefined) return refuse(NO_VALUE, `${name}: expected <sid>,<value>`);
    const value = wholeOf(given);
    if (Number.isNaN(value)) return refuse(NO_VALUE, `${name}: '${given}' is not an integer`);
    return configure(machine, 'CONFIG', 'mining', { [key]: value });
  };

/** The pool that is given becomes the only one; the miner works for it from the next start on. */
const addpool: SessionCommand = (machine, now, [url, user, password]) => {
  if (url === undefined || user === undefined || password === undefined) {
    return refuse(NO_VALUE, 'addpool: expected <sid>,<url>,<user>,<password>');
  }
  const refused = unproven(machine, 'POOLS', '/api/pools');
  if (refused !== null) return refused;
  const pool: PoolEntry = { url, worker: user, password };
  const fault = faultOf(pool);
  if (fault !== null) return failed('POOLS', { error: fault, code: 'pool_validation' });
  const before = poolsIn(machine.config);
  machine.config = withPools(machine.config, [pool]);
  machine.note(now, written(before, pool));
  const [first] = before;
  if (first?.url !== url) machine.note(now, { event: 'pool_switch', from: first?.url ?? null, to: url });
  const told: JsonRecord = { url, worker: user, priority: 0, protocol: null, sv2_url: null, split_bps: null };
  return done('POOLS', 7, {
    status: 'ok',
    message: 'Pool configuration saved to disk',
    pool: told,
    pools: [told],
    hashrate_split: null,
    config_path: CONFIG_PATH,
  });
};

/** What the audit says of it: which fields changed, never their values. */
function written(before: readonly PoolEntry[], pool: PoolEntry): JsonRecord {
  const [first, ...others] = before;
  const changed = (['url', 'worker', 'password'] as const).filter((key) => first?.[key] !== pool[key]);
  return {
    event: 'pool_config_write',
    pool_count: 1,
    changed_fields: [
      ...changed.map((key) => `pool.primary.${key}`),
      ...others.flatMap((_, i) => ['url', 'worker', 'password'].map((key) => `pool.failover${i + 1}.${key}`)),
    ],
    secret_fields_redacted: ['pool.*.worker', 'pool.*.password'],
  };
}

const noPoolByNumber =
  (name: string): SessionCommand =>
  () =>
    refuse(NO_ID, `${name}: per-index pool ${name} is not supported on DCENT_OS; addpool rewrites the pool set.`);

/** Only keeps the name as a profile of that name: nothing is activated, and a profile of that name is overwritten. */
const profileset: SessionCommand = (machine, _now, [name]) =>
  name === undefined
    ? refuse(NO_VALUE, 'profileset: expected <sid>,<profile_name>')
    : saveProfile(machine, { name, action: 'activate' });

/** What is no whole number is kept as 0. */
const profilenew: SessionCommand = (machine, _now, [name, freq, voltage]) => {
  if (name === undefined || freq === undefined || voltage === undefined) {
    return refuse(NO_VALUE, 'profilenew: expected <sid>,<name>,<freq>,<voltage>');
  }
  return saveProfile(machine, { name, frequency_mhz: wholeOf(freq) || 0, voltage_mv: wholeOf(voltage) || 0 });
};

/** Into a file that nothing on this port reads. */
function saveProfile(machine: DcentMachine, profile: JsonRecord & { readonly name: string }): DcentReply {
  const refused = unproven(machine, 'PROFILE', '/api/profiles');
  if (refused !== null) return refused;
  const name = profile.name.replace(/[^\p{Alphabetic}\p{N}_-]/gu, '');
  if (name === '') {
    const message = 'Profile name must contain at least one alphanumeric character';
    return failed('PROFILE', { status: 'error', message });
  }
  const path = `/data/dcent/profiles/${name}.json`;
  return done('PROFILE', CONFIG, { status: 'ok', message: `Profile '${name}' saved`, path, profile });
}

const profilerem: SessionCommand = (_machine, _now, [name]) =>
  name === undefined
    ? refuse(NO_VALUE, 'profilerem: expected <sid>,<profile_name>')
    : refuse(NO_ID, `profilerem('${name}'): profiles are not deleted over this port.`);

/** Its words for the three limits; other keys go into the file as they are. */
const LIMITS: Readonly<Record<string, string>> = {
  target: 'target_temp_c',
  hot: 'hot_temp_c',
  panic: 'dangerous_temp_c',
  dangerous: 'dangerous_temp_c',
};

const tempctrlset: SessionCommand = (machine, _now, rest) => {
  const change = new Map<string, number>();
  for (const [key, value] of pairs(rest)) {
    const number = wholeOf(value);
    if (!Number.isNaN(number)) change.set(Object.hasOwn(LIMITS, key) ? (LIMITS[key] ?? key) : key, number);
  }
  if (change.size === 0) return refuse(NO_VALUE, 'tempctrlset: expected <sid>,target=<c>[,hot=<c>,panic=<c>]');
  return configure(machine, 'TEMPCTRL', 'thermal', Object.fromEntries(change));
};

/** Only the name and DHCP; addresses are passed over without a word. */
const netset: SessionCommand = (machine, _now, rest) => {
  const change: Section = Object.fromEntries(
    pairs(rest).flatMap(([key, value]): [string, string | boolean][] => {
      if (key === 'hostname') return [[key, value]];
      return key === 'dhcp' ? [[key, ['true', '1', 'yes', 'on'].includes(value)]] : [];
    }),
  );
  if (Object.keys(change).length === 0) return refuse(NO_VALUE, 'netset: expected <sid>,dhcp=<bool>[,hostname=<name>]');
  return configure(machine, 'NETWORK', 'general', change);
};

const only =
  (code: number, message: string): SessionCommand =>
  () =>
    refuse(code, message);

/** Everything that wants the session id first. */
export const SESSION_COMMANDS: Readonly<Record<string, SessionCommand>> = {
  addpool,
  switchpool: noPoolByNumber('switchpool'),
  enablepool: noPoolByNumber('enablepool'),
  disablepool: noPoolByNumber('disablepool'),
  removepool: noPoolByNumber('removepool'),
  voltageset: miningValue('voltageset', 'voltage_mv'),
  frequencyset: miningValue('frequencyset', 'frequency_mhz'),
  fanset,
  curtail,
  autotunerset,
  atmset: autotunerset,
  powertargetset,
  profileset,
  profilenew,
  profilerem,
  ledset,
  tempctrlset,
  netset,
  psuset: only(NO_ID, 'psuset: the PSU is not set over this port.'),
  immersionswitch: only(NO_ID, 'immersionswitch: immersion mode is not a DCENT_OS feature.'),
};

/** The daemon restarts, or says why it does not. */
export function restart(machine: DcentMachine, now: number): DcentReply {
  const refused = unproven(machine, 'RESTART', 'restart');
  if (refused !== null) return refuse(NO_VALUE, refused.message);
  if (machine.quirks.restartRefused)
    return refuse(NO_VALUE, 'restart: not before the hardware can be handed over safely');
  machine.restart(now);
  return accept(22, 'Mining restart initiated, daemon will restart in ~2 seconds');
}
