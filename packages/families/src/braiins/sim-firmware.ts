import type { MessageShape } from '@bufbuild/protobuf';
import { sha256Hex } from '@headframe/wire/http';
import type { SystemUpgradeMetadata, SystemUpgradeRequestSchema } from './contract/index.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { ApiRefusal, GRPC, REFUSE } from './sim-refusal.ts';
import { releaseIn, upgrade } from './sim-upgrade.ts';

/** A firmware on its way to the machine: what it is first, then its bytes (the comments of the contract). */
export class FirmwareUpload {
  readonly #machine: BraiinsMachine;
  #metadata: SystemUpgradeMetadata | null = null;
  readonly #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(machine: BraiinsMachine) {
    this.#machine = machine;
  }

  /** @throws ApiRefusal */
  take({ payload }: MessageShape<typeof SystemUpgradeRequestSchema>): void {
    if (this.#machine.busy) throw REFUSE.busy();
    if (payload.case === 'metadata') {
      if (this.#metadata !== null) throw REFUSE.invalid('metadata is given twice');
      const { size, hash } = payload.value;
      if (size === 0n || size > ASSUMED.largestFirmware) throw REFUSE.invalid(`firmware size ${size} is out-of-range`);
      if (!/^[0-9a-f]{64}$/i.test(hash)) throw REFUSE.invalid('hash is not a SHA-256 in hex');
      this.#metadata = payload.value;
      return;
    }
    if (this.#metadata === null) throw REFUSE.invalid('the first message has to be metadata');
    if (payload.case === undefined) throw REFUSE.invalid('payload is required');
    this.#size += payload.value.length;
    if (BigInt(this.#size) > this.#metadata.size) {
      throw new ApiRefusal(GRPC.resourceExhausted, 'more bytes than the metadata says');
    }
    this.#pieces.push(payload.value);
  }

  /**
   * All of it came: checks it and begins the upgrade.
   * @throws ApiRefusal
   */
  finish(now: number): void {
    const metadata = this.#metadata;
    if (metadata === null) throw REFUSE.invalid('the first message has to be metadata');
    if (BigInt(this.#size) !== metadata.size) throw REFUSE.invalid('fewer bytes than the metadata says');
    const file = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      file.set(piece, at);
      at += piece.length;
    }
    if (sha256Hex(file) !== metadata.hash.toLowerCase()) throw REFUSE.invalid('hash does not match the firmware');
    upgrade(this.#machine, now, releaseIn(file), metadata.discardSettings);
  }
}
