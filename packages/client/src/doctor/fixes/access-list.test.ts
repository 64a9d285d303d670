import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryFor, type WantedAccess, withOurAddress } from './access-list.ts';

const OURS: WantedAccess = { address: '10.0.4.5', access: 'W', network: false };

const STOCK = `{
"pools" : [
{
"url" : "stratum+tcp://pool.example:3333",
"user" : "acct.rig1",
"pass" : "a\\"b,}{"
}
],
"api-listen" : true,
"api-network" : false,
"api-groups" : "A:stats:pools:devs:summary:version",
"api-allow" : "A:0/0,W:*",
"bitmain-freq" : "675"
}
`;

describe('the list of addresses', () => {
  test('of the factory gets our address first, as the first that fits counts, and nothing else is different', () => {
    const changed = withOurAddress(STOCK, { ...OURS, network: true });
    expect(changed).toEqual({
      text: STOCK.replace('"A:0/0,W:*"', '"W:10.0.4.5/32,A:0/0,W:*"').replace(
        '"api-network" : false',
        '"api-network" : true',
      ),
      changes: ['api-allow "W:10.0.4.5/32,A:0/0,W:*"', 'api-network true'],
    });
  });

  test('that does not exist is made with the machine itself on it, whom a list would shut out', () => {
    expect(withOurAddress('{\n  "api-listen": true\n}', OURS)).toEqual({
      text: '{\n  "api-allow" : "W:10.0.4.5/32,W:127.0.0.1",\n  "api-listen": true\n}',
      changes: ['api-allow "W:10.0.4.5/32,W:127.0.0.1"'],
    });
  });

  test('of an empty configuration', () => {
    expect(withOurAddress('{}', OURS)).toEqual({
      text: '{"api-listen" : true,"api-allow" : "W:10.0.4.5/32,W:127.0.0.1"}',
      changes: ['api-allow "W:10.0.4.5/32,W:127.0.0.1"', 'api-listen true'],
    });
  });

  test('an API that was switched off is switched on', () => {
    expect(withOurAddress('{"api-listen":false,"api-allow":"W:10.0.4.5/32"}', OURS)).toEqual({
      text: '{"api-listen":true,"api-allow":"W:10.0.4.5/32"}',
      changes: ['api-listen true'],
    });
  });

  test('on which we are first already stays', () => {
    const text = '{"api-listen":true,"api-allow":"W:10.0.4.5/32,R:0/0"}';
    expect(withOurAddress(text, OURS)).toEqual({ text, changes: [] });
  });

  test('on which we are behind somebody else is put in order, each once', () => {
    expect(withOurAddress('{"api-listen":true,"api-allow":"R:10.0.0.0/8, W:10.0.4.5/32"}', OURS)).toMatchObject({
      changes: ['api-allow "W:10.0.4.5/32,R:10.0.0.0/8"'],
    });
  });

  test('given twice: the last counts, as with the parser of cgminer', () => {
    expect(withOurAddress('{"api-allow":"W:1.1.1.1","api-listen":true,"api-allow":"W:2.2.2.2"}', OURS)).toMatchObject({
      text: '{"api-allow":"W:1.1.1.1","api-listen":true,"api-allow":"W:10.0.4.5/32,W:2.2.2.2"}',
    });
  });

  test.each(['', 'not json', '[]', 'null', '{"api-allow": 5}', '{"a": 1,}', "{'api-allow': 'W:0/0'}"])(
    'in %j is left alone',
    (text) => {
      expect(withOurAddress(text, OURS)).toHaveProperty('problem');
    },
  );

  test('opens to one address only, whatever is asked', () => {
    for (const address of ['0/0', '0.0.0.0/0', '10.0.4.5/8', '', '10.0.4.5,0/0', 'fe80::1%eth0', '10.0.4.5"']) {
      expect(withOurAddress(STOCK, { ...OURS, address })).toHaveProperty('problem');
    }
  });

  test.each([
    ['10.0.4.5', 'W', 'W:10.0.4.5/32'],
    ['::ffff:10.0.4.5', 'R', 'R:10.0.4.5/32'],
    ['fd00::5', 'R', 'R:[fd00::5]/128'],
  ] as const)('the entry of %s to %s', (address, access, entry) => {
    expect(entryFor({ address, access })).toBe(entry);
  });

  test('of any configuration: only the lines about the API are different', () => {
    const names = fc.constantFrom('api-allow', 'api-listen', 'api-network', 'pools', 'a"b', '\\', '', '__proto__');
    const member = fc.tuple(names, fc.jsonValue());
    fc.assert(
      fc.property(fc.array(member), fc.constantFrom('', ' ', '\n', '\t'), (members, gap) => {
        const body = members.map(
          ([name, value]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(value)}${gap}`,
        );
        const text = `${gap}{${gap}${body.join(',')}}${gap}`;
        const before = JSON.parse(text);
        const changed = withOurAddress(text, OURS);
        if ('problem' in changed) {
          expect(before['api-allow'] !== undefined || Object.hasOwn(before, '__proto__')).toBe(true);
          return;
        }
        const after = JSON.parse(changed.text);
        expect(after['api-allow'].startsWith('W:10.0.4.5/32')).toBe(true);
        expect(after['api-listen']).toSatisfy((on: unknown) => on === true || on === 'true');
        for (const name of ['pools', 'a"b', '\\', '', 'api-network']) expect(after[name]).toEqual(before[name]);
      }),
      { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });

  test('of no text at all does it throw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        withOurAddress(`{${text}}`, OURS);
      }),
      { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
