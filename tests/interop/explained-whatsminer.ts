import type { Citation, Explanation } from './explanation.ts';

/* WhatsMiner: where the peers and we differ, and why. What they do to them stands at the end. */

const M30S = 'whatsminer/m30s-plus';
const M33S = 'whatsminer/m33s-hydro';
const M50S = 'whatsminer/m50s';
const M50S_JOINS = 'whatsminer/m50s-joins';
const M60S = 'whatsminer/m60s';
const M60S_4028 = 'whatsminer/m60s-4028';
/** Where pyasic reads something over port 4028. */
const PYASIC_V2 = [M30S, M50S_JOINS, M60S_4028];
/** Where pyasic_rs does. */
const RS_V2 = [M30S, M33S, M50S_JOINS];

const asked = (request: string, reply: string): Citation => ({ by: 'peer', request, reply });

const THREE_JOINED =
  'it joins three reads; this build takes two, and the refusal is to pyasic a machine that tells nothing';
const IN_MSG =
  'it looks for the data under SUMMARY, POOLS and DEVDETAILS alone; builds such as this one have it in Msg';

/** What pyasic says of a machine, over port 4028. */
const PYASIC_READS: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: PYASIC_V2,
    fields: ['apiVersion'],
    kind: 'fault',
    why: 'it looks for rpc_ver in the reply to get_version, which calls it api_ver',
    paragraph: '3.4 (get_version)',
    cite: asked('get_version', '"api_ver"'),
  },
  {
    peers: ['pyasic'],
    machines: PYASIC_V2,
    fields: ['hashrateHs', 'boardSumHs', 'boardHs'],
    kind: 'meaning',
    why: 'it gives the mean of a minute, we the shortest window that the machine has',
    paragraph: '3.4 (summary: MHS av/5s/1m/5m/15m)',
    cite: asked('devs', '"MHS 1m"'),
  },
  {
    peers: ['pyasic'],
    machines: PYASIC_V2,
    fields: ['boardTempC'],
    kind: 'limit',
    why: 'it rounds to whole degrees',
    paragraph: '3.4 (edevs: Temperature)',
    cite: asked('devs', '"Temperature"'),
  },
  {
    peers: ['pyasic'],
    machines: PYASIC_V2,
    fields: ['boardChipMaxC'],
    kind: 'meaning',
    why: 'it gives the mean of the chips, in whole degrees, we the hottest one',
    paragraph: '3.4 (edevs: Chip Temp Min/Max/Avg)',
    cite: asked('devs', '"Chip Temp Avg"'),
  },
  {
    peers: ['pyasic'],
    machines: [M33S],
    fields: [
      ...(['mac', 'serial', 'hostname', 'apiVersion', 'firmwareVersion', 'mining', 'uptimeS', 'hashrateHs'] as const),
      ...(['boardSumHs', 'nominalHs', 'powerW', 'ambientTempC', 'boardHs', 'boardTempC', 'boardChipMaxC'] as const),
      ...(['boardChips', 'boardSerial', 'poolUrl', 'poolWorker', 'poolAccepted', 'poolRejected'] as const),
      ...(['poolActive', 'poolAlive', 'back:resume_mining', 'back:send_config'] as const),
    ],
    kind: 'fault',
    why: THREE_JOINED,
    paragraph: '3.1 (two joined read commands are allowed)',
    cite: asked('+', '"Code":14'),
  },
  {
    peers: ['pyasic'],
    machines: [M50S],
    fields: ['model', 'algorithm', 'boards', 'boardChipsExpected', 'fanRpm'],
    kind: 'fault',
    why: `${IN_MSG}: without a model it expects no boards and no fans, and knows no algorithm`,
    paragraph: '3.4 (STATUS shape)',
    cite: asked('devdetails', '"Msg":[{"DEVDETAILS":0'),
  },
  {
    peers: ['pyasic'],
    machines: [M50S],
    fields: ['read:all', 'back:stop_mining', 'back:resume_mining', 'do:send_config'],
    kind: 'fault',
    why: `${IN_MSG}: on their join it throws`,
    paragraph: '3.4 (STATUS shape)',
    cite: asked('+', '"Code":131,"Msg":[{"POOL":1'),
  },
  {
    peers: ['pyasic'],
    machines: [M50S],
    fields: [
      ...(['mac', 'serial', 'hostname', 'apiVersion', 'firmwareVersion', 'mining', 'uptimeS', 'hashrateHs'] as const),
      ...(['boardSumHs', 'nominalHs', 'powerW', 'powerLimitW', 'ambientTempC', 'boardHs', 'boardTempC'] as const),
      ...(['boardChipMaxC', 'boardChips', 'boardSerial', 'poolUrl', 'poolWorker', 'poolAccepted'] as const),
      ...(['poolRejected', 'poolActive', 'poolAlive'] as const),
    ],
    kind: 'fault',
    why: THREE_JOINED,
    paragraph: '3.1 (two joined read commands are allowed)',
    cite: asked('+', '"Code":14'),
  },
  {
    peers: ['pyasic'],
    machines: [M60S_4028],
    fields: ['read:all'],
    kind: 'limit',
    why: 'it asks firmware of this date at port 4433 alone, and throws when nobody answers there; its client of port 4028, taken by hand, reads and controls the machine',
    paragraph: '3.6 (present when the firmware date is 20241101 or later; V2 stays on 4028)',
    cite: asked('get_version', '"fw_ver":"20251209.16.Rel2"'),
  },
];

/** What pyasic says of a machine, over port 4433. */
const PYASIC_V3: readonly Explanation[] = [
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: [M60S],
    fields: ['hashrateHs'],
    kind: 'meaning',
    why: 'they give what the machine calls real time and names no window for, we the shortest one that is named',
    paragraph: '3.6 (get.miner.status, rates in TH/s)',
    cite: asked('get.miner.status', '"hash-realtime"'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: [M60S],
    fields: ['boardTempC'],
    kind: 'fault',
    why: 'they take the coolest chip for the board, whose own temperature stands in the summary',
    paragraph: '3.6 (get.miner.status, summary)',
    cite: asked('get.miner.status', '"board-temperature"'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: [M60S],
    fields: ['boardInletC', 'boardOutletC'],
    kind: 'fault',
    why: 'they take the coolest and the hottest chip for sensors at the inlet and at the outlet',
    paragraph: '3.6 (get.miner.status, edevs)',
    cite: asked('get.miner.status', '"chip-temp-min"'),
  },
  {
    peers: ['pyasic'],
    machines: [M60S],
    fields: ['boardChipMaxC'],
    kind: 'fault',
    why: 'it gives the hottest chip as the outlet, and no temperature of chips',
    paragraph: '3.6 (get.miner.status, edevs)',
    cite: asked('get.miner.status', '"chip-temp-max"'),
  },
  {
    peers: ['pyasic'],
    machines: [M60S],
    fields: ['poolUrl', 'poolWorker', 'poolActive', 'poolAlive'],
    kind: 'fault',
    why: 'it asks for the summary and looks for the pools in it',
    paragraph: '3.6 (get.miner.status: summary, pools, edevs)',
    cite: asked('"param": "summary"', '"msg":{"summary":{'),
  },
];

/** What pyasic_rs says of a machine. */
const RS_READS: readonly Explanation[] = [
  {
    peers: ['pyasic_rs'],
    machines: [M50S],
    fields: ['make', 'model', 'firmware'],
    kind: 'fault',
    why: `${IN_MSG}: it finds no model, and gives up on the machine`,
    paragraph: '3.4 (STATUS shape)',
    cite: asked('devdetails', '"Msg":[{"DEVDETAILS":0'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M60S_4028],
    fields: ['make', 'model', 'firmware'],
    kind: 'limit',
    why: 'it asks firmware of this date at port 4433 alone, and knows no machine when nobody answers there',
    paragraph: '3.6 (present when the firmware date is 20241101 or later; V2 stays on 4028)',
    cite: asked('get_version', '"fw_ver":"20251209.16.Rel2"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M30S],
    fields: ['mining'],
    kind: 'fault',
    why: 'it believes the word of a machine that says off while it hashes',
    paragraph: '3.4 (never conclude "stopped" from it alone)',
    cite: asked('status', '"btmineroff":"true"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: RS_V2,
    fields: ['hashrateHs'],
    kind: 'meaning',
    why: 'it gives HS RT, which is the mean of five minutes here, we the shortest window that is named',
    paragraph: '3.4 (HS RT: MH/s despite its name, equal to MHS 5m)',
    cite: asked('summary', '"HS RT"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: RS_V2,
    fields: ['boardHs'],
    kind: 'meaning',
    why: 'it gives the mean since the start, we the shortest window that the machine has',
    paragraph: '3.4 (edevs: rates)',
    cite: asked('devs', '"MHS av"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: RS_V2,
    fields: ['boardInletC', 'boardOutletC'],
    kind: 'fault',
    why: 'it takes the coolest and the hottest chip for sensors at the inlet and at the outlet',
    paragraph: '3.4 (edevs: Chip Temp Min/Max/Avg)',
    cite: asked('devs', '"Chip Temp Min"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: RS_V2,
    fields: ['boardFrequencyMHz'],
    kind: 'limit',
    why: 'it gets the reply that has it and does not read it',
    paragraph: '3.4 (edevs: Chip Frequency)',
    cite: asked('devs', '"Chip Frequency"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M30S],
    fields: ['boardNominalHs'],
    kind: 'limit',
    why: 'it does not ask edevs, which alone has it on this API',
    paragraph: '3.4 (edevs: Factory GHS)',
    cite: { by: 'ours', request: 'edevs+devs', reply: '"Factory GHS"' },
  },
  {
    peers: ['pyasic_rs'],
    machines: RS_V2,
    fields: ['poolLastShareAgeS'],
    kind: 'meaning',
    why: 'it passes on the time of the machine as it came, and means its own clock; we say how long ago by the time of the reply',
    paragraph: '3.4 (pools)',
    cite: asked('pools', '"Last Share Time":17'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M60S],
    fields: ['poolLastShareAgeS'],
    kind: 'limit',
    why: 'it gets the reply that has it and does not read it',
    paragraph: '3.6 (get.miner.status, pools)',
    cite: asked('get.miner.status', '"last-share-time":17'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M33S, M50S_JOINS],
    fields: ['serial'],
    kind: 'limit',
    why: 'it gets the reply that has it and does not read it',
    paragraph: '3.4 (get_miner_info: minersn)',
    cite: asked('get_miner_info', '"minersn":"SIM'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M60S],
    fields: ['serial'],
    kind: 'limit',
    why: 'it gets the reply that has it and does not read it',
    paragraph: '3.6 (get.device.info)',
    cite: asked('get.device.info', '"miner-sn":"SIM'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M33S],
    fields: ['fanRpm'],
    kind: 'fault',
    why: 'it says of a unit without fans that two of them stand still',
    paragraph: '3.4 (fans read 0 on hydro units)',
    cite: asked('summary', '"Fan Speed In":0'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M30S],
    fields: ['controlBoard'],
    kind: 'meaning',
    why: 'it names the chip alone, we the platform with its version, as the machine says them',
    paragraph: '3.4 (summary)',
    cite: asked('summary', '"CB Platform":"ALLWINNER_H3","CB Version":"V8"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M60S],
    fields: ['controlBoard'],
    kind: 'meaning',
    why: 'it names the chip, we the board that carries it',
    paragraph: '3.6 (get.device.info)',
    cite: asked('get.device.info', '"control-board-version":"CB6V10"'),
  },
];

/** What the peers do to the machines in another way than we do, or with another result. */
const CONTROLS: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: [M30S, M33S, M50S, M50S_JOINS, M60S_4028],
    fields: ['do:reboot'],
    kind: 'fault',
    why: 'it takes a connection that is closed without an answer for a failure; the machine restarted, which we looked for and found',
    paragraph: '3.2 (reboot and similar may close with no reply at all)',
    cite: asked('"cmd": "reboot"', ''),
  },
  {
    peers: ['pyasic'],
    machines: [M30S],
    fields: ['do:resume_mining', 'back:stop_mining'],
    kind: 'fault',
    why: 'it does not know the machine any more while mining is off, as the mining program does not answer then; status still does',
    paragraph: '3.4 (status), 1.11 (Socket connect failed)',
    cite: asked('devdetails', 'Socket connect failed: Connection refused'),
  },
  {
    peers: ['pyasic'],
    machines: [M60S],
    fields: ['back:stop_mining'],
    kind: 'fault',
    why: 'over port 4433 it says of every machine that it mines: that is its default, and it does not look',
    paragraph: '3.6 (get.device.info)',
    cite: asked('get.device.info', '"working":"false"'),
  },
  {
    peers: ['pyasic'],
    machines: [M60S],
    fields: ['do:send_config'],
    kind: 'fault',
    why: 'over port 4433 its own code fails before it sends anything, and it knows no sealed param',
    paragraph: '3.6 (set.miner.pools carries its param encrypted)',
    cite: asked('get.miner.setting', '"power-mode":"normal"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [M33S],
    fields: ['back:pause'],
    kind: 'fault',
    why: 'it looks for mineroff alone; this build calls it btmineroff, as the manual does',
    paragraph: '3.4 (status: btmineroff, newer key names mineroff)',
    cite: asked('status', '"btmineroff":"true"'),
  },
];

export const WHATSMINER_EXPLAINED: readonly Explanation[] = [...PYASIC_READS, ...PYASIC_V3, ...RS_READS, ...CONTROLS];
