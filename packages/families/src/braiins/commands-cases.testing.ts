import type { Case } from './case.testing.ts';
import { POOLS } from './cases-pools.testing.ts';
import { POWER } from './cases-power.testing.ts';
import { TUNING } from './cases-tuning.testing.ts';
import { COOLING, SYSTEM, UNIT } from './cases-unit.testing.ts';

export const CASES: readonly Case[] = [...POOLS, ...POWER, ...TUNING, ...COOLING, ...UNIT, ...SYSTEM];
