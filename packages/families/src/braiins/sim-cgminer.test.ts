import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from './sim.testing.ts';
import { Caller } from './sim-doors.testing.ts';

const STATUS = ['STATUS', 'When', 'Code', 'Msg', 'Description'];

/** Members in their order, as public replies have them (BOSminer 0.2.0 and 0.4.0, BOSer of 2023, the vendor's page). */
const MEMBERS: Readonly<Record<string, string>> = {
  SUMMARY:
    'Accepted,Best Share,Device Hardware%,Device Rejected%,Difficulty Accepted,Difficulty Rejected,Difficulty Stale,' +
    'Discarded,Elapsed,Found Blocks,Get Failures,Getworks,Hardware Errors,Last getwork,Local Work,MHS 15m,MHS 1m,MHS 24h,' +
    'MHS 5m,MHS 5s,MHS av,Network Blocks,Pool Rejected%,Pool Stale%,Rejected,Remote Failures,Stale,Total MH,Utility,' +
    'Work Utility',
  POOLS:
    'Accepted,AsicBoost,Bad Work,Best Share,Current Block Height,Current Block Version,Diff1 Shares,Difficulty Accepted,' +
    'Difficulty Rejected,Difficulty Stale,Discarded,Get Failures,Getworks,Has GBT,Has Stratum,Has Vmask,' +
    'Last Share Difficulty,Last Share Time,Long Poll,POOL,Pool Rejected%,Pool Stale%,Priority,Proxy,Proxy Type,Quota,' +
    'Rejected,Remote Failures,Stale,Status,Stratum Active,Stratum Difficulty,Stratum URL,URL,User,Work Difficulty,Works',
  DEVS:
    'ASC,Accepted,Device Elapsed,Device Hardware%,Device Rejected%,Diff1 Work,Difficulty Accepted,Difficulty Rejected,' +
    'Enabled,Hardware Error MHS 15m,Hardware Errors,ID,Last Share Difficulty,Last Share Pool,Last Share Time,' +
    'Last Valid Work,MHS 15m,MHS 1m,MHS 5m,MHS 5s,MHS av,Name,Nominal MHS,Rejected,Status,Temperature,Total MH,Utility',
  DEVDETAILS: 'Chips,Cores,DEVDETAILS,Device Path,Driver,Frequency,ID,Kernel,Model,Name,Voltage',
  FANS: 'FAN,ID,RPM,Speed',
  TEMPS: 'Board,Chip,ID,TEMP',
  TEMPCTRL: 'Dangerous,Hot,Mode,Target',
  TUNERSTATUS:
    'ApproximateChainPowerConsumption,ApproximateMinerPowerConsumption,DynamicPowerScaling,PowerLimit,TunerChainStatus',
};

describe('port 4028 of BraiinsOS', () => {
  test('says BOSer since 22.08, in the bytes of a capture, and BOSminer before', () => {
    const s9 = new Caller({ name: 's9-22.08' });
    expect(s9.say('version')).toBe(
      `{"STATUS":[{"STATUS":"S","When":${s9.now / 1000},"Code":22,"Msg":"BOSer versions",` +
        '"Description":"BOSer boser-openwrt 0.1.0-11012d53"}],"VERSION":[{"API":"3.7",' +
        '"BOSer":"boser-openwrt 0.1.0-11012d53"}],"id":1}',
    );
    const { VERSION, STATUS: status } = new Caller({ name: 's9-21.09' }).command('version');
    expect(VERSION).toEqual([{ API: '3.7', BOSminer: expect.stringMatching(/^bosminer-plus-am1-s9 /) }]);
    expect(status[0].Msg).toBe('BOSminer versions');
  });

  test.each(Object.entries(MEMBERS))('has the members of public replies in %s, in their order', (section, members) => {
    const { STATUS: status, ...reply } = new Caller().command(section.toLowerCase());
    expect(Object.keys(status[0])).toEqual(STATUS);
    expect(Object.keys(reply)).toEqual([section, 'id']);
    for (const record of reply[section]) expect(Object.keys(record).join()).toBe(members);
  });

  test.each([
    ['config', 33, 'CONFIG'],
    ['edevs', 9, 'DEVS'],
    ['stats', 70, 'STATS'],
    ['estats', 70, 'STATS'],
    ['asccount', 104, 'ASCS'],
    ['coin', 78, 'COIN'],
    ['lcd', 125, 'LCD'],
    ['tempctrl', 200, 'TEMPCTRL'],
    ['temps', 201, 'TEMPS'],
    ['fans', 202, 'FANS'],
    ['tunerstatus', 203, 'TUNERSTATUS'],
  ])('answers %s with code %d', (command, code, section) => {
    const reply = new Caller().command(command);
    expect(reply.STATUS[0]).toMatchObject({ STATUS: 'S', Code: code });
    expect(reply[section].length).toBeGreaterThan(0);
  });

  test('writes numbers with decimals with a point, and compact', () => {
    const text = new Caller().say('temps');
    expect(text).toMatch(/"TEMPS":\[\{"Board":\d+\.\d+,"Chip":\d+\.\d+,"ID":1,"TEMP":0\},/);
    expect(text).not.toContain(' "');
  });

  test('has the chains of an S9 under their numbers 6 to 8, with Hz and a maker before 22.08', () => {
    const old = new Caller({ name: 's9-21.09' }).command('devdetails').DEVDETAILS;
    expect(
      old.map(({ ID, Name, Model, Chips, Cores }: Record<string, unknown>) => [ID, Name, Model, Chips, Cores]),
    ).toEqual([6, 7, 8].map((id) => [id, `Hash Chain ${id}`, 'Bitmain Antminer S9', 63, 7182]));
    expect(old[0].Frequency).toBeGreaterThan(500_000_000);
    const [newer] = new Caller({ name: 's9-22.08' }).command('devdetails').DEVDETAILS;
    expect(newer).toMatchObject({ Name: 'HashchainManager 6', Model: 'Antminer S9' });
    expect(newer.Frequency).toBeLessThan(1000);
  });

  test('joins commands, each with a reply of its own', () => {
    const joined = new Caller().command('version+fans+temps');
    expect(Object.keys(joined)).toEqual(['version', 'fans', 'temps', 'id']);
    expect(joined.fans[0].FANS).toHaveLength(4);
  });

  test('names one chain by its place, and refuses others', () => {
    const somebody = new Caller();
    expect(somebody.command('asc', 2).ASC[0]).toMatchObject({ ASC: 2, ID: 3 });
    expect(somebody.command('asc').STATUS[0]).toMatchObject({ STATUS: 'E', Code: 15 });
    expect(somebody.command('asc', 3).STATUS[0]).toMatchObject({ Code: 107, Msg: 'Invalid ASC id 3 - range is 0 - 2' });
    expect(somebody.command('ascset', '0,freq,500').STATUS[0]).toMatchObject({ Code: 14, Msg: 'Invalid command' });
    expect(somebody.command('check', 'tunerstatus').CHECK).toEqual([{ Exists: 'Y', Access: 'Y' }]);
    expect(somebody.command('check', 'quit').CHECK).toEqual([{ Exists: 'N', Access: 'N' }]);
  });

  test('pauses and resumes, with the word true for a section', () => {
    const somebody = new Caller();
    const { STATUS: status, ...paused } = somebody.command('pause');
    expect(status[0]).toMatchObject({ STATUS: 'S', Code: 204, Msg: 'Pause' });
    expect(paused).toEqual({ PAUSE: [true], id: 1 });
    somebody.after(10 * MINUTE);
    expect(somebody.command('summary').SUMMARY[0]['MHS 5s']).toBe(0);
    const [tuner] = somebody.command('tunerstatus').TUNERSTATUS;
    expect(tuner.TunerChainStatus[0]).toMatchObject({ TunerRunning: false, Status: expect.stringContaining('paused') });
    expect(tuner.ApproximateChainPowerConsumption).toBe(0);
    expect(somebody.command('resume')).toMatchObject({ STATUS: [{ Code: 205, Msg: 'Resume' }], RESUME: [true] });
    expect(somebody.after(10 * MINUTE).command('summary').SUMMARY[0]['MHS 5s']).toBeGreaterThan(1e7);
  });

  test('has nothing but its version while the mining program is stopped', () => {
    const somebody = new Caller().login();
    somebody.rest('PUT', 'actions/stop');
    expect(somebody.command('summary')).toMatchObject({ STATUS: [{ STATUS: 'E', Msg: 'BOSminer is not running' }] });
    expect(somebody.command('pause').STATUS[0].STATUS).toBe('E');
    expect(somebody.command('version').STATUS[0].STATUS).toBe('S');
  });
});

describe('the pool commands of port 4028', () => {
  const urls = (somebody: Caller): readonly string[] =>
    somebody.command('pools').POOLS.map(({ URL: url }: { URL: string }) => url.split('/').at(-1));

  test('prefer another pool, until the mining program starts anew', () => {
    const somebody = new Caller().login();
    expect(urls(somebody)).toEqual(['pool.example.com:3333', 'backup.example.com:3333']);
    expect(somebody.command('switchpool', 1).STATUS[0]).toMatchObject({
      Code: 27,
      Msg: "Switching to pool 1:'stratum+tcp://backup.example.com:3333'",
    });
    expect(urls(somebody)).toEqual(['backup.example.com:3333', 'pool.example.com:3333']);
    somebody.rest('PUT', 'actions/restart');
    expect(urls(somebody.after(MINUTE))).toEqual(['pool.example.com:3333', 'backup.example.com:3333']);
  });

  test('take a pool that is not used before it is enabled', () => {
    const somebody = new Caller();
    expect(somebody.command('addpool', 'stratum+tcp://third.example.com:3333,me,x').STATUS[0]).toMatchObject({
      Code: 55,
      Msg: "Added pool 2: 'stratum+tcp://third.example.com:3333'",
    });
    expect(somebody.command('pools').POOLS[2]).toMatchObject({ User: 'me', Status: 'Disabled', Priority: 2 });
    expect(somebody.command('enablepool', 2).STATUS[0].Code).toBe(47);
    expect(somebody.after(10 * SECOND).command('pools').POOLS[2].Status).toBe('Alive');
    expect(somebody.command('removepool', 2).STATUS[0].Code).toBe(68);
    expect(urls(somebody)).toHaveLength(2);
  });

  test.each([
    ['switchpool', undefined, 25],
    ['switchpool', 7, 26],
    ['enablepool', 0, 49],
    ['removepool', 0, 67],
    ['addpool', undefined, 52],
    ['addpool', 'nonsense', 53],
  ])('refuse %s %s with %d', (command, parameter, code) => {
    expect(new Caller().command(command, parameter).STATUS[0].Code).toBe(code);
  });

  test('keep the last pool that is enabled', () => {
    const somebody = new Caller();
    expect(somebody.command('disablepool', 1).STATUS[0].Code).toBe(48);
    expect(somebody.command('disablepool', 1).STATUS[0].Code).toBe(50);
    expect(somebody.command('disablepool', 0).STATUS[0].Code).toBe(51);
  });
});
