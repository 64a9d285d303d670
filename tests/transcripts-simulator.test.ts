import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { cgminerDevice } from '../packages/families/src/cgminer/sim-device.ts';
import type { CgminerPlan } from '../packages/families/src/cgminer/sim-plan.ts';
import { CGMINER_4_11 } from '../packages/families/src/cgminer/sim-standard-plan.ts';
import { type Mask, maskOf } from './normalise.ts';
import { sharedPath } from './shared.ts';
import { type Line, linesOf, type Outcome, ReplayedPort, replayGroup, replayLine } from './transcript-replay.ts';

/*
 * The simulated cgminer against recordings of the real one, byte for byte: the same requests, the same replies, masked
 * only by `normalise.json`. The device is set up as the scenario's config says; no reply text is in here.
 */

const SCENARIOS = [
  'reads-json',
  'reads-text',
  'joins',
  'malformed',
  'acl-readonly',
  'acl-denied',
  'no-devices',
  'startup',
  'idle-wedge',
  'writes-pools',
  'writes-misc',
  'switch-delay',
  'long-strings',
] as const;

interface ScenarioConfig {
  readonly flags: readonly string[];
  readonly apiAllow: string | null;
  readonly apiGroups: string | null;
  readonly pools: readonly { readonly url: string; readonly user: string; readonly pass: string }[];
  readonly devices: readonly { readonly name: string }[];
}

/** The recording sandbox had stubs of pools on these ports, which give difficulty 1024, and nothing else. */
const POOL_PORTS = [3333, 3334, 3335, 3336];

function planOf(config: ScenarioConfig): CgminerPlan {
  const { flags, apiAllow, apiGroups } = config;
  const withDevices = config.devices.length > 0;
  return {
    ...CGMINER_4_11,
    // Drivers icarus and sp10, or icarus alone where nothing is plugged in.
    deviceCode: withDevices ? 'ICA SPN ' : 'ICA ',
    devices: withDevices ? CGMINER_4_11.devices : [],
    hotplugS: Number(flags[flags.indexOf('--hotplug') + 1]),
    access: {
      listen: flags.includes('--api-listen'),
      ...(apiAllow === null ? {} : { allow: apiAllow }),
      ...(apiGroups === null ? {} : { groups: apiGroups }),
    },
    pools: config.pools.map((pool) => ({ ...pool, difficulty: 1024 })),
    reachable: (url) => POOL_PORTS.some((port) => url === `stratum+tcp://127.0.0.1:${port}`),
    // A path was replaced in the recordings.
    saveFile: 'SAVEFILE',
  };
}

/** When the simulated machine's power came on. Any time will do: the clock is masked. */
const POWERED_AT = Date.UTC(2026, 10, 20);
/** The recordings begin when the API has opened. */
const FIRST_REQUEST_MS = 10_000;

interface Compared {
  readonly line: Line;
  readonly outcome: Outcome;
  readonly equal: boolean;
}

function runScenario(folder: string, scenario: string, mask: Mask): Compared[] {
  const config = JSON.parse(readFileSync(`${folder}/${scenario}.config.json`, 'utf8')) as ScenarioConfig;
  const lines = linesOf(`${folder}/${scenario}.jsonl`);
  const seed = { seed: 1, poweredAt: POWERED_AT };
  const label = { family: 'cgminer', make: '', model: '', firmware: '' };
  const fresh = () => new ReplayedPort(cgminerDevice(planOf(config), seed, label), POWERED_AT + FIRST_REQUEST_MS);
  let port = fresh();
  if (scenario === 'startup') port.now = POWERED_AT;
  const compared: Compared[] = [];
  // Times since an event are counted from it: the start of the process, or the command before.
  let eventAt = scenario === 'startup' ? POWERED_AT : port.now;
  const note = (line: Line, outcome: Outcome) => {
    compared.push({ line, outcome, equal: isEqual(scenario, line, outcome, mask) });
  };
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] as Line;
    if (line.group !== undefined) {
      const group = lines.filter((other) => other.group === line.group);
      const startedAt = port.now;
      for (const [k, outcome] of replayGroup(port, group).entries()) {
        const at = outcome.firstByteAt === null ? null : outcome.firstByteAt - startedAt;
        note(group[k] as Line, { ...outcome, firstByteAt: at });
      }
      i += group.length;
      continue;
    }
    i++;
    if (line.reply === undefined) {
      // Remarks stand for time that was not recorded, or for a new process.
      if (line.note.startsWith('a fresh process was started')) port = fresh();
      else port.now += FIRST_REQUEST_MS;
      continue;
    }
    if (line.atMs === undefined) {
      port.now += line.waitMs ?? 0;
      eventAt = port.now;
    } else port.now = Math.max(port.now, eventAt + line.atMs);
    note(line, replayLine(port, line));
  }
  return compared;
}

/** `timing` of normalise.json: which side is faster decides between FIN and RST. */
function endDependsOnTiming(scenario: string, line: Line): boolean {
  return line.reply === '' || (scenario === 'malformed' && line.note.startsWith('two JSON in two segments'));
}

/** Times are compared in order, not in ms: who waits is answered when the one before leaves, give or take this. */
const TOLERANCE_MS = 60;

function isEqual(scenario: string, line: Line, outcome: Outcome, mask: Mask): boolean {
  const recorded = Buffer.from(line.reply ?? '', 'base64').toString('latin1');
  if (mask(outcome.reply) !== mask(recorded)) return false;
  if (line.ended === 'refused' || outcome.ended === 'refused') return line.ended === outcome.ended;
  if (outcome.ended !== line.ended && !endDependsOnTiming(scenario, line)) return false;
  const first = line.firstByteAtMs;
  if (first === undefined) return true;
  if (first === null || outcome.firstByteAt === null) return first === outcome.firstByteAt;
  return Math.abs(first - outcome.firstByteAt) <= TOLERANCE_MS;
}

const folder = sharedPath('transcripts', 'cgminer-4.11.1');
const rules = sharedPath('transcripts', 'normalise.json');

describe.skipIf(folder === null || rules === null)('the simulated cgminer against recordings of the real one', () => {
  const mask = rules === null ? (reply: string) => reply : maskOf(rules, 'cgminer-4.11.1');
  const table: string[] = [];

  for (const scenario of SCENARIOS) {
    test(`answers every request of ${scenario} with the same bytes`, () => {
      const compared = runScenario(folder ?? '', scenario, mask);
      const different = compared.filter((one) => !one.equal);
      const counts = [compared.length, compared.length - different.length, different.length];
      table.push([scenario.padEnd(13), ...counts.map((n) => String(n).padStart(9))].join(' '));
      expect(different.map(({ line, outcome }) => [line.n, line.note, outcome.ended, mask(outcome.reply)])).toEqual([]);
    });
  }

  test('in every scenario that was recorded', () => {
    console.log(['scenario      exchanges     equal different', ...table].join('\n'));
    const recorded = readdirSync(folder ?? '').filter((name) => name.endsWith('.jsonl'));
    expect(recorded.map((name) => name.replace('.jsonl', '')).sort()).toEqual([...SCENARIOS].sort());
  });
});
