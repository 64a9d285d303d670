import { findMac } from '../find-mac.ts';
import type { FixKind } from './fix.ts';

/** Steps 3 and 6: the address that the machine has now. */
export const findByMac: FixKind = {
  fix: 'find-by-mac',
  needs: ['mac'],
  changes: false,
  does: ({ host, mac, ranges }) =>
    `Looks for the machine with the MAC address ${mac ?? 'that it had'}, which was at ${host}, in ${ranges ?? 'the networks of this computer'}. It changes nothing and interrupts nothing.`,
  run: async ({ host, mac = '', ranges = null }, fixing) => {
    const address = await findMac(mac, ranges, fixing);
    if (address === null) {
      const said = `No address answers for ${mac}: the machine is off, in another network, or behind a router.`;
      return { result: 'not-done', said, sent: [] };
    }
    const said =
      address === host ? `${mac} is still at ${host}.` : `${mac} is at ${address} now, and no longer at ${host}.`;
    return { result: 'done', said, sent: [], address };
  },
  check: { how: 'an address answers for that MAC address', reads: 0, everyMs: 0 },
};
