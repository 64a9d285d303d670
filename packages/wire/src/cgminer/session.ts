import {
  asHeadframeError,
  type ErrorContext,
  HeadframeError,
  type Links,
  type Prepared,
  type Session,
  type Step,
  type StepVerdict,
} from '@headframe/model';
import { askDocument } from './ask-document.ts';
import { first } from './reply.ts';
import { encodeRequest } from './request.ts';
import { type CommandStep, commandStep, commandVerdict } from './write.ts';

/*
 * The one session of LuxOS, and of the firmware that took its layer over: `logon` opens it, its id is the first part of
 * the parameter of each command that changes something, `logoff` closes it, `kill` ends anybody's (protocols.md 8, 9).
 */

/** A refusal in the words of the device. */
export type Refusal = Pick<ErrorContext, 'vendorCode' | 'vendorText'>;

/** In what those firmwares differ. */
export interface SessionDialect {
  /** What a person calls it: `LuxOS session`. */
  readonly name: string;
  /** The no of `logon` that means that somebody else has the session. */
  readonly isBusy: (refusal: Refusal) => boolean;
  /** The session that a command was sent with is not the one that is open any more. */
  readonly isGone: (refusal: Refusal) => boolean;
  /** What a person can do about either, as sentences. */
  readonly whenBusy: string;
  readonly whenGone: string;
  /** A refusal that the firmware means differently than its code is understood elsewhere. */
  readonly otherwise?: (command: string, refusal: Refusal) => HeadframeError | null;
  /**
   * Whether the session that a crash of ours left is still the one that is open, to be gone on with. Where the device
   * does not tell, it may be ended here.
   */
  readonly isStillOurs: (links: Links, left: string) => Promise<boolean>;
}

/** What stands in the place of the id in everything that is shown. */
export const SESSION_SHOWN = '<session>';

type Part = string | number;

/** The session of a dialect, and the commands that need it. */
export interface SessionLayer {
  readonly session: Session;
  /** A command whose parameter begins with the id of the session. */
  readonly step: (command: string, parts?: readonly Part[], more?: MoreOfStep) => Step;
  /** A command that takes no session: an id before its parameter would shift every part of it. */
  readonly plainStep: (command: string, parts?: readonly Part[], more?: MoreOfStep) => Step;
  /** Commands within one session. */
  readonly inSession: (
    steps: readonly Step[],
    readBack: Prepared['readBack'],
    notes?: readonly string[],
  ) => Prepared & { readonly session: Session };
}

export interface MoreOfStep extends Pick<CommandStep, 'silenceIsFine' | 'replyMs'> {
  /** The parts as they are shown, where one is a secret. */
  readonly shownParts?: readonly Part[];
}

export function sessionLayer(dialect: SessionDialect): SessionLayer {
  const session = sessionOf(dialect);
  return {
    session,
    step: (command, parts = [], more = {}) => stepInSession(dialect, command, parts, more),
    plainStep: (command, parts = [], { shownParts = parts, ...more } = {}) => ({
      ...commandStep({ command, ...parametersOf(parts, shownParts), ...more }),
      verdict: (reply) => otherwise(dialect, command, commandVerdict(command, reply)),
    }),
    inSession: (steps, readBack, notes = []) => ({
      session,
      steps,
      readBack,
      ...(notes.length === 0 ? {} : { notes }),
    }),
  };
}

const parametersOf = (parts: readonly Part[], shownParts: readonly Part[]) =>
  parts.length === 0 ? {} : { parameter: parts.join(','), shown: shownParts.join(',') };

function stepInSession(
  dialect: SessionDialect,
  command: string,
  parts: readonly Part[],
  { shownParts = parts, ...more }: MoreOfStep,
): Step {
  let sentWith = '';
  return {
    ...commandStep({ command, ...more }),
    request: (key) => {
      sentWith = key;
      const parameters = parametersOf([key, ...parts], [SESSION_SHOWN, ...shownParts]);
      return commandStep({ command, ...parameters, ...more }).request(key);
    },
    verdict: (reply) => {
      const { vendorText, ...said } = commandVerdict(command, reply);
      const text = vendorText === undefined ? {} : { vendorText: without(vendorText, sentWith) };
      return ours(dialect, command, otherwise(dialect, command, { ...said, ...text }));
    },
  };
}

/** A firmware may repeat what it was sent. */
const without = (text: string, key: string): string => (key === '' ? text : text.replaceAll(key, SESSION_SHOWN));

/** @throws HeadframeError `auth/*`, `device/*`: a no that means more than a no to this one command */
function otherwise(dialect: SessionDialect, command: string, said: StepVerdict): StepVerdict {
  const error = said.accepted ? null : (dialect.otherwise?.(command, refusalOf(said)) ?? null);
  if (error !== null) throw error;
  return said;
}

/** @throws HeadframeError `auth/expired` */
function ours(dialect: SessionDialect, command: string, said: StepVerdict): StepVerdict {
  const refusal = refusalOf(said);
  if (said.accepted || !dialect.isGone(refusal)) return said;
  throw new HeadframeError('auth/expired', { request: command, ...refusal, next: dialect.whenGone });
}

const refusalOf = ({ vendorCode, vendorText }: Refusal): Refusal => ({
  ...(vendorCode === undefined ? {} : { vendorCode }),
  ...(vendorText === undefined ? {} : { vendorText }),
});

const shown = (command: string, parameter?: string): string =>
  new TextDecoder().decode(encodeRequest(command, parameter)).trimEnd();

const sessionOf = (dialect: SessionDialect): Session => ({
  name: dialect.name,
  shown: { open: [shown('logon')], close: [shown('logoff', SESSION_SHOWN)] },
  open: async (links, { takeOver, left }) => {
    const isOurs = left !== null && (await dialect.isStillOurs(links, left));
    const key = isOurs ? left : await logon(dialect, links, takeOver);
    return { key, close: (at) => logoff(dialect, at, key) };
  },
});

async function logon(dialect: SessionDialect, links: Links, takeOver: boolean): Promise<string> {
  try {
    return idOf(await tell(dialect, links, 'logon'));
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    if (!dialect.isBusy(error.context)) throw error;
    if (!takeOver) throw busy(dialect, error);
  }
  await tell(dialect, links, 'kill');
  try {
    return idOf(await tell(dialect, links, 'logon'));
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    throw dialect.isBusy(error.context) ? busy(dialect, error) : error;
  }
}

async function tell(dialect: SessionDialect, links: Links, command: string, parameter?: string): Promise<unknown> {
  try {
    return await askDocument(links, command, parameter);
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    const isRefusal = error.context.vendorCode !== undefined;
    throw (isRefusal ? dialect.otherwise?.(command, refusalOf(error.context)) : null) ?? error;
  }
}

/** An id becomes a part of a list parted by commas: nothing else may be one. */
function idOf(doc: unknown): string {
  const id = first(doc, 'SESSION').str('SessionID');
  if (id !== null && /^[\w-]{1,64}$/.test(id)) return id;
  throw new HeadframeError('protocol/wrong-shape', { request: 'logon', detail: 'the reply has no usable SessionID' });
}

const busy = ({ whenBusy }: SessionDialect, { context }: HeadframeError): HeadframeError =>
  new HeadframeError('device/busy', { ...context, request: 'logon', next: whenBusy });

async function logoff(dialect: SessionDialect, links: Links, key: string): Promise<void> {
  try {
    await tell(dialect, links, 'logoff', key);
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    // It is gone already: that is what was wanted.
    if (!dialect.isGone(error.context)) throw error;
  }
}
