import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import { PLANS, type WhatsminerPlan } from './sim-plan.ts';
import { type UnitOptions, WhatsminerUnit } from './sim-unit.ts';
import { V2Api } from './sim-v2.ts';
import { V3Conversation } from './sim-v3.ts';

export { OWNER_PASSWORD } from './sim-unit.ts';

/** What can be odd or wrong with a WhatsMiner (protocols.md 3), off unless its model has it. */
const SWITCHES = {
  ...CONDITIONS,
  'write-switch-off': { does: 'The API switch of the vendor tool is off: no write is taken', on: false },
  'factory-password': { does: 'The passwords were never changed (admin, super): no write is taken', on: false },
  'default-passwords': { does: 'The passwords were changed and set back to admin and super: they work', on: false },
  'token-limit-reached': { does: 'Strangers hold every token until these end after 30 minutes', on: false },
  'over-max-connect': { does: 'get_token always says that there are too many', on: false },
  'expired-tokens': { does: 'Every token has ended when it is used first', on: false },
  'token-timeout': { does: 'get_token names a timeout, and every call renews the token', on: false },
  'token-forever': { does: 'get_token names the timeout 0: a token never ends', on: false },
  'address-refused': { does: 'The address of the client is refused: closed without a byte', on: false },
  'missing-salt': { does: 'The salt is missing where it is asked for', on: false },
  'clock-skew': { does: 'The clock of the machine is two hours ahead', on: false },
  'invalid-error-code-json': { does: 'get_error_code is no JSON when there is an error', on: false },
  'msg-wrapped': { does: 'summary, pools, devs and devdetails have their data in Msg', on: false },
  'btmineroff-lie': { does: 'status says that mining is off while it hashes', on: false },
  'ut-speed': { does: 'get_miner_info says ut_speed, as the manual prints it', on: false },
  'refuse-joins': { does: 'Joined reads are an invalid command', on: false },
  'long-joins': { does: 'More than two reads can be joined, as a cgminer takes them', on: false },
  'text-form': { does: 'The V1 form with enc| and token, is understood too', on: false },
  'pkcs7-reply': { does: 'Sealed replies are padded as PKCS#7', on: false },
  'sealed-other-key': { does: 'Replies are sealed with another key', on: false },
  'sealed-truncated': { does: 'The JSON inside a sealed reply ends in the middle', on: false },
  'aes-garbage': { does: 'A sealed reply is no cipher text', on: false },
  'close-on-write': { does: 'A write does what it should and closes without a reply', on: false },
  'reboot-replies': { does: 'reboot, factory_reset and net_config answer before the machine goes', on: false },
  'closes-after-ready': { does: 'The connection closes behind `ready`, before the firmware could be sent', on: false },
  'endless-log': { does: 'The download of the log goes on for ever', on: false },
  'log-in-one-segment': { does: 'Reply and log come in one piece', on: false },
  'no-v3': { does: 'Nothing listens on port 4433', on: false },
  'v3-long-info': { does: 'get.device.info has all fields of the vendor pages, the supply in A and V', on: false },
  'huge-frame': { does: 'Frames on port 4433 say that they have 4 GB', on: false },
  'truncated-frame': { does: 'The JSON inside a frame on port 4433 ends in the middle', on: false },
} as const;

const V3_ONLY: ReadonlySet<string> = new Set(['no-v3', 'v3-long-info', 'huge-frame', 'truncated-frame']);
/** A switch that would change nothing on this machine. */
const isMute = (plan: WhatsminerPlan, name: string): boolean =>
  (plan.v3 === null && V3_ONLY.has(name)) ||
  (plan.cooling === 'hydro' && name === 'stalled-fan') ||
  (plan.dialect === 'old' && (name === 'invalid-error-code-json' || name === 'ut-speed'));

const switchesOf = (plan: WhatsminerPlan): DeviceProfile['quirks'] =>
  Object.fromEntries(
    Object.entries(SWITCHES)
      .filter(([name]) => !isMute(plan, name))
      .map(([name, { does }]) => [name, { does, on: plan.on.includes(name) }]),
  );

/** How many clients port 4433 serves, and how long it keeps a silent one (protocols.md 3.6). */
const V3_CLIENTS = 10;
const V3_IDLE_MS = 300_000;
/** How long port 4028 waits for a first byte (protocols.md 3.1). */
const V2_IDLE_MS = 10_000;

/** One WhatsMiner; its owner's password is {@link OWNER_PASSWORD} unless another is given. */
export function createWhatsminer(plan: WhatsminerPlan, seed: DeviceSeed, options: UnitOptions = {}): SimulatedDevice {
  const quirks = switchesOf(plan);
  const isOn = (name: string): boolean => seed.quirks?.[name] ?? quirks[name]?.on ?? false;
  const unit = new WhatsminerUnit(plan, seed, isOn, options);
  const api = new V2Api(unit);
  const admits = (): boolean => !isOn('address-refused');
  const hasV3 = plan.v3 !== null && !isOn('no-v3');
  return {
    label: plan.label,
    cgminer: {
      port: 4028,
      admits,
      maxRequestBytes: ASSUMED.requestBytes,
      idleMs: V2_IDLE_MS,
      receive: (bytes, peer, now) => api.receive(bytes, peer, now),
    },
    ...(hasV3 && {
      whatsminer: {
        port: 4433,
        most: V3_CLIENTS,
        idleMs: V3_IDLE_MS,
        connect: () => (admits() ? new V3Conversation(unit) : null),
      },
    }),
    work: (now) => {
      unit.settle(now);
      return unit.run?.workDone(now) ?? [];
    },
    listening: (protocol, now) =>
      (protocol === 'cgminer' || (protocol === 'whatsminer' && hasV3)) && unit.listening(now),
  };
}

/** The other end of the wire of MicroBT's WhatsMiners: the API on 4028, and that on 4433 where the firmware has it. */
export const whatsminerSimulator: FamilySimulator = {
  id: 'whatsminer',
  profiles: PLANS.map(([name, plan]) => ({
    name,
    label: plan.label,
    quirks: switchesOf(plan),
    create: (seed) => createWhatsminer(plan, seed),
  })),
};
