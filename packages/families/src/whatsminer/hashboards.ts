import { blankHashboard, GH, type Hashboard, type HashboardState, MH, type Replies, TH } from '@headframe/model';
import type { Hardware } from '@headframe/model/hardware';
import { hashrateWindows } from '@headframe/wire/cgminer';
import { Fields, positive } from '@headframe/wire/json';
import { recordsIn } from '@headframe/wire/whatsminer';
import { infoSection, recordsOf, statusSection } from './dialect.ts';

/** `edevs` has the factory's rates and the chips, `devs` the counters; older machines know one of the two. */
export function boardsV2(replies: Replies, hardware: Hardware | null): Hashboard[] {
  const edevs = recordsIn(replies.get('edevs')?.doc, 'DEVS');
  const devs = recordsIn(replies.get('devs')?.doc, 'DEVS');
  const main = edevs.length > 0 ? edevs : devs;
  const boards = main.map((record, position) => {
    const slot = slotOf(record, position);
    return boardV2(slot, record, devs.find((dev, at) => slotOf(dev, at) === slot) ?? record, hardware);
  });
  return withMissing(boards, hardware, null);
}

const slotOf = (record: Fields, position: number): number => record.int('Slot') ?? record.int('ASC') ?? position;

function boardV2(slot: number, edev: Fields, dev: Fields, hardware: Hardware | null): Hashboard {
  const nominalHs = positive(edev.num('Factory GHS', GH) ?? dev.num('Factory GHS', GH));
  const hashrateHs = rateOf(hashrateWindows(edev)[0]?.hs ?? edev.num('HS RT', MH) ?? edev.num('MHS av', MH), nominalHs);
  const chipsWorking = edev.int('Effective Chips') ?? dev.int('Effective Chips');
  return {
    ...blankHashboard(slot),
    state: stateOf(dev.str('Status'), dev.bool('Enabled'), hashrateHs, chipsWorking),
    hashrateHs,
    nominalHs,
    tempC: edev.num('Temperature') ?? dev.num('Temperature'),
    chipTempMinC: edev.num('Chip Temp Min') ?? dev.num('Chip Temp Min'),
    chipTempMaxC: edev.num('Chip Temp Max') ?? dev.num('Chip Temp Max'),
    frequencyMHz: edev.num('Chip Frequency') ?? dev.num('Chip Frequency'),
    chipsWorking,
    chipsExpected: hardware?.chipsPerBoard ?? null,
    hardwareErrors: dev.int('Hardware Errors') ?? edev.int('Hardware Errors'),
    serial: edev.str('PCB SN') ?? dev.str('PCB SN'),
  };
}

/**
 * Firmware of 2026 sends TH/s under the names of MH/s (`boardsInTerahash`). A rate that is a thousandth of the nominal
 * one at the most, and fits when read as TH/s, is one: the two readings lie a million apart.
 */
function rateOf(hs: number | null, nominalHs: number | null): number | null {
  if (hs === null || hs <= 0 || nominalHs === null) return hs;
  const asTerahash = (hs / MH) * TH;
  return hs < nominalHs / 1000 && asTerahash <= nominalHs * 10 ? asTerahash : hs;
}

/** Newer builds send no `Status`: then hashing says that a board is well, and no chips that it is not. */
function stateOf(
  status: string | null,
  enabled: boolean | null,
  hashrateHs: number | null,
  chips: number | null,
): HashboardState {
  if (enabled === false) return 'disabled';
  const word = status?.toLowerCase() ?? null;
  if (word === 'dead' || word === 'sick' || word === 'nostart') return 'fault';
  if (word === 'disabled') return 'disabled';
  if (word === 'alive') return 'ok';
  if (chips === 0) return 'fault';
  return hashrateHs !== null && hashrateHs > 0 ? 'ok' : 'unknown';
}

/** The boards of port 4433. Their own temperature stands in the summary, one for each. */
export function boardsV3(replies: Replies, hardware: Hardware | null): Hashboard[] {
  const status = statusSection(replies);
  const miner = infoSection(replies, 'miner');
  const temps = status.sub('summary').list('board-temperature');
  const records = recordsOf(status.list('edevs'));
  const boards = records.map((record, position): Hashboard => {
    const slot = record.int('slot') ?? record.int('id') ?? position;
    const hashrateHs = record.num('hash-average', TH);
    const chipsWorking = record.int('effective-chips');
    return {
      ...blankHashboard(slot),
      state: stateOf(null, null, hashrateHs, chipsWorking),
      hashrateHs,
      nominalHs: positive(record.num('factory-hash', TH)),
      tempC: temps.length === records.length ? new Fields({ temp: temps[position] }).num('temp') : null,
      chipTempMinC: record.num('chip-temp-min'),
      chipTempMaxC: record.num('chip-temp-max'),
      frequencyMHz: record.num('freq'),
      chipsWorking,
      chipsExpected: hardware?.chipsPerBoard ?? null,
      serial: miner.str(`pcbsn${slot}`),
    };
  });
  return withMissing(boards, hardware, miner.int('board-num'));
}

/** A machine of this API has few slots: a number from the wire must not make thousands of boards. */
const MOST_BOARDS = 16;

/** A board that is gone is not listed; the machine or the catalogue knows how many there should be. */
function withMissing(boards: Hashboard[], hardware: Hardware | null, said: number | null): Hashboard[] {
  const expected = Math.min(MOST_BOARDS, said ?? hardware?.hashboards ?? 0);
  for (let slot = 0; boards.length > 0 && slot < expected; slot++) {
    if (boards.every((board) => board.slot !== slot)) {
      boards.push({ ...blankHashboard(slot), state: 'missing', chipsExpected: hardware?.chipsPerBoard ?? null });
    }
  }
  return boards.sort((a, b) => a.slot - b.slot);
}
