import type { PeerName } from './peer-process.ts';
import type { Value } from './readings.ts';
import type { Sight } from './sights.ts';

/* The forms of controls that peers have for machines of several families. */

export interface Control {
  readonly peer: PeerName;
  readonly machines: readonly string[];
  /** The peer's own word. */
  readonly name: string;
  /** What its driver is told. */
  readonly order: Readonly<Record<string, unknown>> & { readonly do: string };
  /** What the peer gives back when it takes it for done; absent: anything that is no error. */
  readonly good?: unknown;
  /** The machine cannot do this: both have to say so, and nothing may change. */
  readonly cannot?: true;
  /** Switches of the machines. */
  readonly quirks?: Readonly<Record<string, boolean>>;
  readonly ours: Ours;
  /** Done to both machines first, by us. */
  readonly before?: Ours;
  readonly sight: Sight;
  readonly expected: Value;
}

export interface Ours {
  readonly action: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Names of pools that nobody has. */
export const POOLS = [
  { url: 'stratum+tcp://one.example.com:3333', worker: 'account.one', password: 'x' },
  { url: 'stratum+tcp://two.example.com:443', worker: 'account.two', password: 'x' },
];
const TWO_POOLS = POOLS.map(({ url, worker }) => `${url} ${worker}`);

const LOCATE_ON: Ours = { action: 'locate', parameters: { on: true } };
const LOCATE_OFF: Ours = { action: 'locate', parameters: { on: false } };

export const method = (name: string, ...args: unknown[]) => ({ do: 'call', method: name, args });

/** The same few things, under each peer's names. */
export interface Names {
  readonly peer: PeerName;
  readonly lightOn: readonly [name: string, ...args: unknown[]];
  readonly lightOff: readonly [name: string, ...args: unknown[]];
  /** What it gives back when the light went out. */
  readonly lightIsOff: boolean;
  readonly pause: string;
  readonly resume: string;
  readonly reboot: string;
}

export const PYASIC: Names = {
  peer: 'pyasic',
  lightOn: ['fault_light_on'],
  lightOff: ['fault_light_off'],
  lightIsOff: true,
  pause: 'stop_mining',
  resume: 'resume_mining',
  reboot: 'reboot',
};

export const PYASIC_RS: Names = {
  peer: 'pyasic_rs',
  lightOn: ['set_fault_light', true],
  lightOff: ['set_fault_light', false],
  lightIsOff: true,
  pause: 'pause',
  resume: 'resume',
  reboot: 'restart',
};

export const light = (names: Names, machines: readonly string[]): Control[] => [
  {
    peer: names.peer,
    machines,
    name: names.lightOn.join(' '),
    order: method(...names.lightOn),
    good: true,
    ours: LOCATE_ON,
    sight: 'light',
    expected: true,
  },
  {
    peer: names.peer,
    machines,
    name: names.lightOff.join(' '),
    order: method(...names.lightOff),
    good: names.lightIsOff,
    before: LOCATE_ON,
    ours: LOCATE_OFF,
    sight: 'light',
    expected: false,
  },
];

export const sleep = (names: Names, machines: readonly string[]): Control[] => [
  {
    peer: names.peer,
    machines,
    name: names.pause,
    order: method(names.pause),
    good: true,
    ours: { action: 'pause' },
    sight: 'state',
    expected: 'paused',
  },
  {
    peer: names.peer,
    machines,
    name: names.resume,
    order: method(names.resume),
    good: true,
    before: { action: 'pause' },
    ours: { action: 'resume' },
    sight: 'state',
    expected: 'mining',
  },
];

export const restart = (peer: PeerName, machines: readonly string[], name: string, action: string): Control => ({
  peer,
  machines,
  name,
  order: method(name),
  good: true,
  ours: { action },
  sight: 'restarted',
  expected: true,
});

export const pools = (peer: PeerName, machines: readonly string[], name: string, good: unknown): Control => ({
  peer,
  machines,
  name,
  order: { do: 'set_pools', pools: POOLS },
  good,
  ours: { action: 'setPools', parameters: { pools: POOLS } },
  sight: 'pools',
  expected: TWO_POOLS,
});

/** A machine that cannot: what is seen stays as it was. */
export const cannot = (controls: readonly Control[], expected: Value): Control[] =>
  controls.map(({ before: _, ...control }) => ({ ...control, cannot: true, expected }));
