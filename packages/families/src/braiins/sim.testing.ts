import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import type { GrpcSaid, SimulatedDevice, SimulatedGrpcCall, SimulatedGrpcPort } from '../sim/device.ts';
import { ActionsService, AuthenticationService, callOf, PoolService, SaveAction } from './contract/index.ts';
import { braiinsSimulator } from './sim.ts';

/*
 * Talking to a simulated machine under BraiinsOS over gRPC without a socket.
 */

export const POWERED_AT = Date.UTC(2026, 0, 5, 6);
export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const AT = POWERED_AT + 2 * HOUR;
const PEER = { address: '10.0.0.9' };

export const APPLY = SaveAction.SAVE_AND_APPLY;
export const SAVE = SaveAction.SAVE;

/** A machine with every method of the contract. */
export const NEWEST = 's19j-pro-26.05';

export interface Made {
  readonly quirks?: Record<string, boolean>;
  readonly name?: string;
  readonly seed?: number;
}

export function device({ quirks = {}, name = NEWEST, seed = 3 }: Made = {}): SimulatedDevice {
  const found = braiinsSimulator.profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed, poweredAt: POWERED_AT, quirks });
}

/** Somebody who talks to one machine, at a time that moves when it is told to. */
export class Visitor {
  readonly device: SimulatedDevice;
  now = AT;
  token: string | null = null;

  constructor(made: Made = {}) {
    this.device = device(made);
  }

  get port(): SimulatedGrpcPort {
    const { grpc } = this.device;
    if (grpc === undefined) throw new Error('no gRPC');
    return grpc;
  }

  get listens(): boolean {
    return this.device.listening('grpc', this.now);
  }

  open(method: DescMethod): SimulatedGrpcCall {
    const metadata: Record<string, string> = this.token === null ? {} : { authorization: this.token };
    return this.port.open(callOf(method), metadata, PEER, this.now);
  }

  /** What a call with one message says. */
  say<I extends DescMessage>(method: DescMethod & { readonly input: I }, init: MessageInitShape<I>): GrpcSaid {
    return this.open(method).receive(toBinary(method.input, create(method.input, init)), this.now);
  }

  /** Its reply; throws where there is none. */
  ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    init: MessageInitShape<I> = {} as MessageInitShape<I>,
  ): MessageShape<O> {
    const { messages, status } = this.say(method, init);
    const [bytes] = messages;
    if (bytes === undefined || status?.code !== 0) throw new Error(`${status?.code}: ${status?.message}`);
    return fromBinary(method.output, bytes);
  }

  /** Code and text of a refusal. */
  refusal<I extends DescMessage>(
    method: DescMethod & { readonly input: I },
    init: MessageInitShape<I> = {} as MessageInitShape<I>,
  ): readonly unknown[] {
    const { messages, status } = this.say(method, init);
    if (messages.length > 0) throw new Error('it answered');
    return [status?.code, status?.message];
  }

  login(password = ''): this {
    const { headers } = this.say(AuthenticationService.method.login, { username: 'root', password });
    this.token = headers?.authorization ?? null;
    return this;
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  get groups() {
    return this.ask(PoolService.method.getPoolGroups).poolGroups;
  }

  pause(): void {
    this.ask(ActionsService.method.pauseMining);
  }
}

/** Somebody who is logged in already. */
export const visitor = (made: Made = {}): Visitor => new Visitor(made).login();
