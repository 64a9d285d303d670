import type { UartSeen } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uartScanner } from './scanner.ts';

const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

function scanned(...pieces: (string | Uint8Array)[]): UartSeen {
  const scanner = uartScanner();
  for (const piece of pieces) scanner.push(typeof piece === 'string' ? latin1(piece) : piece);
  return scanner.end();
}

const found = ({ patterns }: UartSeen) => Object.fromEntries(Object.entries(patterns).filter(([, count]) => count > 0));

const BANNER =
  '\r\nU-Boot SPL 2014.01 (Jan 08 2018)\r\nmmc boot\r\n\r\n\r\nU-Boot 2014.01 (Jan 08 2018 - 11:02:44)\r\n\r\nDRAM:  224 MiB\r\n';
const KERNEL = '[    0.000000] Linux version 4.6.0-xilinx (root@build) (gcc version 4.8.3)\r\n';
const PANIC =
  '[    3.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n' +
  '[    3.2] CPU: 0 PID: 1 Comm: swapper/0 Not tainted\r\n' +
  '[    3.3] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n';

describe('the words of a broken storage', () => {
  test.each([
    ['squashfs error: unable to read fragment', 'squashfs error'],
    ['[    2.911] SQUASHFS error: xz decompression failed, data probably corrupt', 'squashfs error'],
    ['mmcblk0: error -110 sending status command, retrying', 'mmcblk0: error'],
    ['[ 5.1] mmcblk0: unknown error -84 sending read/write command, card status 0x900', 'mmcblk0: error'],
    ['[ 5.2] mmcblk0: timed out sending r/w cmd command, card status 0x400d00', 'mmcblk0: error'],
    ['end_request: I/O error, dev mmcblk0, sector 2048', 'mmcblk0 I/O error'],
    ['blk_update_request: I/O error, dev mmcblk0, sector 0', 'mmcblk0 I/O error'],
    ['print_req_error: I/O error, dev mmcblk0boot0, sector 0', 'mmcblk0 I/O error'],
    ['Buffer I/O error on device mmcblk0p2, logical block 1', 'mmcblk0 I/O error'],
    ['Buffer I/O error on dev mmcblk0p2, logical block 1, async page read', 'mmcblk0 I/O error'],
    ['ubifs: error reading superblock', 'ubifs: error'],
    ['UBIFS error (pid 1): ubifs_read_node: bad node type (255 but expected 6)', 'ubifs: error'],
    ['UBIFS error (ubi0:0 pid 1): ubifs_mount: cannot mount', 'ubifs: error'],
    ['Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b', 'Kernel panic'],
  ])('are found in "%s"', (line, pattern) => {
    const seen = scanned(`${line}\r\n`);
    expect(found(seen)).toEqual({ [pattern]: 1 });
    expect(seen).toMatchObject({ lines: 1, isSilent: false, booted: false, examples: { [pattern]: line } });
  });

  test.each([
    'squashfs: version 4.0 (2009/01/31) Phillip Lougher',
    'UBIFS (ubi0:0): background thread "ubifs_bgt0_0" started, PID 70',
    'mmcblk0: mmc0:0001 8GTF4R 7.28 GiB',
    'Kernel command line: console=ttyPS0,115200 root=/dev/mmcblk0p2 panic=10',
    'blk_update_request: I/O error, dev sda, sector 0',
    'mmc0: error',
  ])('are not in "%s"', (line) => {
    expect(found(scanned(line))).toEqual({});
  });

  test('are counted each time, and the first line of each is kept', () => {
    const seen = scanned('SQUASHFS error: first\nSQUASHFS error: second\nmmcblk0: error -110\nSQUASHFS error: third\n');
    expect(found(seen)).toEqual({ 'squashfs error': 3, 'mmcblk0: error': 1 });
    expect(seen.examples).toEqual({
      'squashfs error': 'SQUASHFS error: first',
      'mmcblk0: error': 'mmcblk0: error -110',
    });
  });

  test('are found once in a panic, which says it twice, and in its last line alone', () => {
    expect(found(scanned(PANIC))).toEqual({ 'Kernel panic': 1 });
    expect(found(scanned(PANIC + PANIC))).toEqual({ 'Kernel panic': 2 });
    expect(found(scanned('---[ end Kernel panic - not syncing: x'))).toEqual({ 'Kernel panic': 1 });
  });

  test('are found with escapes, NULs and noise around and within them', () => {
    expect(found(scanned('\xff\xfe\x80\x1b[1;31mSQUASH\x1b[0mFS\x00 err\x1b]0;title\x07or: x\x1b[K\r\n'))).toEqual({
      'squashfs error': 1,
    });
  });

  test('are found in a line without end, also across the place where it is cut', () => {
    const seen = scanned(`${'x'.repeat(4090)}SQUASHFS error: ${'y'.repeat(10_000)}`);
    expect(found(seen)).toEqual({ 'squashfs error': 1 });
    expect(seen.lines).toBe(4);
    expect(Math.max(...seen.lastLines.map(({ length }) => length))).toBe(160);
  });

  test('are not found across the end of a line', () => {
    expect(found(scanned('SQUASHFS\r\n error\nKernel\n panic'))).toEqual({});
  });

  test('are not lost behind an escape that never ends', () => {
    expect(found(scanned('\x1b]0;\nSQUASHFS error: x\n\x1b[\nKernel panic\n'))).toEqual({
      'squashfs error': 1,
      'Kernel panic': 1,
    });
  });
});

describe('a console is silent', () => {
  test.each([
    ['an empty log', ''],
    ['line ends alone', '\r\n\r\n\n'],
    ['the NULs of a line that is held low', '\0'.repeat(5000)],
    ['spaces', '   \r\n \t \r\n'],
    ['a spike or two', '\xff\xf8\r\n'],
    [
      'what the recording program said',
      'picocom v3.1\r\n\r\nport is        : /dev/ttyUSB0\r\nflowcontrol    : none\r\nbaudrate is    : 115200\r\n' +
        'Type [C-a] [C-h] to see available commands\r\nTerminal ready\r\n\r\nTerminating...\r\nThanks for using picocom\r\n',
    ],
  ])('with %s', (what, log) => {
    const seen = scanned(log);
    expect(seen, what).toMatchObject({ isSilent: true, isNoise: false, lines: 0 });
  });

  test('with the noise of another speed, which is told', () => {
    // As 115200 baud looks when it is read at 57600: high bits set, few of them text.
    const noise = Uint8Array.from(
      { length: 20_000 },
      (_, i) => [0xe6, 0x9e, 0x1f, 0x78, 0xfe, 0x06, 0x80, 0x98][(i * i + (i >> 3)) % 8] ?? 0,
    );
    expect(scanned(noise)).toMatchObject({ isSilent: true, isNoise: true, lastLines: [], bytes: 20_000 });
  });

  test('with random bytes', () => {
    let state = 12_345;
    const noise = Uint8Array.from({ length: 200_000 }, () => {
      state = (state * 48_271) % (2 ** 31 - 1);
      return state >> 16;
    });
    expect(scanned(noise)).toMatchObject({ isSilent: true, isNoise: true });
  });

  test('no more when one line of it can be read behind some noise', () => {
    const seen = scanned('\xff\xfe\x80\x91\r\nStarting kernel ...\r\n');
    expect(seen).toMatchObject({ isSilent: false, isNoise: false, lines: 1, lastLines: ['Starting kernel ...'] });
  });

  test('no more with a pattern in the middle of ever so much noise', () => {
    expect(scanned('\xff'.repeat(100_000), 'SQUASHFS error: x', '\xff'.repeat(100_000))).toMatchObject({
      isSilent: false,
      isNoise: false,
    });
  });
});

describe('a boot', () => {
  test.each([
    'antminer login: ',
    'Please press Enter to activate this console.',
    'Started bmminer 2.0.0',
    '[2023-01-01] Starting bosminer',
    'Jan  1 00:00:20 (none) local0.notice cgminer[1021]: Started cgminer 4.11.1',
    'Starting btminer: OK',
    'luxminer started',
  ])('came up with "%s"', (line) => {
    expect(scanned(`${BANNER}${KERNEL}${line}`)).toMatchObject({ booted: true, starts: 1, brokenStarts: 0 });
  });

  test.each(['sh: /usr/bin/bmminer: not found', 'rm: cgminer.conf: No such file', 'WARNING: logins are off'])(
    'did not with "%s"',
    (line) => {
      expect(scanned(`${BANNER}${KERNEL}${line}\r\n`).booted).toBe(false);
    },
  );

  test('of SPL, U-Boot and kernel is one start', () => {
    expect(scanned(BANNER + KERNEL)).toMatchObject({ starts: 1, brokenStarts: 0 });
  });

  test('that begins again and again is a loop', () => {
    expect(scanned(BANNER.repeat(5))).toMatchObject({ starts: 5, brokenStarts: 4, booted: false });
    expect(scanned((BANNER + KERNEL + PANIC).repeat(3))).toMatchObject({ starts: 3, brokenStarts: 2 });
    expect(scanned((KERNEL + PANIC).repeat(3))).toMatchObject({ starts: 3, brokenStarts: 2 });
  });

  test('that came up each time is none', () => {
    expect(scanned(`${BANNER}${KERNEL}antminer login: \r\n`.repeat(3))).toMatchObject({
      starts: 3,
      brokenStarts: 0,
      booted: true,
    });
  });

  test('is not begun by a version among the settings of U-Boot', () => {
    expect(scanned('ver=U-Boot 2014.01 (Jan 08 2018)\r\n').starts).toBe(0);
  });
});

test('the last five lines are kept, oldest first, without what may be secret', () => {
  const seen = scanned('one\ntwo\nthree\npool user bc1qexample.rig pass hunter2\n\n\nfour\x1b[0m\tx\nfive\nWaiting');
  expect(seen.lastLines).toEqual(['three', '(a line that may hold a secret)', 'four x', 'five', 'Waiting']);
  expect(seen.lines).toBe(7);
});

const RUNS = { seed: 20_261, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .constantFrom(
      'SQUASHFS error: x',
      'mmcblk0: error -110',
      '\r\n',
      '\n',
      '\x1b[1m',
      '\x1b]',
      BANNER,
      KERNEL,
      'a login: ',
      '\0',
      '\x07',
    )
    .map(latin1),
  fc.constantFrom(5000).map((length) => latin1('long '.repeat(length / 5))),
);

describe('whatever the bytes', () => {
  test('it makes no difference where they are cut', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (pieces, cuts) => {
        const whole = Uint8Array.from(pieces.flatMap((one) => [...one]));
        const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const split = places.slice(1).map((to, i) => whole.subarray(places[i], to));
        expect(scanned(...split)).toEqual(scanned(whole));
      }),
      RUNS,
    );
  });

  test('a pattern on a line of its own behind them is found, and what is told is printable', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const before = scanned(...pieces);
        const after = scanned(...pieces, '\r\n\r\nUBIFS error (pid 1): x\r\n');
        expect(after.patterns['ubifs: error']).toBe((before.patterns['ubifs: error'] ?? 0) + 1);
        for (const line of [...after.lastLines, ...Object.values(after.examples)])
          expect(line).toMatch(/^[ -~]{0,160}$/);
        expect(after.starts).toBeGreaterThanOrEqual(after.brokenStarts);
        expect(after.isSilent).toBe(false);
      }),
      RUNS,
    );
  });
});
