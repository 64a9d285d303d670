import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../../../tests/shared.ts';
import { keyOrders, shapeDifferences } from '../sim/shapes.testing.ts';
import { device, info, POWERED, SECOND } from './sim.testing.ts';

/*
 * The simulated Supra with v2.4.5 beside the reply of a real one.
 */

const path = sharedPath('captures', 'bitaxe', 'supra-401-BM1368', 'v2.4.5-3-gb5d1e36-dirty', 'system_info.json');

describe.skipIf(path === null)('a simulated Supra beside a real one', () => {
  const real = () => JSON.parse(readFileSync(path ?? '', 'utf8')) as Record<string, unknown>;
  /** The real one had run for four seconds. */
  const young = () => info(device('supra'), POWERED + 4 * SECOND);

  test('has the same keys in the same order, and the same types', () => {
    expect(shapeDifferences(young(), real())).toEqual([]);
    expect(keyOrders(young())).toEqual(keyOrders(real()));
    expect(shapeDifferences(info(device('supra')), real())).toEqual([]);
  });

  test('says the same of what does not change', () => {
    const fixed = ['asicCount', 'smallCoreCount', 'ASICModel', 'idfVersion', 'boardVersion', 'runningPartition'];
    const settings = ['coreVoltage', 'frequency', 'flipscreen', 'overheat_mode', 'invertscreen', 'invertfanpolarity'];
    for (const key of [...fixed, ...settings, 'autofanspeed', 'vrTemp', 'uptimeSeconds', 'isUsingFallbackStratum'])
      expect([key, young()[key]]).toEqual([key, real()[key]]);
    expect(young()).toMatchObject({ hashRate: 0, stratumDiff: 0, sharesAccepted: 0, bestSessionDiff: '0' });
  });
});
