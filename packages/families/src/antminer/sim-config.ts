import type { PoolSetting } from '@headframe/wire/cgminer-server';
import { ASSUMED } from './sim-assumed.ts';
import type { AntminerModel } from './sim-models.ts';

/*
 * What a stock Antminer keeps in its flash. Texts of pools are byte strings, as everywhere in the mining program.
 */

/** The configuration of the mining program, one file (protocols.md 2.3 and 2.4: get_miner_conf.cgi). */
export interface MinerConfig {
  /** The slots of the page, empty ones included; more only after `save` of a longer list. */
  readonly pools: readonly PoolSetting[];
  /** `api-allow`. */
  readonly allow: string;
  readonly noBeeper: boolean;
  readonly noTempOverCtrl: boolean;
  /** Whether the fans turn at `fanPwm` percent; by temperature otherwise. */
  readonly fanCtrl: boolean;
  /** These are texts in the file, and anything can stand there. */
  readonly fanPwm: string;
  readonly frequency: string;
  readonly voltage: string;
  readonly workMode: string;
  readonly freqLevel: string;
}

export interface NetworkConfig {
  readonly nettype: 'DHCP' | 'Static';
  readonly hostname: string;
  readonly ipaddress: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly dnsservers: string;
}

export interface Firmware {
  /** `system_filesystem_version`. */
  readonly version: string;
  readonly compileTime: string;
}

/** The three slots of either page (protocols.md 2.3 and 2.4). */
export const POOL_SLOTS = 3;

export const factoryConfig = (model: AntminerModel): MinerConfig => ({
  pools: [ASSUMED.factoryPool],
  allow: model.factoryAllow,
  noBeeper: false,
  noTempOverCtrl: false,
  fanCtrl: false,
  fanPwm: '100',
  frequency: String(model.frequencyMHz),
  voltage: '1320',
  workMode: '0',
  freqLevel: '100',
});

export const factoryNetwork = (hostname: string): NetworkConfig => ({
  nettype: 'DHCP',
  hostname,
  ipaddress: '',
  netmask: '',
  gateway: '',
  dnsservers: '',
});

/** The groups of port 4028 that the firmware writes beside every list (protocols.md 2.1). */
export const API_GROUPS = 'A:stats:pools:devs:summary:version';

const PART = /^(0|[1-9][0-9]{0,2})$/;

export const isIpv4 = (text: string): boolean => {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => PART.test(part) && Number(part) <= 255);
};

export const isHostname = (text: string): boolean => /^[A-Za-z0-9-]{1,63}$/.test(text);

/** Name servers with blanks between them. */
export const areIpv4 = (text: string): boolean => text.split(' ').every(isIpv4);

/** A whole number of the config file; null where something else stands there. */
export const numberOf = (text: string): number | null => (/^[0-9]{1,6}$/.test(text) ? Number(text) : null);

/** The text that a byte string stands for, for pages: bytes that are no UTF-8 become replacement characters. */
export const unicode = (bytes: string): string =>
  new TextDecoder().decode(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0) & 0xff));
