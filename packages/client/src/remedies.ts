import type { ErrorCode, Family } from '@headframe/model';

/** What a technician can do next about a device that could not be read (protocols.md 12), as a sentence. */
export function remedyFor(code: ErrorCode, family?: Family): string {
  switch (code) {
    case 'link/refused':
      return 'A machine that starts refuses for a minute or two: try again; then check that its API is switched on and that this is still its address.';
    case 'link/timed-out-connecting':
      return 'Check that the machine has power and network, and that no firewall drops the packets on the way.';
    case 'link/timed-out-waiting':
      // It serves any number of clients; the document tells of a program or rig that hangs (protocols.md 5.1).
      if (family?.ports.ethminer !== undefined) {
        return 'Try again; if it stays silent, ethminer or the whole rig hangs: restart it.';
      }
      return 'Often another program holds its only API slot: stop that one, or wait and try again; a restart of the machine frees it too.';
    case 'link/closed-empty':
      return closedEmpty(family?.ports ?? { cgminer: 4028 });
    case 'link/reset':
      return 'Try again; if it stays so, the program on the machine crashes on the request or a firewall cuts it off.';
    case 'link/unreachable':
      return 'Check the address and that this computer is in the same network as the machine.';
    case 'link/name-not-found':
      return 'Check the spelling, or give the IP address.';
    case 'auth/required':
    case 'auth/rejected':
      return `Give the ${family?.credentials ?? 'user name and password'} in a credentials file or in HEADFRAME_USERNAME and HEADFRAME_PASSWORD.`;
    case 'auth/address-not-allowed':
      return family?.ports.whatsminer === undefined
        ? "The machine's own configuration decides who may ask: see api-allow and api-groups there."
        : 'The machine decides by itself whom it serves, whatever the password: ask it from the address of a program that it answers.';
    case 'protocol/malformed':
    case 'protocol/truncated':
    case 'protocol/wrong-shape':
      return 'Look at what it sends with: headframe api ADDRESS version --raw.';
    case 'device/busy':
    case 'device/restarting':
      return 'Wait a minute and try again.';
    case 'support/unknown-device':
      return 'If it is a miner, tell its make, model and firmware in an issue.';
    default:
      return 'Try again.';
  }
}

/** Who closes without a byte, and why, differs by what listens. Where nothing is known it is taken for a cgminer. */
function closedEmpty({ cgminer, whatsminer, http }: Family['ports']): string {
  if (whatsminer !== undefined) {
    return 'A WhatsMiner closes like that when it does not serve our address, and on port 4433 when ten others are connected, whom it keeps for five silent minutes: ask from another address, or end the other programs.';
  }
  if (cgminer !== undefined) {
    return "cgminer closes like that when our address is not on its list: add it to api-allow in the machine's configuration.";
  }
  return http === undefined
    ? 'The program behind the port ends it: try again; if it stays so, look at what it logs.'
    : 'Its web server gives up like that when it starts, or has no connection left: wait a minute and try again.';
}
