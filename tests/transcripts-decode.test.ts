import { readFileSync } from 'node:fs';
import type { HeadframeError } from '@headframe/model';
import { type CgminerReply, decodeReply, first, section } from '@headframe/wire/cgminer';
import { describe, expect, test } from 'vitest';
import { sharedPath } from './shared.ts';

/*
 * Every reply of the real cgminer 4.11.1 reads as what it says. The expectations were typed from the notes of the
 * recordings and from protocols.md 1.3 to 1.8; the recordings stay where they are.
 */

const folder = sharedPath('transcripts', 'cgminer-4.11.1');

interface Exchange {
  readonly n: number;
  readonly note: string;
  readonly sent: string;
  readonly reply: Uint8Array;
}

function exchanges(scenario: string): Exchange[] {
  const lines = readFileSync(`${folder}/${scenario}.jsonl`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const {
      n,
      note,
      send = [],
      reply = '',
    } = JSON.parse(line) as Record<'n' | 'note' | 'reply', never> & {
      send?: string[];
    };
    const sent = send.map((part) => Buffer.from(part, 'base64').toString('latin1')).join('');
    return { n, note, sent, reply: new Uint8Array(Buffer.from(reply, 'base64')) };
  });
}

const one = (scenario: string, n: number): Exchange => exchanges(scenario).find((exchange) => exchange.n === n)!;

/** The command of a request as its sender meant it; '' where it is none. */
function commandOf({ sent }: Exchange): string {
  try {
    const { command } = JSON.parse(sent) as { command?: unknown };
    return typeof command === 'string' ? command : '';
  } catch {
    return sent.startsWith('{') ? '' : (sent.split('|')[0] ?? '');
  }
}

const decode = (exchange: Exchange) => decodeReply(exchange.reply, { asked: commandOf(exchange) });
const codesOf = (parts: Iterable<CgminerReply>) => [...parts].map((part) => part.status[0]?.code ?? null);

/**
 * The status codes of each scenario in the order of its exchanges: `9*2` is 9 twice, `22+33` a joined reply, `-` no
 * reply at all, `~` a reply without a status (pluses only, BYE, RESTART).
 */
const CODES: Readonly<Record<string, string>> = {
  'reads-json': `22 33 9*2 7 11 104 59 60 69 70*2 -1 78 88 125 124 46
    22 9 11 7 70 9*5 70*5 15*2 106 107*3 106*4 107 106*3 107 106 107*3 106 107 106 15*4
    14*10 71*2 72*15 71*3 14*11`,
  'reads-text': `22 33 9*2 7 11 104 59 60 69 70*2 -1 78 88 125 124 46
    22 9 11 7 70 9*5 70*5 15*2 106 107*3 106*4 107 106*3 107 14*10 71*2 72*14 14*11 22 106 14*2`,
  joins: `22+33*2 11+7+9*2 22+33+104+59+78+60+69+125+88+124*2 70+70*2 -1+22*2 9+9*2
    22+14*2 14+22*2 14*2 14+14*2 22+45*6 45+45*2 45+22*4 14+22*2 22*2 22+33*2 45*2 22*6 22+33*2
    ~*4 14+33*4 22+14*2 9+22*2 45+22 14+14+14*2 14 22 23 22+33 23*2 24 14*2 23 22+33 23 22 23
    22+33 33 14 22+33 14 22+33 14 23 ~ 23 22 72`,
  'no-devices': `22*2 33*2 10*4 7*2 11*2 104*2 59*2 10*4 70*4 -1*2 78*2 88*2 125*2 124*2 46*2 105*15
    10+10+10+70+11 10+10+70`,
  startup: '-*6 22 11 45*2 -',
  'acl-denied': '-*15 22 - 46',
  'acl-readonly': `22 33 9*2 7 11 104 59 60 69 70*2 -1 78 88 125 45*2 22 11 45*3 14 106 72*2 45*63 106 14*2 72*27
    22+45*4 45+22 14+22 46 72 -`,
  'idle-wedge': '22 - 22 - 22 14 22 33 22 23 22 - 33 22 11 -*2 22 -*2 79 - 22*2',
  malformed: `14 22*2 14*9 22 14 22 14 22 14 22 14 22 14 22 14 23 22 23 14 23 14 23 14 23 14 23 14 23 14 23 14*2 106 14
    23 24 23*7 22*3 24*3 14*6 22*3 33 22 14 106 24 22*3 24 22*2 23 14*3 23 14 23*4 22 23*5 14 106 15*5 106*3
    107 106*3 107*2 106 107 23 107 106 15*5 22*4 23*5 22*4 14*4 106*3 14*2 72 23*6 14*2 22 15 22*2 23 22*3 14*5
    24*2 14 22`,
  'writes-misc': `15*3 107*4 15*3 107*4 15*3 107*4 15*3 108*2 106 111 109*2 106 9 110 106 111 110 114*2 116*2
    117*3 107 116 107 117*2 116 117*2 94*2 75*2 76 95 75 97 11 96 97 96 95 96 97 94 75 97 96 95
    103*2 99*2 100 33 101 33 101 100 101 103 100 101 99 44*5 43*4 44*3 83 127*4 83*6 127 83*3 127*9 79*31 46*3 124*2
    45+22*2 ~ -*6 22 7 ~ - ~ -*7 ~ -*2`,
  'writes-pools': `7 52*2 53*6 55 7 68 52*2 53*5 7 55 7 55 7 55 7 55 7 55 7 55 7 55 7 55 7 55 7
    25*2 26*2 25 26 25*2 26*2 25 26 25*2 26*2 25 26 25*2 26*2 25 26 25*2 26*2 25 26 25*2 49*5 48 50*2 7 47 49 48 47 7
    48 7 125 47 7 125 27 125 7 27*2 125 27 125 27 125 7 48 27 7+125 27 73 7 73 7 74*2 7 26 73 7 73 7 73 7 73 7 74 73 7
    73*2 86 122 7 122 121 26*2 122*3 121 122 86 121 7 122*3 67 7 68 7 68 7 68 7 68 7 68 7 68 7 68 7*2 68 7 68 7 68 7 68 7
    26 7 26 7 66*2 48 7 125 11 47 55 7 67 7 125`,
  'switch-delay': '7+125 48 7+125*6 47 7+125*4 27 7+125*12',
  'long-strings':
    '53 22 53 22 53 22 53 22 53 22 53 22 53 22 53 22 53 22 53 22 53 22 53 22 53 22 83 95 86 74 43*2 22 55 7',
};

const expectedCodes = (scenario: string): string[] =>
  (CODES[scenario] ?? '')
    .trim()
    .split(/\s+/)
    .flatMap((entry) => {
      const [codes = '', times = '1'] = entry.split('*');
      return Array<string>(Number(times)).fill(codes);
    });

/** Sections by code, with the number of their records; what is not here has none. POOLS has as many as Msg says. */
const SECTIONS: Readonly<Record<number, readonly [string, number]>> = {
  9: ['DEVS', 1],
  11: ['SUMMARY', 1],
  22: ['VERSION', 1],
  33: ['CONFIG', 1],
  59: ['PGAS', 1],
  60: ['NOTIFY', 1],
  69: ['DEVDETAILS', 1],
  72: ['CHECK', 1],
  78: ['COIN', 1],
  79: ['DEBUG', 1],
  104: ['ASCS', 1],
  106: ['ASC', 1],
  125: ['LCD', 1],
};

/** Whether the bytes are one JSON document and the NUL of the framing. */
function plainJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.subarray(0, -1)).toString('utf8'));
  } catch {
    return undefined;
  }
}

const scenarios = Object.keys(CODES);

describe.skipIf(folder === null)('the replies of the real cgminer', () => {
  test.each(scenarios)('every reply of %s has the status code that its note implies', (scenario) => {
    const seen = exchanges(scenario).map((exchange) => {
      if (exchange.reply.length === 0) return '-';
      const { parts } = decode(exchange);
      const codes = codesOf(parts.values());
      return codes.length === 0 || codes.includes(null) ? '~' : codes.join('+');
    });
    const expected = expectedCodes(scenario);
    expect(seen.slice(0, expected.length)).toEqual(expected);
    // The last four of long-strings are joins of hundreds of names, looked at below.
    if (scenario !== 'long-strings') expect(seen.length).toBe(expected.length);
  });

  test.each(scenarios)('every section of %s has the records that its status promises', (scenario) => {
    for (const exchange of exchanges(scenario).filter(({ reply }) => reply.length > 0)) {
      for (const { status, sections } of decode(exchange).parts.values()) {
        const { code, msg } = status[0] ?? { code: null, msg: '' };
        const [name, count] = code === 7 ? ['POOLS', Number.parseInt(msg, 10)] : (SECTIONS[code ?? 0] ?? ['', 0]);
        const counts = [...sections].map(([section, records]) => [section, records.length]);
        if (code === 70 || code === -1) continue; // STATS: a test of its own
        expect(counts, `${exchange.n} ${exchange.note}`).toEqual(name === '' ? [] : [[name, count]]);
      }
    }
  });

  test.each(scenarios)('nothing of %s that is JSON needs a repair, and it reads as JSON.parse reads it', (scenario) => {
    for (const exchange of exchanges(scenario).filter(({ reply }) => reply.length > 0)) {
      const document = plainJson(exchange.reply) as Record<string, unknown> | undefined;
      if (document === undefined) continue;
      const { joined, parts, repairs } = decode(exchange);
      if (repairs.some(({ kind }) => kind !== 'duplicate-key')) expect(repairs, exchange.note).toEqual([]);
      if (!joined) expect(parts.get('')?.doc, exchange.note).toEqual(document);
      else if (repairs.length === 0) {
        for (const [command, { doc }] of parts) expect([doc], exchange.note).toEqual(document[command]);
      }
    }
  });

  test('a text reply says the same as the JSON reply to the same command', () => {
    const json = exchanges('reads-json');
    const text = exchanges('reads-text');
    const asText = (value: unknown) => String(value);
    for (const n of [1, 2, 7, 8, 10, 15, 17, 18, 34, 37, 48, 72]) {
      const sectionsOf = (exchange: Exchange) => decode(exchange).parts.get('')!.sections;
      const twin = n === 72 ? 61 : n;
      const records = [...sectionsOf(json[n - 1]!)].map(([name, list]) => [
        name,
        list.map((record) => Object.entries(record).map(([key, value]) => [key, asText(value)])),
      ]);
      const twins = [...sectionsOf(text[twin - 1]!)].map(([name, list]) => [name, list.map((r) => Object.entries(r))]);
      expect(twins, `${n}`).toEqual(records);
    }
  });

  test('STATS has one record for each device and, but for estats, each pool', () => {
    const stats = (scenario: string, n: number) =>
      section(decode(one(scenario, n)).parts.get('')?.doc, 'STATS').map((record) => record.str('ID'));
    for (const scenario of ['reads-json', 'reads-text']) {
      expect(stats(scenario, 11)).toEqual(['SPN0', 'POOL0', 'POOL1', 'POOL2']);
      expect(stats(scenario, 12)).toEqual(['SPN0']);
      expect(stats(scenario, 13)).toEqual(['SPN0', 'POOL0', 'POOL1', 'POOL2']);
    }
    for (const n of [21, 22]) expect(stats('no-devices', n)).toEqual(['POOL0', 'POOL1', 'POOL2']);
    for (const n of [23, 24]) expect(stats('no-devices', n)).toEqual([]);
  });

  test('fields read alike in both forms', () => {
    for (const scenario of ['reads-json', 'reads-text']) {
      const doc = (n: number) => decode(one(scenario, n)).parts.get('')?.doc;
      expect(first(doc(1), 'VERSION').str('CGMiner')).toBe('4.11.1');
      expect(first(doc(2), 'CONFIG').str('Device Code')).toBe('ICA SPN ');
      expect(first(doc(2), 'CONFIG').int('Pool Count')).toBe(3);
      expect(first(doc(3), 'DEVS').bool('Enabled')).toBe(true);
      expect(first(doc(3), 'DEVS').bool('No Device')).toBe(false);
      expect(first(doc(3), 'DEVS').num('Temperature')).toBe(64);
      expect(section(doc(5), 'POOLS').map((pool) => pool.str('User'))).toEqual(['user.1', 'user.2', 'user.3']);
      expect(section(doc(5), 'POOLS').map((pool) => pool.int('POOL'))).toEqual([0, 1, 2]);
      expect(first(doc(6), 'SUMMARY').int('Elapsed')).toBe(9);
      expect(first(doc(10), 'DEVDETAILS').str('Driver')).toBe('Spondoolies');
      expect(first(doc(10), 'DEVDETAILS').str('Kernel')).toBe(null);
      expect(first(doc(14), 'COIN').bool('LP')).toBe(true);
      expect(first(doc(16), 'LCD').str('Current Pool')).toBe('stratum+tcp://127.0.0.1:3333');
    }
  });

  test('what a person typed comes back without the escapes of either form', () => {
    const msg = (scenario: string, n: number) => decode(one(scenario, n)).parts.get('')?.status[0]?.msg;
    expect(msg('writes-misc', 107)).toBe(`Unknown config 'a"b\\c'`);
    expect(msg('writes-misc', 111)).toBe("Unknown config 'queue,5'");
    expect(msg('writes-misc', 113)).toBe(`Unknown config 'a"b\\c=d|e'`);
    expect(msg('writes-misc', 122)).toBe("Deprecated config option 'x=y|z'");
    // The program itself escapes these once more (protocols.md 1.3).
    expect(msg('writes-misc', 94)).toBe(`Can't open or create save file 'nosuch\\"dir\\\\x/y'`);
    expect(msg('writes-pools', 17)).toBe(`Invalid addpool details 'a\\=b\\,c\\\\\\,d'`);
    const names = (n: number) => [...decode(one('joins', n)).parts.keys()];
    expect(names(62)).toEqual(['ver"x', 'a\\b', 'c=d,e']);
    expect(names(63)).toEqual(['ver"x', 'a\\b', 'c=d,e']);
  });

  test('joined replies come apart by command, whatever pluses stand around', () => {
    const keys = (n: number) => [...decode(one('joins', n)).parts.keys()];
    expect(keys(5)).toEqual(
      'version config asccount pgacount coin notify devdetails lcd usbstats lockstats'.split(' '),
    );
    for (const n of [41, 42, 43, 44, 45, 46]) {
      expect(decode(one('joins', n)).joined).toBe(true);
      expect(keys(n)).toEqual(['version']);
    }
    for (const n of [47, 48]) expect(keys(n)).toEqual(['version', 'config']);
    for (const n of [55, 56]) expect(keys(n)).toEqual(['version ', 'config']);
    expect(decode(one('joins', 89)).joined).toBe(false);
  });

  test('a command of pluses only is answered with the end of an object and nothing else', () => {
    for (const n of [49, 51, 86]) {
      const reply = decode(one('joins', n));
      expect(reply.joined).toBe(true);
      expect(reply.parts.size).toBe(0);
      expect(reply.repairs).toEqual([
        { kind: 'extra-comma', offset: 0 },
        { kind: 'missing-open', offset: 1 },
      ]);
    }
    for (const n of [50, 52]) expect(decode(one('joins', n)).parts.size).toBe(0);
  });

  test('the second copy of a double reply is left out and told of', () => {
    for (const [n, offset] of [
      [68, 115],
      [69, 115],
      [70, 125],
      [71, 87],
      [75, 115],
      [87, 115],
    ] as const) {
      const reply = decode(one('joins', n));
      expect(reply.repairs, `${n}`).toEqual([{ kind: 'second-document', offset }]);
      expect([...reply.parts.keys()]).toEqual(['']);
      expect(reply.parts.get('')?.id).toBe(1);
    }
  });

  test('of two status blocks back to back the first one counts, and the text form has both', () => {
    for (const [n, offset] of [
      [100, 127],
      [101, 130],
      [102, 128],
      [103, 127],
    ] as const) {
      const reply = decode(one('writes-misc', n));
      expect(reply.repairs, `${n}`).toEqual([
        { kind: 'missing-close', offset },
        { kind: 'second-document', offset },
      ]);
      expect(reply.parts.get('')?.status.map(({ code }) => code)).toEqual([127]);
    }
    expect(
      decode(one('writes-misc', 110))
        .parts.get('')
        ?.status.map(({ code }) => code),
    ).toEqual([127, 83]);
  });

  test('an unknown command asked twice is answered once, and the repetition is told of', () => {
    const json = decode(one('joins', 17));
    expect([...json.parts.keys()]).toEqual(['nosuch']);
    expect(json.repairs).toEqual([{ kind: 'duplicate-key', offset: 99 }]);
    const text = decode(one('joins', 18));
    expect([...text.parts.keys()]).toEqual(['nosuch']);
    expect(text.repairs).toEqual([{ kind: 'duplicate-key', offset: 64 }]);
    // 1,300 times the same name: not every repetition is listed.
    const many = decode(one('long-strings', 38));
    expect([...many.parts.keys()]).toEqual(['x']);
    expect(many.repairs.length).toBe(100);
  });

  test('a join of 400 unknown names has 400 parts in both forms', () => {
    for (const n of [36, 37]) {
      const { parts } = decode(one('long-strings', n));
      expect(parts.size).toBe(400);
      expect(new Set(codesOf(parts.values()))).toEqual(new Set([14]));
    }
  });

  test('BYE and RESTART are a status in both forms', () => {
    const letter = (n: number) => decode(one('writes-misc', n)).parts.get('')?.status[0]?.letter;
    expect([161, 170, 172, 180].map(letter)).toEqual(['RESTART', 'RESTART', 'BYE', 'BYE']);
  });

  test('every reply that is cut anywhere is read in part or told to be cut, and nothing else', () => {
    for (const n of [2, 5, 6, 11]) {
      for (const scenario of ['reads-json', 'reads-text']) {
        const { reply } = one(scenario, n);
        for (let length = 1; length < reply.length - 1; length += 7) {
          try {
            const { repairs } = decodeReply(reply.subarray(0, length));
            expect(repairs.at(-1)?.kind ?? 'none').toBe(reply[length - 1] === 0x7c ? 'none' : 'truncated');
          } catch (error) {
            expect((error as HeadframeError).code).toBe('protocol/truncated');
          }
        }
      }
    }
  });
});
