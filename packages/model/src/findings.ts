import type { Severity } from './snapshot.ts';

/** What is wrong with a machine that does talk. A vendor's code that has no entry here is `vendor.unmapped`, never lost. */
export interface FindingKind {
  readonly severity: Severity;
  /** What it means, for a person. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Every finding there is. `docs/reference/findings.md` is generated from it. */
export const FINDINGS = {
  'hashboard.missing': {
    severity: 'error',
    meaning: 'A hashboard that this model has does not show',
    remedy: 'Reseat its data and power cables; if it stays away, the board goes to repair.',
  },
  'hashboard.chips-missing': {
    severity: 'error',
    meaning: 'A hashboard works with fewer chips than it has',
    remedy: 'Restart once; if the count stays low, the board goes to repair.',
  },
  'hashboard.temperature-high': {
    severity: 'warning',
    meaning: 'A hashboard is hotter than it should be',
    remedy: 'Check the air path, the filters and the fans.',
  },
  'chip.temperature-high': {
    severity: 'error',
    meaning: 'A chip is hotter than the firmware allows',
    remedy: 'Check cooling; the firmware will throttle or stop the machine.',
  },
  'fan.stalled': {
    severity: 'error',
    meaning: 'A fan does not turn while the machine hashes',
    remedy: 'Check its plug and replace the fan.',
  },
  'fan.fault': {
    severity: 'error',
    meaning: 'The machine reports a fault of a fan',
    remedy: 'Check plug and fan, replace the fan.',
  },
  'psu.fault': {
    severity: 'error',
    meaning: 'The machine reports a fault of its power supply',
    remedy: "Check the supply's input and cables; replace the supply.",
  },
  'network.fault': {
    severity: 'warning',
    meaning: 'The machine reports trouble with its network',
    remedy: 'Check cable, switch port and DNS.',
  },
  'temperature.fault': {
    severity: 'error',
    meaning: 'The machine reports a temperature out of bounds, or a sensor that does not answer',
    remedy: 'Check cooling and sensors.',
  },
  'hashrate.fault': {
    severity: 'warning',
    meaning: 'The machine itself says that its hashrate is wrong',
    remedy: 'Compare with its nominal rate, look at its hashboards.',
  },
  'hashrate.below-nominal': {
    severity: 'warning',
    meaning: 'The machine hashes well below what it says it should',
    remedy: 'Look at its hashboards, temperatures and tuning profile.',
  },
  'hashrate.zero': {
    severity: 'error',
    meaning: 'The machine is up and should hash, and does not',
    remedy: 'Look at its pools and its hashboards.',
  },
  'pool.dead': {
    severity: 'error',
    meaning: 'No pool takes the work of this machine',
    remedy: 'Check the address of the pool, DNS and the uplink.',
  },
  'pool.rejecting': {
    severity: 'warning',
    meaning: 'A pool rejects the shares of this machine',
    remedy: 'Check the worker name and the pool account.',
  },
  'nonce.segments-overlap': {
    severity: 'warning',
    meaning:
      'Rigs of one pool search the same nonces: work that is done twice, unless the pool gives each an extranonce',
    remedy: 'Start one of each pair at another nonce: headframe do ADDRESS ethminer.shuffle.',
  },
  'device.fault': {
    severity: 'error',
    meaning: 'The machine reports that a device of its own is sick or dead',
    remedy: 'Restart the miner; if it comes back, look at the hashboard that is named.',
  },
  'firmware.fault': {
    severity: 'error',
    meaning:
      'The machine says that its own software is wrong: a checksum, a version or a file that does not belong there',
    remedy: "Install the vendor's current firmware for this very model.",
  },
  'clock.skew': {
    severity: 'warning',
    meaning: "The machine's clock and ours differ by more than a minute",
    remedy: 'Check the time server of the machine and the clock of this host.',
  },
  'credentials.factory-default': {
    severity: 'warning',
    meaning: 'The machine still takes the user name and password that the factory set',
    remedy: 'Set a password of your own: headframe do ADDRESS set-password.',
  },
  'vendor.unmapped': {
    severity: 'warning',
    meaning: "The machine reports something that Headframe has no word for; the vendor's code and text are kept",
    remedy: "Look the code up in the vendor's own documents.",
  },
} as const satisfies Record<string, FindingKind>;

export type FindingCode = keyof typeof FINDINGS;
