/**
 * What depends on the model: which options of `ascset` it has and in which form (protocols.md 4, 1.10), and how it puts
 * its power supply into `PS`. The first row that fits counts; a machine that fits none is read, and changed only by
 * what every cgminer has.
 */
export interface Generation {
  /** As people say it. */
  readonly name: string;
  readonly models: RegExp;
  /** An older controller with modules behind it (A7, A8), a machine in a rack (A10 on), or one for the home. */
  readonly kind: 'modules' | 'farm' | 'home';
  /** How `setpool` is sent; absent: it has none, and pools are changed by cgminer's own commands. */
  readonly setpool?: 'one pool' | 'by index' | 'own command';
  /** How hashing is stopped: at a time of its own clock, or by cutting the power of the boards. */
  readonly stop?: 'softoff' | 'hashpower';
  /** The power modes, by their number, and how they are set. */
  readonly modes?: {
    readonly by: 'workmode' | 'workmode,set' | 'worklevel,set';
    readonly words: readonly [string, ...string[]];
  };
  readonly fan?: 'fan' | 'fan-spd' | 'fan-spd with range';
  /** Volts in one unit of `voltage`, of PS[2] and of PS[5]. */
  readonly voltageUnitV?: number;
  readonly timeZone?: true;
  readonly targetTemp?: true;
  /** Firmware in pages. */
  readonly upgrade?: true;
  readonly worklevel?: { readonly min: number; readonly max: number };
  /** Options of `ascset` that its own list is known not to have. */
  readonly without?: readonly string[];
  /** The set of protected commands. */
  readonly privilege?: true;
  /** Where PS has volts and watts, where it is not as on the A-series. */
  readonly ps?: { readonly inputVolts: number; readonly unitV: number; readonly watts: number };
}

const MODES = ['eco', 'standard', 'super'] as const;

const GENERATIONS: readonly Generation[] = [
  {
    name: 'Avalon Q',
    models: /^Avalon (?:Home)?Q\b/i,
    kind: 'home',
    setpool: 'own command',
    stop: 'softoff',
    modes: { by: 'workmode,set', words: MODES },
    fan: 'fan-spd',
    voltageUnitV: 0.01,
    timeZone: true,
    worklevel: { min: -1, max: 0 },
    // The list of a real one (25052801) has none of these.
    without: ['ledmode', 'ledset', 'nightlamp', 'wallpaper', 'audio', 'wifi', 'volt-adjust-switch'],
  },
  {
    name: 'Avalon Mini 3',
    models: /\bMini\s?3/i,
    kind: 'home',
    setpool: 'own command',
    stop: 'softoff',
    // The same numbers as on the others; its own app and its users call them so.
    modes: { by: 'workmode,set', words: ['heater', 'mining', 'night'] },
    fan: 'fan-spd',
    voltageUnitV: 0.01,
    timeZone: true,
    targetTemp: true,
    worklevel: { min: -1, max: 0 },
    without: ['ledmode', 'ledset', 'nightlamp', 'activate', 'hash-sn-write', 'volt-adjust-switch'],
  },
  {
    name: 'Avalon Nano 3S',
    models: /\bNano\s?3s\b/i,
    kind: 'home',
    setpool: 'own command',
    modes: { by: 'workmode,set', words: MODES },
    fan: 'fan-spd',
    voltageUnitV: 0.001,
    targetTemp: true,
    worklevel: { min: -1, max: 2 },
    without: ['audio', 'wifi', 'solo-allowed', 'activate', 'hash-sn-write', 'volt-tuning', 'time'],
    // PS[0 0 27510 4 0 3756 141] at 140 W behind a 28 V adapter.
    ps: { inputVolts: 2, unitV: 0.001, watts: 6 },
  },
  {
    name: 'Avalon Nano 3',
    models: /\bNano/i,
    kind: 'home',
    setpool: 'own command',
    modes: { by: 'worklevel,set', words: ['low', 'medium', 'high'] },
    fan: 'fan-spd',
    timeZone: true,
    without: [
      'ledmode',
      'wallpaper',
      'audio',
      'solo-allowed',
      'activate',
      'facopts',
      'faclock',
      'hash-sn-read',
      'hash-sn-write',
      'volt-tuning',
      'volt-adjust-switch',
      'qr_auth',
      'work_mode_lvl',
      'voltage',
    ],
    // PS[0 0 0 4 2756 126 330] at 126 W: PS[6] is not its power.
    ps: { inputVolts: 4, unitV: 0.01, watts: 5 },
  },
  {
    // The A11 stands in no document: it has the forms of the A10, which newer firmware takes as well.
    name: 'Avalon A10, A11',
    models: /(?<!\d)1[01]\d\d/,
    kind: 'farm',
    setpool: 'one pool',
    stop: 'hashpower',
    modes: { by: 'workmode', words: ['normal', 'high'] },
    upgrade: true,
    privilege: true,
  },
  {
    name: 'Avalon A12',
    models: /(?<!\d)12\d\d/,
    kind: 'farm',
    setpool: 'by index',
    stop: 'softoff',
    modes: { by: 'workmode', words: ['normal', 'high'] },
    fan: 'fan-spd with range',
    upgrade: true,
  },
  {
    name: 'Avalon A13, A14, A15',
    models: /(?<!\d)1[345](?:\d\d)?(?!\d)/,
    kind: 'farm',
    setpool: 'by index',
    stop: 'softoff',
    fan: 'fan-spd with range',
  },
  { name: 'Avalon A7', models: /(?<!\d)7\d\d(?!\d)/, kind: 'modules', fan: 'fan' },
  { name: 'Avalon A8', models: /(?<!\d)8\d\d(?!\d)/, kind: 'modules', fan: 'fan' },
];

/** @param model as the identity has it: `Avalon 1246`, `Avalon Q` */
export const generationOf = (model: string | null): Generation | null =>
  GENERATIONS.find(({ models }) => model !== null && models.test(model)) ?? null;

/** What the documents leave open, and what is done about it. */
export const ASSUMED = {
  /** Seconds ahead of the device's clock: the real Avalon Q was asked, and answered, with 5. */
  aheadS: 5,
  /** No document bounds the clock of the chips; the device refuses what is above its own maximum. */
  frequencyMHz: { min: 100, max: 1000 },
  /** Behind `voltage` the device says its own range; this only keeps slips out. */
  voltageV: { min: 1, max: 60 },
  /** Nowhere is said how a slot of the pool list is emptied: one that would keep an old pool gets the last new one. */
  spareSlot: 'repeats the last pool',
  /** The range of `fan-spd` in one word; the stock driver of the A8 writes `min-max` (protocols.md 1.10). */
  fanRange: (min: number, max: number) => `${min}-${max}`,
  /** Protected temperatures have an upper end only. */
  privilegedC: { min: 50, max: 105 },
} as const;
