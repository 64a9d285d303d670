import { asHeadframeError } from '@headframe/model';
import { plainLine } from '../shell/plain-line.ts';
import type { Done, Fixing, FixKind, FixTarget } from './fix.ts';
import { inShell } from './in-shell.ts';
import { actOrShell } from './restart-api.ts';

/** The short-term remedy of step 13. */
export const reboot: FixKind = {
  fix: 'reboot',
  needs: ['family'],
  changes: true,
  does: ({ host, ssh }) =>
    `Restarts the whole machine ${host}${ssh === undefined ? '' : ', by its API or over SSH'}. Hashing stops for the boot (about 3 min) and the ramp; settings that were not saved are lost.`,
  run: (target, fixing) => actOrShell(target, fixing, 'reboot', rebootOverSsh),
  check: {
    how: 'the API answers one read, and the machine has not been up for longer than since the reboot',
    reads: 10,
    everyMs: 30_000,
    restarts: ({ systemUptimeS, minerUptimeS }) => systemUptimeS ?? minerUptimeS,
  },
};

const rebootOverSsh = (target: FixTarget, fixing: Fixing): Promise<Done> =>
  inShell(target, fixing, async (shell) => {
    const sent = [{ shown: 'reboot', at: fixing.clock.now() }];
    try {
      const { code, err } = await shell.run('sync; reboot', { timeoutMs: 20_000 });
      if (code === 0) return { result: 'done', said: '`reboot` was run on it.', sent };
      const why = err.trim() === '' ? `status ${code ?? 'unknown'}` : plainLine(err);
      return { result: 'refused', said: `\`reboot\` was run on it, and it refused: ${why}`, sent };
    } catch (thrown) {
      const error = asHeadframeError(thrown, { address: target.host });
      // A machine that obeys does not finish the conversation.
      const isGone = error.code === 'link/reset' || error.code === 'link/timed-out-waiting';
      if (!isGone) throw error;
      return { result: 'done', said: '`reboot` was run on it, and the connection ended with it.', sent };
    }
  });
