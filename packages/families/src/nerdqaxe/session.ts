import { HeadframeError, type Links, MASK, printable, type Session } from '@headframe/model';
import { refusalOf, webOf } from '@headframe/wire/axeos';
import { parseHttpDoc } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';

/*
 * One-time passwords (protocols.md 6.6): where they are switched on, whatever changes the device needs a password of the
 * authenticator app, or the token of a session of 24 h that was opened with one. Five wrong ones close the door for five
 * minutes. One action may be several requests, so it opens a session; the next one goes on with it.
 */

const PATH = '/api/v2/otp/session';
/** Carries the token. */
export const KEY_HEADER = 'X-OTP-Session';
/** Carries the password of the moment. */
export const OTP_HEADER = 'X-TOTP';

/** @param otp the password of the moment; undefined: the session that an earlier action left is gone on with */
export const otpSession = (otp: string | undefined): Session => ({
  name: 'session of one-time passwords',
  shown: { open: [`POST ${PATH}\n${OTP_HEADER}: ${MASK}`], close: [] },
  open: async (links, { left }) => {
    const key = otp === undefined ? left : await tokenFor(links, otp);
    if (key === null) {
      const next = 'Give the one-time password that the authenticator app shows now, as otp.';
      throw new HeadframeError('auth/required', { request: 'one-time password', next });
    }
    // It lasts for a day, and nothing ends it.
    return { key, kept: true, close: async () => {} };
  },
});

/** @throws HeadframeError `auth/rejected`, `device/busy` while it is closed, `protocol/wrong-shape` */
async function tokenFor(links: Links, otp: string): Promise<string> {
  const request = `POST ${PATH}`;
  const reply = await webOf(links).http({ method: 'POST', path: PATH, headers: { [OTP_HEADER]: otp }, body: '' });
  const said = printable(reply.body);
  if (reply.status === 401 && !/blocked|unauthorized/i.test(said)) {
    throw new HeadframeError('auth/rejected', { request, vendorCode: '401', vendorText: said });
  }
  const refusal = refusalOf(reply.status, said, request);
  if (refusal !== null) throw refusal;
  if (reply.status < 200 || reply.status > 299) {
    throw new HeadframeError('device/refused', { request, vendorCode: String(reply.status), vendorText: said });
  }
  const token = new Fields(parseHttpDoc(reply).json).str('token');
  if (token !== null) return token;
  throw new HeadframeError('protocol/wrong-shape', { request, detail: 'it gives no token' });
}
