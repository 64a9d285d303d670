import {
  type Action,
  type ActionNotes,
  action,
  flag,
  HeadframeError,
  type Links,
  type Prepared,
  secret,
} from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import { askFirst } from './ask.ts';
import { MinerService } from './contract/index.ts';
import type { MethodName } from './door-methods.ts';
import type { DoorName } from './doors.ts';
import { hashboardId, hashboardsOf, meantBoard } from './hashboards.ts';
import { APPLIED, RESTARTS, seen, type Times } from './looks.ts';
import { openOr4028, pausing } from './over-4028.ts';
import { enter, type Machine, machineAt, SAVE_AND_APPLY, say, saysAlready, through } from './through.ts';
import { minerStatusOf } from './view.ts';

/* The machine as a whole: its mining program, its light, its hashboards, its password (protocols.md 7.2). */

/** MinerStatus. Restricted is mining, with a part of it burned for want of a licence. */
const STATUS = ['unspecified', 'not started', 'normal', 'paused', 'suspended', 'restricted'] as const;
type Status = (typeof STATUS)[number] | `unknown (${number})`;

/** Before 24.03 only its stream tells it (the vendor's change log). */
async function statusOf({ links, door }: Machine, details: Fields): Promise<Status> {
  const told = details.int('status') ?? 0;
  const isStreamed = told === 0 && door === 'grpc';
  const stream = isStreamed ? await askFirst(links, MinerService.method.getMinerStatus) : null;
  const number = minerStatusOf(stream?.doc) ?? told;
  return STATUS[number] ?? `unknown (${number})`;
}

const detailsOf = (machine: Machine): Promise<Fields> => machine.ask('GetMinerDetails');

const statusShows = (
  machine: { readonly door: DoorName },
  is: (status: Status, minerUptimeS: number) => boolean,
  times: Times,
): Prepared['readBack'] =>
  seen(
    machine,
    'GetMinerDetails',
    async (now) => {
      const details = await detailsOf(now);
      const status = await statusOf(now, details);
      // 0: the program does not run, and a message leaves a 0 out.
      const minerUptimeS = details.int('bosminer_uptime_s') ?? 0;
      return { done: is(status, minerUptimeS), values: { status, minerUptimeS } };
    },
    times,
  );

const isMining = (status: Status): boolean => status === 'normal' || status === 'restricted';

/** Through a door with a login where we have one; else over port 4028, which has both and wants none. */
const pauseOrResume = (command: 'pause' | 'resume', prepare: (machine: Machine) => Prepared, notes: ActionNotes) =>
  action(
    {},
    async (links) => {
      if (links.credentials == null && links.cgminer !== undefined) return pausing(command);
      const door = await openOr4028(links);
      return door === '4028' ? pausing(command) : prepare(enter(links, door));
    },
    notes,
  );

const pause = pauseOrResume(
  'pause',
  (machine) => ({
    steps: [say(machine, 'PauseMining', {}, { judge: saysAlready('already_paused', 'it was paused already') })],
    readBack: statusShows(machine, (status) => status === 'paused', { ...APPLIED, afterMs: 1_000 }),
  }),
  { takes: 'up to a minute; braiins.setquickramping sets how fast' },
);

const resume = pauseOrResume(
  'resume',
  (machine) => ({
    steps: [say(machine, 'ResumeMining', {}, { judge: saysAlready('already_mining', 'it was mining already') })],
    readBack: statusShows(machine, isMining, { ...RESTARTS, afterMs: 2_000 }),
  }),
  { takes: 'some minutes until it has its full hashrate' },
);

const start = through(
  {},
  (machine) => ({
    steps: [say(machine, 'Start', {}, { judge: saysAlready('already_running', 'it was running already') })],
    readBack: statusShows(machine, (status, uptimeS) => uptimeS > 0 && status !== 'not started', RESTARTS),
  }),
  { does: 'Starts the mining program', hashing: 'unchanged', takes: 'some minutes until it has its full hashrate' },
);

const stop = through(
  {},
  (machine) => ({
    steps: [say(machine, 'Stop', {}, { judge: saysAlready('already_stopped', 'it was stopped already') })],
    readBack: statusShows(machine, (status, uptimeS) => uptimeS === 0 || status === 'not started', APPLIED),
  }),
  {
    does: 'Stops the mining program; the machine stays reachable',
    hashing: 'stopped',
    lasting: 'until braiins.start, or until the machine restarts',
  },
);

/** Uptimes are whole seconds. */
const GRAIN_MS = 2_000;

/** Something has started since: by its uptime. */
const startedSince = (machine: Machine, field: 'bosminer_uptime_s' | 'system_uptime_s', of: string) =>
  seen(
    machine,
    `${field} of GetMinerDetails`,
    async (now, sentAt) => {
      const details = await detailsOf(now);
      const uptimeS = details.int(field) ?? (field === 'system_uptime_s' ? details.int('system_uptime') : null) ?? 0;
      const startedAt = now.links.clock.now() - uptimeS * 1_000;
      return { done: uptimeS > 0 && startedAt > sentAt - GRAIN_MS, values: { [of]: uptimeS } };
    },
    RESTARTS,
  );

const restarting = (name: MethodName, readBack: (machine: Machine) => Prepared['readBack'], notes: ActionNotes) =>
  through(
    {},
    (machine) => ({ steps: [say(machine, name, {}, { silenceIsFine: true })], readBack: readBack(machine) }),
    notes,
  );

const restartMiner = restarting('Restart', (machine) => startedSince(machine, 'bosminer_uptime_s', 'minerUptimeS'), {
  takes: 'some minutes until it has its full hashrate',
});

const reboot = restarting('Reboot', (machine) => startedSince(machine, 'system_uptime_s', 'systemUptimeS'), {
  takes: 'some minutes until it has its full hashrate',
});

const factoryReset = restarting(
  'FactoryReset',
  () => ({ never: 'which settings it sets anew, the password among them, no document tells: look at it afterwards' }),
  { lasting: 'pools, targets, cooling and password may all be gone; nothing brings them back' },
);

const locate = through(
  {
    on: flag({ about: 'whether its light blinks', source: 'BraiinsOS ActionsService.SetLocateDeviceStatus' }),
  },
  (machine, { on }) => ({
    steps: [say(machine, 'SetLocateDeviceStatus', { enable: on })],
    readBack: seen(machine, 'GetLocateDeviceStatus', async (now) => {
      // A message leaves a false out.
      const enabled = (await now.ask('GetLocateDeviceStatus')).bool('enabled') ?? false;
      return { done: enabled === on, values: { on: enabled } };
    }),
  }),
);

const onBoard = (name: 'EnableHashboards' | 'DisableHashboards', named: string): Action =>
  through(
    { hashboard: hashboardId(`BraiinsOS MinerService.${name}`) },
    async (machine, { hashboard: id }) => ({
      notes: [await meantBoard(machine, id, named)],
      steps: [say(machine, name, { ...SAVE_AND_APPLY, hashboard_ids: [id] })],
      readBack: seen(
        machine,
        'GetHashboards',
        async (now) => {
          const board = (await hashboardsOf(now)).find((one) => one.str('id') === id);
          const enabled = board === undefined ? null : (board.bool('enabled') ?? false);
          return { done: enabled === (name === 'EnableHashboards'), values: { hashboard: id, enabled } };
        },
        APPLIED,
      ),
    }),
    { takes: 'the mining program starts its hashboards anew' },
  );

const SET_PASSWORD = 'BraiinsOS AuthenticationService.SetPassword';

/** Logs in with it: a login's own reply is not kept, and neither is its token. */
async function lets({ credentials, as }: Links, door: DoorName, password: string): Promise<boolean> {
  const links = as?.({ username: credentials?.username ?? 'root', password });
  if (links === undefined) throw new HeadframeError('internal', { detail: 'no way to try another login' });
  try {
    await machineAt({ ...links, tokens: new Map() }, door).ask('GetMinerDetails');
    return true;
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code.startsWith('auth/')) return false;
    throw thrown;
  }
}

const passwordIs = ({ door }: Machine, password: string): Prepared['readBack'] => ({
  looksAt: password === '' ? 'a login without a password' : 'a login with the new password',
  afterMs: 500,
  everyMs: 3_000,
  withinMs: 20_000,
  look: async (links) => {
    const isTaken = await lets(links, door, password);
    return { done: isTaken, values: { login: isTaken ? 'accepted' : 'rejected' } };
  },
});

const setPassword = through(
  { newPassword: secret({ about: 'new password of the user', most: 255, source: SET_PASSWORD }) },
  (machine, { newPassword }) => ({
    steps: [say(machine, 'SetPassword', { password: newPassword })],
    readBack: passwordIs(machine, newPassword),
  }),
);

const removepassword = through(
  {},
  (machine) => ({ steps: [say(machine, 'SetPassword')], readBack: passwordIs(machine, '') }),
  {
    does: 'Takes the password away: whoever reaches the machine can change it then',
    hashing: 'unchanged',
    guarded: 'without a password everybody in its network can change the machine',
  },
);

export const unitCommands = {
  pause,
  resume,
  restartMiner,
  reboot,
  factoryReset,
  locate,
  enableHashboard: onBoard('EnableHashboards', 'enable-hashboard'),
  disableHashboard: onBoard('DisableHashboards', 'disable-hashboard'),
  setPassword,
} satisfies Readonly<Record<string, Action>>;

export const ownUnitCommands: Readonly<Record<string, Action>> = { start, stop, removepassword };
