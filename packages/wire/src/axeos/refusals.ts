import { HeadframeError } from '@headframe/model';

/**
 * What a status of these web servers says, where it is no plain answer (protocols.md 6.1, 6.2, 6.6). Null: the status
 * and the text decide, see the caller.
 *
 * There are no passwords: a 401 is the rule of the private network, which the peer's address breaks, or on a NerdQAxe the
 * one-time password that is missing. A path that a release does not have is a redirect to `/` up to v2.8 and a 404 after it.
 * @param text the body, as far as it may be quoted
 */
export function refusalOf(status: number, text: string, request: string): HeadframeError | null {
  const vendorText = text.trim().slice(0, 200);
  const said = { request, vendorCode: String(status), ...(vendorText === '' ? {} : { vendorText }) };
  if (status === 401 || status === 403) {
    if (/blocked/i.test(text)) return new HeadframeError('device/busy', said);
    if (/otp|session/i.test(text)) return new HeadframeError('auth/rejected', { ...said, next: OTP_NEXT });
    return new HeadframeError('auth/address-not-allowed', { ...said, next: ADDRESS_NEXT });
  }
  // "OTP is enabled", "OTP disabled": the path is there, and what was asked does not fit.
  if (status === 405 && /otp/i.test(text)) return new HeadframeError('device/refused', said);
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return new HeadframeError('support/unsupported', { request, detail: `it answers ${status}` });
  }
  if (status === 429 || status === 503) return new HeadframeError('device/busy', said);
  return null;
}

const ADDRESS_NEXT =
  'It answers addresses of private networks only (10.x, 172.16.x to 172.31.x, 192.168.x): ask it from its own network.';
const OTP_NEXT = 'Give the one-time password that the authenticator app shows now, as otp.';
