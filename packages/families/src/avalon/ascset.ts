import { HeadframeError, type Links, type ReadBack, type Step } from '@headframe/model';
import { askCommand, commandStep, type StatusRecord, statusOf } from '@headframe/wire/cgminer';
import type { MmRecord } from './mm-record.ts';
import { type Module, modulesOf } from './modules.ts';

/*
 * `ascset|0,<option>,<value>`: how an Avalon is changed (protocols.md 4). 118 (I) and 119 (S) are a yes, 120 a no.
 */

/** What stands in a reply of 118 when nothing was set for all that. */
const NOT_SET = /not in \(\w+\)\s?mode|unknown argument|auth failed|error:|failed/i;

const isYes = ({ letter, msg }: StatusRecord): boolean => (letter === 'S' || letter === 'I') && !NOT_SET.test(msg);

export interface AscsetStep {
  readonly value?: string;
  /** The value as it is shown, where it holds a secret or a time. */
  readonly shown?: string;
  readonly silenceIsFine?: true;
  readonly replyMs?: number;
  /** The device, for the controllers of the A7 and A8; 0 if absent. */
  readonly device?: number;
}

/** One option of `ascset` as a step of an action. */
export function ascset(option: string, { value, shown = value, device = 0, ...rest }: AscsetStep = {}): Step {
  const of = (last: string | undefined): string => [device, option, ...(last === undefined ? [] : [last])].join(',');
  return whole(commandStep({ command: 'ascset', parameter: of(value), shown: of(shown), judge: isYes, ...rest }));
}

/** Every answer has a code: one without it was cut off, and says nothing. */
const whole = (step: Step): Step => ({
  ...step,
  verdict: (reply) => {
    const verdict = step.verdict(reply);
    if (verdict.vendorCode !== undefined) return verdict;
    throw new HeadframeError('protocol/truncated', { detail: 'its answer has no code' });
  },
});

/** Any other command, judged like `ascset`. */
export const avalonStep = (command: string, parameter: string, shown = parameter): Step =>
  whole(commandStep({ command, parameter, shown, judge: isYes }));

export function portOf({ cgminer }: Links): NonNullable<Links['cgminer']> {
  if (cgminer === undefined) throw new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
  return cgminer;
}

/**
 * What a query such as `workmode,get` says, without the words before it.
 * @throws HeadframeError when it does not answer or says no
 */
export async function queryOption(links: Links, query: string): Promise<string> {
  const reply = await askCommand(portOf(links), links.clock, {
    id: 'ascset',
    command: 'ascset',
    parameter: `0,${query}`,
  });
  if (reply.error !== null) throw reply.error;
  return (statusOf(reply.doc)?.msg ?? '').replace(/^ASC \d+ set (?:info|help):\s*/, '').trim();
}

/**
 * Every firmware lists its own options (`ascset|0,help`): what it does not list is not sent.
 * @throws HeadframeError `support/unsupported`
 */
export async function needsOption(links: Links, ...wanted: readonly string[]): Promise<void> {
  const listed = await optionsOf(links);
  const missing = listed === null ? undefined : wanted.find((option) => !listed.includes(option));
  if (missing === undefined) return;
  const detail = `its firmware does not have it: ascset help lists ${(listed ?? []).join(', ')}; nothing was sent`;
  throw new HeadframeError('support/unsupported', { request: `ascset ${missing}`, detail });
}

/** Null: this firmware has no list. A broken link rejects. */
async function optionsOf(links: Links): Promise<string[] | null> {
  try {
    const options = (await queryOption(links, 'help')).split('|').filter((option) => /^[\w-]+$/.test(option));
    return options.length > 1 ? options : null;
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code === 'device/refused') return null;
    throw thrown;
  }
}

/**
 * The long record, now.
 * @throws HeadframeError when the machine does not answer; `protocol/wrong-shape` when it answers without one
 */
export async function readModules(links: Links): Promise<Module[]> {
  const port = portOf(links);
  for (const command of ['stats', 'estats', 'litestats']) {
    const reply = await askCommand(port, links.clock, { id: command, command });
    if (reply.error !== null && reply.error.code !== 'support/unsupported') throw reply.error;
    const modules = modulesOf(new Map([[command, reply]]));
    if (modules.length > 0) return modules;
  }
  throw new HeadframeError('protocol/wrong-shape', { request: 'stats', detail: 'the record of the machine is empty' });
}

/** Read back from the long record. */
export const recordShows = (
  looksAt: string,
  of: (record: MmRecord, module: Module) => unknown,
  isDone: (value: unknown) => boolean,
  times: Partial<Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs' | 'restarts'>> = {},
): ReadBack => ({
  looksAt,
  afterMs: 1_000,
  everyMs: 3_000,
  withinMs: 30_000,
  ...times,
  look: async (links) => {
    const seen = (await readModules(links)).map((module) => of(module.main, module));
    return { done: seen.every(isDone), values: { [looksAt]: seen.length === 1 ? seen[0] : seen } };
  },
});

/** Read back from a query of the same option. */
export const queryShows = (
  query: string,
  isDone: (answer: string) => boolean,
  times: Partial<Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs' | 'restarts'>> = {},
): ReadBack => ({
  looksAt: `ascset ${query}`,
  afterMs: 1_000,
  everyMs: 3_000,
  withinMs: 30_000,
  ...times,
  look: async (links) => {
    const answer = await queryOption(links, query);
    return { done: isDone(answer), values: { [query]: answer } };
  },
});

/** The time of the device's own clock, s: since 1970, or since its start where nobody set it. */
export async function deviceClock(links: Links): Promise<number> {
  const reply = await askCommand(portOf(links), links.clock, { id: 'version', command: 'version' });
  if (reply.error !== null) throw reply.error;
  const when = statusOf(reply.doc)?.when ?? null;
  if (when !== null) return Math.trunc(when);
  throw new HeadframeError('protocol/wrong-shape', { request: 'version', detail: 'its replies do not carry its time' });
}

/** Long before any of these machines: a clock that shows less counts from its start. */
const EARLIEST_S = 1_000_000_000;
export const isDate = (seconds: number): boolean => seconds > EARLIEST_S;

/** A value with commas would be taken apart by the device: no escape is documented. */
export function withoutCommas(what: string, ...parts: readonly string[]): void {
  if (!parts.some((part) => /[,|]/.test(part))) return;
  const detail = `${what} takes no value with "," or "|": this machine has no way to write them; nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}
