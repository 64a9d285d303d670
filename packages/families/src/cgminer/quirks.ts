/**
 * The programs that answer like cgminer, by the key that holds their version in VERSION (`protocols.md` 0), and what we
 * call their firmware. A program that is not here is read all the same, and called as it signs its replies.
 * The first key that a machine has counts: forks keep cgminer's own key beside theirs.
 */
export const PROGRAMS: readonly (readonly [versionKey: string, firmware: string])[] = [
  ['BOSer', 'braiins-os'],
  ['BOSminer+', 'braiins-os'],
  ['BOSminer', 'braiins-os'],
  ['LUXminer', 'luxos'],
  ['DCENTOS', 'dcent-os'],
  ['BMMiner', 'bmminer'],
  ['BFGMiner', 'bfgminer'],
  ['SGMiner', 'sgminer'],
  ['sgminer', 'sgminer'],
  ['cpuminer', 'cpuminer'],
  ['CGMiner', 'cgminer'],
];

/**
 * The programs that may be changed: those whose commands are known from their source (`protocols.md` 1.4). Everything
 * else that answers like cgminer is somebody's firmware, and is only read.
 */
export const WRITABLE: ReadonlySet<string> = new Set(['cgminer', 'bmminer', 'sgminer']);

/** What a device of a record is counted by: ASICs, FPGAs, graphics cards, processors (`protocols.md` 1.5; sgminer, bfgminer). */
export const DEVICE_KEYS = ['ASC', 'PGA', 'GPU', 'CPU'] as const;

/** Reasons in NOTIFY that name a temperature; everything else is a fault of the device. */
export const HEAT_REASONS: ReadonlySet<string> = new Set(['Device over heated', 'Device reached thermal cutoff']);

/** A machine that has not hashed yet is starting for this long, s; after that it does nothing and we do not know why. */
export const STARTING_S = 120;
