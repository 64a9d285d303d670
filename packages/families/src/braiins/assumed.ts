/*
 * What no document and no capture says, in one place. Where it turns out otherwise, it is changed here.
 */

/** How long a door that is closed or filtered is left alone while another one answers, ms: ours. */
export const CLOSED_MS = 300_000;

/** How long a refusal (no such method, no REST API) is believed, ms: as for the pages of other families. */
export const REFUSAL_MS = 3_600_000;

/** Boards are found and tuned during the first minutes; no hashrate then is no fault. As on stock Antminers. */
export const STARTING_S = 600;

/** The words of `TUNERSTATUS` that say trouble; `Hashchain refused to start` is known from public clients. */
export const TUNER_TROUBLE = /refused|fail|error/i;

/** More than any machine has: what comes beyond is not shown. */
export const MOST = { boards: 16, fans: 16, pools: 64, faults: 32 } as const;

/** From which difference on two doors cannot both be right. They are asked one after the other, and average differently. */
export const APART = { hashrateShare: 0.2, tempK: 15, watts: 1 } as const;
