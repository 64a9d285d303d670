import type { SimulatedHttpPort, SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { graphqlReply, type Question } from './sim-graphql.ts';
import type { Asked } from './sim-graphql-writes.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { servesRest } from './sim-releases.ts';
import { restReply } from './sim-rest.ts';
import { cookieOf, sessionCookie } from './sim-web-cookie.ts';
import { luciReply } from './sim-web-luci.ts';

/*
 * Port 80 (protocols.md 7.3): the page, GraphQL, REST from 25.07, and what is left of LuCI. GraphQL stays beside REST: asic-rs
 * asks a 26.04 for its targets there.
 */

/** What can be odd about port 80: quirk switches of the profiles. */
export const DOOR_QUIRKS = {
  'rest-401-loop': { does: 'REST gives a token at a login and then takes none: 401 for ever', on: false },
  'graphql-errors-beside-data': { does: 'A part of the replies of GraphQL is an error beside the data', on: false },
} as const;

type DoorQuirk = keyof typeof DOOR_QUIRKS;

const GRAPHQL = '/graphql';

/** The page: by its words other programs know whose it is (pyasic: `Braiins OS`). What it loads is not there. */
const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Braiins OS</title></head>
<body><noscript>Braiins OS needs JavaScript.</noscript><div id="root"></div></body>
</html>
`;

export const httpDoor = (machine: BraiinsMachine, has: (quirk: DoorQuirk) => boolean): SimulatedHttpPort => ({
  port: 80,
  respond: (request, _, now) => {
    machine.settle(now);
    const [path = ''] = request.path.split('?');
    if (path === GRAPHQL) return graphql(machine, request, now, has('graphql-errors-beside-data'));
    const rest = servesRest(machine.release) ? restReply(machine, request, now, has('rest-401-loop')) : null;
    return rest ?? luciReply(machine, request, now) ?? page(request, path);
  },
});

function page({ method }: SimulatedHttpRequest, path: string): SimulatedHttpReply {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' };
  const isPage = path === '/' || path === '/index.html' || path === '/cgi-bin/luci';
  if (isPage && (method === 'GET' || method === 'HEAD'))
    return { status: 200, headers, body: method === 'GET' ? PAGE : '' };
  return { status: isPage ? 405 : 404, headers: { 'Content-Type': 'text/plain' }, body: '' };
}

/** A question comes as JSON; in a GET as its text alone. */
function graphql(
  machine: BraiinsMachine,
  request: SimulatedHttpRequest,
  now: number,
  partly: boolean,
): SimulatedHttpReply {
  const question =
    request.method === 'GET' ? inPath(request.path) : request.method === 'POST' ? inBody(request.body) : null;
  if (question === null) return { status: 400, headers: { 'Content-Type': 'text/plain' }, body: 'Bad Request' };
  const asked: Asked = { machine, now, token: cookieOf(request), session: null };
  const body = graphqlReply(asked, question, partly);
  const cookie = asked.session === null ? {} : { 'Set-Cookie': sessionCookie(asked.session) };
  return { status: 200, headers: { 'Content-Type': 'application/json', ...cookie }, body };
}

function inPath(path: string): Question | null {
  const query = new URLSearchParams(path.slice(GRAPHQL.length + 1)).get('query');
  return query === null ? null : { query };
}

function inBody(body: Uint8Array): Question | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
  const { query, variables = null, operationName = null } = Object(value) as Record<string, unknown>;
  const isPlain = typeof variables === 'object' && !Array.isArray(variables);
  if (typeof query !== 'string' || !isPlain || (operationName !== null && typeof operationName !== 'string'))
    return null;
  return { query, variables: (variables as Question['variables']) ?? null, operationName };
}
