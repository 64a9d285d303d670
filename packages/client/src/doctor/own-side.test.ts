import { seenValue } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { INTERFACES, onComputer } from './computer.testing.ts';
import type { OperatingSystem } from './operating-system.ts';
import { lookAtOwnSide } from './own-side.ts';

type Said = { readonly code: number; readonly output: string } | null;

const ROUTE = '[{"dst":"10.0.4.21","dev":"eth0","prefsrc":"10.0.4.5","flags":[],"uid":0,"cache":[]}]';
const DEFAULT = '[{"dst":"default","gateway":"10.0.4.1","dev":"eth0","flags":[]}]';
const neighbour = (dst: string, state: string) =>
  `{"dst":"${dst}","dev":"eth0","lladdr":"00:11:22:33:44:55","state":["${state}"]}`;
const NO_RULES = '{"nftables":[]}';

/** A computer of Linux at 10.0.4.5 with the gateway 10.0.4.1; what a program is not told to say, it is not there. */
function computer(more: {
  readonly programs?: Readonly<Record<string, string | Said>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly pings?: readonly string[];
  readonly admin?: boolean;
}) {
  const programs: Readonly<Record<string, string | Said>> = {
    'ip -j route get 10.0.4.21': ROUTE,
    'ip -j route show default': DEFAULT,
    'nft -j list ruleset': NO_RULES,
    ...more.programs,
  };
  const files: Readonly<Record<string, string>> = { '/sys/class/net/eth0/operstate': 'up\n', ...more.files };
  const asked: string[] = [];
  const run: OperatingSystem['run'] = async (program, args) => {
    const line = [program, ...args].join(' ');
    if (program === 'ping') {
      const host = args.at(-1) ?? '';
      asked.push(host);
      return { code: more.pings?.includes(host) === true ? 0 : 1, output: '' };
    }
    const said = Object.entries(programs).find(
      ([key]) => line === key || (key === 'neigh' && line.includes('neigh')),
    )?.[1];
    return typeof said === 'string' ? { code: 0, output: said } : (said ?? null);
  };
  const looking = onComputer({
    run,
    interfaces: INTERFACES,
    readFile: async (path) => files[path] ?? null,
    isAdministrator: more.admin ?? true,
  });
  return { looking, asked };
}

const look = async (more: Parameters<typeof computer>[0], port = 4028) => {
  const { looking, asked } = computer(more);
  const seen = await lookAtOwnSide('10.0.4.21', port, looking);
  return { own: seenValue(seen), line: 'notSeen' in seen ? seen.notSeen : seen.line, asked };
};

describe('our own side', () => {
  test('that works has a route, a gateway that answers, and no rule', async () => {
    const { own, line } = await look({
      pings: ['10.0.4.1'],
      programs: { neigh: `[${neighbour('10.0.4.30', 'REACHABLE')}]` },
    });
    expect(own).toEqual({
      hasRoute: true,
      interface: 'eth0',
      sameNetwork: true,
      neighboursAnswering: { answered: 1, of: 1 },
      gatewayAnswers: true,
      firewallRules: [],
      connections: [],
    });
    expect(line).toBe(
      'the way to 10.0.4.21 leads over eth0, the gateway answers, 1 of 1 neighbours answer, our firewall lets it pass',
    );
  });

  test('without a route says so', async () => {
    const unreachable = { code: 2, output: 'RTNETLINK answers: Network is unreachable\n' };
    const { own, line } = await look({ programs: { 'ip -j route get 10.0.4.21': unreachable } });
    expect(own?.hasRoute).toBe(false);
    expect(line).toContain('there is no route to 10.0.4.21');
  });

  test('whose interface is switched off names it, where it is the only one', async () => {
    const unreachable = { code: 2, output: 'RTNETLINK answers: Network is unreachable\n' };
    const link = (name: string) => `{"ifname":"${name}","operstate":"DOWN","link_type":"ether"}`;
    const programs = { 'ip -j route get 10.0.4.21': unreachable, 'ip -j -d link show': `[${link('eth0')}]` };
    const { own, line } = await look({ programs });
    expect(own).toMatchObject({ hasRoute: false, interface: 'eth0' });
    expect(line).toContain('there is no route to 10.0.4.21, the interface eth0 is down');
    const two = { ...programs, 'ip -j -d link show': `[${link('eth0')},${link('eth1')}]` };
    const both = await look({ programs: two });
    expect(both.own).toMatchObject({ hasRoute: false, interface: null });
    expect(both.line).toContain('the interfaces eth0 and eth1 are down');
  });

  test('is not looked at for a name that leads nowhere, nor when the examination is over', async () => {
    const { looking } = computer({});
    expect(await lookAtOwnSide('miner.lan', 4028, looking)).toEqual({ notSeen: 'the name leads to no address' });
    const over = onComputer({}, AbortSignal.abort());
    expect(await lookAtOwnSide('10.0.4.21', 4028, over)).toEqual({ notSeen: 'the examination ended before' });
  });

  test.each<[NodeJS.Platform, string, string]>([
    ['linux', '10.0.4.21', 'ip route get 10.0.4.21; ss -tnp dst 10.0.4.21; sudo nft list ruleset'],
    ['linux', 'fd00:4::21', "ip route get fd00:4::21; ss -tnp dst '[fd00:4::21]'; sudo nft list ruleset"],
    ['darwin', '10.0.4.21', 'route -n get 10.0.4.21; netstat -an -p tcp'],
    ['win32', '10.0.4.21', 'route print & netstat -ano'],
  ])('is seen on %s for %s by what a person types', async (platform, host, command) => {
    const looking = onComputer({ platform, interfaces: INTERFACES, run: async () => ({ code: 0, output: ROUTE }) });
    expect(await lookAtOwnSide(host, 4028, looking)).toMatchObject({ command });
  });

  test('with its cable out has no route', async () => {
    const { own, line } = await look({ files: { '/sys/class/net/eth0/operstate': 'down\n' } });
    expect(own).toMatchObject({ hasRoute: false, interface: 'eth0' });
    expect(line).toContain('the interface eth0 is down');
  });

  test('is not judged by addresses at which nobody ever was: a scan leaves many of them', async () => {
    const failed = Array.from({ length: 20 }, (_, i) => `{"dst":"10.0.4.${100 + i}","dev":"eth0","state":["FAILED"]}`);
    expect((await look({ programs: { neigh: `[${failed.join(',')}]` } })).own?.neighboursAnswering).toBeNull();
  });

  test('asks at most three neighbours that were there, and the gateway', async () => {
    const old = [30, 31, 32, 33, 34].map((n) => neighbour(`10.0.4.${n}`, 'STALE'));
    const { own, asked } = await look({ pings: ['10.0.4.31'], programs: { neigh: `[${old.join(',')}]` } });
    expect(own?.neighboursAnswering).toEqual({ answered: 1, of: 1 });
    expect([...new Set(asked)].toSorted()).toEqual(['10.0.4.1', '10.0.4.30', '10.0.4.31', '10.0.4.32']);
  });

  test('of which nobody answers any more is told by the table, in the end', async () => {
    const table = (state: string) => `[${neighbour('10.0.4.1', state)},${neighbour('10.0.4.30', state)}]`;
    let reads = 0;
    const { looking } = computer({});
    const { run } = looking.system;
    const system: OperatingSystem = {
      ...looking.system,
      run: async (program, args) => {
        if (!args.includes('neigh')) return run(program, args);
        return { code: 0, output: table(++reads < 4 ? 'STALE' : 'FAILED') };
      },
    };
    let now = 0;
    const own = seenValue(
      await lookAtOwnSide('10.0.4.21', 4028, { ...looking, system, clock: { now: () => (now += 1000) } }),
    );
    expect(own).toMatchObject({ hasRoute: true, gatewayAnswers: false, neighboursAnswering: { answered: 0, of: 1 } });
  });
});

describe('our own firewall', () => {
  const drop = (match: object) =>
    JSON.stringify({
      nftables: [
        { chain: { family: 'inet', table: 'f', name: 'out', type: 'filter', hook: 'output', policy: 'accept' } },
        { rule: { family: 'inet', table: 'f', chain: 'out', expr: [{ match }, { drop: null }] } },
      ],
    });
  const port = drop({ op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 4028 });

  test('that stops the port is named with its rule, and not for another port', async () => {
    const { own, line } = await look({ programs: { 'nft -j list ruleset': port } });
    expect(own?.firewallRules).toEqual(['nft: tcp dport 4028 drop']);
    expect(line).toContain('our firewall stops it: nft: tcp dport 4028 drop');
    expect((await look({ programs: { 'nft -j list ruleset': port } }, 80)).own?.firewallRules).toEqual([]);
  });

  test('of which nobody can say whether it does is not said to', async () => {
    const mark = drop({ op: '==', left: { meta: { key: 'mark' } }, right: 7 });
    const { own, line } = await look({ programs: { 'nft -j list ruleset': mark } });
    expect(own?.firewallRules).toBeNull();
    expect(line).toContain('our firewall perhaps stops it: nft: meta mark 7 drop');
  });

  test('is not to be read by everybody', async () => {
    const refused = { code: 1, output: 'Operation not permitted (you must be root)\n' };
    const { own, line } = await look({
      admin: false,
      programs: { 'nft -j list ruleset': refused },
      files: { '/etc/ufw/ufw.conf': '# /etc/ufw/ufw.conf\nENABLED=yes\nLOGLEVEL=low\n' },
    });
    expect(own?.firewallRules).toBeNull();
    expect(line).toContain('our firewall was not read: only an administrator may read its rules; ufw is switched on');
  });

  const NFT_REFUSED = {
    code: 1,
    output: 'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed',
  };

  test('is not said to let it pass where only an empty part of it may be read', async () => {
    const { own, line } = await look({ programs: { 'nft -j list ruleset': NFT_REFUSED, 'iptables-save': '' } });
    expect(own?.firewallRules).toBeNull();
    expect(line).toContain('our firewall was not read: only an administrator may read its rules');
    const rest = { code: 4, output: 'iptables-save v1.8.9 (nf_tables): Could not fetch rule set generation id' };
    const known = await look({ programs: { 'iptables-save': rest } });
    expect(known.own?.firewallRules).toEqual([]);
  });

  const SAVED = (...rules: string[]) =>
    `# Generated by iptables-save v1.8.9 (nf_tables) on Tue Nov 24 20:00:00 2026\n*filter\n:OUTPUT ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n`;
  const NATIVE = (...expr: object[]) =>
    JSON.stringify({
      nftables: [
        { chain: { family: 'ip', table: 'filter', name: 'OUTPUT', type: 'filter', hook: 'output', policy: 'accept' } },
        { rule: { family: 'ip', table: 'filter', chain: 'OUTPUT', expr } },
      ],
    });
  const ports = (...right: number[]) => ({
    match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: { set: right } },
  });

  test('whose set of ports iptables does not understand is read from nft', async () => {
    // What iptables 1.8.9 makes of `tcp dport { 22, 80 } drop`.
    const programs = { 'nft -j list ruleset': NATIVE(ports(22, 80), { drop: null }) };
    const { own } = await look({ programs: { ...programs, 'iptables-save': SAVED('-A OUTPUT -p tcp -j DROP') } });
    expect(own?.firewallRules).toEqual([]);
  });

  test('whose matches only iptables understands is read from there', async () => {
    const xt = [{ xt: { type: 'match', name: 'multiport' } }, { drop: null }];
    const multiport = (list: string) => SAVED(`-A OUTPUT -p tcp -m multiport --dports ${list} -j DROP`);
    const programs = { 'nft -j list ruleset': NATIVE(...xt) };
    expect((await look({ programs: { ...programs, 'iptables-save': multiport('22,80') } })).own?.firewallRules).toEqual(
      [],
    );
    const { own } = await look({ programs: { ...programs, 'iptables-save': multiport('80,4028') } });
    expect(own?.firewallRules).toEqual(['iptables: OUTPUT -p tcp -m multiport --dports 80,4028 -j DROP']);
  });

  test('of which iptables leaves a table to nft, which is not there, is not known', async () => {
    const left = "# Table `filter' contains incompatible base-chains, use 'nft' tool to list them.\n";
    const { own, line } = await look({
      programs: { 'nft -j list ruleset': null, 'iptables-save': `${left}${SAVED()}` },
    });
    expect(own?.firewallRules).toBeNull();
    expect(line).toContain('our firewall was not read: some of its rules cannot be read');
  });

  test('that is older than nftables is read too', async () => {
    const legacy =
      '# Generated by iptables-save v1.8.9 on Tue Nov 24 20:00:00 2026\n*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n';
    for (const newer of [SAVED(), '']) {
      const { own } = await look({
        programs: { 'iptables-save': newer, 'iptables-legacy-save': legacy },
        files: { '/proc/net/ip_tables_names': 'filter\n' },
      });
      expect(own?.firewallRules).toEqual(['iptables: the policy of chain OUTPUT is drop']);
    }
  });

  test('of macOS and Windows is not read', async () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const looking = onComputer({ platform, interfaces: INTERFACES });
      const own = seenValue(await lookAtOwnSide('10.0.4.21', 4028, looking));
      expect(own).toMatchObject({ firewallRules: null, sameNetwork: true });
    }
  });
});

describe('connections of this computer to the machine', () => {
  // 0FBC is 4028, 1504000A is 10.0.4.21.
  const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0504000A:C001 1504000A:0FBC 01 00000000:00000000 00:00000000 00000000     0        0 1234 1 0 20 4 30 10 -1
   1: 0504000A:C002 1504000A:0FBC 08 00000000:00000000 00:00000000 00000000     0        0 1235 1 0 20 4 30 10 -1
   2: 0504000A:C003 1504000A:0FBC 01 00000000:00000000 00:00000000 00000000     0        0 1236 1 0 20 4 30 10 -1
   3: 0504000A:C004 1504000A:0FBC 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10 -1
`;
  const holders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    [`/proc/${process.pid}/fd`]: { 3: 'socket:[1236]' },
    '/proc/77/fd': { 5: 'socket:[1234]' },
  };

  test('are named by program as far as it can be read; ours are left out, and what is over', async () => {
    const { looking } = computer({ files: { '/proc/net/tcp': TCP, '/proc/77/comm': 'foreman\n' } });
    const system: OperatingSystem = {
      ...looking.system,
      readFolder: async (path) => (path === '/proc' ? ['77', '78', 'net'] : Object.keys(holders[path] ?? {})),
      readLink: async (path) => holders[path.replace(/\/[^/]*$/, '')]?.[path.replace(/.*\//, '')] ?? null,
    };
    const seen = await lookAtOwnSide('10.0.4.21', 4028, { ...looking, system });
    expect(seenValue(seen)?.connections).toEqual([
      { port: 4028, state: 'ESTABLISHED', program: 'foreman (77)' },
      { port: 4028, state: 'CLOSE_WAIT', program: null },
    ]);
    expect('line' in seen ? seen.line : '').toContain(
      'foreman (77), a program of another user here: 2 connections to it, 1 that it has ended and we have not',
    );
  });
});
