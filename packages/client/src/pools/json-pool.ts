import { toNumber } from '@headframe/wire/json';
import { type Found, followPath, stepsOf } from './json-path.ts';
import { type JsonPaths, type PoolAccount, type PoolAnswer, type PoolDialect, plain, TOKEN } from './pool-dialect.ts';
import { countOf, hashrateOf, isoTime, plausible, type TimeRead } from './pool-values.ts';
import { agedWorker, complaintOf, knownWorker, strangeReply, unknownWorker } from './worker-rows.ts';

/*
 * Any pool whose page of JSON a person describes: where it is, which header takes the token, and the paths to what is
 * wanted. `{account}` and `{worker}` in the URL are filled in, encoded.
 */

export const jsonPool: PoolDialect = {
  id: 'json',
  title: 'Any page of JSON, by paths',
  url: null,
  token: 'used',
  request: ({ paths, token }) => {
    if (paths === undefined)
      return { notSeen: 'a pool that is read by paths needs "paths" in the file of pool accounts' };
    if (token === undefined) return { method: 'GET', path: '', headers: {} };
    const { name, scheme } = headerFor(paths.tokenHeader ?? 'Authorization: Bearer');
    if (name === '') return { notSeen: '"tokenHeader" is no header such as X-Api-Key or Authorization: Bearer' };
    return { method: 'GET', path: '', headers: { [name]: scheme === '' ? TOKEN : `${scheme} ${TOKEN}` } };
  },
  read: (doc, account, now) => {
    const { paths } = account;
    if (paths === undefined) return { notSeen: 'no paths were given' };
    const find = (path: string | undefined): Found => {
      const steps = path === undefined ? null : stepsOf(path);
      return steps === null
        ? { missing: 'path', at: path ?? '' }
        : followPath(doc, steps, (text) => fillIn(text, account));
    };
    const value = (path: string | undefined): unknown => {
      const found = find(path);
      return 'value' in found ? found.value : null;
    };
    const lastShare = find(paths.lastShare);
    if ('missing' in lastShare) {
      if (lastShare.missing === 'worker')
        return unknownWorker(account, `the page has no ${plain(fillIn(lastShare.at, account))}`);
      const said = complaintOf(doc);
      return strangeReply(
        account,
        `no ${plain(lastShare.at)} on the way to the last share${said === null ? '' : ` (${said})`}`,
      );
    }
    const facts = {
      hashrateHs: hashrateOf(value(paths.hashrate), paths.hashrateUnit),
      accepted: countOf(value(paths.accepted)),
      rejected: countOf(value(paths.rejected)),
    };
    return answerOf(lastShare.value, paths, account, now, facts);
  },
};

function answerOf(
  value: unknown,
  { lastShareIs }: JsonPaths,
  account: PoolAccount,
  now: number,
  facts: Parameters<typeof agedWorker>[2],
): PoolAnswer {
  if (lastShareIs !== 'age-s') return knownWorker(account, timeBy(lastShareIs, value), now, facts);
  const age = toNumber(value);
  // An age below zero is how some say that there was none.
  if (age === null) return knownWorker(account, value === null ? 'missing' : 'unreadable', now, facts);
  return age === -1 ? knownWorker(account, 'never', now, facts) : agedWorker(account, age, facts);
}

function timeBy(form: 'epoch-s' | 'epoch-ms' | 'iso', value: unknown): TimeRead {
  if (value === null || value === undefined || value === '') return 'missing';
  if (form === 'iso') return typeof value === 'string' ? isoTime(value) : 'unreadable';
  const number = toNumber(value);
  if (number === null) return 'unreadable';
  return number <= 0 ? 'never' : plausible(form === 'epoch-s' ? number * 1000 : number);
}

/** `X-Api-Key`, or `Authorization: Bearer` with what stands before the token. Empty where it is no name of a header. */
export function headerFor(text: string): { readonly name: string; readonly scheme: string } {
  const [, name = '', scheme = ''] =
    /^([A-Za-z][A-Za-z0-9-]{0,63})(?::\s*([A-Za-z][A-Za-z0-9-]{0,31}))?$/.exec(text.trim()) ?? [];
  return { name, scheme };
}

const fillIn = (text: string, { account, worker }: PoolAccount): string =>
  text.replaceAll('{account}', () => account).replaceAll('{worker}', () => worker ?? account);
