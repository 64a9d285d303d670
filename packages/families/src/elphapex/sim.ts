import { streamKey } from '../sim/counter-random.ts';
import type {
  DeviceSeed,
  FamilySimulator,
  SimulatedDevice,
  SimulatedHttpReply,
  SimulatedHttpRequest,
} from '../sim/device.ts';
import { digestRefusal } from '../sim/digest-lock.ts';
import { MiningSession } from '../sim/physics.ts';
import { sessionWork } from '../sim/work-done.ts';

/*
 * An Elphapex DG1+ from the other end of the wire: a digest login in front of everything, and the pages that were
 * recorded. Pages that change something are not here: they answer 404.
 */

/** Only its beginning is known (protocols.md 0). */
const REALM = 'DaogeMiner Configuration';
const BOOT_MS = 60_000;
const BOARDS = 4;
const CHIPS = 204;
const BOARD_MHS = 3557.25;
const FANS = 4;
const VERSION = 'DG1+_SW_V1.0.2';
const POOLS = ['a', 'b', 'c'].map((name) => `stratum+tcp://${name}.pool.example.org:3333`);
const WORKER = 'account.worker';
const DIFFICULTY = 524_288;
/** A difficulty of Scrypt counts 65,536 hashes, and the physics counts Bitcoin's. */
const PHYSICAL_DIFFICULTY = DIFFICULTY / 65_536;

const QUIRKS = {
  'dead-board': { does: 'The last hashboard does not answer and does not hash', on: false },
  'stalled-fan': { does: 'The first fan stands still', on: false },
  'dead-pool': { does: 'The first pool is dead from the start', on: false },
  asleep: { does: 'The machine sleeps: work mode 1', on: false },
  'no-password': { does: 'The web page asks for no password', on: false },
} as const;

type Quirk = keyof typeof QUIRKS;

interface Machine {
  readonly seed: number;
  readonly startedAt: number;
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
      powerW: 860,
      dead: on('dead-board') && board === BOARDS - 1,
    })),
    pools: POOLS.map((_, i) => ({ difficulty: PHYSICAL_DIFFICULTY, dead: i === 0 && on('dead-pool') })),
    cooling: {
      fans: FANS,
      maxRpm: 6000,
      minPercent: 30,
      targetC: 66,
      riseC: 32,
      ...(on('stalled-fan') ? { stalledFan: 0 } : {}),
    },
    idleW: 60,
    level: on('asleep') ? 0 : 1,
  });
  return { seed, startedAt, session, on };
}

const serial = (seed: number, what: string): string =>
  [0, 1, 2].map((i) => streamKey(seed, what, i).toString(16).toUpperCase().padStart(8, '0')).join('');

const rounded = (value: number): number => Number(value.toFixed(2));

function head({ seed }: Machine, msg: string, now: number) {
  return {
    STATUS: {
      STATUS: 'S',
      when: Math.floor(now / 1000),
      timestamp: Math.floor(now / 1000),
      api_version: '1.0.0',
      Msg: msg,
    },
    INFO: {
      miner_version: VERSION,
      CompileTime: '',
      dev_sn: serial(seed, 'machine').slice(0, 21),
      type: 'DG1+',
      hw_version: 'DG1+_HW_V1.0',
    },
  };
}

function rates({ session }: Machine, now: number) {
  const mhs = (windowS: number) => rounded(session.hashrateHs(now, windowS) / 1e6);
  return {
    elapsed: Math.floor(session.elapsedS(now)),
    rate_5s: mhs(5),
    rate_15m: mhs(900),
    rate_30m: 0,
    rate_avg: rounded(session.averageHs(now) / 1e6),
    rate_ideal: BOARD_MHS * BOARDS,
    rate_unit: 'MH/s',
  };
}

const clock = (seconds: number): string =>
  [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');

function chain({ seed, session, on }: Machine, board: number, now: number): unknown {
  const alive = !(on('dead-board') && board === BOARDS - 1);
  const pcb = [0.7, 0.68, 1, 0.98].map((warmth) => (alive ? Math.round(session.sensorC(now, board, warmth)) : 0));
  const average = session.averageHs(now, board) / 1e6;
  return {
    index: board,
    sn: alive ? serial(seed, `board ${board}`) : '',
    freq_avg: 62_000,
    asic_num: alive ? CHIPS : 0,
    asic: alive ? 'ooooooooo oooooooo oooooooo oooooooo oooo' : '',
    hw: alive ? CHIPS : 0,
    rate_real: rounded(average),
    rate_15m: Math.round(session.hashrateHs(now, 900, board) / 1e6),
    hashrate: rounded(session.hashrateHs(now, 60, board) / 1e6),
    rate_ideal: BOARD_MHS,
    temp_pcb: pcb,
    temp_pic: pcb,
    temp_chip: alive
      ? [...[0.8, 0.9].map((warmth) => String(Math.round(session.sensorC(now, board, warmth) * 1000))), '', '']
      : ['', '', '', ''],
    eeprom_loaded: alive,
  };
}

function pools({ session }: Machine, now: number): unknown[] {
  return POOLS.map((url, index) => {
    const shares = session.shares(now, { pool: index });
    const last = session.lastShareAt(now, { pool: index });
    return {
      index,
      url,
      user: WORKER,
      status: session.poolAlive(now, index) ? 'Alive' : 'Unreachable',
      priority: index,
      getworks: shares.accepted + shares.rejected,
      accepted: shares.accepted,
      rejected: shares.rejected,
      stale: 0,
      diff: '',
      diff1: 0,
      diffa: DIFFICULTY,
      diffr: DIFFICULTY,
      diffs: 0,
      lsdiff: DIFFICULTY,
      lstime: clock(last === null ? 0 : (now - last) / 1000),
    };
  });
}

const PAGES: Readonly<Record<string, (machine: Machine, now: number) => unknown>> = {
  get_system_info: ({ seed }) => ({
    ipaddress: '10.0.0.9',
    netmask: '255.255.255.0',
    gateway: '10.0.0.1',
    dnsservers: '',
    nettype: 'DHCP',
    netdevice: 'eth0',
    hostname: 'miner',
    macaddr: `02:0A:${(streamKey(seed, 'mac').toString(16).toUpperCase().padStart(8, '0').match(/../g) ?? []).join(':')}`,
    minertype: 'DG1+',
    Algorithm: 'Scrypt',
    system_mode: 'GNU/Linux',
    system_kernel_version: '4.4.194 #1 SMP',
    system_filesystem_version: VERSION,
    firmware_type: 'Release',
  }),
  summary: (machine, now) => ({
    ...head(machine, 'summary', now),
    SUMMARY: [
      {
        ...rates(machine, now),
        // As the real one does: it repeats the average.
        hw_all: rounded(machine.session.averageHs(now) / 1e6),
        bestshare: 0,
        status: ['rate', 'network', 'fans', 'temp'].map((type) => {
          const bad = type === 'fans' && machine.on('stalled-fan');
          return { type, status: bad ? 'e' : 's', code: bad ? 1 : 0, msg: bad ? 'fan error' : '' };
        }),
      },
    ],
  }),
  stats: (machine, now) => ({
    ...head(machine, 'stats', now),
    STATS: [
      {
        ...rates(machine, now),
        chain_num: BOARDS,
        fan_num: FANS,
        fan: Array.from({ length: FANS }, (_, fan) => String(Math.round(machine.session.fanRpm(now, fan)))),
        chain: Array.from({ length: BOARDS }, (_, board) => chain(machine, board, now)),
      },
    ],
  }),
  pools: (machine, now) => ({ ...head(machine, 'pools', now), POOLS: pools(machine, now) }),
  get_miner_conf: ({ on }) => ({
    pools: POOLS.map((url) => ({ url, user: WORKER, pass: '123' })),
    'fc-voltage': '1470',
    'fc-fan-ctrl': false,
    'fc-freq-level': '100',
    'fc-fan-pwm': '80',
    'fc-work-mode': on('asleep') ? 1 : 0,
    'fc-freq': '1850',
    algo: 'ltc',
  }),
  get_blink_status: () => ({ blink: false }),
};

function respond(machine: Machine, request: SimulatedHttpRequest, now: number): SimulatedHttpReply {
  const lock = { realm: REALM, user: 'root', password: 'root', secret: serial(machine.seed, 'nonce') };
  const refused = machine.on('no-password') ? null : digestRefusal(lock, request, now);
  if (refused !== null) return refused;
  const name = /^\/cgi-bin\/(\w+)\.cgi$/.exec(request.path.split('?')[0] ?? '')?.[1] ?? '';
  const page = request.method === 'GET' && Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  return page === undefined
    ? { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404 - Not Found</h1>\n' }
    : { status: 200, headers: {}, body: JSON.stringify(page(machine, now)) };
}

function createElphapex(seed: DeviceSeed): SimulatedDevice {
  const machine = machineOf(seed);
  return {
    label: LABEL,
    http: { port: 80, respond: (request, _, now) => respond(machine, request, now) },
    work: (now) => {
      const pools = POOLS.map((url, pool) => ({ pool, url, worker: WORKER, difficulty: PHYSICAL_DIFFICULTY }));
      return sessionWork(now, machine.session, pools);
    },
    listening: (protocol, now) => protocol === 'http' && now >= machine.startedAt,
  };
}

const LABEL = { family: 'elphapex', make: 'Elphapex', model: 'DG1+', firmware: 'stock' };

export const elphapexSimulator: FamilySimulator = {
  id: 'elphapex',
  profiles: [{ name: 'dg1-plus', label: LABEL, rare: true, quirks: QUIRKS, create: createElphapex }],
};
