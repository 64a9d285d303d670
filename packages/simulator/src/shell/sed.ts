import type { Program } from './calls.ts';
import { inputs, linesOf, optionsOf, pattern } from './options.ts';

interface SedStep {
  readonly from: string;
  readonly to: string;
  readonly not: boolean;
  readonly does: (line: string) => { line: string | null; also?: string; quits?: true };
}

const ADDRESS = String.raw`(?:\d+|\$|\/(?:\\.|[^\/\\])*\/)?`;

/** sed with `s`, `p`, `d`, `q`, `=`-less addresses and ranges. */
export const sed: Program = (call) => {
  const options = optionsOf(call, 'nrEie:');
  if (options === null) return 1;
  const files = [...options.rest];
  const script = (options.values.get('e') ?? [files.shift() ?? '']).join('\n');
  const extended = options.flags.has('r') || options.flags.has('E');
  const steps = sedSteps(script, extended);
  if (steps === null) {
    call.err.write(`sed: unsupported command ${script}\n`);
    return 1;
  }
  const { texts, failed } = inputs(call, files);
  for (const { name, text } of texts) {
    const out = sedOn(linesOf(text), steps, !options.flags.has('n'));
    if (options.flags.has('i') && name !== '') call.shell.files.write(call.shell.path(name), out);
    else call.out.write(out);
  }
  return Number(failed);
};

function sedSteps(script: string, extended: boolean): SedStep[] | null {
  const steps: SedStep[] = [];
  let rest = script.trim();
  const head = new RegExp(`^(${ADDRESS})(?:,(${ADDRESS}))?\\s*(!?)\\s*([spdq])`);
  while (rest !== '') {
    const [all = '', from = '', to = '', not = '', what = ''] = head.exec(rest) ?? [];
    if (all === '') return null;
    rest = rest.slice(all.length);
    let does: SedStep['does'];
    if (what === 's') {
      const by = rest[0] ?? '/';
      const part = `((?:\\\\[\\s\\S]|[^\\\\\\${by}])*)`;
      const found = new RegExp(`^\\${by}${part}\\${by}${part}\\${by}([gpi0-9]*)`).exec(rest);
      if (found === null) return null;
      const [taken, like = '', into = '', flags = ''] = found;
      rest = rest.slice(taken.length);
      let one: RegExp;
      try {
        one = pattern(by === '/' ? like : like.replaceAll(`\\${by}`, by), {
          extended,
          flags: `${flags.includes('g') ? 'g' : ''}${/i/i.test(flags) ? 'i' : ''}`,
        });
      } catch {
        return null;
      }
      does = (line) => {
        const changed = line.replace(one, (...found2: unknown[]) =>
          into.replace(/\\([\s\S])|&/g, (_, n?: string) =>
            n === undefined ? String(found2[0]) : /\d/.test(n) ? String(found2[Number(n)] ?? '') : n === 'n' ? '\n' : n,
          ),
        );
        return { line: changed, ...(flags.includes('p') && changed !== line ? { also: changed } : {}) };
      };
    } else if (what === 'p') does = (line) => ({ line, also: line });
    else if (what === 'd') does = () => ({ line: null });
    else does = (line) => ({ line, quits: true });
    steps.push({ from, to, not: not === '!', does });
    const end = /^\s*(?:[;\n]\s*|$)/.exec(rest);
    if (end === null) return null;
    rest = rest.slice(end[0].length);
  }
  return steps;
}

function sedOn(lines: readonly string[], steps: readonly SedStep[], prints: boolean): string {
  let out = '';
  const inRange = new Set<SedStep>();
  const at = (address: string, line: string, i: number) => {
    if (address === '$') return i === lines.length - 1;
    return address.startsWith('/') ? pattern(address.slice(1, -1)).test(line) : Number(address) === i + 1;
  };
  const strikes = (step: SedStep, line: string, i: number) => {
    if (step.from === '') return true;
    if (step.to === '') return at(step.from, line, i);
    if (inRange.has(step)) {
      if (at(step.to, line, i) || (/^\d/.test(step.to) && i + 1 > Number(step.to))) inRange.delete(step);
      return true;
    }
    if (!at(step.from, line, i)) return false;
    if (!(/^\d/.test(step.to) && Number(step.to) <= i + 1)) inRange.add(step);
    return true;
  };
  for (const [i, given] of lines.entries()) {
    let line: string | null = given;
    let quits = false;
    for (const step of steps) {
      if (line === null) break;
      if (strikes(step, line, i) === step.not) continue;
      const done = step.does(line);
      if (done.also !== undefined) out += `${done.also}\n`;
      line = done.line;
      quits ||= done.quits === true;
    }
    if (line !== null && prints) out += `${line}\n`;
    if (quits) break;
  }
  return out;
}
