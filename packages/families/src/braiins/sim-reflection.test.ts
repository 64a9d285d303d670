import { create, createFileRegistry, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from 'vitest';
import { reflectionV1, reflectionV1alpha } from './contract/index.ts';
import { AT, device, NEWEST } from './sim.testing.ts';

const REQUEST = reflectionV1.ServerReflectionRequestSchema;
type Reply = MessageShape<typeof reflectionV1.ServerReflectionResponseSchema>;

const EXTENSION = create(reflectionV1.ExtensionRequestSchema, { containingType: 'braiins.bos.v1.Pool' });

const V1 = 'grpc.reflection.v1.ServerReflection';
const V1ALPHA = 'grpc.reflection.v1alpha.ServerReflection';

function said(request: Uint8Array, name = NEWEST, service = V1ALPHA) {
  const call = device({ name }).grpc?.open(`${service}/ServerReflectionInfo`, {}, { address: '10.0.0.9' }, AT);
  return call?.receive(request, AT) ?? { messages: [] };
}

function ask(messageRequest: MessageShape<typeof REQUEST>['messageRequest'], name = NEWEST, service = V1ALPHA): Reply {
  const request = toBinary(REQUEST, create(REQUEST, { host: 'miner', messageRequest }));
  const [bytes = new Uint8Array()] = said(request, name, service).messages;
  return fromBinary(reflectionV1.ServerReflectionResponseSchema, bytes);
}

function services(name?: string, service?: string): readonly string[] {
  const { messageResponse } = ask({ case: 'listServices', value: '' }, name, service);
  return messageResponse.case === 'listServicesResponse' ? messageResponse.value.service.map((one) => one.name) : [];
}

function files({ messageResponse }: Reply): readonly FileDescriptorProto[] {
  if (messageResponse.case !== 'fileDescriptorResponse') throw new Error(`${messageResponse.case}`);
  return messageResponse.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
}

describe('reflection without a login', () => {
  test('lists all twelve services of a 26.05', () => {
    for (const service of [V1, V1ALPHA]) {
      expect(services(NEWEST, service)).toEqual([
        'braiins.bos.ApiVersionService',
        'braiins.bos.v1.ActionsService',
        'braiins.bos.v1.AdvancedSettingsService',
        'braiins.bos.v1.AuthenticationService',
        'braiins.bos.v1.ConfigurationService',
        'braiins.bos.v1.CoolingService',
        'braiins.bos.v1.LicenseService',
        'braiins.bos.v1.MinerService',
        'braiins.bos.v1.NetworkService',
        'braiins.bos.v1.PerformanceService',
        'braiins.bos.v1.PoolService',
        'braiins.bos.v1.UpgradeService',
        V1,
        V1ALPHA,
      ]);
    }
  });

  test('of a 23.12 is v1alpha alone, and lists what that release has', () => {
    expect(services('s19j-pro-23.12')).toEqual([
      'braiins.bos.ApiVersionService',
      'braiins.bos.v1.ActionsService',
      'braiins.bos.v1.AuthenticationService',
      'braiins.bos.v1.ConfigurationService',
      'braiins.bos.v1.CoolingService',
      'braiins.bos.v1.LicenseService',
      'braiins.bos.v1.MinerService',
      'braiins.bos.v1.PerformanceService',
      'braiins.bos.v1.PoolService',
      V1ALPHA,
    ]);
    const request = toBinary(REQUEST, create(REQUEST, { messageRequest: { case: 'listServices', value: '' } }));
    expect(said(request, 's19j-pro-23.12', V1).status?.code).toBe(12);
  });

  test.each(['braiins.bos.v1.PoolService', 'braiins.bos.v1.PoolService.SetPoolGroups', 'braiins.bos.v1.PoolGroup.uid'])(
    'gives the file with %s and all that it imports',
    (value) => {
      const found = files(ask({ case: 'fileContainingSymbol', value }));
      expect(found[0]?.service.map(({ name }) => name)).toEqual(['PoolService']);
      expect(found.map(({ name }) => name)).toContain('google/protobuf/timestamp.proto');
      // A client that knows nothing builds its types from this alone.
      const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...found].reverse() }));
      expect(registry.getService('braiins.bos.v1.PoolService')?.methods).toHaveLength(5);
      expect(registry.getMessage('braiins.bos.v1.PoolStats')?.fields).toHaveLength(8);
    },
  );

  test('gives a file by its name, a nested type and an enumeration by theirs', () => {
    const [file] = files(ask({ case: 'fileContainingSymbol', value: 'braiins.bos.v1.SaveAction' }));
    expect(file?.enumType.map(({ name }) => name)).toEqual(['SaveAction']);
    expect(files(ask({ case: 'fileByFilename', value: file?.name ?? '' }))[0]).toEqual(file);
    expect(files(ask({ case: 'fileContainingSymbol', value: V1ALPHA }))[0]?.package).toBe('grpc.reflection.v1alpha');
  });

  test('of an older release has only the methods of that release', () => {
    const [file] = files(ask({ case: 'fileContainingSymbol', value: 'braiins.bos.v1.ActionsService' }, 's19-xp-25.07'));
    expect(file?.service[0]?.method.map(({ name }) => name)).not.toContain('FactoryReset');
    expect(file?.service[0]?.method).toHaveLength(8);
  });

  test('says which question an answer is for, and what it does not have', () => {
    const unknown = ask({ case: 'fileContainingSymbol', value: 'braiins.bos.v2.Nothing' });
    expect(unknown).toMatchObject({
      validHost: 'miner',
      originalRequest: { messageRequest: { value: 'braiins.bos.v2.Nothing' } },
      messageResponse: { case: 'errorResponse', value: { errorCode: 5 } },
    });
    const others: Reply[] = [
      ask({ case: 'fileByFilename', value: '../../etc/passwd' }),
      ask({ case: 'allExtensionNumbersOfType', value: 'braiins.bos.v1.Pool' }),
      ask({ case: 'fileContainingExtension', value: EXTENSION }),
      ask({ case: undefined }),
    ];
    expect(others.map(({ messageResponse }) => messageResponse.case)).toEqual(Array(4).fill('errorResponse'));
    expect(said(new Uint8Array([0xff, 0xff])).status?.code).toBe(13);
  });

  test('ends when the client does', () => {
    const call = device().grpc?.open(`${V1}/ServerReflectionInfo`, {}, { address: '10.0.0.9' }, AT);
    expect(call?.end?.(AT)).toEqual({ messages: [], status: { code: 0, message: '' } });
    expect(reflectionV1alpha.ServerReflection.typeName).toBe(V1ALPHA);
  });
});
