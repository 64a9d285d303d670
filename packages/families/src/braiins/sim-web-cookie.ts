import type { SimulatedHttpRequest } from '../sim/device.ts';

/** The name of the session of GraphQL and LuCI (public client asic-rs). */
const NAME = 'session_id';

/** The session that a request has; null without one. */
export function cookieOf({ headers }: Pick<SimulatedHttpRequest, 'headers'>): string | null {
  const [, value = ''] = new RegExp(`(?:^|;)\\s*${NAME}=([^;\\s]*)`).exec(headers.cookie ?? '') ?? [];
  return value === '' ? null : value;
}

/** @param session empty: it ends */
export const sessionCookie = (session: string): string =>
  `${NAME}=${session}; Path=/; HttpOnly${session === '' ? '; Max-Age=0' : ''}`;
