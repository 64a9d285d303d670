import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64, open, seal, tokenKeys, v3Open, v3Seal, v3Token } from './index.ts';

const RUNS = { seed: 20261201, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

/** The example of the vendor's manual, with the token that it stands for (protocols.md 3.2). */
const MANUAL = { password: 'admin', salt: 'BQ5hoXV9', time: '5626', newsalt: 'jbzkfQls' };
const PLAIN = '{"cmd":"set_led","param":"auto","token":"w.BNbkCV6n1aNWgiBWLzT/"}';
const SEALED =
  'DFR4+qIkIuv2gyaXIWvTL2Tw2dKfz3qcBM5l5ZHU7xWuEsE3iC/TAvZarksns0iDIVhM215unMMY5HLvDIoi/AB6Zauc2Kb1KH/JtuCvOBg=';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const keyOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const OTHER_KEY = keyOf('00'.repeat(32));

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(HeadframeError);
    return (error as HeadframeError).code;
  }
  return 'none';
};

describe('the older API', () => {
  test('makes key, token and AES key of the example of the manual', () => {
    const { key, sign, aesKey } = tokenKeys(MANUAL);
    expect(key).toBe('RxmaDUO33TS7O26yeMHZ81');
    expect(sign).toBe('w.BNbkCV6n1aNWgiBWLzT/');
    expect(hex(aesKey)).toBe('199e0a202039bb7b558db7a54697dca29cb278055b7e659a127fb844d5a2fbf6');
  });

  test('signs with the last four characters where the whole epoch is sent', () => {
    expect(tokenKeys({ ...MANUAL, time: '1592555626' }).sign).toBe('w.BNbkCV6n1aNWgiBWLzT/');
  });

  test('seals and opens the example', () => {
    const { aesKey } = tokenKeys(MANUAL);
    expect(seal(PLAIN, aesKey)).toBe(SEALED);
    expect(open(SEALED, aesKey)).toBe(PLAIN);
  });

  test('opens what a client padded by PKCS#7, and what needed no padding', () => {
    const { aesKey } = tokenKeys(MANUAL);
    expect(open(seal(PLAIN, aesKey, 'pkcs7'), aesKey)).toBe(PLAIN);
    expect(open(seal('{"a":"bcdefghi"}', aesKey), aesKey)).toBe('{"a":"bcdefghi"}');
    expect(open(seal('{"a":"bcdefghi"}', aesKey, 'pkcs7'), aesKey)).toBe('{"a":"bcdefghi"}');
  });

  test.each([
    ['no base64', '{"enc":1}'],
    ['base64 with a letter too many', 'A'],
    ['bytes that are no whole blocks', 'AAAA'],
    ['nothing', ''],
  ])('says that a reply does not open: %s', (_, data) => {
    expect(codeOf(() => open(data, tokenKeys(MANUAL).aesKey))).toBe('protocol/cannot-decrypt');
  });

  test('says that a reply does not open that was sealed with another key', () => {
    expect(codeOf(() => open(SEALED, OTHER_KEY))).toBe('protocol/cannot-decrypt');
  });
});

describe('the newer API', () => {
  const SIGNED = { cmd: 'set.miner.service', password: 'super', salt: 'BQ5hoXV9', ts: 1_700_000_000 };

  test('signs a command as the vector does', () => {
    expect(v3Token(SIGNED)).toBe('n5JRDCDx');
  });

  test('seals a param as openssl does with the digest of the token, and opens it again', () => {
    const param = '[{"pool":"stratum+tcp://a:1","worker":"w","passwd":"x"}]';
    const sealed = 'l6G9ouradBdmXz5FmzCAlnHZNMYptoPikJLkXP50XOKQD5PlB9x5gs0LQ7tFnrVzCEMKGgHFugPbsiejbAYfpA==';
    expect(v3Seal(param, SIGNED)).toBe(sealed);
    expect(v3Open(sealed, SIGNED)).toBe(param);
    expect(codeOf(() => v3Open(sealed, { ...SIGNED, ts: SIGNED.ts + 1 }))).toBe('protocol/cannot-decrypt');
  });

  test('opens a param that a client padded with zeros', () => {
    const key = keyOf('9f92510c20f16a93949551f575b678f96d1bb9112cb5d7a6fe6ee3472fd379bf');
    expect(v3Open(seal('{"account":"user1"}', key), SIGNED)).toBe('{"account":"user1"}');
  });
});

describe('anything', () => {
  test('every text comes out as it went in, by either padding', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
      .filter((one) => /^[^\p{Cc}]+$/u.test(one));
    const property = fc.property(text, fc.constantFrom('zero', 'pkcs7'), (plain, padding) => {
      expect(open(seal(plain, OTHER_KEY, padding as 'zero'), OTHER_KEY)).toBe(plain);
    });
    fc.assert(property, RUNS);
  });

  test('garbage of blocks opens to a text or gives the code', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 96 }), (bytes) => {
      expect(['none', 'protocol/cannot-decrypt']).toContain(codeOf(() => open(encodeBase64(bytes), OTHER_KEY)));
    });
    fc.assert(property, RUNS);
  });

  test('any text opens to a text or gives the code', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(['none', 'protocol/cannot-decrypt']).toContain(codeOf(() => open(text, OTHER_KEY)));
      }),
      RUNS,
    );
  });

  test('base64 is that of everybody else', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      expect(encodeBase64(bytes)).toBe(text);
      expect(hex(decodeBase64(text) ?? new Uint8Array())).toBe(hex(bytes));
      expect(hex(decodeBase64(text.replace(/=+$/, '')) ?? new Uint8Array())).toBe(hex(bytes));
    });
    fc.assert(property, RUNS);
  });

  test('base64 in lines is read, other letters are not', () => {
    expect(decodeBase64('YWJj\r\nZGVm\n')).toEqual(new TextEncoder().encode('abcdef'));
    expect(decodeBase64('YWJj ZGVm')).toBeNull();
    expect(decodeBase64('YWJ=ZGVm')).toBeNull();
    expect(decodeBase64('YW-_')).toBeNull();
  });
});
