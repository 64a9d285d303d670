/** Who made a network card, by the registers of the IEEE. */
export interface CardMaker {
  /** Null: nobody is registered, or the MAC was chosen by software. */
  readonly vendor: string | null;
  /** Null: its cards are in miners and in other things, or nobody knows. */
  readonly isMinerVendor: boolean | null;
}

const NOBODY: CardMaker = { vendor: null, isMinerVendor: null };

/** Set in a MAC that software chose (IEEE 802, bit 1 of the first byte): as by virtual machines, and boards without one. */
export const isLocallyAdministered = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;

/**
 * Makers of miners, and of the systems on chip and the Wi-Fi modules of their control boards: Zynq (Xilinx) and Amlogic on
 * Antminer, Allwinner on WhatsMiner, ESP32 (Espressif) on Bitaxe and NerdAxe.
 */
const OF_MINERS: readonly RegExp[] = [
  /^bitmain\b/i,
  /^(?:shenzhen )?microbt\b/i,
  /^canaan\b/i,
  /^innosilicon/i,
  /\bebang communication\b/i,
  /^bitdeer\b/i,
  /^auradine\b/i,
  /^espressif\b/i,
  /^xilinx\b/i,
  /^amlogic\b/i,
  /^allwinner\b/i,
];

/**
 * Makers of what takes over an address in a house: printers, phones, televisions, routers, cameras. Makers of mainboards
 * and of chips for everything (ASUS, Intel, Realtek, Texas Instruments, Raspberry Pi) are in neither list: ethminer runs
 * on a PC, and such a card is in the control board of some miner too.
 */
const OF_OTHERS: readonly RegExp[] = [
  /^(?:hp inc|hewlett packard)\b/i,
  /^(?:brother indust|canon\b|(?:seiko )?epson\b|xerox\b|lexmark\b|kyocera\b|ricoh\b|konica|oki electric|zebra tech|pantum)/i,
  /^(?:apple\b|samsung\b|huawei\b|honor device|xiaomi|beijing xiaomi|guangdong oppo|oneplus|vivo mobile|realme|motorola|htc\b)/i,
  /^(?:google|nest labs|amazon technologies|ring llc|roku\b|sonos\b|nintendo|sony\b|lg (?:elect|innotek)|hisense|tcl\b|tct mobile|vizio|philips\b|panasonic\b|sharp\b)/i,
  /^(?:tp-link|netgear|d-link|linksys|cisco|belkin|avm (?:gmbh|audiovis)|ubiquiti|routerboard|mikrotik|juniper net|aruba\b|zyxel|arris\b|commscope|sagemcom|technicolor|vantiva|arcadyan|zte\b|fiberhome|eero\b|ruckus|fortinet|nokia\b)/i,
  /^(?:hangzhou hikvision|zhejiang dahua|axis communications|reolink|synology|qnap)/i,
];

/** Names of the registers that name nobody: blocks that were divided further, and owners who keep out of it. */
const NO_NAME = /^(?:private|ieee registration authority)$/i;

/** What the name of a maker tells. */
export const isMinerVendor = (vendor: string): boolean | null => {
  if (OF_MINERS.some((name) => name.test(vendor))) return true;
  return OF_OTHERS.some((name) => name.test(vendor)) ? false : null;
};

/** By the longest registered block: 36, 28 or 24 bits. The register is read when the first MAC is there, once. */
export async function makerOf(mac: string): Promise<CardMaker> {
  if (isLocallyAdministered(mac)) return NOBODY;
  const register = await readRegister();
  const digits = mac.replaceAll(':', '').toUpperCase();
  for (const length of [9, 7, 6]) {
    const block = digits.slice(0, length);
    const [vendor = ''] = (Object.hasOwn(register, block) ? String(register[block]) : '').split('\n', 1);
    if (vendor !== '' && !NO_NAME.test(vendor)) return { vendor, isMinerVendor: isMinerVendor(vendor) };
  }
  return NOBODY;
}

/** 5.6 MB of JSON: only who has a MAC to look up pays for it. */
async function readRegister(): Promise<Readonly<Record<string, unknown>>> {
  try {
    const found: { readonly default: Readonly<Record<string, unknown>> } = await import('oui-data', {
      with: { type: 'json' },
    });
    return found.default;
  } catch {
    // It is a help, and nothing else depends on it.
    return {};
  }
}
