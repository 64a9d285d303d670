import { ASSUMED } from './sim-assumed.ts';
import { fanControl } from './sim-boards.ts';
import type { Command, Commands } from './sim-command.ts';
import { onChip } from './sim-on-board.ts';
import { numberIn, numberKey, options, readKeys, wholeIn } from './sim-parameters.ts';
import { invalidValue, type LuxReply, MISSING_PARAMETER, ok } from './sim-reply.ts';
import { MAX_C, temperatureLimits } from './sim-settings.ts';
import { FAN_DEFAULTS, type FanSettings, type LuxosSettings, type TemperatureSettings } from './sim-state.ts';

/* Session commands for fans, temperatures and the health of chips (`protocols.md` 8). */

/** Lowest values that `min_speed` and `max_speed` take (`protocols.md` 8); -1 is the default (docs.luxor.tech). */
const speedKey = (name: 'minSpeed' | 'maxSpeed', least: number) => (value: string) => {
  const speed = value === '-1' ? FAN_DEFAULTS[name] : wholeIn(value, least, 100);
  return speed === null ? null : { [name]: speed };
};

const fanset: Command = (machine, _now, parts) => {
  const { fans } = machine.plan;
  const [first, second] = options(parts).plain;
  // Older programs give speed and fans by their place: so a second part that is a number is read.
  const named =
    first !== undefined && numberIn(first, -1e9, 1e9) !== null
      ? [`speed=${first}`, ...(second === undefined ? [] : [`min_fans=${second}`])]
      : parts;
  const read = readKeys<FanSettings>(named, {
    speed: numberKey('speed', -1, 100),
    min_fans: numberKey('minFans', 0, fans),
    power_off_speed: numberKey('powerOffSpeed', 0, 100),
    min_speed: speedKey('minSpeed', 20),
    max_speed: speedKey('maxSpeed', 50),
  });
  if ('refused' in read) return read.refused;
  const fan = { ...machine.settings.fan, ...read.change };
  if (fan.minSpeed > fan.maxSpeed) return invalidValue(parts.join(','));
  machine.set({ fan });
  return ok(ASSUMED.fanset, 'Fan control updated', { FANCTRL: [fanControl(machine)] });
};

const tempctrlset: Command = (machine, _now, parts) => {
  const { plain } = options(parts);
  // Older programs give target, hot and dangerous by their place; an empty one stays as it is.
  const places = ['target_temp', 'hot_temp', 'dangerous_temp'] as const;
  const named =
    plain.length === 0
      ? parts
      : parts.flatMap((part, i) => {
          const place = places[i];
          if (part === '') return [];
          return place === undefined || part.includes('=') ? [part] : [`${place}=${part}`];
        });
  const key = (name: keyof TemperatureSettings) => numberKey<TemperatureSettings>(name, 0, MAX_C, numberIn);
  const chip = (name: keyof TemperatureSettings) => numberKey<TemperatureSettings>(name, 0, 125, numberIn);
  if (parts.length === 0) return MISSING_PARAMETER;
  const read = readKeys<TemperatureSettings>(named.length === 0 ? [''] : named, {
    target_temp: key('target'),
    hot_temp: key('hot'),
    dangerous_temp: key('dangerous'),
    chip_hot_temp: chip('chipHot'),
    chip_dangerous_temp: chip('chipDangerous'),
    water_inlet_dangerous_temp: key('waterInletDangerous'),
  });
  if ('refused' in read) return read.refused;
  const now = { ...machine.settings.temperatures, ...read.change };
  if (now.target > now.hot || now.hot > now.dangerous || now.chipHot > now.chipDangerous) {
    return invalidValue(parts.join(','));
  }
  machine.set({ temperatures: now });
  return ok(330, 'Set temperature control', { TEMPCTRL: [temperatureLimits(machine)] });
};

const tempsensorset: Command = (machine, _now, parts) => {
  const read = readKeys<LuxosSettings['sensor']>(parts, {
    bad_average_threshold: numberKey('badAverageThreshold', 0, 100),
    max_bad_readings: numberKey('maxBadReadings', 0, 1000),
    min_per_board: numberKey('minPerBoard', 0, 4),
  });
  if ('refused' in read) return read.refused;
  machine.set({ sensor: { ...machine.settings.sensor, ...read.change } });
  return ok(ASSUMED.tempsensorset, 'Temperature sensor configuration updated');
};

const healthctrlset: Command = (machine, _now, [readingsText, factorText]) => {
  if (readingsText === undefined || factorText === undefined) return MISSING_PARAMETER;
  const readings = wholeIn(readingsText, 1, 1000);
  const factor = numberIn(factorText, 0, 100);
  if (readings === null || factor === null) return invalidValue(`${readingsText},${factorText}`);
  machine.set({ health: { readings, factor } });
  return ok(ASSUMED.healthctrlset, 'Health control updated');
};

/** The chips named are checked now, not when it is their turn. */
const healthchipset: Command = (machine, now, parts) =>
  onChip(machine, parts, (board, chip): LuxReply => {
    const chips = chip === null ? Array.from({ length: machine.plan.chips }, (_, i) => i) : [chip];
    for (const one of chips) machine.run.checkedAt.set(`${board},${one}`, now);
    return ok(ASSUMED.healthchipset, 'Health check started');
  });

export const COOLING_COMMANDS: Commands = {
  fanset,
  tempctrlset,
  tempsensorset,
  healthctrlset,
  healthchipset,
};
