import type { SimulatedHttpReply } from '../sim/device.ts';
import { type ImageFault, readEspImage } from '../sim/esp-image.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type Asked, error, type Handler, json, plain } from './sim-page.ts';

/*
 * POST /api/system/OTA and OTAWWW: the raw bytes of a file (protocols.md 6.5). A real image of AxeOS is taken, and every
 * other image for an ESP32-S3 as well: the device does not look whose it is, and comes up as something else.
 *
 * A real page is an image of a file system. What it calls itself is read from a form of this simulator's own:
 *
 *   headframe simulated page
 *   version: v2.9.1
 */
const PAGE = /^headframe simulated page\r?\nversion: ([ -~]{1,32})\r?\n/;

const MOST_PAGE_BYTES = 3 << 20;

/** Failures are `{"message":...}` from v2.15 on. */
const failed = (asked: Asked, status: number, text: string): SimulatedHttpReply =>
  asked.unit.release.minor >= 15 ? json(asked, { message: text }, true, status) : error(status, text);

const FAULTS: Record<ImageFault, (asked: Asked) => string> = {
  // Seen at the first byte, when it is written.
  'no-image': ({ unit }) => (unit.release.minor <= 5 ? 'Flash Error' : 'Write Error'),
  'not-valid': () => 'Validation / Activation Error',
};

const writingMs = (bytes: number): number => Math.round((bytes / ASSUMED.flashBytesPerS) * 1000);

export const postFirmware: Handler = (asked) => {
  const { unit, request, now } = asked;
  if (unit.isOn('ap-mode')) return failed(asked, 500, 'Not allowed in AP mode');
  const { body } = request;
  const image = body.length > ASSUMED.firmwareBytes ? 'not-valid' : readEspImage(body);
  if (typeof image === 'string') return failed(asked, 500, FAULTS[image](asked));
  const partition = unit.otherPartition();
  const isAxeos = image.project === ASSUMED.axeosProject;
  unit.startNext(partition, isAxeos ? unit.flash(partition, image) : null);
  const afterMs = writingMs(body.length);
  unit.restartLater(now, afterMs + ASSUMED.rebootAfterFlashMs);
  return { ...plain('Firmware update complete, rebooting now!\n'), afterMs };
};

export const postPage: Handler = (asked) => {
  const { unit, request, now } = asked;
  if (unit.isOn('ap-mode')) return failed(asked, 500, 'Not allowed in AP mode');
  const { body } = request;
  if (body.length > MOST_PAGE_BYTES) return failed(asked, 400, 'File provided is too large for device');
  const start = new TextDecoder('latin1').decode(body.subarray(0, 100));
  unit.page = PAGE.exec(start)?.[1] ?? ASSUMED.pageVersion;
  const afterMs = writingMs(body.length);
  if (unit.release.minor < 15) return { ...plain('WWW update complete\n'), afterMs };
  unit.restartLater(now, afterMs + ASSUMED.rebootAfterFlashMs);
  return { ...plain('WWW update complete, rebooting now!'), afterMs };
};
