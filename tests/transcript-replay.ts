import { readFileSync } from 'node:fs';
import { createAcceptQueue, type QueueStep } from '@headframe/wire/cgminer-server';
import type { SimulatedDevice } from '../packages/families/src/sim/device.ts';

/** One line of a transcript (`transcripts/README.md`). A line without `reply` is a remark about the process. */
export interface Line {
  readonly n: number;
  readonly note: string;
  readonly send: readonly string[];
  readonly gapMs: readonly number[];
  readonly halfClose: boolean;
  readonly reply?: string;
  readonly ended: string;
  readonly waitMs?: number;
  readonly atMs?: number;
  readonly from?: string;
  readonly group?: string;
  readonly conn?: string;
  readonly openAtMs?: number;
  readonly sendAtMs?: number;
  readonly firstByteAtMs?: number | null;
  readonly clientAction?: string;
  readonly clientActionAtMs?: number;
}

export const linesOf = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** What one client of the replay got. */
export interface Outcome {
  reply: string;
  /** `refused`, `fin`, `rst`, or `open` as long as the program has not closed. */
  ended: string;
  /** When the first byte came, ms of the replay's clock. */
  firstByteAt: number | null;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** A simulated device behind its accept queue, driven by events on a clock of our own instead of sockets. */
export class ReplayedPort {
  now: number;
  readonly #device: SimulatedDevice;
  readonly #outcomes = new Map<number, Outcome>();
  readonly #queue;
  #next = 0;

  constructor(device: SimulatedDevice, now: number) {
    this.#device = device;
    this.now = now;
    const port = portOf(device);
    this.#queue = createAcceptQueue<number>({
      admits: (peer) => port.admits({ address: peer }),
      maxRequestBytes: port.maxRequestBytes,
    });
  }

  connect(peer: string): { readonly id: number; readonly outcome: Outcome } {
    const id = this.#next++;
    const outcome: Outcome = { reply: '', ended: 'open', firstByteAt: null };
    this.#outcomes.set(id, outcome);
    if (this.#device.listening('cgminer', this.now)) this.#carryOut(this.#queue.connected(id, peer));
    else outcome.ended = 'refused';
    return { id, outcome };
  }

  send(id: number, bytes: Uint8Array): void {
    this.#carryOut(this.#queue.data(id, bytes));
  }

  end(id: number): void {
    this.#carryOut(this.#queue.ended(id));
  }

  reset(id: number): void {
    this.#carryOut(this.#queue.reset(id));
  }

  #carryOut(steps: readonly QueueStep<number>[]): void {
    for (const step of steps) {
      const outcome = this.#outcomes.get(step.id);
      if (outcome === undefined) continue;
      if (step.kind === 'drop') outcome.ended = 'timeout';
      if (step.kind === 'deny') outcome.ended = portOf(this.#device).denies ?? 'fin';
      if (step.kind !== 'receive') continue;
      const reaction = portOf(this.#device).receive(step.bytes, { address: step.peer }, this.now);
      for (const { bytes } of reaction.chunks) {
        outcome.reply += latin1(bytes);
        outcome.firstByteAt ??= this.now;
      }
      outcome.ended = reaction.end === 'rst' || this.#queue.hasUnread(step.id) ? 'rst' : 'fin';
      this.#carryOut(this.#queue.closed(step.id));
    }
  }
}

function portOf(device: SimulatedDevice) {
  if (device.cgminer === undefined) throw new Error('the device has no cgminer port');
  return device.cgminer;
}

const segments = (line: Line): Uint8Array[] => line.send.map((part) => Buffer.from(part, 'base64'));

/** One line with a connection of its own: segment by segment, with its gaps on the replay's clock. */
export function replayLine(port: ReplayedPort, line: Line): Outcome {
  const { id, outcome } = port.connect(line.from ?? '127.0.0.1');
  for (const [i, segment] of segments(line).entries()) {
    port.now += line.gapMs[i] ?? 0;
    port.send(id, segment);
  }
  if (line.halfClose) port.end(id);
  return outcome;
}

/** The lines of one group overlap in time: all their events in order, on the replay's clock from where it stands. */
export function replayGroup(port: ReplayedPort, lines: readonly Line[]): Outcome[] {
  const start = port.now;
  const ids = new Map<Line, number>();
  const outcomes = new Map<Line, Outcome>();
  const events: { at: number; run: () => void }[] = [];
  for (const line of lines) {
    events.push({
      at: line.openAtMs ?? 0,
      run: () => {
        const { id, outcome } = port.connect(line.from ?? '127.0.0.1');
        ids.set(line, id);
        outcomes.set(line, outcome);
      },
    });
    const sendAt = line.sendAtMs ?? line.openAtMs ?? 0;
    for (const segment of segments(line))
      events.push({ at: sendAt, run: () => port.send(ids.get(line) ?? -1, segment) });
    if (line.clientAction !== undefined) {
      events.push({
        at: line.clientActionAtMs ?? 0,
        run: () => {
          const id = ids.get(line) ?? -1;
          if (line.clientAction === 'rst') port.reset(id);
          else port.end(id);
          if (line.clientAction === 'shutdown') return;
          // Who closed sees nothing of what is sent after that.
          outcomes.set(line, { reply: '', ended: 'closed by client', firstByteAt: null });
        },
      });
    }
  }
  // Stable: what a line does at one time stays in its order.
  events.sort((a, b) => a.at - b.at);
  for (const event of events) {
    port.now = start + event.at;
    event.run();
  }
  return lines.map((line) => outcomes.get(line) ?? { reply: '', ended: 'open', firstByteAt: null });
}
