import { create, toBinary } from '@bufbuild/protobuf';
import { sha256Hex } from '@headframe/wire/http';
import { describe, expect, test } from 'vitest';
import {
  ActionsService,
  AdvancedSettingsService,
  ApiVersionService,
  AuthenticationService,
  ConfigurationService,
  LicenseService,
  LicenseType,
  MinerService,
  MinerStatus,
  NetworkProtocol,
  NetworkService,
  PerformanceService,
  SystemUpgradeRequestSchema,
  UpgradeService,
} from './contract/index.ts';
import { APPLY, AT, HOUR, MINUTE, SECOND, type Visitor, visitor } from './sim.testing.ts';

const details = (somebody: Visitor) => somebody.ask(MinerService.method.getMinerDetails);
const firmware = (somebody: Visitor) => details(somebody).bosVersion?.current;

describe('a factory reset', () => {
  test('forgets pools, settings and password, and keeps the network', () => {
    const somebody = visitor();
    somebody.ask(NetworkService.method.setNetworkConfiguration, { hostname: 'rig-7' });
    somebody.ask(PerformanceService.method.setPowerTarget, { saveAction: APPLY, powerTarget: { watt: 2000n } });
    somebody.ask(AuthenticationService.method.setPassword, { password: 'p' });
    somebody.ask(AdvancedSettingsService.method.setSettings, { settings: { rambo_mode: 'cautious' } });
    somebody.ask(ActionsService.method.factoryReset);
    expect(somebody.after(2 * SECOND).listens).toBe(false);
    somebody.after(2 * MINUTE).login('anything');
    expect(details(somebody)).toMatchObject({ hostname: 'rig-7', status: MinerStatus.NORMAL });
    const { poolGroups, tuner } = somebody.ask(ConfigurationService.method.getMinerConfiguration);
    expect(poolGroups).toEqual([]);
    expect(tuner?.powerTarget?.watt).toBe(3068n);
    expect(somebody.groups).toEqual([]);
    expect(somebody.ask(AdvancedSettingsService.method.getSettings).settings).toEqual({});
  });
});

describe('the network', () => {
  const { getNetworkConfiguration, setNetworkConfiguration, getNetworkInfo } = NetworkService.method;
  const own = { address: '10.1.2.3', netmask: '255.255.0.0', gateway: '10.1.0.1', dnsServers: ['10.1.0.1', '9.9.9.9'] };

  test('gives an address in a range for documents', () => {
    const somebody = visitor();
    expect(somebody.ask(getNetworkConfiguration).network).toMatchObject({
      protocol: { case: 'dhcp' },
      hostname: expect.stringMatching(/^miner-[0-9a-f]{6}$/),
    });
    const info = somebody.ask(getNetworkInfo);
    expect(info).toMatchObject({ name: 'eth0', protocol: NetworkProtocol.DHCP, defaultGateway: '192.0.2.1' });
    expect(info.networks).toMatchObject([{ address: expect.stringMatching(/^192\.0\.2\./), netmask: '255.255.255.0' }]);
    expect(info.hostname).toBe(`miner-${details(somebody).macAddress.replaceAll(':', '').slice(-6).toLowerCase()}`);
  });

  test('is set by hand and given back', () => {
    const somebody = visitor();
    const set = { protocol: { case: 'static', value: own }, hostname: 'rig-7' } as const;
    expect(somebody.ask(setNetworkConfiguration, set).network).toMatchObject(set);
    expect(somebody.ask(getNetworkInfo)).toMatchObject({
      protocol: NetworkProtocol.STATIC,
      hostname: 'rig-7',
      dnsServers: ['10.1.0.1', '9.9.9.9'],
      networks: [{ address: '10.1.2.3', netmask: '255.255.0.0' }],
      defaultGateway: '10.1.0.1',
    });
    const back = somebody.ask(setNetworkConfiguration, { protocol: { case: 'dhcp', value: {} } }).network;
    expect(back).toMatchObject({ protocol: { case: 'dhcp' }, hostname: 'rig-7' });
    expect(somebody.ask(getNetworkInfo).networks[0]?.address).toMatch(/^192\.0\.2\./);
  });

  test.each([
    ['an address', { ...own, address: '10.1.2.300' }],
    ['a gateway', { ...own, gateway: '' }],
    ['a name server', { ...own, dnsServers: ['dns.example.com'] }],
  ])('is refused with %s that is none', (_, value) => {
    expect(visitor().refusal(setNetworkConfiguration, { protocol: { case: 'static', value } })[0]).toBe(3);
  });

  test('is refused with a host name that is none', () => {
    const refused = visitor().refusal(setNetworkConfiguration, { hostname: 'rig 7' });
    expect(refused).toEqual([3, "hostname 'rig 7' is not valid"]);
  });
});

describe('the licence', () => {
  const { getLicenseState, applyContractKey } = LicenseService.method;

  test('is the standard one, until a contract is applied', () => {
    const somebody = visitor();
    expect(somebody.ask(getLicenseState).state).toMatchObject({
      case: 'valid',
      value: { type: LicenseType.STANDARD, contractName: 'Standard', devFee: { bsp: 250 } },
    });
    expect(somebody.refusal(applyContractKey, { contractKey: 'no key' })).toEqual([3, 'contract key is not valid']);
    expect(somebody.ask(applyContractKey, { contractKey: 'KEY-0123-4567' }).successful).toBe(true);
    expect(somebody.ask(getLicenseState).state).toMatchObject({ value: { type: LicenseType.CUSTOM } });
  });

  test('without one the machine is restricted an hour after its start', () => {
    const somebody = visitor({ quirks: { unlicensed: true } });
    somebody.now -= HOUR + 10 * MINUTE;
    somebody.login();
    expect(somebody.ask(getLicenseState).state).toMatchObject({ case: 'none', value: { timeToRestricted: 640 } });
    expect(details(somebody).status).toBe(MinerStatus.NORMAL);
    somebody.after(11 * MINUTE);
    expect(somebody.ask(getLicenseState).state.case).toBe('limited');
    expect(details(somebody).status).toBe(MinerStatus.RESTRICTED);
    expect(somebody.ask(applyContractKey, { contractKey: 'KEY-0123-4567' }).successful).toBe(false);
  });
});

describe('advanced settings', () => {
  const { getSettings, getSettingsSchema, setSettings, resetAllSettings } = AdvancedSettingsService.method;

  test('are described by a JSON schema', () => {
    const { schema } = visitor().ask(getSettingsSchema);
    expect(schema).toMatchObject({ type: 'object', properties: { min_fan_pwm: { type: 'integer', maximum: 100 } } });
    expect(Object.keys(schema?.properties ?? {})).toEqual([
      'allow_disabling_hashboards_on_nopic_miners',
      'min_fan_pwm',
      'rambo_mode',
    ]);
  });

  test('are changed, cleared with null, and reset', () => {
    const somebody = visitor();
    expect(somebody.ask(getSettings).settings).toEqual({});
    const all = { allow_disabling_hashboards_on_nopic_miners: false, min_fan_pwm: 0, rambo_mode: 'off' };
    expect(somebody.ask(getSettings, { includeDefault: true }).settings).toEqual(all);
    const applied = somebody.ask(setSettings, { settings: { min_fan_pwm: 25, rambo_mode: 'cautious' } }).applied;
    expect(applied).toEqual({ min_fan_pwm: 25, rambo_mode: 'cautious' });
    expect(somebody.ask(setSettings, { settings: { min_fan_pwm: null } }).applied).toEqual({ min_fan_pwm: null });
    expect(somebody.ask(getSettings).settings).toEqual({ rambo_mode: 'cautious' });
    expect(somebody.ask(resetAllSettings).settings).toEqual(all);
    expect(somebody.ask(getSettings).settings).toEqual({});
  });

  test('are all taken or none', () => {
    const somebody = visitor();
    const refused = somebody.refusal(setSettings, { settings: { min_fan_pwm: 25, rambo_mode: 'wild' } });
    expect(refused).toEqual([3, "setting 'rambo_mode' does not fit its schema"]);
    expect(somebody.refusal(setSettings, { settings: { turbo: true } })).toEqual([3, "unknown setting 'turbo'"]);
    expect(somebody.refusal(setSettings, { settings: { constructor: 1 } })[0]).toBe(3);
    expect(somebody.refusal(setSettings, { settings: { min_fan_pwm: 2.5 } })[0]).toBe(3);
    expect(somebody.refusal(setSettings, {})).toEqual([3, 'settings is required']);
    expect(somebody.ask(getSettings).settings).toEqual({});
  });
});

describe('automatic upgrades', () => {
  const { updateAutoUpgradeConfig, getAutoUpgradeStatus } = UpgradeService.method;
  const time = { hours: 3, minutes: 30 };

  test.each([
    // AT is Monday, 5 January 2026, 08:00 UTC.
    ['daily', { case: 'daily', value: { time } }, Date.UTC(2026, 0, 6, 3, 30)],
    ['on Sundays', { case: 'weekly', value: { dayOfWeek: 7, time } }, Date.UTC(2026, 0, 11, 3, 30)],
    ['on Mondays', { case: 'weekly', value: { dayOfWeek: 1, time } }, Date.UTC(2026, 0, 12, 3, 30)],
    ['on the 4th', { case: 'monthly', value: { dayOfMonth: 4, time } }, Date.UTC(2026, 1, 4, 3, 30)],
  ] as const)('%s come up at their time', (_, scheduleType, at) => {
    const somebody = visitor();
    const schedule = { scheduleType } as never;
    const { nextExecution } = somebody.ask(updateAutoUpgradeConfig, { enabled: true, schedule });
    expect(Number(nextExecution?.seconds) * 1000).toBe(at);
    expect(somebody.ask(getAutoUpgradeStatus)).toMatchObject({ enabled: true, schedule: { scheduleType } });
  });

  test('are off at first, and bring the newest release when they are on', () => {
    const somebody = visitor({ name: 's19-26.04' });
    const off = somebody.ask(getAutoUpgradeStatus);
    expect(off).toMatchObject({ enabled: false });
    expect(off.nextExecution).toBeUndefined();
    somebody.ask(updateAutoUpgradeConfig, { enabled: true });
    expect(firmware(somebody)).toBe('2026-04-14-0-912d084c-26.04-plus');
    somebody.now = Date.UTC(2026, 0, 6, 3, 1);
    expect(somebody.listens).toBe(false);
    somebody.after(4 * MINUTE).login();
    expect(firmware(somebody)).toBe('2026-05-07-0-e6eaa788-26.05-plus');
    expect(Number(somebody.ask(getAutoUpgradeStatus).lastExecution?.seconds) * 1000).toBe(Date.UTC(2026, 0, 6, 3));
  });

  test('are refused at a time that there is not', () => {
    const wrong = (value: object) =>
      visitor().refusal(updateAutoUpgradeConfig, { enabled: true, schedule: { scheduleType: value as never } })[0];
    expect(wrong({ case: 'daily', value: { time: { hours: 24, minutes: 0 } } })).toBe(3);
    expect(wrong({ case: 'daily', value: {} })).toBe(3);
    expect(wrong({ case: 'weekly', value: { time } })).toBe(3);
    expect(wrong({ case: 'monthly', value: { dayOfMonth: 31, time } })).toBe(3);
    expect(wrong({ case: undefined })).toBe(3);
  });
});

describe('an upgrade from a file', () => {
  const { systemUpgrade, restoreStock } = UpgradeService.method;
  const file = new TextEncoder().encode('firmware 2025-08-06-0-3881c51d-25.07-plus and what follows');
  const metadata = (over: object = {}) => ({
    case: 'metadata' as const,
    value: { size: BigInt(file.length), hash: sha256Hex(file), ...over },
  });
  const data = (value: Uint8Array) => ({ case: 'data' as const, value });

  /** Sends messages; gives what ended the call. */
  function upload(somebody: Visitor, payloads: readonly (ReturnType<typeof metadata> | ReturnType<typeof data>)[]) {
    const call = somebody.open(systemUpgrade);
    for (const payload of payloads) {
      const bytes = toBinary(SystemUpgradeRequestSchema, create(SystemUpgradeRequestSchema, { payload }));
      const { status } = call.receive(bytes, somebody.now);
      if (status !== undefined) return [status.code, status.message];
    }
    const said = call.end?.(somebody.now);
    return [said?.status?.code, said?.status?.message, said?.messages.length];
  }

  test('brings the release that the file names; settings stay', () => {
    const somebody = visitor();
    somebody.ask(PerformanceService.method.setPowerTarget, { saveAction: APPLY, powerTarget: { watt: 2000n } });
    const pieces = [metadata(), data(file.subarray(0, 20)), data(file.subarray(20))];
    expect(upload(somebody, pieces)).toEqual([0, '', 1]);
    expect(somebody.refusal(ActionsService.method.reboot)).toEqual([10, 'Another system task is already in progress.']);
    expect(somebody.after(2 * MINUTE).listens).toBe(false);
    somebody.after(3 * MINUTE).login();
    expect(firmware(somebody)).toBe('2025-08-06-0-3881c51d-25.07-plus');
    // That release has no UpgradeService and an older contract.
    expect(somebody.ask(ApiVersionService.method.getApiVersion).minor).toBe(7n);
    expect(upload(somebody, pieces)[0]).toBe(12);
    const { tuner } = somebody.ask(ConfigurationService.method.getMinerConfiguration);
    expect(tuner?.powerTarget?.watt).toBe(2000n);
  });

  test('forgets the settings when it is told to', () => {
    const somebody = visitor();
    upload(somebody, [metadata({ discardSettings: true }), data(file)]);
    somebody.after(5 * MINUTE).login();
    expect(somebody.groups).toEqual([]);
  });

  test.each([
    ['without metadata', [data(file)], 3],
    ['with metadata twice', [metadata(), metadata()], 3],
    ['with a hash that is none', [metadata({ hash: 'abc' })], 3],
    ['with a size of nothing', [metadata({ size: 0n })], 3],
    ['with a size beyond all flash', [metadata({ size: 1n << 40n })], 3],
    ['with too many bytes', [metadata(), data(file), data(file)], 8],
    ['with too few bytes', [metadata(), data(file.subarray(1))], 3],
    ['with other bytes', [metadata(), data(file.map((byte) => byte ^ 1))], 3],
    ['with nothing', [], 3],
  ])('is refused %s, and the machine goes on', (_, payloads, code) => {
    const somebody = visitor();
    expect(upload(somebody, payloads)[0]).toBe(code);
    expect(firmware(somebody.after(MINUTE))).toBe('2026-05-07-0-e6eaa788-26.05-plus');
  });

  test('needs a token', () => {
    const somebody = visitor();
    somebody.token = null;
    expect(upload(somebody, [metadata()])[0]).toBe(16);
  });

  test('the stock firmware takes its place for good', () => {
    const somebody = visitor();
    expect(somebody.ask(restoreStock).successful).toBe(true);
    expect(somebody.after(2 * SECOND).listens).toBe(false);
    expect(somebody.after(24 * HOUR).listens).toBe(false);
    expect(somebody.now).toBe(AT + 24 * HOUR + 2 * SECOND);
  });

  test('a Mini Miner has no stock firmware', () => {
    expect(visitor({ name: 'bmm-100-26.04' }).refusal(restoreStock)).toEqual([
      12,
      'Uninstall is not supported on this platform.',
    ]);
  });
});
