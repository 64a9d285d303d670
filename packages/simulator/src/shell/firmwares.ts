/*
 * How the inside of each firmware is laid out. Nothing public says where all of them keep these things (checklist T-38),
 * so what is not named by the sources below is assumed, and marked so.
 *
 * - `/config/cgminer.conf` with `api-listen`, `api-network`, `api-allow`: troubleshooting document, step 11
 * - cgminer.sh on stock S17, bosminer, dcentrald: protocols.md 11 (contradictions); bmminer of an S9: its own replies
 * - 4028 on 127.0.0.1 unless `cgminer_bind_lan` is set: protocols.md 9
 * - `systemctl restart btminer` on custom builds of WhatsMiner: step 12
 */

export interface ApiSettings {
  readonly listen: boolean;
  /** False: only this machine itself may ask. */
  readonly network: boolean;
  /** `W:0/0`, `A:0/0,W:127.0.0.1`; null: the firmware has no such list. */
  readonly allow: string | null;
}

export type ConfigForm = 'cgminer' | 'uci' | 'dcent' | 'bosminer';

export interface Firmware {
  /** The mining program, as `ps` shows it. */
  readonly program: string;
  readonly command: string;
  readonly config: { readonly path: string; readonly form: ConfigForm };
  /** What restarts it: a script, or a unit of systemd. */
  readonly restart: { readonly script: string } | { readonly unit: string };
  /** Where its log is: a file, beside the log of the system. */
  readonly log: string;
  /** The system's log is a ring that `logread` prints, a file, or journald's. */
  readonly system: 'logread' | 'messages' | 'journal';
  readonly kernel: string;
  readonly hostname: string;
  /** kB of memory, as `free` counts it. */
  readonly memoryKb: number;
  /** Sets of columns of `free`: before and since BusyBox 1.29 or so. */
  readonly freeForm: 'old' | 'new';
  readonly apiPort: number;
  readonly password: string;
}

const ANTMINER: Firmware = {
  program: 'cgminer',
  command: '/usr/bin/cgminer --version-file /usr/bin/compile_time --default-config /config/cgminer.conf -T --syslog',
  config: { path: '/config/cgminer.conf', form: 'cgminer' },
  restart: { script: '/etc/init.d/cgminer.sh' },
  log: '/var/log/cgminer.log',
  system: 'messages',
  kernel: 'Linux antminer 4.6.0-xilinx-g03c746f7 #82 SMP PREEMPT Tue Jul 4 13:53:14 CST 2017 armv7l GNU/Linux',
  hostname: 'antminer',
  memoryKb: 234_820,
  freeForm: 'old',
  apiPort: 4028,
  password: 'root',
};

/** By the family of a simulated machine; assumed but for the fields whose sources stand above. */
export const FIRMWARES = {
  antminer: ANTMINER,
  'antminer-bmminer': {
    ...ANTMINER,
    program: 'bmminer',
    command: '/usr/bin/bmminer --version-file /usr/bin/compile_time --api-listen --default-config /config/bmminer.conf',
    config: { path: '/config/bmminer.conf', form: 'cgminer' },
    restart: { script: '/etc/init.d/bmminer.sh' },
    log: '/var/log/bmminer.log',
  },
  whatsminer: {
    program: 'btminer',
    command: '/usr/bin/btminer --config /etc/btminer.conf',
    config: { path: '/etc/btminer.conf', form: 'cgminer' },
    restart: { script: '/etc/init.d/btminer' },
    log: '/var/log/btminer.log',
    system: 'logread',
    kernel: 'Linux WhatsMiner 3.4.39 #31 SMP PREEMPT Mon Mar 22 10:04:27 CST 2021 armv7l GNU/Linux',
    hostname: 'WhatsMiner',
    memoryKb: 506_148,
    freeForm: 'old',
    apiPort: 4028,
    password: 'root',
  },
  'whatsminer-systemd': {
    program: 'btminer',
    command: '/usr/bin/btminer --config /etc/btminer.conf',
    config: { path: '/etc/btminer.conf', form: 'cgminer' },
    restart: { unit: 'btminer' },
    log: '/var/log/btminer.log',
    system: 'journal',
    kernel: 'Linux whatsminer 4.9.170 #1 SMP PREEMPT Thu Jun 15 08:12:01 UTC 2023 armv7l GNU/Linux',
    hostname: 'whatsminer',
    memoryKb: 506_148,
    freeForm: 'new',
    apiPort: 4028,
    password: 'root',
  },
  avalon: {
    program: 'cgminer',
    command: '/usr/bin/cgminer --api-listen --api-network --api-allow W:0/0 -c /etc/cgminer.conf',
    config: { path: '/etc/config/cgminer', form: 'uci' },
    restart: { script: '/etc/init.d/cgminer' },
    log: '/var/log/cgminer.log',
    system: 'logread',
    kernel: 'Linux avalon 4.4.194 #1 SMP PREEMPT Fri Nov 6 03:11:34 UTC 2020 armv7l GNU/Linux',
    hostname: 'avalon',
    memoryKb: 125_440,
    freeForm: 'new',
    apiPort: 4028,
    password: 'root',
  },
  braiins: {
    program: 'bosminer',
    command: '/usr/bin/bosminer --config /etc/bosminer.toml',
    config: { path: '/etc/bosminer.toml', form: 'bosminer' },
    restart: { script: '/etc/init.d/bosminer' },
    log: '/var/log/bosminer/bosminer.log',
    system: 'logread',
    kernel: 'Linux Antminer 4.4.165 #0 SMP PREEMPT Wed Mar 1 12:00:00 2023 armv7l GNU/Linux',
    hostname: 'Antminer',
    memoryKb: 236_112,
    freeForm: 'new',
    apiPort: 4028,
    password: '',
  },
  luxos: {
    program: 'luxminer',
    command: '/usr/bin/luxminer --config /config/luxminer.conf',
    config: { path: '/config/luxminer.conf', form: 'cgminer' },
    restart: { script: '/etc/init.d/luxminer' },
    log: '/var/log/luxminer.log',
    system: 'messages',
    kernel: 'Linux LUXMINER 4.6.0-xilinx #1 SMP PREEMPT Mon Oct 3 14:20:10 UTC 2022 armv7l GNU/Linux',
    hostname: 'LUXMINER',
    memoryKb: 234_820,
    freeForm: 'new',
    apiPort: 4028,
    password: 'root',
  },
  dcent: {
    program: 'dcentrald',
    command: '/usr/bin/dcentrald --config /data/dcentrald.toml',
    config: { path: '/data/dcentrald.toml', form: 'dcent' },
    restart: { unit: 'dcentrald' },
    log: '/data/log/dcentrald.log',
    system: 'journal',
    kernel: 'Linux dcentos 5.10.104 #1 SMP PREEMPT Sun Feb 2 10:00:00 UTC 2025 armv7l GNU/Linux',
    hostname: 'dcentos',
    memoryKb: 236_112,
    freeForm: 'new',
    apiPort: 4028,
    password: 'root',
  },
  cgminer: {
    program: 'cgminer',
    command: '/usr/bin/cgminer -c /etc/cgminer.conf',
    config: { path: '/etc/cgminer.conf', form: 'cgminer' },
    restart: { script: '/etc/init.d/cgminer' },
    log: '/var/log/cgminer.log',
    system: 'messages',
    kernel: 'Linux rig 4.14.98 #1 SMP Thu Jan 10 12:00:00 UTC 2019 armv7l GNU/Linux',
    hostname: 'rig',
    memoryKb: 506_148,
    freeForm: 'new',
    apiPort: 4028,
    password: 'root',
  },
} as const satisfies Readonly<Record<string, Firmware>>;

export type FirmwareName = keyof typeof FIRMWARES;

/** The configuration as the firmware writes it. */
export function configText(form: ConfigForm, { listen, network, allow }: ApiSettings): string {
  switch (form) {
    case 'cgminer':
      return `{
"pools" : [
{
"url" : "stratum+tcp://pool.example.org:3333",
"user" : "account.worker",
"pass" : "123"
}
],
"api-listen" : ${listen},
"api-network" : ${network},
"api-groups" : "A:stats:pools:devs:summary:version",${allow === null ? '' : `\n"api-allow" : "${allow}",`}
"bitmain-fan-ctrl" : false,
"bitmain-fan-pwm" : "100",
"bitmain-freq-level" : "100"
}
`;
    case 'uci':
      return `
config cgminer 'default'
	option pool1url 'stratum+tcp://pool.example.org:3333'
	option pool1user 'account.worker'
	option pool1pw '123'
	option api_listen '${Number(listen)}'
	option api_network '${Number(network)}'
	option api_allow '${allow ?? ''}'
`;
    case 'dcent':
      return `[pool]
url = "stratum+tcp://pool.example.com:3333"
worker = "account.worker"
password = "x"

[api]
cgminer_enabled = ${listen}
cgminer_port = 4028
cgminer_bind_lan = ${network}
cgminer_lan_writes = false
`;
    case 'bosminer':
      return `[format]
version = '1.2+'
model = 'Antminer S19'
generator = 'BOSer'
timestamp = 1700000000

[[group]]
name = 'Default'

[[group.pool]]
enabled = true
url = 'stratum+tcp://pool.example.org:3333'
user = 'account.worker'
password = '123'

[autotuning]
enabled = true
`;
  }
}

/**
 * What a program makes of its configuration when it starts; null: it cannot be read, and the program ends. What is not
 * said is off, and lets nobody but the machine itself ask (cgminer's defaults, protocols.md 1.7).
 */
export function settingsOf(form: ConfigForm, text: string | null): ApiSettings | null {
  if (text === null) return null;
  if (form === 'bosminer') return /\[\[?group/.test(text) ? { listen: true, network: true, allow: null } : null;
  if (form === 'cgminer') return fromJson(text);
  const value = (name: string) =>
    new RegExp(`^\\s*(?:option\\s+)?${name}\\s*=?\\s*["']?([^"'\\n]*)`, 'm').exec(text)?.[1]?.trim();
  const isOn = (name: string) => /^(?:1|true)$/.test(value(name) ?? '');
  if (form === 'dcent') {
    return { listen: value('cgminer_enabled') !== 'false', network: isOn('cgminer_bind_lan'), allow: null };
  }
  return { listen: isOn('api_listen'), network: isOn('api_network'), allow: value('api_allow') || null };
}

function fromJson(text: string): ApiSettings | null {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof config !== 'object' || config === null) return null;
  const { 'api-listen': listen, 'api-network': network, 'api-allow': allow } = config as Record<string, unknown>;
  const isOn = (value: unknown) => value === true || value === 'true';
  return { listen: isOn(listen), network: isOn(network), allow: typeof allow === 'string' ? allow : null };
}
