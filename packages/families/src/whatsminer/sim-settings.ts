import type { WhatsminerPlan } from './sim-plan.ts';

export interface PoolSetting {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export type PowerMode = 'low' | 'normal' | 'high';

export interface NetworkSetting {
  readonly proto: 'dhcp' | 'static';
  readonly ip: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly dns: string;
}

/** What the machine is told and keeps over a reboot. A write replaces it by a changed copy. */
export interface WhatsminerSettings {
  readonly pools: readonly PoolSetting[];
  readonly powerMode: PowerMode;
  /** W; null: the model's own. */
  readonly powerLimitW: number | null;
  /** `set_power`, W; null: not set. */
  readonly powerW: number | null;
  /** % relative to the frequency of normal mode. */
  readonly targetFreq: number;
  readonly fastBoot: boolean;
  readonly fastHash: boolean;
  readonly upfreqSpeed: number;
  readonly tempOffset: number;
  readonly poweroffCool: boolean;
  readonly fanZeroSpeed: boolean;
  readonly heatMode: string;
  /** Whether btminer starts at boot. */
  readonly init: boolean;
  readonly webPools: boolean;
  readonly network: NetworkSetting;
  readonly hostname: string;
  readonly zone: { readonly timezone: string; readonly zonename: string };
  readonly logServer: { readonly ip: string; readonly port: string; readonly proto: string } | null;
  readonly custom: Readonly<Record<string, string>>;
  readonly coinType: string;
  readonly ntpServers: readonly string[];
  readonly randomized: { readonly start: number; readonly stop: number };
}

export const CUSTOM_KEYS: readonly string[] = [
  'CustomerSn',
  ...Array.from({ length: 10 }, (_, number) => `msg${number}`),
];

/** @param host last number of its address, in a range for documents: the machine cannot know where it is served */
export const factorySettings = (plan: WhatsminerPlan, host: number): WhatsminerSettings => ({
  pools: [],
  powerMode: 'normal',
  powerLimitW: null,
  powerW: null,
  targetFreq: 0,
  fastBoot: false,
  fastHash: false,
  upfreqSpeed: 0,
  tempOffset: 0,
  poweroffCool: true,
  fanZeroSpeed: false,
  // The manual: hydro units start as anti-freezing.
  heatMode: plan.cooling === 'hydro' ? 'anti-freezing' : '',
  init: true,
  webPools: true,
  network: {
    proto: 'dhcp',
    ip: `192.0.2.${host}`,
    netmask: '255.255.255.0',
    gateway: '192.0.2.1',
    dns: '192.0.2.1',
  },
  hostname: 'WhatsMiner',
  zone: { timezone: 'CST-8', zonename: 'Asia/Shanghai' },
  logServer: null,
  custom: {},
  coinType: 'BTC',
  ntpServers: ['0.pool.ntp.org', '1.pool.ntp.org'],
  randomized: { start: 0, stop: 0 },
});

/** Seconds east of UTC of a time zone in the form of the system's own: `CST-8` is eight hours east. */
export function zoneOffsetS(timezone: string): number {
  const form = /^(?:[A-Za-z]{3,16}|<[^>]{1,16}>)([+-]?)(\d{1,2})(?::(\d{2}))?$/;
  const [, sign = '', hours = '0', minutes = '0'] = form.exec(timezone) ?? [];
  const west = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === '-' ? west : -west;
}

/** `2022-01-17 11:28:11` in a time zone. */
export function localTime(at: number, timezone: string): string {
  return new Date(at + zoneOffsetS(timezone) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
