import type { Commands } from './sim-command.ts';
import { COOLING_COMMANDS } from './sim-writes-cooling.ts';
import { SYSTEM_COMMANDS } from './sim-writes-system.ts';
import { TUNING_COMMANDS } from './sim-writes-tuning.ts';

/** Commands whose parameter begins with the session id (`protocols.md` 8). */
export const SESSION_COMMANDS: Commands = { ...SYSTEM_COMMANDS, ...TUNING_COMMANDS, ...COOLING_COMMANDS };
