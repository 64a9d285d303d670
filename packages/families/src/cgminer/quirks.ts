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

/**
 * Firmware of others that answers like the program of the machine it was put on and says so in a word of VERSION,
 * wherever it stands: `"Type":"Antminer S9 (vnish 3.8.6)"`, `"Type":"Antminer S9 Hiveon"`, `"BMMiner":"bOS_am1-s9-..."`
 * (protocols.md 0; records that public monitoring programs test with). The first that fits counts, and goes before
 * {@link PROGRAMS}. What the first group finds is its version.
 */
export const THIRD_PARTY: readonly (readonly [word: RegExp, firmware: string])[] = [
  [/vnish(?:[ _/-]*v?(\d[\w.-]*))?/i, 'vnish'],
  [/anthill(?:os)?(?:[ _/-]*v?(\d[\w.-]*))?/i, 'anthillos'],
  [/hiveon(?:[ _/-]*v?(\d[\w.-]*))?/i, 'hiveon'],
  [/(?:marafw|mara fw|kaonsu)(?:[ _/-]*v?(\d[\w.-]*))?/i, 'marathon'],
  [/mskminer(?:[ _/-]*v?(\d[\w.-]*))?|\bmsk\b/i, 'mskminer'],
  [/(bOS_[\w.-]+)|\bbraiins\b/, 'braiins-os'],
  // Who built Hiveon for the S9 signs its program; alone it is a firmware that nobody has a name for.
  [/\brwglr\b/i, 'rwglr'],
];

/** What these tell at their own web page, which this family does not ask (protocols.md 7.2 and 10). */
export const TOLD_ELSEWHERE: readonly string[] = [
  '/identity/mac',
  '/identity/hostname',
  '/hashrate/nominalHs',
  '/powerW',
  '/efficiencyJTh',
  '/hashboards',
  '/fans',
];

/** Those that have such a page: third parties, and what PROGRAMS knows as one. */
export const HAS_OWN_PAGE: ReadonlySet<string> = new Set([
  ...THIRD_PARTY.map(([, firmware]) => firmware),
  'braiins-os',
  'luxos',
]);

/** What a device of a record is counted by: ASICs, FPGAs, graphics cards, processors (`protocols.md` 1.5; sgminer, bfgminer). */
export const DEVICE_KEYS = ['ASC', 'PGA', 'GPU', 'CPU'] as const;

/** Reasons in NOTIFY that name a temperature; everything else is a fault of the device. */
export const HEAT_REASONS: ReadonlySet<string> = new Set(['Device over heated', 'Device reached thermal cutoff']);

/** A machine that has not hashed yet is starting for this long, s; after that it does nothing and we do not know why. */
export const STARTING_S = 120;
