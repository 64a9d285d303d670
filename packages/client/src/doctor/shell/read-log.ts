import { MASK } from '@headframe/model';
import { LOG_PATTERN } from './firmware-facts.ts';
import { plainLine } from './plain-line.ts';

const MOST_LINES = 20;
const TELLING = new RegExp(LOG_PATTERN, 'i');
const SECRET = /\b(pass(?:word|wd|phrase)?|pwd|secret|token)(["']?\s*[:=]\s*|\s+)("[^"]*"|'[^']*'|\S+)/gi;

/** The lines that name a cause, the newest at the end, each once, at most 20, without what looks like a secret. */
export function logLinesOf(text: string): string[] {
  const lines = new Set<string>();
  for (const line of text.split('\n')) {
    // A machine that logs what is run on it has our own search in its log.
    if (!TELLING.test(line.slice(0, 4_096)) || line.includes(LOG_PATTERN)) continue;
    const plain = plainLine(line.replace(SECRET, (_, name: string, gap: string) => `${name}${gap}${MASK}`));
    // What stands in two logs is told once, and at its last place.
    lines.delete(plain);
    lines.add(plain);
  }
  return [...lines].slice(-MOST_LINES);
}
