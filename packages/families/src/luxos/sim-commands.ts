import {
  chipRecord,
  deviceDetails,
  fanControl,
  fanRecord,
  frequencyRecord,
  PLACES,
  temperatureRecord,
  voltageRecord,
} from './sim-boards.ts';
import { real } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { VERSION } from './sim-plan.ts';
import { groupRecord, poolRecord } from './sim-pools.ts';
import { boardRecord, devsOrder, statsRecords, summaryRecord } from './sim-records.ts';
import { invalidValue, type LuxReply, MISSING_PARAMETER, ok, refuse } from './sim-reply.ts';
import {
  atmRecord,
  configRecord,
  eventRecords,
  limitsRecord,
  profileRecord,
  temperatureControl,
} from './sim-settings.ts';
import { SESSION_COMMANDS } from './sim-writes.ts';

/** @param parts the parameter, cut at its commas; empty when there was none */
export type Command = (machine: LuxosMachine, now: number, parts: readonly string[]) => LuxReply;

/**
 * Numbers that no source gives. A client must not stand on them:
 * `severity` S is what all of them have in common.
 */
const ASSUMED = { tempctrl: 200, frequencyget: 303, limits: 337 } as const;

const NETWORK_DIFFICULTY = 127_620_086_886_391.25;

const devs: Command = (machine, now) => {
  const boards = devsOrder(machine);
  return ok(9, `${boards.length} ASC(s)`, { DEVS: boards.map((board) => boardRecord(machine, now, board)) });
};

const stats: Command = (machine, now) => ok(70, 'LUXminer stats', { STATS: statsRecords(machine, now) });

/** Commands that need no session (`protocols.md` 8). */
export const COMMANDS: Readonly<Record<string, Command>> = {
  version: (machine) =>
    ok(22, 'LUXminer versions', {
      VERSION: [
        {
          API: '3.7',
          CompileTime: VERSION.compiled,
          LUXminer: VERSION.luxminer,
          Miner: VERSION.miner,
          Type: machine.plan.label.model,
        },
      ],
    }),
  summary: (machine, now) => ok(11, 'Summary', { SUMMARY: [summaryRecord(machine, now)] }),
  stats,
  estats: stats,
  devs,
  edevs: devs,
  asc: (machine, now, parts) =>
    onBoard(machine, parts, (board) => ok(106, `ASC${board}`, { ASC: [boardRecord(machine, now, board)] })),
  asccount: (machine) => ok(104, 'ASC count', { ASCS: [{ Count: machine.boards.length }] }),
  pools: (machine, now) =>
    ok(7, `${machine.pools.length} Pool(s)`, { POOLS: machine.pools.map((_, pool) => poolRecord(machine, now, pool)) }),
  groups: (machine) =>
    ok(324, `${machine.groups.length} Group(s)`, {
      GROUPS: machine.groups.map((_, group) => groupRecord(machine, group)),
    }),
  fans: (machine, now) =>
    ok(202, `${machine.plan.fans} Fan(s)`, {
      FANCTRL: [fanControl],
      FANS: Array.from({ length: machine.plan.fans }, (_, fan) => fanRecord(machine, now, fan)),
    }),
  temps: (machine, now) =>
    ok(201, `${machine.boards.length} Temp(s)`, {
      METADATA: [PLACES],
      TEMPS: machine.boards.map((board) => temperatureRecord(machine, now, board)),
    }),
  // PSU false: estimated, not measured by the supply (`protocols.md` 8).
  power: (machine, now) => ok(311, 'Power usage', { POWER: [{ PSU: false, Watts: Math.round(machine.watts(now)) }] }),
  config: (machine) => ok(33, 'LUXminer config', { CONFIG: [configRecord(machine)] }),
  profiles: (machine) => ok(323, 'List profiles', { PROFILES: machine.profiles.map(profileRecord) }),
  limits: (machine) => ok(ASSUMED.limits, 'Limits', { LIMITS: [limitsRecord(machine)] }),
  atm: (machine) => ok(339, 'ATM configuration values', { ATM: [atmRecord(machine)] }),
  tempctrl: (machine) => ok(ASSUMED.tempctrl, 'Temperature control', { TEMPCTRL: [temperatureControl(machine)] }),
  tunerstatus: (machine, now) =>
    ok(310, 'Tuner status', {
      TUNERSTATUS: [{ HasSession: machine.lock.active(now) !== '', TunerRunning: false }],
    }),
  events: (machine, now) => {
    const events = eventRecords(machine, now);
    return ok(357, `${events.length} Event(s)`, { EVENTS: events });
  },
  voltageget: (machine, _now, parts) =>
    onBoard(machine, parts, (board) => ok(307, 'Get Voltage', { VOLTAGE: [voltageRecord(machine, board)] })),
  frequencyget: (machine, now, parts) =>
    onChip(machine, parts, (board, chip) =>
      ok(ASSUMED.frequencyget, 'Get Frequency', { FREQUENCY: [frequencyRecord(machine, now, board, chip)] }),
    ),
  healthchipget: (machine, now, parts) =>
    onChip(machine, parts, (board, chip) => {
      const chips = chip === null ? Array.from({ length: machine.plan.chips }, (_, i) => i) : [chip];
      return ok(314, 'Health Chip Get', { CHIPS: chips.map((i) => chipRecord(machine, now, board, i)) });
    }),
  devdetails: (machine, now) =>
    ok(69, 'Device Details', { DEVDETAILS: machine.boards.map((board) => deviceDetails(machine, now, board)) }),
  coin: () =>
    ok(78, 'LUXminer coin', {
      COIN: [{ 'Hash Method': 'sha256', LP: true, 'Network Difficulty': real(NETWORK_DIFFICULTY) }],
    }),
  // All zeros (`protocols.md` 8).
  lcd: () =>
    ok(125, 'LCD', {
      LCD: [
        {
          Elapsed: 0,
          'GHS av': 0,
          'GHS 5m': 0,
          'GHS 5s': 0,
          Temperature: 0,
          'Last Share Difficulty': 0,
          'Last Share Time': 0,
          'Best Share': 0,
          'Last Valid Work': 0,
          'Found Blocks': 0,
          'Current Pool': '',
          User: '',
        },
      ],
    }),
  check: (_machine, _now, [name]) => {
    if (name === undefined) return MISSING_PARAMETER;
    const exists = Object.hasOwn(COMMANDS, name) || Object.hasOwn(SESSION_COMMANDS, name) ? 'Y' : 'N';
    return ok(72, 'Check command', { CHECK: [{ Access: exists, Exists: exists }] });
  },
  logon: (machine, now) => {
    const id = machine.lock.open(now);
    if (id === null) return refuse(402, 'Another session is active');
    return ok(316, 'Session created', { SESSION: [{ SessionID: id }] });
  },
  session: (machine, now) => ok(319, 'Session information', { SESSION: [{ SessionID: machine.lock.active(now) }] }),
  kill: (machine) => {
    machine.lock.end();
    return ok(318, 'Session killed');
  },
};

const isNumber = (text: string): boolean => /^[0-9]{1,4}$/.test(text);

function onBoard(machine: LuxosMachine, [text]: readonly string[], run: (board: number) => LuxReply): LuxReply {
  if (text === undefined) return MISSING_PARAMETER;
  return isNumber(text) && machine.hasBoard(Number(text)) ? run(Number(text)) : invalidValue(`board ${text}`);
}

function onChip(
  machine: LuxosMachine,
  parts: readonly string[],
  run: (board: number, chip: number | null) => LuxReply,
): LuxReply {
  return onBoard(machine, parts, (board) => {
    const text = parts[1];
    if (text === undefined) return run(board, null);
    return isNumber(text) && Number(text) < machine.plan.chips
      ? run(board, Number(text))
      : invalidValue(`chip ${text}`);
  });
}
