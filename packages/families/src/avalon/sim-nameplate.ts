import { between, hash32, streamKey } from '../sim/counter-random.ts';

/** What belongs to one machine from its making: numbers of its own, DNA, MAC. All of it follows from the seed. */
export class Nameplate {
  readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  key(...parts: readonly (string | number)[]): number {
    return streamKey(this.seed, 'avalon', ...parts);
  }

  /** A number of this machine's own between two bounds. */
  own(what: string, low: number, high: number): number {
    return between(this.key(what), 0, low, high);
  }

  /** Hexadecimal digits that belong to this machine. */
  hex(what: string, digits: number): string {
    let out = '';
    for (let i = 0; out.length < digits; i++) out += hash32(this.key(what), i).toString(16).padStart(8, '0');
    return out.slice(0, digits);
  }

  get dna(): string {
    return this.hex('dna', 16);
  }

  /** Twelve digits; with colons in capitals. */
  mac(colons: boolean): string {
    const mac = `02${this.hex('mac', 10)}`;
    return colons ? mac.toUpperCase().replace(/(..)(?=.)/g, '$1:') : mac;
  }
}
