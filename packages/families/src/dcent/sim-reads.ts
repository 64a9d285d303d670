import { float, type JsonRecord, single } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';
import { RELEASE } from './sim-plan.ts';
import { accept, CONFIG, DAEMON, type DcentReply, VERSION } from './sim-reply.ts';
import { bestShare } from './sim-shares.ts';

/*
 * What is told of the machine as a whole. Keys that the daemon has nothing for are zeros, and named in
 * `_DCENTUnsupported`.
 */

export function version({ plan }: DcentMachine): DcentReply {
  const record: JsonRecord = {
    CGMiner: DAEMON,
    BMMiner: DAEMON,
    Miner: DAEMON,
    API: '3.7',
    Type: plan.label.model,
    Firmware: 'DCENTOS',
    DCENTOS: RELEASE,
    Description: `DCENT_OS ${DAEMON} (open-source firmware on Antminer hardware)`,
    _DCENTNote: 'Type is the hardware; the firmware is DCENT_OS.',
  };
  return accept(VERSION, 'Version', { VERSION: [record] });
}

export function summary(machine: DcentMachine, now: number): DcentReply {
  const { run } = machine;
  const elapsed = run.uptimeS(now);
  const { accepted, rejected, stale } = run.session.shares(now);
  const refused = rejected + stale;
  const errors = run.session.hardwareErrors(now);
  const average = run.averageGhs(now);
  const part = (one: number, all: number) => float(all > 0 ? (100 * one) / all : 0);
  // Only the 5 s have a window of their own; the longer ones repeat the mean since the start.
  const mean = float(average * 1000);
  const record: JsonRecord = {
    Elapsed: elapsed,
    'MHS av': mean,
    'MHS 5s': float(run.rateGhs(now) * 1000),
    'MHS 1m': mean,
    'MHS 5m': mean,
    'MHS 15m': mean,
    'GHS av': float(average),
    'GHS 5s': float(run.rateGhs(now)),
    ...names(machine),
    Accepted: accepted,
    Rejected: refused,
    'Hardware Errors': errors,
    Utility: float(elapsed > 0 ? accepted / (elapsed / 60) : 0),
    // A product, no count of what was done.
    'Total MH': float(average * 1000 * elapsed),
    'Difficulty Accepted': float(accepted),
    'Difficulty Rejected': float(refused),
    'Best Share': float(bestShare(machine, now)),
    'Device Hardware%': part(errors, accepted + refused + errors),
    'Device Rejected%': part(refused, accepted + refused),
    ...Object.fromEntries(UNSUPPORTED.map((key) => [key, FLOATS.includes(key) ? float(0) : 0])),
    _DCENTUnsupported: UNSUPPORTED,
    _DCENTFieldSources: {
      'Best Share': 'best of the remembered shares',
      'Hardware Errors': 'sum(chains.errors)',
      'Total MH': 'mean rate x uptime',
    },
  };
  return accept(11, 'Summary', { SUMMARY: [record] });
}

const FLOATS: readonly string[] = ['Work Utility', 'Difficulty Stale', 'Pool Rejected%', 'Pool Stale%'];
const UNSUPPORTED: readonly string[] = [
  'Found Blocks',
  'Getworks',
  'Discarded',
  'Stale',
  'Get Failures',
  'Local Work',
  'Remote Failures',
  'Network Blocks',
  'Work Utility',
  'Difficulty Stale',
  'Pool Rejected%',
  'Pool Stale%',
  'Last getwork',
];

/** The name stands under two keys. */
export const names = ({ mac, hostname }: DcentMachine): JsonRecord => ({
  MAC: mac,
  Hostname: hostname,
  hostname,
});

/** Always one pool, however many there are. */
export const config = ({ plan }: DcentMachine): DcentReply =>
  accept(CONFIG, 'Config', {
    CONFIG: [
      {
        'ASC Count': plan.chains.length,
        'PGA Count': 0,
        'Pool Count': 1,
        Strategy: 'Failover',
        'Log Interval': 5,
        'Device Code': '',
        OS: 'DCENTos',
        Hotplug: 'None',
      },
    ],
  });

/** The daemon knows nothing of the chain but its method. */
export const coin = (): DcentReply =>
  accept(78, 'Coin', {
    COIN: [
      {
        'Hash Method': 'sha256d',
        'Current Block Time': float(0),
        'Current Block Hash': '',
        LP: true,
        'Network Difficulty': float(0),
      },
    ],
  });

const POWER_NOTE = 'Power is modelled from what the boards are driven with, not measured at the wall.';
const NO_POWER_NOTE = 'No live power reading yet.';

/** Power is an estimate, and 0 W before there is one. */
export function metrics(machine: DcentMachine, now: number, firstPowerS: number): DcentReply {
  const { run, plan } = machine;
  const live = run.uptimeS(now) >= firstPowerS;
  const { accepted, rejected, stale } = run.session.shares(now);
  const hottest = plan.chains.reduce((most, _, board) => Math.max(most, run.chainC(now, board)), 0);
  const record: JsonRecord = {
    Elapsed: run.uptimeS(now),
    'MHS av': float(run.averageGhs(now) * 1000),
    'MHS 5s': float(run.rateGhs(now) * 1000),
    Accepted: accepted,
    Rejected: rejected + stale,
    Power: live ? run.unitW(now) : 0,
    'Wall Power': live ? run.wallW(now) : 0,
    'Power Source': live ? 'live' : 'static_model_fallback',
    'Power Source Detail': live ? 'live_runtime_model' : 'static_power_fallback_from_miner_state',
    'Power Live Available': live,
    'Power Modeled': true,
    'Power Calibrated': false,
    'Power Calibration Multiplier': null,
    'Power Note': live ? POWER_NOTE : NO_POWER_NOTE,
    Temperature: single(hottest),
  };
  return accept(70, 'Metrics', { METRICS: [record] });
}

/** The same for every model, whatever it takes. */
export const limits = (): DcentReply =>
  accept(CONFIG, 'Limits', {
    LIMITS: [
      {
        voltage_mv: { min: 5000, max: 14_500, default: 13_700 },
        frequency_mhz: { min: 100, max: 900, default: 500 },
        fan_pwm: { min: 0, max: 100, default: 30 },
        _DCENTFieldSources: { 'voltage_mv.max': 'ceiling of the S19 generation' },
      },
    ],
  });
