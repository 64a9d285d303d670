import type { Action } from '@headframe/model';
import {
  atmset,
  autotunerset,
  immersionswitch,
  powertargetset,
  tunableswitch,
  tunerswitch,
} from './commands-automatic.ts';
import { fanset, tempctrlset } from './commands-cooling.ts';
import { addgroup, addpool, groupquota, removegroup } from './commands-groups.ts';
import { curtail, frequencystop, rebootBoard } from './commands-power.ts';
import { profilenew, profilerem, profilerestore } from './commands-profiles.ts';
import { settingsActions } from './commands-settings.ts';
import { profileset } from './commands-tuning.ts';
import { healthchipset, healthctrlset, kill, ledset, uninstallluxos, updaterun } from './commands-unit.ts';

/**
 * What LuxOS has beyond the common vocabulary, under its own words (protocols.md 8). `profileget` and the other reads
 * are reached with `headframe api`.
 */
export const OWN: Readonly<Record<string, Action>> = {
  addpool,
  addgroup,
  removegroup,
  groupquota,
  atmset,
  autotunerset,
  curtail,
  fanset,
  frequencystop,
  healthchipset,
  healthctrlset,
  immersionswitch,
  kill,
  ledset,
  powertargetset,
  profilenew,
  profilerem,
  profilerestore,
  profileset,
  reboot: rebootBoard,
  tempctrlset,
  tunableswitch,
  tunerswitch,
  uninstallluxos,
  updaterun,
  ...settingsActions,
};
