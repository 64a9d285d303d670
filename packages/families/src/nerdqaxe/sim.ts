import type { DeviceLabel, DeviceProfile, FamilySimulator } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import {
  NERDAXE,
  NERDAXE_GAMMA,
  NERDOCTAXE_GAMMA,
  NERDQAXE_PLUS,
  NERDQAXE_PLUS_PLUS,
  type NerdBoard,
} from './sim-boards.ts';
import { quirksOf } from './sim-quirks.ts';
import { Nerd } from './sim-unit.ts';
import { webOf } from './sim-web.ts';

interface Kind {
  readonly rare?: boolean;
  readonly old?: boolean;
  /** Writes want a one-time password. */
  readonly otp?: boolean;
}

function profile(name: string, board: NerdBoard, { rare = false, old = false, otp = false }: Kind = {}): DeviceProfile {
  const firmware = old ? ASSUMED.oldVersion : ASSUMED.version;
  const quirks = quirksOf(old, otp);
  const label: DeviceLabel = { family: 'nerdqaxe', make: 'NerdAxe', model: board.deviceModel, firmware: 'nerdqaxe' };
  return {
    name,
    label,
    ...(rare && { rare }),
    quirks,
    create: (seed) => {
      const unit = new Nerd(board, firmware, (quirk) => seed.quirks?.[quirk] ?? quirks[quirk]?.on ?? false, seed);
      return {
        label,
        http: webOf(unit),
        work: (now) => unit.workDone(now),
        listening: (protocol, now) => protocol === 'http' && unit.isListening(now),
      };
    },
  };
}

/** The other end of the wire of the NerdQAxe family (protocols.md 6.6). */
export const nerdqaxeSimulator: FamilySimulator = {
  id: 'nerdqaxe',
  profiles: [
    profile('nerdqaxe-plus-plus', NERDQAXE_PLUS_PLUS),
    profile('nerdqaxe-plus', NERDQAXE_PLUS),
    profile('nerdaxe', NERDAXE),
    profile('nerdaxe-gamma', NERDAXE_GAMMA),
    profile('nerdoctaxe-gamma', NERDOCTAXE_GAMMA),
    profile('nerdqaxe-plus-plus-otp', NERDQAXE_PLUS_PLUS, { rare: true, otp: true }),
    profile('nerdqaxe-plus-old', NERDQAXE_PLUS, { rare: true, old: true }),
  ],
};
