import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { BraiinsDouble } from './double.testing.ts';
import { errorOf, prepare } from './perform.testing.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function fetched(machine: BraiinsDouble, name: string, given: Record<string, unknown> = {}) {
  const links = machine.links();
  const prepared = await prepare(links, name, given);
  expect(prepared.steps).toEqual([]);
  const download = await prepared.download?.(links);
  return { name: download?.name, text: new TextDecoder().decode(download?.bytes), prepared };
}

const overRest = (): BraiinsDouble => {
  const machine = new BraiinsDouble();
  machine.open.grpc = false;
  return machine;
};

describe('a log', () => {
  test('comes in pieces over gRPC', async () => {
    const machine = new BraiinsDouble();
    machine.streams.set('GetLog', [bytes('one\ntw'), bytes(''), bytes('o\n')]);
    expect(await fetched(machine, 'downloadLogs')).toMatchObject({ name: 'braiins-bosminer.log', text: 'one\ntwo\n' });
    expect(machine.heard.at(-1)).toEqual({ door: 'grpc', method: 'GetLog', message: { log_type: 2 } });
  });

  test('comes at once over REST', async () => {
    const machine = overRest();
    machine.streams.set('GetLog', [bytes('boot\n')]);
    expect(await fetched(machine, 'downloadLogs', { log: 'dmesg' })).toMatchObject({
      name: 'braiins-dmesg.log',
      text: 'boot\n',
    });
    expect(machine.requests.at(-1)?.line).toBe('GET /api/v1/miner/log/dmesg');
  });

  test.each([
    ['errors', 1],
    ['boser', 3],
    ['monitor', 4],
    ['syslog', 5],
    ['dmesg', 6],
  ])('of the name %s is number %d', async (log, number) => {
    const machine = new BraiinsDouble();
    await fetched(machine, 'downloadLogs', { log });
    expect(machine.heard.at(-1)?.message).toEqual({ log_type: number });
  });

  test('that breaks off in the middle is an error, not half a log', async () => {
    const machine = new BraiinsDouble();
    machine.streams.set('GetLog', [bytes('one'), new HeadframeError('link/reset')]);
    expect((await errorOf(() => fetched(machine, 'downloadLogs'))).code).toBe('link/reset');
  });

  test('that never ends is given up at its limit', async () => {
    const machine = new BraiinsDouble();
    const piece = new Uint8Array(3 * 1024 * 1024);
    machine.streams.set(
      'GetLog',
      Array.from({ length: 40 }, () => piece),
    );
    const error = await errorOf(() => fetched(machine, 'downloadLogs'));
    expect(error).toMatchObject({ code: 'link/too-large', context: { limit: '64 MiB' } });
  });
});

describe('the archive for support', () => {
  test.each([
    ['zip', 1, 'zip', 'braiins-support-archive.zip'],
    ['bos', 2, 'bos', 'braiins-support-archive.bos'],
    ['zip-encrypted', 3, 'zipencrypted', 'braiins-support-archive.zip'],
  ])('comes as %s through both doors', async (format, number, word, name) => {
    const machine = new BraiinsDouble();
    machine.streams.set('GetSupportArchive', [bytes('PK'), bytes('..')]);
    expect(await fetched(machine, 'braiins.supportarchive', { format })).toMatchObject({ name, text: 'PK..' });
    expect(machine.heard.at(-1)?.message).toEqual({ format: number });
    machine.open.grpc = false;
    expect(await fetched(machine, 'braiins.supportarchive', { format })).toMatchObject({ name, text: 'PK..' });
    expect(machine.requests.at(-1)).toEqual({ line: 'GET /api/v1/miner/support-archive', body: { format: word } });
  });
});

describe('the state of a machine', () => {
  const lines = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  test('is listened to for as long as was asked', async () => {
    const machine = new BraiinsDouble();
    const at = machine.now;
    const states = [{ status: 2 }, { status: 3 }, { status: 2 }, { status: 2 }];
    machine.streams.set('GetMinerStatus', states);
    // Each takes four seconds to come.
    const links = { ...machine.links(), clock: { now: () => (machine.now += 2_000) } };
    const prepared = await prepare(links, 'braiins.minerstatus', { seconds: 10 });
    const download = await prepared.download?.(links);
    const heard = lines(new TextDecoder().decode(download?.bytes)) as { at: number; status: number }[];
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.length).toBeLessThan(4);
    expect(heard[0]).toMatchObject({ status: 2 });
    expect(heard[0]?.at).toBeGreaterThan(at);
  });

  test('that does not change is what came until then', async () => {
    const machine = new BraiinsDouble();
    machine.streams.set('GetMinerStatus', [{ status: 5 }, new HeadframeError('link/timed-out-waiting')]);
    const { text } = await fetched(machine, 'braiins.minerstatus', { seconds: 1 });
    expect(lines(text)).toEqual([{ at: machine.now, status: 5 }]);
  });

  test('of a machine that says nothing at all is an error', async () => {
    const machine = new BraiinsDouble();
    machine.streams.set('GetMinerStatus', [new HeadframeError('link/timed-out-waiting')]);
    const error = await errorOf(() => fetched(machine, 'braiins.minerstatus'));
    expect(error.code).toBe('link/timed-out-waiting');
  });

  test('is told once over REST', async () => {
    const { text } = await fetched(overRest(), 'braiins.minerstatus');
    expect(lines(text)).toMatchObject([{ status: 2 }]);
  });
});

describe('a document', () => {
  test.each([
    ['braiins.constraints', 'GetConstraints'],
    ['braiins.targetprofiles', 'ListTargetProfiles'],
    ['braiins.efficiencyprofile', 'GetMinerEfficiencyProfile'],
    ['braiins.performancemode', 'GetActivePerformanceMode'],
    ['braiins.license', 'GetLicenseState'],
    ['braiins.autoupgradestatus', 'GetAutoUpgradeStatus'],
    ['braiins.networkconfiguration', 'GetNetworkConfiguration'],
    ['braiins.settings', 'GetSettings'],
    ['braiins.settingsschema', 'GetSettingsSchema'],
  ])('%s is the reply of %s', async (name, method) => {
    const machine = new BraiinsDouble();
    const { text } = await fetched(machine, name);
    expect(machine.heard.at(-1)?.method).toBe(method);
    expect(Object.keys(JSON.parse(text) as object).length).toBeGreaterThan(0);
  });

  test('of the configuration has no password in it', async () => {
    for (const machine of [new BraiinsDouble(), overRest()]) {
      const { text } = await fetched(machine, 'braiins.configuration');
      expect(text).toContain('stratum+tcp://one.example:3333');
      expect(text).not.toContain('secret-one');
      expect(text).toContain('••••••');
    }
  });

  test.each(['braiins.efficiencyprofile', 'braiins.settings', 'braiins.settingsschema'])(
    '%s is nothing that REST has, which is said before anything is asked',
    async (name) => {
      const error = await errorOf(() => fetched(overRest(), name));
      expect(error.code).toBe('support/unsupported');
      expect(error.message).toContain('port 50051 has');
    },
  );

  test('of settings is with or without what nobody changed', async () => {
    const machine = new BraiinsDouble();
    const { text } = await fetched(machine, 'braiins.settings', { defaults: 'off' });
    expect(JSON.parse(text)).toEqual({ settings: { min_fan_pwm: 25 } });
    expect(machine.heard.at(-1)?.message).toEqual({ include_default: false });
  });
});
