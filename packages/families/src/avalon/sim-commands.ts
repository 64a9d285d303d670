import {
  type ApiCommand,
  type ApiRecord,
  type ApiReply,
  atoi,
  bool,
  checkCommand,
  difficulty,
  int,
  list,
  type PoolSetting,
  poolCommands,
  privilegedCommand,
  rate,
  reply,
  say,
  seconds,
  single,
  status,
  temperature,
  text,
  user,
  word,
} from '@headframe/wire/cgminer-server';
import { ascsetCommand } from './sim-ascset.ts';
import { homeCommands } from './sim-home-commands.ts';
import { longRecord } from './sim-long-record.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { privilegeCommand } from './sim-privilege.ts';
import { deviceRecord, poolRecord, statsSection, summaryRecord } from './sim-records.ts';
import type { AvalonPool } from './sim-settings.ts';

const NETWORK_DIFFICULTY = 127_620_086_886_391;
const GH = 1e9;

/**
 * The commands of Avalon's cgminer 4.11.1.
 * @param clock epoch ms; the machine's own clock may be another (`When` of the A-series)
 */
export function avalonCommands(machine: AvalonMachine, clock: () => number): ApiCommand[] {
  const read = (
    name: string,
    run: (now: number, parameter: string | null) => ApiReply,
    joinable = true,
  ): ApiCommand => ({
    name,
    access: 'read',
    joinable,
    run: ({ parameter }) => run(clock(), parameter),
  });
  const devices = (now: number) => reply(status(9, 1), list('DEVS', [deviceRecord(machine, now)]));
  const pools = (now: number) =>
    reply(
      status(7, machine.pools.list.length),
      list(
        'POOLS',
        machine.pools.list.map((pool, place) => poolRecord(machine, now, pool, place)),
      ),
    );
  return [
    read('version', () => version(machine)),
    read('config', () => config(machine)),
    read('devs', devices),
    read('edevs', devices),
    read('pools', pools),
    read('summary', (now) => reply(status(11), single('SUMMARY', summaryRecord(machine, now)))),
    read('asc', (now, parameter) => asc(machine, now, parameter), false),
    read('asccount', () => reply(status(104), single('ASCS', [['Count', int(1)]]))),
    read('pgacount', () => reply(status(59), single('PGAS', [['Count', int(0)]]))),
    read('devdetails', () => deviceDetails(machine)),
    read('stats', (now) => reply(status(70), statsSection(machine, now, true))),
    read('estats', (now) => reply(status(70), statsSection(machine, now, false))),
    ...(machine.plan.liteStats ? [read('litestats', (now) => liteStats(machine, now))] : []),
    read('coin', (now) => coin(machine, now)),
    read('lcd', (now) => lcd(machine, now)),
    checkCommand,
    privilegedCommand,
    {
      name: 'restart',
      access: 'write',
      joinable: false,
      run: () => {
        machine.restart(clock());
        return word('RESTART');
      },
    },
    ascsetCommand(machine, clock),
    ...ownPoolCommands(machine, clock),
    ...homeCommands(machine, clock),
    ...(machine.plan.privileged ? [privilegeCommand(machine, clock)] : []),
  ];
}

/**
 * The pool commands of cgminer that this program has. They get the time of day: the machine's own clock may be another,
 * and what works for which pool goes by it.
 */
function ownPoolCommands(machine: AvalonMachine, clock: () => number): ApiCommand[] {
  const program = {
    get pools() {
      return machine.pools;
    },
    settingOf: (pool: PoolSetting) => ({ ...pool, difficulty: machine.givenDifficulty }),
  };
  return poolCommands<AvalonPool>(program)
    .filter(({ name }) => machine.plan.commands.includes(name))
    .map((command) => ({ ...command, run: (request) => command.run({ ...request, now: clock() }) }));
}

function version(machine: AvalonMachine): ApiReply {
  const { plan } = machine;
  const own: ApiRecord = plan.dnaAndMac
    ? [
        ['DNA', text(machine.dna)],
        ['MAC', text(machine.mac(plan.macWithColons))],
      ]
    : [];
  return reply(
    status(22),
    single('VERSION', [
      ['CGMiner', text(plan.program.replace('cgminer ', ''))],
      ['API', text('3.7')],
      ...plan.version.map(([key]) => [key, user(machine.versionField(key))] as const),
      ...own,
      ...(plan.upApi ? ([['UPAPI', text('2')]] as const) : []),
    ]),
  );
}

const config = ({ plan, pools }: AvalonMachine): ApiReply =>
  reply(
    status(33),
    single('CONFIG', [
      ['ASC Count', int(1)],
      ['PGA Count', int(0)],
      ['Pool Count', int(pools.list.length)],
      ['Strategy', text('Failover')],
      ['Log Interval', int(plan.logIntervalS)],
      ['Device Code', text(plan.device.name)],
      ['OS', text('Linux')],
      ['Hotplug', text('None')],
    ]),
  );

function asc(machine: AvalonMachine, now: number, parameter: string | null): ApiReply {
  if (parameter === null || parameter === '') return say(15);
  const id = atoi(parameter);
  return id === 0 ? reply(status(106, 0), single('ASC', deviceRecord(machine, now))) : say(107, id, 0);
}

const deviceDetails = ({ plan }: AvalonMachine): ApiReply =>
  reply(
    status(69),
    list('DEVDETAILS', [
      [
        ['DEVDETAILS', int(0)],
        ['Name', text(plan.device.name)],
        ['ID', int(0)],
        ['Driver', text(plan.device.driver)],
        ['Kernel', text('')],
        ['Model', text('')],
        ['Device Path', text('')],
      ],
    ]),
  );

/** The long record alone, without the counters around it. */
function liteStats(machine: AvalonMachine, now: number): ApiReply {
  const [key, value] = longRecord(machine, now).lite;
  return reply(status(70), list('STATS', [[[key, text(value)]]]));
}

function coin(machine: AvalonMachine, now: number): ApiReply {
  const { count, lastAtS } = machine.blocks(now);
  const bootS = (machine.session.plan.startedAt - machine.poweredAt) / 1000;
  return reply(
    status(78),
    single('COIN', [
      ['Hash Method', text('sha256')],
      // Not the time of day: seconds since the machine started, when the last block came.
      ['Current Block Time', seconds(bootS + lastAtS)],
      ['Current Block Hash', text('0'.repeat(19) + machine.hex(`block-${count}`, 45))],
      ['LP', bool(true)],
      ['Network Difficulty', difficulty(NETWORK_DIFFICULTY)],
    ]),
  );
}

function lcd(machine: AvalonMachine, now: number): ApiReply {
  const { session, plan } = machine;
  const current = machine.pools.current(now);
  const last = session.lastShareAt(now);
  const fading = (s: number) => rate(session.fadingHs(now, s) / GH);
  return reply(
    status(125),
    single('LCD', [
      ['Elapsed', int(machine.elapsedS(now))],
      ['GHS av', rate(session.averageHs(now) / GH)],
      ['GHS 5m', fading(300)],
      ['GHS 5s', fading(plan.logIntervalS)],
      ['Temperature', temperature(plan.devTemperatureC)],
      ['Last Share Difficulty', difficulty(last === null ? 0 : (current?.difficulty ?? 0))],
      ['Last Share Time', int(last === null ? 0 : machine.sinceStartS(last))],
      ['Best Share', int(session.bestShare(now))],
      ['Last Valid Work', int(Math.floor(machine.clock(machine.offSince ?? now) / 1000))],
      ['Found Blocks', int(0)],
      ['Current Pool', user(current?.url ?? '')],
      ['User', user(current?.user ?? '')],
    ]),
  );
}
