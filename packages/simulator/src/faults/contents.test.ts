import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Frozen, inDocuments, withoutRecords } from './contents.ts';
import { jsonSpots, withSpots } from './json-scan.ts';

const runs = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);

const frame = (text: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};

describe('where values stand in JSON', () => {
  test('each has its path, behind a missing comma too', () => {
    const text = '{"STATS":[{"a":1}{"b":"x, }"}],"id":1}';
    expect(jsonSpots(text).map(({ path, from, to }) => `${path.join('/')}=${text.slice(from, to)}`)).toEqual([
      'STATS/0/a=1',
      'STATS/1/b="x, }"',
      'STATS=[{"a":1}{"b":"x, }"}]',
      'id=1',
    ]);
  });

  test('any text is read without an end of its own, and stays what it was where nothing is changed', () => {
    const property = fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const spots = jsonSpots(text);
      for (const { from, to } of spots) expect(to).toBeGreaterThan(from);
      const same = spots.map(({ from, to }) => ({ from, to, by: text.slice(from, to) }));
      expect(withSpots(text, same)).toBe(text);
      new Frozen().freeze(text, '', true);
      withoutRecords(text, 'cgminer');
    });
    fc.assert(property, { seed: 8, numRuns: runs });
  });

  test('nesting without end is given up', () => {
    expect(jsonSpots('['.repeat(100_000))).toEqual([]);
  });
});

describe('a reply without records', () => {
  test('has empty lists, alone and in a join', () => {
    expect(withoutRecords('{"STATUS":[{"Code":9}],"DEVS":[{"ASC":0}{"ASC":1}],"id":1}', 'cgminer')).toBe(
      '{"STATUS":[{"Code":9}],"DEVS":[],"id":1}',
    );
    const joined = '{"summary":[{"SUMMARY":[{"Elapsed":1}],"id":1}],"stats":[{"STATS":[{"STATS":0}],"id":1}],"id":1}';
    expect(withoutRecords(joined, 'cgminer')).toBe(
      '{"summary":[{"SUMMARY":[{"Elapsed":1}],"id":1}],"stats":[{"STATS":[],"id":1}],"id":1}',
    );
  });

  test('in the text form ends behind its status', () => {
    expect(withoutRecords('STATUS=S,Code=7,Msg=2 Pool(s)|POOL=0,URL=a\\|b|POOL=1,URL=c|\0', 'cgminer')).toBe(
      'STATUS=S,Code=7,Msg=2 Pool(s)|\0',
    );
  });

  test('in a frame of WhatsMiner has the length of what is left', () => {
    const bytes = frame('{"code":0,"msg":{"summary":{"elapsed":5},"edevs":[{"slot":0}]}}');
    expect(inDocuments(bytes, 'whatsminer', (text) => withoutRecords(text, 'whatsminer'))).toEqual(
      frame('{"code":0,"msg":{"summary":{"elapsed":5},"edevs":[]}}'),
    );
  });
});

describe('a reply that stands still', () => {
  const after = (first: string, second: string, { scope = '', sharesToo = false } = {}) => {
    const frozen = new Frozen();
    expect(frozen.freeze(first, scope, sharesToo)).toBe(first);
    return frozen.freeze(second, scope, sharesToo);
  };

  test('has the sensors, rates and hardware errors of before, and the clocks and shares of now', () => {
    const reply = (elapsed: number, hw: number, ghs: string, temp: string, fan: number, accepted: number) =>
      `{"STATUS":[{"STATUS":"S","When":${elapsed},"Code":70}],"STATS":[{"Type":"x"}{"Elapsed":${elapsed},"GHS 5s":"${ghs}",` +
      `"chain_hw1":${hw},"temp_chip1":"${temp}","fan1":${fan},"Accepted":${accepted},"Device Hardware%":0.0${hw}}],"id":1}\0`;
    const [first, second] = [reply(10, 5, '13.1', '50-60-71', 4200, 7), reply(40, 9, '13.9', '52-61-70', 4300, 8)];
    expect(after(first, second)).toBe(reply(40, 5, '13.1', '50-60-71', 4200, 8));
    expect(after(first, second, { sharesToo: true })).toBe(reply(40, 5, '13.1', '50-60-71', 4200, 7));
  });

  test('does so for each part of a join, and of the text form', () => {
    const single = '{"SUMMARY":[{"Elapsed":1,"MHS av":5.00}],"id":1}';
    expect(after(single, '{"summary":[{"SUMMARY":[{"Elapsed":2,"MHS av":6.00}],"id":1}],"id":1}')).toBe(
      '{"summary":[{"SUMMARY":[{"Elapsed":2,"MHS av":5.00}],"id":1}],"id":1}',
    );
    expect(
      after('STATUS=S,When=1|SUMMARY,Elapsed=1,MHS av=5.0|\0', 'STATUS=S,When=2|SUMMARY,Elapsed=2,MHS av=6.0|\0'),
    ).toBe('STATUS=S,When=2|SUMMARY,Elapsed=2,MHS av=5.0|\0');
  });

  test('of an Avalon keeps what is in the brackets of its record', () => {
    const record = (elapsed: number, t: number, fan: number) =>
      `{"STATS":[{"MM ID0":"Ver[851] Elapsed[${elapsed}] TMax[${t}] Fan1[${fan}] FanR[90%]"}]}`;
    expect(after(record(1, 80, 4000), record(9, 81, 4100))).toBe(record(9, 80, 4000));
  });

  test('of an ethminer keeps rate and temperatures, and counts minutes and shares', () => {
    const reply = (minutes: number, kh: number, shares: number, temp: number) =>
      `{"id":1,"jsonrpc":"2.0","result":["ethminer-0.19","${minutes}","${kh};${shares};0","${kh}","0;0;0","off","${temp};40","p:1","0;0;0;0"]}\n`;
    const scope = 'miner_getstat1';
    expect(after(reply(5, 100, 1, 60), reply(6, 120, 2, 61), { scope })).toBe(reply(6, 100, 2, 60));
  });

  test('gives each request its own id, and secrets of a session as they are', () => {
    const [first, second] = [1, 2].map((n) => `{"id":${n},"Msg":{"time":"562${n}","salt":"12${n}","newsalt":"8${n}"}}`);
    expect(after(first ?? '', second ?? '')).toBe(second);
  });
});
