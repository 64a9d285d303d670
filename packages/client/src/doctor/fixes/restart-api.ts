import { HeadframeError } from '@headframe/model';
import { byAction, doneOf } from './by-action.ts';
import type { Done, Fixing, FixKind, FixTarget } from './fix.ts';
import { findRestart, inShell, restartBy } from './in-shell.ts';
import { minerOf, readOnce } from './one-read.ts';

/** Step 12. In the cgminer family the API is a thread of the miner: hashing stops with it (protocols.md 11). */
export const restartApi: FixKind = {
  fix: 'restart-api',
  needs: ['family'],
  changes: true,
  does: ({ host, ssh }) =>
    `Restarts the mining program of ${host}${ssh === undefined ? '' : ', by its API or over SSH'}. Its API is a part of that program on most machines: hashing stops until it has started again, some minutes with the ramp.`,
  run: (target, fixing) => actOrShell(target, fixing, 'restartMiner', restartOverSsh),
  check: {
    how: 'the API answers one read, and the mining program has not been up for longer than since the restart',
    reads: 8,
    everyMs: 30_000,
    restarts: ({ minerUptimeS }) => minerUptimeS,
  },
};

/**
 * By the machine's own action where it has one and answers; else over SSH where a login was given. An API that hangs is
 * not asked to restart itself: whether it obeyed would not be known.
 */
export async function actOrShell(
  target: FixTarget,
  fixing: Fixing,
  name: 'restartMiner' | 'reboot',
  overSsh: (target: FixTarget, fixing: Fixing) => Promise<Done>,
): Promise<Done> {
  const miner = minerOf(target, fixing);
  if (miner === null) throw new HeadframeError('support/unknown-device', { address: target.host });
  const answers = !((await readOnce(target, fixing, miner)) instanceof HeadframeError);
  if (!answers && target.ssh !== undefined) return overSsh(target, fixing);
  const outcome = await byAction(miner, name);
  // Where its API may not, the login that a person gave may: such as behind the factory's list of addresses.
  const mayNot = outcome?.result === 'refused' && target.ssh !== undefined;
  if (outcome !== null && !mayNot) return doneOf(WHAT[name], outcome);
  if (target.ssh !== undefined) return overSsh(target, fixing);
  const lacks = miner.capabilities.find((one) => one.name === name)?.lacks ?? 'its firmware has nothing like it';
  throw new HeadframeError('support/unsupported', {
    address: target.host,
    request: WHAT[name],
    detail: lacks,
    next: 'With a login over SSH it can be done there.',
  });
}

const WHAT = { restartMiner: 'the restart of the mining program', reboot: 'the reboot' } as const;

const restartOverSsh = (target: FixTarget, fixing: Fixing): Promise<Done> =>
  inShell(target, fixing, async (shell) => {
    const command = await findRestart(shell, target.family);
    if (command === null) {
      const said =
        'No command that restarts its mining program was found on it; nothing was done. A reboot does the same.';
      return { result: 'not-done', said, sent: [] };
    }
    const sent = [{ shown: command, at: fixing.clock.now() }];
    const code = await restartBy(shell, command);
    if (code === 0) return { result: 'done', said: `\`${command}\` was run on it.`, sent };
    const said = `\`${command}\` was run on it and ended with status ${code ?? 'unknown'}: it may or may not have restarted.`;
    return { result: 'unknown', said, sent };
  });
