/**
 * What no document and no capture tells about machines under BraiinsOS, and what the simulated ones do there. Every line is
 * ours; the code beside it points here.
 */
export const ASSUMED = {
  /** From power to the API: the captured machine's mining program is 40 s younger than its system. */
  apiUpMs: 25_000,
  minerStartsMs: 40_000,
  /** How long a starting mining program refuses the API, s behind its start. */
  minerConnectsMs: 3000,
  minerRestartMs: 4000,
  /** The reply leaves before anything stops. */
  replyLeavesMs: 1000,
  /** Writing a new firmware, from the end of the upload until the machine is back. */
  upgradeMs: 150_000,
  /** From the start of the mining program to the first hashes, and from there to the target, s. */
  initS: 20,
  rampS: 120,
  /** From a new target to its profile. */
  tuneMs: 20 * 60_000,
  preheatMs: 2 * 60_000,
  /** Between two looks of dynamic scaling and of the temperature guard. */
  watchMs: 5 * 60_000,
  /** Dynamic scaling steps up again after so long without heat. */
  scaleUpMs: 60 * 60_000,
  /** Fans behind a pause in mode auto: from their last speed to standstill. */
  pauseFansMs: 3 * 60_000,
  /** Fans behind a pause in mode manual with a limited runtime. */
  pauseRuntimeS: 300,
  /** Until a machine without a licence is restricted, s. */
  unlicensedS: 3600,
  /** A licence comes when the mining program starts and lasts so long, s; then it is renewed. */
  licensedS: 7 * 86_400,
  /** Work is counted in nonce ranges: what a pool's generated_work is of its hashes in the capture of an S19 XP. */
  workPerDifficulty: 8,
  workStep: 65_536,
  /** Between two messages of a status stream on which nothing changes, and between two looks. */
  statusEveryMs: 30_000,
  statusLookMs: 1000,
  /** Bytes of a message of GetLog and GetSupportArchive. */
  chunkBytes: 16_384,
  largestFirmware: 128 * 1024 * 1024,
} as const;

/*
 * Also ours:
 * - The factory sets no password, and a machine without one lets `root` in with any. The contract knows that state
 *   (SetPassword without one); what the factory sets is not confirmed. A public report has `root` / `root`, as pyasic tries.
 * - SAVE_ACTION_UNSPECIFIED is refused; SAVE_AND_FORCE_APPLY does what SAVE_AND_APPLY does.
 * - An apply puts all that was saved in force, also what was only saved before.
 * - A pause is lost with the mining program. A factory reset also forgets the password and keeps the network.
 * - A pool that comes without a password has none; the group is what was written.
 * - What a restricted machine burns is not taken from its shares. A group without a live pool leaves its part unused.
 * - Without the mining program the live readings (statistics, hashboards, pools, cooling, tuner, active mode) and every write
 *   that is to be applied are refused as a write of pools is known to be: `BOSminer is not running`.
 * - Errors of hashboards and fans: their texts and codes. Texts of logs. The firmware string of 21.09 but its month.
 * - Kernel, supply and type of the hashboards of every model but the S19 XP (captured) and the boards of an S19j Pro and an
 *   S21. The fee and the names of licences, the form of a contract key.
 * - Codes of gRPC for the HTTP statuses of the published REST descriptions: 400 INVALID_ARGUMENT, 404 NOT_FOUND,
 *   409 ABORTED, 412 FAILED_PRECONDITION, 500 INTERNAL, 501 UNIMPLEMENTED. Texts that are not quoted in `sim-refusal.ts`.
 */
