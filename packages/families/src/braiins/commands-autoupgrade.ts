import { type Action, choice, flag, integer, optional, text } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import type { Doc } from './door-methods.ts';
import { APPLIED, invalid, matching, seen } from './looks.ts';
import { say, through } from './through.ts';

/* Upgrades by themselves: whether, and when (UpgradeService, protocols.md 7.2). */

const source = 'BraiinsOS UpgradeService.UpdateAutoUpgradeConfig';

/** DayOfWeek. */
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

interface Schedule {
  readonly schedule?: 'daily' | 'weekly' | 'monthly' | undefined;
  readonly time?: string | undefined;
  readonly dayOfWeek?: (typeof DAYS)[number] | undefined;
  readonly dayOfMonth?: number | undefined;
}

/** Undefined: the one that is set stays. @throws HeadframeError `usage/invalid` for one that is half given */
function scheduleDoc({ schedule, time, dayOfWeek, dayOfMonth }: Schedule): Doc | undefined {
  if (schedule === undefined) {
    if ([time, dayOfWeek, dayOfMonth].every((one) => one === undefined)) return undefined;
    throw invalid('braiins.updateautoupgradeconfig: time and day go with a schedule');
  }
  if (time === undefined) throw invalid(`braiins.updateautoupgradeconfig: ${schedule} needs time`);
  if (
    (schedule === 'weekly') !== (dayOfWeek !== undefined) ||
    (schedule === 'monthly') !== (dayOfMonth !== undefined)
  ) {
    throw invalid('braiins.updateautoupgradeconfig: weekly needs dayOfWeek, monthly dayOfMonth, and daily neither');
  }
  const [hours, minutes] = time.split(':').map(Number);
  return {
    schedule_type: {
      [schedule]: {
        ...(dayOfWeek === undefined ? {} : { day_of_week: DAYS.indexOf(dayOfWeek) + 1 }),
        ...(dayOfMonth === undefined ? {} : { day_of_month: dayOfMonth }),
        time: { hours, minutes },
      },
    },
  };
}

/** In the words of the parameters. */
function autoUpgradeIn(status: Fields) {
  const type = status.sub('schedule').sub('schedule_type');
  const schedule = (['daily', 'weekly', 'monthly'] as const).find(
    (one) => typeof type.raw(one) === 'object' && type.raw(one),
  );
  const at = type.sub(schedule ?? '');
  const time = at.sub('time');
  const two = (name: string): string => String(time.int(name) ?? 0).padStart(2, '0');
  const day = at.int('day_of_week');
  return {
    // A message leaves a false out.
    on: status.bool('enabled') ?? false,
    schedule: schedule ?? null,
    time: schedule === undefined ? null : `${two('hours')}:${two('minutes')}`,
    dayOfWeek: day === null ? null : (DAYS[day - 1] ?? null),
    dayOfMonth: at.int('day_of_month'),
  };
}

const updateautoupgradeconfig = through(
  {
    on: flag({ about: 'whether it upgrades by itself', source }),
    schedule: optional(choice(['daily', 'weekly', 'monthly'], { about: 'how often; as it is if left out', source })),
    time: optional(
      text({
        about: 'time of day, such as 03:30',
        most: 5,
        source,
        pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
        inWords: 'HH:MM',
      }),
    ),
    dayOfWeek: optional(choice(DAYS, { about: 'day of the week', source })),
    dayOfMonth: optional(integer({ about: 'day of the month', min: 1, max: 28, source })),
  },
  async (machine, { on, ...given }) => {
    const schedule = scheduleDoc(given);
    // What happens to the schedule where none is told is documented nowhere: the one that is set is told again.
    const present = (await machine.ask('GetAutoUpgradeStatus')).raw('schedule');
    const told = schedule ?? (typeof present === 'object' && present !== null ? (present as Doc) : undefined);
    const message = { enabled: on, ...(told === undefined ? {} : { schedule: told }) };
    const wanted = Object.fromEntries(
      Object.entries({ on, ...given }).filter(([, value]) => value !== undefined),
    ) as Record<string, string | number | boolean>;
    return {
      steps: [say(machine, 'UpdateAutoUpgradeConfig', message)],
      readBack: seen(
        machine,
        'GetAutoUpgradeStatus',
        async (now) => matching(autoUpgradeIn(await now.ask('GetAutoUpgradeStatus')), wanted),
        APPLIED,
      ),
    };
  },
  { does: 'Switches upgrades by themselves on or off, and sets when', hashing: 'unchanged' },
);

export const ownAutoUpgradeCommands: Readonly<Record<string, Action>> = { updateautoupgradeconfig };
