import { type Clock, type GrpcLink, HeadframeError } from '@headframe/model';

/** What came of one call: its message, of a stream the first one, or that there is none to keep. */
export type HeardCall = (method: string, message: Uint8Array | null, ms: number) => void;

/** Its requests hold a password and its replies a token. */
const LOGIN = /(?:^|\.)\w*Authentication\w*\//i;

/**
 * The same link to a gRPC port, with each reply told together with the method that it answers. A status that is not OK is
 * told as none: a replay refuses by itself. Logins and what goes up are never kept.
 */
export function watchCalls(link: GrpcLink, clock: Clock, heard: HeardCall): GrpcLink {
  const tell: HeardCall = (method, message, ms) => {
    if (!LOGIN.test(method)) heard(method, message, ms);
  };
  const tellRefusal = (method: string, thrown: unknown): void => {
    if (thrown instanceof HeadframeError && thrown.context.vendorCode !== undefined) tell(method, null, 0);
  };
  return {
    unary: async (call, message) => {
      try {
        const reply = await link.unary(call, message);
        tell(call.method, reply.message, reply.ms);
        return reply;
      } catch (thrown) {
        tellRefusal(call.method, thrown);
        throw thrown;
      }
    },
    async *stream(call, message) {
      const began = clock.now();
      let isFirst = true;
      try {
        for await (const one of link.stream(call, message)) {
          if (isFirst) tell(call.method, one, clock.now() - began);
          isFirst = false;
          yield one;
        }
      } catch (thrown) {
        if (isFirst) tellRefusal(call.method, thrown);
        throw thrown;
      }
    },
    upload: (call, messages, onSent) => link.upload(call, messages, onSent),
  };
}
