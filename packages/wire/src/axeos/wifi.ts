import { blankFault, type Fault } from '@headframe/model';
import type { Fields } from '../json/index.ts';

/** The scale of the vendor's document, best first (protocols.md 6.8): the level that a strength reaches, in dBm. */
const SIGNAL: readonly (readonly [atLeast: number, word: string])[] = [
  [-30, 'excellent'],
  [-50, 'very good'],
  [-60, 'good'],
  [-67, 'fair'],
  [-70, 'weak'],
  [-80, 'very weak'],
];

/** What a signal strength is worth, in the words of the vendor's document. @param rssiDbm dBm, below zero */
export const signalWord = (rssiDbm: number): string =>
  SIGNAL.find(([atLeast]) => rssiDbm >= atLeast)?.[1] ?? 'unusable';

/** By the numbers of ESP-IDF (protocols.md 6.8); its list goes on, and what is not here is shown as its number. */
const SECURITY: readonly string[] = [
  'open',
  'WEP',
  'WPA-PSK',
  'WPA2-PSK',
  'WPA/WPA2-PSK',
  'WPA2-Enterprise',
  'WPA3-PSK',
  'WPA2/WPA3-PSK',
  'WAPI-PSK',
  'OWE',
  'WPA3-Enterprise 192 bit',
];

export const securityWord = (authmode: number): string => SECURITY[authmode] ?? String(authmode);

/** -90 also stands for "not known" (protocols.md 6.3). */
const NOT_KNOWN = -90;
const VERY_WEAK = -70;

/** Strength of the signal, dBm; null where the device does not know it. */
export function wifiRssiDbm(info: Fields): number | null {
  const rssi = info.num('wifiRSSI');
  return rssi === NOT_KNOWN ? null : rssi;
}

/** A link that will drop requests (protocols.md 12, row 17), as the device tells it; null where it is good or not known. */
export function wifiFault(info: Fields): Fault | null {
  const rssi = wifiRssiDbm(info);
  if (rssi === null || rssi >= VERY_WEAK) return null;
  const text = `Wi-Fi signal ${signalWord(rssi)}: ${rssi} dBm`;
  return { ...blankFault('network.fault'), vendorCode: 'wifiRSSI', text, severity: 'warning', component: 'Wi-Fi' };
}
