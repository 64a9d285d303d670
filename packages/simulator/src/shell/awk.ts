import type { Program } from './calls.ts';
import { inputs, linesOf, optionsOf, pattern } from './options.ts';

/** awk with patterns and `print` of fields, texts and sums of them; all else is refused. */
export const awk: Program = (call) => {
  const options = optionsOf(call, 'F:v:');
  if (options === null) return 1;
  const [program = '', ...files] = options.rest;
  const rules = [
    ...program.matchAll(
      /\s*(!?\/(?:\\.|[^/])*\/|NR\s*[=!<>]=?\s*\d+|\$(?:\d+|NF)\s*(?:==|!=|>=|<=|>|<|~)\s*(?:"[^"]*"|[\d.]+|\/(?:\\.|[^/])*\/)|END)?\s*\{\s*print\s*((?:"(?:\\.|[^"\\])*"|[^}"])*)\}\s*;?/g,
    ),
  ];
  if (rules.length === 0 || rules.map(([all]) => all).join('') !== program.replace(/^/, '')) {
    call.err.write(`awk: cmd. line:1: Unexpected token\n`);
    return 1;
  }
  const by = options.values.get('F')?.[0];
  const given = new Map(
    (options.values.get('v') ?? []).map((one) => [one.split('=', 1)[0] ?? '', one.slice(one.indexOf('=') + 1)]),
  );
  const { texts, failed } = inputs(call, files);
  const lines = texts.flatMap(({ text }) => linesOf(text));
  let last: string[] = [''];
  const print = (what: string, fields: string[], n: number) => {
    const value = (term: string): string => {
      const field = /^\$(\d+|NF)$/.exec(term)?.[1];
      if (field !== undefined)
        return field === 'NF' ? (fields.length > 1 ? (fields.at(-1) ?? '') : '') : (fields[Number(field)] ?? '');
      if (term.startsWith('"'))
        return term.slice(1, -1).replace(/\\t/g, '\t').replace(/\\n/g, '\n').replace(/\\(.)/g, '$1');
      return term === 'NR'
        ? String(n)
        : term === 'NF'
          ? String(fields.length - 1)
          : (given.get(term) ?? (/^[\d.]+$/.test(term) ? term : ''));
    };
    const items = (what.match(/"(?:\\.|[^"\\])*"|[^,"]+|,/g) ?? []).join('').split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
    const shown = items.map((item) => {
      const terms = item.match(/"(?:\\.|[^"\\])*"|\$\w+|[A-Za-z_]\w*|[\d.]+|[-+*/]/g) ?? [];
      if (terms.length === 3 && /^[-+*/]$/.test(terms[1] ?? '')) {
        const [a, b] = [Number.parseFloat(value(terms[0] ?? '')) || 0, Number.parseFloat(value(terms[2] ?? '')) || 0];
        const result = terms[1] === '+' ? a + b : terms[1] === '-' ? a - b : terms[1] === '*' ? a * b : a / b;
        return String(Number(result.toPrecision(6)));
      }
      return terms.map(value).join('');
    });
    call.out.write(`${what.trim() === '' ? (fields[0] ?? '') : shown.join(' ')}\n`);
  };
  for (const [i, line] of lines.entries()) {
    const fields = [
      line,
      ...(by === undefined || by === ' '
        ? line.trim().split(/\s+/)
        : line.split(by.length === 1 ? by : pattern(by, { extended: true }))),
    ];
    last = fields;
    for (const [, condition = '', what = ''] of rules)
      if (condition !== 'END' && holds(condition, fields, i + 1)) print(what, fields, i + 1);
  }
  for (const [, condition, what = ''] of rules) if (condition === 'END') print(what, last, lines.length);
  return Number(failed);
};

function holds(condition: string, fields: readonly string[], n: number): boolean {
  if (condition === '') return true;
  const like = (text: string) => pattern(text, { extended: true });
  if (condition.startsWith('/')) return like(condition.slice(1, -1)).test(fields[0] ?? '');
  if (condition.startsWith('!')) return !like(condition.slice(2, -1)).test(fields[0] ?? '');
  const [, left = '', op = '', right = ''] = /^(NR|\$(?:\d+|NF))\s*([=!<>~]=?)\s*([\s\S]*)$/.exec(condition) ?? [];
  const value =
    left === 'NR' ? String(n) : left === '$NF' ? (fields.at(-1) ?? '') : (fields[Number(left.slice(1))] ?? '');
  if (op === '~') return like(right.slice(1, -1)).test(value);
  // What is no number is compared as text.
  const isText = right.startsWith('"') || !/^\s*[-+]?[\d.]/.test(value);
  const [a, b] = isText ? [value, right.replace(/^"|"$/g, '')] : [Number.parseFloat(value), Number(right)];
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    default:
      return a >= b;
  }
}
