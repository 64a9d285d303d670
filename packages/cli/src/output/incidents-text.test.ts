import type { Incident, Step } from '@headframe/diagnosis';
import { describe, expect, test } from 'vitest';
import { incidentsText } from './incidents-text.ts';

const step = (text: string, more: Partial<Step> = {}): Step => ({
  step: 12,
  text,
  command: null,
  fix: null,
  costs: null,
  ...more,
});

/** So many machines with the same cause, of which the text reads nothing but their addresses. */
const incident = (count: number, more: Partial<Incident> = {}): Incident => ({
  kind: 'cause',
  code: 'api.blocked',
  urgency: 'hashing-but-deaf',
  sentence: 'The API is blocked by an idle client, or stuck (3 machines); all of them hash, which costs nothing yet.',
  addresses: ['10.0.4.7-9'],
  remedy: [step('Find who holds a connection. Then stop it', { command: 'ss -tn' }), step('Restart it')],
  diagnoses: Array.from({ length: count }, (_, i) => ({
    address: `10.0.4.${7 + i}`,
  })) as unknown as Incident['diagnoses'],
  ...more,
});

const dead = incident(40, {
  code: 'machine.dead',
  urgency: 'dead',
  sentence: 'Nothing of all 40 machines of 10.0.5.0/24 answers; none of them hashes, which costs money.',
  addresses: ['10.0.5.1-40'],
  remedy: [step('Look at the switch')],
});

describe('what happened on a farm', () => {
  test('begins with how many are well and what the causes cost', () => {
    expect(incidentsText([dead, incident(3)], 1043).split('\n\n')[0]).toBe(
      '1,043 machines examined: 1,000 healthy, 2 causes (1 costs money, 1 costs nothing\nyet).',
    );
    expect(incidentsText([incident(1, { urgency: 'unknown' })], 1)).toMatch(
      /^1 machine examined: none healthy, 1 cause \(1 may cost money\)\.\n\nMAY COST MONEY {2}api\.blocked\n/,
    );
  });

  test('of which nothing is ill, or which is empty, is one line', () => {
    expect(incidentsText([], 12)).toBe('12 machines examined: all are healthy.\n');
    expect(incidentsText([], 1)).toBe('1 machine examined: it is healthy.\n');
    expect(incidentsText([], 0)).toBe('0 machines examined.\n');
  });

  test('says of each cause what it costs, where it is, what to do first and how to see the rest', () => {
    expect(
      incidentsText([incident(3)], 3)
        .split('\n')
        .slice(2),
    ).toEqual([
      'costs nothing yet  api.blocked',
      '  The API is blocked by an idle client, or stuck (3 machines); all of them hash,',
      '  which costs nothing yet.',
      '  At: 10.0.4.7-9',
      '  Do: Find who holds a connection',
      '      $ ss -tn',
      '  1 further step: headframe doctor 10.0.4.7',
      '',
    ]);
    expect(incidentsText([dead], 40)).toContain('COSTS MONEY  machine.dead\n');
    expect(incidentsText([dead], 40)).toContain('  Do: Look at the switch\n  All: headframe doctor 10.0.4.7\n');
  });

  test('names twelve ranges and counts the others', () => {
    const addresses = Array.from({ length: 15 }, (_, i) => `10.0.${i}.1-9`);
    const text = incidentsText([incident(135, { addresses })], 135);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('10.0.11.1-9 and 3 further ranges');
    expect(text).not.toContain('10.0.12.1');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('hands no control characters to the terminal', () => {
    const addresses = ['rig\u001b[31m'];
    expect(incidentsText([incident(1, { addresses })], 1)).toContain('rig?[31m');
  });
});
