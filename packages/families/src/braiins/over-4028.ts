import { asHeadframeError, type Links, type Prepared, type ReadBack } from '@headframe/model';
import { askCommand, commandStep, first } from '@headframe/wire/cgminer';
import { chooseDoor, type DoorName, isClosed } from './doors.ts';

/*
 * What port 4028 can change, where neither gRPC nor REST is open: releases before 23.03, or both ports closed or
 * filtered. It has pause and resume of its own, and pool commands that are documented as working in part (protocols.md
 * 7.1). It knows no login.
 */

/**
 * The better door that is open, or port 4028.
 * @throws HeadframeError of the better doors where none is open at all
 */
export async function openOr4028(links: Links): Promise<DoorName | '4028'> {
  try {
    return await chooseDoor(links);
  } catch (thrown) {
    const error = asHeadframeError(thrown);
    if (isClosed(error) && links.cgminer !== undefined) return '4028';
    throw error;
  }
}

const NO_BETTER_DOOR = 'No door with a login is open to us: port 4028 is taken, which has pause and resume of its own';

/** Hashing ends and begins within a minute or so; the boards come up more slowly. */
const PAUSES: Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs'> = {
  afterMs: 5_000,
  everyMs: 5_000,
  withinMs: 120_000,
};
const RESUMES: typeof PAUSES = { afterMs: 10_000, everyMs: 10_000, withinMs: 600_000 };

/** `pause` or `resume` of port 4028. It has no word for the state: whether anything is hashed tells. */
export const pausing = (command: 'pause' | 'resume'): Prepared => ({
  notes: [NO_BETTER_DOOR],
  steps: [commandStep({ command })],
  readBack: {
    looksAt: 'MHS 5s of summary',
    ...(command === 'pause' ? PAUSES : RESUMES),
    look: async ({ cgminer, clock }) => {
      if (cgminer === undefined) return { done: false, values: {} };
      const reply = await askCommand(cgminer, clock, { id: 'summary', command: 'summary' });
      if (reply.error !== null) throw reply.error;
      const mhs = first(reply.doc, 'SUMMARY').num('MHS 5s');
      return { done: mhs !== null && mhs > 0 === (command === 'resume'), values: { mhs } };
    },
  },
});
