import type { Examination, FixName } from '@headframe/model';

/** Every cause that can be named; the number is its row in the decision table (`protocols.md` 12). */
export const VERDICTS = {
  healthy: null,
  'own-network.down': null,
  'device.unknown': null,
  'telemetry.only': 1,
  'monitor.at-fault': 2,
  'address.moved': 3,
  'address.taken': 4,
  'own-host.firewall': 5,
  'network.filtered': 6,
  'api.not-listening': 7,
  'api.address-not-allowed': 8,
  'api.factory-list': 9,
  'api.blocked': 10,
  'resource.leak-periodic': 11,
  'resource.exhausted': 12,
  'firmware.update-broke-api': 13,
  'reply.partial': 14,
  'http.locked': 15,
  'axeos.refused': 16,
  'axeos.timed-out': 17,
  'telemetry.frozen': 18,
  'machine.dead': 19,
  'board.boot-storage': 20,
  'board.to-repair': 21,
} as const satisfies Record<string, number | null>;

export type VerdictCode = keyof typeof VERDICTS;

/** How sure a rule is, and of what it stands on. */
export interface Weighed {
  /** 0 to 1, calibrated: of verdicts of 0.9 about nine in ten are right. */
  readonly confidence: number;
  /** One sentence for a person, beginning with what is wrong. */
  readonly sentence: string;
  /** The lines of evidence that speak for it, most telling first. */
  readonly because: readonly string[];
  /** What speaks against it, or could not be seen. */
  readonly doubts: readonly string[];
  /** The single further fact that would change the verdict, as a sentence. */
  readonly wouldChange: string;
}

/** Why a rule does not hold, as a sentence: `4028 answered, so something listens`. */
export interface RuledOut {
  readonly ruledOut: string;
}

export interface Step {
  /** Step of the troubleshooting document, 1 to 18; null where it has none. */
  readonly step: number | null;
  /** What to do, with its own figures, for this family. */
  readonly text: string;
  /** What to type or press, where it is one line. */
  readonly command: string | null;
  /** What this program can do for it; null: hands. */
  readonly fix: FixName | null;
  /** What it does to hashing, with how long: `hashing stops for about 4 min`; null: nothing. */
  readonly costs: string | null;
}

/** One cause: one file in `rules/`. */
export interface Rule {
  readonly code: VerdictCode;
  /** What it means, for the generated page. */
  readonly title: string;
  /** What evidence it needs, as the names of the examination's parts: where one was not seen, the rule says so. */
  readonly needs: readonly (keyof Examination)[];
  /** Pure. Null: nothing was seen that has to do with it. */
  readonly weigh: (seen: Examination) => Weighed | RuledOut | null;
  /** What to do, in this order; families differ. */
  readonly remedy: (seen: Examination) => readonly Step[];
}

/** A cause with everything a technician asks of it. */
export interface Verdict extends Weighed {
  readonly code: VerdictCode;
  readonly row: number | null;
  readonly remedy: readonly Step[];
}

export interface Diagnosis {
  readonly address: string;
  /** Costs money: it does not hash. Costs nothing yet: it hashes and is deaf. */
  readonly urgency: 'dead' | 'hashing-but-deaf' | 'healthy' | 'unknown';
  /** The first sentence that is printed. */
  readonly sentence: string;
  /** Most probable first; several causes at once are all there. Never empty. */
  readonly verdicts: readonly Verdict[];
  readonly ruledOut: readonly { readonly code: VerdictCode; readonly why: string }[];
  /** What is odd and no fault, such as the factory list of a stock Antminer. */
  readonly remarks: readonly string[];
  /** What could not be looked at, and why. */
  readonly notSeen: readonly string[];
  readonly examination: Examination;
}
