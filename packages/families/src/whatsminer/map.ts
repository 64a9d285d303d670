import type { FamilySnapshot, Replies } from '@headframe/model';
import { isV3 } from './dialect.ts';
import { mapV2 } from './map-v2.ts';
import { mapV3 } from './map-v3.ts';

/** What the answers of either door mean: one snapshot, whichever was asked. */
export const mapWhatsminer = (replies: Replies): FamilySnapshot => (isV3(replies) ? mapV3(replies) : mapV2(replies));
