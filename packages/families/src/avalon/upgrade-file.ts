/** What a firmware file of Canaan's says of itself. */
export interface UpgradeHeader {
  /** Its length, bytes. */
  readonly length: number;
  readonly version: string;
  /** The `HWTYPE` and `SWTYPE` that it is for; empty where it does not say. */
  readonly hardware: readonly string[];
  readonly software: readonly string[];
}

export interface UpgradeFile {
  readonly header: UpgradeHeader | null;
  /** The whole file, its header included. */
  readonly bytes: Uint8Array;
}

const MAGIC = 'AUP format';
const COMMON = 20;
const MOST_NAMES = 64;

/**
 * The Avalon upgrade package: 16 bytes `AUP format`, a number for its form (0, 1, 2), then little-endian fields and
 * zero-padded texts; the firmware follows. Published with Canaan's own fleet tool (fms-core). Any other file has no
 * header; never throws.
 */
export function upgradeFile(bytes: Uint8Array): UpgradeFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textAt = (at: number, most: number): string => {
    const field = bytes.subarray(at, at + most);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  };
  const whole = (header: UpgradeHeader): UpgradeFile => ({
    header: header.length <= bytes.length ? header : null,
    bytes,
  });
  if (bytes.length < 92 || textAt(0, 16) !== MAGIC) return { header: null, bytes };
  switch (view.getUint32(16, true)) {
    case 0:
      return whole({ length: 92, version: textAt(COMMON + 4, 64), hardware: [], software: [] });
    case 1:
      return whole({ length: 224, version: textAt(156, 64), hardware: namesIn(textAt(24, 128)), software: [] });
    case 2: {
      if (bytes.length < 100) return { header: null, bytes };
      const [hardware, software] = [view.getUint32(92, true), view.getUint32(96, true)];
      if (hardware > MOST_NAMES || software > MOST_NAMES) return { header: null, bytes };
      const names = (from: number, count: number) => Array.from({ length: count }, (_, i) => textAt(from + i * 32, 32));
      return whole({
        length: 104 + (hardware + software) * 32,
        version: textAt(COMMON + 4, 64),
        hardware: names(100, hardware).filter((name) => name !== ''),
        software: names(100 + hardware * 32, software).filter((name) => name !== ''),
      });
    }
    default:
      return { header: null, bytes };
  }
}

const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
