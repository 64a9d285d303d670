import {
  applyFix,
  type ExamineOptions,
  examine,
  FIXES,
  type FixOutcome,
  type FixTarget,
  fixTargetOf,
  formatAddress,
  parseAddress,
} from '@headframe/client';
import { type Diagnosis, diagnose } from '@headframe/diagnosis';
import { type Credentials, type FixName, HeadframeError } from '@headframe/model';
import { knownHostKey } from './doctor-options.ts';
import { diagnosisText } from './output/diagnosis-text.ts';
import { oneLine, wrap } from './output/plain-text.ts';
import { Progress } from './output/progress.ts';
import { ask, askSecret, isAsking } from './prompt.ts';

/** What was done about a machine, and what came of it. */
export interface DoneFix {
  readonly fix: string;
  readonly outcome: string;
}

/** A machine behind all that was offered for it. */
export interface Treated {
  readonly diagnosis: Diagnosis;
  readonly done: readonly DoneFix[];
  /** Passwords that were typed meanwhile: they belong into no report. */
  readonly secrets: readonly string[];
}

/** What the treatment does to the world; doubles in tests. */
export interface Bedside {
  readonly ask: (question: string) => Promise<string>;
  readonly askSecret: (question: string) => Promise<string>;
  readonly apply: typeof applyFix;
  readonly examine: typeof examine;
  /** For a person, on stderr. */
  readonly say: (text: string) => void;
  /** What was found anew. */
  readonly show: (diagnosis: Diagnosis) => void;
}

const BEDSIDE: Bedside = {
  ask,
  askSecret,
  apply: applyFix,
  examine,
  say: (text) => void process.stderr.write(`\n${wrap(oneLine(text), '')}`),
  show: (diagnosis) => void process.stdout.write(`\n${diagnosisText(diagnosis, 'brief')}`),
};

/** @throws HeadframeError `usage/invalid` where nobody can be asked */
export function somebodyToAsk(): void {
  if (isAsking()) return;
  const detail = '--fix asks before each step, and nobody sits at this terminal; nothing was done';
  throw new HeadframeError('usage/invalid', { detail, next: 'What it would offer is told without --fix as well.' });
}

/**
 * Goes through what can be done by software, most probable cause first: says what it interrupts, asks each time, does it,
 * and examines the machine again where that may have changed something. Ends with a machine when it is healthy; Ctrl-C is
 * a no to what is asked and to all that would follow.
 */
export async function offerFixes(
  diagnoses: readonly Diagnosis[],
  optionsOf: (address: string) => ExamineOptions,
  signal: AbortSignal,
  bedside: Bedside = BEDSIDE,
): Promise<Treated[]> {
  const treated: Treated[] = [];
  const ill = diagnoses.filter(({ urgency }) => urgency !== 'healthy');
  let isOver = false;
  for (const diagnosis of diagnoses) {
    const treatment = new Treatment(diagnosis, { ...optionsOf(diagnosis.address), signal }, bedside);
    if (!isOver && ill.includes(diagnosis)) {
      const place = `Machine ${ill.indexOf(diagnosis) + 1} of ${ill.length}`;
      if (ill.length > 1) bedside.say(`${place}, ${diagnosis.address}: ${diagnosis.sentence}`);
      isOver = await treatment.run();
      if (isOver) bedside.say('Stopped; nothing further is offered.');
    }
    treated.push(treatment);
  }
  return treated;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

class Treatment implements Treated {
  diagnosis: Diagnosis;
  readonly done: DoneFix[] = [];
  readonly secrets: string[] = [];
  #options: ExamineOptions;
  readonly #bedside: Bedside;
  /** Nobody answers any more, or Ctrl-C ended what was being done. */
  #isOver = false;

  constructor(diagnosis: Diagnosis, options: ExamineOptions, bedside: Bedside) {
    this.diagnosis = diagnosis;
    this.#options = options;
    this.#bedside = bedside;
  }

  /** @returns whether it was ended by the person */
  async run(): Promise<boolean> {
    const offered = new Set<FixName>();
    let asked = 0;
    for (let fix = this.#next(offered); fix !== null && !this.#isOver; fix = this.#next(offered)) {
      offered.add(fix);
      const target = this.#target(fix);
      const lacks = lackOf(fix, target, this.diagnosis);
      if (lacks !== null) {
        this.#bedside.say(`${fix} is left out: ${lacks}.`);
        continue;
      }
      asked++;
      const outcome = (await this.#agrees(fix, target)) ? await this.#apply(fix, target) : null;
      if (outcome === null) continue;
      this.done.push({ fix, outcome: outcome.said });
      this.#bedside.say(`${RESULT[outcome.result]}: ${outcome.said}`);
      if (this.#options.signal?.aborted === true) return true;
      if (mayHaveChanged(outcome, parseAddress(this.diagnosis.address).host)) await this.#lookAgain(outcome, target);
      if (this.diagnosis.urgency === 'healthy') return this.#isOver;
    }
    if (asked === 0) this.#bedside.say(`Nothing more can be done for ${this.diagnosis.address} from here.`);
    return this.#isOver;
  }

  /** The first step of the causes that a program can do and that was not offered yet. */
  #next(offered: ReadonlySet<FixName>): FixName | null {
    const fixes = this.diagnosis.verdicts.flatMap(({ remedy }) => remedy.flatMap(({ fix }) => fix ?? []));
    return fixes.find((fix) => !offered.has(fix)) ?? null;
  }

  #target(fix: FixName): Writable<FixTarget> {
    const target = fixTargetOf(fix, this.diagnosis.examination, this.#options);
    return fix === 'save-configuration' ? { ...target, saveTo: usualFile(target.host) } : target;
  }

  /** Asks, and behind a yes for what the fix cannot do without. */
  async #agrees(fix: FixName, target: Writable<FixTarget>): Promise<boolean> {
    const { does, check, needs } = FIXES[fix];
    this.#bedside.say(`${fix}: ${does(target)} It worked when ${check.how}.`);
    if (!/^y(es)?$/i.test((await this.#ask('Do this? [y/N] ')) ?? '')) return false;
    if (needs.includes('ssh') && target.ssh === undefined) {
      const credentials = await this.#login('over SSH');
      if (credentials === null) return false;
      const ssh = { credentials, ...knownHostKey(null) };
      this.#options = { ...this.#options, ssh };
      target.ssh = ssh;
    }
    if (target.saveTo !== undefined) {
      const given = await this.#ask(`File for it [${target.saveTo}]: `);
      if (given === null) return false;
      if (given !== '') target.saveTo = given;
    }
    return true;
  }

  /** Does it; where the machine turns out to want more, asks for that and does it once more. */
  async #apply(fix: FixName, target: Writable<FixTarget>): Promise<FixOutcome> {
    const apply = () => this.#applyOnce(fix, target);
    let outcome = await apply();
    if (fix === 'pin-address' && outcome.error?.code === 'usage/invalid' && /netmask/.test(outcome.said)) {
      const network = await this.#network();
      if (network === null) return outcome;
      target.network = network;
      outcome = await apply();
    }
    if (fix !== 'supply-credentials' && outcome.error?.code === 'auth/required' && !hasLogin(target)) {
      this.#bedside.say(outcome.said);
      const credentials = await this.#login(`of ${target.host}`);
      if (credentials === null) return outcome;
      target.credentials = credentials;
      outcome = await apply();
      if (outcome.error?.code.startsWith('auth/') !== true) this.#options = { ...this.#options, credentials };
    }
    return outcome;
  }

  async #applyOnce(fix: FixName, target: FixTarget): Promise<FixOutcome> {
    let given: Credentials | null = null;
    const { signal } = this.#options;
    const { reads, everyMs } = FIXES[fix].check;
    const minutes = Math.ceil((reads * everyMs) / 60_000);
    if (minutes > 0)
      this.#bedside.say(`Does it, and then looks for up to ${minutes} min whether it worked; Ctrl-C ends it.`);
    const outcome = await this.#bedside.apply(fix, target, {
      confirm: () => true,
      askCredentials: async () => {
        given = await this.#login(`of ${target.host}`);
        return given;
      },
      ...(signal === undefined ? {} : { signal }),
    });
    // One that it took, or that will show only when something is changed, is for all that follows.
    if (given !== null && outcome.result !== 'refused') this.#options = { ...this.#options, credentials: given };
    return outcome;
  }

  /** Null: none was given. */
  async #login(whose: string): Promise<Credentials | null> {
    const username = await this.#ask(`User name ${whose} [root]: `);
    if (username === null) return null;
    const password = await this.#answer(() => this.#bedside.askSecret('Password: '));
    if (password === null) return null;
    if (password !== '') this.secrets.push(password);
    return { username: username === '' ? 'root' : username, password };
  }

  async #network(): Promise<NonNullable<FixTarget['network']> | null> {
    this.#bedside.say(
      'It does not tell its network settings, and nothing was sent. Those of other machines there will do:',
    );
    const netmask = await this.#ask('Netmask [255.255.255.0]: ');
    const gateway = netmask === null ? null : await this.#ask('Gateway (empty: leave it as it is): ');
    const dns = gateway === null || gateway === '' ? null : await this.#ask('Name server (empty: the gateway): ');
    if (netmask === null || gateway === null || dns === null) return null;
    return { netmask: netmask === '' ? '255.255.255.0' : netmask, gateway, dns: dns === '' ? gateway : dns };
  }

  async #ask(question: string): Promise<string | null> {
    return (await this.#answer(() => this.#bedside.ask(question)))?.trim() ?? null;
  }

  /** Null, and the end of all questions, when Ctrl-C or the end of the input was the answer. */
  async #answer(question: () => Promise<string>): Promise<string | null> {
    if (this.#isOver) return null;
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof HeadframeError)) throw error;
      this.#isOver = true;
      return null;
    }
  }

  /** Where it is now, which keeps its port, its pool account and the MAC that it was found by. */
  async #lookAgain({ address }: FixOutcome, { mac }: FixTarget): Promise<void> {
    let now = this.diagnosis.address;
    if (address !== undefined) {
      now = formatAddress(address, parseAddress(now).port);
      if (mac !== undefined) this.#options = { ...this.#options, expectedMac: mac };
    }
    this.#bedside.say(`Looking at ${now} again.`);
    const progress = new Progress();
    try {
      const onStep = (what: string) => progress.draw(0, 1, what);
      const examination = await this.#bedside.examine(now, { ...this.#options, onStep });
      progress.clear();
      this.diagnosis = diagnose(examination);
      this.#bedside.show(this.diagnosis);
    } catch (error) {
      if (!(error instanceof HeadframeError) || error.code !== 'link/cancelled') throw error;
      this.#isOver = true;
    } finally {
      progress.clear();
    }
  }
}

const RESULT: Readonly<Record<FixOutcome['result'], string>> = {
  done: 'Done',
  'not-done': 'Not done',
  refused: 'Refused',
  unknown: 'Not known whether it was done',
};

/** A login is known for it, so that asking for one would not help. */
const hasLogin = ({ credentials, host, family }: FixTarget): boolean =>
  (typeof credentials === 'function' ? credentials(host, family ?? '') : (credentials ?? null)) !== null;

/** Why it cannot even be offered; null: it can. What a person can give is asked for when it comes to that. */
export function lackOf(fix: FixName, target: FixTarget, { examination: { subject } }: Diagnosis): string | null {
  const { needs } = FIXES[fix];
  if (needs.includes('family') && target.family === null) {
    return subject.by === 'remembered'
      ? 'nothing is changed on a machine that is only remembered, as its MAC does not show that it is the same'
      : 'nothing is changed on a machine that nobody knows';
  }
  if (needs.includes('mac') && target.mac === undefined) {
    return 'the MAC that the machine had is not known; --expect-mac gives it';
  }
  return null;
}

/** There is something new to see: on the machine, or in what is known of it. */
function mayHaveChanged({ fix, result, sent, address }: FixOutcome, host: string): boolean {
  if (FIXES[fix].changes)
    return result === 'done' || result === 'unknown' || (result === 'not-done' && sent.length > 0);
  if (fix === 'find-by-mac') return address !== undefined && address !== host;
  return result === 'done' && (fix === 'wait-and-retry' || fix === 'supply-credentials');
}

/** What it is depends on the machine: the archive of its page, a file of its own, or JSON of its API. */
function usualFile(host: string): string {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${host.replace(/[^\w.-]+/g, '-')}-${day.join('-')}.backup`;
}
