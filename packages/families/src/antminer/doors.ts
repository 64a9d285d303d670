import { HeadframeError, type Links } from '@headframe/model';
import { askCommand } from '@headframe/wire/cgminer';
import { openPage, type Page } from './web-page.ts';

/*
 * By which door a change goes. The address list of the S9 and before lets every machine change things over port 4028
 * (`W:0/0`); the factory list of later ones nobody (protocols.md 2.1), and there the web page is the only way.
 */

/**
 * Why port 4028 takes no changes from us, in the machine's words; null: it does. `privileged` is there to ask that: 46 if
 * it is allowed, 45 if not (protocols.md 1.4, 1.7).
 */
async function whyNoCommands({ cgminer, clock }: Links): Promise<HeadframeError | null> {
  if (cgminer === undefined) return new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
  const { error } = await askCommand(cgminer, clock, { id: 'privileged', command: 'privileged' });
  return error;
}

export const takesCommands = async (links: Links): Promise<boolean> => (await whyNoCommands(links)) === null;

/**
 * Port 4028 where it takes changes from us, else the web page.
 * @throws HeadframeError why neither can be used; nothing was sent
 */
export async function openDoor(links: Links): Promise<'4028' | Page> {
  if (await takesCommands(links)) return '4028';
  try {
    return await openPage(links);
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError)) throw thrown;
    throw thrown.with({
      next: 'Its port 4028 does not take changes from this address: the web page is needed for it.',
    });
  }
}

/** @throws HeadframeError in the machine's words, with what to do instead: port 4028 says no; nothing was sent */
export async function needCommands(links: Links, next: string): Promise<void> {
  const error = await whyNoCommands(links);
  if (error !== null) throw error.with({ next });
}
