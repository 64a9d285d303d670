import { choice, flag, HeadframeError, integer, optional, type Parameter, type Prepared, text } from '@headframe/model';
import { axeStep, change, emptyIsYes, shows } from '@headframe/wire/axeos';
import { fallbackKey } from './commands-pools.ts';
import {
  AT_NEXT_RESTART,
  type Device,
  type Offered,
  offered,
  patch,
  restartFlag,
  restartIf,
  type Span,
} from './device.ts';
import { objectOf, poolPath } from './pool-object.ts';
import { poolList } from './pools.ts';

/*
 * What a pool has beside address, worker and password: flat keys up to v2.14, part of the pool's object from v2.15 on
 * (protocols.md 6.4).
 */

interface PoolKey extends Span {
  readonly does: string;
  readonly value: Parameter;
  /** By the form of the release: flags are numbers in flat keys, booleans within an object. */
  readonly wire?: (value: unknown, listed: boolean) => number | string | boolean;
}

const source = (key: string): string => `AxeOS PATCH /api/system ${key}, from v2.15 on PUT /api/system/pools/{0-7}`;
const asFlag = (value: unknown, listed: boolean): number | boolean =>
  listed ? value === true : value === true ? 1 : 0;

/** PEM has lines, which no other text of these protocols has. */
function certificate(key: string): Parameter<string> {
  const plain = text({
    about: 'certificate of the pool in PEM',
    most: 3_000,
    source: source(key),
    inWords: 'text',
  });
  return {
    ...plain,
    read: (given) =>
      typeof given === 'string' && plain.read(given.replace(/[\r\n]/g, ' ')) !== undefined ? given : undefined,
  };
}

const POOL_KEYS: Readonly<Record<string, PoolKey>> = {
  stratumSuggestedDifficulty: {
    since: 9,
    does: 'Sets the difficulty that is suggested to a pool',
    value: integer({ about: 'difficulty', min: 0, max: 65_535, source: source('stratumSuggestedDifficulty') }),
  },
  stratumExtranonceSubscribe: {
    since: 9,
    does: 'Subscribes to extranonces of a pool',
    value: flag({ about: 'extranonce subscription', source: source('stratumExtranonceSubscribe') }),
    wire: asFlag,
  },
  stratumTLS: {
    since: 13,
    does: 'Sets the encryption to a pool',
    value: choice(['off', 'built-in', 'own'], {
      about: 'off, with its built-in roots or with a certificate of your own',
      source: source('stratumTLS'),
    }),
    wire: (word) => ['off', 'built-in', 'own'].indexOf(String(word)),
  },
  stratumCert: {
    since: 13,
    does: 'Sets the certificate of a pool',
    value: certificate('stratumCert'),
  },
  stratumDecodeCoinbase: {
    since: 13,
    does: 'Looks into the coinbase of the jobs of a pool',
    value: flag({ about: 'coinbase decoding', source: source('stratumDecodeCoinbase') }),
    wire: asFlag,
  },
  stratumProtocol: {
    since: 14,
    does: 'Sets the protocol of a pool',
    value: choice(['SV1', 'SV2'], { about: 'Stratum V1 or V2', source: source('stratumProtocol') }),
  },
  stratumV2ChannelType: {
    since: 14,
    does: 'Sets the kind of channel to a pool of Stratum V2',
    value: choice(['standard', 'extended'], { about: 'channel', source: source('stratumV2ChannelType') }),
  },
  stratumV2AuthorityPubkey: {
    since: 14,
    does: 'Sets the public key of a pool of Stratum V2',
    value: text({
      about: 'public key of the pool',
      most: 52,
      pattern: /^[A-Za-z0-9]+$/,
      inWords: 'letters and digits',
      source: source('stratumV2AuthorityPubkey'),
    }),
  },
  stratumV2RequireAuth: {
    since: 15,
    does: 'Insists on the key of a pool of Stratum V2',
    value: flag({ about: 'key required', source: source('stratumV2RequireAuth') }),
    wire: asFlag,
  },
};

export const poolSettingCommands: Readonly<Record<string, Offered>> = Object.fromEntries(
  Object.entries(POOL_KEYS).map(([key, poolKey]) => [key, poolSettingCommand(key, poolKey)]),
);

function poolSettingCommand(key: string, { since, does, value, wire }: PoolKey): Offered {
  return offered(
    since === undefined ? {} : { since },
    {
      value,
      fallback: optional(
        flag({ about: 'of the fallback pool instead of the primary one', source: 'AxeOS fallbackStratumURL' }),
      ),
      restart: restartFlag('on'),
    },
    (device, { value: given, fallback = false, restart = true }) => {
      const listed = device.release >= 15;
      const wanted = wire === undefined ? (given as number | string) : wire(given, listed);
      return listed
        ? inObject(device, key, wanted, fallback, restart)
        : inFlatKey(fallback ? fallbackKey(key) : key, wanted, restart);
    },
    { does, hashing: 'interrupted', takes: 'about half a minute for the restart' },
  );
}

function inFlatKey(key: string, wanted: number | string | boolean, restart: boolean): Prepared {
  return change({
    steps: [patch({ [key]: wanted })],
    restart: restartIf(restart),
    notes: restart ? [] : [AT_NEXT_RESTART],
    looksAt: `${key} of info`,
    seen: (info) => shows(info, { [key]: wanted }),
  });
}

function inObject(
  { info }: Device,
  key: string,
  wanted: number | string | boolean,
  fallback: boolean,
  restart: boolean,
): Prepared {
  const id = info.int(fallback ? 'secondaryPoolIndex' : 'primaryPoolIndex');
  const record = (poolList(info) ?? []).find((one) => one.id === id)?.record;
  if (id === null || record === undefined || record.str('stratumURL') === null) {
    throw new HeadframeError('usage/invalid', { detail: `It has no ${fallback ? 'fallback' : 'primary'} pool` });
  }
  return change({
    steps: [
      axeStep({
        method: 'PUT',
        path: poolPath(id),
        json: { ...objectOf(record), [key]: wanted },
        judge: emptyIsYes,
      }),
    ],
    restart: restartIf(restart),
    notes: ['The whole pool is written back, its password as it is', ...(restart ? [] : [AT_NEXT_RESTART])],
    looksAt: `${key} of pool ${id} of info`,
    seen: (now) => {
      const seen = (poolList(now) ?? []).find((one) => one.id === id)?.record;
      return seen === undefined ? { done: false, values: {} } : shows(seen, { [key]: wanted });
    },
  });
}
