import { real } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import type { TuningProfile } from './sim-plan.ts';
import { invalidValue, type LuxReply, MISSING_PARAMETER, ok, refuse } from './sim-reply.ts';
import { atmRecord, temperatureControl } from './sim-settings.ts';

/** @param parts the parameter without the session id, cut at its commas */
export type SessionCommand = (machine: LuxosMachine, now: number, parts: readonly string[]) => LuxReply;

/** Numbers that no source gives. */
const ASSUMED = { logoff: 317, ledset: 326, atmRunning: 409 } as const;

/** What the firmware says when no step is given with a profile (`protocols.md` 8). */
const DEFAULT_STEPS = { mhz: 5, volts: 0.05 } as const;

/** `key=value` parts of a parameter; what has no `=` is kept aside, in its order. */
function options(parts: readonly string[]): { readonly plain: readonly string[]; readonly named: Map<string, string> } {
  const named = new Map<string, string>();
  const plain: string[] = [];
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at < 0) plain.push(part);
    else named.set(part.slice(0, at), part.slice(at + 1));
  }
  return { plain, named };
}

/**
 * Commands whose parameter begins with the session id. Of those that `protocols.md` 8 lists only these are simulated;
 * the others are unknown to this machine (14).
 */
export const SESSION_COMMANDS: Readonly<Record<string, SessionCommand>> = {
  logoff: (machine) => {
    machine.lock.end();
    return ok(ASSUMED.logoff, 'Session terminated');
  },
  curtail: (machine, now, parts) => {
    const { plain, named } = options(parts);
    const [action] = plain;
    if (action === undefined) return MISSING_PARAMETER;
    if (action === 'sleep') machine.sleep(now);
    else if (action === 'wakeup') machine.wake(now, named.get('mode') === 'unsafe');
    else return invalidValue(action);
    return ok(335, 'Curtailment command sent', {
      CURTAIL: [{ Action: action === 'sleep' ? 'sleep mode' : 'wake up' }],
    });
  },
  profileset: (machine, now, parts) => {
    const { plain, named } = options(parts);
    // A board number of older programs may come first; it changes nothing.
    const [name] = /^[0-3]$/.test(plain[0] ?? '') ? plain.slice(1) : plain;
    if (name === undefined) return MISSING_PARAMETER;
    if (machine.atmEnabled && named.get('update_atm') !== 'true') {
      return refuse(ASSUMED.atmRunning, 'Cannot run this command while ATM is running');
    }
    const profile = findProfile(machine, name);
    if (profile === undefined) return invalidValue(name);
    machine.setProfile(now, profile);
    return ok(321, 'Profile Set', {
      PROFILE: [
        {
          Board: 0,
          FrequencyStep: DEFAULT_STEPS.mhz,
          Profile: profile.name,
          VoltageStep: real(DEFAULT_STEPS.volts),
        },
      ],
    });
  },
  atmset: (machine, _now, parts) => {
    const { named } = options(parts);
    const enabled = named.get('enabled');
    if (named.size === 0) return MISSING_PARAMETER;
    if (enabled !== undefined && enabled !== 'true' && enabled !== 'false') return invalidValue(`enabled=${enabled}`);
    if (enabled !== undefined) machine.atmEnabled = enabled === 'true';
    return ok(340, 'Advanced Thermal Management configuration updated', { ATM: [atmRecord(machine)] });
  },
  tempctrlset: (machine, _now, parts) => {
    const { plain, named } = options(parts);
    if (parts.length === 0) return MISSING_PARAMETER;
    const given = (key: string, place: number, now: number): number => {
      const text = named.get(key) ?? plain[place] ?? '';
      return text === '' ? now : Number(text);
    };
    const { temperatures } = machine;
    const target = given('target_temp', 0, temperatures.target);
    const hot = given('hot_temp', 1, temperatures.hot);
    const dangerous = given('dangerous_temp', 2, temperatures.dangerous);
    // They must not decrease; what is no number fails here too.
    if (!(target <= hot && hot <= dangerous)) return invalidValue(parts.join(','));
    machine.temperatures = { target, hot, dangerous };
    return ok(330, 'Set temperature control', { TEMPCTRL: [temperatureControl(machine)] });
  },
  ledset: (machine, _now, [color, state]) => {
    if (color === undefined || state === undefined) return MISSING_PARAMETER;
    if (color !== 'red' || !['on', 'off', 'blink', 'auto'].includes(state)) return invalidValue(`${color},${state}`);
    machine.redLed = state;
    return ok(ASSUMED.ledset, 'LED set');
  },
};

/** By name, or by what it should give: `95.0THs`, `3.2kW`, `3200W`, `+1`. */
function findProfile(machine: LuxosMachine, selector: string): TuningProfile | undefined {
  const { profiles } = machine;
  const named = profiles.find((profile) => profile.name === selector);
  if (named !== undefined) return named;
  if (/^[+-][0-9]{1,2}$/.test(selector)) return profiles.find((profile) => profile.step === Number(selector));
  const [, amount, unit] = /^([0-9]{1,6}(?:\.[0-9]{1,3})?)(THs|kW|W)$/.exec(selector) ?? [];
  if (amount === undefined) return undefined;
  const value = unit === 'kW' ? Number(amount) * 1000 : Number(amount);
  const of = (profile: TuningProfile): number => (unit === 'THs' ? profile.ths : profile.watts);
  return [...profiles].sort((a, b) => Math.abs(of(a) - value) - Math.abs(of(b) - value))[0];
}
