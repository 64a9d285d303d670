import type { DeviceLabel, DeviceProfile, FamilySimulator } from '../sim/device.ts';
import { type Board, GAMMA, GAMMA_DUO, GAMMA_TURBO, HEX, MAX, SUPRA, SUPRA_HEX, ULTRA } from './sim-boards.ts';
import { quirksOf } from './sim-quirks.ts';
import { type Release, releaseOf } from './sim-releases.ts';
import { Bitaxe } from './sim-unit.ts';
import { webOf } from './sim-web.ts';

function release(version: string): Release {
  const found = releaseOf(version);
  if (found === null) throw new RangeError(`not a version of AxeOS: ${version}`);
  return found;
}

function profile(name: string, board: Board, version: string, rare = false): DeviceProfile {
  const running = release(version);
  const quirks = quirksOf(running);
  const label: DeviceLabel = {
    family: 'axeos',
    make: 'Bitaxe',
    model: `Bitaxe ${board.deviceModel}`,
    firmware: 'axeos',
  };
  return {
    name,
    label,
    ...(rare && { rare }),
    quirks,
    create: (seed) => {
      const unit = new Bitaxe(board, running, (quirk) => seed.quirks?.[quirk] ?? quirks[quirk]?.on ?? false, seed);
      return {
        label,
        http: webOf(unit),
        work: (now) => unit.workDone(now),
        listening: (protocol, now) => protocol === 'http' && unit.isListening(now),
      };
    },
  };
}

/** A Gamma with every release of protocols.md 6.2, by its last known patch. */
const RELEASES = ['4.0', '5.0', '6.0', '7.0', '8.0', '9.0', '10.0', '11.0', '12.2', '13.0', '14.1', '15.0'];

/** The other end of the wire of a Bitaxe (protocols.md 6): AxeOS v2.4 to v2.15 on the boards of 6.7. */
export const axeosSimulator: FamilySimulator = {
  id: 'axeos',
  profiles: [
    profile('gamma', GAMMA, 'v2.9.0'),
    profile('supra', SUPRA, 'v2.4.5'),
    profile('ultra', ULTRA, 'v2.12.2'),
    profile('gamma-turbo', GAMMA_TURBO, 'v2.15.0'),
    profile('max', MAX, 'v2.4.5'),
    profile('hex', HEX, 'v2.15.0'),
    profile('supra-hex', SUPRA_HEX, 'v2.14.1'),
    profile('gamma-duo', GAMMA_DUO, 'v2.13.0'),
    ...RELEASES.map((version) => profile(`gamma-v2.${version.split('.')[0]}`, GAMMA, `v2.${version}`, true)),
  ],
};
