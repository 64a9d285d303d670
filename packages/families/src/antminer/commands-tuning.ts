import { type Action, action, HeadframeError, integer, type Links, number, orAuto, text } from '@headframe/model';
import { changeConfig, RESTARTS, SOURCE } from './config-change.ts';
import { readConfig } from './web-config.ts';
import { needPage, openPage, type Page } from './web-page.ts';

/* Fan, and what only the older web page sets: frequency and voltage (protocols.md 2.3, 2.4). */

/** A speed in percent, or `auto`. */
const fanSpeed = orAuto(
  integer({ about: 'speed of all fans, or auto', unit: '%', min: 0, max: 100, source: `${SOURCE}, bitmain-fan-pwm` }),
);

export const fanCommands = {
  setFan: action(
    { percent: fanSpeed },
    async (links, { percent }) =>
      changeConfig(links, await openPage(links), {
        change: percent === 'auto' ? { fanCustom: false } : { fanCustom: true, fanPwm: String(percent) },
      }),
    { ...RESTARTS, does: 'Sets one speed for all fans or gives them back to the firmware; the miner restarts for it' },
  ),
} satisfies Record<string, Action>;

const tuningPage = (links: Links, request: string): Promise<Page> =>
  needPage(
    links,
    'older',
    request,
    'its newer web page does not set it: set-power-mode and antminer.freq-level are what it has',
  );

/** How far from its present value a voltage may be set: no document names a range. */
const MOST_VOLTAGE_CHANGE = 0.2;
const LEAST_V = 10;
const MOST_V = 25;

export const tuningCommands = {
  setFrequency: action(
    {
      frequencyMHz: integer({
        about: 'clock of the chips',
        unit: 'MHz',
        min: 100,
        max: 1000,
        source: `${SOURCE} of the older page, _ant_freq; it names no range, this one holds what these chips are run at`,
      }),
    },
    async (links, { frequencyMHz }) =>
      changeConfig(links, await tuningPage(links, 'setFrequency'), { change: { freq: String(frequencyMHz) } }),
    RESTARTS,
  ),
  setVoltage: action(
    {
      voltageV: number({
        about: 'voltage of the hashboards',
        unit: 'V',
        min: LEAST_V,
        max: MOST_V,
        source: `${SOURCE} of the older page, _ant_voltage, where the machine counts it in hundredths of a volt`,
      }),
    },
    async (links, { voltageV }) => {
      const page = await tuningPage(links, 'setVoltage');
      const { voltage } = await readConfig(links);
      return changeConfig(links, page, { change: { voltage: voltageText(voltageV, voltage) } });
    },
    RESTARTS,
  ),
} satisfies Record<string, Action>;

/**
 * The voltage as the machine writes it: `1650` is 16.50 V. Other machines have a code there that is no voltage (`0706`).
 * @throws HeadframeError `support/unsupported` for those, `usage/invalid` for a change that is too large
 */
export function voltageText(wanted: number, present: string | null): string {
  const volts = /^\d{4}$/.test(present ?? '') ? Number(present) / 100 : 0;
  if (volts < LEAST_V || volts > MOST_V) {
    const detail = `its voltage reads "${present ?? ''}", which is no number of hundredths of a volt (antminer.voltage sets it as it is)`;
    throw new HeadframeError('support/unsupported', { request: 'setVoltage', detail });
  }
  const [from, to] = [1 - MOST_VOLTAGE_CHANGE, 1 + MOST_VOLTAGE_CHANGE].map((share) => (volts * share).toFixed(2));
  if (wanted < Number(from) || wanted > Number(to)) {
    const detail = `set-voltage takes ${from} to ${to} V on this machine, a fifth around its present ${volts.toFixed(2)} V, as no document names a range; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  return String(Math.round(wanted * 100));
}

/** By the page's own words, for who knows what a value does there. */
export const ownTuning: Readonly<Record<string, Action>> = {
  'work-mode': action(
    { mode: integer({ about: 'number of the work mode', min: 0, max: 254, source: `${SOURCE}, _ant_work_mode` }) },
    async (links, { mode }) =>
      changeConfig(links, await needPage(links, 'older', 'work-mode'), { change: { workMode: mode } }),
    {
      ...RESTARTS,
      does: 'Sets the work mode by its number; what the numbers mean differs by model and is not documented',
    },
  ),
  voltage: action(
    {
      voltage: text({
        about: 'voltage as the configuration of the machine writes it',
        most: 4,
        pattern: /^\d{1,4}$/,
        inWords: 'digits (0706, 1650)',
        source: `${SOURCE}, _ant_voltage`,
      }),
    },
    async (links, { voltage }) =>
      changeConfig(links, await needPage(links, 'older', 'voltage'), { change: { voltage } }),
    { ...RESTARTS, does: 'Sets the voltage in the machine’s own code. A wrong one can damage hashboards' },
  ),
};
