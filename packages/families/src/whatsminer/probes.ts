import type { Probe, Reply } from '@headframe/model';
import { dataIn, envelope, recordsIn } from '@headframe/wire/whatsminer';

/**
 * A WhatsMiner refuses `version` with code 14, as an unknown command is refused everywhere: that says nothing yet, and
 * leaves it to the questions of tier 1 (protocols.md 0).
 */
export const whatsminerProbes: readonly Probe[] = [
  { over: 'cgminer', ask: 'get_version', tier: 1, is: saysVersion },
  { over: 'cgminer', ask: 'devdetails', tier: 1, is: isBitmicro },
  { over: 'whatsminer', ask: 'get.device.info', is: isDeviceInfo },
];

function saysVersion({ doc }: Reply): boolean | null {
  const data = dataIn(doc);
  return envelope(doc).form === 'string' && (data.has('fw_ver') || data.has('api_ver')) ? true : null;
}

function isBitmicro({ doc }: Reply): boolean | null {
  return recordsIn(doc, 'DEVDETAILS').some((record) => record.str('Driver') === 'bitmicro') ? true : null;
}

function isDeviceInfo({ doc }: Reply): boolean | null {
  const data = dataIn(doc);
  return envelope(doc).form === 'v3' && (data.has('system') || data.has('miner')) ? true : null;
}
