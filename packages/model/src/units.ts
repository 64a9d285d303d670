/** Factors from what devices send to the base units of the snapshot. Conversion happens only in maps and in views. */
export const KH = 1e3;
export const MH = 1e6;
export const GH = 1e9;
export const TH = 1e12;
export const PH = 1e15;

/** A hashrate unit as devices write it (`GH`, `GH/s`, `gh`, `MH/S`, `TH/s`, `H`), as a factor to H/s; null when unknown. */
export function hashrateFactor(unit: string): number | null {
  switch (
    unit
      .trim()
      .toUpperCase()
      .replace(/(\/S|S|PS)$/, '')
  ) {
    case 'H':
      return 1;
    case 'KH':
      return KH;
    case 'MH':
      return MH;
    case 'GH':
      return GH;
    case 'TH':
      return TH;
    case 'PH':
      return PH;
    default:
      return null;
  }
}

/**
 * Joules per terahash, from power and hashrate; null while either is unknown or nothing is hashed.
 * @param powerW watts
 * @param hashrateHs hashes per second
 */
export function efficiencyJTh(powerW: number | null, hashrateHs: number | null): number | null {
  return powerW === null || hashrateHs === null || hashrateHs <= 0 ? null : powerW / (hashrateHs / TH);
}
