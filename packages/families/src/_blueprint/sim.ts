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
  single,
  status,
  temperature,
  text,
  user,
} from '@headframe/wire/cgminer-server';
import type { DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';

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
  readonly boards: readonly { readonly rate: number; readonly tempC: number; readonly chips: number }[];
  readonly fanRpm: number;
}

const BOOT_MS = 30_000;
const CHIPS = 24;
const QUIRKS = { 'tenths-of-a-degree': { does: 'Firmware 1.1.0, whose temperatures are in tenths', on: false } };

/** A machine that follows the simulator's physics: a function of seed and time, never of how often it was asked. */
function physics(seed: DeviceSeed): (now: number) => PickaxeState {
  const session = new MiningSession({
    seed: seed.seed,
    startedAt: seed.poweredAt + BOOT_MS,
    boards: [1, 2].map(() => ({ nominalHs: 2e12, powerW: 60 })),
    pools: [{ difficulty: 8192 }],
    cooling: { fans: 1, maxRpm: 4000, minPercent: 20, targetC: 60, riseC: 20 },
    idleW: 5,
  });
  return (now) => ({
    elapsed: session.elapsedS(now),
    rate: session.hashrateHs(now, 5),
    average: session.averageHs(now),
    accepted: session.shares(now).accepted,
    errors: session.hardwareErrors(now),
    boards: [0, 1].map((board) => ({
      rate: session.hashrateHs(now, 5, board),
      tempC: session.boardC(now, board),
      chips: CHIPS,
    })),
    fanRpm: session.fanRpm(now, 0),
  });
}

export function createPickaxe(seed: DeviceSeed, stateAt = physics(seed)): SimulatedDevice {
  const tenths = seed.quirks?.['tenths-of-a-degree'] ?? false;
  const read = (name: string, run: (state: PickaxeState) => ReturnType<ApiCommand['run']>): ApiCommand => ({
    name,
    access: 'read',
    joinable: true,
    run: ({ now }) => run(stateAt(now)),
  });
  const server = createApiServer({
    description: 'pickaxe',
    access: { listen: true, network: true },
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
              ['Fan', int(state.fanRpm)],
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
              ['URL', user('stratum+tcp://pool.example.org:3333')],
              ['Status', text('Alive')],
              ['Priority', int(0)],
              ['Accepted', int(state.accepted)],
              ['Rejected', int(0)],
              ['Stale', int(0)],
              ['User', user('account.pickaxe')],
              ['Stratum Difficulty', difficulty(8192)],
            ],
          ]),
        ),
      ),
      checkCommand,
    ],
  });
  return {
    label: LABEL,
    cgminer: apiPort(server, 4028),
    listening: (protocol, now) => protocol === 'cgminer' && now >= seed.poweredAt + BOOT_MS,
  };
}

const LABEL = { family: '_blueprint', make: 'Example', model: 'Pickaxe 2', firmware: 'stock' };

export const blueprintSimulator: FamilySimulator = {
  id: '_blueprint',
  profiles: [{ name: 'pickaxe-2', label: LABEL, quirks: QUIRKS, create: (seed) => createPickaxe(seed) }],
};
