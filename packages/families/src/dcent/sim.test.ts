import { describe, expect, test } from 'vitest';
import {
  AT,
  ask,
  code,
  type Doc,
  device,
  first,
  MINUTE,
  message,
  number,
  POWERED_AT,
  SECOND,
  send,
} from './sim.testing.ts';

describe('the wire', () => {
  test('a reply is one JSON object with sorted keys, without NUL and newline, and the connection ends', () => {
    const reaction = device().cgminer?.receive(Buffer.from('{"command":"coin"}\n'), { address: '::1' }, AT);
    expect(reaction?.end).toBe('fin');
    expect(Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('utf8')).toBe(
      `{"COIN":[{"Current Block Hash":"","Current Block Time":0.0,"Hash Method":"sha256d","LP":true,"Network Difficulty":0.0}],"STATUS":[{"Code":78,"Description":"dcentrald/0.9.0","Msg":"Coin","STATUS":"S","When":${AT / 1000}}],"id":1}`,
    );
  });

  test('the port takes 32 connections, 4096 bytes, and 5 s of silence', () => {
    const port = device().cgminer;
    expect([port?.port, port?.lines?.most, port?.maxRequestBytes, port?.idleMs]).toEqual([4028, 32, 4096, 5000]);
    expect(port?.admits({ address: '203.0.113.7' })).toBe(true);
  });

  test.each([
    ['summary', 'S', 11],
    ['summary\n', 'S', 11],
    ['SUMMARY\r\n', 'S', 11],
    ['Summary|\n', 'S', 11],
    ['summary\0\n', 'S', 11],
    ['{"command":"SuMMary"}', 'S', 11],
    ['{"command":"summary","parameter":7}\n', 'S', 11],
    ['{"command":"summary","parameter":""}\n', 'S', 11],
    ['check|summary\n', 'S', 72],
    ['{"command":"summary"\n', 'E', 14],
    ['{}}\n', 'E', 14],
    ['[1]\n', 'E', 14],
    ['\n', 'E', 14],
    ['summary |x\n', 'E', 14],
  ])('a request %j gets %s %d, in JSON whatever its form', (request, status, number) => {
    expect(code(JSON.parse(send(device(), request)) as Doc)).toEqual([status, number]);
  });

  test.each(['', '{"cmd":"summary"}\n', '{"command":7}\n', '{"command":["summary"]}\n'])(
    'a request %j gets no answer at all',
    (request) => expect(send(device(), request)).toBe(''),
  );

  test('an unknown command is told by its name, in lower case', () => {
    expect(message(ask(device(), 'EDevs'))).toBe('Invalid command: edevs');
    expect(message(JSON.parse(send(device(), '{"command":"summary"\n')) as Doc)).toBe(
      'Invalid command: {"command":"summary"',
    );
  });

  test.each(
    'edevs estats lcd asc poolpriority poolquota save privileged lockstats debug pgacount fans temps tempctrl power profiles tunerstatus psuget atm reboot constructor __proto__ tostring'.split(
      ' ',
    ),
  )('%s is unknown', (name) => {
    expect([name, ...code(ask(device(), name))]).toEqual([name, 'E', 14]);
  });

  test('it answers when the daemon has started', () => {
    const machine = device();
    expect([39, 40].map((s) => machine.listening('cgminer', POWERED_AT + s * SECOND))).toEqual([false, true]);
    expect(machine.listening('http', AT)).toBe(false);
  });
});

describe('joined commands', () => {
  test('come under one status with code 22, each with its section beside the others', () => {
    const doc = ask(device(), 'version+summary+POOLS');
    expect(Object.keys(doc).sort()).toEqual(['POOLS', 'STATUS', 'SUMMARY', 'VERSION', 'id']);
    expect(doc.STATUS).toHaveLength(1);
    expect(doc.STATUS?.[0]).toMatchObject({ STATUS: 'S', Code: 22, Msg: 'Batch' });
  });

  test('that are unknown, refused or empty are missing without a word', () => {
    expect(Object.keys(ask(device(), 'version+nonsense++check')).sort()).toEqual(['STATUS', 'VERSION', 'id']);
    expect(code(ask(device(), 'nonsense+lcd'))).toEqual(['S', 22]);
  });

  test('with a parameter are refused, an empty one of the text form included', () => {
    expect(code(ask(device(), 'version+summary', AT, 'x'))).toEqual(['E', 14]);
    expect(code(JSON.parse(send(device(), 'version+summary|\n')) as Doc)).toEqual(['E', 14]);
  });

  test.each(['summary+restart', 'quit+summary', 'version+addpool', 'version+ curtail'])('%s is refused', (names) => {
    const machine = device();
    expect(code(ask(machine, names))).toEqual(['E', 14]);
    expect(message(ask(machine, names))).toContain('cannot be batched');
    expect(machine.listening('cgminer', AT + 3 * SECOND)).toBe(true);
  });
});

describe('what it says', () => {
  test.each([
    ['version', 22, 'VERSION'],
    ['summary', 11, 'SUMMARY'],
    ['stats', 70, 'STATS'],
    ['pools', 7, 'POOLS'],
    ['devs', 9, 'DEVS'],
    ['devdetails', 69, 'DEVDETAILS'],
    ['config', 33, 'CONFIG'],
    ['coin', 78, 'COIN'],
    ['asccount', 104, 'ASCS'],
    ['notify', 60, 'NOTIFY'],
    ['metrics', 70, 'METRICS'],
    ['events', 22, 'EVENTS'],
    ['systemaudit', 22, 'SYSTEMAUDIT'],
    ['limits', 33, 'LIMITS'],
    ['healthchipget', 9, 'HEALTHCHIP'],
  ])('%s has code %d and section %s, without a session', (command, number, section) => {
    const doc = ask(device(), command);
    expect(code(doc)).toEqual(['S', number]);
    expect(Array.isArray(doc[section])).toBe(true);
    expect(doc.id).toBe(1);
  });

  test.each([
    ['s9', 'Antminer S9'],
    ['s19j-pro', 'Antminer S19j Pro'],
  ])('version of a %s: the hardware by its name, the firmware by its own', (name, model) => {
    expect(first(device({}, name), 'version', 'VERSION')).toMatchObject({
      CGMiner: 'dcentrald/0.9.0',
      BMMiner: 'dcentrald/0.9.0',
      Miner: 'dcentrald/0.9.0',
      API: '3.7',
      Type: model,
      Firmware: 'DCENTOS',
      DCENTOS: '0.9.0',
    });
  });

  test.each([
    ['s9', 14_005, [6, 7, 8], 63, 2, 650, 8.6, 'BM1387'],
    ['s19j-pro', 103_950, [1, 2, 3], 126, 4, 500, 13.7, 'BM1362'],
  ] as const)(
    'a %s has its chains under their own numbers and its fans',
    (name, ghs, chains, chips, fans, mhz, volts, chip) => {
      const machine = device({}, name);
      const [flat, ...rows] = ask(machine, 'stats').STATS ?? [];
      expect(flat).toMatchObject({ STATS: 0, ID: 'BMMiner0', miner_count: 3, fan_num: fans, freq_avg: mhz });
      expect(flat).toMatchObject({ chain_acn1: chips, chain_acn3: chips, chain_voltage2: volts, chain_xtime3: 'o' });
      expect(Math.round(Number(flat?.total_rateideal))).toBe(ghs);
      expect(Math.abs(Number(flat?.total_rate) - ghs) / ghs).toBeLessThan(0.06);
      expect([flat?.[`fan${fans}`], flat?.[`fan${fans + 1}`]]).toEqual([expect.any(Number), undefined]);
      expect(rows.map((row) => row.STATS)).toEqual(chains);
      expect(rows.map((row) => row.ID)).toEqual(chains.map((id) => `CHAIN${id}`));
      expect(ask(machine, 'devs').DEVS?.map((dev) => [dev.ASC, dev.Name, dev.Status])).toEqual(
        chains.map((id, place) => [place, `chain${id}`, 'Alive']),
      );
      expect(ask(machine, 'devdetails').DEVDETAILS?.[1]).toEqual({
        DEVDETAILS: 1,
        Name: chip,
        ID: 1,
        Driver: 'bitmain',
        Kernel: '',
        Model: first(machine, 'version', 'VERSION').Type,
        'Device Path': `chain${chains[1]}`,
      });
      expect(first(machine, 'asccount', 'ASCS')).toEqual({ Count: 3 });
    },
  );

  test('one temperature per board stands under three names, in the digits of a 32-bit float', () => {
    const [flat] = ask(device(), 'stats').STATS ?? [];
    expect([flat?.temp1, flat?.temp2_1]).toEqual([flat?.temp_chip1, flat?.temp_chip1]);
    const texts = [...send(device(), 'devs\n').matchAll(/"Temperature":([0-9.]+)/g)].map(([, text]) => text ?? '');
    expect(texts).toHaveLength(3);
    for (const text of texts) expect(Math.fround(Number(text))).toBe(Number(text));
  });

  test('summary: the 5 s differ, the longer windows repeat the mean since the start, GHS are MHS', () => {
    const summary = first(device(), 'summary', 'SUMMARY') as Record<string, number>;
    expect(summary.Elapsed).toBe(2 * 3600 - 40);
    expect(['1m', '5m', '15m'].map((window) => summary[`MHS ${window}`])).toEqual(Array(3).fill(summary['MHS av']));
    expect(summary['MHS 5s']).not.toBe(summary['MHS av']);
    expect(summary['GHS 5s']).toBeCloseTo((summary['MHS 5s'] ?? 0) / 1000, 6);
    expect(summary['Total MH']).toBeCloseTo((summary['MHS av'] ?? 0) * (summary.Elapsed ?? 0), -3);
    expect(summary.Utility).toBeCloseTo((summary.Accepted ?? 0) / ((summary.Elapsed ?? 1) / 60), 9);
    expect(String(summary.MAC)).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    expect([summary.Hostname, summary.hostname]).toEqual(['dcentos', 'dcentos']);
    expect(summary._DCENTUnsupported).toHaveLength(13);
  });

  test('shares are counted for the machine: chains say 0 and that they do not know', () => {
    const machine = device();
    const summary = first(machine, 'summary', 'SUMMARY');
    expect(Number(summary.Accepted)).toBeGreaterThan(1000);
    expect(ask(machine, 'pools').POOLS?.map((pool) => pool.Accepted)).toEqual([summary.Accepted, 0]);
    for (const dev of ask(machine, 'devs').DEVS ?? []) {
      expect([dev.Accepted, dev.Rejected]).toEqual([0, 0]);
      expect(dev._DCENTUnsupported).toContain('Accepted');
    }
  });

  test('pools: the worker is masked, the order is the priority', () => {
    const [one, two] = ask(device(), 'pools').POOLS ?? [];
    expect(one).toMatchObject({ POOL: 0, URL: 'stratum+tcp://pool.example.com:3333', Status: 'Alive', Priority: 0 });
    expect(one).toMatchObject({ 'Stratum Active': true, 'Work Difficulty': 8192, 'Long Poll': 'N' });
    expect(two).toMatchObject({ POOL: 1, Status: 'Standby', Priority: 1, 'Stratum Active': false });
    expect(one?.User).toMatch(/^accoun…-\d{3}$|^accoun….{4}$/);
    const age = AT / 1000 - Number(one?.['Last Share Time']);
    expect(age >= 0 && age < 60).toBe(true);
  });

  test('config says one pool whatever there is, check knows commands in lower case only', () => {
    const machine = device();
    expect(first(machine, 'config', 'CONFIG')).toMatchObject({ 'ASC Count': 3, 'Pool Count': 1, Strategy: 'Failover' });
    const known = (name: string) => ask(machine, 'check', AT, name).CHECK?.[0];
    expect(known(' addpool ')).toEqual({ Exists: 'Y', Access: 'Y' });
    expect(known('quit')).toEqual({ Exists: 'Y', Access: 'Y' });
    expect(known('Summary')).toEqual({ Exists: 'N', Access: 'N' });
    expect(known('edevs')).toEqual({ Exists: 'N', Access: 'N' });
    expect(code(ask(machine, 'check'))).toEqual(['E', 71]);
  });

  test('events: the last accepted shares, newest first, with the worker unmasked', () => {
    const events = ask(device(), 'events').EVENTS ?? [];
    expect(events).toHaveLength(32);
    const times = events.map((event) => Number(event.timestampMs));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times[0]).toBeLessThanOrEqual(AT);
    expect(events[0]).toMatchObject({ result: 'accepted', targetDifficulty: 8192, errorCode: null });
    expect(String(events[0]?.workerName)).toMatch(/^account\.antminer-s9-\d{1,3}$/);
    for (const event of events) expect(Number(event.difficulty)).toBeGreaterThanOrEqual(8192);
    const best = number(device(), 'summary', 'SUMMARY', 'Best Share');
    expect(best).toBeGreaterThanOrEqual(Math.max(...events.map((event) => Number(event.difficulty))));
  });

  test('metrics: 0 W before the first reading, then an estimate that says that it is one', () => {
    const machine = device();
    const soon = first(machine, 'metrics', 'METRICS', POWERED_AT + 45 * SECOND);
    expect(soon).toMatchObject({ Power: 0, 'Wall Power': 0, 'Power Live Available': false });
    const later = first(machine, 'metrics', 'METRICS');
    expect(later).toMatchObject({
      'Power Source': 'live',
      'Power Modeled': true,
      'Power Calibration Multiplier': null,
    });
    expect(Number(later['Wall Power'])).toBeGreaterThan(1250);
    expect(Number(later['Wall Power'])).toBeLessThan(1450);
    expect(Number(later.Power)).toBeLessThan(Number(later['Wall Power']));
  });

  test('limits are the same for every model', () => {
    for (const name of ['s9', 's19j-pro']) {
      expect(first(device({}, name), 'limits', 'LIMITS')).toMatchObject({
        voltage_mv: { min: 5000, max: 14_500, default: 13_700 },
        frequency_mhz: { min: 100, max: 900, default: 500 },
        fan_pwm: { min: 0, max: 100, default: 30 },
      });
    }
  });

  test('the same seed, time and writes give the same bytes, however often it was asked before', () => {
    const all = 'version+summary+stats+pools+devs+notify+metrics+events+healthchipget+systemaudit+session\n';
    const asked = device();
    for (let i = 0; i < 50; i++) send(asked, all, POWERED_AT + i * MINUTE);
    expect(send(asked, all)).toBe(send(device(), all));
    expect(send(device({}, 's9', 4), all)).not.toBe(send(device(), all));
  });
});
