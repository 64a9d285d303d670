import { isIP } from 'node:net';
import {
  allFit,
  type FirewallChain,
  type FirewallRule,
  type FirewallVerdict,
  type Fits,
  isIn,
  negated,
  type OwnPacket,
  stoppedBy,
} from './firewall-verdict.ts';

/** `iptables-save` and `ip6tables-save`: the table `filter`, chain OUTPUT. Null where the text is not what they print. */
export function stoppedByIptables(text: string, packet: OwnPacket): string[] | null {
  if (!/^\*\w+\s*$/m.test(text)) return text.trim() === '' || text.trimStart().startsWith('#') ? [] : null;
  const table = /^\*filter\s*$([\s\S]*?)^COMMIT\s*$/m.exec(text)?.[1] ?? '';
  const chains = new Map<string, { rules: FirewallRule[]; policy: FirewallChain['policy'] }>();
  for (const line of table.split('\n')) {
    const [, chain, policy] = /^:(\S+)\s+(\S+)/.exec(line) ?? [];
    if (chain !== undefined) chains.set(chain, { rules: [], policy: policy === 'DROP' ? 'drop' : 'accept' });
    const [, name, rest = ''] = /^(?:\[\d+:\d+\]\s+)?-A\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) chains.get(name)?.rules.push(ruleOf(line.trim(), rest, packet));
  }
  return stoppedBy('OUTPUT', chains).map((line) => `iptables: ${line}`);
}

const VERDICTS: Readonly<Record<string, FirewallVerdict>> = {
  ACCEPT: { kind: 'accept' },
  DROP: { kind: 'drop' },
  REJECT: { kind: 'reject' },
  RETURN: { kind: 'return' },
  LOG: { kind: 'none' },
  NFLOG: { kind: 'none' },
};

/** Options that say nothing about which packets are meant. */
const SAYS_NOTHING = ['-m', '--match', '--comment', '--reject-with', '--log-prefix', '--log-level', '--nflog-group'];

function ruleOf(text: string, rest: string, packet: OwnPacket): FirewallRule {
  const words = rest.match(/"[^"]*"|\S+/g) ?? [];
  const fits: Fits[] = [];
  let verdict: FirewallVerdict = { kind: 'none' };
  for (let i = 0; i < words.length; i++) {
    let option = words[i] ?? '';
    const isNot = option === '!';
    if (isNot) option = words[++i] ?? '';
    const value = words[++i] ?? '';
    if (option === '-j' || option === '--jump') verdict = VERDICTS[value] ?? { kind: 'jump', chain: value };
    else if (option === '-g' || option === '--goto') verdict = { kind: 'goto', chain: value };
    else if (!SAYS_NOTHING.includes(option)) fits.push(negated(fitsOption(option, value, packet), isNot));
  }
  return { fits: allFit(fits), verdict, text: text.slice(0, 200) };
}

function fitsOption(option: string, value: string, { host, port, interface: name }: OwnPacket): Fits {
  switch (option) {
    case '-p':
    case '--protocol':
      return value === 'tcp' || value === 'all' || value === '6' || value === '0';
    case '-d':
    case '--destination': {
      const [network = '', bits] = value.split('/');
      return isIn(host, network, bits === undefined ? (isIP(network) === 6 ? 128 : 32) : Number(bits));
    }
    case '-o':
    case '--out-interface':
      return name === null ? null : value.endsWith('+') ? name.startsWith(value.slice(0, -1)) : name === value;
    case '--dport':
    case '--dports':
    case '--destination-port':
    case '--destination-ports':
      return value.split(',').some((range) => isWithin(port, range));
    case '--ctstate':
    case '--state':
      return value.split(',').includes('NEW');
    default:
      return null;
  }
}

function isWithin(port: number, range: string): boolean {
  const [from = '', to = from] = range.split(':');
  return port >= Number(from === '' ? 0 : from) && port <= Number(to === '' ? 65_535 : to);
}
