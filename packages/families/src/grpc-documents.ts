import type { DescMessage } from '@bufbuild/protobuf';
import { HeadframeError } from '@headframe/model';
import { fromDoc, methodNamed, type ProtoDoc, toDoc } from './braiins/contract/index.ts';

/*
 * Messages of gRPC for who works with machines of all kinds, such as a recorder: by the full name of the method, in the
 * contracts that are known.
 */

/**
 * The reply of a method as a document, in the form of {@link ProtoDoc}.
 * @throws HeadframeError `protocol/malformed`; `support/unsupported`: no contract has this method
 */
export const grpcDocument = (method: string, message: Uint8Array): ProtoDoc =>
  toDoc(contractOf(method).output, message);

/**
 * The reverse of {@link grpcDocument}.
 * @throws HeadframeError `usage/invalid` with the path of what does not fit; `support/unsupported`
 */
export const grpcMessage = (method: string, doc: Readonly<Record<string, unknown>>): Uint8Array =>
  fromDoc(contractOf(method).output, doc);

/**
 * What is sent to a method, from a document.
 * @throws HeadframeError as {@link grpcMessage}
 */
export const grpcRequest = (method: string, doc: Readonly<Record<string, unknown>>): Uint8Array =>
  fromDoc(contractOf(method).input, doc);

function contractOf(method: string): { readonly input: DescMessage; readonly output: DescMessage } {
  const known = methodNamed(method);
  if (known !== undefined) return known;
  const detail = 'no contract that Headframe knows has this method';
  throw new HeadframeError('support/unsupported', { request: method, detail });
}
