import { HeadframeError, type Links, type TcpLink } from '@headframe/model';
import { askCommand } from './conversation.ts';

/** @throws HeadframeError `link/refused` where port 4028 is not open */
export function linkOf({ cgminer }: Pick<Links, 'cgminer'>): TcpLink {
  if (cgminer !== undefined) return cgminer;
  throw new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
}

/**
 * The document of one read command.
 * @throws HeadframeError when the machine does not tell
 */
export async function askDocument(links: Links, command: string, parameter?: string): Promise<unknown> {
  const question = { id: command, command, ...(parameter === undefined ? {} : { parameter }) };
  const reply = await askCommand(linkOf(links), links.clock, question);
  if (reply.error !== null) throw reply.error;
  return reply.doc;
}
