import { fromBinary, type Message } from '@bufbuild/protobuf';
import type { GrpcKind, SimulatedGrpcCall, SimulatedGrpcPort } from '../sim/device.ts';
import {
  ApiVersionService,
  AuthenticationService,
  callOf,
  contractServices,
  methodNamed,
  reflectionV1,
  reflectionV1alpha,
} from './contract/index.ts';
import { answerCall } from './sim-api.ts';
import { unaryCalls } from './sim-calls.ts';
import { OK, saying } from './sim-grpc-said.ts';
import { streamCall } from './sim-grpc-streams.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { replyBytes } from './sim-odd-replies.ts';
import { reflect, reflectionServices } from './sim-reflection.ts';
import { REFUSE } from './sim-refusal.ts';
import { knowsMethod } from './sim-since.ts';

const REFLECTION = [reflectionV1.ServerReflection, reflectionV1alpha.ServerReflection];

const KINDS: Readonly<Record<string, GrpcKind>> = {
  unary: 'unary',
  server_streaming: 'server-stream',
  client_streaming: 'client-stream',
  bidi_streaming: 'both-stream',
};

const methods: Readonly<Record<string, GrpcKind>> = Object.fromEntries(
  [...contractServices, ...REFLECTION]
    .flatMap((service) => service.methods)
    .map((method) => [callOf(method), KINDS[method.methodKind] ?? 'unary']),
);

const LOGIN = callOf(AuthenticationService.method.login);
/** What answers without a login (protocols.md 7.2); reflection does too (README of braiins/bos-plus-api). */
const OPEN = new Set([callOf(ApiVersionService.method.getApiVersion), LOGIN]);

/** @throws ApiRefusal */
function admit(machine: BraiinsMachine, call: string, token: string | undefined, now: number): void {
  const method = methodNamed(call);
  if (method === undefined || !knowsMethod(machine.release.os, method)) throw REFUSE.unimplemented();
  if (!OPEN.has(call) && (token === undefined || !machine.tokens.use(now, token))) throw REFUSE.token();
}

function unaryCall(machine: BraiinsMachine, call: string, token: string | undefined): SimulatedGrpcCall {
  return {
    receive: (bytes, now) =>
      saying(machine, now, () => {
        admit(machine, call, token, now);
        const served = unaryCalls.get(call);
        if (served === undefined) throw REFUSE.unimplemented();
        const { message, headers } = answerCall(machine, served, fromBinary(served.method.input, bytes), now);
        if (call === LOGIN && machine.has('token-in-header')) empty(message);
        return { messages: [replyBytes(served, message, machine.has)], headers, status: OK };
      }),
  };
}

/** The reply of a login as it was before 24.04: the header says it all. */
const empty = (reply: Message): void => void Object.assign(reply, { token: '', timeoutS: 0 });

function reflectionCall(machine: BraiinsMachine, call: string): SimulatedGrpcCall {
  return {
    receive: (bytes, now) =>
      saying(machine, now, () => {
        const { os } = machine.release;
        if (!reflectionServices(os).some((name) => call.startsWith(`${name}/`))) throw REFUSE.unimplemented();
        return { messages: [reflect(bytes, os)] };
      }),
    end: () => ({ messages: [], status: OK }),
  };
}

/** Port 50051 of a machine (protocols.md 7.2). It stays when an upgrade brings another release: each call looks anew. */
export const grpcPort = (machine: BraiinsMachine): SimulatedGrpcPort => ({
  port: 50_051,
  methods,
  open: (call, { authorization }) => {
    if (REFLECTION.some(({ typeName }) => call.startsWith(`${typeName}/`))) return reflectionCall(machine, call);
    const stream = streamCall(machine, call, (now) => admit(machine, call, authorization, now));
    return stream ?? unaryCall(machine, call, authorization);
  },
});
