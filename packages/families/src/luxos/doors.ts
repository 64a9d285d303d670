import {
  type Action,
  HeadframeError,
  type HttpLink,
  type HttpReply,
  type Links,
  type Prepared,
  type ReadBack,
  type Step,
  type TcpLink,
} from '@headframe/model';
import { pageStep } from '@headframe/wire/http';
import { MIRROR } from './assumed.ts';

/*
 * LuxOS answers the same commands on port 4028 and over HTTP on port 8080 (protocols.md 8). The mirror is asked only
 * where 4028 is closed: not known, or refusing. A 4028 that is silent is a busy one, and is not gone around.
 */

export interface Doors {
  /** The links, whose `cgminer` is the mirror where port 4028 is closed. */
  readonly links: Links;
  /** Whether the mirror was the one that answered, or is all that there is. */
  readonly usesMirror: () => boolean;
}

export function doorsOf(links: Links): Doors {
  const { cgminer, http } = links;
  if (http === undefined) return { links, usesMirror: () => false };
  const mirror = mirrorOf(http);
  if (cgminer === undefined) return { links: { ...links, cgminer: mirror }, usesMirror: () => true };
  let usesMirror = false;
  const exchange: TcpLink['exchange'] = async (request, options) => {
    if (usesMirror) return mirror.exchange(request, options);
    try {
      return await cgminer.exchange(request, options);
    } catch (thrown) {
      // Refused means that no byte has left: asking the other door cannot do a thing twice.
      if (!(thrown instanceof HeadframeError) || thrown.code !== 'link/refused') throw thrown;
      const reply = await mirror.exchange(request, options).catch((error) => {
        throw isLocked(error) ? error : thrown;
      });
      usesMirror = true;
      return reply;
    }
  };
  return { links: { ...links, cgminer: { exchange } }, usesMirror: () => usesMirror };
}

const isLocked = (error: unknown): boolean => error instanceof HeadframeError && error.code.startsWith('auth/');

/** Port 8080 as a link of port 4028's kind. A door that is locked or leads elsewhere is tried once. */
function mirrorOf(http: HttpLink): TcpLink {
  let closed: HeadframeError | null = null;
  return {
    exchange: async (request, options = {}) => {
      if (closed !== null) throw closed;
      const reply = await http.http({ ...MIRROR, body: request, ...options });
      const error = refusal(reply, http.hasCredentials);
      if (error === null) return { bytes: reply.body, at: reply.at, ms: reply.ms, ended: 'fin' };
      if (reply.status < 500) closed = error;
      throw error;
    },
  };
}

function refusal({ status }: HttpReply, hasCredentials: boolean): HeadframeError | null {
  if (status >= 200 && status <= 299) return null;
  const request = `${MIRROR.method} ${MIRROR.path}`;
  if (status === 401 || status === 403) {
    return new HeadframeError(hasCredentials ? 'auth/rejected' : 'auth/required', { request });
  }
  const vendorCode = String(status);
  if (status === 503) return new HeadframeError('device/busy', { request, vendorCode });
  return new HeadframeError('protocol/wrong-shape', { request, detail: `its web server answers ${status}` });
}

/** The same action through whichever door is open. */
export const throughDoors = (action: Action): Action => ({
  ...action,
  prepare: async (links, given) => {
    const doors = doorsOf(links);
    const prepared = await action.prepare(doors.links, given);
    return {
      ...prepared,
      steps: doors.usesMirror() ? prepared.steps.map(overMirror) : prepared.steps,
      readBack: 'never' in prepared.readBack ? prepared.readBack : lookingThroughDoors(prepared.readBack),
      ...(prepared.session === undefined ? {} : { session: sessionThroughDoors(prepared.session) }),
    };
  },
});

const lookingThroughDoors = (readBack: ReadBack): ReadBack => ({
  ...readBack,
  look: (links, sentAt) => readBack.look(doorsOf(links).links, sentAt),
});

const sessionThroughDoors = (session: NonNullable<Prepared['session']>): NonNullable<Prepared['session']> => ({
  ...session,
  open: async (links, how) => {
    const { key, close } = await session.open(doorsOf(links).links, how);
    return { key, close: (at) => close(doorsOf(at).links) };
  },
});

function overMirror(step: Step): Step {
  const { renew } = step;
  return {
    ...step,
    request: (key) => {
      const request = step.request(key);
      if (!('bytes' in request)) return request;
      const { bytes, maxBytes, replyMs, shown } = request;
      const http = {
        ...MIRROR,
        body: bytes,
        ...(maxBytes === undefined ? {} : { maxBytes }),
        ...(replyMs === undefined ? {} : { replyMs }),
      };
      return { over: 'http', http, shown: `${MIRROR.method} ${MIRROR.path}\n\n${shown}` };
    },
    verdict: (reply) => pageStep({ http: MIRROR, judge: () => step.verdict(reply) }).verdict(reply),
    ...(renew === undefined
      ? {}
      : {
          renew: async (links: Links) => {
            const renewed = await renew(doorsOf(links).links);
            return renewed === null ? null : overMirror(renewed);
          },
        }),
  };
}
