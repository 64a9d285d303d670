/**
 * What protocols.md 5 and the document leave open and a simulated rig must nevertheless decide. Each line is an
 * assumption, marked *src* where the public source of the program suggests it. A client that relies on one is wrong.
 */
export const ASSUMED = {
  /** Times, ms: power to the start of ethminer, and from there to the open port. */
  bootMs: 40_000,
  portMs: 1_500,
  /**
   * Start or choice of a connection to its being there ("Outstanding operations" until then); three attempts on a dead
   * one before the next is tried.
   */
  connectMs: 800,
  attemptsMs: 15_000,
  /** Building the DAG at the start and after miner_restart, s; from there to the full rate. */
  dagS: 25,
  rampS: 3,
  /** Jobs come this often; a GPU that may hash again waits for the next one. */
  jobMs: 13_000,
  /** How long a rate is averaged, s. */
  rateWindowS: 5,
  /** A supervisor (a loop in the start script) starts a program again that ended, ms. */
  supervisorMs: 5_000,
  /** What the owner's reboot script does: the machine goes down so much later, and is back after so long, ms. */
  scriptMs: 2_000,
  rebootMs: 45_000,
  /** A GPU whose fan stands still says 0 %. From the lower to the upper limit while it works, and back while it is stopped, s. */
  heatUpS: 90,
  coolDownS: 240,
  /** Among that many wrong results of the hardware one reaches the pool manager as a failed share. */
  errorsPerFailure: 250,
  /** A line that never ends: the real program takes all that memory holds. */
  lineBytes: 1 << 20,
  /** Connections at the same time; 72 were seen to work. */
  connections: 1000,
  /** GPUs are listed from the first connection to a pool on (*src*): before it farm and lists are empty. */
  listedBeforeConnected: false,
  /** What the longer lists of miner_getstat1 hold behind the real GPUs after miner_restart. */
  leftover: { rate: '0', temperature: '0;0' },
  /** A request that is no object, in the releases before 0.18. */
  oldNotAnObject: { code: -32600, message: 'Invalid Request (missing or empty id)' },
  /** Verbosity of 0.17.1 and 0.18.0-alpha.2 goes as far as that of 0.19; that of 0.16 to 9 (*src*). */
  verbosityMost: { old: 9, new: 511 },
  /** 0.14 and 0.15 are another server (5.7): errors and the end of the connection behind each reply as in its library. */
  otherServer: {
    notFound: 'METHOD_NOT_FOUND: The method being requested is not available on this server',
    invalid: 'INVALID_JSON_REQUEST: The JSON sent is not a valid JSON-Request object',
    parse: 'JSON_PARSE_ERROR: The JSON-Object is not JSON-Valid',
  },
  /** 0.14 and 0.15 print their version without `ethminer-` (*src*), and miner_restart and miner_reboot give null. */
  otherServerWriteResult: null,
  /** Schemes of connections that 0.17 knows, and that this rig's network can reach. */
  schemes: /^(?:stratum[12]?(?:\+(?:tcp|ssl|tls|tls12))?|stratums|https?)$/,
} as const;
