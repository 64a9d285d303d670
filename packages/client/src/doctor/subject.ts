import { familyById, type Identification, identify, probeKey } from '@headframe/families';
import type { Family, Identity, Look, MachineState, Protocol, Reply, Subject } from '@headframe/model';
import type { Heard } from './asking.ts';
import { cleaned, notSeen } from './exchanges.ts';
import type { Remembered } from './options.ts';

/** The replies to the questions that tell families apart, by the names of the probes. */
export class Identifying {
  readonly #replies = new Map<string, Reply>();

  /** Takes a reply, and says who it is as far as all of them tell. */
  hear(over: Protocol, ask: string, reply: Reply): Identification | null {
    this.#replies.set(probeKey({ over, ask }), reply);
    return this.identified;
  }

  get identified(): Identification | null {
    return identify(this.#replies);
  }
}

/**
 * Who it is: by its replies; else as it was when it answered; else nobody knows, and it is taken for a cgminer.
 * @param identity by all that it said, where a family knows it
 */
export function subjectOf(
  address: string,
  identity: Identity | null,
  remembered: Remembered | null,
  apiPort: number,
): Subject {
  if (identity !== null) {
    const { family, make, model, firmware, firmwareVersion } = identity;
    return {
      address,
      family,
      make: text(make),
      model: text(model),
      firmware: text(firmware),
      firmwareVersion: text(firmwareVersion),
      apiPort,
      by: 'read',
    };
  }
  const before = remembered?.subject ?? null;
  const unknown = { address, family: null, make: null, model: null, firmware: null, firmwareVersion: null, apiPort };
  if (before === null || before.family === null) return { ...unknown, by: 'assumed' };
  return { ...unknown, ...before, firmwareVersion: remembered?.firmware.now ?? null, by: 'remembered' };
}

const text = (value: string | null): string | null => (value === null ? null : cleaned(value, 120));

export const familyOf = (id: string | null): Family | null => (id === null ? null : (familyById(id) ?? null));

/** What the machine says of itself, by its family's own map of what was heard: nothing is asked for it. */
export function readingOf(
  family: Family | null,
  heard: Heard,
  address: string,
): { readonly state: Look<MachineState>; readonly uptimeS: Look<number>; readonly identity: Identity | null } {
  const answers = [...heard.values()].filter(({ doc }) => doc !== null);
  const last = answers.at(-1);
  if (family === null || last === undefined) {
    const why = notSeen(family === null ? 'nobody knows what it is' : 'it told nothing');
    return { state: why, uptimeS: why, identity: null };
  }
  const { state, minerUptimeS, systemUptimeS, identity } = family.map(heard, { address });
  const sight = { at: last.meta.at, ms: 0, bytes: 0, command: null };
  const uptimeS = minerUptimeS ?? systemUptimeS;
  return {
    state: {
      ...sight,
      value: state,
      line: `by its own words it is ${state === 'unknown' ? 'in an unknown state' : state}`,
    },
    uptimeS:
      uptimeS === null
        ? notSeen('it does not tell how long it has been up')
        : { ...sight, value: uptimeS, line: `up for ${hours(uptimeS)} by its own words` },
    identity,
  };
}

const hours = (seconds: number): string =>
  seconds < 7200
    ? `${Math.round(seconds / 60)} min`
    : seconds < 172_800
      ? `${(seconds / 3600).toFixed(1)} h`
      : `${(seconds / 86_400).toFixed(1)} days`;
