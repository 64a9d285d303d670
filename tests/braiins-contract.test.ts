import { readFileSync } from 'node:fs';
import { type DescField, type DescMessage, type DescMethod, ScalarType } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import * as contract from '../packages/families/src/braiins/contract/index.ts';
import { sharedPath } from './shared.ts';

/*
 * The contract against the table of the interface that BraiinsOS publishes: what each row says is so, and nothing of ours
 * is without a row.
 */

const table = sharedPath('braiins-grpc-interface.csv');
const rows = table === null ? [] : readFileSync(table, 'utf8').trim().split(/\r?\n/).slice(1);

const { contractServices, filesBehind } = contract;
const files = filesBehind(contractServices).filter(({ proto }) => proto.package.startsWith('braiins.'));
const messages = files.flatMap((file) => file.messages);
const enums = files.flatMap((file) => file.enums);
const services = files.flatMap((file) => file.services);

/** The row that a thing of ours would have; types under their full names. */
const fieldRow = (parent: DescMessage, field: DescField): string =>
  [
    parent.file.proto.package,
    'field',
    parent.name,
    field.name,
    field.number,
    `${labelOf(field)}${typeOf(field)}`,
    field.oneof ? `oneof ${field.oneof.name}` : '',
  ].join();

const labelOf = (field: DescField): string => {
  if (field.fieldKind === 'list') return 'repeated ';
  return field.proto.proto3Optional ? 'optional ' : '';
};

const typeOf = (field: DescField): string =>
  field.message?.typeName ?? field.enum?.typeName ?? ScalarType[field.scalar as ScalarType].toLowerCase();

const methodRow = ({ parent, name, input, output, methodKind }: DescMethod): string => {
  const from = methodKind === 'client_streaming' || methodKind === 'bidi_streaming' ? 'stream ' : '';
  const to = methodKind === 'server_streaming' || methodKind === 'bidi_streaming' ? 'stream ' : '';
  const { package: of } = parent.file.proto;
  return [of, 'rpc', parent.name, name, '', from + input.typeName, to + output.typeName].join();
};

const ours = [
  ...messages.flatMap((message) => message.fields.map((field) => fieldRow(message, field))),
  ...enums.flatMap((one) =>
    one.values.map(({ name, number }) => [one.file.proto.package, 'enum value', one.name, name, number, '', ''].join()),
  ),
  ...services.flatMap((service) => service.methods.map(methodRow)),
];

const SCALARS = new Set(['bool', 'bytes', 'double', 'string', 'uint32', 'uint64']);

/** A row of the table with the short names of types, which are relative to the package, made full. */
function full(row: string): string {
  const [of = '', kind = '', parent, name, number, type = '', last = ''] = row.split(',');
  const long = (said: string): string => {
    const [, label = '', bare = ''] = /^((?:optional|repeated|stream) )?(.+)$/.exec(said) ?? [];
    if (SCALARS.has(bare) || bare.startsWith('google.') || bare.startsWith('braiins.')) return said;
    return label + (bare.startsWith('bos.v1.') ? `braiins.${bare}` : `${of}.${bare}`);
  };
  const types = kind === 'enum value' ? [type, last] : [long(type), kind === 'rpc' ? long(last) : last];
  return [of, kind, parent, name, number, ...types].join();
}

describe.skipIf(table === null)('the contract of BraiinsOS', () => {
  test('is compared with the whole table', () => {
    expect(rows).toHaveLength(627);
    expect(new Set(rows.map(full)).size).toBe(627);
  });

  test.each(rows)('has the row %s', (row) => {
    expect(ours).toContain(full(row));
  });

  test('has no field, value or method without a row', () => {
    const said = new Set(rows.map(full));
    expect(ours.filter((row) => !said.has(row))).toEqual([]);
    expect(ours).toHaveLength(rows.length);
  });

  test('has no message, enum or service of which no row speaks', () => {
    const words = new Set(rows.flatMap((row) => row.split(/[, ]/)).map((word) => word.split('.').at(-1)));
    const silent = [...messages, ...enums, ...services].filter(({ name }) => !words.has(name));
    expect(silent.map(({ typeName }) => typeName)).toEqual([]);
  });

  test('lists every service that its files have', () => {
    expect(services.map(({ typeName }) => typeName).sort()).toEqual(
      contractServices.map(({ typeName }) => typeName).sort(),
    );
  });

  test('exports every schema under its own name', () => {
    const exported = new Set<unknown>(Object.values(contract));
    const absent = [...messages, ...enums, ...services].filter((one) => !exported.has(one));
    expect(absent.map(({ typeName }) => typeName)).toEqual([]);
  });
});

describe('server reflection', () => {
  /** As https://github.com/grpc/grpc-proto publishes it; both versions have the same messages. */
  const published = [
    'ServerReflectionRequest.host 1 string',
    'ServerReflectionRequest.file_by_filename 3 string message_request',
    'ServerReflectionRequest.file_containing_symbol 4 string message_request',
    'ServerReflectionRequest.file_containing_extension 5 ExtensionRequest message_request',
    'ServerReflectionRequest.all_extension_numbers_of_type 6 string message_request',
    'ServerReflectionRequest.list_services 7 string message_request',
    'ExtensionRequest.containing_type 1 string',
    'ExtensionRequest.extension_number 2 int32',
    'ServerReflectionResponse.valid_host 1 string',
    'ServerReflectionResponse.original_request 2 ServerReflectionRequest',
    'ServerReflectionResponse.file_descriptor_response 4 FileDescriptorResponse message_response',
    'ServerReflectionResponse.all_extension_numbers_response 5 ExtensionNumberResponse message_response',
    'ServerReflectionResponse.list_services_response 6 ListServiceResponse message_response',
    'ServerReflectionResponse.error_response 7 ErrorResponse message_response',
    'FileDescriptorResponse.file_descriptor_proto 1 repeated bytes',
    'ExtensionNumberResponse.base_type_name 1 string',
    'ExtensionNumberResponse.extension_number 2 repeated int32',
    'ListServiceResponse.service 1 repeated ServiceResponse',
    'ServiceResponse.name 1 string',
    'ErrorResponse.error_code 1 int32',
    'ErrorResponse.error_message 2 string',
  ];

  test.each([
    ['grpc.reflection.v1', contract.reflectionV1.ServerReflection],
    ['grpc.reflection.v1alpha', contract.reflectionV1alpha.ServerReflection],
  ])('%s is as it is published', (name, { file, methods, typeName }) => {
    const fields = file.messages.flatMap((message) =>
      message.fields.map((field) => {
        const type = `${labelOf(field)}${typeOf(field).replace(`${name}.`, '')}`;
        return [`${message.name}.${field.name}`, field.number, type, field.oneof?.name ?? ''].join(' ').trim();
      }),
    );
    expect(fields).toEqual(published);
    expect(typeName).toBe(`${name}.ServerReflection`);
    expect(methods.map(methodRow)).toEqual([
      `${name},rpc,ServerReflection,ServerReflectionInfo,,stream ${name}.ServerReflectionRequest,stream ${name}.ServerReflectionResponse`,
    ]);
  });
});

describe('replies of a real machine over REST', () => {
  const folder = ['captures', 'braiins', 'antminer-s19-xp', '25.07-plus_2025-08-06'];
  const {
    GetCoolingStateResponseSchema,
    GetErrorsResponseSchema,
    GetHashboardsResponseSchema,
    GetMinerConfigurationResponseSchema,
    GetMinerDetailsResponseSchema,
    GetMinerStatsResponseSchema,
    GetNetworkInfoResponseSchema,
    GetPoolGroupsResponseSchema,
    GetTunerStateResponseSchema,
  } = contract;

  /** Without what is null: a document leaves it out. */
  const withoutNull = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withoutNull);
    if (typeof value !== 'object' || value === null) return value;
    const all = Object.entries(value).filter(([, inner]) => inner !== null);
    return Object.fromEntries(all.map(([name, inner]) => [name, withoutNull(inner)]));
  };

  test.skipIf(sharedPath(...folder) === null).each([
    ['miner_details', GetMinerDetailsResponseSchema],
    ['miner_stats', GetMinerStatsResponseSchema],
    ['miner_hw_hashboards', GetHashboardsResponseSchema],
    ['miner_errors', GetErrorsResponseSchema],
    ['cooling_state', GetCoolingStateResponseSchema],
    ['configuration_miner', GetMinerConfigurationResponseSchema],
    ['network', GetNetworkInfoResponseSchema],
    ['performance_tuner_state', GetTunerStateResponseSchema],
    ['pools', GetPoolGroupsResponseSchema],
  ])('%s goes through the message of gRPC unchanged', (name, schema) => {
    const reply = JSON.parse(readFileSync(sharedPath(...folder, `${name}.json`) as string, 'utf8'));
    // REST gives the list of groups itself.
    const doc = name === 'pools' ? { pool_groups: reply } : reply;
    const again = contract.toDoc(schema, contract.fromDoc(schema, doc));
    expect(again).toMatchObject(withoutNull(doc) as object);
  });
});
