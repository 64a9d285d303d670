import { readFileSync } from 'node:fs';
import { snapshotOf } from '@headframe/families';
import { HeadframeError, type Reply } from '@headframe/model';
import { decodeLine, lineLength, type RpcMessage, rpcRefusal } from '@headframe/wire/ethminer';
import { describe, expect, test } from 'vitest';
import { ethminer, segmentsOf } from '../packages/families/src/ethminer/index.ts';
import { sharedPath } from './shared.ts';

/*
 * Every reply of the real ethminer 0.19 reads as what it says. The expectations were typed from the notes of the
 * recordings and from protocols.md 5.1 to 5.5; the recordings stay where they are.
 */

const folder = sharedPath('transcripts', 'ethminer-0.19');

interface Exchange {
  readonly n: number;
  readonly note: string;
  readonly sent: string;
  readonly reply: Uint8Array;
  readonly text: string;
}

function exchanges(scenario: string): Exchange[] {
  const lines = readFileSync(`${folder}/${scenario}.jsonl`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const {
      n,
      note,
      send = [],
      reply = '',
    } = JSON.parse(line) as Record<'n' | 'note' | 'reply', never> & { send?: string[] };
    const bytes = Buffer.from(reply, 'base64');
    const sent = send.map((part) => Buffer.from(part, 'base64').toString('latin1')).join('');
    return { n, note, sent, reply: new Uint8Array(bytes), text: bytes.toString('utf8') };
  });
}

const one = (scenario: string, n: number): Exchange => exchanges(scenario).find((exchange) => exchange.n === n)!;

/** The lines of a reply as our end takes them off the connection. */
function messages({ reply }: Exchange): RpcMessage[] {
  const found: RpcMessage[] = [];
  for (let rest = reply; rest.length > 0; ) {
    const length = lineLength(rest, false);
    if (length === null) throw new Error('a line without an end');
    found.push(decodeLine(rest.subarray(0, length)));
    rest = rest.subarray(length);
  }
  return found;
}

/** What came of an exchange, in one word: `-` no reply, a page, a result, nothing of both, or our code of its error. */
function outcome(exchange: Exchange): string {
  if (exchange.reply.length === 0) return '-';
  if (exchange.text.startsWith('HTTP/1.')) return 'page';
  return messages(exchange)
    .map(({ error, result }) => {
      if (error !== null) return rpcRefusal(error, 'x').code.split('/')[1];
      return result === undefined ? 'nothing' : JSON.stringify(result).length > 5 ? 'ok' : String(result);
    })
    .join(' ');
}

/** By scenario, in the order of the exchanges; `ok*6` is six of them. */
const OUTCOMES: Readonly<Record<string, string>> = {
  'open-write-monitors': 'ok*3|unsupported|ok*2',
  password: `required*16|refused*2|rejected|refused*5|rejected*5|refused*3|required|nothing|ok*2|unsupported|required
    |nothing|ok|rejected|required|nothing|ok|refused|required|nothing|ok|rejected|required|rejected*6|nothing|true
    |refused*3`,
  'readonly-password': `required|nothing|ok*3|unsupported|ok*2|writes-off*18|unsupported|refused|rejected|required|rejected
    |required|nothing|ok`,
  readonly: `ok*3|unsupported|ok*2|writes-off*18|unsupported|refused|nothing|ok|rejected|required|rejected|required`,
  concurrent: 'ok*3|-|ok*8',
  malformed: `-*2|ok*3|-|ok*3|refused|ok|-*3|ok*2|-|ok|-*4|ok*2|-*2|ok*4|-|ok ok ok*3|ok ok ok ok ok ok|ok ok ok|ok ok|ok
    |ok ok ok|ok|refused*2|-|refused|-|refused*4|-|refused*3|ok*2|refused|ok*2|refused refused ok
    |refused refused refused|ok*5|refused*2|ok*2|refused*2|ok*5|refused*23|unsupported|ok|refused*2|-|ok|refused*2
    |unsupported|ok*3|refused*2|ok*5|refused|ok`,
  'open-write': `ok*3|unsupported|ok*5|unsupported|ok*4|refused|required|refused|required|nothing|ok|rejected|required
    |refused|required|refused|required|rejected|required|refused|required|refused|required|refused|required|refused
    |required|refused|required|true*3|refused*4|true|refused*11|true*2|refused*5|true*2|refused*3|true*2|refused|true*4
    |ok*2|refused*6|true*3|ok*2|refused|ok|refused|ok|refused|ok|true|ok|true|ok|true|ok|true|ok|true|ok|true|ok
    |refused|ok|refused|ok|refused|ok|true|ok|true|ok|true|ok|true|ok|refused|ok|refused|ok|refused|ok|true|ok|true|ok
    |refused|ok|true|ok|refused|ok|true|ok|refused|ok|true|ok|true|ok|refused|ok|refused|ok*2|refused*2|true*3|refused*6
    |true*2|refused*2|true|ok*2|true|refused*2|true*2|refused*4|true|unsupported*6|refused*5|ok|false`,
  'crash-nesting': 'ok*2|-*2',
};

const expected = (scenario: string): string[] =>
  (OUTCOMES[scenario] ?? '').split('|').flatMap((entry) => {
    const [word = '', times = '1'] = entry.trim().split('*');
    return Array<string>(Number(times)).fill(word);
  });

const ALL = [
  'concurrent',
  'crash-nesting',
  'http',
  'malformed',
  'open-write-monitors',
  'open-write',
  'password',
  'readonly-password',
  'readonly',
];

describe.skipIf(folder === null)('the replies of the real ethminer', () => {
  test.each(ALL)('every line of %s is read without a repair, and nothing of it is lost', (scenario) => {
    for (const exchange of exchanges(scenario)) {
      if (exchange.reply.length === 0 || exchange.text.startsWith('HTTP/1.')) continue;
      const lines = exchange.text.trimEnd().split('\n');
      const read = messages(exchange);
      expect(read.length, `${exchange.n} ${exchange.note}`).toBe(lines.length);
      for (const [i, { doc, repairs }] of read.entries()) {
        expect(repairs, `${exchange.n} ${exchange.note}`).toEqual([]);
        // No number of 0.19 is beyond 2^53: its nonces are texts.
        expect(doc).toEqual(JSON.parse(lines[i] as string));
      }
    }
  });

  test.each(Object.keys(OUTCOMES))('%s means what its notes say', (scenario) => {
    expect(exchanges(scenario).map(outcome)).toEqual(expected(scenario));
  });

  test('a page on the port of the API is no JSON-RPC, and is not waited for', () => {
    for (const exchange of exchanges('http').filter(({ text }) => text.startsWith('HTTP/1.'))) {
      const length = lineLength(exchange.reply, true) ?? 0;
      expect(length).toBe(exchange.reply.indexOf(0x0a) + 1);
      expect(() => decodeLine(exchange.reply.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'protocol/malformed' }),
      );
    }
    expect(exchanges('http').filter(({ text }) => text.startsWith('HTTP/1.')).length).toBe(23);
  });

  test('ids come back as they were sent: numbers, texts, or none', () => {
    const ids = (n: number) => messages(one('malformed', n)).map(({ id }) => id);
    expect([64, 68, 69, 72, 73, 74, 75].map((n) => ids(n)[0])).toEqual([0, 1, 4294967295, 1000, 'abc', '', '1']);
    expect(ids(76)).toEqual(['a"bé☃']);
    for (const n of [66, 67, 70, 71, 77, 78, 79, 80, 81, 82, 83, 84]) {
      expect(messages(one('malformed', n))[0]).toMatchObject({ id: null, error: { code: '-32600' } });
    }
  });

  test('pipelined requests bring earlier replies again: why we never send two', () => {
    const ids = (n: number) => messages(one('malformed', n)).map(({ id }) => id);
    expect(ids(32)).toEqual([1, 1, 2]);
    expect(ids(35)).toEqual([1, 1, 2, 1, 2, 3]);
  });

  test('the errors of its parser have their code under another name, and one has none', () => {
    expect(messages(one('malformed', 49))[0]?.error?.code).toBe('-32700');
    expect(messages(one('malformed', 41))[0]?.error?.code).toBe('500');
    expect(messages(one('open-write', 124))[0]?.error).toEqual({
      code: null,
      message: "Bad value in 'noncescrambler'",
    });
  });

  /** A reply as a poll keeps it. */
  const reply = (id: string, scenario: string, n: number): Reply => {
    const { reply: raw } = one(scenario, n);
    const { doc } = messages(one(scenario, n))[0]!;
    return {
      meta: { id, request: id, at: 1_000_000, ms: 1, bytes: raw.length, repairs: [], error: null },
      doc,
      raw,
      error: null,
    };
  };
  const poll = (scenario: string, list: number, detail: number, connections: number, scrambler: number) =>
    new Map([
      ['miner_getstat1', reply('miner_getstat1', scenario, list)],
      ['stats', reply('miner_getstatdetail', scenario, detail)],
      ['miner_getconnections', reply('miner_getconnections', scenario, connections)],
      ['miner_getscramblerinfo', reply('miner_getscramblerinfo', scenario, scrambler)],
    ]);

  test('make a snapshot: three GPUs, one of them paused', () => {
    const snapshot = snapshotOf(ethminer, poll('open-write', 168, 167, 190, 145), 'rig-01');
    expect(snapshot).toMatchObject({
      state: 'mining',
      minerUptimeS: 28,
      // 0x04333438, 0x015ec7a8, 0x016669fa, 0x016e029a.
      hashrate: { currentHs: 70_464_568 },
      hashboards: [
        { slot: 0, label: '01:00.0', state: 'ok', hashrateHs: 22_988_712, tempC: null },
        { slot: 1, label: '02:00.0', state: 'ok', hashrateHs: 23_489_018 },
        { slot: 2, label: '03:00.0', state: 'disabled', hashrateHs: 23_986_842 },
      ],
      fans: [],
      powerW: null,
      shares: { accepted: 0, rejected: 0 },
      identity: { firmwareVersion: '0.19.0', hostname: 'rig-01', model: '3 x GeForce GTX 1070 8.00 GB' },
      gaps: [],
    });
    expect(snapshot.pools.map(({ url, worker, active }) => [url, worker, active])).toEqual([
      ['simulation://127.0.0.1:1', '0xabc.worker', true],
      ['http://127.0.0.1:8545', null, false],
      ['stratum://127.0.0.1:4444/path?x=1#f', 'us er', false],
      ['exit', null, false],
      ['stratum+tcp://127.0.0.1:4444', 'user.größe', false],
      ['stratum+tcp://127.0.0.1:4444', 'a"b\\c', false],
    ]);
    expect(JSON.stringify(snapshot)).not.toContain('p@ss');
  });

  test('nonces are exact: what was set as a number of 64 bits comes back', () => {
    expect(one('open-write', 138).sent).toContain('"noncescrambler":16704043538687679721');
    expect(segmentsOf(poll('open-write', 168, 167, 190, 139))).toEqual({
      startNonce: 16704043538687679721n,
      width: 10,
      gpus: 3,
    });
    expect(segmentsOf(poll('open-write', 168, 167, 190, 143))?.startNonce).toBe(18446744073709551615n);
  });

  test('GPU 0 starts where the scrambler starts, and each next one a segment later', () => {
    const replies = poll('open-write-monitors', 2, 3, 5, 6);
    const { startNonce, width } = segmentsOf(replies)!;
    const { result } = replies.get('stats')!.doc as { result: { devices: { mining: { segment: string[] } }[] } };
    expect(result.devices.map(({ mining }) => mining.segment.map(BigInt))).toEqual(
      [0n, 1n, 2n].map((i) => [i, i + 1n].map((j) => startNonce + j * (1n << BigInt(width)))),
    );
  });

  test('every code that is thrown at a broken one is of the table', () => {
    for (const scenario of ALL) {
      for (const { reply: bytes } of exchanges(scenario)) {
        for (const at of [1, 7, bytes.length >> 1, bytes.length - 2]) {
          try {
            decodeLine(bytes.subarray(0, Math.max(0, at)));
          } catch (error) {
            expect(error).toBeInstanceOf(HeadframeError);
            expect((error as HeadframeError).code).toMatch(/^protocol\//);
          }
        }
      }
    }
  });
});
