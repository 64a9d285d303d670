/** One status code of cgminer's API. */
export interface StatusCode {
  readonly severity: 'S' | 'I' | 'W' | 'E';
  /** `%d` stands for a number, `%s` for text. */
  readonly message: string;
  /** Whether any path in cgminer 4.11.1 sends it. Forks may use one that it does not. */
  readonly sent: boolean;
}

const success = (message: string): StatusCode => ({ severity: 'S', message, sent: true });
const info = (message: string): StatusCode => ({ severity: 'I', message, sent: true });
const warning = (message: string): StatusCode => ({ severity: 'W', message, sent: true });
const error = (message: string): StatusCode => ({ severity: 'E', message, sent: true });
const neverSent = (code: StatusCode): StatusCode => ({ ...code, sent: false });

/**
 * The status codes of cgminer 4.11.1, API 3.7 (protocols.md 1.6). Every code that is not here comes out as severity F,
 * code -1 and the number as the message; 28, 29, 31 and 126 are such numbers.
 */
export const STATUS_CODES: Readonly<Record<number, StatusCode>> = {
  7: success('%d Pool(s)'),
  8: neverSent(error('No pools')),
  /** Mixed builds add ` - %d PGA(s)`. */
  9: success('%d ASC(s)'),
  /** `No ASCs/PGAs` in mixed builds. */
  10: error('No ASCs'),
  11: success('Summary'),
  14: error('Invalid command'),
  15: error('Missing device id parameter'),
  22: success('CGMiner versions'),
  23: error('Invalid JSON'),
  24: error("Missing JSON '%s'"),
  25: error('Missing pool id parameter'),
  26: error('Invalid pool id %d - range is 0 - %d'),
  27: success("Switching to pool %d:'%s'"),
  33: success('CGMiner config'),
  42: neverSent(error('Missing save filename parameter')),
  43: error("Can't open or create save file '%s'"),
  44: success("Configuration saved to file '%s'"),
  45: error("Access denied to '%s' command"),
  46: success('Privileged access OK'),
  47: success("Enabling pool %d:'%s'"),
  48: success("Disabling pool %d:'%s'"),
  49: info("Pool %d:'%s' already enabled"),
  50: info("Pool %d:'%s' already disabled"),
  /** As a rule only in a miner that was started with one pool (protocols.md 1.8). */
  51: error("Cannot disable last active pool %d:'%s'"),
  52: error('Missing addpool details'),
  53: error("Invalid addpool details '%s'"),
  54: neverSent(error('Reached maximum number of pools (%d)')),
  55: success("Added pool %d: '%s'"),
  56: error('No PGAs'),
  57: success('PGA%d'),
  58: error('Invalid PGA id %d - range is 0 - %d'),
  59: success('PGA count'),
  60: success('Notify'),
  61: info('PGA %d already enabled'),
  62: info('PGA %d already disabled'),
  63: info('PGA %d sent enable message'),
  64: info('PGA %d set disable flag'),
  65: error('PGA %d is not flagged WELL, cannot enable'),
  66: error("Cannot remove last pool %d:'%s'"),
  67: error("Cannot remove active pool %d:'%s'"),
  68: success("Removed pool %d:'%s'"),
  69: success('Device Details'),
  70: success('CGMiner stats'),
  71: error('Missing check cmd'),
  72: success('Check command'),
  73: success('Changed pool priorities'),
  74: error('Duplicate pool specified %d'),
  75: error('Missing parameter: true/false'),
  76: error('Invalid parameter should be true or false'),
  77: neverSent(success('Failover-Only set to %s')),
  78: success('CGMiner coin'),
  79: success('Debug settings'),
  80: success('Identify command sent to PGA%d'),
  81: warning('PGA%d does not support identify'),
  82: neverSent(success("Set config '%s' to %d")),
  83: error("Unknown config '%s'"),
  84: neverSent(error("Invalid number (%d) for '%s' range is 0-9999")),
  85: neverSent(error("Missing config parameters 'name,N'")),
  86: error("Missing config value N for '%s,N'"),
  87: success('USB Statistics'),
  88: info('No USB Statistics'),
  89: error('Missing option after PGA number'),
  90: warning('PGA %d does not support pgaset'),
  91: info('PGA %d set help: %s'),
  92: success('PGA %d set OK'),
  93: error('PGA %d set failed: %s'),
  94: error('Missing zero parameters'),
  95: error("Invalid zero parameter '%s'"),
  96: success('Zeroed %s stats with summary'),
  97: success('Zeroed %s stats without summary'),
  98: error('PGA%d has no device'),
  99: error('Invalid value for hotplug (%s) must be 0..9999'),
  100: success('Hotplug check set to %ds'),
  101: success('Hotplug disabled'),
  102: warning('Hotplug is not available'),
  103: error('Missing hotplug parameter'),
  104: success('ASC count'),
  105: error('No ASCs'),
  106: success('ASC%d'),
  107: error('Invalid ASC id %d - range is 0 - %d'),
  108: info('ASC %d already enabled'),
  109: info('ASC %d already disabled'),
  110: info('ASC %d sent enable message'),
  111: info('ASC %d set disable flag'),
  112: error('ASC %d is not flagged WELL, cannot enable'),
  113: success('Identify command sent to ASC%d'),
  114: warning('ASC%d does not support identify'),
  115: error('ASC%d has no device'),
  116: error('Missing option after ASC number'),
  117: warning('ASC %d does not support ascset'),
  118: info('ASC %d set help: %s'),
  119: success('ASC %d set OK'),
  120: error('ASC %d set failed: %s'),
  121: error("Invalid negative number (%d) for '%s'"),
  /** The stray quote is real. */
  122: success("Set pool '%s' to quota %d'"),
  123: success('Lock stats created'),
  124: warning('Lock stats not enabled'),
  125: success('LCD'),
  127: error("Deprecated config option '%s'"),
};
