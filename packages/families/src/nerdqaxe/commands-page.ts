import {
  type Action,
  choice,
  flag,
  HeadframeError,
  integer,
  number,
  optional,
  type Seen,
  text,
} from '@headframe/model';
import { change, documentOf, shows, type Wanted } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';
import { AT_NEXT_RESTART, definedIn, needKey, patch, restartFlag, restartIf, writing } from './device.ts';

/* What only the newer page has: each fan, and the modes of its pools. By the API document of the branch. */

const PATH = '/api/v2/settings';
const SOURCE = `NerdQAxe PATCH ${PATH}`;

/** Numbers whose words no document has. */
const ASSUMED = { protocols: ['SV1', 'SV2'], channels: ['standard', 'extended'] };
/** 0 off, 1 its address has to be in the coinbase, 2 the fee as well. */
const VERIFY = ['off', 'basic', 'extended'];

const invalid = (detail: string): HeadframeError => new HeadframeError('usage/invalid', { detail });

/** Lists go by their place: the ones before are empty, and stay as they are. */
const atPlace = (index: number, record: unknown): unknown[] => [...Array.from({ length: index }, () => ({})), record];

const recordAt = (page: Fields, list: string, index: number): Fields => new Fields(page.list(list)[index]);

const FAN_MODES = { manual: 0, pid: 2, follow: 3 } as const;

const fan = writing(
  {
    fan: integer({ about: 'number of the fan', min: 0, max: 1, source: SOURCE }),
    mode: choice(['manual', 'pid', 'follow'], { about: 'by hand, automatic, or like the first fan', source: SOURCE }),
    percent: optional(integer({ about: 'speed by hand', unit: '%', min: 0, max: 100, source: SOURCE })),
    targetC: optional(integer({ about: 'temperature that it holds', unit: '°C', min: 30, max: 80, source: SOURCE })),
  },
  async (device, { fan: index, mode, percent, targetC }) => {
    const page = await documentOf(device.links, PATH);
    if (page.list('fans')[index] === undefined) throw invalid(`It has no fan ${index}; nothing was sent`);
    if (index === 0 && mode === 'follow')
      throw invalid('The first fan has none that it could follow; nothing was sent');
    const wanted: Wanted = { mode: FAN_MODES[mode], ...(percent === undefined ? {} : { manualSpeed: percent }) };
    const pid = targetC === undefined ? {} : { pid: { targetTemp: targetC } };
    return change({
      steps: [patch(device, { fans: atPlace(index, { ...wanted, ...pid }) }, [], PATH)],
      looksAt: `fan ${index} of GET ${PATH}`,
      seen: async (_, links): Promise<Seen> => {
        const now = recordAt(await documentOf(links, PATH), 'fans', index);
        const { done, values } = shows(now, wanted);
        const target = now.sub('pid').num('targetTemp');
        return {
          done: done && (targetC === undefined || target === targetC),
          values: { ...values, targetTemp: target },
        };
      },
    });
  },
  { does: 'Sets one fan' },
);

const POOL_MODES = { failover: 0, dual: 1 } as const;

const poolMode = writing(
  {
    mode: choice(['failover', 'dual'], {
      about: 'primary and fallback, or both at once',
      source: `${SOURCE} poolMode`,
    }),
    balance: optional(
      integer({
        about: 'share of the primary pool in dual mode',
        unit: '%',
        min: 0,
        max: 100,
        source: `${SOURCE} poolBalance`,
      }),
    ),
    restart: restartFlag('on'),
  },
  async (device, { mode, balance, restart = true }) => {
    const page = await documentOf(device.links, PATH);
    const wanted: Wanted = { poolMode: POOL_MODES[mode], ...(balance === undefined ? {} : { poolBalance: balance }) };
    for (const key of Object.keys(wanted)) needKey(page, key);
    return change({
      steps: [patch(device, wanted, [], PATH)],
      restart: restartIf(device, restart),
      notes: restart ? [] : [AT_NEXT_RESTART],
      looksAt: `GET ${PATH}`,
      seen: async (_, links) => shows(await documentOf(links, PATH), wanted),
    });
  },
  { does: 'Works for one pool with a fallback, or for two at once', hashing: 'interrupted' },
);

const pool = writing(
  {
    pool: integer({ about: 'number of the pool, 0 or 1', min: 0, max: 1, source: SOURCE }),
    protocol: optional(choice(['SV1', 'SV2'], { about: 'Stratum V1 or V2', source: SOURCE })),
    authorityPubkey: optional(
      text({
        about: 'public key of a pool of Stratum V2',
        most: 64,
        pattern: /^[A-Za-z0-9]+$/,
        inWords: 'letters and digits',
        source: SOURCE,
      }),
    ),
    channel: optional(choice(['standard', 'extended'], { about: 'channel of Stratum V2', source: SOURCE })),
    extranonce: optional(flag({ about: 'extranonce subscription', source: SOURCE })),
    tls: optional(flag({ about: 'encryption', source: SOURCE })),
    verify: optional(
      choice(['off', 'basic', 'extended'], { about: 'look into the coinbase of its jobs', source: SOURCE }),
    ),
    maxFee: optional(
      number({ about: 'highest fee of the pool, for extended', unit: '%', min: 0, max: 100, source: SOURCE }),
    ),
    force: optional(flag({ about: 'leaves a pool whose coinbase is wrong', source: SOURCE })),
    restart: restartFlag('off'),
  },
  async (device, given) => {
    const { pool: index, protocol, channel, verify, restart = false } = given;
    const all: Record<string, number | string | boolean | undefined> = {
      protocol: protocol === undefined ? undefined : ASSUMED.protocols.indexOf(protocol),
      sv2AuthorityPubkey: given.authorityPubkey,
      sv2ChannelType: channel === undefined ? undefined : ASSUMED.channels.indexOf(channel),
      enonceSubscribe: given.extranonce,
      tls: given.tls,
      coinbaseVerifyMode: verify === undefined ? undefined : VERIFY.indexOf(verify),
      coinbaseMaxFee: given.maxFee,
      coinbaseVerifyForce: given.force,
    };
    const wanted = definedIn(all);
    if (Object.keys(wanted).length === 0) throw invalid('Nothing to set was given');
    const before = recordAt(await documentOf(device.links, PATH), 'pools', index);
    for (const key of Object.keys(wanted)) needKey(before, key);
    return change({
      steps: [patch(device, { pools: atPlace(index, wanted) }, [], PATH)],
      restart: restartIf(device, restart),
      notes: restart ? [] : [AT_NEXT_RESTART],
      looksAt: `pool ${index} of GET ${PATH}`,
      seen: async (_, links) => shows(recordAt(await documentOf(links, PATH), 'pools', index), wanted),
    });
  },
  { does: 'Sets what a pool has beside its address and worker' },
);

export const pageCommands: Readonly<Record<string, Action>> = { fan, poolMode, pool };
