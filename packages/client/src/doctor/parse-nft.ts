import { isIP } from 'node:net';
import {
  allFit,
  type FirewallChain,
  type FirewallRule,
  type FirewallVerdict,
  type Fits,
  type OwnPacket,
  stoppedBy,
} from './firewall-verdict.ts';
import { fitsMatch, isJson, type Json, leftFits, type Sets, wordOf } from './nft-values.ts';

/*
 * `nft -j list ruleset` (libnftables-json(5)): a list of objects, each a table, a chain, a rule, a set ... What we send
 * passes the base chains of the hooks `output` and `postrouting`, what comes back those of `prerouting` and `input`.
 */

const MOST_OBJECTS = 50_000;
const HOOKS = { out: ['output', 'postrouting'], answer: ['prerouting', 'input'] } as const;

interface Table {
  readonly bases: { readonly name: string; readonly hook: unknown; readonly type: unknown }[];
  readonly policies: Map<string, FirewallChain['policy']>;
  readonly rules: Map<string, Json[]>;
  readonly sets: Map<string, readonly unknown[]>;
}

/**
 * The rules that stop the packet; null where the text is not what `nft` prints.
 * @param except tables that are left out, as they are read from `iptables-save`: {@link tablesWithXt}
 */
export function stoppedByNft(
  text: string,
  packet: OwnPacket,
  except: ReadonlySet<string> = new Set(),
): string[] | null {
  const list = objectsIn(text);
  if (list === null) return null;
  const told: string[] = [];
  for (const { bases, policies, rules, sets } of tablesOf(list, packet, except).values()) {
    const hooks: readonly unknown[] = HOOKS[packet.way];
    const here = bases.filter(({ hook, type }) => hooks.includes(hook) && (type !== 'nat' || packet.way === 'out'));
    if (here.length === 0) continue;
    const chains = new Map(
      [...policies].map(([name, policy]) => {
        const own = rules.get(name) ?? [];
        return [name, { policy, rules: own.flatMap((rule) => rulesOf(rule, packet, sets)) }];
      }),
    );
    for (const { name } of here) told.push(...stoppedBy(name, chains));
  }
  return told;
}

function objectsIn(text: string): readonly unknown[] | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const list = isJson(document) ? document.nftables : null;
  return Array.isArray(list) && list.length <= MOST_OBJECTS ? list : null;
}

/**
 * The tables for IPv4 or IPv6 with rules that only iptables can explain (`xt`). The others are read from `nft` though iptables
 * may list them: of sets and maps in them it knows nothing, and prints a rule for some packets as one for all.
 */
export function tablesWithXt(text: string, host: string): Set<string> {
  const family = isIP(host) === 6 ? 'ip6' : 'ip';
  const names = new Set<string>();
  for (const object of objectsIn(text) ?? []) {
    const rule = isJson(object) ? object.rule : null;
    if (!isJson(rule) || rule.family !== family || typeof rule.table !== 'string' || !Array.isArray(rule.expr))
      continue;
    if (rule.expr.some((part) => isJson(part) && 'xt' in part)) names.add(rule.table);
  }
  return names;
}

function tablesOf(list: readonly unknown[], { host }: OwnPacket, except: ReadonlySet<string>): Map<string, Table> {
  const tables = new Map<string, Table>();
  const family = isIP(host) === 6 ? 'ip6' : 'ip';
  const tableOf = (one: Json): Table | null => {
    if ((one.family !== 'inet' && one.family !== family) || typeof one.table !== 'string') return null;
    if (one.family === family && except.has(one.table)) return null;
    const key = `${one.family} ${one.table}`;
    const table = tables.get(key) ?? { bases: [], policies: new Map(), rules: new Map(), sets: new Map() };
    tables.set(key, table);
    return table;
  };
  for (const object of list) {
    if (!isJson(object)) continue;
    const { chain, rule } = object;
    // Sets and maps share their names.
    const set = object.set ?? object.map;
    if (isJson(chain) && typeof chain.name === 'string') {
      const table = tableOf(chain);
      table?.policies.set(chain.name, chain.policy === 'drop' ? 'drop' : chain.hook === undefined ? null : 'accept');
      if (chain.hook !== undefined) table?.bases.push({ name: chain.name, hook: chain.hook, type: chain.type });
    } else if (isJson(rule) && typeof rule.chain === 'string') {
      const table = tableOf(rule);
      const rules = table?.rules.get(rule.chain) ?? [];
      rules.push(rule);
      table?.rules.set(rule.chain, rules);
    } else if (isJson(set) && typeof set.name === 'string') {
      tableOf(set)?.sets.set(set.name, Array.isArray(set.elem) ? set.elem : []);
    }
  }
  return tables;
}

/** What counts or logs and lets everything on. */
const SIDE_EFFECTS: readonly string[] = ['counter', 'log', 'mangle', 'notrack', 'ct helper', 'ct timeout', 'secmark'];
const REWRITES: readonly string[] = ['dnat', 'redirect', 'tproxy'];
/** It is seldom that they end anything, and where the packet goes then cannot be read. */
const UNKNOWN: readonly string[] = ['queue', 'fwd', 'synproxy'];

/** One rule; those of a map of verdicts are one each. */
function rulesOf({ expr, comment }: Json, packet: OwnPacket, sets: Sets): FirewallRule[] {
  const parts = Array.isArray(expr) ? expr.filter(isJson) : [];
  const text = textOf(parts, comment);
  const fits: Fits[] = [];
  for (const part of parts) {
    const [name = ''] = Object.keys(part);
    const verdict = verdictOf(part, name);
    if (verdict !== null) return [{ fits: allFit(fits), verdict, text }];
    if (isJson(part.vmap)) {
      return elementsOf(part.vmap, sets).map(({ at, verdict: mapped }) => {
        const key = isJson(part.vmap) ? leftFits(part.vmap.key, at, packet, sets) : null;
        return { fits: allFit([...fits, key]), verdict: mapped, text: `${text} ${elementText(at, mapped)}` };
      });
    }
    if (isJson(part.match)) fits.push(fitsMatch(part.match, packet, sets));
    else if (!SIDE_EFFECTS.includes(name)) fits.push(null);
  }
  return [];
}

function verdictOf(part: Json, name: string): FirewallVerdict | null {
  switch (name) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'return':
      return { kind: name };
    case 'continue':
      return { kind: 'none' };
    case 'masquerade':
    case 'snat':
      return { kind: 'accept' };
    case 'jump':
    case 'goto': {
      const to = part[name];
      return isJson(to) && typeof to.target === 'string' ? { kind: name, chain: to.target } : { kind: 'unknown' };
    }
    case 'xt':
      // What iptables has and nftables has not.
      return isJson(part.xt) && part.xt.type === 'target' ? { kind: 'unknown' } : null;
    default:
      if (REWRITES.includes(name)) return { kind: 'rewritten' };
      return UNKNOWN.includes(name) ? { kind: 'unknown' } : null;
  }
}

interface MapElement {
  readonly at: unknown;
  readonly verdict: FirewallVerdict;
}

/** `ct state vmap { established : accept, invalid : drop }`; what cannot be read in it ends nobody knows how. */
function elementsOf({ data }: Json, sets: Sets): MapElement[] {
  const named = typeof data === 'string' && data.startsWith('@') ? sets.get(data.slice(1)) : undefined;
  const list = isJson(data) && Array.isArray(data.set) ? data.set : named;
  if (list === undefined) return [{ at: {}, verdict: { kind: 'unknown' } }];
  const elements = list.map((pair): MapElement => {
    const [at, to]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const [name = ''] = isJson(to) ? Object.keys(to) : [];
    return { at, verdict: (isJson(to) ? verdictOf(to, name) : null) ?? { kind: 'unknown' } };
  });
  // `*` stands for all that is not named, wherever it is listed.
  return elements.toSorted((a, b) => Number(a.at === '*') - Number(b.at === '*'));
}

/** Near to what `nft list ruleset` prints. */
function textOf(parts: readonly Json[], comment: unknown): string {
  const words = parts.flatMap((part) => {
    if (isJson(part.match)) {
      const { left, op, right } = part.match;
      return [`${leftText(left)} ${op === '==' || op === 'in' ? '' : `${wordOf(op)} `}${rightText(right)}`];
    }
    const [name = ''] = Object.keys(part);
    if (SIDE_EFFECTS.includes(name)) return [];
    const to = part[name];
    if (isJson(part.vmap)) return [`${leftText(part.vmap.key)} vmap`];
    return [isJson(to) && typeof to.target === 'string' ? `${name} ${to.target}` : name];
  });
  return `${words.join(' ')}${typeof comment === 'string' ? ` (${comment})` : ''}`;
}

/** Of a map the one element that decides. */
const elementText = (at: unknown, verdict: FirewallVerdict): string =>
  `{ ${rightText(at)} : ${verdict.kind}${'chain' in verdict ? ` ${verdict.chain}` : ''} }`;

function leftText(left: unknown): string {
  if (!isJson(left)) return '?';
  if (Array.isArray(left['&']))
    return left['&']
      .slice(0, 2)
      .map((one) => (isJson(one) ? leftText(one) : rightText(one)))
      .join(' & ');
  if (Array.isArray(left.concat)) return left.concat.slice(0, 4).map(leftText).join(' . ');
  if (isJson(left.payload)) return `${wordOf(left.payload.protocol)} ${wordOf(left.payload.field)}`;
  if (isJson(left.meta)) return `meta ${wordOf(left.meta.key)}`;
  return isJson(left.ct) ? `ct ${wordOf(left.ct.key)}` : '?';
}

function rightText(right: unknown, depth = 0): string {
  if (depth > 3) return '?';
  if (isJson(right)) {
    if (isJson(right.prefix)) return `${wordOf(right.prefix.addr)}/${wordOf(right.prefix.len)}`;
    if (Array.isArray(right.range)) return right.range.slice(0, 2).map(wordOf).join('-');
    if (Array.isArray(right.set)) return rightText(right.set, depth);
    if (Array.isArray(right.concat))
      return right.concat
        .slice(0, 4)
        .map((one) => rightText(one, depth + 1))
        .join(' . ');
    return isJson(right.elem) ? rightText(right.elem.val, depth + 1) : '?';
  }
  if (!Array.isArray(right)) return wordOf(right);
  const some = right.slice(0, 5).map((one) => rightText(one, depth + 1));
  return `{ ${some.join(', ')}${right.length > some.length ? ', ...' : ''} }`;
}
