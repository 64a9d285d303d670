import { grpcDocument, grpcMessage } from '@headframe/families';
import { HeadframeError } from '@headframe/model';
import type { Redactor } from './redact.ts';

/*
 * Messages of gRPC have no names in them. Where the contract of their method is known they are documents, and can be read
 * and redacted as all others.
 */

/** @throws HeadframeError `protocol/malformed`; `support/unsupported`: no contract has this method */
export const documentOf = (method: string, message: Uint8Array): unknown => grpcDocument(method, message);

/**
 * The same message with what belongs to its owner replaced. Fields that the contract does not know are left out: a name may
 * be in them. Null: it cannot be read, so nothing in it can be found.
 */
export function redactMessage(method: string, message: Uint8Array, redactor: Redactor): Uint8Array | null {
  try {
    const known = withoutUnknown(grpcDocument(method, message));
    return grpcMessage(method, JSON.parse(redactor.text(JSON.stringify(known))));
  } catch (thrown) {
    if (thrown instanceof HeadframeError) return null;
    throw thrown;
  }
}

function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '$unknown')
      .map(([name, inner]) => [name, withoutUnknown(inner)]),
  );
}
