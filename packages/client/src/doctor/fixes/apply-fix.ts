import { setTimeout } from 'node:timers/promises';
import { asHeadframeError, type Clock, type Credentials, type FixName, HeadframeError } from '@headframe/model';
import { systemClock } from '../../clock.ts';
import { Deadline, type StopReason, stoppedBefore } from '../../links/deadline.ts';
import type { OperatingSystem } from '../operating-system.ts';
import { realSystem } from '../real-system.ts';
import type { LoadSsh } from '../shell/open-shell.ts';
import type { Done, Fixing, FixKind, FixTarget, Need } from './fix.ts';
import { FIXES } from './index.ts';
import { readOnce } from './one-read.ts';

/** What a person is asked before anything is done. */
export interface Proposal {
  readonly fix: FixName;
  readonly host: string;
  /** What will be done, and what it interrupts and for how long. */
  readonly does: string;
  /** How it will be seen that it worked. */
  readonly check: string;
}

export interface FixOptions {
  /** Nothing is done unless it gives true. */
  readonly confirm: (proposal: Proposal) => boolean | Promise<boolean>;
  /** For `supply-credentials`; null: nothing was given. */
  readonly askCredentials?: () => Promise<Credentials | null>;
  /** The limit of it all, ms; 15 min if absent, as a machine that reboots takes some. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly wait?: (ms: number) => Promise<void>;
  readonly system?: OperatingSystem;
  readonly loadSsh?: LoadSsh;
}

export interface FixOutcome extends Done {
  readonly fix: FixName;
  readonly host: string;
  /** Whether the API was seen to answer behind it; null: it was not asked. */
  readonly answers: boolean | null;
}

const LIMIT_MS = 900_000;

/**
 * Proposes a fix, does it when it is confirmed, and looks whether it helped. On a machine of no known family nothing is
 * ever changed. What goes wrong is in the outcome; it rejects for nothing but a `confirm` that does.
 */
export async function applyFix(fix: FixName, target: FixTarget, options: FixOptions): Promise<FixOutcome> {
  const kind = FIXES[fix];
  const { host } = target;
  const ended = (done: Done, answers: boolean | null = null): FixOutcome => ({ fix, host, ...done, answers });
  const lacking = kind.needs.filter((need) => !isGiven(need, target, options)).map((need) => NEEDED[need]);
  if (lacking.length > 0) {
    return ended({ result: 'refused', said: `It needs ${lacking.join(' and ')}; nothing was done.`, sent: [] });
  }
  const agreed = await options.confirm({ fix, host, does: kind.does(target), check: kind.check.how });
  if (agreed !== true) return ended({ result: 'not-done', said: 'It was not confirmed; nothing was done.', sent: [] });
  const deadline = new Deadline(options.timeoutMs ?? LIMIT_MS, options.signal);
  try {
    const fixing = fixingOf(host, options, deadline);
    const began = fixing.clock.now();
    const done = await kind.run(target, fixing).catch((thrown: unknown) => failed(thrown, host));
    const mayHaveHappened = done.result === 'done' || done.result === 'unknown';
    if (kind.check.reads === 0 || !mayHaveHappened) return ended(done);
    return await checked(kind, target, fixing, began, done).then(
      ([result, answers]) => ended(result, answers),
      (thrown: unknown) => {
        const { said, error } = failed(thrown, host);
        return ended({
          ...done,
          result: 'unknown',
          said: `${done.said} ${said}`,
          ...(error === undefined ? {} : { error }),
        });
      },
    );
  } finally {
    deadline.end();
  }
}

const NEEDED: Readonly<Record<Need, string>> = {
  family: 'a machine whose family is known, as nothing is changed on others',
  ssh: 'a login over SSH',
  mac: 'the MAC address that the machine had',
  saveTo: 'the path of a file to write to',
  askCredentials: 'somebody who can be asked for the login',
};

function isGiven(need: Need, target: FixTarget, options: FixOptions): boolean {
  if (need === 'askCredentials') return options.askCredentials !== undefined;
  return (target[need] ?? null) !== null;
}

function fixingOf(host: string, options: FixOptions, deadline: Deadline): Fixing {
  const { askCredentials, loadSsh, wait = (ms: number) => setTimeout(ms, undefined, { ref: false }) } = options;
  return {
    clock: options.clock ?? systemClock,
    deadline,
    system: options.system ?? realSystem,
    wait: (ms) =>
      new Promise((resolve, reject) => {
        const stop = (reason: StopReason): void => reject(stoppedBefore(deadline, reason, host));
        if (deadline.stopped !== null) return stop(deadline.stopped);
        deadline.watch(stop);
        wait(ms).then(() => {
          deadline.unwatch(stop);
          resolve();
        }, reject);
      }),
    ...(askCredentials === undefined ? {} : { askCredentials }),
    ...(loadSsh === undefined ? {} : { loadSsh }),
  };
}

/** The machine, or we, said no; or it did not come to pass. */
function failed(thrown: unknown, host: string): Done {
  const error = asHeadframeError(thrown, { address: host });
  const isNo = /^(auth|support|usage)\//.test(error.code) || error.code === 'device/refused';
  return { result: isNo ? 'refused' : 'not-done', said: error.message, error: error.summary, sent: [] };
}

/** Reads until the API answers, and until it is one that has started anew where it should have. */
async function checked(
  { check }: FixKind,
  target: FixTarget,
  fixing: Fixing,
  began: number,
  done: Done,
): Promise<[Done, boolean]> {
  let last: HeadframeError | null = null;
  let uptimeS: number | null = null;
  for (let i = 0; i < check.reads; i++) {
    await fixing.wait(check.everyMs);
    const answer = await readOnce(target, fixing);
    if (answer instanceof HeadframeError) {
      last = answer;
      continue;
    }
    last = null;
    // Some restart their mining and not the program that counts; the family itself knows what to look at.
    uptimeS = done.isSeen === true ? null : (check.restarts?.(answer) ?? null);
    const sinceS = (fixing.clock.now() - began) / 1000;
    if (uptimeS !== null && uptimeS > sinceS + SLACK_S) continue;
    const result = check.provesNothing === true ? done.result : 'done';
    return [{ ...done, result, said: `${done.said} The API answers.` }, true];
  }
  const afterS = Math.round((fixing.clock.now() - began) / 1000);
  if (last !== null) {
    const said = `${done.said} The API still does not answer after ${afterS} s.`;
    return [{ ...done, result: 'not-done', said, error: last.summary }, false];
  }
  const said = `${done.said} The API answers, but by its uptime of ${uptimeS} s it has not started anew in ${afterS} s.`;
  return [{ ...done, result: 'not-done', said }, true];
}

/** Clocks of machines count in whole seconds, and not all evenly. */
const SLACK_S = 5;
