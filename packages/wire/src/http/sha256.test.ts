import { expect, test } from 'vitest';
import { sha256Hex } from './sha256.ts';

test('SHA-256 of the vectors of FIPS 180, and of the password in an Avalon cookie', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex(Uint8Array.of(0x61, 0x62, 0x63))).toBe(sha256Hex('abc'));
  // protocols.md 4
  expect(sha256Hex('root').slice(0, 24)).toBe('4813494d137e1631bba301d5');
});
