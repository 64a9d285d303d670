import type { Board } from './sim-boards.ts';
import { MOST_POOLS, type Pool, poolOf } from './sim-pool.ts';

/** What the device keeps over restarts, under the names of its own keys. Flags are numbers here, as in its store. */
export interface Store {
  readonly values: Map<string, string | number>;
  readonly pools: (Pool | null)[];
}

export const NETWORKS = [
  { ssid: 'HomeNET', rssi: -52, authmode: 3 },
  { ssid: 'Garage', rssi: -68, authmode: 4 },
  { ssid: 'Neighbour 2.4', rssi: -81, authmode: 7 },
  { ssid: 'Open guests', rssi: -86, authmode: 0 },
] as const;

/** As the factory and its owner left it. */
export const newStore = (board: Board): Store => ({
  values: new Map<string, string | number>([
    ['ssid', NETWORKS[0].ssid],
    ['wifiPass', 'seven words'],
    ['hostname', 'bitaxe'],
    ['frequency', board.chip.mhz],
    ['coreVoltage', board.chip.mv],
    ['overclockEnabled', 0],
    ['autofanspeed', 1],
    ['manualFanSpeed', 100],
    ['minFanSpeed', 25],
    ['temptarget', 60],
    ['overheat_mode', 0],
    ['display', 'SSD1306 (128x32)'],
    ['rotation', 0],
    ['flipscreen', 1],
    ['invertscreen', 0],
    ['displayOffset', 0],
    ['displayTimeout', -1],
    ['invertfanpolarity', 1],
    ['statsFrequency', 0],
    ['statsLimit', 0],
    ['statsDuration', 1],
    ['useFallbackStratum', 0],
    ['useCustomWWW', 0],
    ['primaryPoolIndex', 0],
    ['secondaryPoolIndex', 1],
  ]),
  pools: Array.from({ length: MOST_POOLS }, (_, id) =>
    id === 0
      ? poolOf('pool.example.org', 3333, 'account.bitaxe')
      : id === 1
        ? poolOf('pool2.example.org', 3334, 'account.bitaxe')
        : null,
  ),
});

export const copyOf = (store: Store): Store => ({ values: new Map(store.values), pools: [...store.pools] });

export const numberOf = (store: Store, key: string): number => Number(store.values.get(key) ?? 0);
export const textOf = (store: Store, key: string): string => String(store.values.get(key) ?? '');

/** Where the first or the second pool stands. */
export const poolIndex = (store: Store, fallback: boolean): number =>
  numberOf(store, fallback ? 'secondaryPoolIndex' : 'primaryPoolIndex');
