import type { ConnectClass, Examination, Exchange } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import {
  apiIs,
  as,
  asked,
  askedAll,
  BAD_BOOT,
  bitaxe,
  DAY,
  DEAF,
  dead,
  deaf,
  examination,
  FROZEN_FIELDS,
  failedAt,
  failing,
  field,
  from,
  HOUR,
  history,
  not,
  pool,
  ports,
  samples,
  shell,
  uart,
} from './examination.testing.ts';

describe('what separates neighbours', () => {
  const first = (examined: Examination) => diagnose(examined).verdicts[0];

  test('one failure at 72 h is not yet a leak', () => {
    expect(first(failing('silent', { history: failedAt(72 * HOUR) }))?.code).toBe('api.blocked');
  });

  test('failures at 59 h and 97 h are none', () => {
    const { ruledOut } = diagnose(failing('silent', { history: failedAt(59 * HOUR, 97 * HOUR) }));
    expect(ruledOut).toContainEqual({
      code: 'resource.leak-periodic',
      why: 'its earlier failures do not lie 60-96 h apart',
    });
  });

  test('failures 70 h apart are a leak though no uptime is known', () => {
    const at = (i: number) => ({ at: 1_766_000_000_000 + i * 70 * HOUR * 1000, uptimeS: null });
    expect(first(failing('silent', { history: history({ failures: [at(0), at(1), at(2)] }) }))?.code).toBe(
      'resource.leak-periodic',
    );
  });

  test('59 days of uptime are not over 60 days', () => {
    expect(first(failing('silent', { history: history({ lastUptimeS: 59 * DAY }) }))?.code).toBe('api.blocked');
  });

  test('20 MB of free memory and /tmp at 90 % are within the marks', () => {
    expect(first(failing('silent', { shell: shell({ freeMemoryMb: 20, tmpUsedPercent: 90 }) }))?.code).toBe(
      'api.blocked',
    );
  });

  test('a peer on the API port is named as the one that blocks it', () => {
    const found = first(failing('silent', { shell: shell({ apiPeers: ['10.0.4.5:51234'] }) }));
    expect(found?.sentence).toContain('10.0.4.5:51234 holds a connection');
    expect(found?.confidence).toBe(0.95);
  });

  test('an answer after the update clears the update', () => {
    const since = history({ firmware: { before: 'a', now: 'b', changedAt: 1000 }, lastAnswerAt: 2000 });
    expect(first(deaf('refused', { history: since }))?.code).toBe('api.not-listening');
  });

  test('a list that lets everybody in is not why it closes', () => {
    const open = shell({ config: { path: '/config/cgminer.conf', listen: 'true', network: 'true', allow: 'W:0/0' } });
    expect(diagnose(failing('closed-empty', { shell: open })).ruledOut).toContainEqual({
      code: 'api.address-not-allowed',
      why: 'its list lets everybody in: W:0/0',
    });
  });

  test('two of the three of step 16 are no shipment', () => {
    expect(diagnose(dead({ uart: BAD_BOOT })).verdicts.map(({ code }) => code)).not.toContain('board.to-repair');
    expect(diagnose(dead({ told: { reflashFailed: true } })).verdicts[0]?.code).toBe('machine.dead');
  });

  test('one moving fan is no frozen telemetry', () => {
    const fields = [...FROZEN_FIELDS, field('fan2', 'sensor', 5880, 5940, 5880)];
    expect(first(examination({ samples: samples(60, fields) }))?.code).toBe('healthy');
  });

  test('shares that are counted beside four sensors that stand still are frozen telemetry', () => {
    const fields = [
      field('Elapsed', 'clock', 1, 31, 61),
      field('Accepted', 'counter', 900, 902, 905),
      ...['temp1', 'temp2', 'fan1', 'fan2'].map((name) => field(name, 'sensor', 70, 70, 70)),
    ];
    expect(first(examination({ samples: samples(60, fields) }))?.code).toBe('telemetry.frozen');
  });

  test('reading without writing is healthy', () => {
    const api = [...askedAll('answered'), asked('privileged', 'denied', { vendorCode: '45' })];
    const { verdicts, remarks } = diagnose(examination({ subject: as('avalon'), api }));
    expect(verdicts[0]?.code).toBe('healthy');
    expect(remarks).toContain('our address may read and not write here, which is as it should be for a monitor');
  });

  test('commands that a machine does not have are no fault', () => {
    const api = [...askedAll('answered'), asked('coin', 'refused-by-code', { vendorCode: '14' })];
    expect(first(examination({ api }))?.code).toBe('healthy');
  });

  test('noise on the serial console is another speed before it is a dead board', () => {
    const noisy = dead({ uart: uart({ isSilent: true, isNoise: true, lines: 0 }), told: { reflashFailed: true } });
    expect(diagnose(noisy).verdicts.map(({ code }) => code)).toEqual(['machine.dead', 'board.boot-storage']);
  });

  test('a log with Address already in use is old where something listens: what refuses stands between', () => {
    const listens = shell({ listensOn: ['0.0.0.0:4028'], logLines: ['API bind to port 4028 failed'] });
    expect(diagnose(deaf('refused', { shell: listens })).ruledOut).toContainEqual({
      code: 'api.not-listening',
      why: 'it listens on 0.0.0.0:4028: what refuses stands between',
    });
  });

  test('a web server that knows none of the paths of a Bitaxe is an unknown device', () => {
    const other = bitaxe('open', { api: [asked('GET /api/system/info', 'refused-by-code', { vendorCode: '404' })] });
    expect(first(other)?.code).toBe('device.unknown');
  });

  test('a command that went unanswered and was answered on the second look is no silence', () => {
    const later = { ...asked('stats', 'silent'), at: 9e12 };
    const api = [asked('version'), asked('summary', 'silent'), later];
    expect(first(examination({ ...DEAF, api, again: [asked('summary')] }))?.code).toBe('reply.partial');
  });

  test('4028 silent here and refused elsewhere is a filter and no listener', () => {
    const { verdicts } = diagnose(deaf('timed-out', { vantage: [from('refused')] }));
    expect(verdicts.map(({ code }) => code)).toEqual(['network.filtered', 'api.not-listening', 'own-host.firewall']);
    for (const { confidence } of verdicts) expect(confidence).toBeLessThan(0.8);
  });
});

const FAMILIES = [
  ['antminer', 4028],
  ['braiins', 4028],
  ['luxos', 4028],
  ['dcent', 4028],
  ['whatsminer', 4028],
  ['avalon', 4028],
  ['axeos', 80],
  ['nerdqaxe', 80],
  ['ethminer', 3333],
  ['cgminer', 4028],
  ['epic', 4028],
  ['elphapex', 80],
  ['sealminer', 4028],
] as const;

describe.each(FAMILIES)('of %s', (family, apiPort) => {
  const subject = as(family, apiPort);
  const isAxe = family === 'axeos' || family === 'nerdqaxe';
  const code = (examined: Examination) => diagnose(examined).verdicts[0]?.code;
  const onPort = (is: ConnectClass, more: Partial<Examination> = {}) =>
    code(
      deaf(is, { subject, ports: apiIs(is, apiPort), page: not('it is not asked'), pool: not('no account'), ...more }),
    );
  const ending = (outcome: Exchange['outcome']) =>
    code(failing(outcome, { subject, ports: apiIs('open', apiPort), pool: not('no account') }));

  test('an API that is refused', () => {
    expect(onPort('refused')).toBe(isAxe ? 'axeos.refused' : 'api.not-listening');
  });

  test('an API that is silent to the connection, here and elsewhere', () => {
    const vantage = [from('timed-out', apiPort)];
    expect(onPort('timed-out', { vantage })).toBe(isAxe ? 'axeos.timed-out' : 'network.filtered');
    expect(onPort('timed-out')).toBe(isAxe ? 'axeos.timed-out' : 'network.filtered');
  });

  test('an API that is silent here and answers elsewhere', () => {
    expect(onPort('timed-out', { vantage: [from('open', apiPort)] })).toBe('own-host.firewall');
  });

  test('an API that accepts, and closes or is silent', () => {
    expect(ending('closed-empty')).toBe(isAxe ? 'axeos.refused' : 'api.address-not-allowed');
    expect(ending('silent')).toBe(isAxe ? 'axeos.timed-out' : 'api.blocked');
  });

  test('replies that are cut', () => {
    expect(ending('partial')).toBe('reply.partial');
  });

  test('a machine of which nothing answers, with and without shares', () => {
    const silent = ports({ [apiPort]: 'timed-out', 22: 'timed-out', 443: 'timed-out' });
    expect(code(dead({ subject, ports: silent }))).toBe('machine.dead');
    expect(code(dead({ subject, ports: silent, pool: pool(30) }))).toBe('telemetry.only');
  });

  test('a machine that answers', () => {
    expect(code(examination({ subject, ports: apiIs('open', apiPort) }))).toBe('healthy');
  });
});
