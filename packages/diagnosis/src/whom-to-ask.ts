/**
 * Who made what does not answer, by family. The maker of its firmware knows its API; the maker of the hardware, or any
 * bench that repairs control boards, its board. No preference. Sources of the names: `protocols.md` 0, by-family.ts.
 */
const MAKERS: Readonly<Record<string, string>> = {
  antminer: 'Bitmain support (service.bitmain.com)',
  braiins: 'Braiins support (braiins.com) for the firmware, Bitmain support (service.bitmain.com) for the hardware',
  luxos: 'Luxor support for the firmware (LuxOS), Bitmain support (service.bitmain.com) for the hardware',
  dcent: 'the DCENT_OS project of D-Central for the firmware, Bitmain support (service.bitmain.com) for the hardware',
  whatsminer: 'MicroBT support (WhatsMiner)',
  avalon: 'Canaan support (Avalon)',
  axeos: 'the ESP-Miner project for the firmware (AxeOS), who sold it for the hardware',
  nerdqaxe: 'the ESP-Miner-NerdQAxePlus project for the firmware, who sold it for the hardware',
  ethminer: 'who runs the rig: ethminer is a program on it',
  epic: 'ePIC Blockchain support',
  elphapex: 'Elphapex support',
  sealminer: 'Bitdeer support (SealMiner)',
};

/** A part of a sentence. */
export const whomToAsk = (family: string | null): string =>
  (family !== null && Object.hasOwn(MAKERS, family) ? MAKERS[family] : undefined) ??
  'the maker of the machine, or of its firmware where that is another one';
