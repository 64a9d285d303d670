import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { digestRefusal } from '../sim/digest-lock.ts';
import type { PageContext, Script } from './sim-page.ts';
import { NEW_READS } from './sim-pages-new.ts';
import { NEW_WRITES } from './sim-pages-new-writes.ts';
import { OLD_READS } from './sim-pages-old.ts';
import { OLD_WRITES } from './sim-pages-old-writes.ts';

/*
 * Port 80: lighttpd with a digest password in front of everything, and shell scripts behind it (protocols.md 2.2).
 */

const lockOf = (password: string, secret: string) => ({
  realm: 'antMiner Configuration',
  user: 'root',
  password,
  secret,
});

const NEW_PAGES: ReadonlyMap<string, Script> = new Map(Object.entries({ ...NEW_READS, ...NEW_WRITES }));
const OLD_PAGES: ReadonlyMap<string, Script> = new Map(Object.entries({ ...OLD_READS, ...OLD_WRITES }));

export function respond(page: PageContext, request: SimulatedHttpRequest, now: number): SimulatedHttpReply {
  const { unit } = page;
  unit.settle(now);
  const refused =
    unit.password === null ? null : digestRefusal(lockOf(unit.password, unit.nameplate.serial), request, now);
  if (refused !== null) return { ...refused, headers: { ...SERVER, ...refused.headers } };
  const path = request.path.split('?')[0] ?? '';
  if (path === '/') return html(200, '<html><head><title>Ant Miner</title></head><body></body></html>\n');
  const name = /^\/cgi-bin\/(\w+)\.cgi$/.exec(path)?.[1] ?? '';
  const script = hasPage(page, name) ? (unit.model.web === 'new' ? NEW_PAGES : OLD_PAGES).get(name) : undefined;
  if (script === undefined) return html(404, '<h1>404 - Not Found</h1>\n');
  const printed = script(page, request, now);
  if (typeof printed === 'string' || printed instanceof Uint8Array) return plain(printed);
  const { body, html: isHtml, afterMs, end } = printed;
  return {
    ...(isHtml === true ? html(200, body) : plain(body)),
    ...(afterMs !== undefined && { afterMs }),
    ...(end !== undefined && { end }),
  };
}

/** miner_type.cgi is missing on the oldest builds with the newer page (2.3). */
const hasPage = ({ unit }: PageContext, name: string): boolean => name !== 'miner_type' || !unit.isOn('no-miner-type');

const SERVER = { server: 'lighttpd/1.4.32' };

/** Shell scripts send no content type with their JSON (2.2). */
const plain = (body: string | Uint8Array): SimulatedHttpReply => ({ status: 200, headers: SERVER, body });

const html = (status: number, body: string | Uint8Array): SimulatedHttpReply => ({
  status,
  headers: { ...SERVER, 'content-type': 'text/html' },
  body,
});
