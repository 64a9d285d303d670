import { readFileSync } from 'node:fs';
import { RULES, STEPS, type StepNumber, step, VERDICT_MEANINGS, VERDICTS } from '@headframe/diagnosis';
import { describe, expect, test } from 'vitest';
import { as, examination } from '../packages/diagnosis/src/examination.testing.ts';
import { sharedPath } from './shared.ts';

/*
 * The decision table (protocols.md 12), read as it is: each of its rows is a verdict with this number, each of the 18 steps
 * is where it is placed, and what the table says of costs is what the steps say.
 */

const of = (family: string) => examination({ subject: as(family) });
const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

const PROTOCOLS = sharedPath('protocols.md');

describe.skipIf(PROTOCOLS === null)('the decision table', () => {
  const all = PROTOCOLS === null ? '' : readFileSync(PROTOCOLS, 'utf8');
  const section = all.slice(all.indexOf('\n## 12. '), all.indexOf('\n## 13. '));
  const rows = new Map(
    [...section.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, row, cells = '']) => [
      Number(row),
      cells.split(/(?<!\\) \| /),
    ]),
  );
  const codeOf = (row: number) => Object.entries(VERDICTS).find(([, of]) => of === row)?.[0] ?? '';

  /** Words of each row's evidence or cause, which the meaning of its verdict has too. */
  const WORDS: [row: number, inTable: string, inMeaning: string][] = [
    [1, 'telemetry fault only', 'only its telemetry is missing'],
    [2, 'monitor fails', 'monitor is at fault'],
    [3, 'DHCP lease moved', 'DHCP gave it a new one'],
    [4, 'old IP now belongs to something else', 'belongs to another device now'],
    [5, 'local firewall, antivirus, VPN, MDM', 'a firewall, an antivirus, a VPN or a managed profile'],
    [6, 'IDS/IPS or VLAN rule', 'an IDS/IPS or a rule between two VLANs'],
    [7, 'daemon not listening', 'nothing listens'],
    [8, 'closed at once with 0 bytes', 'closed at once, after 0 bytes'],
    [9, 'factory group ACL', 'list of the factory'],
    [10, 'no reply, no close', 'neither a byte nor an end follows'],
    [11, '60-96 h', 'every 60-96 h'],
    [12, 'worked for 60+ days', 'more than 60 days'],
    [13, 'worked until a firmware update', 'until its firmware changed'],
    [14, 'empty or cut', 'others empty or cut'],
    [15, 'HTTP 401 or 403', 'HTTP 401 or 403'],
    [16, 'curl (7) refused', 'curl: (7) Failed to connect'],
    [17, 'curl (28) timeout', 'curl: (28) Operation timed out'],
    [18, 'frozen while Elapsed grows', 'its clock grows, and HW%, temperatures and fans do not move'],
    [19, 'all dead and POOL stale', 'are all dead, and the pool has had no share'],
    [20, 'UART at 115200 baud silent', '115200 baud is silent'],
    [21, 'repair shipment', 'belongs on a bench'],
  ];

  test('has 21 rows, of each of which one verdict has the number', () => {
    expect([...rows.keys()]).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    for (const row of rows.keys()) expect(Object.values(VERDICTS).filter((of) => of === row)).toHaveLength(1);
    expect(RULES.map(({ code }) => code).toSorted()).toEqual(Object.keys(VERDICTS).toSorted());
  });

  test.each(WORDS)('row %i, %s: so is its verdict', (row, inTable, inMeaning) => {
    expect(rows.get(row)?.join(' | ')).toContain(inTable);
    const { meaning, evidence } = VERDICT_MEANINGS[codeOf(row) as keyof typeof VERDICTS];
    expect(`${meaning} ${evidence}`).toContain(inMeaning);
  });

  /** `1 in row 1, … 6 in 3-4, … 16 and 17 in 20`. */
  function placesIn(sentence: string): Map<number, number[]> {
    const places = sentence.matchAll(/(\d+)(?: and (\d+))? in (?:row )?(\d+)(?:-(\d+))?/g);
    return new Map(
      [...places].flatMap(([, one, other, from, to = from]) =>
        [one, other].flatMap((number): [number, number[]][] =>
          number === undefined ? [] : [[Number(number), [Number(from), Number(to)]]],
        ),
      ),
    );
  }

  test('places all 18 steps, and each is in the remedy of a verdict of such a row', () => {
    const places = placesIn(/All 18 steps are placed: ([^\n]+)/.exec(section)?.[1] ?? '');
    expect(sorted(places.keys())).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    for (const [number, [least = 0, most = 0]] of places) {
      const placed = STEPS[number as StepNumber].rows;
      expect(
        placed.some((row) => row >= least && row <= most),
        `step ${number} in rows ${placed}, as the table has ${least}-${most}`,
      ).toBe(true);
      const remedies = RULES.filter(({ code }) => (VERDICTS[code] ?? 0) >= least && (VERDICTS[code] ?? 0) <= most);
      const shown = remedies.flatMap(({ remedy }) => remedy(of('antminer')).map(({ step: from }) => from));
      expect(shown, `step ${number}`).toContain(number);
    }
  });

  test('says which steps leave the miner alone: these cost nothing, and all others say what they do', () => {
    const costs = /\*\*Cost of the steps\*\*[^\n]*/.exec(section)?.[0] ?? '';
    const free = /: ((?:\d+, )+\d+) and the looking in 13 leave the miner alone/.exec(costs)?.[1] ?? '';
    expect(free).toBe('1, 2, 3, 4, 6, 7, 8, 15');
    for (const { step: number } of Object.values(STEPS)) {
      const isFree = free.split(', ').includes(String(number));
      expect(step(number, of('antminer')).costs === null, `step ${number}`).toBe(isFree);
    }
    expect(costs).toContain('5 stops hashing for the 30 s off, the boot (wait 3 min) and the ramp.');
    expect(step(5, of('antminer')).costs).toContain('the 30 s off, the boot (wait 3 min) and the ramp');
    expect(costs).toContain("9 at least drops the pool connection; WhatsMiner's net_config restarts the unit.");
    expect(step(9, of('antminer')).costs).toContain('drops the connection to its pool');
    expect(step(9, of('whatsminer')).costs).toContain('the unit restarts');
    expect(costs).toContain('save the pool configuration first');
    for (const number of [10, 14] as const)
      expect(step(number, of('antminer')).text).toMatch(/^Save the pool configuration first\./);
  });
});
