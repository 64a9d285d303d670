import { HeadframeError } from '@headframe/model';

/*
 * The application image of an ESP32, looked at before a byte of it leaves: the device checks it only when all of it is in
 * its flash. Layout: ESP-IDF, esp_image_header_t (24 bytes), esp_image_segment_header_t (8) and esp_app_desc_t, which
 * stands first in the first segment.
 */

const IMAGE_MAGIC = 0xe9;
const DESCRIPTION_MAGIC = 0xabcd5432;
/** ESP_CHIP_ID_ESP32S3: all these boards have one. */
const ESP32_S3 = 9;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const MOST_SEGMENTS = 16;
const DESCRIPTION_AT = HEADER_BYTES + SEGMENT_HEADER_BYTES;
const VERSION_AT = DESCRIPTION_AT + 16;
const PROJECT_AT = VERSION_AT + 32;
const TEXT_BYTES = 32;
const DESCRIPTION_BYTES = 256;

/** What an application image says of itself. */
export interface EspImage {
  /** `v2.12.2`: cut off after 31 characters by the build. */
  readonly version: string;
  /** `esp-miner`, of AxeOS and of the NerdQAxe branch alike (CMakeLists.txt of both). */
  readonly project: string;
}

/** @throws HeadframeError `usage/invalid`: it is no whole application image for an ESP32-S3 */
export function readEspImage(bytes: Uint8Array): EspImage {
  if (bytes[0] !== IMAGE_MAGIC) throw wrong('it does not begin as an ESP32 image does (0xE9)');
  if (bytes.length < DESCRIPTION_AT + DESCRIPTION_BYTES) throw wrong('it is too short for an ESP32 image');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chip = view.getUint16(12, true);
  if (chip !== ESP32_S3) throw wrong(`it is built for another chip (id ${chip}, an ESP32-S3 has ${ESP32_S3})`);
  if (view.getUint32(DESCRIPTION_AT, true) !== DESCRIPTION_MAGIC) {
    throw wrong('it does not describe an application: a factory image for the USB port is of no use here');
  }
  const end = endOfSegments(view, bytes[1] ?? 0);
  // One byte of checksum stands behind the segments, filled up to 16.
  if (end === null || end + 1 > bytes.length) throw wrong('it is cut short');
  return { version: textAt(bytes, VERSION_AT), project: textAt(bytes, PROJECT_AT) };
}

/** Null: a segment reaches beyond the file. */
function endOfSegments(view: DataView, count: number): number | null {
  if (count < 1 || count > MOST_SEGMENTS) throw wrong(`it has ${count} segments`);
  let at = HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    if (at + SEGMENT_HEADER_BYTES > view.byteLength) return null;
    at += SEGMENT_HEADER_BYTES + view.getUint32(at + 4, true);
  }
  return at;
}

function textAt(bytes: Uint8Array, at: number): string {
  const field = bytes.subarray(at, at + TEXT_BYTES);
  const end = field.indexOf(0);
  return new TextDecoder().decode(field.subarray(0, end === -1 ? TEXT_BYTES : end));
}

/** Whether a file begins like an application image. */
export const looksLikeEspImage = (bytes: Uint8Array): boolean => bytes[0] === IMAGE_MAGIC;

/** The project of AxeOS and of the NerdQAxe branch. */
export const PROJECT = 'esp-miner';

/**
 * The image, when it is the one that was meant.
 * @param version what the device must show afterwards
 * @throws HeadframeError `usage/invalid`: nothing was sent
 */
export function espMinerImage(bytes: Uint8Array, version: string): EspImage {
  const image = readEspImage(bytes);
  if (image.project !== PROJECT) throw wrong(`it is another program ("${image.project}", not ${PROJECT})`);
  if (image.version !== version && !(image.version.length === TEXT_BYTES - 1 && version.startsWith(image.version))) {
    throw wrong(`it is version ${image.version}, and ${version} is expected`);
  }
  return image;
}

/** That a file is not sent, and why. */
export const wrong = (what: string): HeadframeError =>
  new HeadframeError('usage/invalid', { detail: `The file is not the right one: ${what}; nothing was sent` });
