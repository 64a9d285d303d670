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
} from '@headframe/model';
import { axeStep, documentOf, INFO_PATH, restartStep } from '@headframe/wire/axeos';
import type { Fields } from '@headframe/wire/json';
import { type Release, releaseName, releaseOf } from './release.ts';

/** A device that is about to be changed, as it was just seen. */
export interface Device {
  readonly links: Links;
  readonly info: Fields;
  readonly release: Release;
}

/** @throws HeadframeError what keeps it from telling; `protocol/wrong-shape` when it is no AxeOS: nothing may be sent to it */
async function openDevice(links: Links): Promise<Device> {
  const info = await documentOf(links, INFO_PATH);
  if (info.str('ASICModel') === null || info.has('deviceModel')) {
    const detail = info.has('deviceModel') ? 'it is a NerdQAxe' : 'it does not name its chip (no ASICModel)';
    throw new HeadframeError('protocol/wrong-shape', { request: `GET ${INFO_PATH}`, detail });
  }
  return { links, info, release: releaseOf(info) };
}

/** The releases that have something: from one on, and until before another. */
export interface Span {
  readonly since?: Release;
  readonly before?: Release;
}

/** An action, and the releases that have it. */
export interface Offered extends Span {
  readonly action: Action;
}

type Given<P extends Readonly<Record<string, Parameter>>> = {
  readonly [name in keyof P]: P[name] extends Parameter<infer T> ? T : never;
};

/** An action that first looks at the device: what its release does not have is not sent. */
export function offered<const P extends Readonly<Record<string, Parameter>>>(
  span: Span,
  parameters: P,
  prepare: (device: Device, given: Given<P>) => Prepared | Promise<Prepared>,
  notes: ActionNotes = {},
): Offered {
  const look = async (links: Links, given: Given<P>): Promise<Prepared> => {
    const device = await openDevice(links);
    if (!isWithin(span, device.release)) {
      const has = device.info.str('version') ?? releaseName(device.release);
      throw new HeadframeError('support/unsupported', { detail: `${whyNot(span)}, and this one has ${has}` });
    }
    return prepare(device, given);
  };
  return { ...span, action: action(parameters, (links, given) => look(links, given as Given<P>), notes) };
}

/** @param release null: not known, and the device is looked at before anything is sent */
export const isWithin = ({ since, before }: Span, release: Release | null): boolean =>
  release === null || ((since === undefined || release >= since) && (before === undefined || release < before));

export const whyNot = ({ since, before }: Span): string =>
  [
    ...(since === undefined ? [] : [`it came with ${releaseName(since)}`]),
    ...(before === undefined ? [] : [`it ended with ${releaseName(before - 1)}`]),
  ].join(' and ');

/** Settings, all in one body: from v2.11 on one bad value refuses them all (protocols.md 6.4). */
export const patch = (json: Readonly<Record<string, unknown>>, secrets: readonly string[] = []): Step =>
  axeStep({ method: 'PATCH', path: '/api/system', json, secrets });

/** For settings that count only after a restart. @param by what it does unless told otherwise */
export const restartFlag = (by: 'on' | 'off') =>
  optional(
    flag({
      about: `restarts the device afterwards; ${by} unless given`,
      source: 'AxeOS POST /api/system/restart',
    }),
  );

/** Where a restart was not asked for. */
export const AT_NEXT_RESTART = 'It counts from the next restart on: headframe do ADDRESS reboot';

export const restartIf = (wanted: boolean): Step | undefined => (wanted ? restartStep() : undefined);
