import { formatCount, formatDuration, formatHashrate, type Look, type NotSeen, type PoolView } from '@headframe/model';
import type { PoolReader } from '../doctor/options.ts';
import { since } from '../links/limits.ts';
import { type PoolAccount, type PoolAnswer, type PoolDialect, type PoolRequest, plain, TOKEN } from './pool-dialect.ts';
import { poolDialect } from './pool-dialects.ts';
import { askPool, type PoolReply } from './pool-http.ts';
import { keepsSecrets, parsePoolUrl, urlOf } from './pool-url.ts';
import { complaintOf } from './worker-rows.ts';

/** For everything that is asked of a pool in one look, ms, unless told otherwise. */
const LIMIT_MS = 5_000;
/** Pages, at the most. */
const MOST_REQUESTS = 10;

/**
 * Asks a pool whether a worker submits shares (step 1 of the troubleshooting document). Read only; the token goes
 * into a header and nowhere else, over http only within the house; redirects are not followed.
 * @param limitMs for all of it; 5,000 if absent
 */
export function poolReader(account: PoolAccount, limitMs = LIMIT_MS): PoolReader {
  return async (looking) => {
    const look = await readPool(account, looking, limitMs);
    return withoutToken(look, account.token);
  };
}

async function readPool(
  account: PoolAccount,
  looking: Parameters<PoolReader>[0],
  limitMs: number,
): Promise<Look<PoolView>> {
  const dialect = poolDialect(account.pool);
  if (dialect === null) return { notSeen: `no pool is known here as ${plain(account.pool)}` };
  if (dialect.token === 'needed' && account.token === undefined) {
    return { notSeen: `${dialect.id} tells nothing without a token, and none was given (HEADFRAME_POOL_TOKEN)` };
  }
  if (account.token !== undefined && !/^[\x21-\x7e]{1,4096}$/.test(account.token)) {
    return { notSeen: `the token for ${dialect.id} holds blanks or characters that no header can carry` };
  }
  const base = baseUrl(dialect, account);
  if (typeof base !== 'string') return base;

  const at = looking.clock.now();
  const began = performance.now();
  let bytes = 0;
  let asked = dialect.request(account);
  for (let count = 0; count < MOST_REQUESTS; count++) {
    if ('notSeen' in asked) return asked;
    const url = urlOf(base, asked, account);
    if (url === null) return { notSeen: `the URL given for ${dialect.id} makes none with this account and worker` };
    const sent = withToken(asked, account.token);
    if (sent.carriesToken && !keepsSecrets(url)) {
      return {
        notSeen: `the token for ${dialect.id} is not sent over http, where others can read it; give an https URL`,
      };
    }
    if (looking.deadline.stopped !== null) return { notSeen: 'the examination ended before the pool was asked' };
    const left = Math.max(1, limitMs - (performance.now() - began));
    const reply = await askPool(
      { url, method: asked.method, headers: sent.headers, body: asked.body },
      left,
      looking.deadline,
    );
    if ('why' in reply) return { notSeen: `${dialect.id} (${url.host}) ${reply.why}` };
    bytes += reply.body.length;
    const answer = answerOf(dialect, reply, account, looking.clock.now(), asked);
    if ('notSeen' in answer) return answer;
    if ('next' in answer) {
      asked = answer.next;
      continue;
    }
    return {
      value: answer.view,
      at,
      ms: since(began),
      bytes,
      line: lineOf(answer.view, answer.note),
      command: commandOf(asked, url),
    };
  }
  return { notSeen: `${dialect.id} spreads its workers over more than ${MOST_REQUESTS} pages` };
}

function baseUrl(dialect: PoolDialect, { url }: PoolAccount): string | NotSeen {
  const given = url ?? dialect.url;
  if (given === null) return { notSeen: `${dialect.id} needs the URL of its page` };
  try {
    return parsePoolUrl(given, dialect.url === null);
  } catch (error) {
    return {
      notSeen: `the URL given for ${dialect.id} cannot be used: ${error instanceof Error ? plain(error.message) : 'no URL'}`,
    };
  }
}

function withToken({ headers }: PoolRequest, token: string | undefined) {
  const entries = Object.entries(headers);
  return {
    carriesToken: entries.some(([, value]) => value.includes(TOKEN)),
    headers: Object.fromEntries(entries.map(([name, value]) => [name, value.replace(TOKEN, () => token ?? '')])),
  };
}

/** What a reply means: by its status first, then by its JSON. */
function answerOf(
  dialect: PoolDialect,
  reply: PoolReply,
  account: PoolAccount,
  ownNow: number,
  asked: PoolRequest,
): PoolAnswer {
  const { status } = reply;
  const doc = jsonOf(reply, account.token);
  if (status === 404 && dialect.notFound !== undefined) return dialect.notFound(account, asked);
  if (status < 200 || status > 299) {
    const said = doc === null ? null : complaintOf(doc.value);
    return { notSeen: `${dialect.id} ${statusInWords(reply, account)}${said === null ? '' : `: ${said}`}` };
  }
  if (doc === null) return { notSeen: `${dialect.id} ${noJson(reply)}` };
  return dialect.read(doc.value, account, poolNow(reply, ownNow), asked);
}

/** Shorter ones may be a part of anything, numbers too. */
const SECRET_LENGTH = 6;

function jsonOf({ body }: PoolReply, token = ''): { readonly value: unknown } | null {
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  try {
    // Before anything is cut short: half a token is still one.
    return { value: JSON.parse(token.length < SECRET_LENGTH ? text : text.replaceAll(token, () => TOKEN)) };
  } catch {
    return null;
  }
}

function noJson({ headers, body }: PoolReply): string {
  if (body.length === 0) return 'answers with an empty page';
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 'answers in a compressed form that was not asked for';
  const isPage =
    /html/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(body.toString('latin1', 0, 200));
  return isPage
    ? 'answers with a web page instead of JSON; is the URL that of its API?'
    : 'answers with something that is not JSON';
}

function statusInWords({ status, headers }: PoolReply, { token }: PoolAccount): string {
  if (status === 401 || status === 403) {
    const what = token === undefined ? 'wants a token that was not given' : 'does not accept the token';
    return `${what} (HTTP ${status})`;
  }
  if (status === 429) {
    const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
    const when = seconds === undefined ? '' : `, again in ${formatDuration(Number(seconds))}`;
    return `was asked too often (HTTP 429${when})`;
  }
  if (status >= 300 && status < 400)
    return `sends us to another page, which is not followed (HTTP ${status}); give its URL`;
  if (status === 404) return 'has no such page (HTTP 404)';
  return status >= 500 ? `has a fault of its own (HTTP ${status})` : `refuses the request (HTTP ${status})`;
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The pool's clock: what it says the time is, and how long a cache on the way has held it. Ours where it says none. */
function poolNow({ headers }: PoolReply, ownNow: number): number {
  const date = HTTP_DATE.test(headers.date ?? '') ? Date.parse(headers.date ?? '') : Number.NaN;
  if (Number.isNaN(date)) return ownNow;
  const heldS = /^\d{1,5}$/.exec(headers.age ?? '')?.[0];
  return date + Number(heldS ?? 0) * 1000;
}

const countInWords = (count: number): string => (count < 1e6 ? String(Math.round(count)) : formatCount(count).trim());

/** `braiins-pool: worker alice.rig3 sent its last share 41 s ago, 101.2 TH/s (step 1)`. */
function lineOf(
  { pool, worker, lastShareAgeS, hashrateHs, accepted, rejected }: PoolView,
  note: string | null,
): string {
  const rate = hashrateHs === null ? '' : `, ${formatHashrate(hashrateHs)}`;
  const counts = [
    ...(accepted === null ? [] : [`${countInWords(accepted)} accepted`]),
    ...(rejected === null ? [] : [`${countInWords(rejected)} rejected`]),
  ];
  const shares = counts.length === 0 ? '' : `, ${counts.join(' and ')}`;
  const what =
    lastShareAgeS === null ? (note ?? 'no share is known') : `sent its last share ${formatDuration(lastShareAgeS)} ago`;
  return `${pool}: worker ${worker}${lastShareAgeS === null ? `: ${what}` : ` ${what}`}${rate}${shares} (step 1)`;
}

/** What to type to see the same; the token is a variable of the shell. */
function commandOf({ method, headers, body }: PoolRequest, url: URL): string {
  const parts = ['curl -s'];
  if (method !== 'GET') parts.push(`-X ${method}`);
  for (const [name, value] of Object.entries(headers)) parts.push(`-H "${name}: ${value}"`);
  if (body !== undefined) parts.push(`--data ${quoted(body)}`);
  return [...parts, quoted(url.href)].join(' ');
}

const quoted = (text: string): string => (/^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** A pool that repeats the token, in an error or as the name of a worker, does not bring it into a line. */
function withoutToken(look: Look<PoolView>, token: string | undefined): Look<PoolView> {
  if (token === undefined || token === '') return look;
  const hidden = (text: string): string => text.replaceAll(token, () => TOKEN);
  if ('notSeen' in look) return { notSeen: hidden(look.notSeen) };
  const { value, command } = look;
  return {
    ...look,
    value: { ...value, worker: hidden(value.worker) },
    line: hidden(look.line),
    command: command === null ? null : hidden(command),
  };
}
