import { create } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Type as Kind,
  FieldDescriptorProto_Label as Label,
  type ServiceDescriptorProto,
  ServiceDescriptorProtoSchema,
  SourceCodeInfo_LocationSchema,
  SourceCodeInfoSchema,
} from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';

/*
 * .proto files as the descriptors that protoc would give for them. protobufjs reads the language; its own conversion makes
 * one file of a whole package and forgets imports and comments, so the descriptors are built here. Covers what our files
 * use: proto3 with messages, enums and services at the top, and throws at what it does not know (nested types, maps,
 * options, groups).
 */

const SCALARS: Readonly<Record<string, Kind>> = {
  double: Kind.DOUBLE,
  float: Kind.FLOAT,
  int64: Kind.INT64,
  uint64: Kind.UINT64,
  int32: Kind.INT32,
  fixed64: Kind.FIXED64,
  fixed32: Kind.FIXED32,
  bool: Kind.BOOL,
  string: Kind.STRING,
  bytes: Kind.BYTES,
  uint32: Kind.UINT32,
  sfixed32: Kind.SFIXED32,
  sfixed64: Kind.SFIXED64,
  sint32: Kind.SINT32,
  sint64: Kind.SINT64,
};

/** Numbers of fields in descriptor.proto: the way from a file to the thing that a comment belongs to. */
const PATH = { syntax: 12, message: 4, enum: 5, service: 6, field: 2, oneof: 8, value: 2, method: 2 } as const;

type Note = (path: readonly number[], comment: string | null | undefined) => void;

/**
 * @param sources the text of each file, by the name under which the others import it
 * @returns a descriptor of each, in the same order
 * @throws Error with the name of the file
 */
export function descriptorsOf(sources: ReadonlyMap<string, string>): FileDescriptorProto[] {
  const root = new protobuf.Root();
  const imports = new Map<string, readonly string[]>();
  for (const [name, text] of sources) {
    const file: { filename: string | null } = protobuf.parse as never;
    file.filename = name;
    try {
      const parsed = protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
      imports.set(name, parsed.imports ?? []);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    } finally {
      file.filename = null;
    }
  }
  for (const name of new Set([...imports.values()].flat())) {
    if (sources.has(name)) continue;
    const known = protobuf.common.get(name)?.nested;
    if (!known) throw new Error(`${name} is imported and is not there`);
    root.addJSON(known);
  }
  root.resolveAll();
  return [...sources].map(([name, text]) => fileOf(root, name, text, imports.get(name) ?? []));
}

function fileOf(root: protobuf.Root, name: string, text: string, dependency: readonly string[]): FileDescriptorProto {
  const packageName = /^package\s+([\w.]+);/m.exec(text)?.[1];
  if (!packageName || !/^syntax = "proto3";/m.test(text)) throw new Error(`${name} has no package or is not proto3`);
  const scope = root.lookup(packageName);
  if (!(scope instanceof protobuf.Namespace)) throw new Error(`${name}: nothing in ${packageName}`);

  const source = create(SourceCodeInfoSchema);
  const note: Note = (path, comment) => {
    if (!comment) return;
    const leadingComments = comment.replace(/^/gm, ' ').concat('\n');
    source.location.push(create(SourceCodeInfo_LocationSchema, { path: [...path], leadingComments }));
  };
  // What the file itself says stands before its syntax, and protobufjs does not keep it.
  note(
    [PATH.syntax],
    /^((?:\/\/.*\n)+)syntax = /
      .exec(text)?.[1]
      ?.replace(/^\/\/ ?/gm, '')
      .trimEnd(),
  );
  const file = create(FileDescriptorProtoSchema, {
    name,
    package: packageName,
    dependency: [...dependency],
    syntax: 'proto3',
    sourceCodeInfo: source,
  });
  for (const one of scope.nestedArray) {
    if (one.filename !== name) continue;
    if (one instanceof protobuf.Type)
      file.messageType.push(messageOf(one, [PATH.message, file.messageType.length], note));
    else if (one instanceof protobuf.Enum) file.enumType.push(enumOf(one, [PATH.enum, file.enumType.length], note));
    else if (one instanceof protobuf.Service)
      file.service.push(serviceOf(one, [PATH.service, file.service.length], note));
    else throw new Error(`${name}: ${one.fullName} is of no kind that is known here`);
  }
  return file;
}

function messageOf(type: protobuf.Type, path: readonly number[], note: Note): DescriptorProto {
  if (type.nestedArray.length > 0) throw new Error(`${type.fullName}: nested types are not known here`);
  note(path, type.comment);
  // What is only optional is in a oneof of its own, behind the real ones.
  const isOptional = (field: protobuf.Field) => field.options?.proto3_optional === true;
  const real = type.oneofsArray.filter((one) => !one.fieldsArray.every(isOptional));
  const optional = type.fieldsArray.filter(isOptional);
  const field = type.fieldsArray.map((one, index): FieldDescriptorProto => {
    note([...path, PATH.field, index], one.comment);
    if (one instanceof protobuf.MapField) throw new Error(`${one.fullName}: maps are not known here`);
    const oneof = isOptional(one) ? real.length + optional.indexOf(one) : one.partOf ? real.indexOf(one.partOf) : -1;
    return create(FieldDescriptorProtoSchema, {
      name: one.name,
      number: one.id,
      label: one.repeated ? Label.REPEATED : Label.OPTIONAL,
      jsonName: one.name.replace(/_(.?)/g, (_, letter: string) => letter.toUpperCase()),
      ...kindOf(one),
      ...(oneof >= 0 && { oneofIndex: oneof }),
      ...(isOptional(one) && { proto3Optional: true }),
    });
  });
  for (const [index, one] of real.entries()) note([...path, PATH.oneof, index], one.comment);
  const names = [...real.map((one) => one.name), ...optional.map((one) => `_${one.name}`)];
  return create(DescriptorProtoSchema, { name: type.name, field, oneofDecl: names.map((name) => ({ name })) });
}

function kindOf(field: protobuf.Field): { type: Kind; typeName?: string } {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return { type: Kind.MESSAGE, typeName: resolvedType.fullName };
  if (resolvedType instanceof protobuf.Enum) return { type: Kind.ENUM, typeName: resolvedType.fullName };
  const type = SCALARS[field.type];
  if (type === undefined) throw new Error(`${field.fullName}: ${field.type} is not known`);
  return { type };
}

function enumOf(one: protobuf.Enum, path: readonly number[], note: Note): EnumDescriptorProto {
  note(path, one.comment);
  const value = Object.entries(one.values).map(([name, number], index) => {
    note([...path, PATH.value, index], one.comments[name]);
    return { name, number };
  });
  return create(EnumDescriptorProtoSchema, { name: one.name, value });
}

function serviceOf(service: protobuf.Service, path: readonly number[], note: Note): ServiceDescriptorProto {
  note(path, service.comment);
  const method = service.methodsArray.map((one, index) => {
    note([...path, PATH.method, index], one.comment);
    const { resolvedRequestType: request, resolvedResponseType: reply } = one.resolve() as protobuf.Method;
    if (!request || !reply) throw new Error(`${one.fullName}: a type of it is not known`);
    return {
      name: one.name,
      inputType: request.fullName,
      outputType: reply.fullName,
      ...(one.requestStream && { clientStreaming: true }),
      ...(one.responseStream && { serverStreaming: true }),
    };
  });
  return create(ServiceDescriptorProtoSchema, { name: service.name, method });
}
