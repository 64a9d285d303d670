import {
  type ApiCommand,
  type ApiReply,
  type ApiRequest,
  apiPort,
  atoi,
  checkCommand,
  createApiServer,
  int,
  list,
  reply,
  say,
  single,
  status,
  text,
  whole,
} from '@headframe/wire/cgminer-server';
import type { SimulatedTcpPort } from '../sim/device.ts';
import { PLATFORMS } from './sim-cgminer-platforms.ts';
import { poolCommands } from './sim-cgminer-pools.ts';
import {
  COIN,
  config,
  devdetails,
  devs,
  fanRecords,
  lcd,
  pools,
  stats,
  summary,
  tempctrl,
  tempRecords,
} from './sim-cgminer-records.ts';
import { tunerstatus } from './sim-cgminer-tuner.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { ApiRefusal } from './sim-refusal.ts';

/*
 * Port 4028 (protocols.md 7.1): a subset of cgminer's commands with own ones, without a login. The program that answers is
 * BOSer, which goes on while the mining program is stopped. Codes 200 to 205: vendor's page on the API.
 */

/** Not in any document; ours. */
const ASSUMED = {
  /** From this release on the program calls itself BOSer, gives MHz for Hz and `Antminer S9` for `Bitmain Antminer S9`. */
  boserOs: 22.08,
  /** What every command but version says while the mining program does not run. */
  notRunningCode: 300,
  bosminerVersion: '0.9.0',
} as const;

interface Program {
  /** The key of `version`. */
  readonly name: 'BOSer' | 'BOSminer';
  readonly version: string;
}

function programOf({ release, plan }: BraiinsMachine): Program {
  if (release.os >= ASSUMED.boserOs) return { name: 'BOSer', version: release.boser };
  const hash = release.firmware.split('-')[4] ?? '';
  const platform = PLATFORMS[plan.platform] ?? 'unknown';
  return { name: 'BOSminer', version: `bosminer-plus-${platform} ${ASSUMED.bosminerVersion}-${hash}` };
}

export function cgminerDoor(machine: BraiinsMachine): SimulatedTcpPort {
  // An upgrade puts another program in its place.
  let served = { release: machine.release, port: portOf(machine) };
  const current = (now: number): SimulatedTcpPort => {
    machine.settle(now);
    if (served.release !== machine.release) served = { release: machine.release, port: portOf(machine) };
    return served.port;
  };
  const { port, admits, maxRequestBytes } = served.port;
  return { port, admits, maxRequestBytes, receive: (bytes, peer, now) => current(now).receive(bytes, peer, now) };
}

function portOf(machine: BraiinsMachine): SimulatedTcpPort {
  const program = programOf(machine);
  const server = createApiServer({
    description: `${program.name} ${program.version}`,
    access: { listen: true, network: true, allow: 'W:0/0' },
    codes: {
      22: { severity: 'S', message: `${program.name} versions` },
      33: { severity: 'S', message: `${program.name} config` },
      70: { severity: 'S', message: `${program.name} stats` },
      78: { severity: 'S', message: `${program.name} coin` },
      200: { severity: 'S', message: 'Temperature control' },
      201: { severity: 'S', message: '%d Temp(s)' },
      202: { severity: 'S', message: '%d Fan(s)' },
      203: { severity: 'S', message: 'Tuner Status' },
      204: { severity: 'S', message: 'Pause' },
      205: { severity: 'S', message: 'Resume' },
      [ASSUMED.notRunningCode]: { severity: 'E', message: '%s' },
    },
    commands: [
      ...reads(machine, program),
      ...[...poolCommands(machine), ...pauseCommands(machine, program)].map((command) => refusing(machine, command)),
      checkCommand,
    ],
  });
  return apiPort(server, 4028);
}

/** Says so instead of answering while the mining program does not run. */
function refusing(machine: BraiinsMachine, command: ApiCommand): ApiCommand {
  const run = (request: ApiRequest): ApiReply => {
    try {
      machine.needMiner(request.now);
      return command.run(request);
    } catch (thrown) {
      if (!(thrown instanceof ApiRefusal)) throw thrown;
      return say(ASSUMED.notRunningCode, thrown.message);
    }
  };
  return { ...command, run };
}

function reads(machine: BraiinsMachine, { name, version }: Program): ApiCommand[] {
  const read = (command: string, run: (now: number, parameter: string | null) => ApiReply): ApiCommand =>
    refusing(machine, {
      name: command,
      access: 'read',
      joinable: true,
      run: ({ now, parameter }) => run(now, parameter),
    });
  const versions = reply(
    status(22),
    single('VERSION', [
      ['API', text('3.7')],
      [name, text(version)],
    ]),
  );
  const boards = (now: number) => devs(machine, now);
  const devices = (now: number) => reply(status(9, boards(now).length), list('DEVS', boards(now)));
  const statistics = (now: number) => reply(status(70), list('STATS', stats(machine, now)));
  return [
    { name: 'version', access: 'read', joinable: true, run: () => versions },
    read('config', () => reply(status(33), single('CONFIG', config(machine)))),
    read('devs', devices),
    read('edevs', devices),
    read('pools', (now) => {
      const all = pools(machine, now);
      return reply(status(7, all.length), list('POOLS', all));
    }),
    read('summary', (now) => reply(status(11), single('SUMMARY', summary(machine, now)))),
    read('stats', statistics),
    read('estats', statistics),
    read('asc', (now, parameter) => asc(boards(now), parameter)),
    read('asccount', (now) => reply(status(104), single('ASCS', [['Count', int(boards(now).length)]]))),
    read('devdetails', (now) => {
      return reply(status(69), list('DEVDETAILS', devdetails(machine, now, name !== 'BOSer')));
    }),
    read('coin', () => reply(status(78), single('COIN', COIN))),
    read('lcd', (now) => reply(status(125), single('LCD', lcd(machine, now)))),
    read('fans', (now) => {
      const all = fanRecords(machine, now);
      return reply(status(202, all.length), list('FANS', all));
    }),
    read('temps', (now) => {
      const all = tempRecords(machine, now);
      return reply(status(201, all.length), list('TEMPS', all));
    }),
    read('tempctrl', () => reply(status(200), single('TEMPCTRL', tempctrl(machine)))),
    read('tunerstatus', (now) => reply(status(203), single('TUNERSTATUS', tunerstatus(machine, now)))),
  ];
}

function asc(all: ReturnType<typeof devs>, parameter: string | null): ApiReply {
  if (all.length === 0) return say(105);
  if (parameter === null || parameter === '') return say(15);
  const number = atoi(parameter);
  const found = all[number];
  if (found === undefined) return say(107, number, all.length - 1);
  return reply(status(106, number), list('ASC', [found]));
}

/** Their section is no record but the word true (vendor's page). */
function pauseCommands(machine: BraiinsMachine, { name, version }: Program): ApiCommand[] {
  const answer = (command: string, code: number, msg: string, act: (now: number) => void): ApiCommand => ({
    name: command,
    access: 'write',
    joinable: false,
    run: ({ now }) => {
      act(now);
      const line = {
        STATUS: 'S',
        When: Math.floor(now / 1000),
        Code: code,
        Msg: msg,
        Description: `${name} ${version}`,
      };
      return whole(`{"STATUS":[${JSON.stringify(line)}],"${msg.toUpperCase()}":[true],"id":1}`);
    },
  });
  return [
    answer('pause', 204, 'Pause', (now) => machine.pause(now)),
    answer('resume', 205, 'Resume', (now) => machine.resume(now)),
  ];
}
