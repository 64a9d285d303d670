import type { Look } from '@headframe/model';
import { first } from '@headframe/wire/cgminer';
import { sendCommand } from './ask-cgminer.ts';
import { type Asking, turn } from './asking.ts';
import { inMs, notSeen, typed, whyNotSeen } from './exchanges.ts';

/**
 * Who holds the one session of LuxOS: it tells the id, not the holder, and the id alone is a key that anybody can
 * borrow (protocols.md 8). Two letters of it are enough to see whether it is another one later.
 */
export async function askSessionHolder(asking: Asking, port: number): Promise<Look<string | null>> {
  const { doc, error, meta } = await turn(asking, () => sendCommand(asking, port, 'session'));
  if (doc === null) return error === null ? notSeen('it did not say') : whyNotSeen(error);
  const id = first(doc, 'SESSION').str('SessionID');
  const value = id === null || id === '' ? null : `${id.replace(/[^\w-]/g, '?').slice(0, 2)}…`;
  const { at, ms, bytes } = meta;
  const line = `${port} session: ${value === null ? 'nobody holds it' : `somebody holds it (${value})`}, ${bytes} bytes in ${inMs(ms)}`;
  return { value, at, ms, bytes, line, command: typed.cgminer(asking.host, port, 'session') };
}
