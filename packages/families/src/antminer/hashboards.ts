import {
  blankChip,
  blankHashboard,
  type Chip,
  type Hashboard,
  type HashboardState,
  type Replies,
} from '@headframe/model';
import type { Hardware } from '@headframe/model/hardware';
import { section } from '@headframe/wire/cgminer';
import { Fields, positive, toNumber } from '@headframe/wire/json';
import type { Quirk } from './quirks.ts';
import { num } from './view.ts';

/** More than any machine has: a reply is not trusted to be as short as it should be. */
const MOST_CHAINS = 16;
const MOST_CHIPS = 1000;
const MOST_SENSORS = 16;

/** One chain as the device tells it, in the numbering of either shape. */
interface Chain {
  /** Counted from 0. */
  readonly slot: number;
  readonly label: string | null;
  /** How many chips answered when the chain was counted. */
  readonly chipsFound: number | null;
  /** `o` for each chip that works, `x` for each that does not (protocols.md 2.1). */
  readonly chipMap: string | null;
  readonly rate: number | null;
  readonly rateIdeal: number | null;
  readonly frequencyMHz: number | null;
  readonly hardwareErrors: number | null;
  readonly boardTemps: readonly number[];
  readonly chipTemps: readonly number[];
  readonly serial: string | null;
}

interface BoardContext {
  readonly factor: number | null;
  readonly hardware: Hardware | null;
  readonly quirk: Quirk | null;
  /** Whether the machine hashes at all right now. */
  readonly hashing: boolean;
  /** Whether it is so young that its boards may not be counted yet. */
  readonly starting: boolean;
}

/** The hashboards of the STATS record in either shape; serials from stats.cgi where it was asked. */
export function hashboardsOf(stats: Fields, replies: Replies, context: BoardContext): Hashboard[] {
  const chains = stats.has('chain')
    ? stats.list('chain').slice(0, MOST_CHAINS).map(chainFromCgi)
    : chainsFromApi(stats);
  if (chains.length === 0) return [];
  const facts = new Map(factChains(replies).map((chain) => [chain.slot, chain]));
  const boards = new Map(chains.filter(isThere).map((chain) => [chain.slot, hashboard(chain, facts, context)]));
  for (const slot of emptySlots(boards, stats.int('chain_num'), context)) {
    const listed = chains.find((chain) => chain.slot === slot);
    boards.set(slot, hashboard(listed ?? { ...NOTHING, slot }, facts, context));
  }
  return [...boards.values()].sort((a, b) => a.slot - b.slot);
}

/** What is known of a slot that the device does not list. */
const NOTHING: Omit<Chain, 'slot'> = {
  label: null,
  chipsFound: null,
  chipMap: null,
  rate: null,
  rateIdeal: null,
  frequencyMHz: null,
  hardwareErrors: null,
  boardTemps: [],
  chipTemps: [],
  serial: null,
};

/** Numbered fields, `chain_acn1` to `chain_acn16`; how many there are says nothing about how many boards there are. */
function chainsFromApi(stats: Fields): Chain[] {
  const chains: Chain[] = [];
  for (const name of CHAIN_FIELDS) {
    if (!stats.has(name.acn)) continue;
    const pcb = temps(stats.raw(name.tempPcb));
    const chip = temps(stats.raw(name.tempChip));
    chains.push({
      slot: name.n - 1,
      label: `chain ${name.n}`,
      chipsFound: stats.int(name.acn),
      chipMap: stats.str(name.acs),
      rate: stats.num(name.rate),
      rateIdeal: stats.num(name.rateIdeal),
      frequencyMHz: num(stats, name.freqAvg, name.freq),
      hardwareErrors: stats.int(name.hw),
      // Before the S17 there is one number for the board and one or two for its chips.
      boardTemps: pcb.length > 0 ? pcb : temps(stats.raw(name.temp)),
      chipTemps: chip.length > 0 ? chip : [...temps(stats.raw(name.temp2)), ...temps(stats.raw(name.temp3))],
      serial: null,
    });
  }
  return chains;
}

/** The names of one chain's fields, put together once: they are looked up at every poll. */
const CHAIN_FIELDS = Array.from({ length: MOST_CHAINS }, (_, i) => {
  const n = i + 1;
  return {
    n,
    acn: `chain_acn${n}`,
    acs: `chain_acs${n}`,
    rate: `chain_rate${n}`,
    rateIdeal: `chain_rateideal${n}`,
    hw: `chain_hw${n}`,
    freqAvg: `freq_avg${n}`,
    freq: `freq${n}`,
    tempPcb: `temp_pcb${n}`,
    tempChip: `temp_chip${n}`,
    temp: `temp${n}`,
    temp2: `temp2_${n}`,
    temp3: `temp3_${n}`,
  };
});

function chainFromCgi(value: unknown, position: number): Chain {
  const chain = new Fields(value);
  return {
    slot: chain.int('index') ?? position,
    label: null,
    chipsFound: chain.int('asic_num'),
    chipMap: chain.str('asic'),
    rate: chain.num('rate_real'),
    rateIdeal: chain.num('rate_ideal'),
    frequencyMHz: chain.num('freq_avg'),
    hardwareErrors: chain.int('hw'),
    boardTemps: chain.list('temp_pcb').slice(0, MOST_SENSORS).flatMap(temps),
    chipTemps: chain.list('temp_chip').slice(0, MOST_SENSORS).flatMap(temps),
    serial: chain.str('sn'),
  };
}

const factChains = (replies: Replies): Chain[] =>
  section(replies.get('http:boards')?.doc, 'STATS')
    .slice(0, 1)
    .flatMap((record) => record.list('chain').slice(0, MOST_CHAINS).map(chainFromCgi));

/**
 * The readings of `60-60-70-70`, or of a single number. A sensor that is not there reads 0. Which of the four sits at
 * the intake and which at the exhaust is documented nowhere.
 */
function temps(value: unknown): number[] {
  if (typeof value === 'number') return value === 0 ? [] : [value];
  if (typeof value !== 'string') return [];
  const found: number[] = [];
  for (let at = 0; at < value.length && found.length < MOST_SENSORS; ) {
    // A frosty board: the first dash belongs to the number, the next one parts it from its neighbour.
    const dash = value.indexOf('-', value[at] === '-' ? at + 1 : at);
    const end = dash < 0 ? value.length : dash;
    const temp = toNumber(value.slice(at, end));
    if (temp !== null && temp !== 0) found.push(temp);
    at = end + 1;
  }
  return found;
}

/** A board answers: chips were counted, or it showed its memory and with it its serial number. */
const isThere = (chain: Chain): boolean => (chain.chipsFound ?? 0) > 0 || chain.serial !== null;

/**
 * The slots where this model should have a board and none answers. An empty chain beyond them is no hashboard (an S19
 * Pro lists four chains). Unknown models: as many as stats.cgi counts, or none.
 */
function emptySlots(boards: ReadonlyMap<number, unknown>, chainNum: number | null, context: BoardContext): number[] {
  const count = context.hardware?.hashboards ?? chainNum ?? 0;
  const usual =
    context.quirk?.chains?.map((n) => n - 1) ?? Array.from({ length: Math.min(count, MOST_CHAINS) }, (_, slot) => slot);
  return usual.filter((slot) => !boards.has(slot)).slice(0, Math.max(0, count - boards.size));
}

function hashboard(chain: Chain, allFacts: ReadonlyMap<number, Chain>, context: BoardContext): Hashboard {
  const { factor } = context;
  const facts = allFacts.get(chain.slot);
  const rateOf = (rate: number | null | undefined) => (rate == null || factor === null ? null : rate * factor);
  const { chips, working } = chipsOf(chain.chipMap);
  // Filled in place: this is made for every board at every poll.
  const board = blankHashboard(chain.slot);
  board.label = chain.label;
  board.state = boardState(chain, context);
  board.hashrateHs = rateOf(chain.rate);
  board.nominalHs = rateOf(positive(chain.rateIdeal) ?? positive(facts?.rateIdeal));
  board.tempC = chain.boardTemps.length === 0 ? null : Math.max(...chain.boardTemps);
  board.chipTempMinC = chain.chipTemps.length === 0 ? null : Math.min(...chain.chipTemps);
  board.chipTempMaxC = chain.chipTemps.length === 0 ? null : Math.max(...chain.chipTemps);
  board.frequencyMHz = positive(chain.frequencyMHz);
  board.chipsWorking = chips.length === 0 ? chain.chipsFound : working;
  board.chipsExpected = context.hardware?.chipsPerBoard ?? null;
  board.hardwareErrors = isThere(chain) ? chain.hardwareErrors : null;
  board.serial = chain.serial ?? facts?.serial ?? null;
  board.chips = chips as Chip[];
  return board;
}

function boardState(chain: Chain, context: BoardContext): HashboardState {
  if ((chain.chipsFound ?? 0) > 0) return context.hashing && chain.rate === 0 ? 'fault' : 'ok';
  if (context.starting) return 'unknown';
  return isThere(chain) ? 'fault' : 'missing';
}

/** Boards of a fleet have few different maps, most of them without a dead chip: each is read once. */
const CHIP_MAPS = new Map<string, ChipMap>();
const MOST_MAPS = 256;

interface ChipMap {
  readonly chips: readonly Chip[];
  readonly working: number;
}

const NO_CHIPS: ChipMap = { chips: Object.freeze([]), working: 0 };

/** ` ooo oxo`: a letter a chip, in groups; `-` is a chip that never answered. Shared and frozen: copy before changing. */
function chipsOf(map: string | null): ChipMap {
  if (map === null) return NO_CHIPS;
  let known = CHIP_MAPS.get(map);
  if (known === undefined) {
    const chips = readChips(map);
    known = { chips: Object.freeze(chips), working: chips.filter((chip) => chip.state === 'ok').length };
    if (CHIP_MAPS.size >= MOST_MAPS) CHIP_MAPS.clear();
    if (map.length <= 2 * MOST_CHIPS) CHIP_MAPS.set(map, known);
  }
  return known;
}

function readChips(map: string): Chip[] {
  const chips: Chip[] = [];
  for (const letter of map) {
    if (letter !== 'o' && letter !== 'x' && letter !== '-') continue;
    chips.push(Object.freeze({ ...blankChip(chips.length), state: letter === 'o' ? 'ok' : 'dead' } as const));
    if (chips.length === MOST_CHIPS) break;
  }
  return chips;
}
