import { isIP } from 'node:net';
import type { OwnPacket } from './firewall-verdict.ts';
import type { OperatingSystem } from './operating-system.ts';
import { stoppedByIptables } from './parse-iptables.ts';
import { stoppedByNft } from './parse-nft.ts';

/** What the local firewall does to our packets, as far as it can be read. */
export interface OwnFirewall {
  /** Empty: read, and nothing stops them. Null: it could not be read. */
  readonly rules: readonly string[] | null;
  /** Why it could not be read; empty where it was. */
  readonly why: string;
}

const unread = (why: string): OwnFirewall => ({ rules: null, why });

/** The rules of this computer that drop or reject a connection (step 7). */
export async function ownFirewall(packet: OwnPacket, system: OperatingSystem): Promise<OwnFirewall> {
  if (isIP(packet.host) === 0) return unread('the address is not known');
  if (system.platform === 'darwin')
    return unread('the application firewall of macOS tells programs nothing of its rules');
  if (system.platform === 'win32') return unread('Windows Defender Firewall was not asked');
  if (system.platform !== 'linux') return unread(`on ${system.platform} it is not read`);
  const found: string[] = [];
  let hasRead = false;
  for (const [program, args, parse] of PROGRAMS) {
    if (program === 'ip6tables-save' && isIP(packet.host) === 4) continue;
    if (program === 'iptables-save' && isIP(packet.host) === 6) continue;
    const said = await system.run(program, args);
    const rules = said === null || said.code !== 0 ? null : parse(said.output, packet);
    if (rules === null) continue;
    hasRead = true;
    found.push(...rules);
  }
  if (hasRead) return { rules: [...new Set(found)], why: '' };
  if (!system.isAdministrator) return unread('only an administrator may read the rules');
  return unread('neither nft nor iptables-save is there to read the rules');
}

const PROGRAMS = [
  ['nft', ['-j', 'list', 'ruleset'], stoppedByNft],
  ['iptables-save', [], stoppedByIptables],
  ['ip6tables-save', [], stoppedByIptables],
] as const;
