import type { ExamineOptions, FixOptions, FixOutcome, FixTarget } from '@headframe/client';
import { blankExamination, type Diagnosis, type Step } from '@headframe/diagnosis';
import { type Examination, type FixName, HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { type Bedside, offerFixes } from './doctor-fix.ts';

const MAC = '02:a1:b2:c3:d4:e5';

function examination(address: string, by: Examination['subject']['by'] = 'read', family = 'antminer'): Examination {
  const blank = blankExamination(family);
  return { ...blank, subject: { ...blank.subject, address, by, family } };
}

/** A machine whose causes ask for these fixes. */
function ill(fixes: readonly FixName[], address = '10.0.4.21', by: Examination['subject']['by'] = 'read'): Diagnosis {
  const remedy = fixes.map((fix): Step => ({ step: null, text: fix, command: null, fix, costs: null }));
  const verdict = {
    code: 'api.blocked' as const,
    row: 10,
    confidence: 0.9,
    sentence: 'It is blocked',
    because: [],
    doubts: [],
    wouldChange: 'An answer',
    remedy,
  };
  return {
    address,
    urgency: 'unknown',
    sentence: 'It is blocked.',
    verdicts: [verdict],
    ruledOut: [],
    remarks: [],
    notSeen: [],
    examination: examination(address, by),
  };
}

interface Applied {
  readonly fix: FixName;
  readonly target: FixTarget;
  readonly options: FixOptions;
}

const outcomeOf = (fix: FixName, more: Partial<FixOutcome> = {}): FixOutcome => ({
  fix,
  host: '10.0.4.21',
  result: 'done',
  said: `${fix} was done.`,
  sent: [],
  answers: null,
  ...more,
});

/** A person who gives these answers, one after the other, and `null` for Ctrl-C; then no more. */
function bedside(
  answers: readonly (string | null)[],
  apply: (one: Applied) => FixOutcome | Promise<FixOutcome> = ({ fix }) => outcomeOf(fix),
) {
  const left = [...answers];
  const asked: string[] = [];
  const said: string[] = [];
  const applied: Applied[] = [];
  const examined: { address: string; options: ExamineOptions }[] = [];
  const ask = async (question: string): Promise<string> => {
    asked.push(question);
    const answer = left.shift();
    if (answer == null) throw new HeadframeError('usage/invalid', { detail: 'Nothing was answered' });
    return answer;
  };
  const double: Bedside = {
    ask,
    askSecret: ask,
    apply: async (fix, target, options) => {
      const one = { fix, target: { ...target }, options };
      applied.push(one);
      return apply(one);
    },
    examine: async (address, options = {}) => {
      examined.push({ address, options });
      return examination(address);
    },
    say: (text) => said.push(text),
    show: () => {},
  };
  return { double, asked, said, applied, examined, fixes: () => applied.map(({ fix }) => fix) };
}

const never = new AbortController().signal;
const offer = (diagnoses: readonly Diagnosis[], { double }: ReturnType<typeof bedside>, options: ExamineOptions = {}) =>
  offerFixes(diagnoses, () => options, never, double);

describe('a fix', () => {
  test('is done behind a yes alone, and says before what it interrupts and when it will have worked', async () => {
    const person = bedside(['n', '', 'y']);
    const [treated] = await offer([ill(['restart-api', 'reboot', 'wait-and-retry'])], person);
    expect(person.fixes()).toEqual(['wait-and-retry']);
    expect(person.said[0]).toMatch(
      /^restart-api: Restarts the mining program of 10\.0\.4\.21\. .*It worked when the API answers/,
    );
    expect(treated?.done).toEqual([{ fix: 'wait-and-retry', outcome: 'wait-and-retry was done.' }]);
  });

  test('is given a signal, and the ports that were seen', async () => {
    const person = bedside(['y']);
    const machine = ill(['reboot'], '10.0.4.21:14028');
    const subject = { ...machine.examination.subject, apiPort: 14_028 };
    await offer([{ ...machine, examination: { ...machine.examination, subject } }], person);
    expect(person.applied[0]?.options.signal).toBe(never);
    expect(person.applied[0]?.target).toMatchObject({ host: '10.0.4.21', ports: { cgminer: 14_028 } });
  });

  test.each<[FixName, Partial<FixOutcome>, boolean]>([
    ['reboot', {}, true],
    ['reboot', { result: 'unknown' }, true],
    ['reboot', { result: 'not-done', sent: [{ shown: 'reboot', at: 0 }] }, true],
    ['reboot', { result: 'not-done' }, false],
    ['reboot', { result: 'refused', sent: [{ shown: 'reboot', at: 0 }] }, false],
    ['close-own-connections', {}, false],
    ['wait-and-retry', {}, true],
    ['wait-and-retry', { result: 'not-done' }, false],
  ])('%s that ended as %j is looked at again: %s', async (fix, outcome, again) => {
    const person = bedside(['y'], () => outcomeOf(fix, outcome));
    await offer([ill([fix])], person);
    expect(person.examined.length > 0).toBe(again);
  });

  test('of a machine that nobody knows, or that is only remembered, is not even offered where it changes something', async () => {
    const person = bedside(['y', 'y']);
    await offer([ill(['reboot'], '10.0.4.21', 'assumed'), ill(['reboot'], '10.0.4.22', 'remembered')], person);
    expect([person.asked, person.applied]).toEqual([[], []]);
    expect(person.said.join('\n')).toContain('only remembered');
  });

  test('by a MAC that nobody knows is left out', async () => {
    const person = bedside([]);
    await offer([ill(['find-by-mac'])], person);
    expect(person.said[0]).toBe(
      'find-by-mac is left out: the MAC that the machine had is not known; --expect-mac gives it.',
    );
  });
});

describe('a login', () => {
  test('that the machine took is used for the look behind it and for all that follows', async () => {
    const login = { username: 'admin', password: 'hunter2' };
    const person = bedside(['y', 'admin', 'hunter2', 'y'], async ({ fix, options }) => {
      if (fix === 'supply-credentials') expect(await options.askCredentials?.()).toEqual(login);
      return outcomeOf(fix, fix === 'supply-credentials' ? {} : { result: 'not-done' });
    });
    // What is found anew of a machine that tells nothing asks for waiting.
    const [treated] = await offer([ill(['supply-credentials'])], person);
    expect(person.examined[0]?.options.credentials).toEqual(login);
    expect(person.fixes()).toEqual(['supply-credentials', 'wait-and-retry']);
    expect(person.applied[1]?.target.credentials).toEqual(login);
    expect(treated?.secrets).toEqual(['hunter2']);
  });

  test('that it refused is not', async () => {
    const person = bedside(['y', 'admin', 'wrong', 'y'], async ({ fix, options }) => {
      if (fix === 'supply-credentials') await options.askCredentials?.();
      return outcomeOf(fix, { result: 'refused' });
    });
    const [treated] = await offer([ill(['supply-credentials', 'reboot'])], person);
    expect(person.applied[1]?.target.credentials).toBeUndefined();
    expect(treated?.secrets).toEqual(['wrong']);
  });

  test('that turns out to be wanted is asked for, and it is done once more without another yes', async () => {
    const error = { code: 'auth/required' as const, message: 'it wants a password' };
    const person = bedside(['y', '', 'secret'], ({ fix, target }) =>
      outcomeOf(fix, target.credentials === undefined ? { result: 'refused', error } : { result: 'not-done' }),
    );
    await offer([ill(['restart-api'])], person);
    expect(person.fixes()).toEqual(['restart-api', 'restart-api']);
    expect(person.applied[1]?.target.credentials).toEqual({ username: 'root', password: 'secret' });
  });

  test('over SSH is asked for behind the yes of a fix that needs it', async () => {
    const person = bedside(['y', '', 'pw'], ({ fix }) => outcomeOf(fix, { result: 'not-done' }));
    const [treated] = await offer([ill(['allow-our-address'])], person);
    expect(person.asked).toEqual(['Do this? [y/N] ', 'User name over SSH [root]: ', 'Password: ']);
    expect(person.applied[0]?.target.ssh).toMatchObject({ credentials: { username: 'root', password: 'pw' } });
    expect(treated?.secrets).toEqual(['pw']);
  });
});

describe('what a fix wants to know besides', () => {
  test('a file is asked for behind the yes, with a name that fits', async () => {
    const person = bedside(['y', '']);
    await offer([ill(['save-configuration'])], person);
    expect(person.asked[1]).toMatch(/^File for it \[10\.0\.4\.21-\d{4}-\d\d-\d\d\.backup\]: $/);
    expect(person.applied[0]?.target.saveTo).toMatch(/^10\.0\.4\.21-\d{4}-\d\d-\d\d\.backup$/);
    const other = bedside(['y', 'mine.tar']);
    await offer([ill(['save-configuration'])], other);
    expect(other.applied[0]?.target.saveTo).toBe('mine.tar');
    const no = bedside(['n']);
    await offer([ill(['save-configuration'])], no);
    expect(no.asked).toEqual(['Do this? [y/N] ']);
  });

  test('the network of a machine that does not tell its own is asked for, and it is sent once more', async () => {
    const error = { code: 'usage/invalid' as const, message: '' };
    const person = bedside(['y', '', '10.0.4.1', ''], ({ fix, target }) =>
      outcomeOf(
        fix,
        target.network === undefined
          ? { result: 'refused', error, said: 'static needs address, netmask and gateway; nothing was sent' }
          : { result: 'not-done' },
      ),
    );
    await offer([ill(['pin-address'])], person);
    expect(person.applied[1]?.target.network).toEqual({
      netmask: '255.255.255.0',
      gateway: '10.0.4.1',
      dns: '10.0.4.1',
    });
  });

  test('a machine that was found elsewhere keeps its port and its options', async () => {
    const pool = async () => ({ notSeen: 'a double' });
    const person = bedside(['y'], ({ fix }) => outcomeOf(fix, { address: '10.0.4.77' }));
    const [treated] = await offer([ill(['find-by-mac'], '10.0.4.21:14028')], person, { expectedMac: MAC, pool });
    expect(person.examined.map(({ address }) => address)).toEqual(['10.0.4.77:14028']);
    expect(person.examined[0]?.options).toMatchObject({ expectedMac: MAC, pool });
    expect(treated?.diagnosis.address).toBe('10.0.4.77:14028');
    expect(treated?.done).toHaveLength(1);
  });

  test('a machine that is still where it was is not looked at again', async () => {
    const person = bedside(['y'], ({ fix }) => outcomeOf(fix, { address: '10.0.4.21' }));
    await offer([ill(['find-by-mac'])], person, { expectedMac: MAC });
    expect(person.examined).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  test('at a question is a no to it and to all behind it, and what was done stays', async () => {
    const person = bedside(['y', null], ({ fix }) => outcomeOf(fix, { result: 'not-done' }));
    const treated = await offer(
      [ill(['wait-and-retry', 'reboot', 'restart-api']), ill(['reboot'], '10.0.4.22')],
      person,
    );
    expect(person.fixes()).toEqual(['wait-and-retry']);
    expect(person.asked).toHaveLength(2);
    expect(treated.map(({ done }) => done.length)).toEqual([1, 0]);
    expect(treated.map(({ diagnosis }) => diagnosis.address)).toEqual(['10.0.4.21', '10.0.4.22']);
    expect(person.said.at(-1)).toBe('Stopped; nothing further is offered.');
  });

  test.each([
    ['a user name', ['y', null]],
    ['a password', ['y', 'root', null]],
  ])('at %s sends nothing', async (_, answers) => {
    const person = bedside(answers);
    await offer([ill(['allow-our-address'])], person);
    expect(person.applied).toEqual([]);
  });

  test('while something is done ends it there, and tells what came of it', async () => {
    const end = new AbortController();
    const person = bedside(['y', 'y'], ({ fix }) => {
      end.abort();
      return outcomeOf(fix, { result: 'unknown', said: 'It was sent. It was cancelled.' });
    });
    const treated = await offerFixes([ill(['reboot', 'restart-api'])], () => ({}), end.signal, person.double);
    expect(person.fixes()).toEqual(['reboot']);
    expect(person.examined).toEqual([]);
    expect(treated[0]?.done).toEqual([{ fix: 'reboot', outcome: 'It was sent. It was cancelled.' }]);
  });
});

test('of several machines each is named with what it has, and healthy ones are left alone', async () => {
  const person = bedside(['n', 'n']);
  const well: Diagnosis = { ...ill(['reboot'], '10.0.4.20'), urgency: 'healthy' };
  await offer([well, ill(['reboot']), ill(['reboot'], '10.0.4.22')], person);
  expect(person.said[0]).toBe('Machine 1 of 2, 10.0.4.21: It is blocked.');
  expect(person.said).toContain('Machine 2 of 2, 10.0.4.22: It is blocked.');
});
