import { uartScanner } from '@headframe/wire/uart';
import { expect, test } from 'vitest';

const MEBIBYTE = 2 ** 20;

/** 1 MiB of a boot log; its length is no multiple of that of its lines, so that the seam cuts one. */
function boot(): Uint8Array {
  const lines = [
    '[    2.345678] mmcblk0: error -110 sending status command, retrying\r\n',
    '[    2.345701] random: fast init done, and then a line without any fault in it\r\n',
    '\x1b[0;32m[  OK  ]\x1b[0m Reached target Local File Systems.\r\n',
    '[    2.345798] SQUASHFS error: xz decompression failed, data probably corrupt\r\n',
  ].join('');
  return new TextEncoder().encode(lines.repeat(Math.ceil(MEBIBYTE / lines.length))).subarray(0, MEBIBYTE);
}

test('a log of a serial console of 1 GiB is read in memory that does not grow', () => {
  const piece = boot();
  const scanner = uartScanner();
  scanner.push(piece);
  const before = process.memoryUsage();
  for (let i = 1; i < 1024; i++) scanner.push(piece);
  const after = process.memoryUsage();
  const seen = scanner.end();
  expect(seen.bytes).toBe(1024 * MEBIBYTE);
  const text = new TextDecoder().decode(piece);
  const count = (word: string) => text.split(word).length - 1;
  // The piece ends within a line, and the next one begins with a fresh one behind it: only whole words count.
  expect(seen.patterns['mmcblk0: error']).toBe(1024 * count('mmcblk0: error'));
  expect(seen.patterns['squashfs error']).toBe(1024 * count('SQUASHFS error'));
  expect(after.heapUsed - before.heapUsed).toBeLessThan(50 * MEBIBYTE);
  expect(after.rss - before.rss).toBeLessThan(100 * MEBIBYTE);
});

test('a log that is one line of 1 GiB, and one of noise alone, as well', () => {
  const scanner = uartScanner();
  const piece = new Uint8Array(MEBIBYTE).fill(0x78);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 1024; i++) scanner.push(piece);
  scanner.push(new TextEncoder().encode('Kernel panic - not syncing'));
  piece.fill(0xff);
  for (let i = 0; i < 1024; i++) scanner.push(piece);
  const seen = scanner.end();
  expect(seen).toMatchObject({ bytes: 2048 * MEBIBYTE + 26, isSilent: false });
  expect(seen.patterns['Kernel panic']).toBe(1);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * MEBIBYTE);
});
