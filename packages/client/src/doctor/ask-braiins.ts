import type { Examination, HttpDoc, Reply } from '@headframe/model';
import { askOne } from '../discovery/probe.ts';
import { type Asking, turn } from './asking.ts';
import { connectClassOf, notSeen, whyNotSeen } from './exchanges.ts';

export type BraiinsSeen = Examination['braiins'];
type DoorState = Extract<BraiinsSeen, { readonly value: unknown }>['value']['grpc'];

/** Without a login: the version of the API over gRPC, and that of the REST pages, which newer releases have. */
const RPC = 'braiins.bos.ApiVersionService/GetApiVersion';
const REST_PATH = '/api/v1/version/';

/**
 * Each of the three doors by itself (protocols.md 7): one that is shut says nothing of the others. They are different
 * programs, and one connection each.
 * @param onCgminer the reply to `version`
 * @param deafAt the reply of a port that said nothing before: it is not asked again
 */
export async function askBraiins(
  asking: Asking,
  onCgminer: Reply,
  deafAt: (port: number) => Reply | null,
): Promise<BraiinsSeen> {
  const { dial, doors, looking } = asking;
  const ask = async (over: 'grpc' | 'http', port: number | null, question: string): Promise<Reply | null> =>
    port === null ? null : (deafAt(port) ?? askOne(over, dial, port, question));
  const [grpc, http] = await turn(asking, () =>
    Promise.all([ask('grpc', doors.grpc, RPC), ask('http', doors.http, REST_PATH)]),
  );
  const states = { grpc: stateOf(grpc), http: stateOf(http), cgminer: stateOf(onCgminer) };
  const cancelled = [grpc, http].find((reply) => reply?.error?.code === 'link/cancelled');
  if (cancelled?.error != null) return whyNotSeen(cancelled.error);
  const { grpc: rpcState, http: httpState, cgminer } = states;
  if (rpcState === null || httpState === null || cgminer === null) {
    return notSeen('a port was named, and its other doors were not asked');
  }
  return {
    value: { grpc: rpcState, http: httpState, cgminer },
    at: looking.clock.now(),
    ms: (grpc?.meta.ms ?? 0) + (http?.meta.ms ?? 0),
    bytes: (grpc?.meta.bytes ?? 0) + (http?.meta.bytes ?? 0),
    line: `doors of BraiinsOS: gRPC ${doors.grpc} ${rpcState}, web ${doors.http} ${httpState}, ${doors.cgminer} ${cgminer}`,
    command: `grpcurl -plaintext ${asking.host}:${doors.grpc} ${RPC}`,
  };
}

function stateOf(reply: Reply | null): DoorState | null {
  if (reply === null) return null;
  const found = connectClassOf(reply);
  if (found !== 'open') return found;
  const { error, doc } = reply;
  const status = (doc as Partial<HttpDoc> | null)?.status;
  if (status === 401 || status === 403 || error?.code.startsWith('auth/') === true) return 'denied';
  return error?.code.startsWith('link/') === true && reply.raw === null ? 'silent' : 'answers';
}
