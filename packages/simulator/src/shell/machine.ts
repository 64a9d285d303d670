import { isIP } from 'node:net';
import { hash32, uniform } from '@headframe/families/sim';
import type { Clock } from '@headframe/model';
import { accessList } from '@headframe/wire/cgminer-server';
import type { ShellWorld } from './calls.ts';
import { FILE_PROGRAMS } from './file-programs.ts';
import { Files } from './files.ts';
import { type ApiSettings, configText, FIRMWARES, type Firmware, type FirmwareName, settingsOf } from './firmwares.ts';
import { Shell } from './interpreter.ts';
import { kernelLines, minerLines } from './logs.ts';
import { machinePrograms } from './machine-programs.ts';
import { TEXT_PROGRAMS } from './text-programs.ts';

/** What is wrong inside, as far as it is not as the firmware ships it. */
export interface ShellState {
  readonly api?: Partial<ApiSettings>;
  /** The port was taken when the program started: it hashes, and nobody listens. */
  readonly bindFailed?: boolean;
  /** Less than 20 MB are free (step 13). */
  readonly memoryTight?: boolean;
  /** More than 90 % of /tmp is used (step 13). */
  readonly tmpFull?: boolean;
  /** The mining program has ended, and nothing starts it. */
  readonly minerGone?: boolean;
  /** Who holds a connection to the API's port: `10.0.4.9:51204`. */
  readonly apiPeers?: readonly string[];
}

export interface MachineOptions {
  readonly firmware: FirmwareName;
  readonly seed: number;
  readonly clock: Clock;
  /** When its power came on, epoch ms. */
  readonly poweredAt: number;
  readonly address: string;
  readonly state?: ShellState;
  /** The mining program was restarted by a command, or the machine, with these settings; null: it does not run. */
  readonly onRestart?: (settings: ApiSettings | null, by: 'daemon' | 'reboot') => void;
  /** A command changed its configuration, which counts from the next start of the program. */
  readonly onConfig?: (text: string) => void;
}

/** How the factory ships the API: reading for everybody, writing for nobody (protocols.md 2.1, 11). */
const FACTORY: ApiSettings = { listen: true, network: true, allow: 'A:0/0,W:127.0.0.1' };
/** A start takes so long until the port listens, ms. */
const START_MS = 4000;

export interface Process {
  readonly pid: number;
  readonly name: string;
  readonly command: string;
  readonly vszKb: number;
  readonly rssKb: number;
  readonly state: string;
}

export interface Mount {
  readonly device: string;
  readonly kind: string;
  readonly at: string;
  readonly sizeKb: number;
  readonly usedKb: number;
}

/** A machine as it looks from its own command line. */
export class ShellMachine {
  readonly firmware: Firmware;
  readonly options: MachineOptions;
  readonly files = new Files();
  readonly log: string[] = [];
  readonly #world: ShellWorld;
  #applied: ApiSettings | null;
  #bindFailed: boolean;
  #peers: readonly string[];
  #startedAt: number;
  #bootedAt: number;
  #restarts = 0;

  constructor(options: MachineOptions) {
    this.options = options;
    this.firmware = FIRMWARES[options.firmware];
    const { config } = this.firmware;
    const { api = {}, bindFailed = false, minerGone = false, apiPeers = [] } = options.state ?? {};
    this.#applied = minerGone ? null : settingsOf(config.form, configText(config.form, { ...FACTORY, ...api }));
    this.#bindFailed = bindFailed;
    this.#peers = apiPeers;
    this.#bootedAt = options.poweredAt;
    this.#startedAt = options.poweredAt + 40_000;
    this.#world = {
      files: this.files,
      programs: new Map(Object.entries({ ...FILE_PROGRAMS, ...TEXT_PROGRAMS, ...machinePrograms(this) })),
    };
    this.log.push(...minerLines(this.firmware, this.#startedAt, { bindFailed, minerGone }));
    this.#install(configText(config.form, { ...FACTORY, ...api }));
    this.files.onChange = (path) => {
      if (path === config.path) options.onConfig?.(this.files.read(path) ?? '');
    };
  }

  get now(): number {
    return this.options.clock.now();
  }

  get uptimeS(): number {
    return Math.max(0, Math.floor((this.now - this.#bootedAt) / 1000));
  }

  /** What counts for the running program; null: it does not run. */
  get settings(): ApiSettings | null {
    return this.now < this.#startedAt ? null : this.#applied;
  }

  /** Whether somebody listens on the API's port, and on which address. */
  get listensOn(): string | null {
    const { settings } = this;
    if (settings === null || !settings.listen || this.#bindFailed || this.now < this.#startedAt + START_MS) return null;
    return this.firmware.config.form === 'dcent' && !settings.network ? '127.0.0.1' : '0.0.0.0';
  }

  get peers(): readonly string[] {
    return this.listensOn === null ? [] : this.#peers;
  }

  /** Whether the list of addresses lets one in, as cgminer reads it (protocols.md 1.7). */
  admits(address: string): boolean {
    const { settings } = this;
    if (settings === null || this.listensOn === null) return false;
    if (this.listensOn === '127.0.0.1') return address === '127.0.0.1';
    if (this.firmware.config.form === 'bosminer' || this.firmware.config.form === 'dcent') return true;
    const { listen, network, allow } = settings;
    return accessList({ listen, network, ...(allow !== null && { allow }) }, []).grantOf(address) !== null;
  }

  /** A login shell. */
  shell(): Shell {
    return new Shell(this.#world);
  }

  /** The mining program ends, and starts with the configuration that is there now. */
  restart(): void {
    const { config } = this.firmware;
    this.#applied = settingsOf(config.form, this.files.read(config.path));
    this.#bindFailed = false;
    this.#peers = [];
    this.#restarts++;
    this.#startedAt = this.now + 1000;
    this.#processFiles();
    this.log.push(
      ...minerLines(this.firmware, this.#startedAt, { bindFailed: false, minerGone: this.#applied === null }),
    );
    this.options.onRestart?.(this.#applied, 'daemon');
  }

  stop(): void {
    this.#applied = null;
    this.#peers = [];
    this.#processFiles();
    this.options.onRestart?.(null, 'daemon');
  }

  reboot(): void {
    const { config } = this.firmware;
    this.#applied = settingsOf(config.form, this.files.read(config.path));
    this.#bindFailed = false;
    this.#peers = [];
    this.#restarts++;
    this.#bootedAt = this.now + 30_000;
    this.#startedAt = this.#bootedAt + 40_000;
    this.#processFiles();
    this.options.onRestart?.(this.#applied, 'reboot');
  }

  /** kB. What a restart gave back is free again. */
  get memory(): { total: number; free: number; buffers: number; cached: number; available: number } {
    const total = this.firmware.memoryKb;
    const tight = this.options.state?.memoryTight === true && this.#restarts === 0;
    const vary = uniform(this.options.seed, 0x3e3);
    const free = Math.round(tight ? 5000 + 9000 * vary : total * (0.28 + 0.12 * vary));
    const [buffers, cached] = tight ? [180, 3900] : [Math.round(total * 0.02), Math.round(total * 0.14)];
    return { total, free, buffers, cached, available: free + Math.round((buffers + cached) * 0.7) };
  }

  get mounts(): readonly Mount[] {
    const tmpKb = Math.round(this.firmware.memoryKb / 2);
    const full = this.options.state?.tmpFull === true && this.#restarts === 0;
    const used = full ? 0.93 + 0.06 * uniform(this.options.seed, 0x7e5) : 0.02;
    const folder = `/${this.firmware.config.path.split('/')[1] ?? 'config'}`;
    return [
      // A compressed root has no room, and never had: that is no fault.
      { device: '/dev/root', kind: 'squashfs', at: '/', sizeKb: 24_576, usedKb: 24_576 },
      { device: 'devtmpfs', kind: 'devtmpfs', at: '/dev', sizeKb: 512, usedKb: 0 },
      { device: 'tmpfs', kind: 'tmpfs', at: '/tmp', sizeKb: tmpKb, usedKb: Math.round(tmpKb * used) },
      { device: 'ubi1:data', kind: 'ubifs', at: folder === '/etc' ? '/overlay' : folder, sizeKb: 16_384, usedKb: 2140 },
    ];
  }

  get processes(): readonly Process[] {
    return this.#processes(false);
  }

  /** @param starting with the mining program that is about to start */
  #processes(starting: boolean): readonly Process[] {
    const { program, command, memoryKb } = this.firmware;
    const pid = (n: number) => 300 + (hash32(this.options.seed, n) % 60) + n * 100;
    const { free, cached, buffers } = this.memory;
    const used = memoryKb - free - cached - buffers;
    const leaks = this.options.state?.memoryTight === true && this.#restarts === 0;
    const miner: Process = {
      pid: pid(9) + this.#restarts * 211,
      name: program,
      command,
      vszKb: Math.round(used * (leaks ? 1.4 : 1.1)),
      rssKb: Math.round(used * (leaks ? 0.86 : 0.6)),
      state: 'S',
    };
    const small = (n: number, name: string, line: string, rssKb: number): Process => ({
      pid: n < 3 ? n : pid(n),
      name,
      command: line,
      vszKb: rssKb * 3,
      rssKb,
      state: 'S',
    });
    return [
      small(1, 'init', 'init', 460),
      { pid: 2, name: 'kthreadd', command: '[kthreadd]', vszKb: 0, rssKb: 0, state: 'SW' },
      { pid: 3, name: 'ksoftirqd/0', command: '[ksoftirqd/0]', vszKb: 0, rssKb: 0, state: 'SW' },
      small(4, 'syslogd', '/sbin/syslogd -C64', 380),
      small(5, 'dropbear', '/usr/sbin/dropbear -p 22', 520),
      small(6, 'lighttpd', '/usr/sbin/lighttpd -f /etc/lighttpd.conf', 2100),
      small(7, 'crond', '/usr/sbin/crond -c /etc/crontabs', 330),
      ...(this.settings === null && !starting ? [] : [miner]),
      small(11, 'sh', '-sh', 420),
    ];
  }

  #install(config: string): void {
    const { files, firmware } = this;
    for (const folder of ['/tmp', '/root', '/var/run', '/dev', '/mnt', '/sys']) files.makeFolder(folder);
    for (const name of this.#world.programs.keys())
      if (/^[a-z]\w*$/.test(name)) files.put(`/bin/${name}`, '', { isProgram: true });
    files.put(`/usr/bin/${firmware.program}`, '\u007fELF', { isProgram: true });
    for (const name of ['dropbear', 'lighttpd', 'crond'])
      files.put(`/usr/sbin/${name}`, '\u007fELF', { isProgram: true });
    const { restart } = firmware;
    for (const path of ['script' in restart ? restart.script : '', '/etc/init.d/dropbear', '/etc/init.d/network'])
      if (path !== '') files.put(path, `#!/bin/sh\n# start|stop|restart\n`, { isProgram: true });
    if ('unit' in restart)
      files.put(
        `/lib/systemd/system/${restart.unit}.service`,
        `[Service]\nExecStart=${firmware.command}\nRestart=always\n`,
      );
    files.put(firmware.config.path, config);
    files.put('/etc/hostname', `${firmware.hostname}\n`);
    files.put('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
    if (['logread', 'journal'].includes(firmware.system))
      files.put('/etc/os-release', `NAME="${firmware.hostname}"\nID=linux\n`);
    files.put(firmware.log, () => `${this.log.join('\n')}\n`);
    if (firmware.system === 'messages')
      files.put('/var/log/messages', () => [...kernelLines(this), ...this.log].map((line) => `${line}\n`).join(''));
    this.#kernelFiles();
  }

  /** What the kernel says of itself in /proc. */
  #kernelFiles(): void {
    const { files } = this;
    const kb = (name: string, value: number) => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`;
    files.put('/proc/meminfo', () => {
      const { total, free, available, buffers, cached } = this.memory;
      const lines = [
        kb('MemTotal', total),
        kb('MemFree', free),
        kb('Buffers', buffers),
        kb('Cached', cached),
        kb('SwapTotal', 0),
        kb('SwapFree', 0),
      ];
      // Kernels before 3.14 do not say what is available.
      if (this.firmware.freeForm === 'new') lines.splice(2, 0, kb('MemAvailable', available));
      return lines.join('');
    });
    files.put('/proc/uptime', () => `${this.uptimeS}.00 ${Math.floor(this.uptimeS * 0.7)}.00\n`);
    files.put('/proc/loadavg', () => '0.52 0.58 0.59 1/84 4242\n');
    files.put('/proc/version', `${this.firmware.kernel.replace(/^Linux \S+ (\S+).*/, 'Linux version $1')}\n`);
    files.put('/proc/mounts', () =>
      this.mounts.map(({ device, at, kind }) => `${device} ${at} ${kind} rw,relatime 0 0\n`).join(''),
    );
    files.put('/proc/net/tcp', () => this.#sockets());
    this.#processFiles();
  }

  #processFiles(): void {
    const { files } = this;
    for (const name of files.list('/proc')) if (/^\d+$/.test(name)) files.remove(`/proc/${name}`);
    for (const { pid } of this.#processes(this.#applied !== null)) {
      const find = () => this.processes.find((one) => one.pid === pid);
      files.put(`/proc/${pid}/comm`, () => `${find()?.name ?? ''}\n`);
      files.put(`/proc/${pid}/cmdline`, () => `${find()?.command.replaceAll(' ', '\0') ?? ''}\0`);
      files.put(`/proc/${pid}/status`, () => {
        const one = find();
        return `Name:\t${one?.name ?? ''}\nState:\tS (sleeping)\nPid:\t${pid}\nVmSize:\t${one?.vszKb ?? 0} kB\nVmRSS:\t${one?.rssKb ?? 0} kB\n`;
      });
    }
  }

  get sockets(): readonly { local: string; remote: string; state: 'LISTEN' | 'ESTABLISHED'; program: string }[] {
    const { apiPort, program } = this.firmware;
    const { address } = this.options;
    const { listensOn } = this;
    return [
      ...(listensOn === null
        ? []
        : [{ local: `${listensOn}:${apiPort}`, remote: '0.0.0.0:*', state: 'LISTEN' as const, program }]),
      { local: '0.0.0.0:80', remote: '0.0.0.0:*', state: 'LISTEN', program: 'lighttpd' },
      { local: '0.0.0.0:22', remote: '0.0.0.0:*', state: 'LISTEN', program: 'dropbear' },
      ...this.peers.map((remote) => ({
        local: `${address}:${apiPort}`,
        remote,
        state: 'ESTABLISHED' as const,
        program,
      })),
      ...(this.settings === null
        ? []
        : [{ local: `${address}:41822`, remote: '203.0.113.10:3333', state: 'ESTABLISHED' as const, program }]),
    ];
  }

  #sockets(): string {
    const hex = (end: string) => {
      const [host = '', port = ''] = end.split(/:(?=[^:]*$)/);
      const bytes = isIP(host) === 4 ? host.split('.').map(Number).reverse() : [0, 0, 0, 0];
      const text = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return `${text}:${(Number(port) || 0).toString(16).padStart(4, '0')}`.toUpperCase();
    };
    const lines = this.sockets.map(
      ({ local, remote, state }, i) =>
        `${String(i).padStart(4)}: ${hex(local)} ${hex(remote)} ${state === 'LISTEN' ? '0A' : '01'} 00000000:00000000 00:00000000 00000000     0        0 ${9000 + i} 1 0000000000000000 100 0 0 10 0\n`,
    );
    return `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n${lines.join('')}`;
  }
}
