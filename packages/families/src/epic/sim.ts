import { streamKey, uniform } from '../sim/counter-random.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice, SimulatedHttpReply } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { sessionWork } from '../sim/work-done.ts';

/*
 * An Antminer S19 XP under ePIC's PowerPlay from the other end of the wire: the six pages that were recorded, of the
 * same form. Pages that change something are not here.
 */

const BOOT_MS = 50_000;
const BOARDS = 3;
const CHIPS = 110;
const CLOCK_MHZ = 487.5;
/** Hashes per second of one chip and Hz of its clock. */
const HASHES_PER_CLOCK = 894;
const NOMINAL_MHS = (CHIPS * HASHES_PER_CLOCK * CLOCK_MHZ * 1e6) / 1e6;
const FANS = 4;
const MAX_RPM = 6000;
const POOL = { url: 'stratum+tcp://pool.example.org:3333', login: 'account.worker', difficulty: 262_144 };

const QUIRKS = {
  'dead-board': { does: 'The last hashboard does not answer and does not hash', on: false },
  'stalled-fan': { does: 'The first fan stands still', on: false },
  'disabled-board': { does: 'The first hashboard is detected and switched off, as on the recorded machine', on: false },
  asleep: { does: 'The machine idles', on: false },
} as const;

type Quirk = keyof typeof QUIRKS;

/** One S19 XP: which of its boards are there, which are used, and the run of its mining program. */
class PowerPlay {
  readonly seed: number;
  readonly session: MiningSession;
  readonly startedAt: number;
  readonly asleep: boolean;
  readonly #on: (name: Quirk) => boolean;

  constructor(seed: DeviceSeed) {
    this.seed = seed.seed;
    this.startedAt = seed.poweredAt + BOOT_MS;
    this.#on = (name) => seed.quirks?.[name] ?? QUIRKS[name].on;
    this.asleep = this.#on('asleep');
    const stalled = this.#on('stalled-fan') ? { stalledFan: 0 } : {};
    this.session = new MiningSession({
      seed: seed.seed,
      startedAt: this.startedAt,
      boards: Array.from({ length: BOARDS }, (_, board) => ({
        nominalHs: NOMINAL_MHS * 1e6,
        powerW: 1080,
        dead: !this.isUsed(board),
      })),
      pools: [{ difficulty: POOL.difficulty }],
      cooling: { fans: FANS, maxRpm: MAX_RPM, minPercent: 20, targetC: 62, riseC: 30, ...stalled },
      idleW: 60,
      level: this.asleep ? 0 : 1,
    });
  }

  isDetected(board: number): boolean {
    return !(this.#on('dead-board') && board === BOARDS - 1);
  }

  isUsed(board: number): boolean {
    return this.isDetected(board) && !(this.#on('disabled-board') && board === 0);
  }

  /** The slots of the boards that are in use. */
  used(): number[] {
    return Array.from({ length: BOARDS }, (_, board) => board).filter((board) => this.isUsed(board));
  }

  /** `YNAHYPDBCJEBC0001`: ours have no more than their form. */
  boardSerial(board: number): string {
    return `YNAH${streamKey(this.seed, 'board', board).toString(16).toUpperCase().padStart(8, '0')}BC${board}`;
  }

  mac(): string {
    const tail = streamKey(this.seed, 'mac').toString(16).toUpperCase().padStart(8, '0');
    return `02:45:${tail.match(/../g)?.join(':') ?? ''}`;
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** MH/s, percent of what it should do, and a number that nobody knows. */
const ratesOf = (mhs: number, nominalMhs: number): number[] => [
  rounded(mhs, 2),
  rounded((mhs / nominalMhs) * 100, 1),
  0.8,
];

function summary(machine: PowerPlay, now: number): unknown {
  const { session } = machine;
  const shares = session.shares(now);
  const last = session.lastShareAt(now);
  const uptime = Math.floor(session.elapsedS(now));
  const percent = Math.round(session.fanPercent(now));
  const startup = Math.floor(machine.startedAt / 1000);
  return {
    Status: {
      'Operating State': machine.asleep ? 'Idling' : 'Mining',
      'Last Command': null,
      'Last Command Result': null,
      'Last Error': null,
    },
    Hostname: `epic${machine.seed % 10_000}`,
    PresetInfo: { 'Target Power': 3350 },
    Software: 'PowerPlay-BMS v1.5.13',
    'OS Type': 'umcOS',
    Mining: { Coin: 'BTC', Algorithm: 'SHA-256' },
    Stratum: {
      'Config Id': 0,
      'Current Pool': POOL.url.replace(/^.*\/\//, ''),
      'Current User': POOL.login,
      IsPoolConnected: session.currentPool(now) !== null,
      'Average Latency': 0.038288616,
      'Worker Unique Id': false,
    },
    Session: {
      'Startup Timestamp': startup,
      'Startup String': new Date(startup * 1000).toUTCString(),
      Uptime: uptime,
      'Active HBs': machine.used().length,
      'Average MHs': rounded(session.averageHs(now) / 1e6, 0),
      Accepted: shares.accepted,
      Rejected: shares.rejected,
      Submitted: shares.accepted + shares.rejected,
      'Last Accepted Share Timestamp': Math.floor((last ?? 0) / 1000),
      'Last Accepted Share Timer': last === null ? 0 : Math.floor((now - last) / 1000),
      Difficulty: POOL.difficulty,
    },
    HBs: machine.used().map((board) => ({
      Index: board,
      'Input Voltage': 12.6,
      'Output Voltage': 0,
      'Input Current': 0,
      'Output Current': 0,
      'Input Power': 0,
      'Output Power': 0,
      Temperature: rounded(session.boardC(now, board), 3),
      'Core Clock': [],
      Hashrate: ratesOf(session.hashrateHs(now, 60, board) / 1e6, NOMINAL_MHS),
      'Core Clock Avg': CLOCK_MHZ,
    })),
    HBStatus: Array.from({ length: BOARDS }, (_, board) => ({
      Index: board,
      Enabled: machine.isUsed(board),
      Detected: machine.isDetected(board),
    })),
    Fans: { 'Fans Speed': percent, 'Fan Mode': { Auto: { 'Target Temperature': 60, 'Idle Speed': 20 } } },
    'Fans Rpm': Object.fromEntries(
      Array.from({ length: 12 }, (_, fan) => [
        `Fans Speed ${fan + 1}`,
        fan < FANS ? Math.round(session.fanRpm(now, fan)) : null,
      ]),
    ),
    Misc: { 'Locate Miner State': false, 'Shutdown Temp': 85, 'Critical Temp': 100 },
    StratumConfigs: [{ pool: POOL.url, login: POOL.login, password: 'x' }],
    'Power Supply Stats': {
      'Input Voltage': 0,
      'Output Voltage': 12.595,
      'Input Current': 0,
      'Output Current': 0,
      'Input Power': rounded(session.powerW(now), 4),
      'Output Power': 0,
      'Target Voltage': 12600,
    },
    'Last License Error': null,
  };
}

/** One entry for each board in use, or that answers at all. */
const perBoard = (boards: readonly number[], data: (board: number) => unknown[]) =>
  boards.map((board) => ({ Index: board, Data: data(board) }));

const PAGES: Readonly<Record<string, (machine: PowerPlay, now: number) => unknown>> = {
  '/summary': summary,
  '/temps': (machine, now) =>
    perBoard(
      Array.from({ length: BOARDS }, (_, board) => board).filter((board) => machine.isDetected(board)),
      (board) => [0.7, 1].map((warmth) => rounded(machine.session.sensorC(now, board, warmth), 3)),
    ),
  '/hashrate': (machine, now) =>
    perBoard(machine.used(), (board) => {
      const each = machine.session.hashrateHs(now, 60, board) / 1e6 / CHIPS;
      return Array.from({ length: CHIPS }, (_, chip) => {
        const own = 0.8 + 0.4 * uniform(streamKey(machine.seed, 'chip', board), chip);
        return ratesOf(each * own, NOMINAL_MHS / CHIPS);
      });
    }),
  '/clocks': (machine) => perBoard(machine.used(), () => Array.from({ length: CHIPS }, () => CLOCK_MHZ)),
  '/network': (machine) => ({
    dhcp: {
      address: '10.0.0.9',
      netmask: '255.255.255.0',
      gateway: '10.0.0.1',
      dns: '10.0.0.1',
      mac_address: machine.mac(),
    },
  }),
  '/capabilities': (machine) => ({
    Model: 'AntMiner S19 XP',
    'Model Subtype': 'BHB56801',
    'Chip Type': 'BM1366',
    'Board Serial Numbers': machine.used().map((board) => machine.boardSerial(board)),
    'Control Board Version': { somBoardVersion: '7.1.0', cpuHardware: 'STM32 (Device Tree Support)' },
    'Default Clock': 485,
    'Default Voltage': 12900,
    'Default Hashrate': 143,
    'Max HBs': BOARDS,
    Coins: ['BTC'],
    'Psu Info': { 'PSU Type': 118, FW: 25, 'Min Vout': 11877, 'Max Vout': 15182 },
    'Performance Estimator': { 'Chip Count': CHIPS, 'Hashes Per Second Per Chip': HASHES_PER_CLOCK },
  }),
};

function respond(machine: PowerPlay, method: string, path: string, now: number): SimulatedHttpReply {
  const name = path.split('?')[0] ?? '';
  const page = method === 'GET' && Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  return page === undefined
    ? { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' }
    : { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(page(machine, now)) };
}

function createPowerPlay(seed: DeviceSeed): SimulatedDevice {
  const machine = new PowerPlay(seed);
  return {
    label: LABEL,
    http: { port: 4028, respond: ({ method, path }, _, now) => respond(machine, method, path, now) },
    work: (now) => {
      const { url, login, difficulty } = POOL;
      return sessionWork(now, machine.session, [{ pool: 0, url, worker: login, difficulty }]);
    },
    listening: (protocol, now) => protocol === 'http' && now >= machine.startedAt,
  };
}

const LABEL = { family: 'epic', make: 'Bitmain', model: 'Antminer S19 XP', firmware: 'epic' };

const S19_XP: DeviceProfile = { name: 's19-xp', label: LABEL, rare: true, quirks: QUIRKS, create: createPowerPlay };

export const epicSimulator: FamilySimulator = { id: 'epic', profiles: [S19_XP] };
