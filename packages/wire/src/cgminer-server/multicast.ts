import type { ApiServer } from './program.ts';

/*
 * How a cgminer-like program answers who looks for miners (`protocols.md` 1.9): `--api-mcast`.
 */

const GROUP = '224.0.0.75';
const PORT = 4028;
/** The listener sleeps this long between packets. */
const PAUSE_MS = 1000;

export interface MulticastSettings {
  /** `--api-mcast-code`: what the request must name; `FTW` unless told otherwise. */
  readonly code?: string;
  /** `--api-mcast-des`: what the machine says of itself, a byte string; nothing unless told otherwise. */
  readonly description?: string;
}

/**
 * The UDP listener of a program, as `SimulatedMulticastPort` of the families package asks for. Only addresses that the
 * program's address list admits get an answer.
 */
export function multicastPort(server: ApiServer, { code = 'FTW', description = '' }: MulticastSettings) {
  const expected = `cgminer-${code}-`;
  return {
    group: GROUP,
    port: PORT,
    pauseMs: PAUSE_MS,
    receive: (bytes: Uint8Array, peer: { readonly address: string }, apiPort: number) => {
      if (!server.admits(peer.address)) return null;
      const port = replyPort(bytes, expected);
      // The code was checked, and is not what the reply says: that is always FTW.
      return port === null ? null : { bytes: byteText(`cgm-FTW-${apiPort}-${description}\0`), port };
    },
  };
}

/** A code is some letters, a port five digits: no request in earnest is longer. */
const LONGEST = 256;

/** The port behind the code, 1 to 65535; one line feed may follow, nothing else. */
function replyPort(bytes: Uint8Array, expected: string): number | null {
  if (bytes.length > LONGEST) return null;
  const request = String.fromCharCode(...bytes);
  if (!request.startsWith(expected)) return null;
  const digits = /^([0-9]{1,5})\n?$/.exec(request.slice(expected.length))?.[1];
  const port = Number(digits ?? 0);
  return port >= 1 && port <= 65_535 ? port : null;
}

const byteText = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
