import {
  type Action,
  type ActionNotes,
  action,
  flag,
  HeadframeError,
  type Links,
  optional,
  type Parameter,
  type Prepared,
  type Step,
  secret,
} from '@headframe/model';
import { type AxeStep, axeStep, documentOf, INFO_PATH, restartStep, type Wanted } from '@headframe/wire/axeos';
import type { Fields } from '@headframe/wire/json';
import { KEY_HEADER, otpSession } from './session.ts';

/** A device that is about to be changed, as it was just seen, and how it is written to. */
export interface Device {
  readonly links: Links;
  readonly info: Fields;
  /** Carries the token where one-time passwords are on: belongs to every step. */
  readonly key: Pick<AxeStep, 'keyHeader'>;
}

/** The password of the moment, where they are switched on. */
export const otpParameter = secret({
  about: 'one-time password of the authenticator app, where they are switched on',
  most: 8,
  pattern: /^\d{6,8}$/,
  inWords: 'digits',
  source: 'NerdQAxe header X-TOTP',
});

/** @throws HeadframeError what keeps it from telling; `protocol/wrong-shape` when it is another: nothing may be sent to it */
export async function openDevice(links: Links): Promise<Device> {
  const info = await documentOf(links, INFO_PATH);
  if (info.str('ASICModel') === null || info.str('deviceModel') === null) {
    const detail = 'it does not name its chip and its model (ASICModel, deviceModel)';
    throw new HeadframeError('protocol/wrong-shape', { request: `GET ${INFO_PATH}`, detail });
  }
  return { links, info, key: info.bool('otp') === true ? { keyHeader: KEY_HEADER } : {} };
}

type Given<P extends Readonly<Record<string, Parameter>>> = {
  readonly [name in keyof P]: P[name] extends Parameter<infer T> ? T : never;
};

/** A write: looks at the device first, and asks for a one-time password where the device does. */
export function writing<const P extends Readonly<Record<string, Parameter>>>(
  parameters: P,
  prepare: (device: Device, given: Given<P>) => Prepared | Promise<Prepared>,
  notes: ActionNotes = {},
): Action {
  return action(
    { ...parameters, otp: optional(otpParameter) },
    async (links, given) => {
      const device = await openDevice(links);
      const prepared = await prepare(device, given as unknown as Given<P>);
      if (device.key.keyHeader === undefined) return prepared;
      return { ...prepared, session: otpSession((given as { readonly otp?: string }).otp) };
    },
    notes,
  );
}

/** Settings in one body. Each key of another type than it wants is passed over without a word, so flags are booleans. */
export const patch = (
  { key }: Device,
  json: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
  path = '/api/system',
): Step => axeStep({ ...key, method: 'PATCH', path, json, secrets });

export const restartFlag = (by: 'on' | 'off') =>
  optional(
    flag({ about: `restarts the device afterwards; ${by} unless given`, source: 'NerdQAxe POST /api/system/restart' }),
  );

/** Where a restart was not asked for: which settings want one is documented nowhere. */
export const AT_NEXT_RESTART = 'It counts from the next restart on at the latest: headframe do ADDRESS reboot';

export const restartIf = ({ key }: Device, wanted: boolean): Step | undefined =>
  wanted ? restartStep(key) : undefined;

/** @throws HeadframeError `support/unsupported`: this version does not show it, and would pass it over without a word */
export function needKey(record: Fields, key: string): void {
  if (record.has(key)) return;
  throw new HeadframeError('support/unsupported', { detail: `this version of its firmware has no ${key}` });
}

/** What was given, without what was left out. */
export const definedIn = (given: Readonly<Record<string, number | string | boolean | undefined>>): Wanted =>
  Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
