import {
  type ApiRecord,
  type ApiValue,
  elapsed,
  fixed,
  int,
  percentOf,
  rate,
  seconds,
  text,
} from '@headframe/wire/cgminer-server';
import type { AntminerModel } from './sim-models.ts';
import type { BoardState, MinerState } from './sim-state.ts';
import type { AntminerUnit } from './sim-unit.ts';

/*
 * STATS of port 4028: one record with a hundred numbered fields, in the order in which bmminer prints them
 * (protocols.md 2.1; order of the later generation as a real S19 Pro sends it).
 */

type Field = readonly [name: string, value: ApiValue];

export const header = ({ model, firmware }: AntminerUnit): ApiRecord => [
  ['BMMiner', text(model.generation === 'bc50' ? '2.0.0' : '1.0.0')],
  ['Miner', text(model.minerVersion)],
  ['CompileTime', text(firmware.compileTime)],
  ['Type', text(model.type)],
];

/** Sleep leaves an empty list (protocols.md 2.3). */
export function statsRecords(unit: AntminerUnit, state: MinerState): ApiRecord[] {
  if (state.asleep) return [];
  const { model } = unit;
  return [header(unit), model.generation === 'bc50' ? bc50(model, state) : soc(model, state)];
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** One field per listed chain; a chain without a board gets `none`. */
function perChain(
  model: AntminerModel,
  state: MinerState,
  name: (n: number) => string,
  value: (board: BoardState) => ApiValue,
  none: ApiValue,
): Field[] {
  return upTo(model.chainsListed).map((n) => {
    const board = state.boards[model.chains.indexOf(n)];
    return [name(n), board?.found ? value(board) : none];
  });
}

const fanFields = (model: AntminerModel, state: MinerState): Field[] =>
  upTo(model.fansListed).map((n) => [`fan${n}`, int(state.fans[model.fans.indexOf(n)] ?? 0)]);

const opening = (model: AntminerModel, state: MinerState, id: string): Field[] => {
  const rate5s = rate(state.rate5s / model.unit.hs);
  return [
    ['STATS', int(0)],
    ['ID', text(id)],
    ['Elapsed', elapsed(state.elapsed)],
    ['Calls', int(0)],
    ['Wait', seconds(0)],
    ['Max', seconds(0)],
    ['Min', seconds(99_999_999)],
    ['GHS 5s', model.generation === 'bc50' ? text((state.rate5s / model.unit.hs).toFixed(2)) : rate5s],
    ['GHS av', rate(state.rateAverage / model.unit.hs)],
  ];
};

const frequency = (model: AntminerModel, state: MinerState): number => state.frequencyMHz ?? model.frequencyMHz;

const boardsFound = (state: MinerState): BoardState[] => state.boards.filter((board) => board.found);
const chipTemp = (board: BoardState): number => Math.max(...board.pcb) + 5;
const rateText = (model: AntminerModel, board: BoardState): ApiValue => text((board.rate / model.unit.hs).toFixed(2));
const idealOf = (model: AntminerModel): number => model.idealHs / model.chains.length / model.unit.hs;
const errors = (state: MinerState): number => state.boards.reduce((sum, board) => sum + board.errors, 0);
const acn = (n: number) => `chain_acn${n}`;
const acs = (n: number) => `chain_acs${n}`;
const hw = (n: number) => `chain_hw${n}`;
const chainRate = (n: number) => `chain_rate${n}`;

function soc(model: AntminerModel, state: MinerState): ApiRecord {
  const found = boardsFound(state);
  const quad = (shift: number) => (board: BoardState) => text(board.pcb.map((temp) => temp + shift).join('-'));
  const zeros = text('0-0-0-0');
  const record: Field[] = [
    ...opening(model, state, 'BTM_SOC0'),
    ['rate_30m', rate(state.rate30m / model.unit.hs)],
    ['Mode', int(2)],
    ['miner_count', int(found.length)],
    ['frequency', int(frequency(model, state))],
    ['fan_num', int(state.fans.length)],
    ...fanFields(model, state),
    ['temp_num', int(found.length)],
  ];
  for (const [i, board] of state.boards.entries()) {
    record.push([`temp${i + 1}`, int(board.found ? Math.max(...board.pcb) : 0)]);
    record.push([`temp2_${i + 1}`, int(board.found ? chipTemp(board) : 0)]);
  }
  record.push(
    ...perChain(model, state, (n) => `temp_pcb${n}`, quad(0), zeros),
    ...perChain(model, state, (n) => `temp_chip${n}`, quad(5), zeros),
    ...perChain(model, state, (n) => `temp_pic${n}`, quad(-10), zeros),
    ['total_rateideal', rate(model.idealHs / model.unit.hs)],
    ['rate_unit', text(model.unit.name)],
    ['total_freqavg', int(frequency(model, state))],
    ['total_acn', int(found.length * model.chipsPerBoard)],
    ['total rate', rate(state.rateAverage / model.unit.hs)],
    ['temp_max', int(0)],
    ['no_matching_work', int(errors(state))],
    ...perChain(model, state, acn, () => int(model.chipsPerBoard), int(0)),
    ...perChain(model, state, acs, (board) => text(chipMap(model, board)), text('')),
    ...perChain(model, state, hw, (board) => int(board.errors), int(0)),
    ...perChain(model, state, chainRate, (board) => rateText(model, board), text('')),
    ...perChain(
      model,
      state,
      (n) => `freq${n}`,
      () => int(frequency(model, state)),
      int(0),
    ),
  );
  if (model.power === 'chain_power') record.push(['chain_power', text(`${Math.round(state.power)} W`)]);
  record.push(['miner_version', text(model.minerVersion)], ['miner_id', text('no miner id now')]);
  return record;
}

function bc50(model: AntminerModel, state: MinerState): ApiRecord {
  const found = boardsFound(state);
  const nothing = int(0);
  return [
    ...opening(model, state, 'BC50'),
    ['miner_count', int(found.length)],
    ['frequency', text(String(frequency(model, state)))],
    ['fan_num', int(state.fans.length)],
    ...fanFields(model, state),
    ['temp_num', int(found.length)],
    ...perChain(
      model,
      state,
      (n) => `temp${n}`,
      (board) => int(Math.max(...board.pcb)),
      nothing,
    ),
    ...perChain(
      model,
      state,
      (n) => `temp2_${n}`,
      (board) => int(chipTemp(board)),
      nothing,
    ),
    ...perChain(
      model,
      state,
      (n) => `temp3_${n}`,
      () => nothing,
      nothing,
    ),
    ...perChain(
      model,
      state,
      (n) => `freq_avg${n}`,
      () => rate(frequency(model, state)),
      fixed(0, 2),
    ),
    ['total_rateideal', rate(model.idealHs / model.unit.hs)],
    ['total_freqavg', rate(frequency(model, state))],
    ['total_acn', int(found.length * model.chipsPerBoard)],
    ['total_rate', rate(state.rateAverage / model.unit.hs)],
    ...perChain(
      model,
      state,
      (n) => `chain_rateideal${n}`,
      () => rate(idealOf(model)),
      fixed(0, 2),
    ),
    ['temp_max', int(Math.max(0, ...found.map(chipTemp)))],
    ['Device Hardware%', percentOf(errors(state), errors(state) + state.elapsed * 200)],
    ['no_matching_work', int(errors(state))],
    ...perChain(model, state, acn, () => int(model.chipsPerBoard), nothing),
    ...perChain(model, state, acs, (board) => text(chipMap(model, board)), text('')),
    ...perChain(model, state, hw, (board) => int(board.errors), nothing),
    ...perChain(model, state, chainRate, (board) => rateText(model, board), text('')),
    ...model.chains.map((n): Field => [`chain_xtime${n}`, text('{}')]),
    ...model.chains.map((n): Field => [`chain_offside_${n}`, text('0')]),
    ...model.chains.map((n): Field => [`chain_opencore_${n}`, text('0')]),
    ['miner_version', text(model.minerVersion)],
    ['miner_id', text('no miner id now')],
  ];
}

/** ` ooo ooo`: each group behind a blank. */
export function chipMap(model: AntminerModel, board: BoardState): string {
  let map = '';
  for (let chip = 0; chip < model.chipsPerBoard; chip++) {
    if (chip % model.chipGroup === 0) map += ' ';
    map += board.deadChips.includes(chip) ? 'x' : 'o';
  }
  return map;
}
