import { create, type DescFile, type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { contractServices, filesBehind, reflectionV1, reflectionV1alpha } from './contract/index.ts';
import { GRPC } from './sim-refusal.ts';
import { knowsMethod } from './sim-since.ts';

/*
 * Server reflection: what the machine tells of its own contract. Of the files the methods are cut that a release does not
 * serve; the fields are those of the newest contract.
 */

const V1ALPHA = reflectionV1alpha.ServerReflection;
const V1 = reflectionV1.ServerReflection;

/** Both versions speak the same messages, byte for byte. */
type Asked = MessageShape<typeof reflectionV1.ServerReflectionRequestSchema>;
type Told = MessageShape<typeof reflectionV1.ServerReflectionResponseSchema>;

const tell = (messageResponse: Told['messageResponse']): Told =>
  create(reflectionV1.ServerReflectionResponseSchema, { messageResponse });

/**
 * Services of reflection by release: `grpcurl list` of a 23.10 shows v1alpha alone. That v1 came with 25.01 is ours.
 */
export const reflectionServices = (os: number): readonly string[] => [
  ...(os >= 25.01 ? [V1.typeName] : []),
  V1ALPHA.typeName,
];

const files: readonly DescFile[] = filesBehind([...contractServices, V1, V1ALPHA]);

const served = (os: number): readonly string[] =>
  contractServices
    .filter(({ methods }) => methods.some((method) => knowsMethod(os, method)))
    .map((one) => one.typeName);

/** Descriptors as a release has them. */
function descriptor(file: DescFile, os: number): FileDescriptorProto {
  const copy = fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, file.proto));
  for (const service of copy.service) {
    const known = contractServices.find(({ file: of, name }) => of === file && name === service.name);
    if (known === undefined) continue;
    service.method = service.method.filter(({ name }) => {
      const method = known.methods.find((one) => one.name === name);
      return method !== undefined && knowsMethod(os, method);
    });
  }
  return copy;
}

function fileWith(symbol: string): DescFile | undefined {
  const inMessages = (messages: readonly DescMessage[]): boolean =>
    messages.some(
      ({ typeName, nestedMessages, nestedEnums, fields }) =>
        symbol === typeName ||
        fields.some(({ name }) => symbol === `${typeName}.${name}`) ||
        nestedEnums.some((one) => one.typeName === symbol) ||
        inMessages(nestedMessages),
    );
  return files.find(
    ({ services, messages, enums }) =>
      inMessages(messages) ||
      enums.some(({ typeName }) => symbol === typeName) ||
      services.some(
        ({ typeName, methods }) => symbol === typeName || methods.some(({ name }) => symbol === `${typeName}.${name}`),
      ),
  );
}

/** A file with all that it imports, each behind its imports, as `protoc` would write them. */
function fileReply(file: DescFile | undefined, asked: string, os: number): Told {
  if (file === undefined) return failure(GRPC.notFound, `${asked} not found`);
  const all: DescFile[] = [];
  const visit = (one: DescFile): void => {
    if (all.includes(one)) return;
    all.push(one);
    one.dependencies.forEach(visit);
  };
  visit(file);
  const fileDescriptorProto = all.map((one) => toBinary(FileDescriptorProtoSchema, descriptor(one, os)));
  const value = create(reflectionV1.FileDescriptorResponseSchema, { fileDescriptorProto });
  return tell({ case: 'fileDescriptorResponse', value });
}

const failure = (errorCode: number, errorMessage: string): Told =>
  tell({ case: 'errorResponse', value: create(reflectionV1.ErrorResponseSchema, { errorCode, errorMessage }) });

function told({ messageRequest: { case: what, value } }: Asked, os: number): Told {
  switch (what) {
    case 'listServices': {
      const names = [...served(os), ...reflectionServices(os)].sort();
      const value = create(reflectionV1.ListServiceResponseSchema, { service: names.map((name) => ({ name })) });
      return tell({ case: 'listServicesResponse', value });
    }
    case 'fileByFilename':
      return fileReply(
        files.find(({ proto }) => proto.name === value),
        value,
        os,
      );
    case 'fileContainingSymbol':
      return fileReply(fileWith(value), value, os);
    case 'allExtensionNumbersOfType':
      return failure(GRPC.notFound, `${value} has no extensions`);
    case 'fileContainingExtension':
      return failure(GRPC.notFound, `${value.containingType} has no extensions`);
    default:
      return failure(GRPC.invalidArgument, 'nothing was asked');
  }
}

/**
 * One answer of reflection.
 * @throws Error when the bytes are no message
 */
export function reflect(message: Uint8Array, os: number): Uint8Array {
  const request = fromBinary(reflectionV1.ServerReflectionRequestSchema, message);
  const reply = told(request, os);
  reply.validHost = request.host;
  reply.originalRequest = request;
  return toBinary(reflectionV1.ServerReflectionResponseSchema, reply);
}
