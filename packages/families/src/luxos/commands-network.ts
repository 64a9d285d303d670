import { type Action, action, choice, HeadframeError, ipv4, optional } from '@headframe/model';
import { configOf, shows } from './ask.ts';
import { ASSUMED } from './assumed.ts';
import { inSession, sessionStep } from './session.ts';

/*
 * The network (netset, protocols.md 8: not fully verified).
 */

const source = 'LuxOS netset';

const address = (about: string) => optional(ipv4({ about, source }));

const UNVERIFIED = 'How LuxOS wants these settings is documented in part only: look at the machine afterwards';

export const setNetwork: Action = action(
  {
    mode: choice(['dhcp', 'static'], { about: 'where the address comes from', source }),
    address: address('address of the machine'),
    netmask: address('network mask'),
    gateway: address('gateway'),
    dns: address('name server'),
  },
  async (links, { mode, address: own, netmask, gateway, dns }) => {
    const present = (await configOf(links)).str('IPAddr');
    if (mode === 'dhcp') {
      if ([own, netmask, gateway, dns].some((one) => one !== undefined)) throw invalid('dhcp takes no addresses');
      return inSession([sessionStep('netset', ASSUMED.network.dhcp(), { silenceIsFine: true })], DHCP_SHOWS, [
        UNVERIFIED,
        'The machine may have another address then',
      ]);
    }
    if (own === undefined || netmask === undefined || gateway === undefined) {
      throw invalid('static needs address, netmask and gateway');
    }
    const parts = ASSUMED.network.fixed(own, netmask, gateway, dns);
    const step = sessionStep('netset', parts, { silenceIsFine: true });
    if (own !== present) {
      const never = `the machine moves from ${present ?? 'an address that it does not tell'} to ${own}: look for it there`;
      return inSession([step], { never }, [UNVERIFIED, `The machine answers at ${own} afterwards`]);
    }
    const wanted = { DHCP: false, IPAddr: own, Netmask: netmask, Gateway: gateway };
    return inSession([step], shows('network of config', configOf, wanted, PATIENT), [UNVERIFIED]);
  },
  { takes: 'the machine may be away for a moment', lasting: 'with wrong settings it cannot be reached any more' },
);

const PATIENT = { afterMs: 3_000, everyMs: 5_000, withinMs: 60_000 };
const DHCP_SHOWS = shows('DHCP of config', configOf, { DHCP: true }, PATIENT);

const invalid = (what: string): HeadframeError =>
  new HeadframeError('usage/invalid', { detail: `set-network: ${what} (${source}); nothing was sent` });
