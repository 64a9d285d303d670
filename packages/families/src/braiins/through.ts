import type { DescMethod } from '@bufbuild/protobuf';
import {
  type Action,
  type ActionNotes,
  action,
  asHeadframeError,
  HeadframeError,
  type Links,
  MASK,
  type Parameter,
  type Prepared,
  type Step,
  type StepVerdict,
} from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { callOf, fromDoc } from './contract/index.ts';
import { type Doc, METHODS, type Method, type MethodName, type RestForm, restPath } from './door-methods.ts';
import { chooseDoor, type DoorName } from './doors.ts';
import { callGrpc, callRest } from './session.ts';

/*
 * One method, through the door that is open: gRPC, or REST where port 50051 is closed or filtered (protocols.md 7.2,
 * 7.3). Whoever prepares an action chooses the door, and its steps and its read-back go through the same one.
 */

/** A machine through one of its doors. */
export interface Machine {
  readonly links: Links;
  readonly door: DoorName;
  /**
   * What a method of reading tells, in the form of its gRPC reply.
   * @throws HeadframeError as its door; `support/unsupported` where the door does not have it
   */
  readonly ask: (name: MethodName, message?: Doc) => Promise<Fields>;
  /** The same, as it is. */
  readonly raw: (name: MethodName, message?: Doc) => Promise<unknown>;
}

export const machineAt = (links: Links, door: DoorName): Machine => ({
  links,
  door,
  ask: async (name, message) => new Fields(await look(links, door, name, message)),
  raw: (name, message) => look(links, door, name, message),
});

async function look(links: Links, door: DoorName, name: MethodName, message: Doc = {}): Promise<unknown> {
  try {
    return await call(links, door, METHODS[name], message);
  } catch (thrown) {
    const { code, context } = asHeadframeError(thrown);
    if (name !== 'GetMinerConfiguration') throw thrown;
    // It holds the passwords of the pools: a reply that cannot be read may have them anywhere.
    const { firstBytes: _, vendorText: __, detail: ___, ...rest } = context;
    throw new HeadframeError(code, rest);
  }
}

/** @throws HeadframeError `auth/required` where no login is known: nothing was asked for */
export function enter(links: Links, door: DoorName): Machine {
  if (links.credentials != null) return machineAt(links, door);
  const request = door === 'grpc' ? 'a call of port 50051' : 'a request to its REST API';
  throw new HeadframeError('auth/required', { request });
}

/** @throws HeadframeError when neither door is open; as {@link enter} */
export const openMachine = async (links: Links): Promise<Machine> => enter(links, await chooseDoor(links));

export type Given<P extends Readonly<Record<string, Parameter>>> = {
  readonly [name in keyof P]: P[name] extends Parameter<infer T> ? T : never;
};

/** An action whose `prepare` sees the machine through the door that is open. */
export const through = <const P extends Readonly<Record<string, Parameter>>>(
  parameters: P,
  prepare: (machine: Machine, given: Given<P>) => Prepared | Promise<Prepared>,
  notes: ActionNotes = {},
): Action =>
  action(parameters, async (links, given) => prepare(await openMachine(links), given as unknown as Given<P>), notes);

/** Both doors apply at once what they save; REST always does. */
export const SAVE_AND_APPLY = { save_action: 2 } as const;

/** What a door answers, in the form of the gRPC reply. */
async function call(links: Links, door: DoorName, { rpc, rest }: Method, message: Doc): Promise<unknown> {
  if (door === 'grpc') return (await callGrpc(links, rpc, message)).doc;
  const form = restOf({ rpc, rest });
  const { doc } = await callRest(links, restRequest(form, message));
  return form.reply === undefined ? doc : form.reply(doc);
}

/** @throws HeadframeError `support/unsupported` */
export function restOf({ rpc, rest }: Method): RestForm {
  if (rest !== null) return rest;
  const detail = `its REST API has nothing like ${rpc.parent.name}.${rpc.name}; port 50051 has, and is closed`;
  throw new HeadframeError('support/unsupported', { detail });
}

const restRequest = ({ verb, path, body }: RestForm, message: Doc) => ({
  method: verb,
  path: path.replace('{uid}', encodeURIComponent(uidIn(message))),
  ...(body === undefined ? {} : { body: body(message) }),
});

/** A group is named by its own message, or within the one that changes it. */
const uidIn = (message: Doc): string => String(message.uid ?? new Fields(message.group).raw('uid') ?? '');

export interface Saying {
  /** What the reply says; yes if absent, as the status was one. */
  readonly judge?: (reply: Fields) => StepVerdict;
  /** Told the reply, where the read-back stands on it. */
  readonly heard?: (reply: Fields) => void;
  readonly silenceIsFine?: true;
}

/**
 * One method that changes something, as a step.
 * @throws HeadframeError `support/unsupported` where the door does not have it, `usage/invalid` for a message that does
 * not fit its type: nothing was sent
 */
export function say({ door }: Machine, name: MethodName, message: Doc = {}, saying: Saying = {}): Step {
  const { rpc } = METHODS[name];
  const method: Method = METHODS[name];
  const { judge = () => ({ accepted: true }), heard, silenceIsFine } = saying;
  const form = door === 'rest' ? restOf(method) : null;
  if (form === null) fromDoc(rpc.input, message);
  return {
    request: () => ({
      over: form === null ? 'grpc' : 'http',
      shown: form === null ? shownGrpc(rpc, message) : shownRest(form, message),
      speak: async (links) => {
        const reply = new Fields(
          await call(links, door, method, message).catch((thrown) => {
            throw discreet(thrown, message);
          }),
        );
        heard?.(reply);
        return judge(reply);
      },
    }),
    verdict: speaking,
    ...(silenceIsFine === undefined ? {} : { silenceIsFine }),
  };
}

/** The verdict of a step that speaks comes from what was said. */
export function speaking(): never {
  throw new HeadframeError('internal', { detail: 'a step that speaks has its own verdict' });
}

/** Method and message: what leaves, but for the token and its secrets. */
export const shownGrpc = (rpc: DescMethod, message: Doc): string =>
  `gRPC ${callOf(rpc)}\n${JSON.stringify(masked(message))}`;

function shownRest(form: RestForm, message: Doc): string {
  const { method, path, body } = restRequest(form, masked(message) as Doc);
  const line = `${method} ${restPath(path)}`;
  return body === undefined ? line : `${line}\n${JSON.stringify(body)}`;
}

const SECRET: ReadonlySet<string> = new Set(['password', 'contract_key']);

/** The same document, its secrets masked. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isSecret(key, inner) ? MASK : masked(inner)]),
  );
}

const isSecret = (key: string, value: unknown): value is string =>
  SECRET.has(key) && typeof value === 'string' && value !== '';

function secretsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (isSecret(key, inner) ? [inner] : secretsIn(inner)));
}

/** A device may repeat in its refusal what it refuses: not what must stay secret. */
function discreet(thrown: unknown, message: Doc): HeadframeError {
  const error = asHeadframeError(thrown);
  const secrets = secretsIn(message);
  if (secrets.length === 0) return error;
  const { vendorText, firstBytes: _, ...context } = error.context;
  // A text that was cut may end in the middle of one.
  const told = vendorText === undefined ? undefined : secrets.reduce(withoutSecret, vendorText.replace(/\S*…$/, '…'));
  // Without its cause, which quotes it as well.
  return new HeadframeError(error.code, { ...context, ...(told === undefined ? {} : { vendorText: told }) });
}

/** Short ones only where they stand alone: `x` is in many words. */
const withoutSecret = (text: string, secret: string): string =>
  secret.length >= 4
    ? text.replaceAll(secret, MASK)
    : text.replaceAll(new RegExp(`(?<!\\w)${secret.replace(/\W/g, '\\$&')}(?!\\w)`, 'g'), MASK);

/** A reply that says by a flag of its own whether it was done. */
export const successful = (reply: Fields): StepVerdict =>
  reply.bool('successful') === true
    ? { accepted: true }
    : { accepted: false, vendorCode: 'successful', vendorText: `it says successful: ${reply.raw('successful')}` };

/** A reply that says by a flag that there was nothing to do. */
export const saysAlready =
  (flag: string, text: string) =>
  (reply: Fields): StepVerdict =>
    reply.bool(flag) === true ? { accepted: true, vendorText: text } : { accepted: true };
