/*
 * Firmware images of ESP32 chips, as far as the boot loader and `esp_ota_end` look at them: header, chip, segments and
 * checksum. The description of an app stands at the start of the first segment. Source: Espressif's pages "App Image
 * Format" and "esp_app_desc". The SHA-256 that may follow is not computed here.
 */

const MAGIC = 0xe9;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const DESCRIPTION_AT = HEADER_BYTES + SEGMENT_HEADER_BYTES;
const DESCRIPTION_BYTES = 256;
const DESCRIPTION_MAGIC = 0xabcd5432;
const ESP32_S3 = 9;
const MOST_SEGMENTS = 16;
const CHECKSUM_SEED = 0xef;

export interface EspImage {
  readonly version: string;
  readonly project: string;
  /** As the compiler prints it: `10:02:11`. */
  readonly time: string;
  readonly date: string;
  readonly idfVersion: string;
}

/** What is wrong with an image: seen at its first byte while it is written, or in the end when it is verified. */
export type ImageFault = 'no-image' | 'not-valid';

/** A text of fixed length, ended by its first NUL. */
function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? field : field.subarray(0, end));
}

/** What the boot loader makes of an image for an ESP32-S3. Looks at every byte once. */
export function readEspImage(bytes: Uint8Array): EspImage | ImageFault {
  if (bytes[0] !== MAGIC) return 'no-image';
  if (bytes.length < DESCRIPTION_AT + DESCRIPTION_BYTES) return 'not-valid';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const segments = bytes[1] ?? 0;
  if (segments === 0 || segments > MOST_SEGMENTS || view.getUint16(12, true) !== ESP32_S3) return 'not-valid';
  let at = HEADER_BYTES;
  let checksum = CHECKSUM_SEED;
  for (let n = 0; n < segments; n++) {
    if (at + SEGMENT_HEADER_BYTES > bytes.length) return 'not-valid';
    const length = view.getUint32(at + 4, true);
    at += SEGMENT_HEADER_BYTES;
    if (length > bytes.length - at) return 'not-valid';
    for (let i = at; i < at + length; i++) checksum ^= bytes[i] ?? 0;
    at += length;
  }
  // The checksum is the last byte of a block of 16.
  const checksumAt = (at & ~15) + 15;
  if (bytes[checksumAt] !== checksum) return 'not-valid';
  if (view.getUint32(DESCRIPTION_AT, true) !== DESCRIPTION_MAGIC) return 'not-valid';
  return {
    version: text(bytes, DESCRIPTION_AT + 16, 32),
    project: text(bytes, DESCRIPTION_AT + 48, 32),
    time: text(bytes, DESCRIPTION_AT + 80, 16),
    date: text(bytes, DESCRIPTION_AT + 96, 16),
    idfVersion: text(bytes, DESCRIPTION_AT + 112, 32),
  };
}
