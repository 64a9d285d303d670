import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { decodeReply, first, section, statusOf } from './index.ts';

const encoder = new TextEncoder();
const decode = (text: string, asked?: string) =>
  decodeReply(encoder.encode(text), asked === undefined ? {} : { asked });
const only = (text: string, asked?: string) => decode(text, asked).parts.get('');

function failure(text: string, options = {}): HeadframeError {
  try {
    decodeReply(encoder.encode(text), options);
  } catch (error) {
    if (error instanceof HeadframeError) return error;
    throw error;
  }
  throw new Error('it was read');
}

const STATUS = '"STATUS":[{"STATUS":"S","When":1794000000,"Code":7,"Msg":"2 Pool(s)","Description":"cgminer 4.11.1"}]';
const POOLS = '"POOLS":[{"POOL":0,"URL":"stratum+tcp://a:1"},{"POOL":1,"URL":"stratum+tcp://b:2"}]';
const VERSION = '{"STATUS":[{"STATUS":"S","When":1,"Code":22,"Msg":"v"}],"VERSION":[{"API":"3.7"}],"id":1}';
const UNKNOWN = '{"STATUS":[{"STATUS":"E","When":1,"Code":14,"Msg":"Invalid command"}],"id":1}';

describe('a JSON reply', () => {
  test('has a status, sections and an id', () => {
    const reply = decode(`{${STATUS},${POOLS},"id":1}\0`, 'pools');
    expect(reply).toMatchObject({ form: 'json', joined: false, repairs: [] });
    const part = reply.parts.get('')!;
    expect(part.status).toEqual([
      { letter: 'S', when: 1794000000, code: 7, msg: '2 Pool(s)', description: 'cgminer 4.11.1' },
    ]);
    expect([...part.sections.keys()]).toEqual(['POOLS']);
    expect(part.sections.get('POOLS')?.length).toBe(2);
    expect(part.id).toBe(1);
    expect(section(part.doc, 'POOLS').map((pool) => pool.str('URL'))).toEqual([
      'stratum+tcp://a:1',
      'stratum+tcp://b:2',
    ]);
    expect(first(part.doc, 'POOLS').int('POOL')).toBe(0);
    expect(section(part.doc, 'DEVS')).toEqual([]);
    expect(first(part.doc, 'DEVS').keys()).toEqual([]);
  });

  test('may have one object where a list should be', () => {
    const part = only('{"STATUS":{"STATUS":"E","Code":"10","Msg":"No ASCs"},"DEVS":{"ASC":0},"id":1}');
    expect(part?.status).toMatchObject([{ letter: 'E', code: 10 }]);
    expect(first(part?.doc, 'DEVS').int('ASC')).toBe(0);
    expect(part?.sections.get('DEVS')).toEqual([{ ASC: 0 }]);
  });

  test('of a WhatsMiner has its status as a string beside its data', () => {
    const doc = { STATUS: 'S', When: 1794000000, Code: 131, Msg: { power_mode: 'low' }, Description: '' };
    expect(statusOf(doc)).toEqual({ letter: 'S', when: 1794000000, code: 131, msg: '', description: null });
    expect(statusOf({ STATUS: 'E', Code: 14, Msg: 'invalid cmd' })).toMatchObject({ letter: 'E', msg: 'invalid cmd' });
  });

  test('without a status has none', () => {
    for (const doc of [{}, { STATUS: [] }, { STATUS: 5 }, null, 'text', [1]]) expect(statusOf(doc)).toBe(null);
    expect(only('{"id":1}')?.status).toEqual([]);
  });

  test('names of a prototype are no sections', () => {
    expect(section({}, 'constructor')).toEqual([]);
    expect(section(JSON.parse('{"__proto__":[{"a":1}]}'), 'a')).toEqual([]);
  });
});

describe('a joined JSON reply', () => {
  test('holds a list of one reply per command', () => {
    const reply = decode(`{"version":[${VERSION}],"nosuch":[${UNKNOWN}],"id":1}\0`, 'version+nosuch');
    expect(reply).toMatchObject({ joined: true, repairs: [] });
    expect([...reply.parts].map(([name, part]) => [name, part.status[0]?.code])).toEqual([
      ['version', 22],
      ['nosuch', 14],
    ]);
    expect(reply.parts.get('version')?.doc).toEqual(JSON.parse(VERSION));
  });

  test('may hold the bare reply instead, and is recognised without knowing what was asked', () => {
    expect([...decode(`{"version":${VERSION},"id":1}`).parts.keys()]).toEqual(['version']);
    expect(decode(`{"version":[${VERSION}],"id":1}`).joined).toBe(true);
  });

  test('a refusal of the whole join is not joined', () => {
    const reply = decode(UNKNOWN, 'version+config');
    expect(reply.joined).toBe(false);
    expect(reply.parts.get('')?.status[0]?.code).toBe(14);
  });

  test('a reply to a single command is never taken for a joined one', () => {
    const reply = decode('{"POOLS":[{"POOL":0,"STATUS":"Alive"}],"id":1}', 'pools');
    expect(reply.joined).toBe(false);
    expect(first(reply.parts.get('')?.doc, 'POOLS').str('STATUS')).toBe('Alive');
  });

  test('an unknown command asked twice keeps its first answer, and the repetition is told', () => {
    const reply = decode(`{"x":[${UNKNOWN}],"x":[${UNKNOWN.replace('"When":1', '"When":2')}],"id":1}`, 'x+x');
    expect(reply.parts.get('x')?.status[0]?.when).toBe(1);
    expect(reply.repairs).toEqual([{ kind: 'duplicate-key', offset: 7 + UNKNOWN.length + 1 }]);
  });

  test('a missing comma in one part is mended and the other parts are whole', () => {
    const stats = '{"STATUS":[{"STATUS":"S","Code":70,"Msg":"s"}],"STATS":[{"BMMiner":"2"}{"STATS":0}],"id":1}';
    const reply = decode(`{"version":[${VERSION}],"stats":[${stats}],"id":1}\0`, 'version+stats');
    expect(section(reply.parts.get('stats')?.doc, 'STATS').length).toBe(2);
    expect(first(reply.parts.get('version')?.doc, 'VERSION').str('API')).toBe('3.7');
    expect(reply.repairs.map(({ kind }) => kind)).toEqual(['missing-comma']);
  });
});

describe('a join under one status, as DCENT_OS answers it', () => {
  const BATCH =
    '{"SUMMARY":[{"Elapsed":9}],"POOLS":[{"POOL":0}],"ASCS":[{"Count":3}],"HEALTHCHIP":[{"ID":6}],"_DCENTNote":"n",' +
    '"STATUS":[{"STATUS":"S","When":1794000000,"Code":22,"Msg":"Batch","Description":"dcentrald/1.4.2"}],"id":1}';
  const ASKED = 'summary+pools+asccount+healthchipget+nosuch';

  test('has a part for each command whose section is there, by its own name, with the status and what is beside them', () => {
    const reply = decode(BATCH, ASKED);
    expect(reply).toMatchObject({ form: 'json', joined: true, merged: true, repairs: [] });
    expect([...reply.parts].map(([name, part]) => [name, Object.keys(part.doc).sort(), part.status[0]?.msg])).toEqual([
      ['summary', ['STATUS', 'SUMMARY', '_DCENTNote', 'id'], 'Batch'],
      ['pools', ['POOLS', 'STATUS', '_DCENTNote', 'id'], 'Batch'],
      ['asccount', ['ASCS', 'STATUS', '_DCENTNote', 'id'], 'Batch'],
      ['healthchipget', ['HEALTHCHIP', 'STATUS', '_DCENTNote', 'id'], 'Batch'],
    ]);
    expect(first(reply.parts.get('asccount')?.doc, 'ASCS').int('Count')).toBe(3);
    expect(section(reply.parts.get('summary')?.doc, 'POOLS')).toEqual([]);
  });

  test('may hold an empty list, which is an answer', () => {
    const reply = decode(`{${STATUS},"DEVS":[],"POOLS":[],"id":1}`, 'devs+pools');
    expect([...reply.parts.keys()]).toEqual(['devs', 'pools']);
  });

  test.each([
    ['one section, as of a fork that answers the first command only', `{${STATUS},${POOLS},"id":1}`, 'pools+summary'],
    ['a refusal', '{"STATUS":[{"STATUS":"E","Code":14,"Msg":"m"}],"SUMMARY":[],"POOLS":[],"id":1}', 'summary+pools'],
    ['a single command', `{${STATUS},${POOLS},"SUMMARY":[{}],"id":1}`, 'pools'],
    ['no section at all', `{${STATUS},"id":1}`, 'constructor+toString'],
  ])('is not taken for one: %s', (_, text, asked) => {
    const reply = decode(text, asked);
    expect(reply).toMatchObject({ joined: false, merged: false });
    expect([...reply.parts.keys()]).toEqual(['']);
  });

  test('a joined reply as cgminer sends it is not one', () => {
    expect(decode(`{"version":[${VERSION}],"nosuch":[${UNKNOWN}],"id":1}`, 'version+nosuch').merged).toBe(false);
  });
});

describe('a text reply', () => {
  test('becomes a document of the same shape, with strings', () => {
    const reply = decode(
      'STATUS=S,When=1,Code=11,Msg=Summary,Description=c|SUMMARY,Elapsed=9,MHS av=1.50|\0',
      'summary',
    );
    expect(reply).toMatchObject({ form: 'text', joined: false, repairs: [] });
    const { doc, status, id } = reply.parts.get('')!;
    expect(doc).toEqual({
      STATUS: [{ STATUS: 'S', When: '1', Code: '11', Msg: 'Summary', Description: 'c' }],
      SUMMARY: [{ Elapsed: '9', 'MHS av': '1.50' }],
    });
    expect(status[0]).toEqual({ letter: 'S', when: 1, code: 11, msg: 'Summary', description: 'c' });
    expect(id).toBe(null);
    expect(first(doc, 'SUMMARY').num('MHS av')).toBe(1.5);
  });

  test('puts records into the section that JSON has them in', () => {
    const sectionsOf = (code: number, records: string) => [
      ...only(`STATUS=S,When=1,Code=${code},Msg=m,Description=c|${records}\0`)!.sections.entries(),
    ];
    expect(sectionsOf(7, 'POOL=0,URL=a|POOL=1,URL=b|')).toEqual([
      [
        'POOLS',
        [
          { POOL: '0', URL: 'a' },
          { POOL: '1', URL: 'b' },
        ],
      ],
    ]);
    expect(sectionsOf(9, 'ASC=0,ID=0|PGA=0,ID=1|')[0]?.[0]).toBe('DEVS');
    expect(sectionsOf(106, 'ASC=0,ID=0|')[0]?.[0]).toBe('ASC');
    expect(sectionsOf(57, 'PGA=0,ID=0|')[0]?.[0]).toBe('PGA');
    for (const name of ['STATS', 'NOTIFY', 'DEVDETAILS']) expect(sectionsOf(70, `${name}=0,ID=x|`)[0]?.[0]).toBe(name);
    expect(sectionsOf(33, 'CONFIG,OS=Linux|')).toEqual([['CONFIG', [{ OS: 'Linux' }]]]);
  });

  test('loses its escapes, and only unescaped marks divide it', () => {
    const text = String.raw`STATUS=E,When=1,Code=83,Msg=Unknown config 'a"b\\c\=d\|e\,f=g',Description=c|`;
    expect(only(text)?.status[0]?.msg).toBe(String.raw`Unknown config 'a"b\c=d|e,f=g'`);
  });

  test('of an Avalon keeps the commas that its driver does not escape, and tells of them', () => {
    const text = 'STATUS=S,When=1,Code=70,Msg=s|STATS=0,MM ID0=Ver[1] SYSTEMSTATU[Work: In Work, Hash Board: 3],x=1|';
    const reply = decode(text);
    expect(first(reply.parts.get('')?.doc, 'STATS').str('MM ID0')).toBe(
      'Ver[1] SYSTEMSTATU[Work: In Work, Hash Board: 3]',
    );
    expect(reply.repairs).toEqual([{ kind: 'unescaped-comma', offset: text.indexOf(', Hash') }]);
  });

  test('when joined comes apart at CMD, with escaped names', () => {
    const reply = decode(
      'CMD=version|STATUS=S,When=1,Code=22,Msg=v|VERSION,API=3.7|CMD=a\\,b|STATUS=E,When=1,Code=14,Msg=Invalid command|\0',
      'version+a,b',
    );
    expect(reply.joined).toBe(true);
    expect([...reply.parts.keys()]).toEqual(['version', 'a,b']);
    expect(first(reply.parts.get('version')?.doc, 'VERSION').str('API')).toBe('3.7');
  });

  test('cut short keeps its whole fields', () => {
    const reply = decode('STATUS=S,When=1,Code=11,Msg=Summary|SUMMARY,Elapsed=9,MHS av=1');
    expect(reply.parts.get('')?.doc.SUMMARY).toEqual([{ Elapsed: '9' }]);
    expect(reply.repairs).toEqual([{ kind: 'truncated', offset: 54 }]);
    expect(decode('STATUS=S,When=1,Code=11,Msg=S|SUMM').parts.get('')?.sections.size).toBe(0);
    for (const text of ['STAT', 'STATUS=', 'STATUS=S', 'CMD=ver'])
      expect(failure(text).code).toBe('protocol/truncated');
  });

  test('a single word says BYE or RESTART', () => {
    expect(only('BYE\0')?.status[0]?.letter).toBe('BYE');
    expect(only('RESTART\0')?.doc).toEqual({ STATUS: 'RESTART' });
    expect(only('{"STATUS":"BYE","id":1}\0')?.status[0]?.letter).toBe('BYE');
  });

  test('places of repairs are counted in bytes', () => {
    expect(decode('STATUS=S,Msg=größe|X,a=b,c|').repairs).toEqual([{ kind: 'unescaped-comma', offset: 26 }]);
    expect(decode('STATUS=S,Code=1|\0\n').repairs).toEqual([{ kind: 'trailing-nul', offset: 17 }]);
    expect(decode('STATUS=S,Code=1|\0STATUS=S,Code=2|\0').repairs).toEqual([{ kind: 'second-document', offset: 17 }]);
  });

  test('a key __proto__ reaches no prototype', () => {
    const part = only('STATUS=S,Code=1|__proto__,polluted=1|X,__proto__=2,constructor=3|');
    expect(Object.getPrototypeOf(part?.doc)).toBe(Object.prototype);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
    expect(first(part?.doc, 'X').str('constructor')).toBe('3');
    expect(first(part?.doc, '__proto__').str('polluted')).toBe('1');
  });
});

describe('what is no reply of this API', () => {
  test('is told apart: another server, a proxy for a dead miner, other JSON, noise', () => {
    expect(failure('HTTP/1.1 400 Bad Request\r\n\r\n').code).toBe('protocol/wrong-shape');
    expect(failure('<html><body>').code).toBe('protocol/wrong-shape');
    expect(failure('[1,2]').code).toBe('protocol/wrong-shape');
    expect(failure('SSH-2.0-OpenSSH_9.2\r\n').code).toBe('protocol/malformed');
    expect(failure('\0').code).toBe('protocol/malformed');
    const dead = failure('Socket connect failed: Connection refused\n');
    expect(dead.code).toBe('link/refused');
    expect(dead.message).toContain('Socket connect failed: Connection refused');
  });

  test('is too large over the limit, in both forms', () => {
    expect(failure('{"a":1}    ', { maxBytes: 10 }).code).toBe('link/too-large');
    expect(failure('STATUS=S,Code=11|', { maxBytes: 10 }).code).toBe('link/too-large');
    expect(failure(`STATUS=S|${'A=0|'.repeat(30_000)}`).code).toBe('link/too-large');
  });
});
