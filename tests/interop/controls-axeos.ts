import { type Control, cannot, PYASIC, PYASIC_RS, pools, restart, sleep } from './control-kinds.ts';

/*
 * Bitaxes. pyasic restarts them and sets their pool; pyasic_rs pauses those that can be paused, which came with v2.14
 * (protocols.md 6.2), and does nothing else to them; neither does anything to Nerd boards. An identify cannot be read
 * back.
 */

const gammas = (...minors: readonly number[]): string[] => minors.map((minor) => `axeos/gamma-v2.${minor}`);

const WITH_PAUSE = ['axeos/gamma-turbo', 'axeos/hex', 'axeos/supra-hex', ...gammas(14, 15)];
const WITHOUT_PAUSE = [
  ...['axeos/gamma', 'axeos/supra', 'axeos/ultra', 'axeos/max', 'axeos/gamma-duo'],
  ...gammas(4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
];
const ALL = [...WITHOUT_PAUSE, ...WITH_PAUSE];

export const AXEOS_CONTROLS: readonly Control[] = [
  restart('pyasic', ALL, 'reboot', 'reboot'),
  pools('pyasic', ALL, 'send_config', null),
  ...sleep(PYASIC, WITH_PAUSE),
  ...sleep(PYASIC_RS, WITH_PAUSE),
  ...cannot([...sleep(PYASIC, WITHOUT_PAUSE), ...sleep(PYASIC_RS, WITHOUT_PAUSE)], 'mining'),
];
