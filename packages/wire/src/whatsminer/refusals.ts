import { type ErrorCode, HeadframeError } from '@headframe/model';
import { V2_CODES, V3_CODES } from './codes.ts';
import type { Envelope } from './envelope.ts';

/** How the API is switched on by hand, with the vendor's own tool (manual V2.2, section 1; vendor's page of V3). */
export const SWITCH_ON =
  'Switch it on by hand with WhatsMinerTool: give the admin account a password of your own (Password), then Remote Ctrl, Miner API Switch.';

/** What the older API says no with, or null when it says yes (protocols.md 3.2). Judged by the code where there is one. */
export function sealedRefusal(said: Envelope, request: string): HeadframeError | null {
  const { code, status, msg } = said;
  const ok = code === null ? status === 'S' : (V2_CODES[code]?.ok ?? status === 'S');
  if (ok) return null;
  const text = typeof msg === 'string' && msg !== '' ? msg : code === null ? '' : (V2_CODES[code]?.means ?? '');
  const vendor = {
    ...(code === null ? {} : { vendorCode: String(code) }),
    ...(text === '' ? {} : { vendorText: text }),
  };
  if (code === null && status === null) {
    return new HeadframeError('protocol/wrong-shape', { request, detail: 'the reply has neither code nor status' });
  }
  return new HeadframeError(V2_ERRORS[code ?? 0] ?? 'device/refused', { request, ...vendor, ...V2_NEXT[code ?? 0] });
}

const V2_ERRORS: Readonly<Record<number, ErrorCode>> = {
  14: 'support/unsupported',
  45: 'auth/writes-off',
  135: 'auth/expired',
  136: 'device/busy',
};

const V2_NEXT: Readonly<Record<number, { readonly next: string }>> = {
  45: { next: SWITCH_ON },
  136: {
    next: 'It hands out no more tokens for now: too many are in use, or too many addresses ask. They run out by themselves, as a rule after 30 minutes.',
  },
};

/** What port 4433 says no with, or null when it says yes (protocols.md 3.6). */
export function frameRefusal(said: Envelope, request: string): HeadframeError | null {
  const { code, msg } = said;
  if (said.form !== 'v3' || code === null) {
    return new HeadframeError('protocol/wrong-shape', { request, detail: 'the reply has no code' });
  }
  if (code === 0) return null;
  const vendorText = typeof msg === 'string' && msg !== '' ? msg : (V3_CODES[code]?.means ?? '');
  const error = V3_ERRORS[code] ?? 'device/refused';
  return new HeadframeError(error, {
    request,
    vendorCode: String(code),
    ...(vendorText === '' ? {} : { vendorText }),
  });
}

const V3_ERRORS: Readonly<Record<number, ErrorCode>> = {
  [-2]: 'support/unsupported',
  [-4]: 'auth/rejected',
  [-5]: 'device/busy',
};
