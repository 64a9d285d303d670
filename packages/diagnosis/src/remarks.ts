import { type Examination, seenValue } from '@headframe/model';
import { saidByDevice } from './plain-text.ts';
import { shortages } from './rules/resource-exhausted.ts';
import { stillness } from './rules/telemetry-frozen.ts';
import { firmwareChanged, shareFreshness, shareWords, signsOf } from './signs.ts';

/** A clock so far off spoils logs and schedules, s. */
const CLOCK_OFF_S = 60;

/** What is odd, and no fault of the API. */
export function remarksOn(seen: Examination): string[] {
  const signs = signsOf(seen);
  const state = seenValue(seen.state);
  const isWell = signs.failure === 'none';
  const notes: string[] = [];
  const note = (holds: boolean, text: string) => {
    if (holds) notes.push(text);
  };

  note(
    signs.excused.some(({ value }) => value.vendorCode === '45' && value.request !== 'privileged'),
    'code 45 on commands outside of stats, pools, devs, summary and version: the factory ships S17 and later so (A:0/0,W:*), and it is no fault',
  );
  note(
    signs.excused.some(({ value }) => value.vendorCode === '45' && value.request === 'privileged'),
    'our address may read and not write here, which is as it should be for a monitor',
  );
  note(isWell && state === 'paused', 'it is paused: it answers and does not hash on purpose; wake it to hash');
  note(isWell && state === 'starting', 'it is starting: empty replies are normal for the first minutes');
  note(isWell && state === 'idle', 'it is idle: it answers and does not hash; look at its pools, or whether it sleeps');
  note(
    isWell && signs.excused.some(({ value }) => value.isEmpty),
    'some of its records are empty while it does not work',
  );
  note(
    signs.cameBack,
    'it did not answer at first, and did when it was asked again: it was starting, or busy with another client',
  );
  note(
    isWell && state === 'mining' && shareFreshness(seen) === 'gone',
    `it says that it hashes, and ${shareWords(seen)}: another pool or worker, or nothing arrives there`,
  );
  note(
    isWell && signs.macIsExpected === false,
    `its MAC ${signs.mac} is not the one that is expected: its control board was exchanged, or it is another machine`,
  );
  for (const shortage of isWell ? shortages(seen) : [])
    notes.push(`${shortage}: its API will stop before long, reboot it at a good time`);
  note(
    isWell && (state === 'mining' || state === null) && stillness(seen)?.confidence === 0.3,
    'no sensor moved between the samples, which were too near to each other to tell: three samples 30 s apart would',
  );
  const changed = firmwareChanged(seen);
  if (isWell && changed !== null)
    notes.push(`its firmware was changed from ${saidByDevice(changed.before)} to ${saidByDevice(changed.now)}`);
  const skew = seenValue(seen.clockSkewS);
  if (skew !== null && Math.abs(skew) > CLOCK_OFF_S)
    notes.push(`its clock is ${Math.round(Math.abs(skew))} s ${skew > 0 ? 'ahead' : 'behind'}`);
  const session = seenValue(seen.luxosSession);
  if (session !== null)
    notes.push(
      `somebody holds its session (${saidByDevice(session)}): changes have to wait until it ends, reading does not`,
    );
  const whatsminer = seenValue(seen.whatsminer);
  note(
    whatsminer?.writes === false,
    'its write switch is off: changes want a new password and the API switched on with WhatsMinerTool, reading does not',
  );
  const doors = Object.entries(seenValue(seen.braiins) ?? {}).filter(([, is]) => is !== 'answers' && is !== 'open');
  for (const [door, is] of doors) notes.push(`of its doors ${door} is ${is}`);
  return notes;
}
