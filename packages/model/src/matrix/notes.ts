import type { MatrixCommand } from './printed.ts';
import type { MatrixMark } from './types.ts';

/** Rows that are there for the sake of old programs (protocols.md 1.4; the page says so of them too). */
export const MARKS: Readonly<Partial<Record<MatrixCommand, MatrixMark>>> = {
  pga: 'legacy-fpga',
  pgaenable: 'legacy-fpga',
  pgadisable: 'legacy-fpga',
  pgaidentify: 'legacy-fpga',
  coin: 'placeholder',
  lcd: 'placeholder',
};

/** What a reader of the matrix should know before believing it. */
export const MATRIX_NOTES: readonly string[] = [
  'The printed view says what the page says, right or wrong. The verified view is what was found out about each system, and the one to build on.',
  'The page runs the cells of a row together and its dashes are lost. 17 of the 50 rows have fewer than four cells; 24 dashes were restored. A star marks every restored dash and every word whose column was a choice.',
  'Stock Antminer: under the factory address list only stats, pools, devs, summary and version answer; everything else that the program knows is refused with code 45, check and privileged included.',
  'privileged, debug and lockstats are printed as read and are write-class in cgminer: a caller that may only read gets code 45.',
  'Braiins OS: five pool commands are documented on port 4028 as partly working and lost at restart, so it was never purely read-only. The token of its gRPC is sent without a scheme word.',
  "LuxOS: 12 control commands that the page prints for it are not in its maker's list. Only 31 commands want a session id first, and addpool is none of them: one sent along would shift every argument.",
  'DCENT_OS: the page prints targets of a closed beta; its source is public by now. Of the 50 commands 19 answer or act, 4 say that they are not supported, quit is refused, 26 are unknown. It listens on loopback only until told otherwise.',
  'The values of a profile are operating points at run time, not factory presets.',
  'The options of ascset belong to a vendor and a model. They are not portable.',
  'Stratum V2, the protocol between miner and pool, and the web flasher are subjects of their own and not part of this.',
];
