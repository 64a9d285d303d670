import type { Citation, Explanation } from './explanation.ts';

/* Bitaxes: where the peers and we differ, and why. What they do to them stands at the end. */

const gammas = (...minors: readonly number[]): string[] => minors.map((minor) => `axeos/gamma-v2.${minor}`);

/** Boards with one chip, and those whose chips the peers take for their board. */
const ONE_CHIP = ['axeos/gamma', 'axeos/supra', 'axeos/ultra', 'axeos/max', ...gammas(4, 5, 6, 7, 8, 9, 10)];
const NEWER_GAMMAS = gammas(11, 12, 13, 14, 15);
const SEVERAL_FANS = ['axeos/gamma-turbo', 'axeos/hex', 'axeos/supra-hex'];
const SEVERAL_CHIPS = [...SEVERAL_FANS, 'axeos/gamma-duo'];
const WITH_ONE_CHIP = [...ONE_CHIP, ...NEWER_GAMMAS];
const ALL = [...WITH_ONE_CHIP, ...SEVERAL_CHIPS];
/** v2.4 to v2.8. */
const WITH_ASIC_COUNT = ['axeos/supra', 'axeos/max', ...gammas(4, 5, 6, 7, 8)];
/** v2.11 and v2.12 tell the family of the pool's socket, later releases what the connection is. */
const WITH_POOL_FAMILY = ['axeos/ultra', ...gammas(11, 12)];
const WITH_POOL_CONNECTION = [...SEVERAL_CHIPS, ...gammas(13, 14, 15)];
/** Boards whose voltage regulator has no sensor. */
const WITHOUT_BOARD_SENSOR = ['axeos/supra', 'axeos/ultra', 'axeos/max'];

/** Everything that the peers read stands in this one reply. */
const info = (reply: string): Citation => ({ by: 'peer', request: 'GET /api/system/info', reply });

const WHO: readonly Explanation[] = [
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: ALL,
    fields: ['firmware'],
    kind: 'meaning',
    why: 'names only: to them AxeOS is the stock firmware of a Bitaxe',
    paragraph: '0 (telling devices apart), 6.3',
    cite: { by: 'peer', request: 'GET /', reply: 'AxeOS' },
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: SEVERAL_CHIPS,
    fields: ['model', 'boardChipsExpected'],
    kind: 'fault',
    why: 'they go by the chip alone, and take a board with several of them for the one that has a single one',
    paragraph: '6.7 (boardVersion decides everything)',
    cite: info('"ASICModel":'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: ALL,
    fields: ['apiVersion'],
    kind: 'meaning',
    why: 'they repeat the version of the firmware; the API has none of its own, and so we give none',
    paragraph: '6.3 (version)',
    cite: info('"version":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_ONE_CHIP,
    fields: ['controlBoard'],
    kind: 'meaning',
    why: 'it calls the revision of the board its control board; with us that is the revision of the hardware',
    paragraph: '6.7 (boardVersion)',
    cite: info('"boardVersion":'),
  },
];

const BOARD: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: ALL,
    fields: ['powerW'],
    kind: 'limit',
    why: 'it rounds to whole watts',
    paragraph: '6.3 (units: power W)',
    cite: info('"power":'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: WITH_ASIC_COUNT,
    fields: ['boardChips'],
    kind: 'fault',
    why: 'they give the chips that are on the board as those that work, which this release does not tell',
    paragraph: '6.3 (asicCount)',
    cite: info('"asicCount":'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: ['axeos/gamma', ...gammas(9, 10)],
    fields: ['boardChips'],
    kind: 'fault',
    why: 'they give the chips of their model as those that work; this release has no hashrateMonitor yet and does not tell',
    paragraph: '6.3 (by release: v2.9, v2.11)',
    cite: info('"ASICModel":'),
  },
  {
    peers: ['pyasic'],
    machines: SEVERAL_CHIPS,
    fields: ['boardChips'],
    kind: 'fault',
    why: 'it looks for asicCount, which is gone, and then says 1; the monitor in the same reply has every chip',
    paragraph: '6.3 (by release: v2.9; hashrateMonitor)',
    cite: info('"hashrateMonitor":'),
  },
  {
    peers: ['pyasic'],
    machines: ALL,
    fields: ['boardVoltageV'],
    kind: 'fault',
    why: 'it gives the supply in mV as volts of the board; ours is that of the chips, coreVoltageActual',
    paragraph: '6.3 (units: voltage mV)',
    cite: info('"voltage":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['boardVoltageV'],
    kind: 'meaning',
    why: 'it gives the voltage of the supply, we that of the chips, coreVoltageActual, and the supply as the power supply',
    paragraph: '6.3 (units: voltage, coreVoltageActual mV)',
    cite: info('"coreVoltageActual":'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: WITHOUT_BOARD_SENSOR,
    fields: ['boardTempC'],
    kind: 'fault',
    why: 'they give 0 °C, which is what boards without a sensor at the voltage regulator say there',
    paragraph: '6.3 (units: temperatures)',
    cite: info('"vrTemp":\t0,'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['boardInletC', 'boardOutletC'],
    kind: 'fault',
    why: 'it takes the temperature of the chip for sensors at the inlet and at the outlet, which the device does not have',
    paragraph: '6.3 (temp)',
    cite: info('"temp":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_ASIC_COUNT,
    fields: ['boardNominalHs'],
    kind: 'limit',
    why: 'it reckons it for the machine and not for its one board',
    paragraph: '6.7 (smallCoreCount)',
    cite: info('"smallCoreCount":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['chipTempC', 'chipVoltageV', 'chipFrequencyMHz', 'chipHs'],
    kind: 'fault',
    why: 'it shows the whole device once more as a single chip, with the voltage of the supply; of a chip nothing is told but what hashrateMonitor has, from v2.11 on',
    paragraph: '6.3 (hashrateMonitor.asics)',
    cite: info('"hashRate":'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: SEVERAL_FANS,
    fields: ['fanRpm'],
    kind: 'limit',
    why: 'they get the reply that has the second fan and read the first one',
    paragraph: '6.3 (fan2rpm)',
    cite: info('"fan2rpm":'),
  },
];

const POOLS: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: ALL,
    fields: ['poolUrl', 'poolWorker', 'poolActive'],
    kind: 'limit',
    why: 'it gets the reply that has the pools and does not read them; only its configuration has the first one',
    paragraph: '6.3 (stratumURL/Port/User, the same with fallback)',
    cite: info('"stratumURL":'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: WITH_POOL_FAMILY,
    fields: ['poolAlive'],
    kind: 'limit',
    why: 'they get the reply that says whether the pool is connected and do not read it',
    paragraph: '6.3 (poolAddrFamily: 0 = not connected)',
    cite: info('"poolAddrFamily":'),
  },
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: WITH_POOL_CONNECTION,
    fields: ['poolAlive'],
    kind: 'limit',
    why: 'they get the reply that says whether the pool is connected and do not read it',
    paragraph: '6.3 (by release: v2.13, poolConnectionInfo)',
    cite: info('"poolConnectionInfo":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['poolAccepted', 'poolRejected'],
    kind: 'fault',
    why: 'it gives the counts of the whole device to each of its pools, the one that was never used as well',
    paragraph: '6.3 (sharesAccepted, sharesRejected)',
    cite: info('"sharesAccepted":'),
  },
];

/** v2.15, where the flat keys of the pools became read-only. */
const WITH_POOL_LIST = ['axeos/gamma-turbo', 'axeos/hex', ...gammas(15)];
const WITH_FLAT_POOLS = ALL.filter((name) => !WITH_POOL_LIST.includes(name));
/** Up to v2.12. */
const TEXT_REPLIES = [...ONE_CHIP, ...gammas(11, 12)];
const WITH_PAUSE = [...SEVERAL_FANS, ...gammas(14, 15)];

const FIRST_POOL =
  'it sends scheme, host and port of the first pool as stratumURL, which has its port beside it, and nothing of the second';

/** What the peers do to the machines in another way than we do, or with another result. */
const CONTROLS: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: TEXT_REPLIES,
    fields: ['do:reboot'],
    kind: 'fault',
    why: 'it wants JSON for an answer, and this release says it as a text: the device restarts, and pyasic reports a failure',
    paragraph: '6.2 (text up to v2.12)',
    cite: { by: 'peer', request: 'POST /api/system/restart', reply: '200 System will restart shortly.' },
  },
  {
    peers: ['pyasic'],
    machines: WITH_FLAT_POOLS,
    fields: ['do:send_config'],
    kind: 'fault',
    why: `it takes the empty body of a success for a failure. ${FIRST_POOL}`,
    paragraph: '6.4 (success: 200 with an empty body; stratumURL, stratumPort)',
    cite: { by: 'peer', request: '"stratumURL":"stratum+tcp://one.example.com:3333"', reply: '200 ' },
  },
  {
    peers: ['pyasic'],
    machines: WITH_POOL_LIST,
    fields: ['do:send_config'],
    kind: 'fault',
    why: `it takes the empty body of a success for a failure, and it is none: these keys are read-only now, and nothing changes. ${FIRST_POOL}`,
    paragraph: '6.4 (from v2.15 the flat pool keys are read-only)',
    cite: { by: 'peer', request: '"stratumURL":"stratum+tcp://one.example.com:3333"', reply: '200 ' },
  },
  {
    peers: ['pyasic'],
    machines: WITH_PAUSE,
    fields: ['do:stop_mining'],
    kind: 'limit',
    why: 'it knows no pause on these devices, and says that it did not work; v2.14 has one',
    paragraph: '6.2 (pause, resume)',
    cite: { by: 'ours', request: 'POST /api/system/pause', reply: 'Mining paused' },
  },
  {
    peers: ['pyasic'],
    machines: WITH_PAUSE,
    fields: ['do:resume_mining'],
    kind: 'limit',
    why: 'it knows no pause on these devices, and says that it did not work; v2.14 has one',
    paragraph: '6.2 (pause, resume)',
    cite: { by: 'ours', request: 'POST /api/system/resume', reply: 'Mining resumed' },
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_PAUSE,
    fields: ['back:pause'],
    kind: 'fault',
    why: 'it says of every Bitaxe that it mines, also of one that it paused itself, though it gets the reply that says otherwise',
    paragraph: '6.3 (by release: v2.14, miningPaused)',
    cite: info('"miningPaused":true'),
  },
];

export const AXEOS_EXPLAINED: readonly Explanation[] = [...WHO, ...BOARD, ...POOLS, ...CONTROLS];
