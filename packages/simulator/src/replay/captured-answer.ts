import type { Protocol } from '@headframe/model';

/** One recorded answer. */
export interface CapturedAnswer {
  readonly over: Protocol;
  /** The command with its parameter behind a bar (`healthchipget|0`), the method of JSON-RPC, the cmd of a frame, the full name of a method of gRPC, or the HTTP path. */
  readonly ask: string;
  /** What was answered, without the framing of the wire. */
  readonly body: Buffer;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}
