import { type Action, action, HeadframeError, number, type ReadBack } from '@headframe/model';
import { askDocument } from '@headframe/wire/cgminer';
import { readBack } from './ask.ts';
import { profilesIn } from './profiles.ts';
import { inSession, sessionStep } from './session.ts';
import { source, word } from './words.ts';

/*
 * Profiles of one's own (protocols.md 8).
 */

/** The names that `profiles` lists, and what is asked of them. */
const profilesShow = (looksAt: string, isDone: (of: ReturnType<typeof profilesIn>) => boolean): ReadBack =>
  readBack(looksAt, async (links) => {
    const list = profilesIn(await askDocument(links, 'profiles'));
    return { done: list.length > 0 && isDone(list), values: { profiles: list.map(({ name }) => name) } };
  });

const profileName = (command: string) => word('name of the profile', command);

export const profilenew: Action = action(
  {
    profile: profileName('profilenew'),
    frequencyMHz: number({ about: 'clock', unit: 'MHz', min: 1, max: 2_000, ...source('profilenew') }),
    voltageV: number({ about: 'voltage', unit: 'V', min: 0.1, max: 30, ...source('profilenew') }),
  },
  (_, { profile, frequencyMHz, voltageV }) =>
    inSession(
      [sessionStep('profilenew', [profile, frequencyMHz, voltageV])],
      profilesShow('profiles', (list) => list.some(({ name }) => name === profile)),
    ),
  { does: 'Makes a profile of your own' },
);

const onProfile = (
  command: string,
  notes: { readonly does: string; readonly lasting?: string },
  isDone: (list: ReturnType<typeof profilesIn>, name: string) => boolean,
): Action =>
  action(
    { profile: profileName(command) },
    async (links, { profile }) => {
      const names = profilesIn(await askDocument(links, 'profiles')).map(({ name }) => name);
      if (!names.includes(profile)) {
        const detail = `This machine has no profile "${profile}" (it has: ${names.join(', ') || 'none'}); nothing was sent`;
        throw new HeadframeError('usage/invalid', { detail });
      }
      return inSession(
        [sessionStep(command, [profile])],
        profilesShow('profiles', (list) => isDone(list, profile)),
      );
    },
    notes,
  );

export const profilerem = onProfile(
  'profilerem',
  { does: 'Removes a profile of your own', lasting: 'it is gone' },
  (list, name) => list.every((one) => one.name !== name),
);

export const profilerestore = onProfile(
  'profilerestore',
  { does: 'Puts a changed profile back to what it was made as', lasting: 'what was changed is gone' },
  (list, name) => list.some((one) => one.name === name && one.hasOverrides === false),
);
