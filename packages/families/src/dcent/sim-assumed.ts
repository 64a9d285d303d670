/**
 * What no source gives, in one place. A client must not stand on any of it.
 *
 * What is known is from `protocols.md` 9 and, beyond that, from the public repository (DCentralTech/DCENT_OS, its
 * `dcentrald-api` crate as of 2026): commands, keys, codes, ranges and order of checks, taken as facts. Messages that
 * are a few words are the device's; those that are sentences say the same in our words, and so do the texts in
 * `_DCENTNote` and `_DCENTFieldSources`.
 */
export const ASSUMED = {
  /** The daemon answers so long after power came on, ms. */
  bootMs: 40_000,
  /** The daemon ends and is back, ms. That it ends 2 s after the reply is known. */
  restartMs: 5000,
  /** The thermal loop looks every so many ms: sleep and wake begin at a look (the 5 s are from its architecture page). */
  controlTickMs: 5000,
  /** From the look at which it wakes until it no longer says so, ms: voltage, heartbeat, counting the chips. */
  wakingMs: 10_000,
  /** Boards come to frequency in so many seconds (the 60 s of waking are from its architecture page). */
  rampS: 60,
  /** The tuner moves to another point in so many seconds. */
  tunerRampS: 120,
  /** Status of a chain: `mining` is known. */
  chainStatus: { mining: 'mining', starting: 'initializing', asleep: 'sleeping', dead: 'dead' },
  /** Status of the pool in use: `Alive` and `Standby` are known. */
  poolStatus: { alive: 'Alive', away: 'Connecting', none: 'Disconnected' },
  /** A chain's rate is the mean of so many seconds; the miner's own windows are known. */
  chainWindowS: 5,
  /** Temperatures come in steps of this, °C. */
  temperatureStepC: 0.1,
  /** The first power reading is there after so many seconds. Before, metrics say 0 W. */
  firstPowerS: 10,
  /** Boards and control board of what is drawn at the wall. */
  supplyEfficiency: 0.92,
  /** What the configuration accepts. The 5000 to 20000 mV, and the 14500 mV of the S19 generation, are known. */
  frequencyMHz: { min: 100, max: 900 },
  temperatureC: { min: 1, max: 110 },
  /** Schemes of a pool's URL; a port has to be there. */
  poolSchemes: ['stratum+tcp', 'stratum+ssl', 'stratum+tls', 'stratum2+tcp'],
  /** Difficulty of the pools' shares (`suggest_difficulty` of the shipped configuration). */
  difficulty: 8192,
  /** Who the audit says it was, for everything that comes over port 4028. */
  actor: 'rest_dashboard',
} as const;
