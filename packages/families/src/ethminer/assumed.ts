/** What no document says; each is a guess that is on the careful side. */
export const ASSUMED = {
  /** A rig without a hashrate that has run for less than this builds its DAG. */
  startingS: 180,
  /** More GPUs than one program can drive: a longer list is no list of GPUs. */
  mostGpus: 256,
  /**
   * The schemes of `-P`. 0.16 and 0.17 name them when they refuse another one; 0.19 takes everything and never connects.
   */
  scheme: /^(?:stratum[1-3]?(?:\+(?:tcp|tls|tls12|ssl))?|stratums{1,2}|http|getwork)$/i,
  /** Those of a node, which are not mixed with those of pools. */
  getworkScheme: /^(?:http|getwork)$/i,
} as const;
