import { type Action, action, choice, integer, type Links, optional, type ReadBack } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import { isNumber, MINUTES, picked, RESTARTS, sealedState, shows, signedState } from './looks.ts';
import { through } from './through.ts';

/* Power: as a share, as a limit, as a target. The warnings are those of the manual (protocols.md 3.3), in our words. */

const LOW_VALUES =
  'The share is reached only about. How low it can be depends on the unit, the air and the cooling: too low makes it unstable, and it restarts by itself';
const LASTING_LEVEL = 'For a level that is to last, set-power-limit or set-frequency are better';

const FAST_NOTES = [
  'Of the first stable power, within a second. For short use: kept for long it may be unstable, and it loses more performance than the normal way',
  LOW_VALUES,
  LASTING_LEVEL,
];
const NORMAL_NOTES = [
  'Of the first stable power, within minutes, for a small loss of hashrate. For prices of power that change often: performance and stability stay below the best',
  LOW_VALUES,
  LASTING_LEVEL,
];
const V3_NOTES = [
  'It works only after the clock has settled, and is lost when the machine restarts',
  'On an air-cooled machine the normal way works in the normal and the low power mode only',
];

export const setPowerPercent: Action = action(
  {
    percent: integer({
      about: 'share of the first stable power',
      unit: '%',
      min: 0,
      // More is announced for later; today no version takes it (protocols.md 11).
      max: 100,
      source: 'WhatsMiner set_power_pct_v2, set_power_pct, set.miner.power_percent',
    }),
    way: optional(
      choice(['normal', 'fast'], {
        about: 'within minutes and gentle, or within a second; normal unless given',
        source: 'WhatsMiner set_power_pct_v2 (normal), set_power_pct (fast)',
      }),
    ),
  },
  (links, { percent, way = 'normal' }) => {
    const notes = way === 'fast' ? FAST_NOTES : NORMAL_NOTES;
    return through(links, 'setPowerPercent', {
      v2: async () => {
        const before = fullPowerW(await sealedState.summary(links), V2_NAMES);
        return {
          commands: [
            { cmd: way === 'fast' ? 'set_power_pct' : 'set_power_pct_v2', fields: { percent: String(percent) } },
          ],
          notes,
          readBack: () => shareShows('v2', percent, before),
        };
      },
      v3: async () => {
        const before = fullPowerW(await signedState.summary(links), V3_NAMES);
        return {
          commands: [{ cmd: 'set.miner.power_percent', param: { percent, mode: way } }],
          notes: [...notes, ...V3_NOTES],
          readBack: shareShows('v3', percent, before),
        };
      },
    });
  },
  { takes: 'a second, or minutes', lasting: 'until restore_power_pct, or a restart', hashing: 'unchanged' },
);

/** How near a power is to what was wanted: it is reached "only about". */
const TOLERANCE = 0.05;

const isNear = (powerW: number | null, wantedW: number): boolean =>
  powerW !== null && Math.abs(powerW - wantedW) <= TOLERANCE * Math.max(wantedW, 500);

const V2_NAMES = { rate: 'MHS 1m', nominal: 'Factory GHS', nominalIn: 1e3, power: 'Power' } as const;
const V3_NAMES = { rate: 'hash-1min', nominal: 'factory-hash', nominalIn: 1, power: 'power-realtime' } as const;
/** A machine that hashes so much of what the factory says has not been slowed down. */
const UNREDUCED = 0.95;

/** What the machine draws while it hashes as the factory says: the "first stable power". Null: it does less now. */
function fullPowerW(
  summary: Fields,
  { rate, nominal, nominalIn, power }: typeof V2_NAMES | typeof V3_NAMES,
): number | null {
  const [is, full, powerW] = [summary.num(rate), summary.num(nominal), summary.num(power)];
  if (is === null || full === null || full <= 0 || powerW === null || powerW <= 0) return null;
  return is >= UNREDUCED * full * nominalIn ? powerW : null;
}

/**
 * Newer builds tell the share; else the power draw against that from before, or against the power limit, which the first
 * stable power is near.
 */
function shareShows(door: 'v2' | 'v3', percent: number, fullW: number | null = null): ReadBack {
  const looksAt =
    door === 'v2'
      ? 'power_pct of status, else Power of summary against the power before or the Power Limit'
      : 'power-percent of get.miner.setting, else power-realtime against the power before or power-limit';
  return shows(
    looksAt,
    MINUTES,
    async (links) => {
      const [told, powerW, limitW] = door === 'v2' ? await sealedShare(links) : await signedShare(links);
      return { percent: told, powerW, limitW };
    },
    ({ percent: told, powerW, limitW }) =>
      told !== null && told !== undefined
        ? isNumber(told, percent)
        : typeof powerW === 'number' &&
          [fullW, limitW].some((base) => typeof base === 'number' && isNear(powerW, (base * percent) / 100)),
  );
}

type Share = readonly [told: unknown, powerW: number | null, limitW: number | null];

async function sealedShare(links: Links): Promise<Share> {
  const status = await sealedState.status(links);
  const summary = await sealedState.summary(links);
  return [status.raw('power_pct') ?? null, summary.num('Power'), summary.num('Power Limit')];
}

async function signedShare(links: Links): Promise<Share> {
  const setting = await signedState.setting(links);
  const summary = await signedState.summary(links);
  return [setting.raw('power-percent') ?? null, summary.num('power-realtime'), summary.num('power-limit')];
}

const LIMIT_NOTES = [
  'Advised not above the ordinary power of the unit',
  'The mining program restarts when it takes effect',
];

export const setPowerLimit: Action = action(
  {
    powerW: integer({
      about: 'upper limit of the power draw',
      unit: 'W',
      min: 0,
      max: 99_999,
      source: 'WhatsMiner adjust_power_limit, set.miner.power_limit',
    }),
  },
  (links, { powerW }) =>
    through(links, 'setPowerLimit', {
      v2: async () => ({
        commands: [{ cmd: 'adjust_power_limit', fields: { power_limit: String(powerW) }, silenceIsFine: true }],
        notes: [...LIMIT_NOTES, ...aboveNote(powerW, await sealedState.summary(links), 'Power Limit')],
        readBack: () =>
          shows(
            'Power Limit of summary, power_limit_set of status',
            RESTARTS,
            async (at) => ({
              ...picked(await sealedState.status(at), ['power_limit_set']),
              ...picked(await sealedState.summary(at), ['Power Limit']),
            }),
            (values) =>
              isNumber(values['Power Limit'], powerW) ||
              // Empty is the machine's own limit: no number to compare with.
              (values.power_limit_set !== '' && isNumber(values.power_limit_set, powerW)),
          ),
      }),
      v3: async () => ({
        commands: [{ cmd: 'set.miner.power_limit', param: powerW, silenceIsFine: true }],
        notes: [...LIMIT_NOTES, ...aboveNote(powerW, await signedState.summary(links), 'power-limit')],
        readBack: shows(
          'power-limit of get.miner.status',
          RESTARTS,
          async (at) => picked(await signedState.summary(at), ['power-limit']),
          (values) => isNumber(values['power-limit'], powerW),
        ),
      }),
    }),
  { takes: 'minutes: the mining program restarts' },
);

function aboveNote(powerW: number, summary: Fields, name: string): string[] {
  const present = summary.num(name);
  return present !== null && present > 0 && powerW > present ? [`That is above its present limit of ${present} W`] : [];
}

/** What the manual of V2 prints no unit for; watts by its twin of V3 (protocols.md 3.3). */
const setPower: Action = action(
  {
    powerW: integer({
      about: 'power that it should draw',
      unit: 'W',
      min: 1,
      max: 99_999,
      source: 'WhatsMiner set_power, set.miner.power; no range is printed, that of the power limit is taken',
    }),
  },
  (links, { powerW }) =>
    through(links, 'whatsminer.set_power', {
      v2: () => ({
        commands: [{ cmd: 'set_power', fields: { power: String(powerW) } }],
        notes: ['The manual of V2 prints no unit: watts, as its twin of V3 has them'],
        readBack: () =>
          shows(
            'Power of summary',
            MINUTES,
            async (at) => ({ powerW: (await sealedState.summary(at)).num('Power') }),
            (values) => isNear(values.powerW as number | null, powerW),
          ),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.miner.power', param: powerW }],
        notes: ['While the clock is still settling it takes effect at the next start only'],
        readBack: shows(
          'power of get.miner.setting, power-realtime of get.miner.status',
          MINUTES,
          async (at) => ({
            ...picked(await signedState.setting(at), ['power']),
            powerW: (await signedState.summary(at)).num('power-realtime'),
          }),
          (values) => isNumber(values.power, powerW) || isNear(values.powerW as number | null, powerW),
        ),
      }),
    }),
  { does: 'Sets the power that the machine should draw', takes: 'minutes', hashing: 'unchanged' },
);

const restorePowerPct: Action = action(
  {},
  (links) =>
    through(links, 'whatsminer.restore_power_pct', {
      v2: () => ({ commands: [{ cmd: 'restore_power_pct' }], readBack: () => shareShows('v2', 100) }),
    }),
  { does: 'Takes a share of the power back, whichever way it was set', takes: 'minutes', hashing: 'unchanged' },
);

export const POWER_OWN: Readonly<Record<string, Action>> = {
  set_power: setPower,
  restore_power_pct: restorePowerPct,
};
