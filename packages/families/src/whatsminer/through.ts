import {
  type Clock,
  type Credentials,
  HeadframeError,
  type Links,
  MASK,
  type Prepared,
  type Step,
  type TcpLink,
} from '@headframe/model';
import { acceptedOr, type SealedCommand, saySealed } from './sealed.ts';
import { ACCOUNTS, type SignedCommand, type Signing, saySigned, signingOf } from './signed.ts';
import { Token } from './token.ts';

/*
 * One machine, two doors: port 4028 takes sealed commands of the account admin, port 4433 signed ones of super and the
 * users. The account that is known decides which door a change goes through.
 */

/** Names of fields whose values are never shown. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['passwd', 'passwd1', 'passwd2', 'passwd3', 'old', 'new']);

interface Command {
  /** A machine that obeys may not answer any more. */
  readonly silenceIsFine?: true;
}

/** The way over port 4028. */
export interface SealedWay {
  readonly commands: readonly (SealedCommand & Command)[];
  readonly readBack: (token: Token) => Prepared['readBack'];
  readonly notes?: readonly string[];
}

/** The way over port 4433. */
export interface SignedWay {
  readonly commands: readonly (SignedCommand & Command)[];
  readonly readBack: Prepared['readBack'];
  readonly notes?: readonly string[];
}

/** How a change is made at each door; a door that cannot do it is left out. Made only for the door that is taken. */
export interface Ways {
  readonly v2?: (door: SealedDoor) => SealedWay | Promise<SealedWay>;
  readonly v3?: (door: SignedDoor) => SignedWay | Promise<SignedWay>;
}

export interface SealedDoor {
  readonly name: 'v2';
  readonly link: TcpLink;
  readonly credentials: Credentials;
  readonly token: Token;
}

export interface SignedDoor {
  readonly name: 'v3';
  readonly link: TcpLink;
  readonly credentials: Credentials;
}

/**
 * The door for a change.
 * @throws HeadframeError `auth/required` without a login, or without one for the only door that can;
 * `support/unsupported` where the door of this login cannot
 */
export function doorFor(links: Links, can: { readonly v2: boolean; readonly v3: boolean }, request: string) {
  const { credentials, cgminer, whatsminer } = links;
  if (credentials == null) throw new HeadframeError('auth/required', { request, next: WHICH_LOGIN });
  const isV3 = ACCOUNTS.includes(credentials.username);
  if (isV3 && whatsminer !== undefined && can.v3) return { name: 'v3', link: whatsminer, credentials } as const;
  if (!isV3 && cgminer !== undefined && can.v2) {
    return { name: 'v2', link: cgminer, credentials, token: new Token(credentials.password) } as const;
  }
  const has = isV3 ? can.v3 : can.v2;
  if (has) throw new HeadframeError('auth/required', { request, next: WHICH_LOGIN });
  const detail = isV3
    ? 'its API on port 4433 has no such command; the one on port 4028 has, and wants the password of admin'
    : 'its API on port 4028 has no such command; the one on port 4433 has, and wants super or a user';
  throw new HeadframeError('support/unsupported', { request, detail });
}

const WHICH_LOGIN =
  'Port 4028 takes the password of admin, port 4433 that of super, user1, user2 or user3: the user name says which is meant.';

/** A change through the door that the login fits. */
export async function through(links: Links, request: string, ways: Ways): Promise<Prepared> {
  const door = doorFor(links, { v2: ways.v2 !== undefined, v3: ways.v3 !== undefined }, request);
  if (door.name === 'v2' && ways.v2 !== undefined) {
    const { commands, readBack, notes } = await ways.v2(door);
    return {
      session: door.token.session(door.link),
      steps: commands.map((command) => sealedStep(door, command)),
      readBack: readBack(door.token),
      ...notesOf(notes),
    };
  }
  if (door.name === 'v3' && ways.v3 !== undefined) {
    const { commands, readBack, notes } = await ways.v3(door);
    return { steps: commands.map((command) => signedStep(door, command, links)), readBack, ...notesOf(notes) };
  }
  throw new HeadframeError('internal', { request, detail: 'a door without a way' });
}

const notesOf = (notes: readonly string[] = []) => (notes.length === 0 ? {} : { notes });

function sealedStep({ token }: SealedDoor, { silenceIsFine, ...command }: SealedCommand & Command): Step {
  return {
    request: () => ({
      over: 'cgminer',
      shown: shownSealed(command),
      converse: async (link) => acceptedOr(await saySealed(link, token, command), command.cmd),
    }),
    verdict: conversing,
    ...(silenceIsFine === undefined ? {} : { silenceIsFine }),
  };
}

function signedStep(door: SignedDoor, { silenceIsFine, ...command }: SignedCommand & Command, { clock }: Links): Step {
  return signedFirst(door, clock, (signing) => ({
    request: () => ({
      over: 'whatsminer',
      shown: shownSigned(command, door.credentials),
      converse: async (link) => {
        const { talk, verdict } = await saySigned(link, clock, door.credentials, await signing(link), command);
        talk.end();
        return verdict;
      },
    }),
    verdict: conversing,
    ...(silenceIsFine === undefined ? {} : { silenceIsFine }),
  }));
}

/**
 * A step whose salt is asked for just before it is sent: where that fails, nothing has left that changes the machine.
 * @param stepWith the step, given what it is signed with
 */
export function signedFirst(
  { link }: SignedDoor,
  clock: Clock,
  stepWith: (signing: (link: TcpLink) => Promise<Signing>) => Step,
): Step {
  return {
    ...stepWith((at) => signingOf(at, clock)),
    renew: async (links) => {
      const signing = await signingOf(links.whatsminer ?? link, clock);
      return stepWith(async () => signing);
    },
  };
}

/** The verdict of a step that converses comes from the conversation. */
export function conversing(): never {
  throw new HeadframeError('internal', { detail: 'a conversation has its own verdict' });
}

/** What leaves sealed, as it is shown: without the token, secrets masked. */
export const shownSealed = ({ cmd, fields }: SealedCommand): string =>
  `sealed ${JSON.stringify(masked({ cmd, ...fields, token: '<token>' }))}`;

export const shownSigned = ({ cmd, param }: SignedCommand, { username }: Credentials): string =>
  `signed ${JSON.stringify(masked({ cmd, account: username, ...(param === undefined ? {} : { param }) }))}`;

function masked(value: unknown, name = ''): unknown {
  if (SECRET_FIELDS.has(name)) return MASK;
  if (Array.isArray(value)) return value.map((item) => masked(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, key)]));
}
