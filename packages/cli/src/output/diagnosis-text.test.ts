import { blankExamination, type Diagnosis, type Step, type Verdict } from '@headframe/diagnosis';
import type { Examination, Look, Sight } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { diagnosisText } from './diagnosis-text.ts';

const AT = new Date(2026, 0, 5, 10, 0, 0).getTime();
const saw = <T>(value: T, line: string, command: string | null = null): Sight<T> => ({
  value,
  at: AT,
  ms: 12,
  bytes: 0,
  line,
  command,
});
const port = (number: number, is: 'refused' | 'open'): Look<'refused' | 'open'> =>
  saw(is, `${number}: ${is}`, `nc -zv 10.0.4.21 ${number}`);

const step = (text: string, more: Partial<Step> = {}): Step => ({
  step: null,
  text,
  command: null,
  fix: null,
  costs: null,
  ...more,
});

const verdict = (more: Partial<Verdict> = {}): Verdict => ({
  code: 'api.blocked',
  row: 10,
  confidence: 0.9,
  sentence: 'The API of 10.0.4.21 is blocked',
  because: ['4028 version: took the connection, 0 bytes within 3.0 s'],
  doubts: ['SSH: no login over SSH was given'],
  wouldChange: 'An answer',
  remedy: [
    step('Close every connection of our own', { fix: 'close-own-connections', command: 'ss -tn' }),
    step('Restart the mining program', { step: 12, fix: 'restart-api', costs: 'hashing stops for some minutes' }),
  ],
  ...more,
});

function diagnosis(by: Examination['subject']['by'] = 'read', more: Partial<Diagnosis> = {}): Diagnosis {
  const blank = blankExamination('antminer');
  const subject = { ...blank.subject, address: '10.0.4.21', apiPort: 4028, make: 'Bitmain', model: 'Antminer S9', by };
  const ports = { 4028: port(4028, 'open'), 22: port(22, 'refused'), 443: port(443, 'refused') };
  return {
    address: '10.0.4.21',
    urgency: 'unknown',
    sentence: 'Whether it hashes is not known. The API of 10.0.4.21 is blocked.',
    verdicts: [verdict()],
    ruledOut: [{ code: 'machine.dead', why: 'something at its address answers' }],
    remarks: ['its clock is two hours ahead'],
    notSeen: ['SSH: no login over SSH was given', 'pool: no pool account was given'],
    examination: { ...blank, subject, ports, from: AT, to: AT + 3200 },
    ...more,
  };
}

const part = (text: string, title: string): string =>
  text.split('\n\n').find((one) => one.startsWith(title)) ?? `no ${title}`;
const times = (text: string, words: string): number => text.split(words).length - 1;

describe('a diagnosis', () => {
  test('begins with who it is, and what it costs and is, and says that once', () => {
    const text = diagnosisText(diagnosis());
    expect(text).toMatch(
      /^10\.0\.4\.21 {2}Bitmain Antminer S9.*\nWhether it hashes is not known\. The API of 10\.0\.4\.21 is blocked\.\n\n/,
    );
    expect(times(text, 'is blocked')).toBe(1);
    expect(times(text, 'no login over SSH was given')).toBe(1);
  });

  test('shows each cause with its row, what speaks for it, what against it, and what would change it', () => {
    expect(part(diagnosisText(diagnosis()), ' 90 %')).toBe(
      [
        ' 90 %  api.blocked  (row 10 of the decision table)',
        '       + 4028 version: took the connection, 0 bytes within 3.0 s',
        '       - SSH: no login over SSH was given',
        '       What would change it: an answer',
      ].join('\n'),
    );
  });

  test('says the sentence of a second cause, which is not at the top', () => {
    const second = verdict({ code: 'reply.partial', row: 14, sentence: 'Its replies are cut' });
    expect(diagnosisText(diagnosis('read', { verdicts: [verdict(), second] }))).toContain(
      '       Its replies are cut.\n',
    );
  });

  test('numbers the steps of all causes, none twice, with what each costs and whether it can be done from here', () => {
    const second = verdict({ remedy: [step('Restart the mining program'), step('Call somebody')] });
    expect(part(diagnosisText(diagnosis('read', { verdicts: [verdict(), second] })), 'What to do')).toBe(
      [
        'What to do',
        '  1.* Close every connection of our own',
        '      $ ss -tn',
        '      Leaves the miner alone.',
        '  2.* Restart the mining program (step 12)',
        '      Costs: hashing stops for some minutes.',
        '  3.  Call somebody',
        '      Leaves the miner alone.',
        '  Steps marked with * can be done from here, each after a question: headframe',
        '  doctor 10.0.4.21 --fix',
      ].join('\n'),
    );
  });

  test('offers to change nothing on a machine that nobody knows', () => {
    const steps = part(diagnosisText(diagnosis('assumed')), 'What to do');
    expect(steps).toContain('  1.* Close every');
    expect(steps).toContain('  2.  Restart the');
  });

  test('says what was not looked at unless that is a doubt already', () => {
    expect(part(diagnosisText(diagnosis()), 'Not looked at')).toBe('Not looked at\n  pool: no pool account was given');
  });

  test('shows the evidence with its command, and closed ports in one row', () => {
    expect(part(diagnosisText(diagnosis()), 'Evidence').trimEnd()).toBe(
      [
        'Evidence (3 looks in 3.2 s)',
        '  10:00:00     12 ms      0 B  22, 443: refused: nothing listens',
        '            $ nmap -Pn -p 22,443 10.0.4.21',
        '  10:00:00     12 ms      0 B  4028: open',
        '            $ nc -zv 10.0.4.21 4028',
      ].join('\n'),
    );
  });

  test('that is brief ends behind the steps and the remarks', () => {
    const brief = diagnosisText(diagnosis(), 'brief');
    expect(brief).toContain('What to do\n');
    expect(brief).toMatch(/\n\nRemarks\n {2}its clock is two hours ahead\n$/);
  });

  test('hands no control characters to the terminal', () => {
    const text = diagnosisText(diagnosis('read', { remarks: ['\u001b[2J\u009bowned'] }));
    expect(text).toContain('?[2J?owned');
  });
});
