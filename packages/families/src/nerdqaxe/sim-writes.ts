import type { SimulatedHttpReply } from '../sim/device.ts';
import { type ImageFault, readEspImage } from '../sim/esp-image.ts';
import { ASSUMED } from './sim-assumed.ts';
import { patchRecord, patchSettings, patchSystem } from './sim-config.ts';
import { bool, type Fields, isRecord, parsed, text } from './sim-json.ts';
import { type Asked, error, type Handler, json, plain } from './sim-page.ts';

/*
 * What a device of the family can be told (protocols.md 6.6, and the handlers of the source).
 */

const TOO_LONG = 10_240;

/** The document of a body, or the refusal of one that is none. A document that is no object has no keys. */
function documentOf({ request }: Asked): { readonly document: Fields } | { readonly refusal: SimulatedHttpReply } {
  if (request.body.length >= TOO_LONG) return { refusal: error(500, 'content too long') };
  const document = parsed(request.body);
  if (document === undefined) return { refusal: error(400, 'Invalid JSON') };
  return { document: isRecord(document) ? document : {} };
}

/** A document that is put somewhere; the reply is empty. */
const patching =
  (put: (document: Fields, asked: Asked) => void): Handler =>
  (asked) => {
    const read = documentOf(asked);
    if ('refusal' in read) return read.refusal;
    put(read.document, asked);
    return plain('');
  };

export const patchSystemPage = patching((document, { unit, now }) => {
  patchSystem(document, unit.config, unit.old);
  unit.reload(now);
});

export const patchSettingsPage = patching((document, { unit, now }) => {
  patchSettings(document, unit.config);
  unit.reload(now);
});

export const patchInflux = patching((document, { unit }) => patchRecord(document, unit.config.influx));
export const patchAlert = patching((document, { unit }) => patchRecord(document, unit.config.alert));

/** Secrets are not given back; switches are 0 and 1. */
const shown = (record: Readonly<Record<string, string | number | boolean>>, secret: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => key !== secret)
      .map(([key, value]) => [key, typeof value === 'boolean' ? Number(value) : value]),
  );

export const getInflux: Handler = ({ unit }) => json(shown(unit.config.influx, 'token'));
export const getAlert: Handler = ({ unit }) => json(shown(unit.config.alert, 'webhookUrl'));
export const postAlertTest: Handler = ({ unit }) =>
  unit.config.alert.webhookUrl === '' ? error(500, 'Send failed') : plain('ok');

export const getSwarm: Handler = ({ unit }) => ({ ...json(null), body: unit.config.swarm });
/** Kept as it comes, whatever it is. */
export const patchSwarm: Handler = ({ unit, request }) => {
  if (request.body.length >= TOO_LONG) return error(500, 'content too long');
  unit.config.swarm = new TextDecoder().decode(request.body);
  return plain('');
};

export const postRestart: Handler = ({ unit, now }) => {
  const cuts = unit.isOn('restart-cuts');
  unit.restartLater(now, cuts ? 0 : ASSUMED.soonMs);
  return { ...plain('System will restart shortly.'), ...(cuts && { end: 'reset' as const }) };
};

export const postShutdown: Handler = ({ unit, now }) => {
  unit.shutDownLater(now, ASSUMED.soonMs);
  return plain('System will shutdown shortly.');
};

export const postResetStats: Handler = ({ unit, now }) => {
  unit.resetCounts(now);
  return plain('', 204);
};

const FAULTS: Record<ImageFault, string> = {
  'no-image': 'Flash Error',
  'not-valid': 'Validation / Activation Error',
};

const writingMs = (bytes: number): number => Math.round((bytes / ASSUMED.flashBytesPerS) * 1000);

/** Versions of this family: AxeOS counts from v2. */
const VERSION = /^v[01]\.\d+\.\d+/;

export const postFirmware: Handler = ({ unit, request, now }) => {
  const { body } = request;
  const image = body.length > ASSUMED.firmwareBytes ? 'not-valid' : readEspImage(body);
  if (typeof image === 'string') return error(500, FAULTS[image]);
  unit.startNext(image.project === ASSUMED.project && VERSION.test(image.version) ? image.version : '');
  const afterMs = writingMs(body.length);
  unit.restartLater(now, afterMs + ASSUMED.soonMs);
  return { ...plain('Firmware update complete, rebooting now!\n'), afterMs };
};

export const postPage: Handler = ({ request }) => {
  const { body } = request;
  if (body.length > ASSUMED.pageBytes) return error(400, 'File provided is too large for device');
  return { ...plain('WWW update complete\n'), afterMs: writingMs(body.length) };
};

const GITHUB = 'https://github.com/shufps/';
const MOST_UPDATE_BYTES = 4096;

/** An address below the project's own, without tricks. */
const isSafe = (url: string): boolean =>
  url.toLowerCase().startsWith(GITHUB) &&
  !/\.\.\/|\/\.\.|%2e%2e|\\/i.test(url) &&
  [...url].every((letter) => letter >= ' ' && letter !== '\u007f');

export const postUpdate: Handler = ({ unit, request, now }) => {
  const { body } = request;
  if (body.length === 0 || body.length > MOST_UPDATE_BYTES) return error(400, 'Body too large or empty');
  const document = parsed(body);
  if (document === undefined) return error(400, 'Invalid JSON');
  const url = isRecord(document) && Object.hasOwn(document, 'url') ? text(document.url) : null;
  if (url === null) return error(400, '`url` missing');
  if (!isSafe(url)) return error(400, 'Invalid or unsafe URL');
  const version = /(v\d+\.\d+\.\d+)[^/]*$/.exec(url)?.[1] ?? unit.version;
  return unit.beginUpdate(now, version) ? json({ status: 'started' }, 202) : json({ status: 'busy' }, 409);
};

export const getUpdate: Handler = ({ unit, now }) => {
  const { running, step, progress } = unit.updateStatus(now);
  const reply = json({ pending: false, running, step, progress });
  return { ...reply, headers: { ...reply.headers, 'cache-control': 'no-store, no-cache, must-revalidate' } };
};

// One-time passwords

export const getOtp: Handler = ({ unit }) => json({ enabled: unit.otp.enabled });

export const postOtp: Handler = ({ unit }) => {
  if (unit.otp.enabled) return error(405, 'OTP is enabled');
  unit.otp.isEnrolling = true;
  return plain('');
};

export const patchOtp: Handler = (asked) => {
  const { unit, request, now } = asked;
  const refusal = unit.otp.refusal(request.headers, now, true);
  if (refusal !== null) return error(401, refusal);
  unit.otp.isEnrolling = false;
  const read = documentOf(asked);
  if ('refusal' in read) return read.refusal;
  const enabled = Object.hasOwn(read.document, 'enabled') ? bool(read.document.enabled) : null;
  if (enabled === null) return error(500, 'invalid enabled state');
  unit.otp.enabled = enabled;
  return plain('');
};

export const postOtpSession: Handler = ({ unit, request, now }) => {
  if (!unit.otp.enabled) return error(405, 'OTP disabled');
  const code = request.headers['x-totp'];
  if (code === undefined || code === '' || code.length > 15) return error(400, 'Missing X-TOTP header');
  return unit.otp.isCode(code, now) ? json(unit.otp.newSession(now)) : error(401, 'Invalid TOTP');
};

// The CAN bus: nobody else is on it, and the firmware says ok all the same.

export const writeCanNode: Handler = ({ path, request }) => {
  const [, id = '', action] = /^\/api\/v2\/can\/nodes\/([^/]*)(?:\/(.*))?$/.exec(path) ?? [];
  const number = Number.parseInt(id, 10);
  if (!(number >= 1 && number < ASSUMED.canSlaves)) return error(400, 'invalid id');
  if (request.method === 'POST' && !['restart', 'shutdown', 'identify'].includes(action ?? ''))
    return error(400, 'unknown action');
  if (request.method === 'PATCH' && request.body.length === 0) return error(400, 'no body');
  if (request.method === 'PATCH' && parsed(request.body) === undefined) return error(400, 'invalid json');
  return plain('{"ok":true}');
};
