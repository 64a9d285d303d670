import { STATUS_CODES } from '../cgminer/index.ts';
import type { ApiCode, ApiProgram } from './program.ts';

/** The values of these are escaped before they go into a message that is escaped again (`protocols.md` 1.3). */
const ESCAPED_TWICE: ReadonlySet<number> = new Set([43, 44, 53, 68]);

/** Only this one ends without `Description` (`protocols.md` 1.3). */
const BARE: ReadonlySet<number> = new Set([14]);

const CGMINER: ReadonlyMap<number, ApiCode> = new Map(
  Object.entries(STATUS_CODES).map(([key, { severity, message }]): [number, ApiCode] => {
    const code = Number(key);
    return [code, { severity, message, escapedTwice: ESCAPED_TWICE.has(code), bare: BARE.has(code) }];
  }),
);

/** The codes of a program: cgminer's, with its own beside or instead of them. */
export function codesOf(program: ApiProgram): (code: number) => ApiCode | null {
  const own = program.codes ?? {};
  return (code) => (Object.hasOwn(own, code) ? (own[code] ?? null) : (CGMINER.get(code) ?? null));
}
