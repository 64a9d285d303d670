/*
 * Where mining firmware keeps what the doctor looks for over SSH. The document names `/config/cgminer.conf` and three
 * restart commands, the protocols correct who has which (protocols.md 11: stock S17 has cgminer.sh, BraiinsOS bosminer,
 * DCENT_OS dcentrald); all other names here are ASSUMED, from what these programs are called. That does no harm: each is
 * looked for on the machine, and only what exists there is used.
 */

/** Configuration files that may hold who may use the API, those of the family first. */
const CONFIGURATIONS: Readonly<Record<string, readonly string[]>> = {
  antminer: ['/config/cgminer.conf', '/config/bmminer.conf'],
  cgminer: ['/etc/cgminer.conf', '/root/.cgminer/cgminer.conf'],
  avalon: ['/etc/config/cgminer'],
  whatsminer: ['/etc/config/btminer', '/etc/btminer.conf'],
  braiins: ['/etc/bosminer.toml'],
  dcent: ['/data/dcentrald.toml'],
  luxos: ['/etc/luxminer.toml', '/config/luxminer.toml'],
};

export function configurationPaths(family: string | null): readonly string[] {
  const own = (family === null ? undefined : CONFIGURATIONS[family]) ?? [];
  return [...new Set([...own, ...Object.values(CONFIGURATIONS).flat()])];
}

/** Programs that mine, and answer on the API port. */
export const MINING_PROGRAMS = [
  'cgminer',
  'bmminer',
  'btminer',
  'bosminer',
  'luxminer',
  'dcentrald',
  'sgminer',
  'ethminer',
];

/** The program of a family, where it has one name. */
export const PROGRAM_OF: Readonly<Record<string, string>> = {
  braiins: 'bosminer',
  luxos: 'luxminer',
  dcent: 'dcentrald',
  whatsminer: 'btminer',
  ethminer: 'ethminer',
};

/** Scripts that restart the mining program, and its units: `name` or `name.sh`. */
export const INIT_SCRIPTS = MINING_PROGRAMS.flatMap((name) => [`/etc/init.d/${name}.sh`, `/etc/init.d/${name}`]);

/** What the logs are searched for (checklist T-19; the kernel's words for a full memory; cgminer's for full tables). */
export const LOG_PATTERN =
  'API bind|Address already in use|API listen failed|API will not be available|Too many open files|No space left on device|Out of memory|oom-killer|oom_reaper|Killed process';
