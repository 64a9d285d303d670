import { float, type Json, type JsonRecord, single } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';
import { names } from './sim-reads.ts';
import { accept, type DcentReply } from './sim-reply.ts';

/*
 * What is told of the chains one by one. A chain that does not answer is there with no chips. Shares are counted for
 * the machine only.
 */

interface Chain {
  readonly place: number;
  readonly id: number;
  readonly chips: number;
  readonly mhz: number;
  readonly mv: number;
  readonly celsius: Json;
  readonly ghs: number;
  readonly errors: number;
  readonly status: string;
}

function chainsOf({ plan, run }: DcentMachine, now: number): readonly Chain[] {
  return plan.chains.map((id, place) => ({
    place,
    id,
    chips: run.isDead(place) ? 0 : plan.chips,
    ...run.point,
    celsius: single(run.chainC(now, place)),
    ghs: run.chainGhs(now, place),
    errors: run.session.hardwareErrors(now, place),
    status: run.chainStatus(now, place),
  }));
}

/** One record as a BMMiner has it, with every chain numbered by its place from 1, and behind it one for every chain. */
export function stats(machine: DcentMachine, now: number): DcentReply {
  const chains = chainsOf(machine, now);
  const elapsed = machine.run.uptimeS(now);
  const rows = chains.map(
    (chain): JsonRecord => ({
      STATS: chain.id,
      ID: `CHAIN${chain.id}`,
      Elapsed: elapsed,
      'MHS av': float(chain.ghs * 1000),
      'MHS 5s': float(chain.ghs * 1000),
      Accepted: 0,
      Rejected: 0,
      'Hardware Errors': chain.errors,
      chain_acn: chain.chips,
      frequency: chain.mhz,
      temp: chain.celsius,
      temp_chip: chain.celsius,
      voltage: float(chain.mv / 1000),
      status: chain.status,
      _DCENTUnsupported: ['Accepted', 'Rejected'],
      _DCENTFieldSources: { temp: 'chain.temp_c', voltage: 'chain.voltage_mv' },
    }),
  );
  return accept(70, 'Stats', { STATS: [flat(machine, now, chains), ...rows] });
}

function flat(machine: DcentMachine, now: number, chains: readonly Chain[]): JsonRecord {
  const { plan, run } = machine;
  const total = chains.reduce((sum, { ghs }) => sum + ghs, 0);
  const mhz = float(chains.reduce((sum, chain) => sum + chain.mhz, 0) / chains.length);
  const fans = Array.from({ length: plan.fans }, (_, fan): [string, Json] => [`fan${fan + 1}`, run.fanRpm(now, fan)]);
  const hottest = chains.reduce((most, { place }) => Math.max(most, run.chainC(now, place)), 0);
  const perChain = chains.flatMap((chain): [string, Json][] => {
    const n = chain.place + 1;
    return [
      [`chain_acn${n}`, chain.chips],
      [`chain_rate${n}`, chain.ghs.toFixed(2)],
      [`freq${n}`, chain.mhz],
      [`chain_voltage${n}`, float(chain.mv / 1000)],
      [`chain_hw${n}`, chain.errors],
      [`chain_xtime${n}`, chain.chips > 0 ? 'o' : 'x'],
      [`temp${n}`, chain.celsius],
      [`temp2_${n}`, chain.celsius],
      [`temp_chip${n}`, chain.celsius],
    ];
  });
  return {
    STATS: 0,
    ID: 'BMMiner0',
    Type: 'DCENTos',
    Elapsed: run.uptimeS(now),
    miner_count: chains.length,
    fan_num: plan.fans,
    ...Object.fromEntries(fans),
    temp_num: chains.length,
    'GHS 5s': total.toFixed(2),
    'GHS av': float(total),
    total_rate: float(total),
    // Of the model as it leaves the factory, whatever was set.
    total_rateideal: single(chains.length * plan.chips * plan.ghsPerMhz * plan.nominal.mhz),
    ...names(machine),
    frequency: mhz,
    freq_avg: mhz,
    ...Object.fromEntries(perChain),
    temp_max: single(hottest),
    _DCENTFieldSources: { 'temp{N}/temp2_{N}/temp_chip{N}': 'chains[N-1].temp_c' },
    _DCENTNote: 'One temperature per board, under three names.',
  };
}

export function devs(machine: DcentMachine, now: number): DcentReply {
  const elapsed = machine.run.uptimeS(now);
  const lastShare = lastShareS(machine, now);
  const records = chainsOf(machine, now).map((chain): JsonRecord => {
    const alive = chain.chips > 0;
    const rate = float(chain.ghs * 1000);
    return {
      ASC: chain.place,
      Name: `chain${chain.id}`,
      ID: chain.place,
      Enabled: alive ? 'Y' : 'N',
      Status: alive ? 'Alive' : 'Dead',
      Temperature: chain.celsius,
      'MHS av': rate,
      'MHS 5s': rate,
      'MHS 1m': rate,
      'MHS 5m': rate,
      'MHS 15m': rate,
      'Hardware Errors': chain.errors,
      // Of the machine, at every chain that answers.
      'Last Share Time': alive ? lastShare : 0,
      'Total MH': float(chain.ghs * 1000 * elapsed),
      'Device Elapsed': elapsed,
      chain_acn: chain.chips,
      frequency: chain.mhz,
      voltage: float(chain.mv / 1000),
      ...Object.fromEntries(DEV_COUNTS.map((key) => [key, 0])),
      ...Object.fromEntries(DEV_FLOATS.map((key) => [key, float(0)])),
      _DCENTUnsupported: [...DEV_COUNTS, ...DEV_FLOATS],
      _DCENTFieldSources: { Temperature: 'chain.temp_c', 'Last Share Time': 'miner_state.pool.last_share_at' },
    };
  });
  return accept(9, 'Devs', { DEVS: records });
}

const DEV_COUNTS = ['Accepted', 'Rejected', 'Last Share Pool', 'Diff1 Work', 'Last Valid Work'] as const;
const DEV_FLOATS = [
  'Utility',
  'Difficulty Accepted',
  'Difficulty Rejected',
  'Last Share Difficulty',
  'Device Hardware%',
  'Device Rejected%',
] as const;

/** Epoch s; 0 before the first one. */
export const lastShareS = ({ run }: DcentMachine, now: number): number =>
  Math.floor((run.session.lastShareAt(now) ?? 0) / 1000);

export const devdetails = ({ plan }: DcentMachine): DcentReply =>
  accept(69, 'Device Details', {
    DEVDETAILS: plan.chains.map((id, place) => ({
      DEVDETAILS: place,
      Name: plan.chip,
      ID: place,
      Driver: 'bitmain',
      Kernel: '',
      Model: plan.label.model,
      'Device Path': `chain${id}`,
    })),
    _DCENTNote: 'Driver, Model and Name are the hardware; the firmware is DCENT_OS.',
  });

export const asccount = ({ plan }: DcentMachine): DcentReply =>
  accept(104, 'ASC count', { ASCS: [{ Count: plan.chains.length }] });

const UNTRACKED = [
  'Last Well',
  'Last Not Well',
  '*Thread Fail Init',
  '*Thread Zero Hash',
  '*Thread Fail Queue',
  '*Dev Sick Idle 60s',
  '*Dev Dead Idle 600s',
  '*Dev Nostart',
  '*Dev Over Heat',
  '*Dev Thermal Cutoff',
  '*Dev Throttle',
] as const;

export const notify = (machine: DcentMachine, now: number): DcentReply =>
  accept(60, 'Notify', {
    NOTIFY: chainsOf(machine, now).map((chain) => ({
      NOTIFY: chain.place,
      Name: `chain${chain.id}`,
      ID: chain.place,
      'Reason Not Well': chain.chips > 0 ? 'None' : 'Dead',
      '*Dev Comms Error': chain.errors,
      ...Object.fromEntries(UNTRACKED.map((key) => [key, 0])),
      _DCENTUnsupported: UNTRACKED,
      _DCENTFieldSources: { '*Dev Comms Error': 'chain.errors' },
    })),
  });

export const healthchipget = (machine: DcentMachine, now: number): DcentReply =>
  accept(9, 'Chip health', {
    HEALTHCHIP: chainsOf(machine, now).map((chain) => ({
      ID: chain.id,
      Chips: chain.chips,
      Frequency: chain.mhz,
      Temperature: chain.celsius,
      Voltage: float(chain.mv / 1000),
      HardwareErrors: chain.errors,
      Status: chain.status,
    })),
  });
