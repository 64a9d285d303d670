import type { ErrorCode, Family } from '@headframe/model';

/** What a technician can do next about a device that could not be read (protocols.md 12), as a sentence. */
export function remedyFor(code: ErrorCode, family?: Family): string {
  switch (code) {
    case 'link/refused':
      return 'A machine that starts refuses for a minute or two: try again; then check that its API is switched on and that this is still its address.';
    case 'link/timed-out-connecting':
      return 'Check that the machine has power and network, and that no firewall drops the packets on the way.';
    case 'link/timed-out-waiting':
      return 'Often another program holds its only API slot: stop that one, or wait and try again; a restart of the machine frees it too.';
    case 'link/closed-empty':
      return "cgminer closes like that when our address is not on its list: add it to api-allow in the machine's configuration.";
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
      return "The machine's own configuration decides who may ask: see api-allow and api-groups there.";
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
