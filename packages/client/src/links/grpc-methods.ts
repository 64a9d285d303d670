import {
  create,
  createFileRegistry,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { type Empty, EmptySchema, FileDescriptorProtoSchema, file_google_protobuf_empty } from '@bufbuild/protobuf/wkt';
import { HeadframeError } from '@headframe/model';

/*
 * Methods whose messages are bytes to us. The library wants types: it is given the message in which nothing is known, and
 * keeps all that comes as fields that it does not know. They leave again as they came.
 */

const NOTHING = 'google.protobuf.Empty';

export type UnaryMethod = DescMethodUnary<typeof EmptySchema, typeof EmptySchema>;
export type StreamingMethod = DescMethodStreaming<typeof EmptySchema, typeof EmptySchema>;

/** @throws HeadframeError `usage/invalid`: this is no full name of a method */
export const unaryMethod = (method: string): UnaryMethod => described(method, 'unary') as UnaryMethod;

/** @param from whose messages are many */
export const streamingMethod = (method: string, from: 'device' | 'us'): StreamingMethod =>
  described(method, from) as StreamingMethod;

/** `braiins.bos.v1.ActionsService/Start`. */
const FULL_NAME = /^((?:[A-Za-z_]\w*\.)*)([A-Za-z_]\w*)\/([A-Za-z_]\w*)$/;

export const isMethodName = (text: string): boolean => FULL_NAME.test(text);

function described(method: string, many: 'unary' | 'device' | 'us') {
  const [, dotted = '', service = '', name = ''] = FULL_NAME.exec(method) ?? [];
  const file = create(FileDescriptorProtoSchema, {
    name: `${method}.proto`,
    syntax: 'proto3',
    package: dotted.replace(/\.$/, ''),
    dependency: [file_google_protobuf_empty.proto.name],
    service: [
      {
        name: service,
        method: [
          {
            name,
            inputType: `.${NOTHING}`,
            outputType: `.${NOTHING}`,
            clientStreaming: many === 'us',
            serverStreaming: many === 'device',
          },
        ],
      },
    ],
  });
  const found = service === '' ? undefined : createFileRegistry(file, () => file_google_protobuf_empty);
  const [described] = found?.getService(`${dotted}${service}`)?.methods ?? [];
  if (described !== undefined) return described;
  const detail = `"${method}" is no full name of a gRPC method, such as package.Service/Method`;
  throw new HeadframeError('usage/invalid', { detail });
}

/** @throws HeadframeError `usage/invalid`: these bytes are no message, nothing was sent */
export function sealed(message: Uint8Array, method: string): Empty {
  try {
    return fromBinary(EmptySchema, message);
  } catch (error) {
    throw new HeadframeError('usage/invalid', { detail: `The message for ${method} is no Protobuf` }, error);
  }
}

export const bytesOf = (message: Empty): Uint8Array => toBinary(EmptySchema, message);
