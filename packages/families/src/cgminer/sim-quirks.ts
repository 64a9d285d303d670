/** The oddities of the real program and of how it was started, each a switch. The defaults are cgminer 4.11.1's. */
export const CGMINER_QUIRKS = {
  // protocols.md 1.8, in its order.
  'join-double-reply': { does: 'After a join, JSON without a readable command is answered twice', on: true },
  'setconfig-two-status': { does: 'setconfig of a deprecated name sends two statuses back to back', on: true },
  'setconfig-crash': { does: 'setconfig without a parameter ends the program without an answer', on: true },
  'dbgstats-without-code': { does: 'dbgstats says F, -1 and 126, and lacks what the drivers add', on: true },
  'disablepool-keeps-counter': {
    does: 'disablepool does not count down, so that the last enabled pool can be disabled',
    on: true,
  },
  'failover-only-deprecated': { does: 'failover-only says 127 whatever it is told, and (null) without', on: true },
  'usbstats-informational': { does: 'usbstats without USB devices is severity I, not an error', on: true },
  // protocols.md 1.1 and 1.3.
  'denied-reset': { does: 'Addresses that are not allowed see a reset instead of an ordinary end', on: false },
  'no-nul': { does: 'Replies end without the NUL byte', on: false },
  // How it was started.
  multicast: { does: 'Answers UDP multicast discovery (--api-mcast)', on: false },
  'open-acl': { does: 'Everybody may do everything (--api-allow W:0/0)', on: false },
  supervised: { does: 'The program is started again 10 s after it ended', on: false },
} as const;

export type CgminerQuirks = Readonly<Record<keyof typeof CGMINER_QUIRKS, boolean>>;

/** The switches of one device: the defaults, and what was asked for. */
export function quirksOf(wanted: Readonly<Record<string, boolean>> = {}): CgminerQuirks {
  const names = Object.keys(CGMINER_QUIRKS) as (keyof typeof CGMINER_QUIRKS)[];
  return Object.fromEntries(names.map((name) => [name, wanted[name] ?? CGMINER_QUIRKS[name].on])) as CgminerQuirks;
}
