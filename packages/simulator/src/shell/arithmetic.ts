import { SyntaxTrouble } from './syntax-tree.ts';

const LEVELS = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']];

/**
 * The value of what stands in `$(( ))`: whole numbers.
 * @throws SyntaxTrouble
 */
export function arithmetic(text: string, valueIn: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|\|\||&&|[=!<>]=|[-+*/%<>()!]/g) ?? [];
  let at = 0;
  const unary = (depth: number): number => {
    const token = tokens[at++];
    if (token === undefined || depth > 50) throw new SyntaxTrouble('arithmetic syntax error');
    if (token === '-') return -unary(depth + 1);
    if (token === '+') return unary(depth + 1);
    if (token === '!') return Number(unary(depth + 1) === 0);
    if (token !== '(') return Math.trunc(Number(/^\d/.test(token) ? token : valueIn(token)) || 0);
    const inner = level(0, depth + 1);
    if (tokens[at++] !== ')') throw new SyntaxTrouble('arithmetic syntax error');
    return inner;
  };
  const level = (n: number, depth: number): number => {
    if (n === LEVELS.length) return unary(depth);
    let left = level(n + 1, depth);
    while (LEVELS[n]?.includes(tokens[at] ?? '')) left = apply(tokens[at++] ?? '', left, level(n + 1, depth));
    return left;
  };
  return tokens.length === 0 ? 0 : level(0, 0);
}

function apply(op: string, a: number, b: number): number {
  if ((op === '/' || op === '%') && b === 0) throw new SyntaxTrouble('divide by zero');
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return Math.trunc(a / b);
    case '%':
      return a % b;
    case '||':
      return Number(a !== 0 || b !== 0);
    case '&&':
      return Number(a !== 0 && b !== 0);
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    default:
      return Number(a >= b);
  }
}
