import { type Examination, seenValue } from '@headframe/model';
import { type FamilyFacts, familyFacts } from './by-family.ts';

/** What the steps name of one machine. */
export interface About {
  readonly address: string;
  readonly port: number;
  readonly family: FamilyFacts;
  readonly restartCommand: string | null;
  readonly configPath: string | null;
  readonly subnet: string;
  readonly mac: string;
}

/** The same request as the client's, typed by hand; JSON takes a line feed, text commands do not. */
export function askByHand({ address, port, family }: About): string {
  if (family.speaks === 'http') {
    const path = family.port === 80 && family.reflash.includes('USB-C') ? '/api/system/info' : '/';
    return `curl -sS -m 10 http://${address}${port === 80 ? '' : `:${port}`}${path}`;
  }
  if (family.speaks === 'lines') {
    return `echo '{"id":1,"jsonrpc":"2.0","method":"miner_ping"}' | nc -w 5 ${address} ${port}`;
  }
  return `echo '{"command":"summary"}' | nc -w 5 ${address} ${port}`;
}

export const connectByHand = ({ address, port }: About) => `nc -zv -w 5 ${address} ${port}`;

export function about(seen: Examination): About {
  const family = familyFacts(seen.subject.family);
  const shell = seenValue(seen.shell);
  const { address } = seen.subject;
  const mac = seenValue(seen.neighbour)?.expectedMac ?? seenValue(seen.history)?.mac ?? null;
  return {
    address,
    port: seen.subject.apiPort,
    family,
    restartCommand: shell?.restartCommand ?? family.restartCommands[0] ?? null,
    configPath: shell?.config?.path ?? family.configPath,
    subnet: /^\d+\.\d+\.\d+\.\d+$/.test(address) ? address.replace(/\d+$/, '0/24') : address,
    mac: mac === null ? 'the MAC of the miner (on its sticker)' : `the MAC ${mac}`,
  };
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
