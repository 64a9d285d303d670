import { type Action, action, choice, HeadframeError, integer, type Links } from '@headframe/model';
import { section } from '@headframe/wire/cgminer';
import { changeConfig, RESTARTS, SOURCE } from './config-change.ts';
import { SLEEP_MODES } from './quirks.ts';
import { readConfig } from './web-config.ts';
import { needPage, type Page, readPage } from './web-page.ts';

/* The work mode of the newer web page: normal, sleep, low and high (protocols.md 2.3). */

const NORMAL = 0;
const SLEEP = 1;

const modePage = (links: Links, request: string): Promise<Page> =>
  needPage(
    links,
    'newer',
    request,
    'it has the older web page, and what the numbers of its work mode mean is not documented (antminer.work-mode sets one)',
  );

/**
 * The number of a mode on this machine: `get_multi_option.cgi` of some newer builds lists them by name. Without it 0 is
 * normal and 1 is sleep on every machine but some S17 builds, and 2 and 3 are high and low in an order that differs by
 * model (protocols.md 2.3).
 * @throws HeadframeError `support/unsupported` where the number is not known: nothing was sent
 */
async function modeNumber(links: Links, name: 'normal' | 'sleep' | 'low' | 'high'): Promise<number> {
  const listed = await listedModes(links);
  const found = listed?.find((mode) => mode.name.toLowerCase().includes(name));
  if (found !== undefined) return found.value;
  if (name === 'normal') return NORMAL;
  if (name === 'sleep') return SLEEP;
  const detail =
    listed === null
      ? 'it does not list its modes, and which number is which differs by model (antminer.miner-mode sets one)'
      : `it has no mode of that name, it has: ${listed.map((mode) => mode.name).join(', ')}`;
  throw new HeadframeError('support/unsupported', { request: `mode ${name}`, detail });
}

async function listedModes(links: Links): Promise<{ name: string; value: number }[] | null> {
  try {
    return modesFrom(await readPage(links, '/cgi-bin/get_multi_option.cgi'));
  } catch (thrown) {
    // Most builds do not have the page, or answer something that is no list.
    if (thrown instanceof HeadframeError && !/^(?:link|auth)\//.test(thrown.code)) return null;
    throw thrown;
  }
}

/** The modes that `get_multi_option.cgi` lists; null where it lists none. */
export function modesFrom(document: unknown): { name: string; value: number }[] | null {
  const modes = section(document, 'ModeInfo').flatMap((mode) => {
    const [name, value] = [mode.str('ModeName'), mode.int('ModeValue')];
    return name === null || value === null || value < 0 || value > 255 ? [] : [{ name, value }];
  });
  return modes.length === 0 ? null : modes;
}

/** Boards are powered, found and tuned before the first hash. */
const BOOTING_MS = 900_000;

export const modeCommands = {
  pause: action(
    {},
    async (links) => {
      const page = await modePage(links, 'pause');
      const { workMode } = await readConfig(links);
      // One that sleeps already is left in the mode in which it does.
      const asleep = workMode !== null && SLEEP_MODES.includes(workMode);
      return changeConfig(links, page, {
        change: { workMode: asleep ? workMode : await modeNumber(links, 'sleep') },
        ...(/[ST]17/.test(page.system.str('minertype') ?? '') ? { notes: [S17_NOTE] } : {}),
        running: { looksAt: 'its hashrate', is: (hashing) => !hashing, withinMs: 180_000 },
      });
    },
    { lasting: 'until it is resumed, also through a restart', takes: 'about half a minute' },
  ),
  resume: action(
    {},
    async (links) => {
      const page = await modePage(links, 'resume');
      return changeConfig(links, page, {
        change: { workMode: await modeNumber(links, 'normal') },
        notes: ['The machine does not remember its mode from before the pause: it goes to the normal one'],
        running: { looksAt: 'its hashrate', is: (hashing) => hashing, withinMs: BOOTING_MS },
      });
    },
    { takes: 'some minutes until it hashes' },
  ),
  setPowerMode: action(
    {
      mode: choice(['normal', 'low', 'high'], {
        about: 'work mode',
        source: 'Antminer get_multi_option.cgi; without it only normal is known for certain',
      }),
    },
    async (links, { mode }) => {
      const page = await modePage(links, 'setPowerMode');
      return changeConfig(links, page, { change: { workMode: await modeNumber(links, mode) } });
    },
    RESTARTS,
  ),
} satisfies Record<string, Action>;

const S17_NOTE = 'Some builds for the S17 sleep in mode 254: if it goes on hashing, antminer.miner-mode 254';

/** By the page's own words, for who knows what a number does there. */
export const ownModes: Readonly<Record<string, Action>> = {
  'miner-mode': action(
    { mode: integer({ about: 'number of the work mode', min: 0, max: 254, source: `${SOURCE}, miner-mode` }) },
    async (links, { mode }) =>
      changeConfig(links, await needPage(links, 'newer', 'miner-mode'), { change: { workMode: mode } }),
    {
      ...RESTARTS,
      does: 'Sets the work mode by its number: 0 normal, 1 sleep, 2 and 3 high and low by model, 254 sleep on some S17',
    },
  ),
  'freq-level': action(
    { level: integer({ about: 'frequency level', unit: '%', min: 1, max: 100, source: `${SOURCE}, freq-level` }) },
    async (links, { level }) =>
      changeConfig(links, await needPage(links, 'newer', 'freq-level'), {
        change: { freqLevel: String(level) },
      }),
    { ...RESTARTS, does: 'Sets the frequency level, in percent' },
  ),
};
