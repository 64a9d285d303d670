import { ASSUMED } from './sim-assumed.ts';
import type { Command, Commands } from './sim-command.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { onBoard } from './sim-on-board.ts';
import { flag, flagKey, numberIn, numberKey, options, readKeys, wholeIn, wordKey } from './sim-parameters.ts';
import { invalidValue, type LuxReply, MISSING_PARAMETER, ok, refuse } from './sim-reply.ts';
import { ranges } from './sim-settings.ts';
import type { LuxosSettings, NetSettings, UpdateSettings } from './sim-state.ts';
import { ASLEEP, stepsOf } from './sim-writes-tuning.ts';

/* Session commands for the device as a whole: sleep, boards, restarts, network, updates (`protocols.md` 8). */

const curtail: Command = (machine, now, parts) => {
  const { plain, named } = options(parts);
  // By place the voltage step comes first here (`protocols.md` 8).
  const [action, volts, mhz] = plain;
  const mode = named.get('mode');
  if (action === undefined) return MISSING_PARAMETER;
  const steps = stepsOf(named.get('frequency_step') ?? mhz, named.get('voltage_step') ?? volts);
  if (steps === null || (mode !== undefined && mode !== 'unsafe')) return invalidValue(parts.join(','));
  if (action === 'sleep') machine.sleep(now);
  else if (action === 'wakeup') {
    if (mode === 'unsafe' && !machine.mayWakeUnsafe) {
      return refuse(ASSUMED.unsafeFirst, 'Unsafe mode is not available for the first wakeup after a restart');
    }
    machine.wake(now, mode === 'unsafe' ? null : steps.mhz);
  } else return invalidValue(action);
  return ok(335, 'Curtailment command sent', {
    CURTAIL: [{ Action: action === 'sleep' ? 'sleep mode' : 'wake up' }],
  });
};

const setBoard =
  (code: number, message: string, enabled: boolean): Command =>
  (machine, now, parts) =>
    onBoard(machine, parts, (board) => {
      machine.setBoardEnabled(now, board, enabled);
      return ok(code, message, { BOARD: [{ Board: board }] });
    });

/** Seconds until a board starts again when none are given (docs.luxor.tech, reboot). */
const BOARD_DELAY_S = 5;

const reboot: Command = (machine, now, parts) => {
  if (machine.asleep) return ASLEEP;
  return onBoard(machine, parts, (board) => {
    const delay = parts[1] === undefined ? BOARD_DELAY_S : wholeIn(parts[1], -86_400, 86_400);
    if (delay === null) return invalidValue(parts[1] ?? '');
    // With a delay of 0 or less it stays off.
    machine.rebootBoard(now, board, delay > 0 ? delay : null);
    return ok(305, 'Reboot Scheduled', { REBOOT: [{ Board: board, IsShutdown: delay <= 0 }] });
  });
};

const hashboardoptsset: Command = (machine, _now, parts) => {
  const read = readKeys<LuxosSettings['hashboards']>(parts, {
    overtemp_auto_recovery: flagKey('overtempAutoRecovery'),
    no_pic_protection_mode: wordKey('noPicProtectionMode', ['shutdown_all_boards', 'shutdown_failing_board']),
  });
  if ('refused' in read) return read.refused;
  machine.set({ hashboards: { ...machine.settings.hashboards, ...read.change } });
  return ok(ASSUMED.hashboardoptsset, 'Hashboard options updated');
};

const ledset: Command = (machine, _now, [color, state]) => {
  if (color === undefined || state === undefined) return MISSING_PARAMETER;
  if (color !== 'red' || !['on', 'off', 'blink', 'auto'].includes(state)) return invalidValue(`${color},${state}`);
  machine.set({ redLed: state });
  return ok(ASSUMED.ledset, 'LED set');
};

const ADDRESS = /^(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.(?!$)|$)){4}$/;

const addressKey =
  (name: 'ip' | 'mask' | 'gateway' | 'dns') =>
  (value: string): Partial<NetSettings> | null =>
    ADDRESS.test(value) || (name === 'dns' && value === '') ? { [name]: value } : null;

/**
 * `dhcp` alone is read like `dhcp=true`; an address is one that is kept. That it is used at once is ours: the machine
 * goes on answering where it is served.
 */
const netset: Command = (machine, _now, parts) => {
  const read = readKeys<NetSettings>(
    parts.map((part) => (part === 'dhcp' ? 'dhcp=true' : part)),
    {
      dhcp: flagKey('dhcp'),
      ip: addressKey('ip'),
      mask: addressKey('mask'),
      gateway: addressKey('gateway'),
      dns: addressKey('dns'),
    },
  );
  if ('refused' in read) return read.refused;
  const { change } = read;
  const isFixed = change.ip !== undefined;
  if (isFixed && change.dhcp === true) return invalidValue(parts.join(','));
  const dhcp = change.dhcp ?? (isFixed ? false : machine.settings.net.dhcp);
  machine.set({ net: { ...(dhcp ? machine.leasedNet : machine.settings.net), ...change, dhcp } });
  return ok(ASSUMED.netset, 'Network configuration updated');
};

const source = (value: string): Partial<UpdateSettings> | null =>
  /^https?:\/\/[\x21-\x7e]{1,200}$/.test(value) ? { source: value } : null;

const updateset: Command = (machine, _now, parts) => {
  // What else these can be is not known: `off` and `full` are what was seen.
  const words = ['off', 'full'];
  const read = readKeys<UpdateSettings>(parts, {
    source,
    on_startup: wordKey('onStartup', words),
    on_timeout: wordKey('onTimeout', words),
    on_user: wordKey('onUser', words),
    timeout: numberKey('timeout', 1, 10_080),
  });
  if ('refused' in read) return read.refused;
  machine.set({ update: { ...machine.settings.update, ...read.change } });
  return ok(ASSUMED.updateset, 'Update configuration updated');
};

/** Does what `UpdateOnUser` says (docs.luxor.tech, updaterun). */
const updaterun: Command = (machine, now) => {
  if (machine.quirks.noLuxupdate) return refuse(334, 'Unable to locate luxupdate process');
  if (machine.settings.update.onUser === 'full') machine.update(now);
  return ok(333, 'Update check triggered');
};

/** What the supply can be told is not known: here its voltage, as `voltageset` has it. */
const psuset: Command = (machine, _now, parts) => {
  const read = readKeys<{ volts: number }>(parts, {
    voltage: numberKey('volts', ...ranges(machine).volts, numberIn),
  });
  if ('refused' in read) return read.refused;
  machine.run.volts = read.change.volts ?? machine.run.volts;
  return ok(ASSUMED.psuset, 'PSU configuration updated');
};

const then =
  (code: number, message: string, act: (machine: LuxosMachine, now: number) => void): Command =>
  (machine, now): LuxReply => {
    act(machine, now);
    return ok(code, message);
  };

/** A switch of the settings: `on`, `off` and the like. */
const toggle =
  (code: number, message: string, set: (on: boolean) => Partial<LuxosSettings>): Command =>
  (machine, _now, [text]) => {
    if (text === undefined) return MISSING_PARAMETER;
    const on = flag(text);
    if (on === null) return invalidValue(text);
    machine.set(set(on));
    return ok(code, message);
  };

export const SYSTEM_COMMANDS: Commands = {
  logoff: then(ASSUMED.logoff, 'Session terminated', (machine, now) => machine.lock.end(now)),
  curtail,
  enableboard: setBoard(ASSUMED.enableboard, 'Board enabled', true),
  disableboard: setBoard(ASSUMED.disableboard, 'Board disabled', false),
  reboot,
  rebootdevice: then(ASSUMED.rebootdevice, 'Rebooting device', (machine, now) => machine.restart(now, 'device')),
  resetminer: then(ASSUMED.resetminer, 'Restarting miner', (machine, now) => machine.restart(now, 'miner')),
  resetconfig: then(ASSUMED.resetconfig, 'Configuration reset', (machine, now) => machine.reset(now)),
  uninstallluxos: then(ASSUMED.uninstallluxos, 'Uninstalling LuxOS', (machine, now) => machine.uninstall(now)),
  hashboardoptsset,
  ledset,
  netset,
  updateset,
  updaterun,
  psuset,
  immersionswitch: toggle(ASSUMED.immersionswitch, 'Immersion mode switched', (immersion) => ({ immersion })),
  tunableswitch: toggle(ASSUMED.tunableswitch, 'Tunable switched', (tunable) => ({ tunable })),
};
