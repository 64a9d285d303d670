import type { Citation, Explanation } from './explanation.ts';

/*
 * BraiinsOS: where the peers and we differ, and why. pyasic reads machines with gRPC by that and by port 4028, older ones by
 * 4028 and LuCI; pyasic_rs reads GraphQL, and REST where it is.
 */

const S9S = ['braiins/s9-21.09', 'braiins/s9-22.08'];
/** As Protobuf has 44.5 °C and 35 °C: doubles, little-endian. */
const [BOARD_TEMP, INLET_TEMP] = ['\x00\x00\x00\x00\x00@F@', '\x00\x00\x00\x00\x00\x80A@'];
/** The lowest temperature at the inlet came with 25.03. */
const WITH_INLET = [
  'braiins/s21-plus-25.03',
  'braiins/s19-xp-25.07',
  'braiins/s19-26.04',
  'braiins/s19j-pro-26.05',
  'braiins/bmm-100-26.04',
];
const WITH_GRPC = ['braiins/s19j-pro-23.12', 'braiins/s21-24.09', ...WITH_INLET];
const WITH_REST = WITH_INLET.slice(1);
/** With gRPC beside it, which pyasic_rs does not speak. */
const WITH_GRAPHQL = ['braiins/s19j-pro-23.12', 'braiins/s21-24.09', 'braiins/s21-plus-25.03'];

const theirs = (request: string, reply: string): Citation => ({ by: 'peer', request, reply });
const ours = (request: string, reply: string): Citation => ({ by: 'ours', request, reply });

const BY_PYASIC: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: WITH_GRPC,
    fields: ['apiVersion'],
    kind: 'meaning',
    why: "it gives the version of cgminer's API at port 4028, we that of the contract that the machine serves",
    paragraph: '7.1, 7.2 (ApiVersionService)',
    cite: theirs('version', '"API":"3.7"'),
  },
  {
    peers: ['pyasic'],
    machines: [...S9S, ...WITH_GRPC],
    fields: ['hashrateHs'],
    kind: 'meaning',
    why: 'it gives the mean of the last minute, we that of the shortest window, 5 s',
    paragraph: '7.1 (summary)',
    cite: theirs('summary', '"MHS 1m"'),
  },
  {
    peers: ['pyasic'],
    machines: S9S,
    fields: ['boardHs', 'boardSumHs'],
    kind: 'meaning',
    why: 'it gives the mean of the last minute, we that of the shortest window, 5 s',
    paragraph: '7.1 (devs)',
    cite: theirs('devs', '"MHS 1m"'),
  },
  {
    peers: ['pyasic'],
    machines: WITH_GRPC,
    fields: ['nominalHs'],
    kind: 'meaning',
    why: 'it gives the hashrate on the sticker, we what the machine computes of the clock of its chips (nominal_hashrate of GetMinerStats)',
    paragraph: '7.2 (GetMinerDetails, GetMinerStats)',
    cite: theirs('MinerService/GetMinerDetails', 'miner-29d2cc'),
  },
  {
    peers: ['pyasic'],
    machines: WITH_GRPC,
    fields: ['boardTempC', 'boardChipMaxC'],
    kind: 'limit',
    why: 'it cuts temperatures to whole degrees',
    paragraph: '7.2 (GetHashboards)',
    cite: theirs('MinerService/GetHashboards', BOARD_TEMP),
  },
  {
    peers: ['pyasic'],
    machines: S9S,
    fields: ['boardTempC', 'boardChipMaxC'],
    kind: 'limit',
    why: 'it rounds temperatures to whole degrees',
    paragraph: '7.1 (temps)',
    cite: theirs('temps', '"Board":66.75'),
  },
  {
    peers: ['pyasic'],
    machines: WITH_GRPC,
    fields: ['boardVoltageV'],
    kind: 'limit',
    why: 'it gets the reply that has it and does not read it',
    paragraph: '7.2 (GetHashboards)',
    cite: theirs('MinerService/GetHashboards', BOARD_TEMP),
  },
  {
    peers: ['pyasic'],
    machines: S9S,
    fields: ['boardVoltageV'],
    kind: 'limit',
    why: 'it gets the reply that has it and does not read it',
    paragraph: '7.1 (devdetails)',
    cite: theirs('devdetails', '"Voltage":9.'),
  },
  {
    peers: ['pyasic'],
    machines: WITH_INLET,
    fields: ['boardInletC', 'boardOutletC'],
    kind: 'limit',
    why: 'it gets the reply that has them and does not read them: its contract is older',
    paragraph: '7.2 (GetHashboards)',
    cite: theirs('MinerService/GetHashboards', INLET_TEMP),
  },
  {
    peers: ['pyasic'],
    machines: S9S,
    fields: ['read:all', 'hostname'],
    kind: 'limit',
    why: 'it reads the configuration and the name of every S9 over SSH, which is not simulated, and throws without a configuration; the name is in GraphQL as well',
    paragraph: '7.3 (GraphQL at /graphql for 21.09 to 25.05)',
    cite: ours('POST /graphql', '"hostname":"miner-29d2cc"'),
  },
];

const BY_PYASIC_RS: readonly Explanation[] = [
  {
    peers: ['pyasic_rs'],
    machines: WITH_GRAPHQL,
    fields: ['apiVersion'],
    kind: 'meaning',
    why: "it gives the version of cgminer's API at port 4028, we that of the contract that the machine serves",
    paragraph: '7.1, 7.2 (ApiVersionService)',
    cite: theirs('version', '"API":"3.7"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_REST,
    fields: ['apiVersion'],
    kind: 'meaning',
    why: 'it gives the version of the REST API, which is counted on its own, we that of the contract of gRPC',
    paragraph: '7.2 (ApiVersionService), 7.3 (GET version/)',
    cite: theirs('GET /api/v1/version', '"minor":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [...S9S, ...WITH_GRAPHQL],
    fields: ['uptimeS'],
    kind: 'meaning',
    why: 'it gives how long the machine runs, we how long the mining program does, which started 40 s later',
    paragraph: '7.3 (GraphQL: uptime of bos)',
    cite: theirs('POST /graphql', '"uptime":{"durationS":172800}'),
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_REST,
    fields: ['uptimeS'],
    kind: 'meaning',
    why: 'it gives how long the machine runs, we how long the mining program does, which started 40 s later',
    paragraph: '7.3 (GET miner/details)',
    cite: theirs('GET /api/v1/miner/details', '"bosminer_uptime_s":172760'),
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_REST,
    fields: ['nominalHs'],
    kind: 'meaning',
    why: 'it gives the hashrate on the sticker, we what the machine computes of the clock of its chips (nominal_hashrate of GetMinerStats)',
    paragraph: '7.3 (GET miner/details, miner/stats)',
    cite: theirs('GET /api/v1/miner/details', '"sticker_hashrate"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [...S9S, ...WITH_GRAPHQL],
    fields: ['boardInletC', 'boardOutletC'],
    kind: 'fault',
    why: 'it calls the hottest chip of a board its inlet and its outlet',
    paragraph: '7.3 (GraphQL: temperatures)',
    cite: theirs('POST /graphql', '"temperatures":['),
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_REST,
    fields: ['boardInletC', 'boardOutletC'],
    kind: 'fault',
    why: 'it calls the hottest chip of a board its inlet and its outlet, and leaves both as the machine tells them',
    paragraph: '7.3 (GET miner/hw/hashboards)',
    cite: theirs('GET /api/v1/miner/hw/hashboards', '"lowest_inlet_temp"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [...S9S, ...WITH_GRAPHQL],
    fields: ['poolAlive'],
    kind: 'fault',
    why: 'it says of every pool that it is dead, whose status it has just been told',
    paragraph: '7.3 (GraphQL: status of a pool)',
    cite: theirs('POST /graphql', '"status":"ALIVE"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ['braiins/s21-24.09', 'braiins/s21-plus-25.03'],
    fields: ['poolLastShareAgeS'],
    kind: 'limit',
    why: 'GraphQL does not tell it, and it does not speak gRPC, which does',
    paragraph: '7.2 (GetPoolGroups)',
    cite: ours('PoolService/GetPoolGroups', 'stratum+tcp://pool.example.com:3333'),
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_GRAPHQL,
    fields: ['controlBoard'],
    kind: 'limit',
    why: 'it does not ask for it before 25.05, and it does not speak gRPC, which tells it',
    paragraph: '7.2 (GetMinerDetails)',
    cite: ours('MinerService/GetMinerDetails', 'miner-29d2cc'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ['braiins/bmm-100-26.04'],
    fields: ['boardChipsExpected'],
    kind: 'limit',
    why: 'it has no number of chips for this model; we have it from the catalogue',
    paragraph: '7.3 (GET miner/hw/hashboards)',
    cite: theirs('GET /api/v1/miner/hw/hashboards', '"chips_count":1'),
  },
];

const CONTROLS: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: S9S,
    fields: ['back:stop_mining', 'back:resume_mining'],
    kind: 'limit',
    why: 'it reads the configuration of every S9 over SSH, which is not simulated, and throws without one',
    paragraph: '7.1 (pause, resume)',
    cite: theirs('devdetails', 'Antminer S9'),
  },
  {
    peers: ['pyasic'],
    machines: ['braiins/s19j-pro-23.12'],
    fields: ['do:send_config'],
    kind: 'limit',
    why: 'it sets all groups of pools at once, which came with 24.06; we write the group back',
    paragraph: '7.2 (SetPoolGroups, UpdatePoolGroup)',
    cite: theirs('PoolService/SetPoolGroups', '12'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [...S9S, ...WITH_GRAPHQL],
    fields: ['do:pause'],
    kind: 'limit',
    why: 'GraphQL has no pause: it stops the mining program instead. We pause it, over gRPC or port 4028',
    paragraph: '7.1 (pause), 7.2 (PauseMining, Stop), 7.3',
    cite: theirs('POST /graphql', '"stop":{"void"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [...S9S, ...WITH_GRAPHQL],
    fields: ['do:resume'],
    kind: 'limit',
    why: 'GraphQL has no resume: it starts the mining program, which runs, and the machine that we paused stays paused. It says that it is done',
    paragraph: '7.1 (resume), 7.2 (ResumeMining, Start), 7.3',
    cite: theirs('POST /graphql', '"start":{"void"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ['braiins/s19-xp-25.07'],
    fields: ['do:restart'],
    kind: 'fault',
    why: 'it takes the status 204, which the published description promises, for a failure of the reboot; its client of 26.04 does not, and the machine restarts',
    paragraph: '7.3 (PUT actions/reboot)',
    cite: theirs('PUT /api/v1/actions/reboot', '204'),
  },
];

export const BRAIINS_EXPLAINED: readonly Explanation[] = [...BY_PYASIC, ...BY_PYASIC_RS, ...CONTROLS];
