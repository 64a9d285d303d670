import { ASSUMED } from './sim-assumed.ts';

/*
 * Firmware in a form of this simulator's own: a real image is signed and nobody can make one. Ours is text lines up to
 * the first empty one, whatever bytes follow:
 *
 *   headframe simulated firmware
 *   version: 20260110.12.Rel     what the machine calls itself afterwards
 *   model: M60S_VK40             refused by every other model; for all without this line
 */
const FIRST_LINE = 'headframe simulated firmware';
const HEADER_BYTES = 4096;
const SIZE_BYTES = 4;

/** The version of an image, or null when the machine does not take it. */
export function firmwareIn(header: Uint8Array, model: string): string | null {
  const lines = new TextDecoder('latin1').decode(header).split('\n');
  if (lines[0] !== FIRST_LINE) return null;
  const empty = lines.indexOf('');
  const values = new Map<string, string>();
  for (const line of empty < 0 ? lines : lines.slice(0, empty)) {
    const [, name, value] = /^(version|model): ([ -~]{1,64})$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  if (values.has('model') && values.get('model') !== model) return null;
  return values.get('version') ?? null;
}

/** What came of bytes that belong to an upload. */
export type UploadStep =
  | { readonly kind: 'more' }
  /** The size before the file is none that the machine takes. */
  | { readonly kind: 'refused' }
  /** All is there; what came behind the file stands in `rest`. */
  | { readonly kind: 'done'; readonly header: Uint8Array; readonly rest: Uint8Array };

/** A file on its way: 4 bytes of size, little-endian, and the file (protocols.md 3.5). Only its head is kept. */
export class Upload {
  #prefix = new Uint8Array(0);
  #header = new Uint8Array(0);
  #size: number | null = null;
  #received = 0;
  lastAt: number;

  constructor(startedAt: number) {
    this.lastAt = startedAt;
  }

  get hasSize(): boolean {
    return this.#size !== null;
  }

  take(bytes: Uint8Array, now: number): UploadStep {
    this.lastAt = now;
    let file = bytes;
    if (this.#size === null) {
      const whole = joined(this.#prefix, bytes);
      if (whole.length < SIZE_BYTES) {
        this.#prefix = whole;
        return { kind: 'more' };
      }
      this.#size = new DataView(whole.buffer, whole.byteOffset, SIZE_BYTES).getUint32(0, true);
      if (this.#size === 0 || this.#size > ASSUMED.firmwareBytes) return { kind: 'refused' };
      file = whole.subarray(SIZE_BYTES);
    }
    const own = file.subarray(0, this.#size - this.#received);
    this.#received += own.length;
    if (this.#header.length < HEADER_BYTES) this.#header = joined(this.#header, own).slice(0, HEADER_BYTES);
    if (this.#received < this.#size) return { kind: 'more' };
    return { kind: 'done', header: this.#header, rest: file.subarray(own.length) };
  }
}

export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
