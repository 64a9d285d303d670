import { describe, expect, test } from 'vitest';
import { AT, device, HOUR, info, json, MINUTE, SECOND, said, send } from './sim.testing.ts';
import { totp } from './sim-otp.ts';

/** The secret of every simulated device. */
const SECRET = 'JBSWY3DPEHPK3PXP';
/** ASCII `12345678901234567890` of RFC 6238 in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test('codes are those of RFC 6238, appendix B, by their last six digits', () => {
  const codes = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000].map((s) => totp(RFC_SECRET, s * 1000));
  expect(codes).toEqual(['287082', '081804', '050471', '005924', '279037']);
});

describe('a device whose owner switched on one-time passwords', () => {
  const guarded = () => device('nerdqaxe-plus-plus-otp');
  const rename = (on: ReturnType<typeof guarded>, headers: Record<string, string>, now = AT) =>
    said(on, 'PATCH /api/system', { body: { hostname: 'attic' }, headers, now });

  test('says so, is read without one, and written with one', () => {
    const on = guarded();
    expect(info(on).otp).toBe(true);
    expect(json(on, 'GET /api/v2/otp/status')).toEqual({ enabled: true });
    expect(rename(on, {})).toBe('401 OTP/Session required');
    expect(rename(on, { 'x-totp': '000000' })).toBe('401 OTP/Session required');
    expect(info(on).hostname).toBe('nerdqaxe');
    expect(rename(on, { 'x-totp': totp(SECRET, AT) })).toBe('200 ');
    expect(info(on).hostname).toBe('attic');
  });

  test('takes the code of the step before and of the one behind, and no older one', () => {
    for (const off of [-30, 30]) expect(rename(guarded(), { 'x-totp': totp(SECRET, AT + off * SECOND) })).toBe('200 ');
    expect(rename(guarded(), { 'x-totp': totp(SECRET, AT - 90 * SECOND) })).toBe('401 OTP/Session required');
  });

  test('guards what writes, and nothing else', () => {
    const refused = [
      ...['PATCH /api/system', 'POST /api/system/restart', 'POST /api/system/shutdown', 'POST /api/system/OTA'],
      ...['POST /api/system/OTAWWW', 'POST /api/system/OTA/github', 'PATCH /api/v2/settings', 'PATCH /api/v2/influx'],
      ...['PATCH /api/v2/alert', 'POST /api/v2/alert/test', 'PATCH /api/v2/otp', 'DELETE /api/v2/can/nodes/1'],
    ];
    for (const line of refused)
      expect([line, said(guarded(), line, { body: '{}' })]).toEqual([line, '401 OTP/Session required']);
    for (const path of ['system/info', 'system/asic', 'v2/dashboard', 'v2/settings', 'v2/influx', 'v2/alert'])
      expect(send(guarded(), `GET /api/${path}`).status).toBe(200);
    expect(said(guarded(), 'POST /api/system/reset-stats')).toBe('204 ');
  });

  test('gives a session of 24 hours for a code', () => {
    const on = guarded();
    expect(said(on, 'POST /api/v2/otp/session')).toBe('400 Missing X-TOTP header');
    expect(said(on, 'POST /api/v2/otp/session', { headers: { 'x-totp': '123' } })).toBe('401 Invalid TOTP');
    const session = json(on, 'POST /api/v2/otp/session', { headers: { 'x-totp': totp(SECRET, AT) } });
    expect(session).toEqual({
      token: expect.stringMatching(/^[A-Z2-7]{20}\.[A-Z2-7]{52}$/),
      ttlMs: 86_400_000,
      expiresAt: AT + 24 * HOUR,
    });
    expect(rename(on, { 'x-otp-session': session.token }, AT + 23 * HOUR)).toBe('200 ');
    expect(rename(on, { 'x-otp-session': session.token }, AT + 24 * HOUR)).toBe('401 OTP/Session required');
    expect(rename(on, { 'x-otp-session': 'other' })).toBe('401 OTP/Session required');
  });

  test('is shut for five minutes after five failures within a minute, for right codes as well', () => {
    const on = guarded();
    for (let i = 0; i < 5; i++) expect(rename(on, {}, AT + i * SECOND)).toBe('401 OTP/Session required');
    const right = (now: number) => rename(on, { 'x-totp': totp(SECRET, now) }, now);
    expect(right(AT + 10 * SECOND)).toBe('401 blocked for 5 minutes');
    expect(right(AT + 4 * MINUTE)).toBe('401 blocked for 5 minutes');
    expect(right(AT + 6 * MINUTE)).toBe('200 ');
    const slow = guarded();
    for (let i = 0; i < 8; i++) rename(slow, {}, AT + i * 20 * SECOND);
    expect(rename(slow, { 'x-totp': totp(SECRET, AT + 3 * MINUTE) }, AT + 3 * MINUTE)).toBe('200 ');
  });

  test('is enrolled and released with a code', () => {
    const on = device('nerdqaxe-plus');
    const code = { 'x-totp': totp(SECRET, AT) };
    expect(said(on, 'POST /api/v2/otp/session', { headers: code })).toBe('405 OTP disabled');
    expect(said(on, 'POST /api/v2/otp')).toBe('200 ');
    expect(said(on, 'PATCH /api/v2/otp', { body: { enabled: true } })).toBe('401 OTP/Session required');
    expect(said(on, 'PATCH /api/v2/otp', { body: { enabled: 1 }, headers: code })).toBe('500 invalid enabled state');
    expect(said(on, 'PATCH /api/v2/otp', { body: { enabled: true }, headers: code })).toBe('200 ');
    expect(rename(on, {})).toBe('401 OTP/Session required');
    expect(said(on, 'POST /api/v2/otp')).toBe('405 OTP is enabled');
    said(on, 'PATCH /api/v2/otp', { body: { enabled: false }, headers: code });
    expect(rename(on, {})).toBe('200 ');
  });
});
