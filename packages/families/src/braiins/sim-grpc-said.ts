import type { GrpcSaid } from '../sim/device.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { ApiRefusal, GRPC } from './sim-refusal.ts';

/** The end of a call that went well. */
export const OK = { code: GRPC.ok, message: '' } as const;

/**
 * What a call says, where `speak` may refuse. Whatever else is thrown comes from bytes that are no message. The connection of
 * a machine that starts anew breaks.
 */
export function saying(machine: BraiinsMachine, now: number, speak: () => GrpcSaid): GrpcSaid {
  if (!machine.listening(now)) return { messages: [], breaks: 'rst' };
  try {
    return speak();
  } catch (error) {
    if (error instanceof ApiRefusal) return { messages: [], status: { code: error.code, message: error.message } };
    return { messages: [], status: { code: GRPC.internal, message: 'failed to decode Protobuf message' } };
  }
}
