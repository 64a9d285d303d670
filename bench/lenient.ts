import { decodeReply } from '@headframe/wire/cgminer';
import { parseLenient } from '@headframe/wire/json';
import { type BenchRow, compare, cpuMs } from './measure.ts';

/** What the lenient reader costs beside `JSON.parse` of the same reply, and how long the worst input holds the loop. */
export async function run(): Promise<BenchRow[]> {
  return [...ratios(), ...holds()];
}

/**
 * A stats reply of a stock Antminer S19, in the field names of protocols.md 2.1, with the chains that it does not have
 * as well, as real ones; the values are made up.
 * @param comma what stands between the two objects: real ones have nothing there
 */
function s19Stats(comma: string): string {
  const chains = [1, 2, 3, 4, 5, 6, 7, 8];
  const absent = (n: number) => n > 3;
  const per = (each: (chain: number) => string) => chains.map(each).join(',');
  const acs = Array.from({ length: 19 }, () => ' oooo').join('');
  const second = [
    '"STATS":0,"ID":"BTM_SOC0","Elapsed":86213,"Calls":0,"Wait":0.000000,"Max":0.000000,"Min":99999999.000000',
    '"GHS 5s":"95412.77","GHS av":95120.31,"rate_30m":95244.10,"Mode":2,"miner_count":3,"frequency":"675","fan_num":4',
    per((n) => `"fan${n}":${5700 + n * 60}`),
    '"temp_num":3',
    per((n) => `"temp${n}":${61 + n},"temp2_${n}":${70 + n},"temp3_${n}":${66 + n}`),
    per((n) => `"temp_pcb${n}":"${40 + n}-${41 + n}-${60 + n}-${62 + n}"`),
    per((n) => `"temp_chip${n}":"${45 + n}-${46 + n}-${65 + n}-${67 + n}"`),
    per((n) => `"temp_pic${n}":"${30 + n}-${31 + n}-${50 + n}-${52 + n}"`),
    per((n) => `"freq_avg${n}":${absent(n) ? '0.00' : `67${n}.25`},"chain_rateideal${n}":${absent(n) ? 0 : 31680}.00`),
    '"total_rateideal":95000.00,"rate_unit":"GH","total_freqavg":675.00,"total_acn":228,"total_rate":95120.31',
    '"temp_max":73,"no_matching_work":412',
    per((n) => `"chain_acn${n}":${absent(n) ? 0 : 76},"chain_acs${n}":"${absent(n) ? '' : acs}"`),
    per((n) => `"chain_hw${n}":${n * 7},"chain_rate${n}":"${absent(n) ? '' : `317${n}4.21`}"`),
    per((n) => `"chain_xtime${n}":"{X${n}=1,X${n + 20}=3}","chain_offside_${n}":"","chain_opencore_${n}":"0"`),
    per((n) => `"chain_vol${n}":1360,"chain_consumption${n}":${absent(n) ? 0 : 1083}`),
    '"miner_version":"49.0.1.3","miner_id":"no miner id now"',
  ];
  const status = '{"STATUS":"S","When":1794000000,"Code":70,"Msg":"CGMiner stats","Description":"cgminer 1.0.0"}';
  const head =
    '{"BMMiner":"2.0.0","Miner":"49.0.1.3","CompileTime":"Fri Nov 06 18:21:33 CST 2026","Type":"Antminer S19"}';
  return `{"STATUS":[${status}],"STATS":[${head}${comma}{${second.join(',')}}],"id":1}`;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function ratios(): BenchRow[] {
  const clean = s19Stats(',');
  const broken = s19Stats('');
  const joined = `{"summary":[${clean}],"stats":[${clean}],"pools":[${clean}],"id":1}`;
  const joinedBroken = `{"summary":[${clean}],"stats":[${broken}],"pools":[${clean}],"id":1}`;
  const chips = `{"STATUS":[{"STATUS":"S"}],"CHIPS":[${Array.from({ length: 300 }, (_, n) => `{"Board":0,"Chip":${n},"Healthy":"Y","GHS 1m":61.25,"Freq":675.0}`)}],"id":1}`;

  const row = (name: string, limit: number, ours: () => unknown, theirs: () => unknown): BenchRow => ({
    name,
    limit,
    unit: 'x',
    ...compare(ours, theirs),
  });
  /** Both sides get bytes; `JSON.parse` gets them through a plain TextDecoder, and the same text without the flaw. */
  const bytesRow = (name: string, limit: number, text: string, flawless = text): BenchRow => {
    const ours = encoder.encode(`${text}\0`);
    const theirs = encoder.encode(flawless);
    return row(
      name,
      limit,
      () => parseLenient(ours),
      () => JSON.parse(decoder.decode(theirs)),
    );
  };
  const kb = (text: string) => `${(text.length / 1024).toFixed(1)} KB`;
  return [
    bytesRow(`clean stats, ${kb(clean)}, bytes`, 1.5, clean),
    row(
      'clean stats, text',
      1.5,
      () => parseLenient(clean),
      () => JSON.parse(clean),
    ),
    bytesRow(`clean join, ${kb(joined)}, bytes`, 1.5, joined),
    bytesRow(`clean chip list, ${kb(chips)}, bytes`, 1.5, chips),
    bytesRow('stats without its comma, bytes', 6, broken, clean),
    row(
      'stats without its comma, text',
      6,
      () => parseLenient(broken),
      () => JSON.parse(clean),
    ),
    bytesRow('join without a comma in stats, bytes', 6, joinedBroken, joined),
    bytesRow('stats cut short, bytes', 6, clean.slice(0, -20), clean),
    bytesRow('stats with a trailing comma, bytes', 6, clean.replace(/\}\]/, '},]'), clean),
  ];
}

const MIB = 1 << 20;
const fill = (piece: string, before = '', behind = ''): string => {
  const times = Math.floor((MIB - before.length - behind.length) / piece.length);
  return before + piece.repeat(times) + behind;
};

const names = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, n) => `"name${from + n}":${n}`).join(',');
const objects = (count: number): string => Array.from({ length: count }, (_, n) => `{${names(20, n * 20)}}`).join(',');

/** Inputs of up to 1 MiB made to be slow. */
const HOSTILE: Readonly<Record<string, () => string | Uint8Array>> = {
  '[': () => fill('['),
  '{"a":': () => fill('{"a":'),
  '[]': () => fill('[],', '[', '[]]'),
  commas: () => fill(',', '['),
  'commas and blanks': () => fill(', ', '[1', '1]'),
  quotes: () => fill('"', '{'),
  backslashes: () => fill('\\', '{"a":"'),
  'bad escapes': () => fill('\\x', '{"a":"', '"}'),
  'newlines in a string': () => fill('\n', '{"a":"', '"}'),
  'control characters between tokens': () => fill('\u000b', '{', '}'),
  'missing commas': () => fill('{}', '[', ']'),
  'missing commas between members': () => fill('"a":1', '{', '}'),
  'colon list': () => fill('"1":"2",', '{"a":[', '"1":"2"]}'),
  'colon list without an end': () => fill('"1":', '{"a":[', ''),
  nan: () => fill('nan,', '[', 'nan]'),
  'odd numbers': () => fill('+1,', '[', '+1]'),
  'lost quotes': () => fill('"a":"b"c":"d",', '{', '"e":1}'),
  'mismatched brackets': () => fill('[}', '{"a":'),
  'closing brackets': () => fill(']', '{"a":['),
  'cut short in depth': () => fill('1,', `${'['.repeat(60)}1,`),
  'many names': () => `{${names(70_000)}}`,
  'many names, cut short': () => `{${names(70_000)}`,
  'as many names as are read': () => `{${names(19_000)}}`,
  'as many names as are read, in many objects': () => `[${objects(950)}]`,
  'the same without a comma': () => `[{}${objects(950)}]`,
  'as many values as are read': () => `[${'1234567890123.5,'.repeat(39_000)}0]`,
  'empty objects': () => fill('{},', '[', '{}]'),
  'small objects': () => fill('{"a":{"b":[1]}},', '[', '0]'),
  'numbers with many digits': () => fill(`0.${'123456789'.repeat(80)}e-300,`, '[', '0]'),
  'one number': () => fill('9', '[', ']'),
  'one string, UTF-8': () => fill('é', '{"a":"', '"}'),
  'UTF-8 strings and a missing comma': () => fill('"é",', '[{}{},', '""]'),
  NULs: () => fill('\0', '{"a":1}'),
  'text: bars': () => fill('|', 'STATUS=S|'),
  'text: fields': () => fill('a=b,', 'STATUS=S|'),
  'text: records': () => fill('A=0|', 'STATUS=S|'),
  'text: unescaped commas': () => fill('a=b,,', 'STATUS=S|'),
  'text: escapes': () => fill('\\,', 'STATUS=S,Msg=', '|'),
  'text: parts': () => fill('CMD=a|STATUS=S|', ''),
  'not UTF-8': () => new Uint8Array(MIB).fill(0xe9).map((byte, i) => [0x7b, 0x22][i] ?? byte),
  'not UTF-8, in turns': () => new Uint8Array(MIB).map((_, i) => [0x5b, 0x22][i] ?? (i % 2 === 0 ? 0x22 : 0xff)),
};

function holds(): BenchRow[] {
  return Object.entries(HOSTILE).map(([name, make]) => {
    const made = make();
    const input = (typeof made === 'string' ? encoder.encode(made) : made).subarray(0, MIB);
    let outcome = 'read';
    const once = () =>
      cpuMs(() => {
        try {
          decodeReply(input, { asked: name === 'text: parts' ? 'a+a' : '' });
        } catch (error) {
          outcome = (error as { code?: string }).code ?? String(error);
        }
      });
    // The worst of a few: the engine learns names by heart, and a hostile device sends new ones.
    const times = Array.from({ length: 3 }, once);
    return { name: `holds the loop: ${name}`, ratio: Math.max(...times), limit: 50, unit: 'ms', detail: outcome };
  });
}
