import { HeadframeError, type TcpLink } from '@headframe/model';
import { type DecodedReply, decodeReply, encodeRequest, type Form } from '@headframe/wire/cgminer';

/** A raw answer of the API on port 4028. */
export interface ApiAnswer {
  /** The bytes as they came. */
  readonly bytes: Uint8Array;
  /** Null when they cannot be read; `error` says why. */
  readonly decoded: DecodedReply | null;
  readonly error: HeadframeError | null;
  /** When the last byte came, epoch ms. */
  readonly at: number;
  /** From connecting to the last byte, ms. */
  readonly ms: number;
}

/** Sends one command and reads its answer, refusals included. Rejects with `link/*` and `usage/invalid` only. */
export async function askApi(
  link: TcpLink,
  command: string,
  parameter: string | undefined,
  form: Form = 'json',
): Promise<ApiAnswer> {
  const { bytes, at, ms } = await link.exchange(encodeRequest(command, parameter, form));
  try {
    return { bytes, decoded: decodeReply(bytes, { asked: command }), error: null, at, ms };
  } catch (error) {
    if (!(error instanceof HeadframeError)) throw error;
    return { bytes, decoded: null, error, at, ms };
  }
}
