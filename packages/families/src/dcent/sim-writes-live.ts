import { pairs, type SessionCommand } from './sim-command.ts';
import type { JsonRecord } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';
import { done, failed, unproven } from './sim-outcome.ts';
import { accept, CONFIG, type DcentReply, NO_VALUE, refuse } from './sim-reply.ts';
import type { TunerMode } from './sim-run.ts';

/*
 * Commands that work at once, without a restart: fans, sleep, the tuner, the light.
 */

/** What `fanset` may set in the mode `standard`, %: never more than 30, as its way to be loud is not on this port. */
const FAN_PERCENT = { min: 20, max: 30 } as const;
/** A number without a sign that fits. */
const UNSIGNED = /^\+?[0-9]+$/;

/** The last one that says it counts: a pair with one of the words, or a bare number. */
function lastNumber(rest: readonly string[], words: readonly string[]): number | null {
  let found: number | null = null;
  for (const part of rest) {
    const [pair] = pairs([part]);
    if (pair !== undefined && words.includes(pair[0])) found = UNSIGNED.test(pair[1]) ? Number(pair[1]) : null;
    else if (pair === undefined && UNSIGNED.test(part)) found = Number(part);
  }
  return found;
}

export const fanset: SessionCommand = (machine, now, rest) => {
  const wanted = lastNumber(rest, ['speed', 'pwm', 'target_pwm']);
  if (wanted === null) return refuse(NO_VALUE, 'fanset: expected <sid>,speed=<percent>');
  const refused = unproven(machine, 'FAN', '/api/fan');
  if (refused !== null) return refused;
  const { min, max } = FAN_PERCENT;
  const asked = Math.min(100, wanted);
  if (asked < min) {
    const message = `Custom PWM ${asked} is below safety minimum ${min} for standard mode.`;
    return failed('FAN', { status: 'error', message });
  }
  if (machine.quirks.noFanBroker) {
    const message = 'Fan command broker unavailable';
    return failed('FAN', { status: 'unavailable', hardware_access_attempted: false, message });
  }
  const pwm = Math.min(max, asked);
  machine.run.fixFans(pwm);
  machine.note(now, { event: 'free', category: 'fan', message: `Fan PWM set via API: mode=custom pwm=${pwm}` });
  return done('FAN', CONFIG, {
    status: 'ok',
    message: `Fan PWM command accepted for custom (PWM ${pwm})`,
    mode: 'custom',
    pwm,
    requested_pwm: asked,
    allow_loud: false,
    clamped: pwm !== asked,
    commanded_pwm: pwm,
    safety_min_pwm: min,
    safety_max_pwm: max,
  });
};

const SLEEP: readonly string[] = ['sleep', 'safe', 'curtail', ''];
const WAKE: readonly string[] = ['wakeup', 'wake', 'active', 'unsafe'];

export const curtail: SessionCommand = (machine, now, [given = '']) => {
  const mode = given.toLowerCase();
  if (!SLEEP.includes(mode) && !WAKE.includes(mode)) {
    return refuse(NO_VALUE, `curtail: unknown mode '${mode}' (use sleep|wakeup)`);
  }
  const sleep = SLEEP.includes(mode);
  const refused = unproven(machine, 'CURTAIL', sleep ? '/api/action/sleep' : '/api/action/wake');
  if (refused !== null) return refused;
  const state = machine.run.curtailment(now);
  const say = (message: string, then: string = state): JsonRecord => ({
    status: 'ok',
    message,
    state: then,
    supported: true,
  });
  if (state === (sleep ? 'Waking' : 'EnteringSleep')) {
    const message = sleep ? 'Wake transition already in progress.' : 'Sleep transition still in progress.';
    return failed('CURTAIL', { ...say(message), status: 'error' });
  }
  if (state !== (sleep ? 'Active' : 'Sleeping')) {
    const message = sleep ? 'Miner is already entering sleep or sleeping.' : 'Miner is already waking or active.';
    return done('CURTAIL', CONFIG, say(message));
  }
  machine.run.curtail(now, sleep);
  const what = sleep ? 'sleep' : 'wake';
  machine.note(now, { event: 'free', category: 'curtailment', message: `Curtailment ${what} requested via API` });
  const body = sleep ? say('Sleep transition started.', 'EnteringSleep') : say('Wake transition started.', 'Waking');
  return done('CURTAIL', CONFIG, body);
};

const YES: readonly string[] = ['true', '1', 'yes', 'on'];
const NO: readonly string[] = ['false', '0', 'no', 'off'];

/** On is the tuner's mode for efficiency; off changes nothing and is accepted all the same. */
export const autotunerset: SessionCommand = (machine, now, rest) => {
  const enabled = pairs(rest)
    .filter(([key]) => key === 'enabled')
    .map(([, value]) => (YES.includes(value) ? true : NO.includes(value) ? false : null))
    .at(-1);
  if (enabled === undefined || enabled === null) {
    return refuse(NO_VALUE, 'autotunerset/atmset: expected <sid>,enabled=<true|false>');
  }
  if (!enabled) {
    const section = { AUTOTUNER: [{ enabled: false, applied: false }] };
    return accept(CONFIG, 'autotuner disable is a no-op over this port', section);
  }
  const runtime = tuned(machine, now, 'efficiency', 'efficiency');
  return accept(CONFIG, 'Autotuner enabled (Efficiency)', { AUTOTUNER: [{ enabled: true, runtime }] });
};

const MOST_WATTS = 2 ** 32 - 1;

export const powertargetset: SessionCommand = (machine, now, rest) => {
  const watts = lastNumber(rest, ['power']);
  if (watts === null || watts > MOST_WATTS) return refuse(NO_VALUE, 'powertargetset: expected <sid>,power=<watts>');
  const runtime = tuned(machine, now, { watts }, `power_target:${watts}`);
  return accept(CONFIG, 'Power target set', { POWER: [{ target_watts: watts, runtime }] });
};

/** Kept in the file and handed to the tuner that runs; accepted also where none runs, which only `runtime` says. */
function tuned(machine: DcentMachine, now: number, mode: TunerMode, name: string): JsonRecord {
  machine.note(now, { event: 'autotuner_profile_select', profile_name: name });
  return machine.tune(now, mode)
    ? { channel_available: true, accepted: true, applied_runtime: true, status: 'applied', message: 'applied' }
    : {
        channel_available: false,
        accepted: false,
        applied_runtime: false,
        status: 'unavailable',
        message: 'live autotuner command channel is not available in this runtime',
      };
}

/** The pattern that blinks for half a minute; a colour is taken for its name. Nothing on this port shows it. */
export const ledset: SessionCommand = (_machine, _now, [pattern = '']): DcentReply =>
  done('LED', CONFIG, { status: 'ok', message: 'Locate pattern started', pattern_id: pattern });
