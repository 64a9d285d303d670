import type { FixName } from '@headframe/model';
import { allowOurAddress } from './allow-our-address.ts';
import { closeOwnConnections } from './close-own-connections.ts';
import { findByMac } from './find-by-mac.ts';
import type { FixKind } from './fix.ts';
import { pinAddress } from './pin-address.ts';
import { reboot } from './reboot.ts';
import { restartApi } from './restart-api.ts';
import { saveConfiguration } from './save-configuration.ts';
import { supplyCredentials } from './supply-credentials.ts';
import { waitAndRetry } from './wait-and-retry.ts';

/** Every fix that a diagnosis may name. */
export const FIXES: Readonly<Record<FixName, FixKind>> = {
  'wait-and-retry': waitAndRetry,
  'find-by-mac': findByMac,
  'supply-credentials': supplyCredentials,
  'allow-our-address': allowOurAddress,
  'restart-api': restartApi,
  reboot,
  'pin-address': pinAddress,
  'save-configuration': saveConfiguration,
  'close-own-connections': closeOwnConnections,
};
