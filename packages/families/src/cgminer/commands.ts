import {
  type Action,
  type ActionName,
  type ActionNotes,
  action,
  HeadframeError,
  type Identity,
  integer,
  type Links,
  type ReadBack,
} from '@headframe/model';
import { askCommand, commandStep, lookForRestart, ownActions, poolActions, section } from '@headframe/wire/cgminer';
import { DEVICE_KEYS, WRITABLE } from './quirks.ts';

/** Whether this program is one that is known well enough to be changed: forks that are not are only read. */
const isKnown = ({ firmware }: Identity): boolean => WRITABLE.has(firmware ?? '');

const UNTIL_RESTART = 'until the miner restarts, unless it is saved (cgminer.save)';

const pools = poolActions({
  source: 'cgminer 4.11.1 API, pool commands',
  lasting: UNTIL_RESTART,
  most: 255,
  slots: 20,
  lcd: true,
  priority: true,
});

/** What a program of cgminer's kind can do of the common vocabulary (protocols.md 1.4). */
export const actionsOfCgminer = (identity: Identity): Partial<Record<ActionName, Action>> =>
  isKnown(identity)
    ? {
        ...pools,
        restartMiner: action({}, () => ({ steps: [commandStep({ command: 'restart' })], readBack: RESTART }), {
          takes: 'the API is away for 6 to 7 s, hashing until its devices have started again',
          lasting:
            'pools and settings that were not saved are lost; saved pools come back beside those of the command line',
        }),
        enableHashboard: onDevice('enable', {}),
        disableHashboard: onDevice('disable', { hashing: 'interrupted', lasting: UNTIL_RESTART }),
      }
    : {};

const own = ownActions('cgminer 4.11.1 API');

/** What it has beyond the common vocabulary, under its own words. */
export const ownOfCgminer = (identity: Identity): Readonly<Record<string, Action>> => (isKnown(identity) ? own : {});

const BY_DRIVER = 'every driver has its own: see cgminer.ascset and cgminer.pgaset, with the option help';
const PROGRAM_ONLY = 'this is a program on some machine, and its API reaches no further than the program';

/** Why it cannot do the rest. */
export const lacksOfCgminer = (identity: Identity): Partial<Record<ActionName, string>> => {
  if (!isKnown(identity)) return UNKNOWN;
  return {
    pause: 'cgminer has no pause; disable its hashboards',
    resume: 'cgminer has no pause; enable its hashboards',
    locate: 'not for a whole machine; cgminer.ascidentify and cgminer.pgaidentify blink one device',
    setFan: BY_DRIVER,
    setFrequency: BY_DRIVER,
    setVoltage: BY_DRIVER,
    setTemperatureTarget: BY_DRIVER,
    reboot: PROGRAM_ONLY,
    setNetwork: PROGRAM_ONLY,
    setHostname: PROGRAM_ONLY,
    setTimeZone: PROGRAM_ONLY,
    setPassword: 'it has no password but an address list, which is set at its start',
    setLogServer: PROGRAM_ONLY,
    downloadLogs: 'its API does not give the log',
    updateFirmware: PROGRAM_ONLY,
    factoryReset: PROGRAM_ONLY,
  };
};

const NAMES = Object.keys({
  ...pools,
  restartMiner: 0,
  enableHashboard: 0,
  disableHashboard: 0,
}) as ActionName[];
const UNKNOWN: Partial<Record<ActionName, string>> = Object.fromEntries(
  NAMES.map((name) => [name, 'its firmware is not known well enough to be changed; headframe api sends what you mean']),
);

const RESTART: ReadBack = {
  looksAt: 'Elapsed of summary',
  afterMs: 2_000,
  everyMs: 2_000,
  withinMs: 120_000,
  restarts: true,
  look: lookForRestart,
};

/** A device as DEVS lists it: `ASC` 0 is asked of with `asc…`, `PGA` 0 with `pga…`. */
interface ListedDevice {
  readonly kind: 'asc' | 'pga';
  readonly index: number;
  readonly enabled: boolean;
  readonly name: string;
}

/** @throws HeadframeError when the machine does not tell them */
async function listDevices({ cgminer, clock }: Links): Promise<ListedDevice[]> {
  if (cgminer === undefined) throw new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
  const reply = await askCommand(cgminer, clock, { id: 'devs', command: 'devs' });
  if (reply.error !== null && reply.error.context.vendorCode !== '10') throw reply.error;
  return section(reply.doc, 'DEVS').flatMap((record) => {
    const key = DEVICE_KEYS.find((one) => record.has(one));
    if (key !== 'ASC' && key !== 'PGA') return [];
    const kind = key === 'ASC' ? 'asc' : 'pga';
    return [
      {
        kind,
        index: record.int(key) ?? 0,
        enabled: record.bool('Enabled') ?? false,
        name: record.str('Name') ?? '',
      } as const,
    ];
  });
}

const hashboard = integer({
  about: 'hashboard, by its place in the list of devices',
  min: 0,
  max: 99,
  source: 'cgminer 4.11.1 API, ascenable',
});

/** The place in the list is the slot of a reading: ASICs and FPGAs are both counted from 0. */
const onDevice = (what: 'enable' | 'disable', notes: ActionNotes): Action =>
  action(
    { hashboard },
    async (links, { hashboard: slot }) => {
      const device = (await listDevices(links))[slot];
      if (device === undefined) {
        throw new HeadframeError('usage/invalid', {
          detail: `This machine has no hashboard ${slot}; nothing was sent`,
        });
      }
      const { kind, index, name } = device;
      return {
        notes: [`Hashboard ${slot} is ${name} ${index}`],
        steps: [commandStep({ command: `${kind}${what}`, parameter: String(index) })],
        readBack: enabledShows(slot, what === 'enable'),
      };
    },
    notes,
  );

const enabledShows = (slot: number, wanted: boolean): ReadBack => ({
  looksAt: 'Enabled of devs',
  afterMs: 500,
  everyMs: 2_000,
  withinMs: 20_000,
  look: async (links) => {
    const enabled = (await listDevices(links))[slot]?.enabled ?? null;
    return { done: enabled === wanted, values: { enabled } };
  },
});
