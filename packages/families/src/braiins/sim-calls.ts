import { byCall } from './sim-api.ts';
import { actions, login } from './sim-api-actions.ts';
import { configuration } from './sim-api-configuration.ts';
import { cooling } from './sim-api-cooling.ts';
import { miner } from './sim-api-miner.ts';
import { networking } from './sim-api-network.ts';
import { performance } from './sim-api-performance.ts';
import { pools } from './sim-api-pools.ts';
import { system } from './sim-api-system.ts';

/** Every call with one message in and one out, by its full name. */
export const unaryCalls = byCall([
  ...login,
  ...actions,
  ...miner,
  ...pools,
  ...cooling,
  ...performance,
  ...configuration,
  ...networking,
  ...system,
]);
