import type { Explanation } from './explanation.ts';

/* A plain cgminer: the peers do not know it as a machine; pyasic has a client for its port all the same. */

const AVALON_INSIDE = ['cgminer/usb-sticks', 'cgminer/avalon-modules'];
const ALL = [
  'cgminer/cgminer-4.11',
  'cgminer/cgminer-no-devices',
  'cgminer/two-boards',
  'cgminer/fpga',
  'cgminer/mixed',
  'cgminer/mixed-no-devices',
  'cgminer/one-pool',
];
const WITH_ASICS = [
  'cgminer/cgminer-4.11',
  'cgminer/two-boards',
  'cgminer/mixed',
  'cgminer/one-pool',
  ...AVALON_INSIDE,
];

export const CGMINER_READS: readonly Explanation[] = [
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: ALL,
    fields: ['firmware'],
    kind: 'limit',
    why: 'it knows machines by the names of makers and their firmware, and takes an address where a plain cgminer answers for nothing',
    paragraph: '0 (VERSION record keys: CGMiner = cgminer family)',
    cite: { by: 'peer', request: 'version', reply: '"CGMiner":"4.11.1"' },
  },
  {
    peers: ['pyasic'],
    machines: ALL,
    fields: ['hashrateHs'],
    kind: 'fault',
    why: 'its client for a plain cgminer looks for `GHS 5s`, which only forks have; cgminer writes `MHS 5s`',
    paragraph: '1.5 (SUMMARY), 1.11 (GHS in forks)',
    cite: { by: 'peer', request: 'summary', reply: '"MHS 5s"' },
  },
  {
    peers: ['pyasic'],
    machines: WITH_ASICS,
    fields: ['ask:asc 0'],
    kind: 'fault',
    why: 'it leaves a parameter out that is 0, and the machine misses it',
    paragraph: '1.6 (code 15)',
    cite: { by: 'peer', request: '{"command": "asc"}', reply: '"Code":15' },
  },
  {
    peers: ['pyasic'],
    machines: ['cgminer/fpga', 'cgminer/mixed'],
    fields: ['ask:pga 0'],
    kind: 'fault',
    why: 'it leaves a parameter out that is 0, and the machine misses it',
    paragraph: '1.6 (code 15)',
    cite: { by: 'peer', request: '{"command": "pga"}', reply: '"Code":15' },
  },
  {
    peers: ['pyasic_rs'],
    machines: AVALON_INSIDE,
    fields: ['firmware'],
    kind: 'limit',
    why: 'it knows machines by the names of makers and their firmware, and takes an address where a plain cgminer answers for nothing',
    paragraph: '0 (VERSION record keys: CGMiner = cgminer family)',
    cite: { by: 'peer', request: 'version', reply: '"CGMiner":"4.11.1"' },
  },
  {
    peers: ['pyasic'],
    machines: AVALON_INSIDE,
    fields: ['make', 'firmware', 'algorithm', 'hashrateHs', 'boards', 'boardHs', 'boardSumHs', 'boardTempC'],
    kind: 'fault',
    why: 'it takes every program whose device list has the word Avalon for a machine of that maker, then does not know the model, and gives the rate of the first device as that of the machine',
    paragraph: '0 (VERSION record keys: PROD/MODEL/DNA/MAC = Avalon), 1.5 (DEVDETAILS: Driver)',
    cite: { by: 'peer', request: 'devdetails', reply: '"Driver":"avalon' },
  },
  {
    peers: ['pyasic'],
    machines: ['cgminer/usb-sticks'],
    fields: ['faults'],
    kind: 'limit',
    why: 'it has no faults of devices; NOTIFY and DEVS tell of two that are gone',
    paragraph: '1.5 (DEVS: Status, No Device)',
    cite: { by: 'ours', request: 'devs', reply: '"No Device":true' },
  },
];
