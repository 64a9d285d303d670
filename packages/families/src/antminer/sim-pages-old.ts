import type { ApiServer } from '@headframe/wire/cgminer-server';
import { API_GROUPS, unicode } from './sim-config.ts';
import { printed } from './sim-documents.ts';
import { NO_PROGRAM, networkInfo, type PageContext, type Script, type Scripts, systemInfo } from './sim-page.ts';
import type { MinerState, PoolState } from './sim-state.ts';
import { shortened, since } from './sim-text.ts';
import type { AntminerUnit } from './sim-unit.ts';

/* The scripts of the older web page that only read (protocols.md 2.4). */

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);

/** A reply of port 4028 without its NULs: its bytes as they are, missing commas included. */
const asked = (api: ApiServer, request: string, now: number): Uint8Array =>
  api.answer(bytesOf(request), '127.0.0.1', now).bytes.filter((byte) => byte !== 0);

const passedOn =
  (command: string): Script =>
  ({ unit, api }, _, now) =>
    unit.programRuns(now) ? asked(api(), JSON.stringify({ command }), now) : NO_PROGRAM;

/** Which three, and in which order, is assumed. */
function statusApi({ unit, api }: PageContext, _: unknown, now: number): string | Uint8Array {
  if (!unit.programRuns(now)) return NO_PROGRAM;
  const replies = ['summary', 'pools', 'stats'].flatMap((command) => [...asked(api(), command, now)]);
  return Uint8Array.from(replies);
}

/**
 * The configuration file as it stands, written by the page's script with `echo`: nothing is escaped. Only the fields of
 * the generation are in it: the S9 has no work mode.
 */
export function configFile({ config, model }: AntminerUnit): string {
  const pools = config.pools.map(
    ({ url, user, pass }) => `{\n"url" : "${url}",\n"user" : "${user}",\n"pass" : "${pass}"\n}`,
  );
  return [
    '{',
    `"pools" : [\n${pools.join(',\n')}\n]`,
    ',',
    '"api-listen" : true,',
    '"api-network" : true,',
    `"api-groups" : "${API_GROUPS}",`,
    `"api-allow" : "${config.allow}",`,
    ...(config.noBeeper ? ['"bitmain-nobeeper" : true,'] : []),
    ...(config.noTempOverCtrl ? ['"bitmain-notempoverctrl" : true,'] : []),
    ...(config.fanCtrl ? ['"bitmain-fan-ctrl" : true,', `"bitmain-fan-pwm" : "${config.fanPwm}",`] : []),
    '"bitmain-use-vil" : true,',
    ...(model.generation === 'bc50' ? [] : [`"bitmain-work-mode" : "${config.workMode}",`]),
    `"bitmain-freq" : "${config.frequency}",`,
    `"bitmain-voltage" : "${config.voltage}"`,
    '}',
    '',
  ].join('\n');
}

const sum = (state: MinerState, of: (pool: PoolState) => number): number =>
  state.pools.reduce((all, pool) => all + of(pool), 0);

/** The names within `summary`, in their order (protocols.md 2.4). */
const SUMMARY_NAMES = [
  ...['elapsed', 'ghs5s', 'ghsav', 'foundblocks', 'getworks', 'accepted', 'rejected', 'hw', 'utility', 'discarded'],
  ...['stale', 'localwork', 'wu', 'diffa', 'diffr', 'diffs', 'bestshare'],
];

/** All values are strings, and zeros while the mining program is down. Names within pools and devs are assumed. */
function minerStatus({ unit }: PageContext, _: unknown, now: number): string {
  const zeros = Object.fromEntries(SUMMARY_NAMES.map((name) => [name, '0']));
  if (!unit.programRuns(now)) return printed({ summary: zeros, pools: [], devs: [] });
  const state = unit.stateAt(now);
  const { model } = unit;
  const minutes = Math.max(1, state.elapsed) / 60;
  const accepted = sum(state, (pool) => pool.accepted);
  const difficulty = (of: 'accepted' | 'rejected' | 'stale') => sum(state, (pool) => pool[of] * pool.difficulty);
  const summary = {
    ...zeros,
    elapsed: state.elapsed,
    ghs5s: (state.rate5s / model.unit.hs).toFixed(2),
    ghsav: (state.rateAverage / model.unit.hs).toFixed(2),
    getworks: Math.floor(state.elapsed / 30),
    accepted,
    rejected: sum(state, (pool) => pool.rejected),
    hw: state.boards.reduce((all, board) => all + board.errors, 0),
    utility: (accepted / minutes).toFixed(2),
    stale: sum(state, (pool) => pool.stale),
    diffa: difficulty('accepted').toFixed(8),
    diffr: difficulty('rejected').toFixed(8),
    diffs: difficulty('stale').toFixed(8),
    bestshare: Math.max(0, ...state.pools.map((pool) => pool.best)),
  };
  return printed({
    summary: asStrings(summary),
    pools: state.pools.map((pool, index) =>
      asStrings({
        index,
        url: unicode(pool.url),
        user: unicode(pool.user),
        status: pool.enabled === false ? 'Disabled' : pool.alive ? 'Alive' : 'Dead',
        priority: pool.priority ?? index,
        accepted: pool.accepted,
        rejected: pool.rejected,
        stale: pool.stale,
        diff: index === state.currentPool ? shortened(pool.difficulty) : '',
        lstime: since(pool.lastShare),
      }),
    ),
    devs: state.boards.flatMap((board, i) =>
      board.found
        ? [
            asStrings({
              index: model.chains[i] ?? i,
              chain_acn: model.chipsPerBoard,
              freqavg: state.frequencyMHz ?? model.frequencyMHz,
              rate: (board.rate / model.unit.hs).toFixed(2),
              hw: board.errors,
              temp: Math.max(...board.pcb),
              temp2: Math.max(...board.pcb) + 5,
            }),
          ]
        : [],
    ),
  });
}

const asStrings = (values: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

export const OLD_READS: Scripts = {
  get_system_info: ({ unit }, request, now) =>
    printed({
      ...systemInfo(unit, request),
      curtime: new Date(now).toISOString().slice(11, 19),
      uptime: '1',
      loadaverage: '0.91, 0.87, 0.86',
      mem_total: '233120',
      mem_used: '63108',
      mem_free: '170012',
      mem_buffers: '0',
      mem_cached: '28404',
      system_mode: 'GNU/Linux',
      ant_hwv: '16.8.1.3',
      system_kernel_version: 'Linux 3.14.0-xilinx #57 SMP PREEMPT',
      system_filesystem_version: unit.firmware.version,
      cgminer_version: unit.model.minerVersion,
    }),
  get_network_info: ({ unit }, request) => printed(networkInfo(unit, request)),
  get_miner_conf: ({ unit }) => bytesOf(configFile(unit)),
  miner_summary: passedOn('summary'),
  miner_stats: passedOn('stats'),
  miner_pools: passedOn('pools'),
  get_status_api: statusApi,
  get_miner_status: minerStatus,
  get_kernel_log: ({ unit }, _, now) => lines(unit.logLines(now)),
  monitor: ({ unit }, _, now) =>
    lines([
      'Mem: 63108K used, 170012K free, 0K shrd, 0K buff, 28404K cached',
      'CPU:   4% usr   2% sys   0% nic  93% idle   0% io   0% irq   0% sirq',
      '  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND',
      ...(unit.programRuns(now) ? ['  812     1 root     S     136m  60%   4% bmminer --version-file /usr/bin'] : []),
      '  640     1 root     S     4108   2%   0% /usr/sbin/lighttpd -f /etc/lighttpd.conf',
    ]),
  // The form of both backups is assumed: on the machine they are archives.
  create_conf_backup: ({ unit }) => bytesOf(configFile(unit)),
  create_log_backup: ({ unit }, _, now) => lines(unit.logLines(now)),
};
