import type { UartSeen } from '@headframe/model';
import { UART_PATTERNS, uartScanner } from '@headframe/wire/uart';
import { describe, expect, test } from 'vitest';
import {
  BOOT_LOOP,
  bytesOf,
  EMMC,
  HEALTHY,
  HEALTHY_OPENWRT,
  HELD_LOW,
  LOADER_LOOP,
  PANIC,
  readAtOtherSpeed,
  SILENT_PICOCOM,
  SQUASHFS,
  SWITCHED_ON_TWICE,
  UBIFS,
} from './uart-logs.testing.ts';

/*
 * Boot logs of control boards, read through the scanner (row 20 of `protocols.md` 12, T-51). What it has to find was
 * counted in the logs by hand.
 */

/** In pieces as a serial adapter hands them over. */
function scanned(log: string | Uint8Array, pieceBytes = 64): UartSeen {
  const bytes = typeof log === 'string' ? bytesOf(log) : log;
  const scanner = uartScanner();
  for (let at = 0; at < bytes.length; at += pieceBytes) scanner.push(bytes.subarray(at, at + pieceBytes));
  return scanner.end();
}

const found = ({ patterns }: UartSeen) => Object.fromEntries(Object.entries(patterns).filter(([, count]) => count > 0));

describe('a board that is well', () => {
  test.each([
    ['with a login', HEALTHY, 'Antminer login:'],
    ['with the console of OpenWrt', HEALTHY_OPENWRT, 'Please press Enter to activate this console.'],
  ])('comes up %s, and its own words about its storage are no errors', (_, log, last) => {
    const seen = scanned(log);
    expect(seen).toMatchObject({ isSilent: false, isNoise: false, booted: true, starts: 1, brokenStarts: 0 });
    expect(found(seen)).toEqual({});
    expect(seen.examples).toEqual({});
    expect(seen.bytes).toBe(log.length);
    expect(seen.lastLines.at(-1)).toBe(last);
  });

  test('and is switched off and on is no boot loop', () => {
    expect(scanned(SWITCHED_ON_TWICE)).toMatchObject({ booted: true, starts: 2, brokenStarts: 0 });
  });
});

describe('a board whose storage is broken', () => {
  test('squashfs: its four lines are found, with the first one as it came', () => {
    const seen = scanned(SQUASHFS);
    expect(found(seen)).toEqual({ 'squashfs error': 4 });
    expect(seen.examples).toEqual({
      'squashfs error': '[    2.914033] SQUASHFS error: xz decompression failed, data probably corrupt',
    });
    expect(seen).toMatchObject({ booted: false, starts: 1, brokenStarts: 0, isSilent: false });
  });

  test('eMMC: what the driver says and what the block layer says are counted apart', () => {
    const seen = scanned(EMMC);
    expect(found(seen)).toEqual({ 'mmcblk0: error': 4, 'mmcblk0 I/O error': 3 });
    expect(seen.examples['mmcblk0: error']).toBe('[    3.201114] mmcblk0: error -110 sending status command, retrying');
    expect(seen.examples['mmcblk0 I/O error']).toBe(
      '[    3.420102] end_request: I/O error, dev mmcblk0, sector 131072',
    );
    expect(seen.booted).toBe(false);
  });

  test('UBIFS: in the words of kernels before and since 4.0', () => {
    const seen = scanned(UBIFS);
    expect(found(seen)).toEqual({ 'ubifs: error': 3 });
    expect(seen.booted).toBe(false);
  });

  test('a panic is one, though the kernel says it at its beginning and at its end', () => {
    const seen = scanned(PANIC);
    expect(found(seen)).toEqual({ 'Kernel panic': 1 });
    expect(seen.examples['Kernel panic']).toBe(
      '[    2.718204] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(179,2)',
    );
    expect(seen).toMatchObject({ booted: false, starts: 1, brokenStarts: 0 });
  });
});

describe('a boot loop', () => {
  test('of a kernel that dies and restarts: four starts, three of them ended by the next one', () => {
    const seen = scanned(BOOT_LOOP);
    expect(found(seen)).toEqual({ 'Kernel panic': 4 });
    expect(seen).toMatchObject({ booted: false, starts: 4, brokenStarts: 3 });
  });

  test('of a loader that finds no kernel: six starts and no pattern of storage', () => {
    const seen = scanned(LOADER_LOOP);
    expect(found(seen)).toEqual({});
    expect(seen).toMatchObject({ booted: false, starts: 6, brokenStarts: 5, isSilent: false });
    expect(seen.lastLines.at(-1)).toBe('resetting ...');
  });
});

describe('a silent console', () => {
  test.each([
    ['without a byte', ''],
    ['where only the recording program speaks', SILENT_PICOCOM],
    ['on a line that is held low', HELD_LOW],
  ])('%s', (_, log) => {
    expect(scanned(log)).toMatchObject({ isSilent: true, isNoise: false, lines: 0, starts: 0, booted: false });
  });

  test.each([9600, 19_200, 38_400, 57_600, 230_400, 921_600])(
    'is taken for noise where the adapter is set to %d baud and the board sends at 115200',
    (baud) => {
      const noise = readAtOtherSpeed(bytesOf(HEALTHY.repeat(4)), 115_200, baud);
      expect(noise.length).toBeGreaterThan(400);
      const seen = scanned(noise);
      expect(seen).toMatchObject({ isSilent: true, isNoise: true, starts: 0, booted: false, lastLines: [] });
      expect(found(seen)).toEqual({});
    },
  );

  test('is none at the right speed: every byte comes as it was sent', () => {
    expect(readAtOtherSpeed(bytesOf(HEALTHY), 115_200, 115_200)).toEqual(Uint8Array.from(bytesOf(HEALTHY)));
    // An adapter may be off by some two percent.
    expect(scanned(readAtOtherSpeed(bytesOf(SQUASHFS), 115_200, 113_000))).toMatchObject({
      isNoise: false,
      patterns: { 'squashfs error': 4 },
    });
  });
});

describe('whatever is around it', () => {
  test('noise of switching on, colours and NULs before and within a log change nothing of what is found', () => {
    const dirty = `\xff\xfe\x00\x80\xf8\r\n${EMMC.replaceAll('mmcblk0: error', 'mmcblk0:\x1b[31m error\x1b[0m').replaceAll('\r\n', '\x00\r\n')}`;
    expect(found(scanned(dirty))).toEqual({ 'mmcblk0: error': 4, 'mmcblk0 I/O error': 3 });
  });

  test.each([1, 7, 4096])('pieces of %d bytes tell the same', (pieceBytes) => {
    for (const log of [HEALTHY, SQUASHFS, EMMC, UBIFS, BOOT_LOOP])
      expect(scanned(log, pieceBytes)).toEqual(scanned(log));
  });

  test('every pattern there is has a log here', () => {
    const all = [SQUASHFS, EMMC, UBIFS, PANIC].flatMap((log) => Object.keys(found(scanned(log))));
    expect(all.sort()).toEqual([...UART_PATTERNS].sort());
  });
});
