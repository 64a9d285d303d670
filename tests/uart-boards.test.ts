import type { UartSeen } from '@headframe/model';
import { uartScanner } from '@headframe/wire/uart';
import { describe, expect, test } from 'vitest';
import { longUartLog, type UartLog, uartLog, uartNoise } from './uart-boards.testing.ts';

/*
 * The reader of serial consoles on logs of control boards.
 */

function read(bytes: Uint8Array, piece = bytes.length): UartSeen {
  const scanner = uartScanner();
  for (let at = 0; at < bytes.length; at += piece) scanner.push(bytes.subarray(at, at + piece));
  return scanner.end();
}
const found = ({ patterns }: UartSeen) => Object.keys(patterns).filter((name) => (patterns[name] ?? 0) > 0);

describe('the log of a board', () => {
  test.each<[UartLog, number]>([
    ['healthy, Zynq', 1],
    ['healthy, Amlogic', 1],
    ['healthy, Allwinner', 1],
    ['healthy, restarted by hand', 2],
  ])('%s: it came up, and nothing is wrong', (name, starts) => {
    const seen = read(uartLog(name));
    expect(found(seen)).toEqual([]);
    expect(seen).toMatchObject({ booted: true, starts, brokenStarts: 0, isSilent: false, isNoise: false });
  });

  test.each<[UartLog, string, number]>([
    ['squashfs error', 'squashfs error', 5],
    ['mmcblk0: error', 'mmcblk0: error', 4],
    ['mmcblk0 I/O error', 'mmcblk0 I/O error', 3],
    ['ubifs: error', 'ubifs: error', 4],
    ['kernel panic', 'Kernel panic', 1],
  ])('%s: the pattern is counted, and it did not come up', (name, pattern, least) => {
    const seen = read(uartLog(name));
    expect(found(seen)).toEqual([pattern]);
    expect(seen.patterns[pattern]).toBeGreaterThanOrEqual(least);
    expect(seen).toMatchObject({ booted: false, isSilent: false });
  });

  test.each<[UartLog, number]>([
    ['boot loop with a panic', 4],
    ['boot loop without a word', 5],
  ])('%s: every start but the last was broken off', (name, starts) => {
    expect(read(uartLog(name))).toMatchObject({ booted: false, starts, brokenStarts: starts - 1 });
  });

  test('stands still in the loader: one start, no end', () => {
    expect(read(uartLog('stands still in the loader'))).toMatchObject({ booted: false, starts: 1, brokenStarts: 0 });
  });

  test('the first loader looks for its memory again and again: it can be read, and nothing came up', () => {
    const seen = read(uartLog('boot loop of the loader'));
    expect(found(seen)).toEqual([]);
    expect(seen).toMatchObject({ booted: false, isSilent: false, isNoise: false });
  });

  test('silent: no byte at all', () => {
    expect(read(uartLog('silent'))).toMatchObject({ bytes: 0, isSilent: true, booted: false });
  });

  test.each([9600, 57_600, 230_400, 1_500_000])('sent at %i baud and read at 115200, it is noise', (baud) => {
    expect(read(uartNoise(baud))).toMatchObject({ isNoise: true, booted: false });
  });

  test('sent at the speed at which it is read, it is itself', () => {
    expect(uartNoise(115_200)).toEqual(Uint8Array.from(uartLog('healthy, Amlogic')));
  });

  test('is the same in pieces of any size, and over many megabytes', async () => {
    const whole = read(uartLog('boot loop with a panic'));
    for (const piece of [1, 7, 100]) expect(read(uartLog('boot loop with a panic'), piece)).toEqual(whole);
    const scanner = uartScanner();
    for await (const piece of longUartLog('kernel panic', 8 << 20)) scanner.push(piece);
    const seen = scanner.end();
    expect(seen.bytes).toBeGreaterThanOrEqual(8 << 20);
    expect(seen.patterns['Kernel panic']).toBeGreaterThan(1000);
  });
});
