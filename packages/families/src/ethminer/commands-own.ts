import {
  type Action,
  action,
  type Download,
  HeadframeError,
  integer,
  optional,
  type Parameter,
  type Prepared,
} from '@headframe/model';
import { hex64, uint64 } from '@headframe/wire/ethminer';
import { IN_PROCESS, shows, tell } from './looks.ts';
import { type RigSegments, SCRAMBLER, segmentsIn } from './scrambler.ts';
import { callStep } from './steps.ts';

/* What ethminer has beyond the common vocabulary, under its own words (protocols.md 5.5). */

/** Reads a method and gives its reply as it came. */
const reading = (method: string, does: string): Action =>
  action(
    {},
    (): Prepared => ({
      steps: [],
      readBack: { never: 'it only reads' },
      download: async (links): Promise<Download> => {
        const { raw } = await tell(links, method);
        return { name: `${method}.json`, bytes: raw ?? new Uint8Array() };
      },
    }),
    { does, hashing: 'unchanged' },
  );

export const ping = reading('miner_ping', 'Asks whether the program is alive');
export const getscramblerinfo = reading(SCRAMBLER, 'Tells which nonces the GPUs search');

const valuesOf = (segments: RigSegments | null) => ({
  noncescrambler: segments === null ? null : hex64(segments.startNonce),
  segmentwidth: segments?.width ?? null,
});

export const shuffle: Action = action(
  {},
  async (links): Promise<Prepared> => {
    const before = segmentsIn(await tell(links, SCRAMBLER));
    return {
      steps: [callStep(links, { method: 'miner_shuffle' })],
      readBack: shows(SCRAMBLER, async (again) => {
        const now = segmentsIn(await tell(again, SCRAMBLER));
        const done = now !== null && before !== null && now.startNonce !== before.startNonce;
        return { done, values: valuesOf(now) };
      }),
    };
  },
  { does: 'Searches nonces from another random start, with the next job', lasting: IN_PROCESS, hashing: 'unchanged' },
);

/**
 * A new start where the release does not tell the scrambler (0.15).
 */
export const shuffleUnseen: Action = action(
  {},
  (links): Prepared => ({
    steps: [callStep(links, { method: 'miner_shuffle' })],
    readBack: { never: 'this release does not tell where its nonces start' },
  }),
  { does: 'Searches nonces from another random start, with the next job', lasting: IN_PROCESS, hashing: 'unchanged' },
);

/** 64 bits, which a number of JavaScript does not hold: digits, or `0x` and hexadecimal digits. */
const nonce = (source: string): Parameter<bigint> => ({
  kind: 'text',
  about: 'nonce to start from',
  takes: '0 to 18446744073709551615, or 0x and up to 16 hexadecimal digits',
  source,
  optional: false,
  secret: false,
  read: (given) => uint64(typeof given === 'string' ? given.trim() : given) ?? undefined,
});

const SET_SOURCE = 'ethminer miner_setscramblerinfo';

export const setscramblerinfo: Action = action(
  {
    noncescrambler: optional(nonce(SET_SOURCE)),
    // Outside of it ethminer takes another width than the one that was meant (protocols.md 5.5).
    segmentwidth: optional(
      integer({ about: 'width of the segment of each GPU, as a power of two', min: 10, max: 50, source: SET_SOURCE }),
    ),
  },
  async (links, { noncescrambler, segmentwidth }): Promise<Prepared> => {
    if (noncescrambler === undefined && segmentwidth === undefined) {
      const detail = 'ethminer.setscramblerinfo takes a nonce, a width, or both; nothing was sent';
      throw new HeadframeError('usage/invalid', { detail });
    }
    const params = {
      // As a number: older releases take no text (5.7).
      ...(noncescrambler === undefined ? {} : { noncescrambler }),
      ...(segmentwidth === undefined ? {} : { segmentwidth }),
    };
    const notes =
      noncescrambler === undefined ? [] : [`It starts from ${noncescrambler}, which is ${hex64(noncescrambler)}`];
    return {
      notes: [...notes, 'It does not count where the pool gives an extranonce'],
      steps: [callStep(links, { method: 'miner_setscramblerinfo', params })],
      readBack: shows(SCRAMBLER, async (again) => {
        const now = segmentsIn(await tell(again, SCRAMBLER));
        const done =
          now !== null &&
          (noncescrambler === undefined || now.startNonce === noncescrambler) &&
          (segmentwidth === undefined || now.width === segmentwidth);
        return { done, values: valuesOf(now) };
      }),
    };
  },
  {
    does: 'Sets where the nonces of the rig start, and how many each GPU has',
    lasting: IN_PROCESS,
    hashing: 'unchanged',
    guarded: 'with values that overlap those of another rig, work is done twice and nobody sees it',
  },
);

export const setverbosity: Action = action(
  {
    verbosity: integer({
      about: 'what the program logs, as a sum of bits; up to 9 in the oldest releases that have it',
      min: 0,
      max: 511,
      source: 'ethminer 0.19 miner_setverbosity',
    }),
  },
  (links, { verbosity }): Prepared => ({
    steps: [callStep(links, { method: 'miner_setverbosity', params: { verbosity } })],
    readBack: { never: 'nothing that can be read shows how much it logs' },
  }),
  { does: 'Sets how much the program logs', lasting: IN_PROCESS, hashing: 'unchanged' },
);
