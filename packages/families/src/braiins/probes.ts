import type { HttpDoc, Probe, Reply } from '@headframe/model';
import { first, statusOf } from '@headframe/wire/cgminer';
import { ApiVersionSchema, ApiVersionService, callOf, toDoc } from './contract/index.ts';

/** Keys of VERSION (protocols.md 0 and 7.1): the miner's own, and that of the program which stands before it today. */
const NAMES = ['BOSminer', 'BOSminer+', 'BOSer'] as const;

const isVersion = ({ doc }: Reply): boolean | null => {
  if (doc === null) return null;
  const version = first(doc, 'VERSION');
  return NAMES.some((name) => version.has(name)) || /^BOS(?:miner|er)\b/.test(statusOf(doc)?.description ?? '');
};

/** Nobody else has this service; who does not know it answers UNIMPLEMENTED. */
const hasContract = ({ raw, error }: Reply): boolean | null => {
  if (error !== null) return error.code === 'support/unsupported' ? false : null;
  if (raw === null) return null;
  try {
    return Number(toDoc(ApiVersionSchema, raw).major) > 0;
  } catch {
    return false;
  }
};

/** The web page calls itself so; both public clients go by that. */
const isPage = ({ doc }: Reply): boolean | null =>
  /braiins ?os/i.test((doc as HttpDoc | null)?.text ?? '') ? true : null;

export const braiinsProbes: readonly Probe[] = [
  { over: 'cgminer', ask: 'version', is: isVersion },
  { over: 'grpc', ask: callOf(ApiVersionService.method.getApiVersion), is: hasContract },
  { over: 'http', ask: '/', is: isPage },
];
