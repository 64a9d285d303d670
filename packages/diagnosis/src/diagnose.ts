import { type Examination, SHARE_AGE, seenValue } from '@headframe/model';
import { unseenLines } from './evidence-lines.ts';
import { plainText, saidByDevice } from './plain-text.ts';
import { remarksOn } from './remarks.ts';
import {
  type Diagnosis,
  type Rule,
  type RuledOut,
  type Step,
  VERDICTS,
  type Verdict,
  type VerdictCode,
  type Weighed,
} from './rule.ts';
import { unknownDevice } from './rules/device-unknown.ts';
import { RULES } from './rules/index.ts';
import { shareFreshness, shareWords } from './signs.ts';

/** Less is no cause worth a technician's time: it is told among what was ruled out. */
const WORTH_TELLING = 0.15;
/** So sure a special cause has to be before a general one is a part of it. */
const SPECIAL_FROM = 0.5;

/**
 * General causes, each with the special ones that explain the same evidence: the general one is then no second cause.
 * `telemetry.only` and `device.unknown` are a part of everything else.
 */
const PART_OF: Partial<Record<VerdictCode, readonly VerdictCode[]>> = {
  'api.blocked': ['resource.leak-periodic', 'resource.exhausted'],
  'resource.exhausted': ['resource.leak-periodic'],
  'axeos.timed-out': ['own-host.firewall', 'resource.leak-periodic', 'own-network.down', 'address.moved'],
  'network.filtered': ['own-network.down', 'address.moved'],
  'api.not-listening': ['address.taken', 'address.moved', 'own-host.firewall'],
  'axeos.refused': ['address.taken', 'address.moved', 'own-host.firewall'],
  'machine.dead': ['board.boot-storage', 'board.to-repair', 'own-network.down', 'address.moved', 'address.taken'],
  'reply.partial': ['resource.exhausted', 'address.taken'],
  'api.address-not-allowed': ['address.taken'],
};

/** What goes first though another is as sure: it tells why the other one holds. */
const BEFORE: Partial<Record<VerdictCode, readonly VerdictCode[]>> = {
  'firmware.update-broke-api': [
    'api.not-listening',
    'api.address-not-allowed',
    'api.factory-list',
    'api.blocked',
    'http.locked',
    'axeos.refused',
    'axeos.timed-out',
  ],
  'resource.exhausted': ['api.address-not-allowed', 'api.not-listening', 'axeos.refused'],
  'resource.leak-periodic': ['api.address-not-allowed', 'api.not-listening', 'axeos.refused'],
  'address.taken': ['address.moved', 'device.unknown'],
  'board.to-repair': ['board.boot-storage'],
};

interface Found extends Weighed {
  readonly rule: Rule;
}

const isWeighed = (result: Weighed | RuledOut): result is Weighed => !('ruledOut' in result);

/** The special cause of which a general one is a part; null: it stands by itself. */
function specialFor(found: readonly Found[], { rule, confidence }: Found): VerdictCode | null {
  const explains = (other: Found): boolean => {
    if (rule.code === 'telemetry.only') return true;
    if (rule.code === 'device.unknown') return other.rule.code !== 'telemetry.only';
    return PART_OF[rule.code]?.includes(other.rule.code) === true && other.confidence >= confidence - 0.3;
  };
  const special = found.find((other) => other.rule !== rule && other.confidence >= SPECIAL_FROM && explains(other));
  return special?.rule.code ?? null;
}

/** Most probable first; where one tells why another holds, it goes before that one. */
function inOrder(found: readonly Found[]): Found[] {
  const goesBefore = (a: Found, b: Found) =>
    BEFORE[a.rule.code]?.includes(b.rule.code) === true && a.confidence >= SPECIAL_FROM;
  const weight = (one: Found) =>
    Math.max(
      one.confidence,
      ...found.filter((other) => goesBefore(one, other)).map((other) => other.confidence + 0.001),
    );
  return found.toSorted((a, b) => weight(b) - weight(a));
}

const STANDS_STILL: readonly VerdictCode[] = ['machine.dead', 'board.boot-storage', 'board.to-repair'];

function urgencyOf(seen: Examination, first: Verdict): Diagnosis['urgency'] {
  if (first.code === 'healthy') return 'healthy';
  const share = shareFreshness(seen);
  if (share === 'fresh') return 'hashing-but-deaf';
  if (share === 'gone') return 'dead';
  const age = seenValue(seen.pool)?.lastShareAgeS ?? null;
  if (age !== null && age <= SHARE_AGE.doubtfulS) return 'hashing-but-deaf';
  if (STANDS_STILL.includes(first.code) && first.confidence >= SPECIAL_FROM) return 'dead';
  if (seenValue(seen.shell)?.minerRuns === false) return 'dead';
  return seenValue(seen.state) === 'mining' ? 'hashing-but-deaf' : 'unknown';
}

function firstSentence(seen: Examination, urgency: Diagnosis['urgency'], { sentence, confidence }: Verdict): string {
  const sure = confidence >= 0.8 ? '' : confidence >= 0.5 ? 'Probably: ' : 'Perhaps: ';
  const pool = seenValue(seen.pool)?.lastShareAgeS ?? null;
  const words = shareWords(seen);
  const basis = pool === null || sentence.includes(words) ? '' : ` (${words})`;
  if (urgency === 'healthy') return `${sentence}.`;
  // Nothing of it answers, and the one who would know was not asked.
  const seems = pool === null && confidence < 0.8;
  const head = {
    dead: `It ${seems ? 'seems not to' : 'does not'} hash${basis}, which costs money`,
    'hashing-but-deaf': `It hashes${basis} and is deaf, which costs nothing yet`,
    unknown: 'Whether it hashes is not known',
  }[urgency];
  return `${head}. ${sure}${sentence}.`;
}

const cleanStep = ({ text, command, costs, ...rest }: Step): Step => ({
  ...rest,
  text: plainText(text, 2000),
  command: command === null ? null : plainText(command),
  costs: costs === null ? null : plainText(costs),
});

const cleanAll = (lines: readonly string[]): string[] =>
  lines.map((line) => plainText(line)).filter((line) => line !== '');

function verdictOf(seen: Examination, { rule, confidence, sentence, because, doubts, wouldChange }: Found): Verdict {
  return {
    code: rule.code,
    row: VERDICTS[rule.code],
    confidence: Math.min(1, Math.max(0, confidence)),
    sentence: plainText(sentence),
    because: cleanAll([...new Set(because)]),
    doubts: cleanAll([...new Set(doubts)]),
    wouldChange: plainText(wouldChange),
    remedy: rule.remedy(seen).map(cleanStep),
  };
}

/** Looks that only one family has, by the name that they are printed under: of others they are not missing. */
const OF_FAMILY: Readonly<Record<string, readonly string[]>> = {
  AxeOS: ['axeos', 'nerdqaxe'],
  WhatsMiner: ['whatsminer'],
  'LuxOS session': ['luxos'],
  'doors of BraiinsOS': ['braiins'],
  ethminer: ['ethminer'],
};

function hasToDoWith({ subject }: Examination, line: string): boolean {
  const families = OF_FAMILY[line.slice(0, line.indexOf(':'))];
  return families === undefined || (subject.family !== null && families.includes(subject.family));
}

/**
 * Names the cause. Pure: the same examination gives the same diagnosis. Weighs every rule; what holds is ordered by how sure
 * it is, what does not is ruled out with its reason. A machine whose API answers in full gets no other verdict.
 */
export function diagnose(seen: Examination): Diagnosis {
  const ruledOut: { code: VerdictCode; why: string }[] = [];
  const held: Found[] = [];
  for (const rule of RULES) {
    const result = rule.weigh(seen);
    if (result === null) continue;
    if (isWeighed(result)) held.push({ ...result, rule });
    else ruledOut.push({ code: rule.code, why: plainText(result.ruledOut) });
  }

  const well = held.find(({ rule }) => rule.code === 'healthy');
  // A monitor that is at fault is a verdict about us: the machine is well, and that is what it says.
  const monitor = well === undefined ? undefined : held.find(({ rule }) => rule.code === 'monitor.at-fault');
  const only = monitor ?? well;
  let causes: Found[];
  if (only !== undefined) {
    causes = [only];
    for (const { rule } of held) {
      if (rule !== only.rule) ruledOut.push({ code: rule.code, why: 'the API answers in full' });
    }
  } else {
    causes = [];
    for (const one of held) {
      const special = specialFor(held, one);
      if (special !== null) ruledOut.push({ code: one.rule.code, why: `it is a part of ${special}, which says more` });
      else if (one.confidence < WORTH_TELLING) ruledOut.push({ code: one.rule.code, why: 'too little speaks for it' });
      else causes.push(one);
    }
  }
  if (causes.length === 0) {
    const rule = RULES.find(({ code }) => code === 'device.unknown');
    if (rule !== undefined) causes = [{ ...unknownDevice(seen), rule }];
  }

  const verdicts = inOrder(causes).map((found) => verdictOf(seen, found));
  const [first] = verdicts;
  const urgency = first === undefined ? 'unknown' : urgencyOf(seen, first);
  return {
    address: saidByDevice(seen.subject.address),
    urgency,
    sentence: first === undefined ? '' : plainText(firstSentence(seen, urgency, first), 900),
    verdicts,
    ruledOut: ruledOut.filter(({ code }) => !causes.some(({ rule }) => rule.code === code)),
    remarks: cleanAll(remarksOn(seen)),
    notSeen: cleanAll(unseenLines(seen).filter((line) => hasToDoWith(seen, line))),
    examination: seen,
  };
}
