import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { callOf } from './contract/index.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { forget } from './sim-since.ts';

/*
 * The API of the machine apart from any door: calls with a message in and a message out. gRPC sends these as they are, REST
 * as documents.
 */

/** One call and what answers it. */
export interface Served {
  readonly method: DescMethod;
  /** @throws ApiRefusal */
  readonly answer: (machine: BraiinsMachine, request: Message, now: number) => Message;
  /** Headers of a reply, from all that it holds. */
  readonly headers?: (reply: Message) => Readonly<Record<string, string>>;
}

export function serve<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  answer: (machine: BraiinsMachine, request: MessageShape<I>, now: number) => MessageInitShape<O>,
  headers?: (reply: MessageShape<O>) => Readonly<Record<string, string>>,
): Served {
  return {
    method,
    answer: (machine, request, now) => create(method.output, answer(machine, request as MessageShape<I>, now)),
    ...(headers !== undefined && { headers: (reply: Message) => headers(reply as MessageShape<O>) }),
  };
}

export interface ApiReply {
  readonly message: Message;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers one call, as the release that the machine runs knows it.
 * @throws ApiRefusal
 */
export function answerCall(machine: BraiinsMachine, served: Served, request: Message, now: number): ApiReply {
  const { method, answer, headers } = served;
  machine.settle(now);
  const { os } = machine.release;
  forget(method.input, request, os);
  const message = answer(machine, request, now);
  const beside = headers?.(message) ?? {};
  forget(method.output, message, os);
  return { message, headers: beside };
}

export const byCall = (all: readonly Served[]): ReadonlyMap<string, Served> =>
  new Map(all.map((served) => [callOf(served.method), served]));
