/**
 * An application image as ESP-IDF lays it out: header, one segment with the description in front, zeros up to the last byte
 * of a row of 16, which is the checksum: 0xEF and all bytes of the segment, exclusive or.
 */
export function imageOf({
  version,
  project = 'esp-miner',
  chip = 9,
  described = true,
  text = '',
}: {
  readonly version: string;
  readonly project?: string;
  readonly chip?: number;
  readonly described?: boolean;
  /** Stands somewhere in the program. */
  readonly text?: string;
}): Uint8Array {
  const program = new TextEncoder().encode(text);
  const segment = 1024 + program.length;
  const end = 24 + 8 + segment;
  const bytes = new Uint8Array(16 * Math.floor(end / 16) + 16);
  const view = new DataView(bytes.buffer);
  bytes.set([0xe9, 1, 2, 0x4f]);
  view.setUint16(12, chip, true);
  view.setUint32(24, 0x3c000020, true);
  view.setUint32(28, segment, true);
  if (described) view.setUint32(32, 0xabcd5432, true);
  bytes.set(new TextEncoder().encode(version), 48);
  bytes.set(new TextEncoder().encode(project), 80);
  bytes.set(program, 32 + 600);
  bytes[bytes.length - 1] = bytes.subarray(32, end).reduce((sum, byte) => sum ^ byte, 0xef);
  return bytes;
}
