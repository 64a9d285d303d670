import { ASSUMED } from './sim-assumed.ts';
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
import type { Command, Commands } from './sim-command.ts';
import { real } from './sim-json.ts';
import { onBoard, onChip } from './sim-on-board.ts';
import { OPEN_WRITES } from './sim-pool-writes.ts';
import { groupRecord, poolRecord } from './sim-pools.ts';
import { boardRecord, devsOrder, statsRecords, summaryRecord } from './sim-records.ts';
import { invalidValue, MISSING_PARAMETER, ok, refuse } from './sim-reply.ts';
import { watts } from './sim-sensors.ts';
import {
  atmRecord,
  auditRecords,
  configRecord,
  eventRecords,
  limitsRecord,
  OWN_RECORDS,
  profileRecord,
  temperatureControl,
} from './sim-settings.ts';
import { SESSION_COMMANDS } from './sim-writes.ts';

const NETWORK_DIFFICULTY = 127_620_086_886_391.25;

const devs: Command = (machine, now) => {
  const boards = devsOrder(machine);
  return ok(9, `${boards.length} ASC(s)`, { DEVS: boards.map((board) => boardRecord(machine, now, board)) });
};

const stats: Command = (machine, now) => ok(70, 'LUXminer stats', { STATS: statsRecords(machine, now) });

/** Those of which only the name is known: a section of their own name with one record. */
const ownReads: Commands = Object.fromEntries(
  Object.entries(OWN_RECORDS).map(([name, record]): [string, Command] => [
    name,
    (machine, now) => ok(ASSUMED[name as keyof typeof ASSUMED], name, { [name.toUpperCase()]: [record(machine, now)] }),
  ]),
);

/** Commands that need no session (`protocols.md` 8). */
export const COMMANDS: Commands = {
  ...OPEN_WRITES,
  ...ownReads,
  version: (machine) =>
    ok(22, 'LUXminer versions', {
      VERSION: [
        {
          API: '3.7',
          CompileTime: machine.version.compiled,
          LUXminer: machine.version.luxminer,
          Miner: machine.version.miner,
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
  asccount: (machine) => ok(104, 'ASC count', { ASCS: [{ Count: machine.boardNumbers.length }] }),
  // Without a pool the section is left out (`protocols.md` 8).
  pools: (machine, now) => {
    const { pools } = machine.work;
    const records = pools.map((pool) => poolRecord(machine, now, pool));
    return ok(7, `${pools.length} Pool(s)`, records.length === 0 ? {} : { POOLS: records });
  },
  groups: (machine) => ok(324, 'List groups', { GROUPS: machine.work.groups.map(groupRecord) }),
  fans: (machine, now) =>
    ok(202, `${machine.plan.fans} Fan(s)`, {
      FANCTRL: [fanControl(machine)],
      FANS: Array.from({ length: machine.plan.fans }, (_, fan) => fanRecord(machine, now, fan)),
    }),
  temps: (machine, now) =>
    ok(201, `${machine.boardNumbers.length} Temp(s)`, {
      METADATA: [PLACES],
      TEMPS: machine.boardNumbers.map((board) => temperatureRecord(machine, now, board)),
    }),
  // PSU false: estimated, not measured by the supply (`protocols.md` 8).
  power: (machine, now) => ok(311, 'Power usage', { POWER: [{ PSU: false, Watts: Math.round(watts(machine, now)) }] }),
  config: (machine) => ok(33, 'LUXminer config', { CONFIG: [configRecord(machine)] }),
  profiles: (machine) =>
    ok(323, 'List profiles', { PROFILES: machine.profiles.map((profile) => profileRecord(machine, profile)) }),
  profileget: (machine, _now, [name]) => {
    if (name === undefined) return MISSING_PARAMETER;
    const profile = machine.profiles.find((one) => one.name === name);
    if (profile === undefined) return invalidValue(name);
    return ok(ASSUMED.profileget, 'Profile', { PROFILE: [profileRecord(machine, profile)] });
  },
  systemaudit: (machine) => ok(ASSUMED.systemaudit, 'System audit', { SYSTEMAUDIT: auditRecords(machine) }),
  limits: (machine) => ok(ASSUMED.limits, 'Limits', { LIMITS: [limitsRecord(machine)] }),
  atm: (machine) => ok(339, 'ATM configuration values', { ATM: [atmRecord(machine)] }),
  tempctrl: (machine) => ok(ASSUMED.tempctrl, 'Temperature control', { TEMPCTRL: [temperatureControl(machine)] }),
  tunerstatus: (machine, now) =>
    ok(310, 'Tuner status', {
      TUNERSTATUS: [
        {
          HasSession: machine.lock.active(now) !== '',
          Tunable: machine.settings.tunable,
          TunerRunning: machine.settings.tuner,
        },
      ],
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
    ok(69, 'Device Details', { DEVDETAILS: machine.boardNumbers.map((board) => deviceDetails(machine, now, board)) }),
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
  kill: (machine, now) => {
    machine.lock.end(now);
    return ok(318, 'Session killed');
  },
};
