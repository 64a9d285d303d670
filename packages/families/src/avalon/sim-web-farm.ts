import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { averageGhs } from './sim-record-parts.ts';
import { readSensors } from './sim-sensors.ts';
import { type Fields, type Page, shell, type WebRequest } from './sim-web-page.ts';

/*
 * Pages of the A-series (names and fields: the scripts of an A10's own pages and the clients of its web page).
 */

/** The address that it has: the fixed one of the last boot, or the one by which it was reached. */
const addressOf = (machine: AvalonMachine, request: WebRequest): string =>
  machine.network.fixed?.address ?? request.host;

/** On all machines with a page: the first thing that clients ask. */
export const minerInfo: Page = {
  run: (machine, request) => ({
    callback: 'minerinfoCallback',
    fields: [
      ['version', machine.build],
      ['mac', machine.mac(true).toLowerCase()],
      ['ipv4', addressOf(machine, request)],
      ['hwtype', machine.versionField('PROD')],
      ['sys_status', machine.offSince === null ? 1 : 0],
    ],
  }),
};

/** The places of the configuration, not what the running program uses. */
export const poolFields = ({ kept: { pools } }: AvalonMachine): Fields =>
  [0, 1, 2].flatMap((place) => {
    const { url = '', user = '', pass = '' } = pools[place] ?? {};
    return [
      [`pool${place + 1}`, url],
      [`worker${place + 1}`, user],
      [`passwd${place + 1}`, pass],
    ] as const;
  });

/** What a form with `pool1` to `passwd3` says; places without a URL become empty, and empty ones behind them go. */
export function takePools(machine: AvalonMachine, request: WebRequest): void {
  const given = [1, 2, 3].map((n) => ({
    url: (request.field(`pool${n}`) ?? '').slice(0, ASSUMED.longestUrl),
    user: (request.field(`worker${n}`) ?? '').slice(0, ASSUMED.longestUser),
    pass: (request.field(`passwd${n}`) ?? '').slice(0, ASSUMED.longestUser),
  }));
  const pools = given.filter(({ url }) => url !== '');
  if (pools.length === 0) return;
  machine.kept.pools = pools.map((pool) => ({ ...pool, difficulty: machine.givenDifficulty }));
}

const home: Page = {
  run: (machine, _request, now) => {
    const readings = readSensors(machine, now);
    const { session, pools } = machine;
    const { accepted, rejected } = session.shares(now);
    const pool = pools.current(now);
    const fahrenheit = (c: number): number => Math.round((c * 9) / 5 + 32);
    const room = Math.round(readings.roomC);
    const boards = readings.boards.flatMap(({ avgC }, i) => [
      [`MTavg${i + 1}`, avgC] as const,
      [`MTavg${i + 1}f`, fahrenheit(avgC)] as const,
    ]);
    return {
      callback: 'homeCallback',
      fields: [
        ['elapsed', Math.floor(machine.elapsedS(now))],
        ['av', (Number(averageGhs(machine, now)) / 1000).toFixed(2)],
        ['hash_5m', (session.hashrateHs(now, 300) / 1e12).toFixed(2)],
        ['accepted', accepted],
        ['reject', rejected],
        ['rejected_percentage', percent(rejected, accepted + rejected)],
        ['url', pool?.url ?? ''],
        ['worker', pool?.user ?? ''],
        ...readings.fans.map((rpm, i) => [`fan${i + 1}`, rpm] as const),
        ['fanr', readings.fanPercent],
        ['temperature', room],
        ['temperaturef', fahrenheit(room)],
        ...boards,
        ['minerstatus', '00000000'],
        ['ping', Math.round(machine.own('ping', 9, 140))],
      ],
    };
  },
};

export const percent = (part: number, all: number): string => (all > 0 ? ((part / all) * 100).toFixed(2) : '0.00');

const poolPage = shell('Pool Config', 'updatecgconf.cgi');
const networkPage = shell('Network', 'updatenetwork.cgi');

const reboot: Page = {
  run: (machine, _request, now) => {
    machine.reboot(now, 0, ASSUMED.bootByWeb);
    return shell('Reboot', 'get_minerinfo.cgi');
  },
};

/** By method and name. */
export const farmPages: Readonly<Record<string, Page>> = {
  'GET get_minerinfo.cgi': minerInfo,
  'GET get_home.cgi': home,
  'GET updatecgconf.cgi': {
    run: (machine) => ({
      callback: 'CGConfCallback',
      fields: [['mode', machine.kept.mode], ...poolFields(machine)],
    }),
  },
  'GET cgconf.cgi': { run: () => poolPage },
  'POST cgconf.cgi': {
    run: (machine, request, now) => {
      takePools(machine, request);
      const mode = Number(request.field('mode') ?? 'none');
      if (machine.hasMode(mode)) machine.setMode(now, mode);
      return poolPage;
    },
  },
  'GET updatenetwork.cgi': {
    run: ({ kept: { network } }) => ({
      callback: 'NetworkCallback',
      fields: [
        ['protocal', network.fixed === null ? 0 : 1],
        ['ip', network.fixed?.address ?? ''],
        ['mask', network.fixed?.mask ?? ''],
        ['gateway', network.fixed?.gateway ?? ''],
        ['dns', network.dns[0]],
        ['dnsbak', network.dns[1]],
      ],
    }),
  },
  'GET network.cgi': { run: () => networkPage },
  'POST reboot.cgi': reboot,
  'POST reboot_btn.cgi': reboot,
};
