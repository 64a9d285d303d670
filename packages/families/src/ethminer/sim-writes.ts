import { ASSUMED } from './sim-assumed.ts';
import { uriParts } from './sim-connections.ts';
import type { JsonObject, JsonValue } from './sim-json-reader.ts';
import type { Printed } from './sim-json-writer.ts';
import { flagIn, objectIn, Refusal, refusal, textIn, Unexpected, uint32In, uint64In } from './sim-params.ts';
import type { EthminerProcess } from './sim-process.ts';
import type { Rig } from './sim-rig.ts';

/*
 * The writing methods (protocols.md 5.4, 5.5, 5.7; transcript `open-write`).
 */

export interface Call {
  readonly rig: Rig;
  readonly process: EthminerProcess;
  readonly request: JsonObject;
  readonly now: number;
}

type Write = (call: Call) => Printed;

const OUTSTANDING = 'Outstanding operations. Retry ...';
const isOld = ({ process }: Call): boolean => process.start.plan.release.shape !== 'new';

/** miner_setactiveconnection: by index or, from 0.18.0-alpha.2 on, by URI. */
function choose(call: Call): Printed {
  const { process, request, now } = call;
  const { connections } = process;
  const params = objectIn(request, 'params');
  const { shape } = process.start.plan.release;
  if (shape === 'old' || (shape === 'alpha' && params.has('index'))) {
    const index = uint32In(params, 'index');
    if (index >= connections.uris.length) throw refusal(-422, 'Index out of bounds');
    process.choose(index, now);
    return true;
  }
  const index = params.has('index') ? wantedIndex(params) : connections.find(wantedUri(params));
  if (index < 0) throw refusal(-422, 'Not found.');
  if (index >= connections.uris.length) throw refusal(-422, 'Index out-of bounds.');
  if (connections.isBusy(now)) throw refusal(-422, OUTSTANDING);
  process.choose(index, now);
  return true;
}

/** Whatever is wrong with the parameter, the index is invalid. */
function wantedIndex(params: JsonObject): number {
  return orInvalidIndex(() => uint32In(params, 'index'));
}
function wantedUri(params: JsonObject): string {
  return orInvalidIndex(() => textIn(params, 'URI'));
}
function orInvalidIndex<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof Refusal ? refusal(-422, 'Invalid index') : thrown;
  }
}

function add(call: Call): Printed {
  const uri = textIn(objectIn(call.request, 'params'), 'uri');
  const { connections } = call.process;
  if (isOld(call)) checkOldUri(call, uri);
  else if (uriParts(uri).scheme === 'simulation') throw refusal(-422, `Bad URI : ${uri}`);
  if (!connections.add(uri)) throw refusal(-422, isOld(call) ? 'Bad URI' : `Bad URI : ${uri}`);
  return true;
}

/** Up to 0.18.0-alpha.2 a URI is looked at before it is taken. */
function checkOldUri({ process }: Call, uri: string): void {
  const { scheme, host, port } = uriParts(uri);
  if (scheme === '' || host === '' || port === 0) throw refusal(-422, `Invalid URI ${uri}`);
  if (!ASSUMED.schemes.test(scheme) && process.start.plan.release.shape === 'old') {
    throw refusal(-422, `Unknown URI scheme ${scheme}`);
  }
  const isGetwork = (of: string): boolean => of.startsWith('http');
  if (process.connections.uris.some((other) => isGetwork(uriParts(other).scheme) !== isGetwork(scheme))) {
    throw refusal(-422, 'Mixed stratum and getwork endpoints not supported.');
  }
}

function remove(call: Call): Printed {
  const { connections } = call.process;
  const index = uint32In(objectIn(call.request, 'params'), 'index');
  const isThere = index < connections.uris.length;
  const isActive = index === connections.activeIndex;
  if (isOld(call)) {
    if (!isThere) throw refusal(-422, 'Index out of bounds');
    if (isActive) throw refusal(-460, "Can't delete active connection");
  } else {
    if (!isThere) throw refusal(-422, 'Index out-of bounds.');
    if (isActive) throw refusal(-422, "Can't remove active connection");
    if (connections.isBusy(call.now)) throw refusal(-422, OUTSTANDING);
  }
  connections.remove(index);
  return true;
}

function setScrambler(call: Call): Printed {
  const { process, request } = call;
  const params = objectIn(request, 'params');
  let nonce = process.startNonce;
  let width = process.segmentWidth;
  if (params.has('noncescrambler')) {
    nonce = isOld(call) ? uint64In(params, 'noncescrambler') : nonceIn(params);
  }
  if (params.has('segmentwidth')) width = uint32In(params, 'segmentwidth');
  if (!isOld(call) && !params.has('noncescrambler') && !params.has('segmentwidth')) {
    throw refusal(-32602, 'Missing parameters');
  }
  process.startNonce = nonce;
  // Too narrow becomes the narrowest, too wide becomes 40.
  process.segmentWidth = width < 10 ? 10 : width > 50 ? 40 : width;
  return true;
}

/** A number, or text with 0x: digits are read until something else comes, none are 0. */
function nonceIn(params: JsonObject): bigint {
  const value: JsonValue = params.get('noncescrambler') ?? null;
  if (Array.isArray(value) || value instanceof Map) throw new Unexpected('Type is not convertible to string');
  if (typeof value !== 'string' || !value.startsWith('0x')) return uint64In(params, 'noncescrambler');
  const digits = (/^0x0*([0-9a-fA-F]*)/.exec(value)?.[1] ?? '').padStart(1, '0');
  if (digits.length > 16) throw refusal(-422, 'Invalid nonce');
  return BigInt(`0x${digits}`);
}

function pauseGpu({ process, request, now }: Call): Printed {
  const params = objectIn(request, 'params');
  const index = uint32In(params, 'index');
  const pause = flagIn(params, 'pause');
  const gpu = process.listed[index];
  if (gpu === undefined) throw refusal(-422, 'Index out of bounds');
  if (pause) gpu.pause(now, 'Api request');
  else gpu.resume(now, 'Api request');
  return true;
}

function setVerbosity({ process, request }: Call): Printed {
  const verbosity = uint32In(objectIn(request, 'params'), 'verbosity');
  const most = process.start.plan.release.verbosityMost;
  if (verbosity > most) throw refusal(-422, `Verbosity out of bounds (0-${most})`);
  process.verbosity = verbosity;
  return true;
}

export const WRITES: Readonly<Record<string, Write>> = {
  miner_restart: ({ process, now }) => {
    process.restart(now);
    return process.start.plan.release.framing === 'single' ? ASSUMED.otherServerWriteResult : true;
  },
  miner_reboot: ({ rig, process, now }) =>
    process.start.plan.release.framing === 'single' ? ASSUMED.otherServerWriteResult : rig.runRebootScript(now),
  miner_shuffle: ({ process }) => {
    process.shuffle();
    return true;
  },
  miner_setactiveconnection: choose,
  miner_addconnection: add,
  miner_removeconnection: remove,
  miner_setscramblerinfo: setScrambler,
  miner_pausegpu: pauseGpu,
  miner_setverbosity: setVerbosity,
};
