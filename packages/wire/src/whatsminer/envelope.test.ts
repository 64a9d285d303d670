import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataIn, envelope, frameRefusal, recordsIn, SWITCH_ON, sealedRefusal } from './index.ts';

const RUNS = { seed: 20261203, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

describe('the envelope of a reply', () => {
  test('is a list of STATUS as cgminer has it', () => {
    const doc = { STATUS: [{ STATUS: 'S', Msg: '1 Pool(s)' }], POOLS: [{ POOL: 1 }] };
    expect(envelope(doc)).toMatchObject({ status: 'S', code: null, msg: '1 Pool(s)', form: 'array' });
    expect(recordsIn(doc, 'POOLS').map((pool) => pool.int('POOL'))).toEqual([1]);
  });

  test('is a string STATUS with the data in Msg', () => {
    const doc = { STATUS: 'S', When: 1643187652, Code: 131, Msg: { api_ver: '2.0.3' }, Description: '' };
    expect(envelope(doc)).toMatchObject({ status: 'S', code: 131, when: 1643187652, form: 'string' });
    expect(dataIn(doc).str('api_ver')).toBe('2.0.3');
  });

  test.each([
    [{ STATUS: 'S', Code: 131, Msg: { Elapsed: 5 } }],
    [{ STATUS: 'S', Code: 131, Msg: [{ Elapsed: 5 }] }],
    [{ STATUS: 'S', Code: 131, Msg: { SUMMARY: [{ Elapsed: 5 }] } }],
    [{ STATUS: [{ STATUS: 'S', Code: 11 }], SUMMARY: [{ Elapsed: 5 }] }],
  ])('holds the records in Msg on newer builds: %j', (doc) => {
    expect(recordsIn(doc, 'SUMMARY').map((record) => record.int('Elapsed'))).toEqual([5]);
  });

  test('is in lower case on port 4433', () => {
    const doc = { code: -4, when: 1672281726, msg: 'no permission', desc: 'set.system.led' };
    expect(envelope(doc)).toMatchObject({ code: -4, status: null, msg: 'no permission', form: 'v3' });
  });

  test('is missing where the manual prints the data alone', () => {
    expect(dataIn({ btmineroff: 'true' }).bool('btmineroff')).toBe(true);
    expect(dataIn({ time: '5626', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' }).str('salt')).toBe('BQ5hoXV9');
  });

  test('of anything reads without a mistake', () => {
    fc.assert(
      fc.property(fc.anything(), (doc) => {
        const said = envelope(doc);
        expect(said.code === null || Number.isInteger(said.code)).toBe(true);
        recordsIn(doc, 'SUMMARY').map((record) => record.keys());
        dataIn(doc).keys();
        sealedRefusal(said, 'x');
        frameRefusal(said, 'x');
      }),
      RUNS,
    );
  });
});

describe('what a code says', () => {
  const said = (Code: number, Msg: unknown, STATUS = 'E') => envelope({ STATUS, When: 1, Code, Msg, Description: '' });

  test.each([131, 133, 134])('%d is a yes', (code) => {
    expect(sealedRefusal(said(code, 'API command OK', 'S'), 'x')).toBeNull();
  });

  test.each([
    [14, 'invalid cmd', 'support/unsupported'],
    [23, 'json cmd err', 'device/refused'],
    [45, "can't access write cmd", 'auth/writes-off'],
    [132, 'API command ERROR', 'device/refused'],
    [135, 'check token err', 'auth/expired'],
    [136, 'over max connect', 'device/busy'],
    [137, 'enc base64 error', 'device/refused'],
  ])('%d is a no, also where the letter says yes', (code, text, expected) => {
    for (const letter of ['E', 'S']) {
      const error = sealedRefusal(said(code, text, letter), 'reboot');
      expect(error?.code).toBe(expected);
      expect(error?.context).toMatchObject({ vendorCode: String(code), vendorText: text, request: 'reboot' });
    }
  });

  test('the write switch that is off comes with the way to switch it on by hand', () => {
    expect(sealedRefusal(said(45, "can't access write cmd"), 'reboot')?.message).toContain(SWITCH_ON);
    expect(SWITCH_ON).toContain('Miner API Switch');
  });

  test('a reply that says nothing is not an answer', () => {
    expect(sealedRefusal(envelope({}), 'x')?.code).toBe('protocol/wrong-shape');
    expect(sealedRefusal(envelope(null), 'x')?.code).toBe('protocol/wrong-shape');
  });
});
