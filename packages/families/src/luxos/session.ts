import { asHeadframeError, HeadframeError, type Links, type Session } from '@headframe/model';
import { encodeRequest, first } from '@headframe/wire/cgminer';
import { ask } from './ask.ts';

/*
 * The one session that LuxOS has (protocols.md 8). It is no lock against anybody: its id can be asked for by everyone,
 * and everyone can end it. It dies after one minute without use, and each command that carries its id counts as use. No
 * action waits anywhere near that long between two commands, so nothing else has to keep it alive.
 */

/** What stands in the place of the id in everything that is shown. */
export const SESSION_SHOWN = '<session>';

const shown = (command: string, parameter?: string): string =>
  new TextDecoder().decode(encodeRequest(command, parameter)).trimEnd();

export const luxosSession: Session = {
  name: 'LuxOS session',
  shown: { open: [shown('logon')], close: [shown('logoff', SESSION_SHOWN)] },
  open: async (links, { takeOver, left }) => {
    const isOurs = left !== null && (await activeSession(links)) === left;
    const key = isOurs ? left : await logon(links, takeOver);
    return { key, close: (at) => logoff(at, key) };
  },
};

/**
 * The id of the session that is open, null when none is.
 * @throws HeadframeError when the machine does not tell
 */
export async function activeSession(links: Links): Promise<string | null> {
  return first(await ask(links, 'session'), 'SESSION').str('SessionID');
}

/** Luxor's page on sessions, protocols.md 8. */
const BUSY = '402';
const NO_SUCH_SESSION = '408';

async function logon(links: Links, takeOver: boolean): Promise<string> {
  try {
    return idOf(await ask(links, 'logon'));
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    if (error.context.vendorCode !== BUSY) throw error;
    if (!takeOver) throw busy(error);
  }
  await ask(links, 'kill');
  try {
    return idOf(await ask(links, 'logon'));
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    throw error.context.vendorCode === BUSY ? busy(error) : error;
  }
}

/** An id becomes a part of a list parted by commas: nothing else may be one. */
function idOf(doc: unknown): string {
  const id = first(doc, 'SESSION').str('SessionID');
  if (id !== null && /^[\w-]{1,64}$/.test(id)) return id;
  throw new HeadframeError('protocol/wrong-shape', { request: 'logon', detail: 'the reply has no usable SessionID' });
}

const busy = ({ context }: HeadframeError): HeadframeError =>
  new HeadframeError('device/busy', {
    ...context,
    request: 'logon',
    next: 'LuxOS does not tell who holds its session. It ends by itself after one minute without use; --take-over ends it now.',
  });

async function logoff(links: Links, key: string): Promise<void> {
  try {
    await ask(links, 'logoff', key);
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    // It is gone already: that is what was wanted.
    if (error.context.vendorCode !== NO_SUCH_SESSION) throw error;
  }
}

/** The session that a command was sent with is not the one that is open any more. */
export const isNoSuchSession = (vendorCode: string | undefined): boolean => vendorCode === NO_SUCH_SESSION;
