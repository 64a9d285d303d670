import { type Examination, type Sampled, seenValue, wasSeen } from '@headframe/model';
import { duration, saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf } from '../signs.ts';
import { steps } from '../steps.ts';

/** Three samples 30 s apart tell (row 18); over less a machine may well stand still by chance. */
const LONG_ENOUGH_S = 25;

const known = ({ values }: Sampled) => values.filter((value) => value !== null && value !== '');
/** Two values at least, and not only zeros: a sensor that is not there does not tremble. */
const hasValues = (field: Sampled) => {
  const values = known(field);
  return values.length >= 2 && values.some((value) => value !== 0 && value !== '0');
};
const moves = (field: Sampled) => new Set(known(field).map(String)).size > 1;

/** ethminer has those of all its GPUs in one text, `61;70;60;70` (protocols.md 5.5). */
const readings = (sensors: readonly Sampled[]): number =>
  sensors.reduce((sum, field) => sum + String(known(field)[0] ?? '').split(';').length, 0);

interface Stillness {
  /** 0: something that must move does move. */
  readonly confidence: number;
  readonly still: readonly Sampled[];
  readonly clockMoves: boolean;
  readonly spanS: number;
}

/** How still its values stand while it works; null: nothing that could tell. */
export function stillness(seen: Examination): Stillness | null {
  const samples = seenValue(seen.samples);
  if (samples === null) return null;
  const { fields, spanS } = samples;
  const of = (kind: Sampled['kind']) => fields.filter((field) => field.kind === kind && hasValues(field));
  const [clocks, counters, sensors] = [of('clock'), of('counter'), of('sensor')];
  if (sensors.length === 0) return null;
  const clockMoves = clocks.some(moves);
  const facts = { still: sensors.filter((field) => !moves(field)), clockMoves, spanS };
  if (sensors.some(moves)) return { ...facts, confidence: 0 };
  if (spanS < LONG_ENOUGH_S) return { ...facts, confidence: 0.3 };
  // Shares come and are counted, and every sensor stands: the monitor thread is stuck, if there are enough of them.
  if (counters.some(moves)) return { ...facts, confidence: readings(sensors) >= 4 ? 0.8 : 0.4 };
  if (clockMoves) return { ...facts, confidence: sensors.length >= 2 ? 0.9 : 0.5 };
  return { ...facts, confidence: sensors.length >= 2 && clocks.length > 0 ? 0.82 : 0.5 };
}

/** Below it the samples say too little against a machine that answers. */
export const FROZEN_FROM = 0.6;

/** Row 18. */
export const telemetryFrozen: Rule = {
  code: 'telemetry.frozen',
  title: 'Its values are frozen',
  needs: ['samples', 'state'],
  weigh: (seen) => {
    const { failure, latest } = signsOf(seen);
    const found = stillness(seen);
    if (found === null || failure !== 'none' || latest.length === 0) return null;
    const state = seenValue(seen.state);
    if (state !== null && state !== 'mining' && state !== 'unknown') {
      return { ruledOut: `it is ${state}, so nothing has to move` };
    }
    const span = duration(found.spanS);
    if (found.confidence === 0) return { ruledOut: `its sensors moved within ${span}` };
    const names = found.still
      .slice(0, 6)
      .map(({ field }) => saidByDevice(field, 24))
      .join(', ');
    return {
      confidence: found.confidence,
      sentence: `The values of ${seen.subject.address} are frozen: ${names} stood still for ${span}${
        found.clockMoves ? ' while its clock went on' : ', and so did its clock'
      }`,
      because: [
        `${found.still.length} values without a change over ${span}: ${names}`,
        ...linesOf(seen.samples, seen.state),
      ],
      doubts: [
        ...(found.spanS < LONG_ENOUGH_S ? [`${span} are too short to tell: three samples 30 s apart would`] : []),
        ...(wasSeen(seen.state) ? [] : [`state: ${seen.state.notSeen}`]),
      ],
      wouldChange: 'One temperature or fan that moves in three samples 30 s apart',
    };
  },
  remedy: (seen) => steps(seen, 1, 12, 5),
};
