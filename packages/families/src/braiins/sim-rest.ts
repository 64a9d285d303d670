import { fromBinary } from '@bufbuild/protobuf';
import { HeadframeError } from '@headframe/model';
import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { AuthenticationService, callOf, fromDoc } from './contract/index.ts';
import { answerCall } from './sim-api.ts';
import { unaryCalls } from './sim-calls.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { ApiRefusal, GRPC, REFUSE } from './sim-refusal.ts';
import { messageJson, missingMember, oneMemberJson } from './sim-rest-json.ts';
import { type Doc, type RestRoute, restRoutes } from './sim-rest-routes.ts';
import { docOf, jsonOf, jsonReply, minorOf, noContent, type SpecialRoute, specialRoutes } from './sim-rest-special.ts';
import { knowsMethod } from './sim-since.ts';

/*
 * The REST API below /api/v1 (protocols.md 7.3): the calls of the contract with documents in the place of messages. Version
 * and login want no token, all else wants one in `authorization`, without a word before it.
 *
 * Not in the descriptions, and ours: a refusal has its text as a plain body; a member that nobody knows is refused like one of
 * a wrong type; the stream of the state is its first message; the machine's own description has paths and methods alone.
 */

/** Statuses that stand for the codes of gRPC, as the published descriptions have them. */
const STATUS: Readonly<Record<number, number>> = {
  [GRPC.invalidArgument]: 400,
  [GRPC.unauthenticated]: 401,
  [GRPC.notFound]: 404,
  [GRPC.aborted]: 409,
  [GRPC.failedPrecondition]: 412,
  [GRPC.resourceExhausted]: 413,
  [GRPC.internal]: 500,
  [GRPC.unimplemented]: 501,
};

const ROOT = '/api/v1/';
const LOGIN = callOf(AuthenticationService.method.login);

/** Null for a path that is not below /api/v1. @param loops after a login, every call says 401 */
export function restReply(
  machine: BraiinsMachine,
  request: SimulatedHttpRequest,
  now: number,
  loops: boolean,
): SimulatedHttpReply | null {
  const [path = ''] = request.path.split('?');
  if (!path.startsWith(ROOT)) return null;
  const found = [...specialRoutes, DESCRIPTION, ...restRoutes].flatMap((route) => {
    const last = match(route.path, path.slice(ROOT.length));
    return last === null || !isKnown(machine, route) ? [] : [{ route, last }];
  });
  // `pools/batch` is a path of its own, not a group of that name.
  const exact = found.filter(({ last }) => last === '');
  const here = exact.length > 0 ? exact : found;
  if (here.length === 0) return refused(404, 'Not Found');
  const hit = here.find(({ route }) => route.verb === request.method);
  if (hit === undefined) {
    const allow = here.map(({ route }) => route.verb).join(', ');
    return { ...refused(405, 'Method Not Allowed'), headers: { Allow: allow } };
  }
  try {
    const { route, last } = hit;
    admit(machine, route, request.headers.authorization, now, loops);
    return 'answer' in route ? route.answer(machine, request, now, last) : called(machine, route, request, now, last);
  } catch (thrown) {
    if (thrown instanceof ApiRefusal) return refused(STATUS[thrown.code] ?? 500, thrown.message);
    if (thrown instanceof HeadframeError) return refused(400, thrown.context.detail ?? 'Invalid request payload.');
    throw thrown;
  }
}

const refused = (status: number, text: string): SimulatedHttpReply => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: text,
});

/**
 * What stands in the place of a name in braces; empty where there is none. Null when the path is another. A slash at the end
 * is in some described paths; asic-rs, whose replies the captures are, asks without.
 */
function match(pattern: string, path: string): string | null {
  const open = pattern.indexOf('{');
  if (open < 0) return pattern === path || pattern === `${path}/` ? '' : null;
  const last = path.slice(open);
  return path.startsWith(pattern.slice(0, open)) && /^[^/]+$/.test(last) ? last : null;
}

/** Whether a release has a path: one of two calls is enough, they came together. */
function isKnown({ release }: BraiinsMachine, { method }: SpecialRoute | RestRoute): boolean {
  if (method === undefined) return true;
  return knowsMethod(release.os, typeof method === 'function' ? method({}) : method);
}

/** @throws ApiRefusal */
function admit(
  machine: BraiinsMachine,
  route: SpecialRoute | RestRoute,
  token: string | undefined,
  now: number,
  loops: boolean,
): void {
  if ('open' in route || (typeof route.method === 'object' && callOf(route.method) === LOGIN)) return;
  if (loops || token === undefined || !machine.tokens.use(now, token)) throw REFUSE.token();
}

function called(
  machine: BraiinsMachine,
  route: RestRoute,
  { body }: SimulatedHttpRequest,
  now: number,
  uid: string,
): SimulatedHttpReply {
  const given = route.request !== undefined && route.bodiless !== true ? (jsonOf(body) as Doc) : {};
  const method = typeof route.method === 'function' ? route.method(given) : route.method;
  const served = unaryCalls.get(callOf(method));
  if (served === undefined) throw REFUSE.unimplemented();
  const wanted = route.request?.(given, uid) ?? {};
  const lacks = extraMember(machine, route, given) ?? missingMember(method.input, wanted);
  if (lacks !== null) throw REFUSE.invalid(`missing field \`${lacks}\``);
  const message = fromBinary(method.input, fromDoc(method.input, wanted));
  const reply = answerCall(machine, served, message, now).message;
  if (route.status === 204) return noContent;
  const doc = docOf(machine, method, reply);
  const { os } = machine.release;
  const { output } = method;
  return jsonReply(
    route.reply === undefined ? messageJson(output, doc, os) : oneMemberJson(output, route.reply, doc, os),
    route.status,
  );
}

/** What a body has to hold that its call does not ask for. */
function extraMember({ release }: BraiinsMachine, { path }: RestRoute, body: Doc): string | null {
  if (path === 'miner/hw/hashboards' && 'hashboard_ids' in Object(body) && typeof body.enable !== 'boolean')
    return 'enable';
  // The description of 25.07 asks DPS for the SaveAction that all other paths do without; that of 26.04 does not.
  return path === 'performance/dps' && release.os < 26.04 && body.save_action === undefined ? 'save_action' : null;
}

function description(machine: BraiinsMachine): Doc {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of [...specialRoutes, DESCRIPTION, ...restRoutes].filter((one) => isKnown(machine, one))) {
    const status = 'status' in route ? (route.status ?? 200) : 200;
    const responses = { [status]: { description: 'Successful response.' } };
    const path = `${ROOT}${route.path}`;
    paths[path] = { ...paths[path], [route.verb.toLowerCase()]: { responses } };
  }
  const info = { title: 'Braiins OS Public REST API', version: `1.${minorOf(machine)}.0` };
  return { openapi: '3.1.0', info, servers: [{ url: 'http://miner/' }], paths };
}

/** Of the machine itself: its paths and methods. The vendor's description is theirs. */
const DESCRIPTION: SpecialRoute = {
  verb: 'GET',
  path: 'docs/openapi.json',
  open: true,
  answer: (machine) => jsonReply(JSON.stringify(description(machine))),
};
