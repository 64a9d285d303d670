import type { PoolSetting } from '@headframe/wire/cgminer-server';
import { sha256Hex } from '@headframe/wire/http';
import type { AvalonPlan, Clocks } from './sim-plan.ts';

/*
 * What an Avalon was told: what it keeps in its flash, and what is gone with the next start of its program.
 */

export interface AvalonPool extends PoolSetting {
  /** The difficulty that this pool gives. */
  readonly difficulty: number;
}

export interface StaticAddress {
  readonly address: string;
  readonly mask: string;
  readonly gateway: string;
}

export interface NetworkSetting {
  /** Null: DHCP. */
  readonly fixed: StaticAddress | null;
  readonly dns: readonly [string, string];
}

/** What the privileged commands change (`protocols.md` 4). */
export interface Tuning {
  /** By board; null: those of the mode. */
  readonly clocks: readonly (Clocks | null)[];
  /** Null: that of the mode. */
  readonly centivolts: number | null;
  readonly fansOff: boolean;
  readonly targetC: number | null;
  readonly chipMaxC: number;
}

export interface KeptSettings {
  mode: number;
  level: number;
  pools: readonly AvalonPool[];
  /** SHA-256 of the web password, hex. */
  passwordHash: string;
  network: NetworkSetting;
  /** The firmware that the next boot starts. */
  build: string;
  /** What `facopts` put in place of VERSION's. */
  prod: string | null;
  model: string | null;
  locked: boolean;
  serials: string[];
  timeZone: string;
  /** What was added to the machine's clock; null: nobody set it. */
  clockAheadMs: number | null;
  lcd: { on: number; page: number; bright: number };
  /** 0 day, 1 dark; the colours of the day, and the lamp of the night. */
  ledMode: number;
  ledDay: readonly number[];
  nightLamp: readonly [on: number, minutes: number];
  audio: number;
  soloAllowed: number;
  activation: number;
  /** The supply follows what the chips need; otherwise it stays where it was set. */
  tuning: boolean;
  ssid: string;
  /** When the filter was cleaned, epoch ms. */
  filterCleanedAt: number;
  /** What `savesettings` kept. */
  saved: Tuning | null;
}

/** What the next start of the program forgets. */
export interface RunSettings extends Tuning {
  /** Percent; null: the fan control decides within its own limits. */
  readonly fan: { readonly min: number; readonly max: number } | null;
  /** Level of the privilege that was asked for; null: none. */
  readonly privilege: number | null;
}

/** Above this the machine stops by itself. */
export const CHIP_MAX_C = 105;

export const untuned = (boards: number): Tuning => ({
  clocks: Array.from({ length: boards }, () => null),
  centivolts: null,
  fansOff: false,
  targetC: null,
  chipMaxC: CHIP_MAX_C,
});

/** Bytes of a byte string. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);

/** The hash that the machine keeps of a password, given as a byte string. */
export const passwordHashOf = (password: string): string => sha256Hex(bytesOf(password));

/** What stands on a machine's own labels. */
export interface MachineLabels {
  readonly worker: string;
  readonly serials: readonly string[];
  /** When the filter was new, epoch ms. */
  readonly filterSince: number;
}

export const factorySettings = (plan: AvalonPlan, labels: MachineLabels): KeptSettings => ({
  mode: plan.startMode,
  level: 0,
  pools: plan.pools.map(({ url, difficulty }) => ({ url, user: labels.worker, pass: 'x', difficulty })),
  passwordHash: passwordHashOf(plan.login.password),
  network: { fixed: null, dns: ['', ''] },
  build: plan.build,
  prod: null,
  model: null,
  locked: true,
  serials: [...labels.serials],
  timeZone: 'UTC',
  clockAheadMs: null,
  lcd: { on: 1, page: 2, bright: 100 },
  ledMode: 0,
  ledDay: [0, 100, 100, 5, 0, 255],
  nightLamp: [0, 0],
  audio: 1,
  soloAllowed: 1,
  activation: 0,
  tuning: true,
  ssid: '',
  filterCleanedAt: labels.filterSince,
  saved: null,
});
