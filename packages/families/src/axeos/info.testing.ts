/*
 * What `info` shows, release by release, typed to protocols.md 6.3: the double's own table, which the code under test
 * never sees.
 */

const FIRST =
  'power voltage current temp vrTemp hashRate bestDiff bestSessionDiff isUsingFallbackStratum freeHeap coreVoltage coreVoltageActual frequency ssid macAddr hostname wifiStatus sharesAccepted sharesRejected uptimeSeconds asicCount smallCoreCount ASICModel stratumURL stratumPort stratumUser fallbackStratumURL fallbackStratumPort fallbackStratumUser version boardVersion runningPartition flipscreen overheat_mode invertscreen invertfanpolarity autofanspeed fanspeed fanrpm stratumDiff idfVersion';

const ADDED: Readonly<Record<number, string>> = {
  6: 'maxPower nominalVoltage isPSRAMAvailable wifiRSSI apEnabled sharesRejectedReasons overclockEnabled',
  7: 'displayTimeout temptarget',
  8: 'expectedHashrate display statsLimit statsDuration',
  9: 'poolDifficulty stratumSuggestedDifficulty stratumExtranonceSubscribe fallbackStratumSuggestedDifficulty fallbackStratumExtranonceSubscribe responseTime axeOSVersion rotation statsFrequency',
  10: 'temp2 minFanSpeed',
  11: 'errorPercentage poolAddrFamily freeHeapInternal freeHeapSpiram ipv4 ipv6 manualFanSpeed fan2rpm blockFound hashrateMonitor',
  12: 'hashRate_1m hashRate_10m hashRate_1h resetReason',
  13: 'poolConnectionInfo stratumTLS stratumCert stratumDecodeCoinbase fallbackStratumTLS fallbackStratumCert fallbackStratumDecodeCoinbase showNewBlock',
  14: 'actualFrequency miningPaused statsLimit stratumProtocol stratumV2ChannelType stratumV2AuthorityPubkey fallbackStratumProtocol fallbackStratumV2ChannelType fallbackStratumV2AuthorityPubkey',
  15: 'primaryPoolIndex secondaryPoolIndex useFallbackStratum pools partitions useCustomWWW',
};

const GONE: Readonly<Record<number, string>> = {
  7: 'invertfanpolarity',
  9: 'stratumDiff asicCount flipscreen statsLimit statsDuration',
  13: 'poolAddrFamily',
};

export function infoKeys(release: number): Set<string> {
  const keys = new Set(FIRST.split(' '));
  for (let at = 5; at <= release; at++) {
    for (const key of GONE[at]?.split(' ') ?? []) keys.delete(key);
    for (const key of ADDED[at]?.split(' ') ?? []) keys.add(key);
  }
  return keys;
}

/** A Bitaxe Gamma 601 after some hours, in the units of the device. */
export const GAMMA: Readonly<Record<string, unknown>> = {
  power: 18.75,
  voltage: 5093.75,
  current: 12015.625,
  temp: 60.125,
  temp2: -1,
  vrTemp: 62,
  maxPower: 40,
  nominalVoltage: 5,
  hashRate: 1072.2407227,
  hashRate_1m: 1088.9354248,
  hashRate_10m: 1072.3271484,
  hashRate_1h: 1071.8736572,
  expectedHashrate: 1071,
  errorPercentage: 0,
  poolDifficulty: 1000,
  stratumDiff: 1000,
  isUsingFallbackStratum: 0,
  poolAddrFamily: 2,
  poolConnectionInfo: 'IPv4',
  isPSRAMAvailable: 1,
  freeHeap: 8212708,
  freeHeapInternal: 104027,
  freeHeapSpiram: 8140652,
  coreVoltage: 1150,
  frequency: 525,
  ssid: 'HomeNET',
  macAddr: '10:F5:12:33:BB:F0',
  hostname: 'bitaxe',
  ipv4: '10.1.10.111',
  ipv6: 'FE80::F2F5:BDFF:FE44:B2F0',
  wifiStatus: 'Connected!',
  wifiRSSI: -44,
  apEnabled: 0,
  sharesAccepted: 4768,
  sharesRejected: 13,
  sharesRejectedReasons: [{ message: 'Stale', count: 13 }],
  asicCount: 1,
  smallCoreCount: 2040,
  ASICModel: 'BM1370',
  stratumURL: 'public-pool.io',
  stratumPort: 21496,
  stratumUser: 'bc1q.bitaxe',
  stratumSuggestedDifficulty: 1000,
  stratumExtranonceSubscribe: 0,
  stratumTLS: 0,
  stratumCert: '',
  stratumDecodeCoinbase: 1,
  stratumProtocol: 'SV1',
  stratumV2ChannelType: 'standard',
  stratumV2AuthorityPubkey: '',
  fallbackStratumURL: 'solo.ckpool.org',
  fallbackStratumPort: 3333,
  fallbackStratumUser: 'bc1q.bitaxe',
  fallbackStratumSuggestedDifficulty: 1000,
  fallbackStratumExtranonceSubscribe: 0,
  fallbackStratumTLS: 0,
  fallbackStratumCert: '',
  fallbackStratumDecodeCoinbase: 1,
  fallbackStratumProtocol: 'SV1',
  fallbackStratumV2ChannelType: 'standard',
  fallbackStratumV2AuthorityPubkey: '',
  useFallbackStratum: 0,
  responseTime: 188.482,
  idfVersion: 'v5.5.1',
  boardVersion: '601',
  resetReason: 'Software reset via esp_restart',
  runningPartition: 'factory',
  overheat_mode: 0,
  overclockEnabled: 0,
  display: 'SSD1306 (128x32)',
  rotation: 0,
  flipscreen: 1,
  invertscreen: 0,
  invertfanpolarity: 1,
  displayTimeout: -1,
  autofanspeed: 1,
  fanspeed: 48.42,
  manualFanSpeed: 100,
  minFanSpeed: 25,
  temptarget: 60,
  fanrpm: 3915,
  fan2rpm: 0,
  statsFrequency: 0,
  statsLimit: 0,
  statsDuration: 1,
  blockFound: 0,
  showNewBlock: true,
  miningPaused: false,
  useCustomWWW: 0,
  primaryPoolIndex: 0,
  secondaryPoolIndex: 1,
  partitions: [
    { label: 'factory', isCurrent: true, isFactory: true, version: 'v2.15.0' },
    { label: 'ota_0', isCurrent: false, isFactory: false, version: 'v2.14.1' },
  ],
  hashrateMonitor: { asics: [{ total: 1072.2407227, domains: [273.5, 276.2, 268.4, 252.1], errorCount: 1415 }] },
};
