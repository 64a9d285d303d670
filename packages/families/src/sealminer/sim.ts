import {
  type ApiCommand,
  type ApiRecord,
  apiPort,
  bool,
  checkCommand,
  createApiServer,
  difficulty,
  elapsed,
  fixed,
  int,
  list,
  rate,
  reply,
  seconds,
  single,
  status,
  text,
  total,
  user,
} from '@headframe/wire/cgminer-server';
import { streamKey } from '../sim/counter-random.ts';
import type { DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { sessionWork } from '../sim/work-done.ts';

/*
 * A SealMiner A2 from the other end of the wire: bdminer 4.11.1, with the fields of the recorded machine that anybody
 * reads, in its order. Pages and commands that change something are not here.
 */

const BOOT_MS = 60_000;
const BOARDS = 3;
const CHIPS = 153;
const FREQ_MHZ = 347;
const BOARD_MHS = 73_900_000;
const FANS = 4;
const POOL = { url: 'stratum+tcp://pool.example.org:3333', user: 'account.worker', difficulty: 262_144 };

const QUIRKS = {
  'dead-board': { does: 'The last hashboard does not answer and does not hash', on: false },
  'stalled-fan': { does: 'The first fan stands still', on: false },
  'dead-pool': { does: 'The first pool is dead from the start', on: false },
  'psu-error': { does: 'The supply reports an error', on: false },
} as const;

type Quirk = keyof typeof QUIRKS;

/** Hex letters that belong to one machine. */
const hex = (seed: number, what: string, digits: number): string =>
  Array.from({ length: Math.ceil(digits / 8) }, (_, i) => streamKey(seed, what, i).toString(16).padStart(8, '0'))
    .join('')
    .slice(0, digits)
    .toUpperCase();

interface Machine {
  readonly seed: number;
  readonly startedAt: number;
  readonly poweredAt: number;
  readonly session: MiningSession;
  readonly on: (name: Quirk) => boolean;
}

function machineOf({ seed, poweredAt, quirks }: DeviceSeed): Machine {
  const on = (name: Quirk) => quirks?.[name] ?? QUIRKS[name].on;
  const startedAt = poweredAt + BOOT_MS;
  const session = new MiningSession({
    seed,
    startedAt,
    boards: Array.from({ length: BOARDS }, (_, board) => ({
      nominalHs: BOARD_MHS * 1e6,
      powerW: 1130,
      dead: on('dead-board') && board === BOARDS - 1,
    })),
    pools: [{ difficulty: POOL.difficulty, dead: on('dead-pool') }],
    cooling: {
      fans: FANS,
      maxRpm: 6000,
      minPercent: 20,
      targetC: 70,
      riseC: 36,
      ...(on('stalled-fan') ? { stalledFan: 0 } : {}),
    },
    idleW: 90,
  });
  return { seed, startedAt, poweredAt, session, on };
}

const mhs = (hs: number) => fixed(hs / 1e6, 6);

const WINDOWS: readonly (readonly [string, number])[] = [
  ['30s', 30],
  ['1m', 60],
  ['2m', 120],
  ['5m', 300],
  ['15m', 900],
  ['30m', 1800],
  ['1h', 3600],
  ['2h', 7200],
];

function statsRecord(machine: Machine, now: number): ApiRecord {
  const { seed, session } = machine;
  const power = session.powerW(now);
  const isAlive = (board: number) => !(machine.on('dead-board') && board === BOARDS - 1);
  const mac = `02FD${hex(seed, 'mac', 8)}`.match(/../g)?.join(':') ?? '';
  const alive = Array.from({ length: BOARDS }, (_, board) => board).filter(isAlive);
  return [
    ['STATS', int(0)],
    ['ID', text('A20')],
    ['Elapsed', elapsed(session.elapsedS(now))],
    ['Calls', int(0)],
    ['Wait', seconds(0)],
    ['Max', seconds(0)],
    ['Min', seconds(99_999_999)],
    ['Model', text('A2')],
    ['ASIC', text('Seal02-V1')],
    ['Firmware', text('2025091001')],
    ['Software Version', text('4.11.1-08690-gd309fbe0')],
    ['MAC', text(mac)],
    ['Ctrl Board', text('taurus_air_v1.1')],
    ['Ctrl Board SN', text(hex(seed, 'control', 16))],
    ['PM State', text('Running')],
    ['Chip Count', int(CHIPS * alive.length)],
    ['Bad Chip Count', int(0)],
    ['Mining Mode', text('Normal')],
    ['Error Code', text('')],
    ['System Uptime', elapsed((now - machine.poweredAt) / 1000)],
    ['MHS(Rated)', mhs(BOARD_MHS * 1e6 * BOARDS * 1.04)],
    ['Power Limit', int(3500)],
    ['MHS(Ideal)', int(BOARD_MHS * alive.length)],
    ['Freq', int(FREQ_MHZ)],
    ['MHS(Sample)', mhs(session.hashrateHs(now, 30))],
    ...WINDOWS.map(([name, windowS]) => [`MHS(${name})`, mhs(session.hashrateHs(now, windowS))] as const),
    ['MHS(Avg)', mhs(session.averageHs(now))],
    ['PSU Model', text('BTPSU04KSA-03.00')],
    ['PSU Firmware', text('222121')],
    ['PSU Error', text(machine.on('psu-error') ? '0x00000004' : '0x00000000')],
    ['PSU SN', text(hex(seed, 'psu', 11))],
    ['PSU Input Voltage', seconds(246)],
    ['PSU Output Voltage', seconds(15.671)],
    ['PSU Output Current', seconds((power * 0.92) / 15.671)],
    ['PSU Input Power', int(power)],
    ['PSU Output Power', int(power * 0.92)],
    ['PSU Fan Speed', int(4408)],
    ['PSU Temp AMB', int(session.ambientC(now))],
    ['Fan Count', int(FANS)],
    ...Array.from({ length: FANS }, (_, fan) => fan).flatMap((fan) => [
      [`${fan} PWM`, int(session.fanPercent(now) * 2.55)] as const,
      [`${fan} Speed`, int(session.fanRpm(now, fan))] as const,
    ]),
    ['Board Count', int(BOARDS)],
    ...Array.from({ length: BOARDS }, (_, board) => board).flatMap((board) => boardFields(machine, board, now)),
  ];
}

/** A board that does not answer has no serial number to show. */
function boardFields({ seed, session, on }: Machine, board: number, now: number): ApiRecord {
  const alive = !(on('dead-board') && board === BOARDS - 1);
  return [
    [`${board} SN`, text(alive ? hex(seed, `board ${board}`, 16) : '')],
    [`${board} Online`, bool(alive)],
    [`${board} Chip Count`, int(alive ? CHIPS : 0)],
    [`${board} Bad Chip Count`, int(0)],
    [`${board} Tune Status`, text(alive ? 'Fine Tuning Done' : '')],
    [`${board} MHS(Ideal)`, int(alive ? BOARD_MHS : 0)],
    [`${board} Freq`, int(alive ? FREQ_MHZ : 0)],
    [`${board} MHS(Sample)`, mhs(session.hashrateHs(now, 30, board))],
    ...[0.75, 0.7, 1, 0.95].map(
      (warmth, i) => [`${board} Temp ${i}`, int(alive ? session.sensorC(now, board, warmth) : 0)] as const,
    ),
  ];
}

function summaryRecord({ session }: Machine, now: number): ApiRecord {
  const shares = session.shares(now);
  return [
    ['Elapsed', elapsed(session.elapsedS(now))],
    ['MHS av', rate(session.averageHs(now) / 1e6)],
    ['MHS 5s', rate(session.fadingHs(now, 5) / 1e6)],
    ['MHS 1m', rate(session.fadingHs(now, 60) / 1e6)],
    ['MHS 5m', rate(session.fadingHs(now, 300) / 1e6)],
    ['MHS 15m', rate(session.fadingHs(now, 900) / 1e6)],
    ['Found Blocks', int(0)],
    ['Accepted', int(shares.accepted)],
    ['Rejected', int(shares.rejected)],
    ['Hardware Errors', int(session.hardwareErrors(now))],
    ['Stale', int(shares.stale)],
    ['Total MH', total(session.totalHashes(now) / 1e6)],
    ['Difficulty Accepted', difficulty(shares.accepted * POOL.difficulty)],
    ['Best Share', int(session.bestShare(now))],
  ];
}

function poolRecord({ session }: Machine, now: number): ApiRecord {
  const shares = session.shares(now, { pool: 0 });
  const last = session.lastShareAt(now, { pool: 0 });
  const alive = session.poolAlive(now, 0);
  return [
    ['POOL', int(0)],
    ['URL', user(POOL.url)],
    ['Status', text(alive ? 'Alive' : 'Dead')],
    ['Priority', int(0)],
    ['Quota', int(1)],
    ['Accepted', int(shares.accepted)],
    ['Rejected', int(shares.rejected)],
    ['Stale', int(shares.stale)],
    ['User', user(POOL.user)],
    ['Last Share Time', int((last ?? 0) / 1000)],
    ['Has Stratum', bool(true)],
    ['Stratum Active', bool(alive)],
    ['Stratum Difficulty', difficulty(POOL.difficulty)],
    ['Best Share', int(session.bestShare(now, 0))],
  ];
}

function createSealminer(seed: DeviceSeed): SimulatedDevice {
  const machine = machineOf(seed);
  const read = (name: string, run: ApiCommand['run']): ApiCommand => ({ name, access: 'read', joinable: true, run });
  const server = createApiServer({
    description: 'bdminer 4.11.1',
    access: { listen: true, network: true },
    codes: {
      22: { severity: 'S', message: 'BDMiner versions' },
      70: { severity: 'S', message: 'BDMiner stats' },
    },
    commands: [
      read('version', () =>
        reply(
          status(22),
          single('VERSION', [
            ['BDMiner', text('4.11.1')],
            ['API', text('3.7')],
          ]),
        ),
      ),
      read('summary', ({ now }) => reply(status(11), single('SUMMARY', summaryRecord(machine, now)))),
      read('stats', ({ now }) => reply(status(70), list('STATS', [statsRecord(machine, now)]))),
      read('pools', ({ now }) => reply(status(7, 1), list('POOLS', [poolRecord(machine, now)]))),
      checkCommand,
    ],
  });
  return {
    label: LABEL,
    cgminer: apiPort(server, 4028),
    work: (now) => {
      const { url, user: worker, difficulty: asked } = POOL;
      return sessionWork(now, machine.session, [{ pool: 0, url, worker, difficulty: asked }]);
    },
    listening: (protocol, now) => protocol === 'cgminer' && now >= machine.startedAt,
  };
}

const LABEL = { family: 'sealminer', make: 'Bitdeer', model: 'SealMiner A2', firmware: 'stock' };

export const sealminerSimulator: FamilySimulator = {
  id: 'sealminer',
  profiles: [{ name: 'a2', label: LABEL, rare: true, quirks: QUIRKS, create: createSealminer }],
};
