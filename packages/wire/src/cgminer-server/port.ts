import type { ApiServer } from './program.ts';

/**
 * An API server as a device's raw TCP port: what `SimulatedTcpPort` of the families package asks for, as far as every
 * cgminer-like program does the same (one reply, then FIN; denied peers get nothing).
 * @param port 4028 by default of the program
 */
export function apiPort(server: ApiServer, port: number) {
  return {
    port,
    maxRequestBytes: server.maxRequestBytes,
    admits: (peer: { readonly address: string }): boolean => server.admits(peer.address),
    receive: (bytes: Uint8Array, peer: { readonly address: string }, now: number) => {
      const answer = server.answer(bytes, peer.address, now);
      return {
        chunks: answer.bytes.length === 0 ? [] : [{ bytes: answer.bytes, afterMs: 0 }],
        end: answer.cut ? ('rst' as const) : ('fin' as const),
      };
    },
  };
}
