/*
 * What protocols.md 2 leaves open and a simulated Antminer must nevertheless decide. Each line is an assumption: no
 * document and no device says it. A client that relies on one of them is wrong.
 */
export const ASSUMED = {
  /** Code of noncenum's status; only its text `Nonce num` is known (2.1). cgminer has no 126. Its record is left out. */
  noncenumCode: 126,
  /** Everything but the mining program is away this long when the machine reboots, before it boots as from power. */
  shutdownMs: 5_000,
  /** From the end of the mining program to its new start. */
  programRestartMs: 3_000,
  /** The newer set_miner_conf.cgi answers after this time; known is only that it can take 30 s (2.3). */
  newConfigMs: 1_000,
  /** How long the pages that write firmware take before they answer, and from the answer to the reboot. */
  flashMs: 2_000,
  rebootAfterFlashMs: 1_000,
  /** Replies of set_miner_conf.cgi: no JSON object; no list of pools; a value that is none or out of its range. */
  configUnreadable: 'M001',
  configWithoutPools: 'M002',
  configValue: 'M100',
  /** Replies of set_network_conf.cgi: no JSON object, or ipPro is neither 1 nor 2; a bad host name; a bad address. */
  networkUnreadable: 'N001',
  networkHost: 'N002',
  networkAddress: 'N003',
  /** Replies of passwd.cgi: the current password is wrong; the new ones differ; the new one is none (or no JSON). */
  passwordWrong: 'P001',
  passwordsDiffer: 'P002',
  passwordBad: 'P003',
  /** `msg` of U001: no firmware of this simulator; firmware for another model. */
  firmwareUnreadable: '1',
  firmwareForOthers: '2',
  /** Range of freq-level, in percent. */
  freqLevel: [1, 100],
  /** The longest text of a pool, a name or a password that is kept. */
  mostCharacters: 256,
  /** The pool of a machine that was reset to its factory settings. */
  factoryPool: { url: 'stratum+tcp://factory.example.org:3333', user: 'antminer', pass: '123' },
} as const;

/*
 * And without a number: a config of the newer page that leaves out a key other than `pools` sets it to its factory value,
 * a fourth pool is dropped, the address list of port 4028 is kept; the newer reset and upgrade pages reboot the machine;
 * quit and kill_bmminer.cgi end the program for good, until a page or a reboot starts it; shutdown_slowly.cgi and
 * 6060 /shutdown stop the boards and leave the program running; a static address is shown and not taken, the machine
 * stays where it was reached; on the older page only work mode 254, where a build has it, means sleep.
 */
