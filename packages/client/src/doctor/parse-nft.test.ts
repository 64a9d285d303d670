import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OwnPacket } from './firewall-verdict.ts';
import { stoppedByNft, tablesWithXt } from './parse-nft.ts';

const OUT: OwnPacket = { way: 'out', host: '10.0.4.21', port: 4028, source: '10.0.4.5', interface: 'eth0' };
const ANSWER: OwnPacket = { ...OUT, way: 'answer' };

const table = { table: { family: 'inet', name: 'f', handle: 1 } };
const chain = (name: string, hook?: string, policy = 'accept', type = 'filter') => ({
  chain: { family: 'inet', table: 'f', name, ...(hook === undefined ? {} : { type, hook, prio: 0, policy }) },
});
const rule = (name: string, ...expr: object[]) => ({ rule: { family: 'inet', table: 'f', chain: name, expr } });
const payload = (protocol: string, field: string, right: unknown, op = '==') => ({
  match: { op, left: { payload: { protocol, field } }, right },
});
const meta = (key: string, right: unknown, op = '==') => ({ match: { op, left: { meta: { key } }, right } });
const ct = (right: unknown, op = 'in') => ({ match: { op, left: { ct: { key: 'state' } }, right } });
const [accept, drop, reject] = [{ accept: null }, { drop: null }, { reject: null }];
const jump = (target: string) => ({ jump: { target } });
const dport = (right: unknown, op = '==') => payload('tcp', 'dport', right, op);
const ADDRESS = { payload: { protocol: 'ip', field: 'daddr' } };
const PORT = { payload: { protocol: 'tcp', field: 'dport' } };
const mark = { match: { op: '==', left: { meta: { key: 'mark' } }, right: 5 } };

const stops = (objects: object[], packet = OUT) =>
  stoppedByNft(JSON.stringify({ nftables: [table, ...objects] }), packet);
const outputs = (...rules: object[][]) =>
  stops([chain('output', 'output'), ...rules.map((expr) => rule('output', ...expr))]);

describe('a packet to 10.0.4.21 port 4028 of TCP is stopped', () => {
  test('by what nft 1.0.6 printed for `ip daddr 10.9.0.0/24 tcp dport { 4028, 4029 } counter drop`', () => {
    const text =
      '{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "f", "handle": 1}}, {"chain": {"family": "inet", "table": "f", "name": "output", "handle": 1, "type": "filter", "hook": "output", "prio": 0, "policy": "accept"}}, {"rule": {"family": "inet", "table": "f", "chain": "output", "handle": 3, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": {"prefix": {"addr": "10.9.0.0", "len": 24}}}}, {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [4028, 4029]}}}, {"counter": {"packets": 0, "bytes": 0}}, {"drop": null}]}}]}';
    const rules = ['ip daddr 10.9.0.0/24 tcp dport { 4028, 4029 } drop'];
    expect(stoppedByNft(text, { ...OUT, host: '10.9.0.2' })).toEqual(rules);
    expect(stoppedByNft(text, { ...OUT, host: '10.9.1.2' })).toEqual([]);
    expect(stoppedByNft(text, { ...OUT, host: '10.9.0.2', port: 80 })).toEqual([]);
  });

  test.each<[string, object[]]>([
    ['tcp dport 4028 drop', [dport(4028), drop]],
    ['tcp dport 4000-4100 reject', [dport({ range: [4000, 4100] }), reject]],
    ['tcp dport != 80 drop', [dport(80, '!='), drop]],
    ['tcp dport > 4000 drop', [dport(4000, '>'), drop]],
    ['ip daddr 10.0.4.0-10.0.4.99 drop', [payload('ip', 'daddr', { range: ['10.0.4.0', '10.0.4.99'] }), drop]],
    ['ip saddr 10.0.4.5 drop', [payload('ip', 'saddr', '10.0.4.5'), drop]],
    ['meta oifname eth* drop', [meta('oifname', 'eth*'), drop]],
    ['meta l4proto { tcp, udp } drop', [meta('l4proto', { set: ['tcp', 'udp'] }), drop]],
    ['meta l4proto 6 drop', [meta('l4proto', 6), drop]],
    ['ct state new drop', [ct('new'), drop]],
  ])('by %s', (text, expr) => {
    expect(outputs(expr)).toEqual([text]);
  });

  test('by the policy of the chain, and by a set with a name', () => {
    expect(stops([chain('output', 'output', 'drop')])).toEqual(['the policy of chain output is drop']);
    const set = {
      set: { family: 'inet', table: 'f', name: 'ports', type: 'inet_service', elem: [22, { elem: { val: 4028 } }] },
    };
    expect(stops([set, chain('output', 'output'), rule('output', dport('@ports'), drop)])).toEqual([
      'tcp dport @ports drop',
    ]);
  });

  test('by a chain that another one leads to, and behind its own one by that of postrouting', () => {
    const way = [
      chain('output', 'output'),
      chain('miners'),
      rule('output', jump('miners')),
      rule('miners', dport(4028), drop),
    ];
    expect(stops(way)).toEqual(['tcp dport 4028 drop']);
    const post = [chain('output', 'output'), rule('output', accept), chain('post', 'postrouting'), rule('post', drop)];
    expect(stops(post)).toEqual(['drop']);
  });

  test('by a map of verdicts', () => {
    const vmap = {
      vmap: {
        key: { ct: { key: 'state' } },
        data: {
          set: [
            ['established', accept],
            ['new', drop],
          ],
        },
      },
    };
    expect(outputs([vmap])).toEqual(['ct state vmap { new : drop }']);
  });

  test('when the answers to it are', () => {
    const input = [chain('input', 'input', 'drop'), rule('input', meta('iifname', 'lo'), accept)];
    expect(stops(input, ANSWER)).toEqual(['the policy of chain input is drop']);
    expect(stops([...input, rule('input', ct(['established', 'related']), accept)], ANSWER)).toEqual([]);
    expect(stops(input)).toEqual([]);
  });
});

describe('it passes', () => {
  test.each<[string, object[]]>([
    ['a rule for UDP, negated too', [payload('udp', 'dport', 53, '!='), drop]],
    ['a rule for IPv6', [payload('ip6', 'daddr', '::', '!='), drop]],
    ['a rule for another interface', [meta('oifname', 'lo'), drop]],
    ['a rule for answers', [ct(['established', 'related']), drop]],
    ['a rule that only counts', [dport(4028), { counter: { packets: 1, bytes: 60 } }]],
    [
      'a rule for resets',
      [
        {
          match: { op: '==', left: { '&': [{ payload: { protocol: 'tcp', field: 'flags' } }, ['rst']] }, right: 'rst' },
        },
        drop,
      ],
    ],
  ])('%s', (_, expr) => {
    expect(outputs(expr)).toEqual([]);
  });

  test('what stops it behind a rule that lets it pass', () => {
    expect(outputs([dport(4028), accept], [drop])).toEqual([]);
  });

  test('by the pairs of address and port in a set that name others', () => {
    const pairs = (...elem: object[]) => [
      { set: { family: 'inet', table: 'f', name: 'pairs', type: ['ipv4_addr', 'inet_service'], elem } },
      chain('output', 'output'),
      rule('output', { match: { op: '==', left: { concat: [ADDRESS, PORT] }, right: '@pairs' } }, drop),
    ];
    const others = [{ concat: ['10.0.5.1', { range: [4000, 4090] }] }, { concat: ['10.0.4.21', 80] }];
    expect(stops(pairs(...others))).toEqual([]);
    const network = { concat: [{ prefix: { addr: '10.0.4.0', len: 24 } }, 4028] };
    expect(stops(pairs(...others, network))).toEqual(['ip daddr . tcp dport @pairs drop']);
  });

  test('by a map with a name that lets it pass, whatever is to become of all others', () => {
    const mapped = (...elem: [unknown, object][]) => [
      { map: { family: 'inet', table: 'f', name: 'm', type: 'inet_service', map: 'verdict', elem } },
      chain('output', 'output'),
      rule('output', { vmap: { key: PORT, data: '@m' } }),
    ];
    expect(stops(mapped(['*', drop], [4028, accept]))).toEqual([]);
    expect(stops(mapped(['*', drop], [80, accept]))).toEqual(['tcp dport vmap { * : drop }']);
    expect(stops(mapped([80, accept], [4028, drop]))).toEqual(['tcp dport vmap { 4028 : drop }']);
  });

  test('the tables of iptables, when those are read by its own program', () => {
    const objects = [
      { chain: { family: 'ip', table: 'filter', name: 'OUTPUT', type: 'filter', hook: 'output', policy: 'drop' } },
    ];
    const text = JSON.stringify({ nftables: objects });
    expect(stoppedByNft(text, OUT)).toEqual(['the policy of chain OUTPUT is drop']);
    expect(stoppedByNft(text, OUT, new Set(['filter']))).toEqual([]);
  });
});

describe('it is not to be decided', () => {
  test('by a mark, a limit, or what only iptables knows', () => {
    expect(outputs([mark, drop])).toEqual(['perhaps: meta mark 5 drop']);
    expect(outputs([{ limit: { rate: 5, per: 'second' } }, drop])).toEqual(['perhaps: limit drop']);
    expect(outputs([{ xt: { type: 'match', name: 'set' } }, drop])).toEqual(['perhaps: xt drop']);
  });

  test('what follows a rule that may let it pass; what follows one that may stop it is sure', () => {
    expect(outputs([mark, accept], [dport(4028), drop])).toEqual(['perhaps: tcp dport 4028 drop']);
    expect(outputs([mark, drop], [dport(4028), drop])).toEqual(['perhaps: meta mark 5 drop', 'tcp dport 4028 drop']);
  });

  test('a policy that is reached when a chain is perhaps left early', () => {
    const rules = [
      chain('output', 'output', 'drop'),
      chain('c'),
      rule('output', mark, { goto: { target: 'c' } }),
      rule('output', accept),
    ];
    expect(stops(rules)).toEqual(['perhaps: the policy of chain output is drop']);
  });

  test('chains that lead to each other without end', () => {
    const rules = [
      chain('output', 'output'),
      chain('a'),
      rule('output', jump('a')),
      ...Array.from({ length: 9 }, () => rule('a', jump('a'))),
    ];
    expect(stops(rules)?.[0]).toBe('perhaps: chain a, which leads on and on');
  });
});

test('tables in which only iptables knows what is meant are those with a rule of its own', () => {
  // As nft 1.0.6 prints `iptables -A OUTPUT -p tcp -m multiport --dports 80,4028 -j DROP`.
  const xt =
    '{"rule": {"family": "ip", "table": "filter", "chain": "OUTPUT", "handle": 2, "expr": [{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": "tcp"}}, {"xt": {"type": "match", "name": "multiport"}}, {"counter": {"packets": 0, "bytes": 0}}, {"drop": null}]}}';
  const plain =
    '{"rule": {"family": "ip", "table": "raw", "chain": "OUTPUT", "handle": 2, "expr": [{"counter": {"packets": 0, "bytes": 0}}, {"drop": null}]}}';
  const text = `{"nftables": [${xt}, ${plain}]}`;
  expect([...tablesWithXt(text, '10.0.4.21')]).toEqual(['filter']);
  expect([...tablesWithXt(text, 'fd00::21')]).toEqual([]);
  expect([...tablesWithXt('{', '10.0.4.21')]).toEqual([]);
});

describe('what nft never prints', () => {
  test('is no ruleset', () => {
    for (const text of ['', '{', '[]', '{"nftables":1}', 'Operation not permitted (you must be root)']) {
      expect(stoppedByNft(text, OUT)).toBeNull();
    }
  });

  test('breaks nothing, however deep it lies', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = `{"nftables":[{"chain":{"family":"inet","table":"f","name":"o","type":"filter","hook":"output"}},{"rule":{"family":"inet","table":"f","chain":"o","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":${deep}}},{"drop":null}]}}]}`;
    expect(stoppedByNft(text, OUT)).toEqual([expect.stringMatching(/^perhaps: tcp dport /)]);
  });

  test('gives lines or null', () => {
    const part = fc.oneof(
      fc.json().map((text) => JSON.parse(text) as object),
      fc.constantFrom<object>(
        drop,
        accept,
        reject,
        jump('o'),
        jump('p'),
        mark,
        dport(4028),
        dport({ set: [{ range: [9] }] }),
      ),
      fc.jsonValue().map((right) => payload('ip', 'daddr', right)),
      fc.jsonValue().map((vmap) => ({ vmap })),
      fc.jsonValue().map((left) => ({ match: { op: '==', left, right: 1 } })),
    );
    const rules = fc.array(fc.tuple(fc.constantFrom('o', 'p'), fc.array(part, { maxLength: 4 })), { maxLength: 6 });
    fc.assert(
      fc.property(rules, fc.constantFrom(OUT, ANSWER), (list, packet) => {
        const objects = [
          chain('o', 'output'),
          chain('i', 'input'),
          chain('p'),
          ...list.map(([name, expr]) => rule(name, ...expr)),
        ];
        const told = stops(objects, packet);
        expect(told === null || told.every((line) => typeof line === 'string')).toBe(true);
      }),
      { seed: 20_261_124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
