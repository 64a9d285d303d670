import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { statsOf } from './stats.ts';

/** What miner_getstat1 says it is; also asked with the replies of the probes alone. */
export function identityOfEthminer(replies: Replies): Identity {
  const stats = statsOf(replies);
  const version = versionIn(replies.get('miner_getstat1')?.doc ?? replies.get('ethminer:miner_getstat1')?.doc);
  return {
    ...blankIdentity('ethminer'),
    model: modelOf(stats?.gpus.map(({ name }) => name) ?? []),
    firmware: 'ethminer',
    firmwareVersion: version ?? versionOf(new Fields(resultOf(replies)).str('version')) ?? hostVersion(replies),
    hostname: stats?.hostname ?? null,
    algorithm: 'ethash',
  };
}

const resultOf = (replies: Replies): unknown => new Fields(replies.get('stats')?.doc).raw('result');

const hostVersion = (replies: Replies): string | null =>
  versionOf(new Fields(resultOf(replies)).sub('host').str('version'));

/** The version in miner_getstat1, null where it is that of another program: others have this method too. */
export function versionIn(doc: unknown): string | null {
  const result = new Fields(doc).raw('result');
  return Array.isArray(result) && result.length >= 9 ? versionOf(result[0]) : null;
}

/**
 * `ethminer-0.19.0`, `ethminer-0.18.0-alpha.3`, `ethminer-0.16.0.dev0+commit.41639944`; before 0.16 the bare number.
 * Claymore's and others that have the same method say `9.3 - ETH`.
 */
const VERSION = /^(?:ethminer-(\d\S{0,63})|(0\.1[45]\.\d\S{0,63}))$/;

function versionOf(text: unknown): string | null {
  const match = typeof text === 'string' ? VERSION.exec(text) : null;
  return match?.[1] ?? match?.[2] ?? null;
}

/** What the rig is made of: `6 x GeForce GTX 1070 8.00 GB`. Null where the GPUs do not say their names. */
function modelOf(names: readonly (string | null)[]): string | null {
  const counted = new Map<string, number>();
  for (const name of names) {
    if (name === null) return null;
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  const kinds = [...counted].map(([name, count]) => `${count} x ${name}`);
  return kinds.length === 0 ? null : kinds.join(', ');
}
