import type { Citation, Explanation } from './explanation.ts';

/* The branch of AxeOS for Nerd boards: where the peers and we differ, and why. */

const PLUS_PLUS = ['nerdqaxe/nerdqaxe-plus-plus', 'nerdqaxe/nerdqaxe-plus-plus-otp'];
const PLUS = 'nerdqaxe/nerdqaxe-plus';
const PLUS_OLD = 'nerdqaxe/nerdqaxe-plus-old';
const OCTA = 'nerdqaxe/nerdoctaxe-gamma';
const GAMMA = 'nerdqaxe/nerdaxe-gamma';
/** v1.1.0, on boards with two fans and several chips. */
const LARGE = [...PLUS_PLUS, PLUS, OCTA];
const NEW = [...LARGE, 'nerdqaxe/nerdaxe', GAMMA];
const ALL = [...NEW, PLUS_OLD];

const info = (reply: string): Citation => ({ by: 'peer', request: 'GET /api/system/info', reply });

export const NERDQAXE_EXPLAINED: readonly Explanation[] = [
  {
    peers: ['pyasic'],
    machines: ALL,
    fields: ['make', 'model', 'firmware'],
    kind: 'limit',
    why: 'it knows no Nerd boards: it looks for the word AxeOS on the first page, which is not there',
    paragraph: '6.6 (fork with the same base paths)',
    cite: { by: 'peer', request: 'GET /', reply: 'Nerd*axe Dashboard' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['firmware'],
    kind: 'meaning',
    why: 'names only: to it this is the stock firmware of the board',
    paragraph: '6.6 (deviceModel)',
    cite: info('"deviceModel":"Nerd'),
  },
  {
    peers: ['pyasic_rs'],
    machines: PLUS_PLUS,
    fields: ['model'],
    kind: 'fault',
    why: 'it drops both plus signs, though of a NerdQAxe+ it keeps the one: the names tell the boards of the branch apart',
    paragraph: '6.6 (deviceModel), 6.7 (the branch has its own boards and names)',
    cite: info('"deviceModel":"NerdQAxe++"'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['apiVersion'],
    kind: 'meaning',
    why: 'it repeats the version of the firmware; the API has none of its own, and so we give none',
    paragraph: '6.3 (version)',
    cite: info('"version":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: [PLUS, PLUS_OLD, GAMMA, OCTA],
    fields: ['boardChipsExpected'],
    kind: 'limit',
    why: 'its table of models has no number of chips for this one; the reply has it',
    paragraph: '6.6 (info), 6.3 (asicCount)',
    cite: info('"asicCount":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['boardChips'],
    kind: 'fault',
    why: 'it gives the chips that are on the board as those that work, which the device does not tell',
    paragraph: '6.6 (info), 6.3 (asicCount)',
    cite: info('"asicCount":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: NEW,
    fields: ['boardTempC'],
    kind: 'meaning',
    why: 'it gives vrTemp, we the hotter one of that and vrTempInt beside it',
    paragraph: '6.6 (vrTempInt)',
    cite: info('"vrTempInt":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['boardInletC', 'boardOutletC'],
    kind: 'fault',
    why: 'it takes the one temperature of the chips for sensors at the inlet and at the outlet, which the device does not have',
    paragraph: '6.3 (temp)',
    cite: info('"temp":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: LARGE,
    fields: ['chipTempC'],
    kind: 'limit',
    why: 'it shows the whole device as one chip; the same reply has the temperature of each',
    paragraph: '6.6 (asicTemps[])',
    cite: info('"asicTemps":['),
  },
  {
    peers: ['pyasic_rs'],
    machines: [PLUS_OLD],
    fields: ['chipTempC'],
    kind: 'fault',
    why: 'it shows the whole device as one chip; this version tells nothing of single ones',
    paragraph: '6.3 (temp)',
    cite: info('"temp":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['chipVoltageV', 'chipFrequencyMHz', 'chipHs'],
    kind: 'fault',
    why: 'it shows the whole device once more as one chip; of single ones nothing of this is told',
    paragraph: '6.3 (hashRate, coreVoltageActual, frequency)',
    cite: info('"hashRate":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: LARGE,
    fields: ['fanRpm'],
    kind: 'limit',
    why: 'it gets the reply that has the second fan and reads the first one',
    paragraph: '6.6 (fans[], fanrpm2)',
    cite: info('"fanrpm2":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: ALL,
    fields: ['poolAccepted', 'poolRejected'],
    kind: 'meaning',
    why: 'it gives the counts of the device to its first pool, whichever was used; we leave them with the device, and give them by pool where both are worked for',
    paragraph: '6.3 (sharesAccepted, sharesRejected)',
    cite: info('"sharesAccepted":'),
  },
  {
    peers: ['pyasic_rs'],
    machines: NEW,
    fields: ['poolAlive'],
    kind: 'limit',
    why: 'it gets the reply that says which pools are connected and does not read it',
    paragraph: '6.6 (stratum{})',
    cite: info('"connected":true'),
  },
];
