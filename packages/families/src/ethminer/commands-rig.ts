import { type Action, action, HeadframeError, type Prepared } from '@headframe/model';
import { shows, tell, tellStats } from './looks.ts';
import { listLength } from './stats.ts';
import { callStep } from './steps.ts';

/**
 * A restart starts neither the program nor its clock anew: it shows by the rate, which is gone while the DAG is built,
 * and by the lists of miner_getstat1, which are longer afterwards (protocols.md 5.5, transcripts).
 */
export const restartMiner: Action = action(
  {},
  async (links): Promise<Prepared> => {
    const lists = listLength((await tell(links, 'miner_getstat1')).doc);
    const { hashrateHs } = await tellStats(links);
    return {
      notes: ['The DAG is built anew on every GPU; the connection to the pool is kept'],
      steps: [callStep(links, { method: 'miner_restart', inEvery: true })],
      readBack: shows(
        'hashrate, and the lists of miner_getstat1',
        async (again) => {
          const now = listLength((await tell(again, 'miner_getstat1')).doc);
          const stats = await tellStats(again);
          const stopped = hashrateHs !== null && hashrateHs > 0 && stats.hashrateHs === 0;
          return { done: now > lists || stopped, values: { hashrateHs: stats.hashrateHs } };
        },
        60_000,
      ),
    };
  },
  { takes: 'about a minute, until the DAG is there' },
);

const NO_SCRIPT = 'no reboot script that can be run lies beside ethminer (reboot.sh, on Windows reboot.bat)';

export const reboot: Action = action(
  {},
  (links): Prepared => ({
    notes: ['ethminer starts the script reboot.sh (Windows: reboot.bat) beside it; it mines on, whatever that does'],
    steps: [
      callStep(links, {
        method: 'miner_reboot',
        inEvery: true,
        judge: (result) => {
          if (result !== false) return null;
          const context = { request: 'miner_reboot', vendorText: 'false', detail: NO_SCRIPT };
          throw new HeadframeError('support/unsupported', context);
        },
      }),
    ],
    readBack: { never: 'true means that its reboot script was started; what the script does is not known' },
  }),
  { takes: 'as long as its script and the rig take' },
);
