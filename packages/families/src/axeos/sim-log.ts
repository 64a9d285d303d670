import { hash32, streamKey } from '../sim/counter-random.ts';
import type { Bitaxe } from './sim-unit.ts';

/** A line of the log comes about so often. */
const LINE_MS = 2_000;
/** Lines that are kept. */
const MOST_LINES = 200;

/** The lines of the log within a stretch of time, as ESP-IDF prints them: level, ms since boot, who, what. */
export function logLines(unit: Bitaxe, from: number, to: number): string[] {
  const first = Math.max(Math.ceil(from / LINE_MS), Math.floor(to / LINE_MS) - MOST_LINES);
  const lines: string[] = [];
  for (let n = first; n * LINE_MS < to; n++) {
    const at = n * LINE_MS;
    if (at < unit.bootedAt) continue;
    const nonce = hash32(streamKey(unit.seed, 'log'), n);
    const difficulty = (2 ** 32 / Math.max(1, nonce)).toFixed(1);
    const text =
      unit.session.isHashing(at) === false
        ? `W (${at - unit.bootedAt}) stratum_task: No work`
        : `I (${at - unit.bootedAt}) asic_result: ID: ${(nonce & 0xffff).toString(16)}, ASIC nr: ${n % unit.board.chips}, Nonce ${nonce.toString(16).toUpperCase().padStart(8, '0')} diff ${difficulty}`;
    lines.push(text);
  }
  return lines;
}
