import { metricKinds, metricsOf } from '@headframe/model/schema';
import type { Miner } from '../domain/miner.ts';

/*
 * The fleet in the text format of Prometheus (0.0.4). Readings of machines that do not answer are left out, so that
 * a graph shows a gap and not the last value for ever; `headframe_up` says that they are down.
 */

type Labels = Readonly<Record<string, string>>;

/** Samples of one metric must stand together, whichever machine they are of. */
class Exposition {
  readonly #metrics = new Map<string, { head: string; lines: string[] }>();

  declare(name: string, type: 'gauge' | 'counter', help: string): void {
    const text = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    this.#metrics.set(name, { head: `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n`, lines: [] });
  }

  add(name: string, labels: string, value: number): void {
    this.#metrics.get(name)?.lines.push(`${name}{${labels}} ${value}\n`);
  }

  toString(): string {
    let text = '';
    for (const { head, lines } of this.#metrics.values()) if (lines.length > 0) text += head + lines.join('');
    return text;
  }
}

const pairs = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const OWN = [
  ['headframe_miner_info', 'gauge', 'Who the machine is; always 1'],
  ['headframe_up', 'gauge', 'Whether the machine answered the last poll'],
  ['headframe_state', 'gauge', 'What the machine does, as a label; always 1'],
  ['headframe_poll_duration_seconds', 'gauge', 'How long the last poll took'],
  ['headframe_polls_total', 'counter', 'Polls of the machine'],
  ['headframe_poll_failures_total', 'counter', 'Polls of the machine that failed'],
  ['headframe_last_answer_timestamp_seconds', 'gauge', 'When the machine answered last'],
] as const;

/** The whole of `/metrics`. */
export function renderMetrics(miners: Iterable<Miner>): string {
  const out = new Exposition();
  for (const [name, type, help] of OWN) out.declare(name, type, help);
  for (const { name, type, help } of metricKinds()) out.declare(name, type, help);
  for (const miner of miners) addMiner(out, miner);
  return out.toString();
}

function addMiner(out: Exposition, miner: Miner): void {
  const { row } = miner;
  const own = pairs({ miner: row.id, address: row.address });
  const info = {
    family: row.family ?? '',
    make: row.make ?? '',
    model: row.model ?? '',
    firmware: row.firmware ?? '',
    firmware_version: row.firmwareVersion ?? '',
    simulated: String(row.simulated),
  };
  out.add('headframe_miner_info', `${own},${pairs(info)}`, 1);
  out.add('headframe_polls_total', own, miner.polls);
  out.add('headframe_poll_failures_total', own, miner.failures);
  if (miner.polls > 0) out.add('headframe_up', own, miner.link === 'ok' ? 1 : 0);
  if (miner.lastPollMs !== null) out.add('headframe_poll_duration_seconds', own, miner.lastPollMs / 1000);
  if (miner.lastAnswerAt !== null) {
    out.add('headframe_last_answer_timestamp_seconds', own, miner.lastAnswerAt / 1000);
  }
  if (miner.link !== 'ok' || miner.snapshot === null) return;
  out.add('headframe_state', `${own},${pairs({ state: row.state })}`, 1);
  for (const { name, labels, value } of metricsOf(miner.snapshot)) {
    const extra = pairs(labels);
    out.add(name, extra === '' ? own : `${own},${extra}`, value);
  }
}
