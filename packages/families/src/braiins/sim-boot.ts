import type { BraiinsMachine } from './sim-machine.ts';
import type { GroupSetting } from './sim-state.ts';

/** A pool that never answers, where the machine has one: the first of its factory groups. */
const FIRST_POOL = 'stratum+tcp://pool.example.com:3333';

export const isDeadPool = ({ has }: Pick<BraiinsMachine, 'has'>, url: string): boolean =>
  has('dead-pool') && url === FIRST_POOL;

/** The pools that somebody gave it before it was asked first: one group with a pool to fall back to. */
export function firstGroups(machine: BraiinsMachine): readonly GroupSetting[] {
  const model = machine.plan.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const user = `account.${model}-${1 + (machine.key('worker') % 999)}`;
  const pool = (url: string) => ({ uid: machine.newUid(), url, user, password: 'x', enabled: true });
  return [
    {
      uid: machine.newUid(),
      name: 'Default',
      strategy: { kind: 'quota', value: 1 },
      pools: [pool(FIRST_POOL), pool('stratum+tcp://backup.example.com:3333')],
    },
  ];
}

/** What its logs and its list of errors say of a start. */
export function noteBoot({ journal, plan, has, release, active }: BraiinsMachine, at: number): void {
  journal.note(at, 'dmesg', `Linux version ${plan.kernel} (builder@localhost)`);
  journal.note(at + 4000, 'syslog', 'daemon.info procd: - init complete -');
  journal.note(at + 20_000, 'boser', `INFO ${release.boser} listening on 0.0.0.0:50051`);
  journal.note(at + 22_000, 'monitor', 'INFO monitor started');
  const minerAt = at + 40_000;
  journal.note(minerAt, 'bosminer', `INFO BOSminer ${release.firmware} on ${plan.name}`);
  for (const [board, id] of plan.boardIds.entries()) {
    if (has('dead-board') && board === plan.boardIds.length - 1) {
      journal.error({
        at: minerAt + 5000,
        message: `Hashboard ${id} was not detected`,
        codes: [{ code: 'HB-0001', reason: 'Hashboard does not answer', hint: 'Check the cables of the hashboard' }],
        components: [{ name: 'hashboard', index: Number(id) }],
      });
    } else journal.note(minerAt + 5000, 'bosminer', `INFO hashboard ${id}: ${plan.chips} chips`);
  }
  if (has('stalled-fan')) {
    journal.error({
      at: minerAt + 6000,
      message: 'Fan 0 does not turn',
      codes: [{ code: 'FAN-0001', reason: 'No speed is measured', hint: 'Check the fan and its cable' }],
      components: [{ name: 'fan', index: 0 }],
    });
  }
  for (const { url } of active.groups.flatMap(({ pools }) => pools)) {
    const [, host = '', port = ''] = /^[^/]*\/\/([^:/]+):(\d+)/.exec(url) ?? [];
    // Text of the captured S19 XP.
    const message = `Failed to resolve ("${host}", ${port})`;
    if (isDeadPool({ has }, url)) journal.error({ at: minerAt + 8000, message, codes: [], components: [] });
    else journal.note(minerAt + 8000, 'bosminer', `INFO connected to ${host}:${port}`);
  }
}
