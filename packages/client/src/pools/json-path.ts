import { HeadframeError } from '@headframe/model';
import { plainLine } from '../doctor/shell/plain-line.ts';

/*
 * The way to a value in a page of JSON: `data.workers[0].last_share`, `btc.workers["alice.rig3"].last_share`,
 * `workers[name=rig3].lastSeen` (the first of the list whose `name` is that), each with or without `$.` before it.
 * `{worker}` and `{account}` stand for what is asked for, and need no quotes whatever they hold.
 */

export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'pick'; readonly key: string; readonly equals: string };

export type Found =
  | { readonly value: unknown }
  /** `worker`: the step that names the worker leads nowhere; else the page has another form. */
  | { readonly missing: 'worker' | 'path'; readonly at: string };

const STEP =
  /(?:^|\.)([^.[\]"=\s]+)|\[(\d{1,6})\]|\["((?:[^"\\]|\\.)*)"\]|\[([^[\]=."\s]+)=("(?:[^"\\]|\\.)*"|[^[\]"]*)\]/y;
const LONGEST = 300;

/**
 * @throws HeadframeError `usage/invalid`: it is no path
 */
export function parseJsonPath(path: string): readonly Step[] {
  const steps = stepsOf(path);
  if (steps !== null) return steps;
  const form = 'workers[name={worker}].last_share, data.rows[0].age or btc.workers["alice.rig3"].last_share';
  throw new HeadframeError('usage/invalid', { detail: `"${plainLine(path, 80)}" is not a path such as ${form}` });
}

/** The steps of a path; null: it is none. */
export function stepsOf(path: string): readonly Step[] | null {
  const text = path.trim().replace(/^\$\.?/, '');
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (text.length <= LONGEST && STEP.lastIndex < text.length) {
    const [all, key, index, quoted, pickKey, pickValue] = STEP.exec(text) ?? [];
    if (all === undefined) break;
    if (key !== undefined) steps.push({ kind: 'key', key });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (quoted !== undefined) steps.push({ kind: 'key', key: unescaped(quoted) });
    else if (pickKey !== undefined && pickValue !== undefined) {
      const equals = pickValue.startsWith('"') ? unescaped(pickValue.slice(1, -1)) : pickValue.trim();
      steps.push({ kind: 'pick', key: pickKey, equals });
    }
    if (STEP.lastIndex === text.length) return steps;
  }
  return null;
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

/** Follows the steps. @param fill puts the worker and the account into a step */
export function followPath(doc: unknown, steps: readonly Step[], fill: (text: string) => string): Found {
  let value = doc;
  for (const step of steps) {
    const next = advance(value, step, fill);
    if (next === undefined) {
      const name =
        step.kind === 'index' ? `[${step.index}]` : step.kind === 'key' ? step.key : `[${step.key}=${step.equals}]`;
      return { missing: name.includes('{worker}') ? 'worker' : 'path', at: name };
    }
    value = next;
  }
  return { value };
}

function advance(value: unknown, step: Step, fill: (text: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  switch (step.kind) {
    case 'index':
      return Array.isArray(value) ? value[step.index] : undefined;
    case 'key':
      return own(value, fill(step.key));
    case 'pick': {
      const wanted = fill(step.equals);
      return Array.isArray(value) ? value.find((entry) => textOf(own(entry, step.key)) === wanted) : undefined;
    }
  }
}

/** What the page itself says, never what every object inherits. */
const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
