/*
 * What a WhatsMiner tells, typed to the vendor's manual of V2.2 and to its page of V3, in the shapes that machines send
 * (protocols.md 3.4, 3.6).
 */

export const NOW = 1_790_000_000_000;

type Answer = unknown;
type Fields = Record<string, unknown>;

export const got = (msg: unknown, code = 131, letter = 'S'): Fields => ({
  STATUS: letter,
  When: NOW / 1000,
  Code: code,
  Msg: msg,
  Description: '',
});
const listed = (section: string, records: unknown[]): Fields => ({
  STATUS: [{ STATUS: 'S', Msg: section, When: NOW / 1000 }],
  [section]: records,
  id: 1,
});

/** What the manual of V2.2 prints, in the shapes that machines send. */
export const V2_READS: Readonly<Record<string, Answer>> = {
  summary: listed('SUMMARY', [
    {
      Elapsed: 5000,
      'MHS av': 84773000,
      'MHS 5s': 85000000,
      'MHS 1m': 84900000,
      'HS RT': 84800000,
      freq_avg: 646,
      'Fan Speed In': 4530,
      'Fan Speed Out': 4560,
      Power: 3593,
      'Power Rate': 42.31,
      Uptime: 20507,
      'Hash Stable': true,
      'Env Temp': 32,
      'Power Mode': 'Normal',
      'Factory GHS': 84773,
      'Power Limit': 3600,
      'Chip Temp Max': 101.25,
      'Btminer Fast Boot': 'disable',
    },
  ]),
  pools: listed('POOLS', [
    { POOL: 1, URL: 'stratum+tcp://btc.ss.poolin.com:443', Status: 'Alive', Priority: 0, User: 'microbtinitial' },
  ]),
  edevs: listed('DEVS', [
    {
      Slot: 0,
      Temperature: 80,
      'Chip Frequency': 587,
      'MHS 5s': 28000000,
      'Factory GHS': 28836,
      'Effective Chips': 156,
    },
  ]),
  devs: listed('DEVS', [{ ASC: 0, Slot: 0, Enabled: 'Y', Status: 'Alive', 'Hardware Errors': 3 }]),
  devdetails: listed('DEVDETAILS', [{ DEVDETAILS: 0, Name: 'SM', ID: 0, Driver: 'bitmicro', Model: 'M30S+VE40' }]),
  status: got({
    btmineroff: 'false',
    'Firmware Version': '20220125.13.Rel',
    power_mode: 'Normal',
    power_limit_set: '',
    hash_percent: '0',
  }),
  get_version: got({
    api_ver: '2.0.3',
    fw_ver: '20220125.13.Rel',
    platform: 'H6OS',
    chip: 'K88Z001-2039 BINV01-195001B',
    miner_type: 'M30S+VE40',
  }),
  get_psu: got({
    name: 'P221B',
    hw_version: 'V01.00',
    sw_version: 'V01.00.V01.03',
    model: 'P221B',
    iin: '8718',
    vin: '22400',
    pin: '3000',
    fan_speed: '6976',
    serial_no: 'A1232B0120100049',
    vendor: '7',
    temp0: '33.5',
  }),
  get_miner_info: got({
    ip: '192.168.2.16',
    proto: 'dhcp',
    netmask: '255.255.255.0',
    gateway: '192.168.2.1',
    dns: '114.114.114.114',
    hostname: 'WhatsMiner',
    mac: 'C6:07:20:00:1E:C2',
    ledstat: 'auto',
    minersn: 'SN1',
    powersn: 'PSN1',
    upfreq_speed: '5',
  }),
  get_error_code: got({ error_code: [] }),
};

/** The vendor's page of V3, its example values. */
export const V3_READS: Readonly<Record<string, Answer>> = {
  'get.device.info': {
    network: {
      ip: '192.168.2.98',
      proto: 'dhcp',
      netmask: '255.255.255.0',
      dns: '192.168.2.1',
      mac: 'CA:01:14:00:04:EB',
      gateway: '192.168.2.1',
      hostname: 'WhatsMiner',
    },
    miner: {
      working: 'true',
      type: 'M30S++_VH70',
      'hash-board': 'H70',
      cointype: 'BTC/BCH/BSV',
      heatmode: '',
      'hash-percent': '',
      'fast-boot': 'disable',
      'board-num': '3',
      pcbsn0: 'HHM1EK46702216K00001',
      'miner-sn': 'SN3',
    },
    system: {
      api: '3.0.0',
      platform: 'H616',
      fwversion: '20240722.07.51.REL',
      'control-board-version': 'CB6V10',
      apiswitch: '1',
      ledstatus: 'auto',
    },
    power: {
      type: 'P221C',
      swversion: 'S37',
      model: 'P22-12-3300-C',
      iin: 14.8,
      vin: 220.5,
      vout: 1209,
      pin: 3264,
      fanspeed: 6112,
      temp0: 41.3,
      sn: 'PSN3',
    },
    salt: 'BQ5hoXV9',
    'error-code': [{ '531': '2025-03-12 14:52:35', reason: 'Slot1 not found.' }],
  },
  'get.miner.status': {
    summary: {
      elapsed: 1074,
      'bootup-time': 1175,
      'factory-hash': 101.366,
      'hash-average': 101.847,
      'hash-1min': 102.072,
      'hash-15min': 101.847,
      'hash-realtime': 101.847,
      'power-realtime': 3268,
      'environment-temperature': 34.8,
      'board-temperature': [69.6],
      'power-limit': 3500,
      'up-freq-finish': 1,
      'fan-speed-in': 4980,
      'fan-speed-out': 5070,
    },
    pools: [
      {
        id: 1,
        url: 'stratum+tcp://pool.example:3333',
        status: 'alive',
        account: 'worker.1',
        'stratum-active': true,
        'last-share-time': 1_789_999_990,
      },
    ],
    edevs: [
      {
        id: 0,
        slot: 0,
        'hash-average': 33.972,
        'factory-hash': 33.789,
        freq: 785,
        'effective-chips': 70,
        'chip-temp-min': 84.9,
        'chip-temp-max': 97.4,
      },
    ],
  },
  'get.miner.setting': {
    'power-mode': 'normal',
    'upfreq-speed': 2,
    power: 0,
    'power-percent': 100,
    'fast-hash': 'disable',
  },
  'get.system.setting': {
    'web-pool': 1,
    timezone: 'CST-8',
    zonename: 'Asia/Shanghai',
    hostname: 'WhatsMiner',
    'log-upload': { ip: '192.168.2.133', port: '9008', proto: 'tcp' },
    'time-randomized': { start: 10, stop: 10 },
    'ntp-server': ['0.cn.pool.ntp.org', '0.openwrt.pool.ntp.org'],
  },
  'get.fan.setting': { 'fan-poweroff-cool': 1, 'fan-zero-speed': 0, 'fan-temp-offset': -10 },
  'get.device.custom_data': { CustomerSn: 'sn12345', msg0: 'msg' },
  'get.miner.history': 'miner history information......',
};
