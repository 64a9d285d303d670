import { CONDITIONS } from '../sim/conditions.ts';
import { streamKey } from '../sim/counter-random.ts';
import type { DeviceLabel, DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import { ApiConversation } from './sim-conversation.ts';
import { deviceName } from './sim-detail.ts';
import type { RigPlan, RigSwitches } from './sim-plan.ts';
import { RIGS, type RigProfile } from './sim-profiles.ts';
import { Rig } from './sim-rig.ts';

/** What `--api-password` is on a rig whose switch `password` is on. */
export const RIG_PASSWORD = 'Rig_01!#';

/** What can be odd or wrong with a rig (protocols.md 5), off unless said otherwise. */
const SWITCHES = {
  ...CONDITIONS,
  'dead-board': { does: 'The last GPU fell off the bus and is not listed', on: false },
  'stalled-fan': { does: 'The fan of the first GPU stands still', on: false },
  asleep: { does: 'Every GPU was paused through the API before the rig was asked first', on: false },
  password: { does: 'Started with --api-password', on: false },
  'read-only': { does: 'Started with a negative port: no write is taken', on: false },
  'reboot-script': { does: 'There is a reboot.sh beside the program; it restarts the machine', on: false },
  supervised: { does: 'A program that ended is started again after some seconds', on: true },
  'no-sensors': { does: 'Started without --HWMON: temperature, fan and power are not read', on: false },
  'temperature-stop': {
    does: 'Started with --tstart 60 --tstop 85: hotter GPUs are paused until they cooled down',
    on: false,
  },
  'small-memory': { does: 'The first GPU has too little memory for the DAG and is paused', on: false },
  'epoch-error': { does: 'The first GPU failed to set up the epoch and is paused', on: false },
  'shared-nonce': { does: 'Starts at the same nonce as other rigs: they search the same segments', on: false },
  'growing-lists': { does: 'miner_restart makes the lists of miner_getstat1 longer by the number of GPUs', on: true },
  'repeated-replies': { does: 'Pipelined requests: every reply is sent with all before it', on: true },
  'short-packet-hang': { does: 'Fewer than four waiting bytes hang the connection for good', on: true },
  hung: { does: 'Connections are taken, nothing is answered', on: false },
  'no-api': { does: 'Built without APICORE: nothing listens', on: false },
} as const;

export type RigSwitch = keyof typeof SWITCHES;

/** A switch that would change nothing on a rig with this release. */
function isMute({ release }: RigPlan, name: string): boolean {
  const has = (method: string): boolean => !release.lacks.includes(method);
  switch (name) {
    case 'growing-lists':
    case 'repeated-replies':
    case 'short-packet-hang':
      return release.framing !== 'packets';
    case 'small-memory':
    case 'epoch-error':
      return release.shape === 'old';
    case 'password':
      return !has('api_authorize');
    case 'reboot-script':
      return release.framing === 'single';
    case 'temperature-stop':
      return !has('miner_getstatdetail');
    case 'shared-nonce':
      return !has('miner_getscramblerinfo');
    default:
      return false;
  }
}

const switchesOf = ({ plan, on = [] }: RigProfile): DeviceProfile['quirks'] =>
  Object.fromEntries(
    Object.entries(SWITCHES)
      .filter(([name]) => !isMute(plan, name))
      .map(([name, { does, on: usually }]) => [name, { does, on: usually || on.includes(name) }]),
  );

/** A rig as it was started, with its switches. */
export function createRig(
  started: RigPlan,
  seed: DeviceSeed,
  isOn: (name: RigSwitch) => boolean,
  label: DeviceLabel,
): SimulatedDevice {
  const plan: RigPlan = {
    ...started,
    gpus: isOn('dead-board') ? started.gpus.slice(0, -1) : started.gpus,
    password: isOn('password') ? RIG_PASSWORD : started.password,
    readOnly: isOn('read-only') || started.readOnly,
    sensors: started.sensors && !isOn('no-sensors'),
    temperatureStop: isOn('temperature-stop') ? { start: 60, stop: 85 } : started.temperatureStop,
  };
  const switches: RigSwitches = {
    rebootScript: isOn('reboot-script'),
    supervised: isOn('supervised'),
    deadPool: isOn('dead-pool'),
    stalledFan: isOn('stalled-fan'),
    asleep: isOn('asleep'),
    smallMemory: isOn('small-memory'),
    epochError: isOn('epoch-error'),
    sharedNonce: isOn('shared-nonce'),
    growingLists: isOn('growing-lists'),
    repeatedReplies: isOn('repeated-replies'),
    shortPacketHang: isOn('short-packet-hang'),
    hung: isOn('hung'),
    noApi: isOn('no-api'),
  };
  const rig = new Rig(plan, switches, seed.seed, seed.poweredAt);
  return {
    label,
    ethminer: {
      port: 3333,
      most: ASSUMED.connections,
      connect: (_peer, now) => {
        const process = rig.listening(now) ? rig.at(now) : null;
        return process === null ? null : new ApiConversation(rig, process);
      },
    },
    work: (now) => rig.at(now)?.workDone(now) ?? [],
    listening: (protocol, now) => protocol === 'ethminer' && rig.listening(now),
  };
}

function profileOf(rig: RigProfile): DeviceProfile {
  const { name, plan, rare } = rig;
  const quirks = switchesOf(rig);
  const [gpu] = plan.gpus;
  const model = gpu === undefined ? '' : `${plan.gpus.length} x ${deviceName(gpu)}`;
  const label: DeviceLabel = { family: 'ethminer', make: '', model, firmware: 'ethminer' };
  const create = (seed: DeviceSeed): SimulatedDevice => {
    const isOn = (quirk: RigSwitch): boolean =>
      Object.hasOwn(quirks, quirk) && (seed.quirks?.[quirk] ?? quirks[quirk]?.on ?? false);
    return createRig(named(plan, seed.seed), seed, isOn, label);
  };
  return { name, label, quirks, create, ...(rare && { rare }) };
}

/** Rigs of a farm have names of their own, which their owner also gives to the pool. */
function named(plan: RigPlan, seed: number): RigPlan {
  if (plan.hostName !== 'rig') return plan;
  const hostName = `rig-${String(1 + (streamKey(seed, 'name') % 99)).padStart(2, '0')}`;
  return { ...plan, hostName, connections: plan.connections.map((uri) => uri.replace('.rig@', `.${hostName}@`)) };
}

/** The other end of the wire of ethminer, with GPUs, pools and heat of their own. */
export const ethminerSimulator: FamilySimulator = { id: 'ethminer', profiles: RIGS.map(profileOf) };
