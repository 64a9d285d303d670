import { HeadframeError } from '@headframe/model';
import { plainLine } from '../doctor/shell/plain-line.ts';
import { parseTargets, type Targets } from '../targets/targets.ts';
import { type PoolAccount, type PoolDialect, plain } from './pool-dialect.ts';
import { POOL_DIALECTS, poolDialect } from './pool-dialects.ts';
import { parsePoolUrl } from './pool-url.ts';

/** An account before it is known which worker is meant. */
export interface PoolEntry {
  /** The machines whose worker this is; null: any. */
  readonly machines: Targets | null;
  /** `worker` may hold `{1}` to `{4}`, the parts of the machine's IPv4 address; null: the machine's own. */
  readonly account: PoolAccount;
}

const FORM = 'POOL:ACCOUNT:WORKER, POOL:account.worker or POOL@URL:account.worker';
const KNOWN = POOL_DIALECTS.map(({ id }) => id).join(', ');
const URL_AND_REST = /^(https?:\/\/(?:\[[^\]\s]*\]|[^/:@\s?#[\]]+)(?::\d{1,5}(?=[:/]))?(?:\/[^:\s?#]*)?):([^@]+)$/;
const LONGEST = 1_000;

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });

/** @throws HeadframeError `usage/invalid`: no pool is called so */
export function knownPool(id: string): PoolDialect {
  const dialect = poolDialect(id);
  if (dialect === null) throw invalid(`"${plain(id)}" is no pool that can be read; known: ${KNOWN}`);
  return dialect;
}

/**
 * Reads an account as it is typed on a command line: `public-pool:bc1q...:rig3`, `braiins-pool:alice.rig3`,
 * `ckpool@http://10.0.9.2:8080:bc1q...:rig3`. Before it may stand which machines are meant, `10.0.4.21=` or
 * `10.0.4.0/22=`; the worker may be left out, and may hold `{1}` to `{4}`, the parts of the machine's address.
 * @throws HeadframeError `usage/invalid` with a sentence that says what is wrong and what is allowed
 */
export function parsePoolAccount(text: string): PoolEntry {
  const given = text.trim();
  if (given.length > LONGEST)
    throw invalid(`The account of a pool is longer than ${LONGEST} characters; its form is ${FORM}`);
  const [, range, rest = ''] = /^(?:([^=]*)=)?([a-z0-9-]+[:@].*)$/is.exec(given) ?? [];
  const [, id = '', mark = '', behind = ''] = /^([a-z0-9-]+)([:@])(.*)$/is.exec(rest) ?? [];
  if (id === '') throw invalid(`"${plainLine(given, 80)}" is not the account of a pool; its form is ${FORM}`);
  const dialect = knownPool(id);
  if (dialect.url === null) throw invalid(`An account of "${id}" needs paths, and so a file of pool accounts`);
  const machines = range === undefined ? null : machinesOf(range);
  if (mark === ':') return { machines, account: accountOf(dialect.id, behind) };
  const [, url, name = ''] = URL_AND_REST.exec(behind) ?? [];
  if (url === undefined)
    throw invalid(`"${plainLine(given, 80)}" has no URL and account behind its @; its form is ${FORM}`);
  return { machines, account: { ...accountOf(dialect.id, name), url: parsePoolUrl(url) } };
}

export const machinesOf = (range: string): Targets => parseTargets(range, { maxAddresses: Number.POSITIVE_INFINITY });

/** `bc1q...:rig3`, `alice.rig3`, or an account alone. */
function accountOf(pool: PoolAccount['pool'], text: string): PoolAccount {
  const colon = text.indexOf(':');
  const cut = colon >= 0 ? colon : text.indexOf('.');
  const [account, worker] = cut < 0 ? [text, null] : [text.slice(0, cut), text.slice(cut + 1)];
  return { pool, account: nameOf(account, 'account'), worker: worker === null ? null : nameOf(worker, 'worker') };
}

/** A name as pools have them. @throws HeadframeError `usage/invalid` */
export function nameOf(text: string, what: string): string {
  const name = text.trim();
  if (name === '' || name === '.' || name === '..')
    throw invalid(`The ${what} at the pool is missing; the form is ${FORM}`);
  if (name.length > 200 || /[\p{C}\s/\\]/u.test(name)) {
    throw invalid(
      `"${plainLine(name, 80)}" cannot be the ${what} at a pool: blanks, slashes and more than 200 characters have no place in it`,
    );
  }
  return name;
}

/**
 * The account for one machine; null where the entry is not for it, or its worker is not known.
 * @param address of the machine
 * @param ownWorker as the machine itself names it to its pool, `alice.rig3`; null where that is not known
 */
export function accountFor(
  { machines, account }: PoolEntry,
  address: string,
  ownWorker: string | null,
): PoolAccount | null {
  if (machines !== null && !machines.includes(address)) return null;
  const own = ownWorker === null ? null : partsOf(ownWorker, account.account);
  // A machine that says it mines for somebody else is not looked for in this account, unless a person placed it there.
  const isAnothers =
    own === null && ownWorker !== null && ownWorker.trim().toLowerCase() !== account.account.toLowerCase();
  if (isAnothers && machines === null) return null;
  if (account.worker === null) return { ...account, worker: own };
  const worker = filledIn(account.worker, address);
  if (worker === null) return null;
  // Said for every machine, and this one mines to the same account under another name: it is meant for another one.
  if (machines === null && own !== null && own.toLowerCase() !== worker.toLowerCase()) return null;
  return { ...account, worker };
}

/** What stands behind the account in the name of a worker: `alice.rig3` of alice is rig3; null: another account's. */
function partsOf(ownWorker: string, account: string): string | null {
  const name = ownWorker.trim();
  const starts = name.toLowerCase().startsWith(account.toLowerCase()) && /^[._]/.test(name.slice(account.length));
  return starts && name.length > account.length + 1 ? name.slice(account.length + 1) : null;
}

function filledIn(worker: string, address: string): string | null {
  if (!/\{[1-4]\}/.test(worker)) return worker;
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  return octets === null ? null : worker.replace(/\{([1-4])\}/g, (_, part: string) => octets[Number(part)] ?? '');
}
