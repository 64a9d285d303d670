import type { Family } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { planDoors } from './doors.ts';

const families = [{ ports: { cgminer: 4028, http: 8080 } }, { ports: { http: 80 } }] as unknown as Family[];
const host = { host: '10.0.0.5', port: null };
const short = (plans: ReturnType<typeof planDoors>) => plans.map((p) => [p.port, p.protocols.join(), p.first]);

describe('at an address without a port', () => {
  test('4028 and 80 come first, the ports of the families where something answered', () => {
    expect(short(planDoors(host, families, {}, false))).toEqual([
      [4028, 'cgminer', true],
      [80, 'http', true],
      [8080, 'http', false],
    ]);
  });

  test('everything comes first when the search is thorough', () => {
    expect(planDoors(host, families, {}, true).every(({ first }) => first)).toBe(true);
  });

  test('stand-ins come first, and may take the place of a port of a family', () => {
    const plans = planDoors(host, families, { http: [10_080] }, false);
    expect(plans.find(({ port }) => port === 10_080)).toMatchObject({
      first: true,
      standIn: true,
      protocols: ['http'],
    });
    expect(plans.find(({ port }) => port === 8080)).toMatchObject({ standIn: false });
  });
});

describe('a named port', () => {
  test('is the only one, with every protocol, the likely one first', () => {
    expect(planDoors({ ...host, port: 14_028 }, families, { http: [10_080] }, true)).toEqual([
      { port: 14_028, protocols: ['cgminer', 'http'], first: true, named: true, standIn: true },
    ]);
    expect(planDoors({ ...host, port: 80 }, families, {}, false)).toMatchObject([{ protocols: ['http', 'cgminer'] }]);
  });
});
