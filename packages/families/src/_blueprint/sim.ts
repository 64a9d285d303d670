import {
  type ApiCommand,
  apiPort,
  checkCommand,
  createApiServer,
  difficulty,
  elapsed,
  int,
  list,
  rate,
  reply,
  say,
  single,
  status,
  temperature,
  text,
  user,
} from '@headframe/wire/cgminer-server';
import type { DeviceSeed, FamilySimulator, SimulatedDevice, WorkDone } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { sessionWork } from '../sim/work-done.ts';

/*
 * The device from the other end of the wire. It never imports `map.ts` or the snapshot: its state is the device's own,
 * so that the two ends cannot agree by accident.
 */

/** What the machine knows at one moment, in its own units. */
export interface PickaxeState {
  readonly elapsed: number;
  /** H/s. */
  readonly rate: number;
  readonly average: number;
  readonly accepted: number;
  readonly errors: number;
  readonly boards: readonly {
    readonly rate: number;
    readonly tempC: number;
    readonly chips: number;
    readonly mhz: number;
  }[];
  readonly fanRpm: number;
}

/** The machine behind its API: what it knows at a time, and what can be done to it. */
export interface Pickaxe {
  readonly stateAt: (now: number) => PickaxeState;
  readonly runAt: (now: number, mhz: number) => void;
  /** What its pool would count; a machine of typed readings has none. */
  readonly work?: (now: number) => WorkDone[];
}

const BOOT_MS = 30_000;
const CHIPS = 24;
const FACTORY_MHZ = 500;
const MOST_RPM = 4000;
const POOL = { url: 'stratum+tcp://pool.example.org:3333', worker: 'account.pickaxe', difficulty: 8192 };
/** `freqset` is refused so long after the start, s (README, control). */
const WARM_UP_S = 300;
const QUIRKS = {
  'tenths-of-a-degree': {
    does: 'Firmware 1.1.0, whose temperatures are in tenths and which has no freqset',
    on: false,
  },
  'boards-of-500-mhz': { does: 'Boards that run at 500 MHz at most, and say yes to more', on: false },
};

/**
 * A machine that follows the simulator's physics: a function of seed, time and what it was told, never of how often it
 * was asked.
 */
function physics(seed: DeviceSeed): Pickaxe {
  let mhz = FACTORY_MHZ;
  const session = new MiningSession({
    seed: seed.seed,
    startedAt: seed.poweredAt + BOOT_MS,
    boards: [1, 2].map(() => ({ nominalHs: 2e12, powerW: 60 })),
    pools: [POOL],
    cooling: { fans: 1, maxRpm: MOST_RPM, minPercent: 20, targetC: 60, riseC: 20 },
    idleW: 5,
  });
  return {
    stateAt: (now) => ({
      elapsed: session.elapsedS(now),
      rate: session.hashrateHs(now, 5),
      average: session.averageHs(now),
      accepted: session.shares(now).accepted,
      errors: session.hardwareErrors(now),
      boards: [0, 1].map((board) => ({
        rate: session.hashrateHs(now, 5, board),
        tempC: session.boardC(now, board),
        chips: CHIPS,
        mhz,
      })),
      fanRpm: session.fanRpm(now, 0),
    }),
    runAt: (now, wanted) => {
      mhz = wanted;
      session.setLevel(now, wanted / FACTORY_MHZ, 5);
    },
    work: (now) => sessionWork(now, session, [{ ...POOL, pool: 0 }]),
  };
}

export function createPickaxe(seed: DeviceSeed, machine = physics(seed)): SimulatedDevice {
  const tenths = seed.quirks?.['tenths-of-a-degree'] ?? false;
  const most = seed.quirks?.['boards-of-500-mhz'] === true ? 500 : 600;
  // What it was told, and tells in `config`: beside it stands what the boards really do.
  const told = { mhz: FACTORY_MHZ, fanCap: MOST_RPM };
  const read = (name: string, run: (state: PickaxeState) => ReturnType<ApiCommand['run']>): ApiCommand => ({
    name,
    access: 'read',
    joinable: true,
    run: ({ now }) => run(machine.stateAt(now)),
  });
  const write = (name: string, run: (parameter: string, now: number) => ReturnType<ApiCommand['run']>): ApiCommand => ({
    name,
    access: 'write',
    joinable: false,
    run: ({ parameter, now }) => run(parameter ?? '', now),
  });
  const freqset = write('freqset', (parameter, now) => {
    const mhz = Number(parameter);
    if (machine.stateAt(now).elapsed < WARM_UP_S) return say(201);
    if (!(mhz >= 300 && mhz <= 600)) return say(203, parameter);
    told.mhz = mhz;
    machine.runAt(now, Math.min(mhz, most));
    return say(200, mhz);
  });
  const server = createApiServer({
    description: 'pickaxe',
    // Without a list nobody may write.
    access: { listen: true, allow: 'W:0/0' },
    // The device's own codes; those of cgminer are there without a word.
    codes: {
      200: { severity: 'S', message: 'Frequency %d' },
      201: { severity: 'E', message: 'Warming up' },
      202: { severity: 'S', message: 'Fan cap %d' },
      203: { severity: 'E', message: 'Out of range: %s' },
    },
    commands: [
      read('version', () =>
        reply(
          status(22),
          single('VERSION', [
            ['Pickaxe', text(tenths ? '1.1.0' : '1.4.0')],
            ['API', text('3.7')],
            ['Model', text('Pickaxe 2')],
          ]),
        ),
      ),
      read('summary', (state) =>
        reply(
          status(11),
          single('SUMMARY', [
            ['Elapsed', elapsed(state.elapsed)],
            ['MHS av', rate(state.average / 1e6)],
            ['MHS 5s', rate(state.rate / 1e6)],
            ['Accepted', int(state.accepted)],
            ['Rejected', int(0)],
            ['Hardware Errors', int(state.errors)],
            ['Stale', int(0)],
            ['Best Share', int(0)],
          ]),
        ),
      ),
      read('stats', (state) =>
        reply(
          status(70),
          list(
            'STATS',
            state.boards.map((board, i) => [
              ['STATS', int(i)],
              ['ID', text(`PX${i}`)],
              ['MHS 5s', rate(board.rate / 1e6)],
              ['Temperature', temperature(board.tempC * (tenths ? 10 : 1))],
              ['Chips', int(board.chips)],
              ['Fan', int(Math.min(state.fanRpm, told.fanCap))],
              ['Frequency', int(board.mhz)],
            ]),
          ),
        ),
      ),
      read('pools', (state) =>
        reply(
          status(7, 1),
          list('POOLS', [
            [
              ['POOL', int(0)],
              ['URL', user(POOL.url)],
              ['Status', text('Alive')],
              ['Priority', int(0)],
              ['Accepted', int(state.accepted)],
              ['Rejected', int(0)],
              ['Stale', int(0)],
              ['User', user(POOL.worker)],
              ['Stratum Difficulty', difficulty(POOL.difficulty)],
            ],
          ]),
        ),
      ),
      read('config', () =>
        reply(
          status(33),
          single('CONFIG', [
            ['Frequency', int(told.mhz)],
            ['Fan Cap', int(told.fanCap)],
          ]),
        ),
      ),
      write('fancap', (parameter) => {
        const rpm = Number(parameter);
        if (!(rpm >= 1000 && rpm <= MOST_RPM)) return say(203, parameter);
        told.fanCap = rpm;
        return say(202, rpm);
      }),
      ...(tenths ? [] : [freqset]),
      checkCommand,
    ],
  });
  return {
    label: LABEL,
    cgminer: apiPort(server, 4028),
    ...(machine.work && { work: machine.work }),
    listening: (protocol, now) => protocol === 'cgminer' && now >= seed.poweredAt + BOOT_MS,
  };
}

const LABEL = { family: '_blueprint', make: 'Example', model: 'Pickaxe 2', firmware: 'stock' };

export const blueprintSimulator: FamilySimulator = {
  id: '_blueprint',
  profiles: [{ name: 'pickaxe-2', label: LABEL, quirks: QUIRKS, create: (seed) => createPickaxe(seed) }],
};
