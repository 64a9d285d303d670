import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { createRig } from '../packages/families/src/ethminer/sim.ts';
import type { RigPlan } from '../packages/families/src/ethminer/sim-plan.ts';
import { RECORDED } from '../packages/families/src/ethminer/sim-profiles.ts';
import type { SimulatedConversation, SimulatedDevice } from '../packages/families/src/sim/device.ts';
import { type Mask, maskOf } from './normalise.ts';
import { sharedPath } from './shared.ts';
import { type Line, linesOf, type Outcome } from './transcript-replay.ts';

/*
 * The simulated ethminer against recordings of the real 0.19, byte for byte: the same requests, the same replies, masked
 * only by `normalise.json`. The rig is set up as the scenario's config says; no reply text is in here.
 */

const SCENARIOS = [
  'concurrent',
  'crash-nesting',
  'http',
  'malformed',
  'open-write-monitors',
  'open-write',
  'password',
  'readonly-password',
  'readonly',
] as const;

interface ScenarioConfig {
  readonly port: number;
  readonly password: string | null;
  readonly tempStart: number;
  readonly tempStop: number;
  readonly connections: readonly string[];
  readonly hostName: string;
  readonly devices: readonly { readonly pci: string; readonly name: string; readonly memoryBytes: number }[];
}

function planOf(config: ScenarioConfig): RigPlan {
  const { port, password, tempStart, tempStop, connections, hostName, devices } = config;
  const gpu = RECORDED.gpus[0];
  if (gpu === undefined) throw new Error('no GPU');
  return {
    ...RECORDED,
    readOnly: port < 0,
    password,
    temperatureStop: tempStop === 0 ? null : { start: tempStart, stop: tempStop },
    connections,
    hostName,
    // The name in the config has the memory behind it, as ethminer prints it.
    gpus: devices.map(({ pci, name, memoryBytes }) => ({
      ...gpu,
      pci,
      memoryBytes,
      name: name.replace(/ [\d.]+ GB$/, ''),
    })),
    sensors: false,
    bootMs: 0,
  };
}

const STARTED = Date.UTC(2026, 10, 20);
/** The recordings begin when the port has opened. */
const FIRST_REQUEST_MS = 3000;
/** Without a reply for so long a line of the recording ends in `timeout`. */
const TIMEOUT_MS = 900;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const label = { family: 'ethminer', make: '', model: '', firmware: '' };
/** What the recorded program did by itself. */
const AS_RECORDED: readonly string[] = ['repeated-replies', 'short-packet-hang', 'growing-lists'];

/** The connections of one scenario on a clock of the replay. */
class Replay {
  now = STARTED + FIRST_REQUEST_MS;
  readonly #device: SimulatedDevice;
  readonly #open = new Map<number, SimulatedConversation>();

  constructor(config: ScenarioConfig, lines: readonly Line[]) {
    const seed = { seed: 19, poweredAt: STARTED };
    this.#device = createRig(planOf(config), seed, (name) => AS_RECORDED.includes(name), label);
    // Connections stand beside each other: one that was opened before a crash sees its end.
    for (const line of lines) {
      const conversation = this.#device.ethminer?.connect({ address: '127.0.0.1' }, this.now);
      if (line.conn !== undefined && !this.#open.has(Number(line.conn)) && conversation) {
        this.#open.set(Number(line.conn), conversation);
      }
    }
  }

  line(line: Line): Outcome {
    const conversation = this.#open.get(Number(line.conn));
    const outcome: Outcome = { reply: '', ended: 'refused', firstByteAt: null };
    if (conversation === undefined) return outcome;
    this.now += line.waitMs ?? 0;
    outcome.ended = 'timeout';
    for (const packet of packetsOf(line)) {
      this.now += packet.gapMs;
      const { chunks, end } = conversation.receive(packet.bytes, this.now);
      outcome.reply += chunks.map(({ bytes }) => latin1(bytes)).join('');
      if (end === 'fin' || end === 'rst') return { ...outcome, ended: end };
    }
    if (outcome.reply !== '') outcome.ended = 'open';
    else this.now += TIMEOUT_MS;
    if (line.halfClose) outcome.ended = 'fin';
    return outcome;
  }
}

/** Segments that were written without a pause arrived in one piece. */
function packetsOf({ send, gapMs }: Line): { gapMs: number; bytes: Buffer }[] {
  const packets: { gapMs: number; bytes: Buffer }[] = [];
  for (const [i, part] of send.entries()) {
    const bytes = Buffer.from(part, 'base64');
    const last = packets.at(-1);
    const gap = gapMs[i] ?? 0;
    if (last !== undefined && gap === 0) last.bytes = Buffer.concat([last.bytes, bytes]);
    else packets.push({ gapMs: gap, bytes });
  }
  return packets.filter(({ bytes }) => bytes.length > 0);
}

interface Compared {
  readonly line: Line;
  readonly outcome: Outcome;
  readonly equal: boolean;
}

function runScenario(folder: string, scenario: string, mask: Mask): Compared[] {
  const config = JSON.parse(readFileSync(`${folder}/${scenario}.config.json`, 'utf8')) as ScenarioConfig;
  const lines = linesOf(`${folder}/${scenario}.jsonl`).filter(({ reply }) => reply !== undefined);
  const replay = new Replay(config, lines);
  return lines.map((line) => {
    const outcome = replay.line(line);
    const recorded = latin1(Buffer.from(line.reply ?? '', 'base64'));
    return { line, outcome, equal: mask(outcome.reply) === mask(recorded) && outcome.ended === line.ended };
  });
}

const folder = sharedPath('transcripts', 'ethminer-0.19');
const rules = sharedPath('transcripts', 'normalise.json');

describe.skipIf(folder === null || rules === null)('the simulated ethminer against recordings of the real one', () => {
  const mask = rules === null ? (reply: string) => reply : maskOf(rules, 'ethminer-0.19');
  const table: string[] = [];

  for (const scenario of SCENARIOS) {
    test(`answers every request of ${scenario} with the same bytes`, () => {
      const compared = runScenario(folder ?? '', scenario, mask);
      const different = compared.filter((one) => !one.equal);
      const counts = [compared.length, compared.length - different.length, different.length];
      table.push([scenario.padEnd(19), ...counts.map((n) => String(n).padStart(9))].join(' '));
      expect(compared.length).toBeGreaterThan(0);
      expect(
        different.map(({ line, outcome }) => [
          line.n,
          line.note,
          outcome.ended,
          mask(outcome.reply),
          line.ended,
          mask(latin1(Buffer.from(line.reply ?? '', 'base64'))),
        ]),
      ).toEqual([]);
    });
  }

  test('in every scenario that was recorded', () => {
    console.log(['scenario            exchanges     equal different', ...table].join('\n'));
    const recorded = readdirSync(folder ?? '').filter((name) => name.endsWith('.jsonl'));
    expect(recorded.map((name) => name.replace('.jsonl', '')).sort()).toEqual([...SCENARIOS].sort());
  });

  test('and the masks leave enough to compare: another digit anywhere else shows', () => {
    const reply =
      '{"id":1,"jsonrpc":"2.0","result":{"device_count":3,"device_width":32,"start_nonce":"0x0000000000000010"}}\n';
    expect(mask(reply)).toBe(
      '{"id":1,"jsonrpc":"2.0","result":{"device_count":3,"device_width":32,"start_nonce":#}}\n',
    );
  });
});
