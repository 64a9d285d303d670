import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { averageGhs, currentGhs } from './sim-record-parts.ts';
import { readSensors } from './sim-sensors.ts';
import { minerInfo, percent, poolFields, takePools } from './sim-web-farm.ts';
import { cookieCode } from './sim-web-login.ts';
import { type Page, shell } from './sim-web-page.ts';

/*
 * Pages of the home machines (names and fields: Canaan's published source of the Nano 3S, and probes of a Q).
 */

const poolPage = shell('Pool', 'get_dashboard.cgi');

/** 0 starting, 1 at work, 2 idle. */
const statusOf = (machine: AvalonMachine, now: number): number =>
  ['In Init', 'In Work', 'In Idle'].indexOf(machine.work(now));

const dashboard: Page = {
  run: (machine, _request, now) => {
    const readings = readSensors(machine, now);
    const { accepted, rejected } = machine.session.shares(now);
    const working = machine.pools.working(now);
    const ths = (ghs: string): string => (Number(ghs) / 1000).toFixed(2);
    return {
      callback: 'dashboardCallback',
      fields: [
        ['hwtype', machine.versionField('PROD')],
        ['sys_status', statusOf(machine, now)],
        ['elapsed', Math.floor(machine.elapsedS(now))],
        ['workingmode', machine.mode.value],
        ['workinglevel', machine.kept.level],
        ['workingstatus', statusOf(machine, now)],
        ['power', readings.supply.wallW],
        ['realtime_hash', ths(currentGhs(machine, now))],
        ['average_hash', ths(averageGhs(machine, now))],
        ['accepted', accepted],
        ['reject', rejected],
        ['rejected_percentage', percent(rejected, accepted + rejected)],
        ...readings.fans.map((rpm, i) => [`fan${i + 1}`, rpm] as const),
        ['fanr', readings.fanPercent],
        ['fan_status', machine.quirks.stalledFan ? 1 : 0],
        ['asic_status', machine.boardsPresent > 0 ? 0 : 1],
        ['ping', Math.round(machine.own('ping', 9, 60))],
        ['power_status', readings.supply.error],
        ['pool_status', working === null ? 0 : 1],
        ['current_pool', working === null ? 0 : machine.pools.list.indexOf(working) + 1],
        ['address', working?.url ?? 'no active pool'],
        ['worker', working?.user ?? 'no active pool'],
        ['mac', machine.mac(true).toLowerCase()],
        ['version', machine.build],
        ...poolFields(machine),
      ],
    };
  },
};

/** By method and name. */
export const homePages: Readonly<Record<string, Page>> = {
  'GET get_minerinfo.cgi': minerInfo,
  'GET get_dashboard.cgi': dashboard,
  'GET get_auth.cgi': {
    open: true,
    run: (machine) => {
      const { salt, dna } = cookieCode(machine);
      return {
        callback: 'getAuthCallback',
        fields: [
          ['auth', salt],
          ['code', dna],
        ],
      };
    },
  },
  /** Whether somebody has logged in by QR code: once, with the parts of the cookie. */
  'GET is_login.cgi': {
    open: true,
    run: (machine) => {
      if (!machine.qrGranted) return { html: '' };
      machine.qrGranted = false;
      return {
        callback: 'getCookieCallback',
        fields: [
          ['auth', cookieCode(machine).salt],
          ['code', machine.kept.passwordHash.slice(0, 24)],
        ],
      };
    },
  },
  'POST dashboard.cgi': { run: () => shell('Dashboard', 'get_dashboard.cgi') },
  'POST poolconfig.cgi': { run: () => poolPage },
  'POST cgpools.cgi': {
    run: (machine, request) => {
      takePools(machine, request);
      return poolPage;
    },
  },
  'POST reboot.cgi': {
    run: (machine, _request, now) => {
      machine.reboot(now, 0, ASSUMED.bootByWeb);
      return { html: '' };
    },
  },
};
