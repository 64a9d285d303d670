import type { DiagnosisRecord, LinkState } from '@headframe/api';
import type { GapReason, MachineState, Severity } from '@headframe/model';
import type { MatrixFamily, MatrixMark } from '@headframe/model/matrix';

/** Every text of the page that is not the name of a field: those are in the labels of the model. */
export const TEXTS = {
  title: 'Headframe',
  loading: 'Asking the daemon …',
  noDaemon: 'The daemon does not answer. Start it with: npm start',
  lost: (age: string) => `The daemon has not answered for ${age}. Everything below is from then.`,
  live: 'Live',
  notLive: 'Not connected',
  toDark: 'Dark colours',
  toLight: 'Light colours',

  simulated: (simulated: number, machines: number) =>
    simulated === machines
      ? 'These machines are simulated.'
      : `${simulated} of these ${machines} machines are simulated.`,
  scanHint: 'To see your own, stop this and run',
  scanCommand: 'npm start -- --scan 192.168.1.0/24',
  scanHintEnd: 'with the range of your network.',
  simulatedTag: 'sim',
  simulatedWord: 'simulated',

  scanning: (done: number, total: number) =>
    `Scanning: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} addresses`,
  scanned: (total: number) => `Scanned ${total.toLocaleString('en')} addresses`,
  scanFound: (miners: number, locked: number, others: number) =>
    [
      `${miners} ${miners === 1 ? 'machine' : 'machines'}`,
      locked === 0 ? '' : `${locked} ${locked === 1 ? 'needs' : 'need'} a password`,
      others === 0 ? '' : `${others} other ${others === 1 ? 'device' : 'devices'}`,
    ]
      .filter((part) => part !== '')
      .join(', '),

  machines: 'Machines',
  mining: 'Mining',
  sick: 'Sick',
  hashrate: 'Hashrate',
  ofNominal: (share: string) => `${share} of nominal`,
  power: 'Power',
  powerOf: (known: number, machines: number) =>
    known === machines ? 'all machines say it' : `from ${known} of ${machines}`,
  notAnswering: (count: number) => `${count} not answering`,

  search: 'Search',
  searchHint: 'Model, address, pool, worker, reason',
  show: { all: 'All', sick: 'Sick', mining: 'Mining', silent: 'Silent' },
  shown: (count: number, all: number) => (count === all ? `${all} machines` : `${count} of ${all} machines`),
  sickFirst: 'Sick first',
  none: 'No machine yet.',
  noneFits: 'No machine fits this search.',
  andMore: (count: number) => `and ${count} more`,

  columns: {
    state: 'State',
    model: 'Model',
    firmware: 'Firmware',
    address: 'Address',
    hashrate: 'Hashrate',
    nominal: 'Nominal',
    board: 'Board',
    chip: 'Chip',
    power: 'Power',
    pool: 'Pool',
    worker: 'Worker',
    age: 'Answered',
  },
  unknownModel: 'Unknown machine',
  never: 'never',
  neverAnswered: 'Has never answered',
  answered: 'Answered',
  ago: 'ago',

  back: 'All machines',
  notFound: 'No machine has this id. It may have been found under another one.',
  lastReadings: (age: string) => `It does not answer now. These are its last readings, from ${age} ago.`,
  noReadings: 'It has not given a single reading.',
  since: 'since this page was opened',
  chartWaiting: 'The curve starts with the second reading.',
  chartFailed: 'This browser cannot draw the curve.',
  sections: {
    now: 'Now',
    identity: 'Who it is',
    shares: 'Shares',
    chart: 'Hashrate',
    hashboards: 'Hashboards',
    chips: 'Chips',
    fans: 'Fans',
    psu: 'Power supply',
    pools: 'Pools',
    disagreements: 'Where its doors disagree',
    gaps: 'What could not be read',
    replies: 'Replies that this stands on',
    link: 'The conversation with it',
  },
  measured: 'measured',
  estimated: 'estimated',
  window: (span: string) => `over ${span}`,
  windowUnknown: 'window not said',
  gapPassword: 'needs a password',
  gap: { failed: 'could not be read', denied: 'not allowed', 'not-read': 'not asked' } satisfies Record<
    GapReason,
    string
  >,
  notExposed: 'This machine does not say it',
  chipsOk: (working: number, all: number) => `${working} of ${all} ok`,
  repairs: (count: number) => `${count} ${count === 1 ? 'repair' : 'repairs'}`,
  noRepairs: 'clean',
  atByte: (kind: string, offset: number) => `${kind} at byte ${offset}`,
  commands: 'Port 4028',
  matrix: {
    title: 'The commands of port 4028',
    intro:
      'In bold what the command reference of D-Central prints, below it what was verified. A star marks a printed word that had to be inferred. Where the two disagree about a command working on this port, the cell is marked.',
    find: 'Command or word',
    family: 'Firmware',
    all: 'All',
    short: { stock: 'Stock', braiins: 'Braiins', luxos: 'LuxOS', dcent: 'DCENT_OS' } satisfies Record<
      MatrixFamily,
      string
    >,
    onlyDiffering: 'Only where the views differ',
    shown: (count: number, all: number) => (count === all ? `${all} commands` : `${count} of ${all} commands`),
    none: 'No command fits this search.',
    failed: 'The daemon does not give its table of commands.',
    command: 'Command',
    printed: 'printed',
    verified: 'verified',
    inferred: '*',
    inferredMeaning: 'inferred: the page runs its cells together, this word or its column is a choice',
    differs: '≠ differs',
    cgminer: 'cgminer 4.11.1',
    calls: 'Real calls',
    cgi: 'CGI',
    grpc: 'gRPC',
    noCall: 'none',
    marks: { 'legacy-fpga': 'legacy, FPGA builds only', placeholder: 'placeholder' } satisfies Record<
      MatrixMark,
      string
    >,
    neighbours: 'Commands beside these 50',
    notes: 'What to know before believing it',
    wordsPrinted: 'Words of the printed view',
    wordsVerified: (family: string) => `Words of the verified view: ${family}`,
    copies: 'The same as',
    remarks: 'Remarks',
  },
  statistics: {
    polls: 'Polls',
    failures: 'Failed',
    inARow: 'Failed in a row',
    dropped: 'Left out as late',
    took: 'Last poll took',
    next: 'Next poll',
    ports: 'Ports',
    known: 'Known for',
  },
  nextIn: (span: string) => `in ${span}`,
  nextRunning: 'running',
  doctor: {
    title: 'Why does it not answer?',
    examine: 'Examine it',
    again: 'Examine it again',
    onlyLooks: 'A few short connections; nothing is changed.',
    running: 'Looking: some seconds, a minute where nothing moves …',
    urgency: {
      dead: 'Dead, costs money',
      'hashing-but-deaf': 'Hashing but deaf, costs nothing yet',
      healthy: 'Healthy',
      unknown: 'Not known whether it hashes',
    } satisfies Record<DiagnosisRecord['urgency'], string>,
    cause: (code: string, percent: number) => `${code}, ${percent} % sure`,
    row: (row: number) => `row ${row} of the decision table`,
    step: (step: number) => `step ${step}`,
    doubt: 'Against it:',
    change: 'What would change it:',
    free: 'Leaves the miner alone.',
    costs: (costs: string) => `Costs: ${costs}.`,
    fix: (fix: string) => `headframe doctor --fix can do this (${fix}).`,
    remarks: 'Remarks',
    ruledOut: 'Ruled out',
    notSeen: 'Not looked at, which lowers the confidence',
    evidence: 'Evidence',
    at: 'At',
    took: 'Took',
    bytes: 'Bytes',
    seen: 'Seen',
    byHand: 'The same by hand',
  },
  lastError: (age: string) => `Last error, ${age} ago`,
  itSaid: 'It said',
} as const;

/** What the state column says. How the conversation goes comes first: a state is only known of a machine that answers. */
export const STATE_WORDS: Record<MachineState, string> = {
  mining: 'Mining',
  starting: 'Starting',
  paused: 'Paused',
  idle: 'Idle',
  fault: 'Fault',
  unknown: 'Unknown',
};

export const LINK_WORDS: Record<Exclude<LinkState, 'ok'>, string> = {
  waiting: 'Waiting',
  failing: 'No answer',
  unreachable: 'Not answering',
  'never-answered': 'Never answered',
  'needs-credentials': 'Needs password',
};

/** A device that answers, with something that nobody can read. */
export const UNREADABLE_WORD = 'Unreadable';

export const SEVERITY_WORDS: Record<Severity, string> = {
  info: 'Remark',
  warning: 'Warning',
  error: 'Error',
  critical: 'Critical',
};
