import { create, type DescMethod, type Message, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GrpcSaid } from '../sim/device.ts';
import {
  AdvancedSettingsService,
  ApiVersionService,
  callOf,
  contractServices,
  GetMinerDetailsResponseSchema,
  MinerService,
  MinerStatus,
  PerformanceService,
  PoolService,
} from './contract/index.ts';
import { APPLY, AT, device, NEWEST, POWERED_AT, Visitor, visitor } from './sim.testing.ts';
import { braiinsSimulator } from './sim.ts';

const RUNS = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);
const { getMinerDetails, getHashboards, getMinerStats, getErrors } = MinerService.method;
const methods = contractServices.flatMap((service) => service.methods);
const PEER = { address: '10.0.0.9' };

const versionOf = (name: string) => new Visitor({ name }).ask(ApiVersionService.method.getApiVersion);
const codeOf = (somebody: Visitor, method: DescMethod): number | undefined =>
  somebody.open(method).receive(toBinary(method.input, create(method.input)), somebody.now).status?.code;

describe('profiles of BraiinsOS', () => {
  test('are old and new machines, each once', () => {
    expect(braiinsSimulator.id).toBe('braiins');
    expect(braiinsSimulator.profiles.map(({ name, label }) => [name, label.model])).toEqual([
      ['s19-xp-25.07', 'Antminer S19 XP'],
      ['s9-21.09', 'Antminer S9'],
      ['s9-22.08', 'Antminer S9'],
      ['s19j-pro-23.12', 'Antminer S19j Pro'],
      ['s21-24.09', 'Antminer S21'],
      ['s21-plus-25.03', 'Antminer S21+'],
      ['s19-26.04', 'Antminer S19'],
      ['s19j-pro-26.05', 'Antminer S19j Pro'],
      ['bmm-100-26.04', 'Mini Miner BMM 100'],
    ]);
  });

  test.each([
    ['s19j-pro-23.12', { minor: 0n, pre: 'beta.5' }, '2024-01-15-0-e8253ec1-23.12.1-plus'],
    ['s21-24.09', { minor: 3n, pre: '' }, '2024-12-03-0-f4c282cd-24.09.1-plus'],
    ['s21-plus-25.03', { minor: 5n, pre: '' }, '2025-04-07-0-424f9a7f-25.03-plus'],
    ['s19-xp-25.07', { minor: 7n, pre: '' }, '2025-08-06-0-3881c51d-25.07-plus'],
    ['s19-26.04', { minor: 10n, pre: '' }, '2026-04-14-0-912d084c-26.04-plus'],
    ['s19j-pro-26.05', { minor: 11n, pre: '' }, '2026-05-07-0-e6eaa788-26.05-plus'],
  ])('%s speaks the contract of its release', (name, version, firmware) => {
    expect(versionOf(name)).toMatchObject({ major: 1n, patch: 0n, ...version });
    expect(visitor({ name }).ask(getMinerDetails).bosVersion?.current).toBe(firmware);
  });

  test('have port 50051 from 23.03 on', () => {
    expect(device({ name: 's9-22.08' }).listening('grpc', AT)).toBe(false);
    expect(device({ name: 's9-21.09' }).listening('grpc', AT)).toBe(false);
    expect(device({ name: 's19j-pro-23.12' }).listening('grpc', AT)).toBe(true);
    expect(device({ name: 's19j-pro-23.12' }).grpc?.port).toBe(50_051);
  });

  test('a Mini Miner is one chip at about 1 TH/s and 41 W', () => {
    const somebody = visitor({ name: 'bmm-100-26.04' });
    expect(somebody.ask(getHashboards).hashboards).toMatchObject([{ id: '1', chipsCount: 1 }]);
    const { minerStats, powerStats } = somebody.ask(getMinerStats);
    expect(minerStats?.realHashrate?.last15m?.gigahashPerSecond).toBeCloseTo(1010, -2);
    expect(Number(powerStats?.approximatedConsumption?.watt)).toBeCloseTo(41, -1);
  });
});

describe('what a release knows', () => {
  test('a 26.05 answers every method of the contract', () => {
    // 63 calls of the table of the interface, and reflection in two versions.
    expect(methods).toHaveLength(63);
    expect(Object.keys(device().grpc?.methods ?? {})).toHaveLength(63 + 2);
    for (const method of methods) {
      // An empty request is done or refused for what it lacks; a login without a name is no login.
      const expected = method.name === 'Login' ? [16] : [0, 3];
      expect([callOf(method), expected]).toEqual([
        callOf(method),
        expect.arrayContaining([codeOf(visitor(), method) ?? 0]),
      ]);
    }
    const unknown = visitor().port.open('braiins.bos.v1.PoolService/Nothing', {}, PEER, AT);
    expect(unknown.receive(new Uint8Array(), AT)).toEqual({ messages: [], status: { code: 12, message: '' } });
  });

  const since2605 = [
    'GetSettingsSchema',
    'GetSettings',
    'SetSettings',
    'ResetAllSettings',
    'GetMinerEfficiencyProfile',
  ];
  const since2511 = [
    ...since2605,
    ...['FactoryReset', 'GetLog', 'SystemUpgrade', 'RestoreStock', 'UpdateAutoUpgradeConfig', 'GetAutoUpgradeStatus'],
    ...['SetRelativePowerTarget', 'SetRelativeHashrateTarget'],
  ];
  const since2505 = [...since2511, 'ApplyContractKey', 'SetQuickRamping', 'SetDefaultQuickRamping'];
  const since2501 = [...since2505, 'SetCoolingMode'];
  const since2402 = [
    ...since2501,
    ...['GetErrors', 'SetPoolGroups', 'GetNetworkConfiguration', 'SetNetworkConfiguration', 'GetNetworkInfo'],
  ];

  test.each([
    ['s19j-pro-23.12', since2402],
    ['s21-24.09', since2501],
    ['s21-plus-25.03', since2505],
    ['s19-xp-25.07', since2511],
    ['s19-26.04', since2605],
    ['s19j-pro-26.05', []],
  ])('%s lacks what came later', (name, lacking) => {
    const unknown = methods.filter((method) => codeOf(visitor({ name }), method) === 12);
    expect(unknown.map((method) => method.name).sort()).toEqual([...lacking].sort());
  });

  test('a 23.12 leaves out the fields that came later', () => {
    const details = visitor({ name: 's19j-pro-23.12' }).ask(getMinerDetails);
    expect(details).toMatchObject({
      minerIdentity: { minerModel: 'Antminer S19J Pro' },
      systemUptimeS: 7200n,
      status: MinerStatus.UNSPECIFIED,
      kernelVersion: '',
    });
    expect(details.psuInfo).toBeUndefined();
    const [board] = visitor({ name: 's19j-pro-23.12' }).ask(getHashboards).hashboards;
    expect(board?.enabled).toBe(true);
    expect(board?.lowestInletTemp).toBeUndefined();
    expect(board?.serialNumber).toBeUndefined();
  });

  test('the groups of a 25.07 have no id, as in its capture; those of a 26.04 have one', () => {
    expect(visitor({ name: 's19-xp-25.07' }).groups[0]?.uid).toBe('');
    expect(visitor({ name: 's19-26.04' }).groups[0]?.uid).toMatch(/^[0-9A-F]{16}$/);
    expect(visitor({ name: 's19-xp-25.07' }).groups[0]?.pools[0]?.stats?.bestShareStr).toBe('');
  });

  test('a field of a request that came later is not seen', () => {
    const request = { saveAction: APPLY, onStartTargetPercent: 20 };
    expect(visitor({ name: NEWEST }).refusal(PerformanceService.method.setDPS, request)[0]).toBe(3);
    const reply = visitor({ name: 's19-xp-25.07' }).ask(PerformanceService.method.setDPS, request);
    expect(reply.onStartTargetPercent).toBeUndefined();
    expect(reply.enabled).toBe(false);
  });
});

describe('odd replies', () => {
  test('newer-firmware has values and fields that no contract has', () => {
    const somebody = visitor({ quirks: { 'newer-firmware': true } });
    const details = somebody.ask(getMinerDetails);
    expect(details).toMatchObject({ status: 77, platform: 77, minerIdentity: { name: 'Antminer S19J Pro' } });
    const [field] = details.$unknown ?? [];
    expect(field).toMatchObject({ no: 900, wireType: 2 });
    // With its length before it.
    expect(new TextDecoder().decode(field?.data.subarray(1))).toBe('from the future');
    expect(somebody.ask(PerformanceService.method.getTunerState).overallTunerState).toBe(77);
  });

  test('wrong-types cannot be read as the contract says', () => {
    const somebody = visitor({ quirks: { 'wrong-types': true } });
    expect(() => somebody.ask(getMinerStats)).toThrow();
    const { messages, status } = somebody.say(getMinerDetails, {});
    expect(status?.code).toBe(0);
    // The uid, field 1, comes again as a number.
    expect([...(messages[0]?.slice(-2) ?? [])]).toEqual([0x08, 7]);
  });
});

describe('bad input', () => {
  const open = (name: string, token: string, somebody: Visitor) =>
    somebody.port.open(name, { authorization: token }, PEER, somebody.now);

  test('any bytes for any method end in messages or a status', () => {
    const calls = Object.keys(device().grpc?.methods ?? {});
    fc.assert(
      fc.property(fc.constantFrom(...calls), fc.uint8Array({ maxLength: 64 }), (name, bytes) => {
        const somebody = visitor();
        const call = open(name, somebody.token ?? '', somebody);
        const said: GrpcSaid[] = [call.receive(bytes, AT)];
        if (call.end !== undefined) said.push(call.end(AT));
        if (call.next !== undefined) said.push(call.next(AT + 1));
        expect(
          said.every(({ status, messages }) => messages.length > 0 || status === undefined || status.code >= 0),
        ).toBe(true);
        expect(somebody.listens).toBe(true);
      }),
      { seed: 20260507, numRuns: RUNS },
    );
  });

  test('any request leaves a machine whose readings are sound', () => {
    const writes: readonly DescMethod[] = [
      ...Object.values(PerformanceService.method),
      ...Object.values(PoolService.method),
      ...Object.values(AdvancedSettingsService.method),
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...writes), fc.uint8Array({ maxLength: 40 })), { maxLength: 6 }),
        (all) => {
          const somebody = visitor();
          for (const [method, bytes] of all)
            open(callOf(method), somebody.token ?? '', somebody).receive(bytes, somebody.now);
          const { minerStats } = somebody.after(60_000).ask(getMinerStats);
          const rate = minerStats?.realHashrate?.last1m?.gigahashPerSecond ?? Number.NaN;
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThan(200_000);
        },
      ),
      { seed: 20260508, numRuns: Math.ceil(RUNS / 4) },
    );
  });

  test('a message that ends too early is told so', () => {
    const somebody = visitor();
    const said = open('braiins.bos.v1.PoolService/SetPoolGroups', somebody.token ?? '', somebody).receive(
      new Uint8Array([0x12, 0x7f, 0x01]),
      AT,
    );
    expect(said.status).toEqual({ code: 13, message: 'failed to decode Protobuf message' });
  });
});

test('two machines of one seed say the same at the same time, however they came there', () => {
  const bytesOf = (somebody: Visitor): readonly Message[] =>
    [getMinerDetails, getHashboards, getMinerStats, getErrors].map((method) =>
      somebody.ask(method as typeof getMinerDetails),
    );
  const walked = new Visitor();
  walked.now = POWERED_AT + 30_000;
  walked.login();
  for (let i = 0; i < 30; i++) walked.after(3 * 60_000).ask(getMinerDetails);
  walked.now = AT;
  expect(bytesOf(walked)).toEqual(bytesOf(visitor()));
  expect(walked.ask(getMinerDetails).$typeName).toBe(GetMinerDetailsResponseSchema.typeName);
});
