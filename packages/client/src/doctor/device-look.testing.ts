import { onTestFinished } from 'vitest';
import { parseAddress } from '../address.ts';
import { Deadline } from '../links/deadline.ts';
import { askingOf } from './asking-of.ts';
import { DeviceLook, type DeviceSeen } from './device-look.ts';
import type { ExamineOptions, Looking, Remembered } from './options.ts';

/** A system of which nothing can be asked. */
const NO_SYSTEM: Looking['system'] = {
  platform: 'linux',
  readFile: async () => null,
  readFolder: async () => null,
  readLink: async () => null,
  run: async () => null,
  lookup: async () => [],
  interfaces: () => ({}),
  isAdministrator: false,
};

export interface TestLooking extends Looking {
  /** How long each wait was to be, in their order; none takes any time. */
  readonly waits: number[];
}

export function testLooking(signal?: AbortSignal): TestLooking {
  const deadline = new Deadline(60_000, signal);
  onTestFinished(() => deadline.end());
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  return { clock: { now: () => Date.now() }, deadline, wait, system: NO_SYSTEM, waits };
}

export interface TestLook {
  readonly seen: DeviceSeen;
  readonly waits: readonly number[];
  readonly steps: readonly string[];
}

/** The conversation with a device on loopback: its ports stand in for the usual ones; nothing else is knocked at. */
export async function lookAtDevice(
  ports: NonNullable<ExamineOptions['ports']>,
  options: ExamineOptions & {
    readonly remembered?: Remembered;
    readonly address?: string;
    readonly replyMs?: number;
  } = {},
): Promise<TestLook> {
  const looking = testLooking(options.signal);
  const steps: string[] = [];
  const address = options.address ?? '127.0.0.1';
  const endpoint = parseAddress(address);
  const given = { ...options, ports, onStep: (what: string) => steps.push(what) };
  const made = await askingOf(endpoint, endpoint.host, address, given, looking);
  const dial = { ...made.dial, limits: { ...made.dial.limits, replyMs: options.replyMs ?? 3000 } };
  const look = new DeviceLook({
    asking: { ...made, dial },
    remembered: options.remembered ?? null,
    knocks: Promise.resolve({}),
    sampleEveryMs: 1000,
  });
  return { seen: await look.run(), waits: looking.waits, steps };
}
