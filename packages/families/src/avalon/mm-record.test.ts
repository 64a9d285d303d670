import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMmRecord } from './mm-record.ts';

describe('the long record of an Avalon', () => {
  test('a plain A-series record is one group without a name', () => {
    const groups = parseMmRecord(
      'Ver[1246-83-21042101_4ec6bb0] DNA[0201000012345678] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] Temp[31] MH[222 270 212] DH[2.8%] PS[0 1209 1318 255 3364 1320]',
    );
    expect([...groups.keys()]).toEqual(['']);
    const record = groups.get('');
    expect(record?.text('SYSTEMSTATU')).toBe('Work: In Work, Hash Board: 3');
    expect(record?.num('Temp')).toBe(31);
    expect(record?.num('DH')).toBe(2.8);
    expect(record?.nums('MH')).toEqual([222, 270, 212]);
    expect(record?.nums('PS')).toEqual([0, 1209, 1318, 255, 3364, 1320]);
  });

  test('the newer form has a group for the machine and one per hashboard', () => {
    const groups = parseMmRecord("'STATS':{Ver[Q-1] SSID[] Nonce Mask[25]} 'HB0':{PVT_T0[ 58  59 ] PVT_V0[282 278]}");
    expect([...groups.keys()]).toEqual(['STATS', 'HB0']);
    expect(groups.get('STATS')?.num('Nonce Mask')).toBe(25);
    expect(groups.get('STATS')?.text('SSID')).toBeNull();
    expect(groups.get('STATS')?.has('SSID')).toBe(true);
    expect(groups.get('HB0')?.nums('PVT_T0')).toEqual([58, 59]);
  });

  test('a bracket inside a Wi-Fi name does not end its value', () => {
    const record = parseMmRecord("'STATS':{SSID[home]net[5G]] RSSI[-51]}").get('STATS');
    expect(record?.text('SSID')).toBe('home]net[5G]');
    expect(record?.num('RSSI')).toBe(-51);
  });

  test('what is no number keeps its place in a list', () => {
    expect(parseMmRecord('PVT_T0[60 nan 61 -- 62]').get('')?.nums('PVT_T0')).toEqual([60, null, 61, null, 62]);
  });

  test('a record cut short gives what came whole', () => {
    const record = parseMmRecord('Elapsed[100] Temp[31] Fan1[59').get('');
    expect(record?.num('Elapsed')).toBe(100);
    expect(record?.has('Fan1')).toBe(false);
  });

  test('any text gives a record and never an error, in time that grows with its length', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[[\]{}': a-z0-9]*$/)), (text) => {
        for (const record of parseMmRecord(text).values()) record.nums('a');
      }),
      { seed: 4028, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
    expect(parseMmRecord('['.repeat(200_000)).size).toBe(0);
    expect(parseMmRecord("'".repeat(200_000)).size).toBe(0);
    parseMmRecord("'a':{[x".repeat(30_000));
  });
});
