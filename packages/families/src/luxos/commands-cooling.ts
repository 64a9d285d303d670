import { type Action, action, HeadframeError, integer, type Links, number, optional, orAuto } from '@headframe/model';
import { askDocument, first, section } from '@headframe/wire/cgminer';
import { readBack, seenIn, shows } from './ask.ts';
import { SAVED } from './commands-tuning.ts';
import { inSession, sessionStep } from './session.ts';

/*
 * Fans and temperatures (protocols.md 8; Luxor's pages on fanset and tempctrlset).
 */

const FANSET = 'LuxOS fanset';

/** What stands on the wire for the fan control of the firmware, and for a bound that is left to it. */
const AUTO = -1;

const speedOrAuto = orAuto(
  integer({ about: 'speed of all fans, or auto', unit: '%', min: 0, max: 100, source: `${FANSET} speed` }),
);
const asSent = (speed: number | 'auto'): number => (speed === 'auto' ? AUTO : speed);

const fansShow = (percent: number) =>
  percent === AUTO
    ? // FANS has no word for who controls them; `tempctrl` has, on firmware that is new enough.
      shows('Mode of tempctrl', async (links) => first(await askDocument(links, 'tempctrl'), 'TEMPCTRL'), {
        Mode: 'Automatic',
      })
    : readBack('Speed of fans', async (links) => {
        const speeds = section(await askDocument(links, 'fans'), 'FANS').map((fan) => fan.num('Speed'));
        return { done: speeds.length > 0 && speeds.every((one) => one === percent), values: { speeds } };
      });

const BY_HAND = 'Fans of a fixed speed do not follow the temperature: the machine may overheat and stop';

export const setFan: Action = action(
  { percent: speedOrAuto },
  (_, { percent: given }) => {
    const percent = asSent(given);
    return inSession(
      [sessionStep('fanset', [`speed=${percent}`])],
      fansShow(percent),
      percent === AUTO ? [] : [BY_HAND],
    );
  },
  { lasting: SAVED },
);

const bound = (about: string, key: string, min: number) => {
  const own = integer({ about, unit: '%', min, max: 100, source: `${FANSET} ${key}` });
  return optional<number>({
    ...own,
    takes: `${own.takes}, or -1 for the default`,
    read: (given) => (given === AUTO || given === String(AUTO) ? AUTO : own.read(given)),
  });
};

export const fanset: Action = action(
  {
    speed: optional(speedOrAuto),
    minFans: optional(
      integer({ about: 'fans that must turn, or the machine stops', min: 0, max: 16, source: `${FANSET} min_fans` }),
    ),
    powerOffSpeed: optional(
      integer({
        about: 'speed while the supply is off',
        unit: '%',
        min: 0,
        max: 100,
        source: `${FANSET} power_off_speed`,
      }),
    ),
    minSpeed: bound('lowest speed of automatic control', 'min_speed', 20),
    maxSpeed: bound('highest speed of automatic control', 'max_speed', 50),
  },
  (_, { speed, minFans, powerOffSpeed, minSpeed, maxSpeed }) => {
    const percent = speed === undefined ? undefined : asSent(speed);
    if (minSpeed !== undefined && maxSpeed !== undefined && maxSpeed !== AUTO && minSpeed > maxSpeed) {
      throw new HeadframeError('usage/invalid', {
        detail: `minSpeed ${minSpeed} % is above maxSpeed ${maxSpeed} % (${FANSET}); nothing was sent`,
      });
    }
    const parts = keyValues('luxos.fanset', {
      speed: percent,
      min_fans: minFans,
      power_off_speed: powerOffSpeed,
      min_speed: minSpeed,
      max_speed: maxSpeed,
    });
    const control = {
      ...(minFans === undefined ? {} : { MinFans: minFans }),
      ...(powerOffSpeed === undefined ? {} : { PowerOffSpeed: powerOffSpeed }),
    };
    const step = sessionStep('fanset', parts);
    if (Object.keys(control).length > 0) {
      const read = async (links: Links) => first(await askDocument(links, 'fans'), 'FANCTRL');
      return inSession([step], shows('FANCTRL of fans', read, control));
    }
    if (percent !== undefined) return inSession([step], fansShow(percent));
    return inSession([step], { never: 'no read command shows the bounds of automatic control' });
  },
  { does: 'Sets the fan control: speed, how many fans must turn, bounds of automatic control', lasting: SAVED },
);

/**
 * The keys that were given, as `key=value`.
 * @throws HeadframeError `usage/invalid` when none was; nothing was sent
 */
export function keyValues(
  named: string,
  given: Readonly<Record<string, string | number | boolean | undefined>>,
): string[] {
  const parts = Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  if (parts.length > 0) return parts;
  throw new HeadframeError('usage/invalid', { detail: `${named} needs one of its parameters; nothing was sent` });
}

const TEMPCTRLSET = 'LuxOS tempctrlset';

/** The highest that any sensor of these machines reads; what is sensible is the machine's own business. */
const temperature = (about: string, key: string) =>
  number({ about, unit: '°C', min: 0, max: 150, source: `${TEMPCTRLSET} ${key}` });

/** The six thresholds: the key that is sent, the field that is read, and the chain in which they must not decrease. */
const THRESHOLDS = {
  targetC: { key: 'target_temp', field: 'Target', chain: 'board', about: 'what the cooling holds the boards at' },
  hotC: { key: 'hot_temp', field: 'Hot', chain: 'board', about: 'boards count as hot' },
  dangerousC: { key: 'dangerous_temp', field: 'Dangerous', chain: 'board', about: 'boards are switched off' },
  chipHotC: { key: 'chip_hot_temp', field: 'ChipHot', chain: 'chip', about: 'chips count as hot' },
  chipDangerousC: {
    key: 'chip_dangerous_temp',
    field: 'ChipDangerous',
    chain: 'chip',
    about: 'boards are switched off for their chips',
  },
  waterInletDangerousC: {
    key: 'water_inlet_dangerous_temp',
    field: 'WaterInletDangerous',
    chain: 'water',
    about: 'the machine is switched off for the water that comes in',
  },
} as const;

type ThresholdName = keyof typeof THRESHOLDS;
const NAMES = Object.keys(THRESHOLDS) as ThresholdName[];

async function prepareThresholds(links: Links, given: Readonly<Partial<Record<ThresholdName, number | undefined>>>) {
  const present = first(await askDocument(links, 'tempctrl'), 'TEMPCTRL');
  const after = (name: ThresholdName): number | null => given[name] ?? present.num(THRESHOLDS[name].field);
  for (const [i, name] of NAMES.entries()) {
    const before = NAMES.slice(0, i).findLast((one) => THRESHOLDS[one].chain === THRESHOLDS[name].chain);
    const [low, high] = [before === undefined ? null : after(before), after(name)];
    if (before === undefined || low === null || high === null || low <= high) continue;
    const said = (one: ThresholdName) =>
      given[one] === undefined ? `${THRESHOLDS[one].field} of the machine` : THRESHOLDS[one].key;
    const detail = `${said(before)} (${low} °C) would be above ${said(name)} (${high} °C): ${TEMPCTRLSET} does not take values that decrease; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  const names = NAMES.filter((name) => given[name] !== undefined);
  const parts = keyValues(
    'luxos.tempctrlset',
    Object.fromEntries(names.map((name) => [THRESHOLDS[name].key, given[name]])),
  );
  const wanted = Object.fromEntries(names.map((name) => [THRESHOLDS[name].field, given[name] as number]));
  return inSession(
    [sessionStep('tempctrlset', parts)],
    readBack('tempctrl', async (at) => seenIn(first(await askDocument(at, 'tempctrl'), 'TEMPCTRL'), wanted)),
  );
}

const threshold = (name: ThresholdName) => temperature(THRESHOLDS[name].about, THRESHOLDS[name].key);

export const setTemperatureTarget: Action = action({ targetC: threshold('targetC') }, prepareThresholds, {
  lasting: SAVED,
});

export const tempctrlset: Action = action(
  {
    targetC: optional(threshold('targetC')),
    hotC: optional(threshold('hotC')),
    dangerousC: optional(threshold('dangerousC')),
    chipHotC: optional(threshold('chipHotC')),
    chipDangerousC: optional(threshold('chipDangerousC')),
    waterInletDangerousC: optional(threshold('waterInletDangerousC')),
  },
  prepareThresholds,
  {
    does: 'Sets the temperatures at which the machine cools, throttles and switches off',
    lasting: `wrong values cost hardware; ${SAVED}`,
  },
);
