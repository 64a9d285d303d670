import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CASES } from './commands-cases.testing.ts';
import { BraiinsDouble } from './double.testing.ts';
import { perform, prepare } from './perform.testing.ts';
import type { Doc } from './wire.testing.ts';

/* Whatever a machine tells of itself: it is changed, or it is said why not. */

const numRuns = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);

const READS = [
  'GetMinerConfiguration',
  'GetConstraints',
  'GetPoolGroups',
  'GetHashboards',
  'GetMinerDetails',
  'GetNetworkConfiguration',
  'GetNetworkInfo',
  'GetActivePerformanceMode',
  'GetTunerState',
  'ListTargetProfiles',
  'GetAutoUpgradeStatus',
  'GetCoolingState',
  'GetLicenseState',
  'GetApiVersion',
];

const NAMES = [
  'pool_groups',
  'pools',
  'uid',
  'name',
  'url',
  'user',
  'strategy',
  'quota',
  'value',
  'enabled',
  'password',
  'tuner',
  'power_target',
  'watt',
  'temperature',
  'mode',
  'auto',
  'manual',
  'degree_c',
  'hashboard_config',
  'hashboards',
  'id',
  'global_frequency',
  'hertz',
  'tuner_constraints',
  'min',
  'max',
  'default',
  'network',
  'protocol',
  'static',
  'status',
  'bos_version',
  'current',
  'state',
  'valid',
  'schedule',
  'schedule_type',
  'daily',
  'time',
  '__proto__',
  'toString',
];

/** Documents that have the words of the contract in all the wrong places. */
const doc = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false, '', 'x', 0, -1, 1.5, 1e308, '1e999', 'NaN', '7'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('a machine over REST that tells anything at all', () => {
  const changes = CASES.filter(({ rest }) => rest !== null);
  test('is changed, or it is said why not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...changes),
        fc.array(doc, { minLength: READS.length, maxLength: READS.length }),
        async (one, docs) => {
          const machine = new BraiinsDouble();
          machine.open.grpc = false;
          READS.forEach((method, i) => {
            // Some are as they should be, or nothing is ever got so far as to be changed.
            if ((docs[i] as Doc | null) !== null) machine.alters.set(method, () => docs[i] as Doc);
          });
          try {
            const { seen } = await perform(machine, one.name, one.given);
            expect([true, false, undefined]).toContain(seen?.done);
          } catch (error) {
            expect(error).toBeInstanceOf(HeadframeError);
            expect((error as HeadframeError).code).not.toBe('internal');
          }
        },
      ),
      { numRuns, seed: 7 },
    );
  });
});

test('settings that are no JSON object are not sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 60 }), async (settings) => {
      try {
        const prepared = await prepare(new BraiinsDouble().links(), 'braiins.setsettings', { settings });
        expect(typeof JSON.parse(settings)).toBe('object');
        expect(prepared.steps).toHaveLength(1);
      } catch (error) {
        expect(error).toMatchObject({ code: 'usage/invalid' });
      }
    }),
    { numRuns, seed: 8 },
  );
});
