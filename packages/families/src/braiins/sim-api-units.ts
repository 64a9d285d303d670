import { SaveAction } from './contract/index.ts';
import { REFUSE } from './sim-refusal.ts';
import type { Keep } from './sim-state.ts';

/*
 * Quantities as messages of the contract.
 */

export const watt = (watts: number) => ({ watt: BigInt(Math.max(0, Math.round(watts))) });
export const terahash = (ths: number) => ({ terahashPerSecond: ths });
export const gigahash = (hs: number) => ({ gigahashPerSecond: hs / 1e9 });
export const megahash = (hs: number) => ({ megahashPerSecond: hs / 1e6 });
export const hertz = (mhz: number) => ({ hertz: mhz * 1e6 });
export const volt = (volts: number) => ({ volt: volts });
export const celsius = (degreeC: number) => ({ degreeC });

/** Epoch ms as google.protobuf.Timestamp. */
export const timestamp = (at: number) => ({
  seconds: BigInt(Math.floor(at / 1000)),
  nanos: Math.floor(at % 1000) * 1_000_000,
});

/** What a SaveAction asks for (protocols.md 7.2): 1 save, 2 save and apply, 3 save and force apply. */
export function keepOf(action: SaveAction): Keep {
  switch (action) {
    case SaveAction.SAVE:
      return 'save';
    case SaveAction.SAVE_AND_APPLY:
    case SaveAction.SAVE_AND_FORCE_APPLY:
      return 'apply';
    default:
      throw REFUSE.invalid(`save_action ${action} is not known`);
  }
}
