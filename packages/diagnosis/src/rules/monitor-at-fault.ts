import { type Examination, seenValue } from '@headframe/model';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';

/** So many sockets to one miner belong to a program that does not close them. */
const MANY_SOCKETS = 8;

/** Connections that some other program of this computer holds to the API. */
function heldConnections(seen: Examination): { all: number; closeWait: number; programs: string[] } {
  const ports = new Set([seen.subject.apiPort, 4028, 4433]);
  const held = (seenValue(seen.own)?.connections ?? [])
    .map(({ state, ...rest }) => ({ ...rest, state: state.toUpperCase().replaceAll(/[^A-Z]/g, '') }))
    .filter(({ port, state }) => ports.has(port) && ['ESTAB', 'ESTABLISHED', 'CLOSEWAIT', 'SYNSENT'].includes(state))
    .filter(({ program }) => program === null || !/headframe/i.test(program));
  return {
    all: held.length,
    // Without its program it may be one of ours.
    closeWait: held.filter(({ state, program }) => state === 'CLOSEWAIT' && program !== null).length,
    programs: [...new Set(held.flatMap(({ program }) => (program === null ? [] : [program])))],
  };
}

/** Row 2: our raw request works while the monitor fails. */
export const monitorAtFault: Rule = {
  code: 'monitor.at-fault',
  title: 'The monitor is at fault: the API answers',
  needs: ['own', 'told', 'api'],
  weigh: (seen) => {
    const { failure, answered } = signsOf(seen);
    const held = heldConnections(seen);
    const isTold = seen.told.monitorSaysOffline === true;
    const isHeld = held.closeWait > 0 || held.all >= MANY_SOCKETS;
    if (!isTold && !isHeld) return null;
    if (failure !== 'none') return { ruledOut: 'our own request fails too, so the monitor is not to blame alone' };
    const who = held.programs.length === 0 ? 'a program of this computer' : held.programs.slice(0, 3).join(', ');
    const sockets = `${who} holds ${held.all} connections to it, ${held.closeWait} of them in CLOSE_WAIT`;
    return {
      confidence: isTold && isHeld ? 0.95 : isTold || held.programs.length > 0 ? 0.88 : 0.7,
      sentence: isHeld
        ? `The monitor is at fault: ${seen.subject.address} answers us in full, and ${sockets}`
        : `The monitor is at fault: it says offline, and ${seen.subject.address} answers us in full`,
      because: [...(isHeld ? [sockets] : []), ...linesOf(seen.own, answered)],
      doubts: [
        ...unseen({ 'own side': seen.own }),
        ...(isHeld && held.programs.length === 0 ? ['which program holds them could not be read'] : []),
        ...(isTold ? [] : ['nobody told that a monitor says offline']),
      ],
      wouldChange: 'A monitor that still fails after it was started again',
    };
  },
  remedy: (seen) => steps(seen, 2, 3, 1),
};
