import type { Reply } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { section } from './double.testing.ts';
import { fanSpeed } from './fan-speed.ts';
import { mapAvalon } from './map.ts';
import { generationOf } from './quirks.ts';

const reply = (id: string, doc: unknown): Reply => ({
  meta: { id, request: id, at: 0, ms: 0, bytes: 0, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});
const snapshot = (version: object, stats: object, mhs = 1) =>
  mapAvalon(
    new Map([
      ['version', reply('version', JSON.parse(section('VERSION', [version])))],
      ['summary', reply('summary', JSON.parse(section('SUMMARY', [{ Elapsed: 100, 'MHS 5s': mhs }])))],
      ['stats', reply('stats', JSON.parse(section('STATS', [stats])))],
    ]),
  );

describe('the older modules', () => {
  // As a real A741 behind an AUC sends it, shortened.
  const A7 =
    'Ver[7411706-3162860] DNA[013cae6bfb1bb6c6] Elapsed[183] MW[2024 2024] LW[8074] MH[3 0] HW[3] Temp[38] TMax[93] Fan[4110] FanR[48%] Vi[1215 1215] Vo[4461 4447] GHSmm[7078.84] Freq[628.45] Led[0] TA[44] ECHU[16 0] ECMM[0] SF0[600 625] SF1[600 625] PVT_T[21-76/1-88/83 1-80/11-92/84]';

  test('of an A7 tell the coldest and the hottest chip of each board in one word', () => {
    const { hashboards, fans, ambientTempC, identity, faults } = snapshot(
      { PROD: 'AvalonMiner 741', MODEL: '741' },
      { 'MM ID1': A7, 'MM ID2': A7 },
    );
    expect(
      hashboards.map(({ chipTempMinC, chipTempMaxC, hardwareErrors }) => [chipTempMinC, chipTempMaxC, hardwareErrors]),
    ).toEqual([
      [76, 88, 3],
      [80, 92, 0],
      [76, 88, 3],
      [80, 92, 0],
    ]);
    expect(fans.map(({ slot, label, rpm, percent }) => [slot, label, rpm, percent])).toEqual([
      [0, 'MM1 Fan', 4110, 48],
      [1, 'MM2 Fan', 4110, 48],
    ]);
    expect([ambientTempC, identity.firmwareVersion, identity.serial]).toEqual([38, '7411706-3162860', null]);
    expect(faults[0]).toMatchObject({ vendorCode: 'ECHU 16', component: 'hashboard 0' });
  });

  // As a real 841 sends it, shortened; with --debug its driver adds the last four keys.
  const A8 =
    'Ver[8411803-14b0f10] DNA[0137dace492a2ec1] Elapsed[66] MH[0 1] HW[1] Temp[36] TMax[84] Fan[5730] FanR[100%] Vi[1197 1197] Vo[3893 3889] GHSmm[6823.10] Freq[762.87] TA[4] ECHU[0 0] ECMM[0]';
  const DEBUG =
    ' PVT_T0[71 84] PVT_T1[70 82] PVT_V0_0[418 420 419 421 417 418 420 419] PVT_V0_1[415 416 415 414 416 415 417 415]';

  test('of an A8 tell of chips only with --debug, and of them the voltages of cores, not of chips', () => {
    const { hashboards } = snapshot({ PROD: 'AvalonMiner 841', MODEL: '841' }, { 'MM ID1': A8 + DEBUG });
    expect(hashboards.slice(0, 2).map(({ chips }) => chips.map(({ tempC, voltageV }) => [tempC, voltageV]))).toEqual([
      [
        [71, null],
        [84, null],
      ],
      [
        [70, null],
        [82, null],
      ],
    ]);
    const plain = snapshot({ PROD: 'AvalonMiner 841', MODEL: '841' }, { 'MM ID1': A8 });
    expect(plain.hashboards.slice(0, 2).map(({ chips, frequencyMHz }) => [chips, frequencyMHz])).toEqual([
      [[], 762.87],
      [[], 762.87],
    ]);
  });

  test('a board of theirs without a voltage is at fault', () => {
    const { hashboards } = snapshot(
      { PROD: 'AvalonMiner 741' },
      { 'MM ID1': A7.replace('Vo[4461 4447]', 'Vo[4461 0]') },
    );
    expect(hashboards.slice(0, 2).map(({ state }) => state)).toEqual(['ok', 'fault']);
  });
});

describe('the supplies of the Nanos', () => {
  test('a Nano 3S names millivolts of its adapter, and watts at the end', () => {
    const { psu, powerW, hashboards } = snapshot(
      { PROD: 'Avalon Nano3s' },
      { 'MM ID0': 'GHSspd[6747.38] MGHS[6737.99] OTemp[61] PS[0 0 27510 4 0 3756 141]' },
    );
    expect([psu?.inputVoltageV, psu?.outputVoltageV, powerW]).toEqual([27.51, null, 141]);
    expect(hashboards[0]?.outletTempC).toBe(61);
  });

  test('the last value of a Nano 3 is not its power', () => {
    const { psu, powerW } = snapshot(
      { PROD: 'Avalonnano', MODEL: 'nano3' },
      { 'MM ID0': 'GHSspd[3980] PS[0 0 0 4 2756 126 330]' },
    );
    expect([psu?.inputVoltageV, powerW]).toEqual([27.56, 126]);
  });

  test('the shortest record has no list of boards: none is missing', () => {
    const { hashboards, state } = snapshot(
      { PROD: 'Avalon Nano3s' },
      { 'MM ID0': 'LVer[25021401_56abae7] STATE[1] MODE[2] LEVEL[0] GHSspd[6747.38] FanR[56%]' },
    );
    expect(hashboards.map((board) => [board.state, board.hashrateHs])).toEqual([['ok', 6_747_380_000_000]]);
    expect(state).toBe('mining');
  });

  test('the DNA of zeros of the first Nano 3 names none of them', () => {
    expect(snapshot({ PROD: 'Avalonnano', MODEL: 'nano3', DNA: '0000000000000000' }, {}).identity.serial).toBeNull();
  });
});

describe('the state', () => {
  const of = (text: string, mhs = 0) => snapshot({ PROD: 'AvalonMiner 1246' }, { 'MM ID0': text }, mhs).state;

  test('idle on purpose is told by SoftOFF, or by the later of two times', () => {
    expect(of('SYSTEMSTATU[Work: In Idle, Hash Board: 3 ] SoftOFF[5]')).toBe('paused');
    expect(of('SYSTEMSTATU[Work: In Idle, Hash Board: 3 ] SoftOFF[0]')).toBe('idle');
    expect(of('SYSTEMSTATU[Work: In Idle, Hash Board: 1] SoftOffTime[2] SoftOnTime[1]')).toBe('paused');
  });

  test('the short record says it with a number', () => {
    expect([of('STATE[0]'), of('STATE[1]', 5), of('STATE[2]')]).toEqual(['starting', 'mining', 'idle']);
    expect(of('STATE[9]')).toBe('idle');
  });
});

describe('the model', () => {
  test.each([
    ['Avalon Q', 'Avalon Q'],
    ['Avalon Mini 3', 'Avalon Mini 3'],
    ['Avalon Mini3', 'Avalon Mini 3'],
    ['Avalon Nano 3S', 'Avalon Nano 3S'],
    ['Avalon Nano 3', 'Avalon Nano 3'],
    ['Avalon 1066', 'Avalon A10, A11'],
    ['Avalon 1166 Pro', 'Avalon A10, A11'],
    ['Avalon 1246-N-85-24', 'Avalon A12'],
    ['Avalon A1246', 'Avalon A12'],
    ['Avalon 1346-110', 'Avalon A13, A14, A15'],
    ['Avalon 1566HA', 'Avalon A13, A14, A15'],
    ['Avalon 15', 'Avalon A13, A14, A15'],
    ['Avalon 741', 'Avalon A7'],
    ['Avalon 851', 'Avalon A8'],
    ['Avalon 921', null],
    [null, null],
  ])('%s is of the generation %s', (model, name) => {
    expect(generationOf(model)?.name ?? null).toBe(name);
  });
});

describe('a fan speed', () => {
  const speed = fanSpeed({ min: 25, max: 100, ranges: true, auto: true, source: 'test' });
  test.each([
    ['auto', 'auto'],
    ['60', { min: 60, max: 60 }],
    [60, { min: 60, max: 60 }],
    ['60%', { min: 60, max: 60 }],
    ['40-80', { min: 40, max: 80 }],
    ['40..80', { min: 40, max: 80 }],
    ['24', undefined],
    ['80-40', undefined],
    ['101', undefined],
    ['fast', undefined],
    [null, undefined],
    [60.5, undefined],
  ])('%s', (given, read) => {
    expect(speed.read(given)).toEqual(read);
  });
});
