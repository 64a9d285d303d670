import type { Outcome } from '@headframe/model';
import { afterEach } from 'vitest';
import { type Controlled, type ControlledOptions, control } from './control.testing.ts';

/*
 * Simulated machines under BraiinsOS on real ports, and somebody else who asks them without our client.
 */

let one: Controlled | undefined;
afterEach(async () => one?.close());

export const LOGIN = { username: 'root', password: 'root' };

export async function machine(name: string, options: ControlledOptions = {}): Promise<Controlled> {
  one = await control('braiins', name, { ...options, miner: { credentials: LOGIN, ...options.miner } });
  return one;
}

export const newest = (options?: ControlledOptions) => machine('s19j-pro-26.05', options);

/** One with REST whose port 50051 drops every packet. */
export async function filtered(name = 's19-xp-25.07', options?: ControlledOptions): Promise<Controlled> {
  const made = await machine(name, { ...options, miner: { connectTimeoutMs: 150, ...options?.miner } });
  await made.served.setFaults([{ kind: 'black-hole', over: 'grpc' }]);
  return made;
}

export type Values = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: whatever the machine says
export type Json = any;

/** Somebody else at the REST API of the machine, with a login of its own. */
export function rest(made: Controlled, line: string, body?: unknown, password = 'root'): Json {
  const say = (verb: string, path: string, sent: unknown, token = ''): Json => {
    const reply = made.device().http?.respond(
      {
        method: verb,
        path: `/api/v1/${path}`,
        headers: { authorization: token },
        body: Buffer.from(sent === undefined ? '' : JSON.stringify(sent)),
      },
      { address: '127.0.0.9' },
      made.now(),
    );
    const text = typeof reply?.body === 'string' ? reply.body : Buffer.from(reply?.body ?? []).toString();
    if (reply === undefined || reply.status > 299) throw new Error(`${path}: ${reply?.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const { token } = say('POST', 'auth/login', { username: 'root', password });
  const [verb = '', path = ''] = line.split(' ');
  return say(verb, path, body, token);
}

export async function run(made: Controlled, name: string, given: Values = {}): Promise<Outcome> {
  const plan = await made.miner.plan(name, given);
  return plan.run({ guarded: { typedAddress: made.miner.address } });
}
