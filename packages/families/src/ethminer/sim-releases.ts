import { ASSUMED } from './sim-assumed.ts';

/*
 * What the releases of ethminer differ in (protocols.md 5.5 and 5.7).
 */

export type ReleaseName = '0.14.0' | '0.15.0' | '0.16.1' | '0.17.1' | '0.18.0-alpha.2' | '0.18.0' | '0.19.0';

export interface Release {
  /** As every reply prints it. */
  readonly version: string;
  /**
   * `packets`: 0.18.0-alpha.3 on, with HTTP, the hang of short packets and repeated replies (5.1, 5.2).
   * `lines`: each line by itself (5.7). `single`: one request per connection (0.14 and 0.15, assumed).
   */
  readonly framing: 'packets' | 'lines' | 'single';
  /** Methods that 0.19 has and this release lacks. */
  readonly lacks: readonly string[];
  /** Shape of miner_getstatdetail and of the scrambler; `alpha` is `old` with the texts and width of 0.18. */
  readonly shape: 'old' | 'alpha' | 'new';
  readonly hasHr: boolean;
  /** The width of a segment before anybody sets it. */
  readonly segmentWidth: number;
  /** Writes that a read-only port takes all the same. */
  readonly openWrites: readonly string[];
  readonly verbosityMost: number;
}

const LATER = [
  ...['api_authorize', 'miner_getstatdetail', 'miner_getconnections', 'miner_addconnection', 'miner_pausegpu'],
  ...['miner_setactiveconnection', 'miner_removeconnection', 'miner_getscramblerinfo', 'miner_setscramblerinfo'],
  'miner_setverbosity',
];

const BEFORE_0_18 = {
  framing: 'lines',
  shape: 'old',
  hasHr: true,
  segmentWidth: 40,
  openWrites: ['miner_shuffle'],
} as const;
const FROM_0_18 = {
  framing: 'packets',
  shape: 'new',
  hasHr: false,
  segmentWidth: 32,
  openWrites: [],
  lacks: [],
  verbosityMost: ASSUMED.verbosityMost.new,
} as const;

export const RELEASES: Readonly<Record<ReleaseName, Release>> = {
  '0.14.0': {
    ...BEFORE_0_18,
    version: '0.14.0',
    framing: 'single',
    lacks: [...LATER, 'miner_ping', 'miner_shuffle'],
    verbosityMost: 0,
  },
  '0.15.0': { ...BEFORE_0_18, version: '0.15.0', framing: 'single', lacks: LATER, verbosityMost: 0 },
  '0.16.1': {
    ...BEFORE_0_18,
    version: 'ethminer-0.16.1',
    lacks: ['miner_getstatdetail'],
    verbosityMost: ASSUMED.verbosityMost.old,
  },
  '0.17.1': { ...BEFORE_0_18, version: 'ethminer-0.17.1', lacks: [], verbosityMost: ASSUMED.verbosityMost.new },
  '0.18.0-alpha.2': {
    ...BEFORE_0_18,
    version: 'ethminer-0.18.0-alpha.2',
    shape: 'alpha',
    segmentWidth: 32,
    lacks: [],
    verbosityMost: ASSUMED.verbosityMost.new,
  },
  '0.18.0': { ...FROM_0_18, version: 'ethminer-0.18.0' },
  '0.19.0': { ...FROM_0_18, version: 'ethminer-0.19.0' },
};
