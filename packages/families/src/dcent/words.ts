import { type ReadBack, text } from '@headframe/model';

/** Where a range comes from, for a person. */
export const source = (command: string) => ({ source: `DCENT_OS ${command}` });

/** A name that becomes that of a file on the machine: it drops every other character. */
export const profileName = (command: string) =>
  text({
    about: 'profile by its name',
    most: 64,
    ...source(command),
    pattern: /^[A-Za-z0-9_-]+$/,
    inWords: 'letters, digits, - and _',
  });

/** Most settings go to its configuration, which its program reads when it starts. */
export const SAVED = 'it is saved, and counts when the mining program has started again (restart-miner)';

/** Nothing on port 4028 shows the configuration. */
export const NOT_SHOWN: { readonly never: string } = {
  never:
    'its API on port 4028 does not show its configuration: what it runs with is seen behind the next start of its mining program',
};

export const readBack = (
  looksAt: string,
  look: ReadBack['look'],
  times: Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs'>,
): ReadBack => ({ looksAt, ...times, look });
