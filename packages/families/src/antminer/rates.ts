import { GH, type Hashrate, hashrateFactor } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import type { Quirk } from './quirks.ts';
import { num, str } from './view.ts';

/**
 * H/s in one unit of this machine's rates; null where it names a unit that we do not know.
 * Keys are called GHS whatever they hold: `rate_unit` decides, for SHA-256 it is GH, for Scrypt MH (protocols.md 2.3).
 * Equihash counts solutions, `kSol/s`: one solution counts as one hash.
 */
export function rateFactor(stats: Fields, summary: Fields, quirk: Quirk | null): number | null {
  const unit = str(stats, 'rate_unit') ?? str(summary, 'rate_unit');
  if (unit === null) return quirk?.rateFactor ?? GH;
  // What nearly all of them say, without taking it apart at every poll.
  if (unit === 'GH') return GH;
  return hashrateFactor(unit.replace(/sols?(?=\/s$|$)/i, 'H'));
}

/** What the machine says of its rate; windows as the firmware names them. */
export function hashrateOf(summary: Fields, stats: Fields, factor: number | null): Hashrate {
  const rate = (...names: string[]): number | null => {
    const value = num(summary, ...names) ?? num(stats, ...names);
    return value === null || factor === null ? null : value * factor;
  };
  const windows = [
    { seconds: 5, hs: rate('GHS 5s', 'rate_5s', 'ghs5s') },
    { seconds: 1800, hs: rate('GHS 30m', 'rate_30m') },
  ].flatMap(({ seconds, hs }) => (hs === null ? [] : [{ seconds, hs }]));
  const shortest = windows[0];
  const nominal = rate('total_rateideal', 'rate_ideal');
  return {
    currentHs: shortest?.hs ?? null,
    currentWindowS: shortest?.seconds ?? null,
    averageHs: rate('GHS av', 'rate_avg', 'ghsav'),
    // 0 while the boards are not up: that is "not known yet", not a promise of nothing.
    nominalHs: nominal === 0 ? null : nominal,
    windows,
  };
}
