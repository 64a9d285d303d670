import type { Links } from '@headframe/model';
import { askDocument, first, type SessionDialect, sessionLayer } from '@headframe/wire/cgminer';

/*
 * The one session that LuxOS has (protocols.md 8). It is no lock against anybody: its id can be asked for by everyone,
 * and everyone can end it. It dies after one minute without use, and each command that carries its id counts as use. No
 * action waits anywhere near that long between two commands, so nothing else has to keep it alive.
 */

/** Luxor's page on sessions, protocols.md 8. */
const BUSY = '402';
const NO_SUCH_SESSION = '408';

const LUXOS: SessionDialect = {
  name: 'LuxOS session',
  isBusy: ({ vendorCode }) => vendorCode === BUSY,
  isGone: ({ vendorCode }) => vendorCode === NO_SUCH_SESSION,
  whenBusy:
    'LuxOS does not tell who holds its session. It ends by itself after one minute without use; --take-over ends it now.',
  whenGone: 'Somebody ended our session, or it was not used for a minute. Try again.',
  isStillOurs: async (links, left) => (await activeSession(links)) === left,
};

/** The session; commands that want its id, those that take none, and all of an action (protocols.md 8). */
export const { session: luxosSession, step: sessionStep, plainStep, inSession } = sessionLayer(LUXOS);

/**
 * The id of the session that is open, null when none is.
 * @throws HeadframeError when the machine does not tell
 */
export async function activeSession(links: Links): Promise<string | null> {
  return first(await askDocument(links, 'session'), 'SESSION').str('SessionID');
}
