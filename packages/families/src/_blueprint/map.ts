import {
  blankFan,
  blankHashboard,
  blankIdentity,
  type FamilySnapshot,
  type Hashboard,
  type Identity,
  type MachineState,
  MH,
  type Pool,
  type Replies,
} from '@headframe/model';
import {
  averageHashrate,
  first,
  hashrateWindows,
  lastShareAt,
  poolFrom,
  section,
  sharesFrom,
} from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';
import { quirkOf } from './quirks.ts';

/**
 * What the answers mean: pure, one fact per line, with its source where the field's name does not say it.
 * What the machine does not tell is null. Never a default that looks like a reading: silence is not zero.
 */
export function mapBlueprint(replies: Replies): FamilySnapshot {
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  const windows = hashrateWindows(summary);
  const boards = section(replies.get('stats')?.doc, 'STATS');
  const identity = identityOfBlueprint(replies);
  const tempFactor = quirkOf(identity.firmwareVersion)?.tempFactor ?? 1;
  return {
    identity,
    state: stateOf(windows[0]?.hs ?? null),
    minerUptimeS: summary.int('Elapsed'),
    systemUptimeS: null,
    hashrate: {
      currentHs: windows[0]?.hs ?? null,
      currentWindowS: windows[0]?.seconds ?? null,
      averageHs: averageHashrate(summary),
      nominalHs: null,
      windows,
    },
    powerW: null,
    powerBasis: null,
    powerLimitW: null,
    efficiencyJTh: null,
    ambientTempC: null,
    hashboards: boards.map((board, position) => hashboard(board, position, tempFactor)),
    // The machine has one fan, and every board tells its speed.
    fans: boards.slice(0, 1).map((board) => ({ ...blankFan(0), rpm: board.num('Fan') })),
    psu: null,
    pools: pools(replies),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: [],
  };
}

/** Also asked with the replies of the probes alone, when a machine is found. */
export function identityOfBlueprint(replies: Replies): Identity {
  const version = first(replies.get('version')?.doc, 'VERSION');
  return {
    ...blankIdentity('_blueprint'),
    make: 'Example',
    model: version.str('Model'),
    firmware: 'stock',
    firmwareVersion: version.str('Pickaxe'),
    apiVersion: version.str('API'),
    algorithm: 'sha256d',
  };
}

/** The Pickaxe has no word for a pause: without a rate it is idle, without an answer nobody knows. */
const stateOf = (currentHs: number | null): MachineState =>
  currentHs === null ? 'unknown' : currentHs > 0 ? 'mining' : 'idle';

function hashboard(board: Fields, position: number, tempFactor: number): Hashboard {
  const chips = board.int('Chips');
  return {
    ...blankHashboard(board.int('STATS') ?? position),
    label: board.str('ID'),
    // A slot without a board is listed with no chips (README, known lies).
    state: chips === null ? 'unknown' : chips > 0 ? 'ok' : 'missing',
    hashrateHs: board.num('MHS 5s', MH),
    tempC: board.num('Temperature', tempFactor),
    chipsWorking: chips,
    frequencyMHz: chips === 0 ? null : board.num('Frequency'),
  };
}

function pools(replies: Replies): Pool[] {
  const reply = replies.get('pools');
  if (reply === undefined) return [];
  return section(reply.doc, 'POOLS').map((record, position) => ({
    ...poolFrom(record, position),
    lastShareAt: lastShareAt(record, reply, null),
  }));
}
