import { type Automaton, automatonOf } from './automaton.ts';

/** What is counted, as row 20 of the decision table names it (`protocols.md` 12), and I/O errors of the eMMC besides. */
export const UART_PATTERNS = [
  'squashfs error',
  'mmcblk0: error',
  'mmcblk0 I/O error',
  'ubifs: error',
  'Kernel panic',
] as const;

export type UartPattern = (typeof UART_PATTERNS)[number];

/** What a word in the log means. */
export type Meaning =
  | { readonly is: 'pattern'; readonly pattern: UartPattern }
  /** The end of a panic repeats its first line: `---[ end Kernel panic - not syncing: ...`. */
  | { readonly is: 'panic-repeated' }
  | { readonly is: 'loader' | 'kernel' | 'up' };

const pattern = (name: UartPattern, ...words: string[]): [string, Meaning][] =>
  words.map((word) => [word, { is: 'pattern', pattern: name }]);
const means = (is: 'loader' | 'kernel' | 'up', ...words: string[]): [string, Meaning][] =>
  words.map((word) => [word, { is }]);

/** The mining programs of `protocols.md` 0 and 11. */
const MINERS = ['bmminer', 'cgminer', 'btminer', 'luxminer', 'bosminer'];

/*
 * Beside the wording of the document stands that of the kernel's own source: fs/squashfs/squashfs.h (`SQUASHFS error: `),
 * fs/ubifs (`UBIFS error (pid 1): `, since 4.0 `UBIFS error (ubi0:0 pid 1): `), drivers/mmc (`mmcblk0: error -110 sending
 * status command`), block/blk-core.c (`end_request: I/O error, dev mmcblk0, sector 0`, later `blk_update_request: ` and
 * `print_req_error: `), fs/buffer.c (`Buffer I/O error on device mmcblk0p2, ` and `on dev mmcblk0p2, `).
 */
const WORDS: readonly (readonly [string, Meaning])[] = [
  ...pattern('squashfs error', 'squashfs error', 'squashfs: error'),
  ...pattern(
    'mmcblk0: error',
    'mmcblk0: error',
    'mmcblk0: unknown error',
    'mmcblk0: timed out sending',
    'mmcblk0: response crc error',
  ),
  ...pattern(
    'mmcblk0 I/O error',
    'i/o error, dev mmcblk0',
    'i/o error on dev mmcblk0',
    'i/o error on device mmcblk0',
    'mmcblk0: i/o error',
  ),
  ...pattern('ubifs: error', 'ubifs error', 'ubifs: error'),
  ...pattern('Kernel panic', 'kernel panic'),
  ['end kernel panic', { is: 'panic-repeated' }],
  // The banner has its version; `U-Boot SPL 2014.01` goes before it, in the same start.
  ...means('loader', ' u-boot 20', ' u-boot 1.'),
  ...means('kernel', ' linux version '),
  // The last one is the console of OpenWrt, which Braiins OS is built on.
  ...means('up', ' login:', 'please press enter to activate this console'),
  ...MINERS.flatMap((miner) => means('up', `starting ${miner}`, `started ${miner}`, `${miner} started`, ` ${miner}[`)),
];

export const AUTOMATON: Automaton = automatonOf(WORDS.map(([word]) => word));

const isPanic = (meaning: Meaning) => meaning.is === 'pattern' && meaning.pattern === 'Kernel panic';

/** What is complete in a state of the automaton. A panic that is repeated is no panic of its own. */
export const MEANINGS: readonly (readonly Meaning[])[] = AUTOMATON.ends.map((words) => {
  const all = words.flatMap((index) => WORDS[index]?.[1] ?? []);
  return all.some(({ is }) => is === 'panic-repeated') ? all.filter((meaning) => !isPanic(meaning)) : all;
});
