import type { MinerRow } from '@headframe/api';

/** Two hours at one reading in ten seconds. */
const MOST_POINTS = 720;

/** Hashrates of one machine since the page was opened; null where it did not answer. */
export interface Curve {
  /** Unix time, s. */
  readonly times: number[];
  /** H/s */
  readonly hashrates: (number | null)[];
}

const curves = new Map<string, Curve>();

/** Keeps the readings of rows that changed. A row that was sent twice for one answer counts once. */
export function remember(rows: Iterable<MinerRow>, now: number): void {
  for (const { id, lastAnswerAt, link, hashrateHs } of rows) {
    const curve = curves.get(id) ?? { times: [], hashrates: [] };
    const time = (link === 'ok' && lastAnswerAt !== null ? lastAnswerAt : now) / 1000;
    if (time <= (curve.times.at(-1) ?? 0)) continue;
    curve.times.push(time);
    curve.hashrates.push(hashrateHs);
    if (curve.times.length > MOST_POINTS) {
      curve.times.shift();
      curve.hashrates.shift();
    }
    curves.set(id, curve);
  }
}

/** The readings of a machine; none when it is not known. The arrays grow: copy them to keep them. */
export const curveOf = (id: string): Curve => curves.get(id) ?? { times: [], hashrates: [] };
