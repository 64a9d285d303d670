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

/*
 * `nft -j list ruleset` (libnftables-json(5)): a list of objects, each a table, a chain, a rule, a set ... The outgoing
 * packets of this computer pass the base chains with the hook `output`.
 */

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const MOST_RULES = 20_000;

/** The rules that stop the packet; null where the text is not what `nft` prints. */
export function stoppedByNft(text: string, packet: OwnPacket): string[] | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const list = isJson(document) ? document.nftables : null;
  if (!Array.isArray(list)) return null;
  const objects = list.filter(isJson).slice(0, MOST_RULES);
  const told: string[] = [];
  for (const table of objects.flatMap(({ table }) => (isJson(table) ? [table] : []))) {
    if (!concerns(table.family, packet.host)) continue;
    const isHere = (one: Json) => one.family === table.family && one.table === table.name;
    const chains = new Map<string, FirewallChain>();
    for (const { chain } of objects) {
      if (!isJson(chain) || !isHere(chain) || typeof chain.name !== 'string') continue;
      const rules = objects.flatMap(({ rule }) =>
        isJson(rule) && isHere(rule) && rule.chain === chain.name ? [ruleOf(rule, packet)] : [],
      );
      chains.set(chain.name, { rules, policy: chain.policy === 'drop' ? 'drop' : 'accept' });
    }
    for (const { chain } of objects) {
      if (!isJson(chain) || !isHere(chain) || chain.hook !== 'output' || typeof chain.name !== 'string') continue;
      if (chain.type === 'filter') told.push(...stoppedBy(chain.name, chains).map((line) => `nft: ${line}`));
    }
  }
  return told;
}

const concerns = (family: unknown, host: string): boolean =>
  family === 'inet' || (isIP(host) === 6 ? family === 'ip6' : family === 'ip');

function ruleOf({ expr }: Json, packet: OwnPacket): FirewallRule {
  const parts = Array.isArray(expr) ? expr.filter(isJson) : [];
  const fits: Fits[] = [];
  let verdict: FirewallVerdict = { kind: 'none' };
  for (const part of parts) {
    const found = verdictOf(part);
    if (found !== null) verdict = found;
    else if (isJson(part.match)) fits.push(fitsMatch(part.match, packet));
    else if (!SIDE_EFFECTS.some((name) => name in part)) fits.push(null);
  }
  return { fits: allFit(fits), verdict, text: textOf(parts) };
}

/** What counts or logs and lets everything on. */
const SIDE_EFFECTS = ['counter', 'log', 'mangle', 'notrack', 'meter'];

function verdictOf(part: Json): FirewallVerdict | null {
  for (const kind of ['accept', 'drop', 'reject', 'return'] as const) if (kind in part) return { kind };
  for (const kind of ['jump', 'goto'] as const) {
    const to = part[kind];
    if (isJson(to) && typeof to.target === 'string') return { kind, chain: to.target };
  }
  return null;
}

function fitsMatch({ op, left, right }: Json, packet: OwnPacket): Fits {
  const isNot = op === '!=';
  if (!isNot && op !== '==' && op !== 'in') return null;
  const value = leftValue(left, packet);
  return value === null ? null : negated(fitsRight(value, right), isNot);
}

/** What the packet has there: a number, a name, an address; null: not known, or nothing that is read here. */
function leftValue(left: unknown, packet: OwnPacket): string | number | null {
  if (!isJson(left)) return null;
  if (isJson(left.payload)) {
    const { protocol, field } = left.payload;
    if (field === 'dport') return protocol === 'tcp' || protocol === 'th' ? packet.port : NEVER;
    if (field === 'daddr') return (protocol === 'ip6') === (isIP(packet.host) === 6) ? packet.host : NEVER;
    if (field === 'protocol' || field === 'nexthdr') return 'tcp';
    return protocol === 'udp' || protocol === 'icmp' ? NEVER : null;
  }
  const key = isJson(left.meta) ? left.meta.key : null;
  if (key === 'l4proto') return 'tcp';
  if (key === 'oifname' || key === 'oif') return packet.interface;
  if (key === 'nfproto') return isIP(packet.host) === 6 ? 'ipv6' : 'ipv4';
  return isJson(left.ct) && left.ct.key === 'state' ? 'new' : null;
}

/** Equal to nothing. */
const NEVER = '\0';

function fitsRight(value: string | number, right: unknown): Fits {
  if (Array.isArray(right)) return any(right.map((one) => fitsRight(value, one)));
  if (isJson(right)) {
    if (Array.isArray(right.set)) return any(right.set.map((one) => fitsRight(value, one)));
    if (isJson(right.elem)) return fitsRight(value, right.elem.val);
    if (isJson(right.prefix)) return isIn(String(value), String(right.prefix.addr), Number(right.prefix.len));
    if (Array.isArray(right.range)) {
      const [from, to] = right.range.map(Number);
      return typeof value === 'number' && from !== undefined && to !== undefined ? value >= from && value <= to : null;
    }
    return null;
  }
  // A set by its name, or a name with a pattern.
  if (typeof right === 'string' && (right.startsWith('@') || right.endsWith('*'))) return null;
  return String(value) === String(right) || (value === 'tcp' && String(right) === '6');
}

const any = (parts: readonly Fits[]): Fits => (parts.includes(true) ? true : parts.includes(null) ? null : false);

/** Near to what `nft list ruleset` prints. */
function textOf(parts: readonly Json[]): string {
  const words = parts.flatMap((part) => {
    if (isJson(part.match)) {
      const { left, op, right } = part.match;
      return [`${leftText(left)}${op === '!=' ? ' !=' : ''} ${rightText(right)}`];
    }
    const [name = ''] = Object.keys(part);
    return SIDE_EFFECTS.includes(name) ? [] : [name];
  });
  return words.join(' ').slice(0, 200);
}

function leftText(left: unknown): string {
  if (!isJson(left)) return '?';
  if (isJson(left.payload)) return `${left.payload.protocol} ${left.payload.field}`;
  if (isJson(left.meta)) return String(left.meta.key);
  return isJson(left.ct) ? `ct ${left.ct.key}` : '?';
}

function rightText(right: unknown): string {
  if (isJson(right)) {
    if (isJson(right.prefix)) return `${right.prefix.addr}/${right.prefix.len}`;
    if (Array.isArray(right.range)) return right.range.join('-');
    if (Array.isArray(right.set)) return `{ ${right.set.map(rightText).join(', ')} }`;
    return '?';
  }
  return Array.isArray(right) ? `{ ${right.map(rightText).join(', ')} }` : String(right);
}
