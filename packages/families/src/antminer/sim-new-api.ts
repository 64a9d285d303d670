import type { ApiServer } from '@headframe/wire/cgminer-server';
import { CGI_DOCUMENTS, cgiDocument, checks, rateSeries } from './sim-documents.ts';
import type { AntminerUnit } from './sim-unit.ts';

/*
 * Newer firmware looks for a boolean `new_api` beside the command and then answers like the web page (protocols.md 2.1).
 * That this goes past the list of addresses, forms no joins, and what `rate`, `warning` and `reload` hold is assumed.
 */

type NewCommand = (unit: AntminerUnit, now: number) => string;

const COMMANDS: ReadonlyMap<unknown, NewCommand> = new Map<string, NewCommand>([
  ['summary', CGI_DOCUMENTS.summary],
  ['stats', CGI_DOCUMENTS.stats],
  ['pools', CGI_DOCUMENTS.pools],
  ['rate', (unit, now) => cgiDocument(unit, 'rate', 'RATE', rateSeries(unit, now), now)],
  [
    'warning',
    (unit, now) => {
      const wrong = checks(unit.stateAt(now)).filter(({ status }) => status !== 's');
      return cgiDocument(unit, 'warning', 'WARNING', wrong, now);
    },
  ],
  [
    'reload',
    (unit, now) => {
      unit.restart(now);
      return cgiDocument(unit, 'reload', null, [], now);
    },
  ],
]);

/** The same thread, with an eye for `new_api` in front. */
export const withNewApi = (server: ApiServer, unit: AntminerUnit): ApiServer => ({
  maxRequestBytes: server.maxRequestBytes,
  admits: (peer) => server.admits(peer),
  answer: (bytes, peer, now) => {
    const command = bytes.length <= server.maxRequestBytes && server.admits(peer) ? newCommand(bytes) : undefined;
    if (command === undefined) return server.answer(bytes, peer, now);
    return { bytes: new TextEncoder().encode(`${command(unit, now)}\0`), cut: false };
  },
});

function newCommand(bytes: Uint8Array): NewCommand | undefined {
  try {
    const request: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof request !== 'object' || request === null) return undefined;
    const { command, new_api: asked } = request as { readonly command?: unknown; readonly new_api?: unknown };
    return asked === true ? COMMANDS.get(command) : undefined;
  } catch {
    // No JSON: the thread itself says so.
    return undefined;
  }
}
