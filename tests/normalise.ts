import { readFileSync } from 'node:fs';

/**
 * Masks what differs from run to run in replies of the recorded programs, as `transcripts/normalise.json` says under
 * `how`, and nothing else. Replies are byte strings (Latin-1).
 */
export type Mask = (reply: string) => string;

interface MaskRules {
  readonly style?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly raceFields?: Readonly<Record<string, unknown>>;
  readonly patterns: readonly { readonly regex: string; readonly replace: string }[];
}

/** The mask of one recorded program (`cgminer-4.11.1`) from the file with the rules. */
export function maskOf(normaliseFile: string, program: string): Mask {
  const rules = (JSON.parse(readFileSync(normaliseFile, 'utf8')) as Record<string, MaskRules | undefined>)[program];
  if (rules === undefined) throw new Error(`${normaliseFile} has no rules for ${program}`);
  const steps: Mask[] = [];
  const names = [...Object.keys(rules.fields), ...Object.keys(rules.raceFields ?? {})];
  if (rules.style === 'cgminer' && names.length > 0) steps.push(fieldMask(names));
  for (const { regex, replace } of rules.patterns) {
    const pattern = new RegExp(regex, 'gs');
    const replacement = replace.replaceAll('$', '$$$$').replace(/\\(\d)/g, '$$$1');
    steps.push((reply) => reply.replace(pattern, replacement));
  }
  return (reply) => steps.reduce((masked, step) => step(masked), reply);
}

/** JSON replies have the value behind `"NAME":`, text replies behind `NAME=`, which follows a comma or a pipe. */
function fieldMask(names: readonly string[]): Mask {
  const any = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const json = new RegExp(`("(?:${any})":)(?:"(?:[^"\\\\]|\\\\.)*"|[^,\\]}]*)`, 'gs');
  const text = new RegExp(`([,|](?:${any})=)(?:[^,|\\\\]|\\\\.)*`, 'gs');
  // A join of pluses alone is JSON that begins with a comma.
  return (reply) => (/^[{,]/.test(reply) ? reply.replace(json, '$1#') : reply.replace(text, '$1#'));
}
