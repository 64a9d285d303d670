import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { describe, test } from 'vitest';

/*
 * Computers and cables that are not there: network namespaces of Linux, joined by a bridge that stands for the switch.
 * Everything is in one user namespace: an ordinary user can build it where the kernel lets him, and nothing of it is left
 * when the process that built it ends. All traffic stays within.
 */

const NEEDED = ['unshare', 'nsenter', 'ip', 'nft', 'ping', 'nc', 'mount'] as const;
const PACKAGES = 'nftables iproute2 iputils-ping netcat-openbsd util-linux mount';
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const env = { ...process.env, PATH, LC_ALL: 'C' };

const isLinux = process.platform === 'linux';
/** Programs that can be installed, and are not. */
const lacking = NEEDED.filter((name) => isLinux && spawnSync('which', [name], { env }).status !== 0);

/** Why there can be no such network here, as a sentence; null: there can. */
export const whyNoNetwork: string | null = (() => {
  if (!isLinux) return 'network namespaces are a matter of Linux';
  if (lacking.length > 0) return `there is no ${lacking.join(', ')}: apt-get install ${PACKAGES}`;
  const script = [
    'mount -t sysfs sysfs /sys',
    'ip link add hf0 type veth peer name hf1',
    'ip link add br0 type bridge',
    "nft 'add table inet t; add chain inet t c { type filter hook output priority 0; }; add rule inet t c tcp dport 9 reject with tcp reset'",
    "nft 'add table bridge t; add chain bridge t c { type filter hook forward priority 0; }; add rule bridge t c tcp dport 9 drop'",
  ].join(' && ');
  const { status, stderr } = spawnSync('unshare', ['-r', '-n', '-m', 'sh', '-c', script], { env, encoding: 'utf8' });
  return status === 0 ? null : `the kernel has not all that is needed: ${stderr.trim().split('\n').at(-1) ?? ''}`;
})();

/**
 * Tests in such networks: skipped with the reason where there can be none. In CI a program that is missing is a failure, as
 * `.ci/run` installs it; what the kernel does not allow nobody can install.
 */
export function describeInNetworks(name: string, tests: () => void): void {
  if (whyNoNetwork === null) describe(name, tests);
  else if (process.env.CI === 'true' && lacking.length > 0) {
    test(name, () => {
      throw new Error(`Network namespaces are needed: ${whyNoNetwork}`);
    });
  } else describe.skip(`${name} (skipped: ${whyNoNetwork})`, tests);
}

export interface Ran {
  /** Null: ended by a signal, as at the time limit. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A program that goes on. */
export interface Running {
  /** What it has printed until now. */
  readonly stdout: () => string;
  /** The line that was waited for. */
  readonly line: string;
  stop(): Promise<void>;
}

/** A cable to the switch. */
export interface Plug {
  /** With the length of the network: `10.77.0.21/24`. */
  readonly addresses: readonly string[];
  /** `02:...` by its place when left out. */
  readonly mac?: string;
  /** Which switch; one for all when left out. */
  readonly lan?: string;
}

/** What a firewall does with a connection attempt: nothing, an RST, or an ICMP message. */
export type Blocking = 'drop' | 'reset' | 'unreachable';

export interface Block {
  readonly port: number;
  readonly how: Blocking;
  /** Only to this address. */
  readonly to?: string;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Builds a network, lets a test work in it, and takes it down. */
export async function inNetwork<T>(work: (network: Network) => Promise<T>): Promise<T> {
  const network = new Network(await holder(['unshare', '-r', '-n', '-m']));
  try {
    return await work(network);
  } finally {
    await network.close();
  }
}

export class Network {
  readonly #switch: Host;
  readonly #hosts: Host[] = [];
  readonly #ports = new Map<Host, string[]>();
  readonly #lans = new Map<string, string>();

  constructor(held: Child) {
    this.#switch = new Host('switch', held);
  }

  /** A computer or a miner with a cable of its own. */
  async host(name: string, ...plugs: readonly Plug[]): Promise<Host> {
    const host = new Host(name, await holder([...this.#switch.enter, 'unshare', '-n', '-m']));
    this.#hosts.push(host);
    await host.must('ip', 'link', 'set', 'lo', 'up');
    for (const [i, plug] of plugs.entries()) await this.#connect(host, `eth${i}`, plug);
    return host;
  }

  /** A computer that passes packets on between two switches, and the way there for those who are on them. */
  async router(name: string, ...plugs: readonly Plug[]): Promise<Host> {
    const router = await this.host(name, ...plugs);
    await router.must('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    return router;
  }

  async #connect(host: Host, name: string, { addresses, mac, lan = 'lan' }: Plug): Promise<void> {
    const bridge = await this.#lan(lan);
    const n = [...this.#ports.values()].flat().length + 1;
    const port = `port${n}`;
    const own = mac ?? `02:00:5e:00:53:${n.toString(16).padStart(2, '0')}`;
    await this.#switch.must('ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', name, 'netns', String(host.pid));
    await this.#switch.must('ip', 'link', 'set', port, 'master', bridge, 'up');
    await host.must('ip', 'link', 'set', name, 'address', own, 'up');
    for (const address of addresses) await host.must('ip', 'address', 'add', address, 'dev', name);
    this.#ports.set(host, [...(this.#ports.get(host) ?? []), port]);
  }

  async #lan(name: string): Promise<string> {
    const before = this.#lans.get(name);
    if (before !== undefined) return before;
    const bridge = `br${this.#lans.size}`;
    this.#lans.set(name, bridge);
    await this.#switch.must('ip', 'link', 'add', bridge, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
    await this.#switch.must('ip', 'link', 'set', bridge, 'up');
    return bridge;
  }

  /** Pulls its cables out at the switch. */
  async unplug(host: Host): Promise<void> {
    for (const port of this.#ports.get(host) ?? []) await this.#switch.must('ip', 'link', 'set', port, 'down');
  }

  async plugIn(host: Host): Promise<void> {
    for (const port of this.#ports.get(host) ?? []) await this.#switch.must('ip', 'link', 'set', port, 'up');
  }

  /** The switch itself swallows packets of these connections, as one with IPS does: silence, whoever asks. */
  async swallow(...blocks: readonly Omit<Block, 'how'>[]): Promise<void> {
    const rules = blocks.map(({ port, to }) => `${to === undefined ? '' : `ip daddr ${to} `}tcp dport ${port} drop`);
    await this.#switch.nft(
      `table bridge headframe { chain way { type filter hook forward priority 0; ${rules.join('; ')}; } }`,
    );
  }

  async swallowNothing(): Promise<void> {
    await this.#switch.must('nft', 'flush', 'ruleset');
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) await host.close();
    await this.#switch.close();
  }
}

export class Host {
  readonly name: string;
  readonly #held: Child;
  readonly #running = new Set<Child>();
  #folder: string | null = null;

  constructor(name: string, held: Child) {
    this.name = name;
    this.#held = held;
  }

  get pid(): number {
    return this.#held.pid ?? 0;
  }

  /** What stands before a command that is to run there. */
  get enter(): string[] {
    return ['nsenter', '-t', String(this.pid), '-U', '-n', '-m', '--preserve-credentials', '--wd=.', '--'];
  }

  /** Runs a command to its end, within its time. */
  run(command: readonly string[], { input = '', timeoutMs = 30_000 } = {}): Promise<Ran> {
    const began = performance.now();
    const child = this.#spawn(command);
    const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (part: Buffer) => (said.stdout += part));
    child.stderr.on('data', (part: Buffer) => (said.stderr += part));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    return new Promise((done, failed) => {
      child.once('error', failed);
      child.once('close', (code) => {
        clearTimeout(limit);
        done({ code, ...said, ms: performance.now() - began });
      });
    });
  }

  /** Runs a command that must not fail. @returns what it printed */
  async must(...command: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(command);
    if (code !== 0) throw new Error(`${this.name}: ${command.join(' ')} ended with ${code}: ${stderr.trim()}`);
    return stdout;
  }

  /** Starts a program and waits for a line of it. @param input all of its standard input; it stays open without */
  start(command: readonly string[], line: RegExp, timeoutMs = 30_000, input?: string): Promise<Running> {
    const child = this.#spawn(command);
    if (input !== undefined) child.stdin.end(input);
    let stdout = '';
    let stderr = '';
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    child.stderr.on('data', (part: Buffer) => (stderr += part));
    child.stdin.on('error', () => {});
    return new Promise((done, failed) => {
      const fail = (why: string) => failed(new Error(`${this.name}: ${command.join(' ')} ${why}: ${stderr}${stdout}`));
      const limit = setTimeout(() => {
        fail(`printed no ${line} in ${timeoutMs} ms`);
        child.kill('SIGKILL');
      }, timeoutMs);
      child.once('close', () => {
        clearTimeout(limit);
        fail('ended');
      });
      child.stdout.on('data', (part: Buffer) => {
        stdout += part;
        // The last piece may be a part of a line.
        const found = stdout
          .split('\n')
          .slice(0, -1)
          .find((one) => line.test(one));
        if (found === undefined) return;
        clearTimeout(limit);
        const stop = () => {
          child.kill();
          return ended;
        };
        done({ stdout: () => stdout, line: found, stop });
      });
    });
  }

  /** A file of the project under Node, from its sources. */
  node(file: string, ...args: string[]): string[] {
    return [process.execPath, '--conditions=@headframe/source', file, ...args];
  }

  #spawn(command: readonly string[]): Child {
    const [program = '', ...args] = [...this.enter, ...command];
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  async addAddress(address: string, device = 'eth0'): Promise<void> {
    await this.must('ip', 'address', 'add', address, 'dev', device);
  }

  async removeAddress(address: string, device = 'eth0'): Promise<void> {
    await this.must('ip', 'address', 'del', address, 'dev', device);
  }

  async setMac(mac: string, device = 'eth0'): Promise<void> {
    await this.must('ip', 'link', 'set', device, 'address', mac);
  }

  /** Its own interface is switched on or off. */
  async link(state: 'up' | 'down', device = 'eth0'): Promise<void> {
    await this.must('ip', 'link', 'set', device, state);
  }

  /** The way to other networks. */
  async defaultRoute(gateway: string): Promise<void> {
    await this.must('ip', 'route', 'replace', 'default', 'via', gateway);
  }

  async noRouteTo(network: string): Promise<void> {
    await this.must('ip', 'route', 'del', network);
  }

  /** Forgets who has which address, as after some time. */
  async forgetNeighbours(): Promise<void> {
    await this.must('ip', 'neighbour', 'flush', 'all');
  }

  /** Its own firewall, on what leaves it (`output`), what comes to it (`input`) or what it passes on (`forward`). */
  async firewall(hook: 'input' | 'output' | 'forward', ...blocks: readonly Block[]): Promise<void> {
    const how = { drop: 'drop', reset: 'reject with tcp reset', unreachable: 'reject' } as const;
    const rules = blocks.map(
      (block) => `${block.to === undefined ? '' : `ip daddr ${block.to} `}tcp dport ${block.port} ${how[block.how]}`,
    );
    await this.nft(
      `table inet headframe { chain ${hook} { type filter hook ${hook} priority 0; ${rules.join('; ')}; } }`,
    );
  }

  async noFirewall(): Promise<void> {
    await this.must('nft', 'flush', 'ruleset');
  }

  async nft(rules: string): Promise<void> {
    const { code, stderr } = await this.run(['nft', '-f', '-'], {
      input: `${rules.replaceAll('; ', '\n').replaceAll('{ ', '{\n').replaceAll('}', '\n}\n')}\n`,
    });
    if (code !== 0) throw new Error(`${this.name}: nft: ${stderr}`);
  }

  /** What its hosts file says beside itself. */
  async names(names: Readonly<Record<string, string>>): Promise<void> {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'headframe-names-'));
    const path = join(this.#folder, 'hosts');
    const lines = Object.entries(names).map(([name, address]) => `${address} ${name}\n`);
    const isNew = (await this.run(['mountpoint', '-q', '/etc/hosts'])).code !== 0;
    writeFileSync(path, `127.0.0.1 localhost\n${lines.join('')}`);
    if (isNew) await this.must('mount', '--bind', path, '/etc/hosts');
  }

  /** Whether a TCP connection opens, as `nc -zv` sees it. */
  async connect(address: string, port: number, seconds = 2): Promise<'open' | 'refused' | 'timed-out' | 'unreachable'> {
    const { code, stderr } = await this.run(['nc', '-zvn', '-w', String(seconds), address, String(port)]);
    if (code === 0) return 'open';
    if (/refused/.test(stderr)) return 'refused';
    return /timed out/.test(stderr) ? 'timed-out' : 'unreachable';
  }

  async ping(address: string): Promise<boolean> {
    return (await this.run(['ping', '-n', '-c', '1', '-W', '1', address])).code === 0;
  }

  /** The MAC that it knows for an address; null: none. */
  async neighbour(address: string): Promise<string | null> {
    return /lladdr (\S+)/.exec(await this.must('ip', 'neighbour', 'show', address))?.[1] ?? null;
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    const gone = new Promise<void>((done) =>
      this.#held.exitCode === null ? this.#held.once('close', () => done()) : done(),
    );
    this.#held.stdin.end();
    await gone;
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A process that keeps namespaces alive as long as its standard input is open: it ends with this process at the latest. */
async function holder(unshare: readonly string[]): Promise<Child> {
  // Who looks into /sys is to see the interfaces of its own namespace.
  const script = 'mount -t sysfs sysfs /sys; echo ready; exec cat';
  const [program = '', ...args] = [...unshare, 'sh', '-c', script];
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.resume();
  await new Promise<void>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => failed(new Error(`${unshare.join(' ')} ended with ${code}`)));
    child.stdout.once('data', () => done());
  });
  return child;
}
