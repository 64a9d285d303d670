/** A small firmware image for an ESP32-S3, valid unless told otherwise: what tests send to a simulated device. */
export function espImage({
  version = 'v2.9.1',
  project = 'esp-miner',
  chip = 9,
  checksum = true,
  extraBytes = 0,
}: {
  readonly version?: string;
  readonly project?: string;
  readonly chip?: number;
  readonly checksum?: boolean;
  readonly extraBytes?: number;
} = {}): Uint8Array {
  const data = new Uint8Array(512 + extraBytes);
  const view = new DataView(data.buffer);
  const put = (value: string, at: number) => data.set(new TextEncoder().encode(value), at);
  view.setUint32(0, 0xabcd5432, true);
  put(version, 16);
  put(project, 48);
  put('10:02:11', 80);
  put('Feb  3 2026', 96);
  put('v5.5.1', 112);
  const end = 24 + 8 + data.length;
  const image = new Uint8Array((end & ~15) + 16);
  const head = new DataView(image.buffer);
  image[0] = 0xe9;
  image[1] = 1;
  head.setUint16(12, chip, true);
  head.setUint32(24, 0x3c000020, true);
  head.setUint32(28, data.length, true);
  image.set(data, 32);
  let sum = 0xef;
  for (const byte of data) sum ^= byte;
  image[image.length - 1] = checksum ? sum : sum ^ 1;
  return image;
}
