import { asHeadframeError, HeadframeError, type Links } from '@headframe/model';
import { askDocument, type Refusal, type SessionDialect, sessionLayer } from '@headframe/wire/cgminer';

/*
 * The session of DCENT_OS, taken over from LuxOS with codes of its own (protocols.md 9): 22 for all that is well, 45 for
 * `logon` while one is open and for a wrong id, 15 where none is open. It dies after 600 s without use; every command with
 * its id is a use. `session` tells that one is open and how old it is, never its id.
 */

const NONE_OPEN = '15';
const DENIED = '45';

const OBSERVER = /observer/i;
const OF_THE_SESSION = /session/i;

/** Where the machine's own settings are, by its documentation. */
const SETTINGS = 'the section [api] of /data/dcentrald.toml on the machine';
const RESTART = 'then restart its program there (/etc/init.d/S82dcentrald restart)';

const DCENTOS: SessionDialect = {
  name: 'DCENT_OS session',
  isBusy: ({ vendorCode, vendorText = '' }) => vendorCode === DENIED && !OBSERVER.test(vendorText),
  isGone: ({ vendorCode, vendorText = '' }) =>
    (vendorCode === DENIED || vendorCode === NONE_OPEN) && OF_THE_SESSION.test(vendorText),
  whenBusy:
    'DCENT_OS does not tell who holds its session. It ends by itself after ten minutes without use; --take-over ends it now.',
  whenGone: 'Somebody ended our session, or it was not used for ten minutes. Try again.',
  otherwise: writesOff,
  isStillOurs: endWhatWasLeft,
};

/** The session; commands that want its id, those that take none, and all of an action (protocols.md 9). */
export const { session: dcentSession, step: sessionStep, plainStep, inSession } = sessionLayer(DCENTOS);

/**
 * 45 says three things here, and only its text tells them apart: the id of a session is wrong, everything but reading is
 * switched off, or writing is from the local network.
 */
function writesOff(command: string, { vendorCode, vendorText = '' }: Refusal): HeadframeError | null {
  if (vendorCode !== DENIED) return null;
  const isObserver = OBSERVER.test(vendorText);
  if (!isObserver && (command === 'logon' || OF_THE_SESSION.test(vendorText))) return null;
  const next = isObserver
    ? `Its owner lets nobody change it over this API: observer_only in ${SETTINGS}.`
    : `Switch it on: cgminer_lan_writes = true in ${SETTINGS}, ${RESTART}. Everybody in its network can change it then: its session is no password.`;
  return new HeadframeError('auth/writes-off', { request: command, vendorCode, vendorText, next });
}

/**
 * Ends a session that a crash of ours left, if it is still the one that is open: nothing tells whether it is, and
 * `logoff` with any other id does nothing. Never gone on with.
 */
async function endWhatWasLeft(links: Links, left: string): Promise<boolean> {
  try {
    await askDocument(links, 'logoff', left);
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    if (error.context.vendorCode === undefined) throw error;
  }
  return false;
}
