import { asHeadframeError, HeadframeError, type Links, printable, type Reply } from '@headframe/model';
import { statusError } from '@headframe/wire/http';
import { parseLenient } from '@headframe/wire/json';
import { failed } from './ask.ts';
import { isSince, type Release } from './release.ts';

/*
 * The GraphQL API of 21.09 to 25.05, which is read without a login (protocols.md 7.3). The queries are our own, each
 * field held against the published schemas of 21.09, 24.09, 25.03 and 25.05.1; what came in between is asked for only
 * from the later of two on. Left out on purpose: `generatedWork`, `bestShare` and the counts by difficulty, which
 * outgrow the 32 bits of GraphQL's Int and would take the whole record with them, as none of them may be null.
 */

export type QueryName = 'system' | 'miner' | 'boards' | 'pools' | 'tuning' | 'events';

/** Asked at every poll, and what changes when somebody changes it. */
export const QUERIES: readonly QueryName[] = ['system', 'miner', 'boards', 'pools', 'tuning', 'events'];

/** How often it is asked, ms; not here: at every poll. */
export const QUERY_EVERY_MS: Readonly<Partial<Record<QueryName, number>>> = { tuning: 600_000, events: 60_000 };

export const gqlId = (name: QueryName): string => `gql:${name}`;

/** The text of a query for a release; for one that is not known what every release has. */
export function queryFor(name: QueryName, release: Release | null): string {
  const since = (text: string, fields: string): string => (release !== null && isSince(release, text) ? fields : '');
  return `query ${name} ${BODIES[name](since)}`.replace(/\s+/g, ' ').trim();
}

type Since = (release: string, fields: string) => string;

const rates = (since: Since): string =>
  `realHashrate { mhsAv mhs5S mhs1M mhs5M mhs15M mhs24H ${since('24.09', 'mhs15S mhs30S mhs30M mhs1H mhsSinceRestart')} }`;

const SHARES = 'shares { acceptedSolutions rejectedSolutions staleSolutions }';

const BODIES: Readonly<Record<QueryName, (since: Since) => string>> = {
  // Apart from the miner: while that is down, its part is an error that takes the whole reply with it.
  system: (since) => `{ bos {
    hostname hwid faultLight uptime { durationS } ${since('24.09', 'macAddress')} ${since('25.03', 'serialNumber')}
    info { mode version { full isPlus } ${since('25.03', 'controlBoardSocFamily platform')} }
  } }`,
  miner: (since) => `{ bosminer {
    ${since('24.09', 'uptime { durationS }')}
    info {
      modelName
      summary {
        poolStatus foundBlocks tunerStatus ${SHARES} power { limitW approxConsumptionW }
        dynamicPerformanceScaling { status statusMessage } ${since('25.05.1', 'temperatureAmbient { degreesC }')}
      }
      workSolver {
        nominalMhs hwErrorMhs15M ${rates(since)}
        ${since('25.03', 'psuInfo { version fwVersion serialNumber modelName minVoltage maxVoltage }')}
      }
      fans { name rpm speed }
    }
  } }`,
  boards: (since) => `{ bosminer { info { workSolver { childSolvers {
    name nominalMhs ${rates(since)} power { approxConsumptionW } tuner { status statusMessages }
    hwDetails { chips frequencyMhz voltageV ${since('25.03', 'hbSerialNumber hashboardName chipType')} }
    temperatures { name degreesC }
  } } } } }`,
  pools: () => `{ bosminer { info { poolGroups { name pools {
    url user status active lastDifficulty ${SHARES}
  } } } } }`,
  tuning: () => `{ bosminer { config {
    ... on BosminerConfig {
      autotuning { enabled mode powerTarget hashrateTarget }
      hashChains { name enabled }
      groups { name strategy { ... on QuotaStrategy { quota } ... on FixedShareRatioStrategy { fixedShareRatio } } }
    }
    ... on BosminerConfigError { message }
  } } }`,
  events: (since) => `{
    events { appeals { id kind timestamp message } }
    ${since('24.09', 'bos { errors { timestamp message errorCodes { code reason hint } components { name index } } }')}
  }`,
};

/** What came of a query, and the errors that stood beside the data: what is missing is missing because of them. */
export interface GraphqlAnswer {
  readonly reply: Reply;
  /** Without a document; its error is why fields are missing. Null: there were none. */
  readonly beside: Reply | null;
}

/** Asks one query. Never rejects: what went wrong is in the reply. */
export async function askGraphql(
  links: Links & Required<Pick<Links, 'http'>>,
  name: QueryName,
  release: Release | null,
): Promise<GraphqlAnswer> {
  const id = gqlId(name);
  const request = `POST /graphql ${name}`;
  const startedAt = links.clock.now();
  try {
    const reply = await links.http.http({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: queryFor(name, release), operationName: name }),
    });
    const times = { at: reply.at, ms: reply.ms, bytes: reply.body };
    try {
      const refused = statusError(reply, links.http.hasCredentials, request, true);
      if (refused !== null) return { reply: failed(id, request, refused, times), beside: null };
      return answerIn(id, request, parseLenient(reply.body), times);
    } catch (thrown) {
      const error = asHeadframeError(thrown, { request, firstBytes: printable(reply.body) });
      return { reply: failed(id, request, error, times), beside: null };
    }
  } catch (thrown) {
    const at = links.clock.now();
    const error = asHeadframeError(thrown, { request });
    return { reply: failed(id, request, error, { at, ms: at - startedAt }), beside: null };
  }
}

function answerIn(
  id: string,
  request: string,
  { value, repairs }: ReturnType<typeof parseLenient>,
  times: { at: number; ms: number; bytes: Uint8Array },
): GraphqlAnswer {
  const body = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const error = errorIn(body.errors, request);
  const { at, ms, bytes } = times;
  if (typeof body.data !== 'object' || body.data === null) {
    const detail = 'the reply has neither data nor errors';
    const why = error ?? new HeadframeError('protocol/wrong-shape', { request, detail, firstBytes: printable(bytes) });
    return { reply: failed(id, request, why, times), beside: null };
  }
  const meta = { id, request, at, ms, bytes: bytes.length, repairs: [...repairs], error: null };
  const beside = error === null ? null : failed(`${id} errors`, request, error, { at, ms });
  return { reply: { meta, doc: body, raw: bytes, error: null }, beside };
}

const MOST_TEXT = 200;

/** The first error, in the machine's own words. */
function errorIn(errors: unknown, request: string): HeadframeError | null {
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const first = errors[0] as { message?: unknown } | null;
  const told = typeof first?.message === 'string' ? first.message : 'an error without a message';
  const vendorText = printable(new TextEncoder().encode(told), MOST_TEXT);
  return new HeadframeError('device/refused', { request, vendorText });
}

/** A release that does not know a field which its version promises: an odd build. */
export const isUnknownField = ({ error }: Reply): boolean =>
  error?.code === 'device/refused' && /unknown field|cannot query field/i.test(error.context.vendorText ?? '');
