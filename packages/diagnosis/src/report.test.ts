import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import {
  asked,
  DEAF,
  dead,
  examination,
  failing,
  NOW,
  neighbour,
  not,
  page,
  pool,
  seen,
  uart,
} from './examination.testing.ts';
import { inMarkdown } from './markdown-text.ts';
import { type ReportExtra, reportOf } from './report.ts';
import type { Diagnosis } from './rule.ts';

const WALLET = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';

/** A machine behind an API that hangs, typed by hand throughout, so that the words of the rules may change. */
const HANGS: Diagnosis = {
  address: '10.0.4.21',
  urgency: 'hashing-but-deaf',
  sentence:
    'It hashes (the pool saw its last share 42 s ago) and is deaf, which costs nothing yet. The API is blocked.',
  verdicts: [
    {
      code: 'api.blocked',
      row: 10,
      confidence: 0.9,
      sentence: 'The API of 10.0.4.21 is blocked: it takes connections and says nothing',
      because: ['4028 summary: took the connection, 0 bytes within 5.0 s'],
      doubts: ['nobody looked who holds a connection'],
      wouldChange: 'A reply after all connections are closed',
      remedy: [],
    },
  ],
  ruledOut: [{ code: 'network.filtered', why: 'port 4028 accepts connections' }],
  remarks: ['its clock is 90 s ahead'],
  notSeen: ['SSH: no login over SSH was given'],
  examination: {
    ...examination({
      ...DEAF,
      ports: {},
      name: not(),
      history: not(),
      clockSkewS: not(),
      samples: not(),
      own: not(),
      ping: not(),
      neighbour: seen(
        { mac: '02:a1:b2:c3:d4:e5', vendor: 'Bitmain', isMinerVendor: true, expectedMac: null, expectedMacAt: null },
        'neighbour: 02:a1:b2:c3:d4:e5',
      ),
      page: not(),
      pool: pool(42, { worker: `${WALLET}.rig3` }),
      api: [
        {
          ...asked('summary', 'silent'),
          at: NOW + 1500,
          ms: 5000,
          line: '4028 summary: took the connection, 0 bytes within 5.0 s',
          command: `echo '{"command":"summary"}' | nc 10.0.4.21 4028`,
        },
      ],
      uart: uart({
        patterns: { 'squashfs error': 2, 'Kernel panic': 0 },
        examples: { 'squashfs error': 'SQUASHFS error: x' },
        booted: true,
        lastLines: ['antminer login:'],
      }),
      told: {
        monitorSaysOffline: true,
        stepsTried: ['Step 2: the monitor was restarted, no change'],
        contact: 'Ada, +44 20 0000',
      },
    }),
  },
};

test('the report on a machine whose API hangs reads from the symptoms to whom to ask', () => {
  expect(
    reportOf(HANGS, { done: [{ fix: 'restart-api', outcome: 'not done, no login' }] }),
  ).toBe(`# Bitmain Antminer S19 Pro at 10.0.4.21

**It hashes (the pool saw its last share 42 s ago) and is deaf, which costs nothing yet. The API is blocked.**

Examined by Headframe from 2026-01-05 09:59:56 UTC on, for 4.0 s.

## Symptoms

- 4028 summary: took the connection, 0 bytes within 5.0 s
- The monitor says that it is offline
- its clock is 90 s ahead

## Machine

- **Model:** Bitmain Antminer S19 Pro
- **Firmware:** stock 2022-12-06
- **Known:** as remembered from when it answered
- **Address:** 10.0.4.21, API on port 4028
- **MAC:** 02:a1:b2:c3:d4:e5 (Bitmain)

## Cause

\`api.blocked\`, row 10 of the decision table, 90 % sure: The API of 10.0.4.21 is blocked: it takes connections and says nothing.

- Doubt: nobody looked who holds a connection
- Would change it: A reply after all connections are closed

## Network steps tried, and what came back

Each with its time (UTC), how long it took and how many bytes came; behind \`$\` what shows the same by hand.

\`\`\`text
> neighbour: 02:a1:b2:c3:d4:e5  [10:00:00, 3 ms, 0 bytes]
> pool: last share 42 s ago  [10:00:00, 3 ms, 0 bytes]
> seen  [10:00:00, 3 ms, 0 bytes]
$ echo '{"command":"summary"}' | nc 10.0.4.21 4028
> 4028 summary: took the connection, 0 bytes within 5.0 s  [10:00:01, 5000 ms, 0 bytes]
\`\`\`

## Ruled out

- \`network.filtered\`: port 4028 accepts connections

## Other steps tried

- Step 2: the monitor was restarted, no change
- restart-api: not done, no login

## Pool

- **Pool:** public-pool
- **Worker:** bc1q…dq.rig3
- **Hashrate:** 100.0 TH/s
- **Last share:** 42 s ago
- **Shares:** 900 accepted, 3 rejected (0.33 % rejected)

## Serial console

- **Read:** 200 lines, 9000 bytes
- **Errors:** squashfs error (2 times)
- **Starts:** 1, of them 0 that began anew before it was up
- **Came up:** as far as a login or the mining program

\`\`\`text
> SQUASHFS error: x
... and at its end:
> antminer login:
\`\`\`

## Not looked at

- SSH: no login over SSH was given

## Whom to ask

- **Ask:** Bitmain support (service.bitmain.com); for a control board also any bench that repairs them
- **Contact of the sender:** Ada, +44 20 0000
`);
});

describe('how to send it in', () => {
  const parcel = (diagnosis: Diagnosis) => reportOf(diagnosis).includes('about 150 x 80 mm');

  test('is told of a dead machine, and of one that answers not', () => {
    expect(parcel(diagnose(dead()))).toBe(true);
    expect(parcel(diagnose(failing('silent')))).toBe(false);
    expect(parcel(diagnose(examination()))).toBe(false);
  });

  test('has all of step 18', () => {
    const text = reportOf(diagnose(dead()));
    for (const words of [
      'anti-static bag',
      'bubble wrap',
      'double-walled',
      '5 cm of foam on every side',
      'fans out or padded',
      'PSU apart or padded',
      'not given: write it here',
    ])
      expect(text).toContain(words);
  });
});

test.each([
  ['braiins', 'Braiins support'],
  ['whatsminer', 'MicroBT support'],
  ['constructor', 'the maker of the machine'],
  [null, 'the maker of the machine'],
])('whom to ask about %s: %s', (family, words) => {
  const seenSo = examination();
  expect(reportOf(diagnose({ ...seenSo, subject: { ...seenSo.subject, family } }))).toContain(words);
});

/** A device that says what is meant for the reader of the report. */
function hostile(text: string): Diagnosis {
  const seenSo = failing('foreign', {
    page: page({ realm: text, title: text, server: text, stranger: text, isMiner: false }),
    neighbour: neighbour({ vendor: text }),
    pool: pool(42, { pool: text, worker: text }),
    uart: uart({ examples: { 'squashfs error': text }, patterns: { [text]: 2 }, lastLines: [text] }),
    told: { stepsTried: [text], contact: text },
    clockSkewS: { notSeen: text },
  });
  const api = seenSo.api.map((sight) => ({ ...sight, line: text, command: text }));
  const diagnosis = diagnose({
    ...seenSo,
    api,
    subject: { ...seenSo.subject, make: text, model: text, firmware: text, firmwareVersion: text },
  });
  return { ...diagnosis, remarks: [text], ruledOut: [{ code: 'healthy', why: text }] };
}

/** What of it is Markdown: without the blocks, in which nothing has a meaning. */
const outsideBlocks = (report: string) => report.replaceAll(/^```text\n[\s\S]*?\n```$/gm, '');

const KNOWN_TITLES = [
  'Symptoms',
  'Machine',
  'Cause',
  'Network steps tried, and what came back',
  'Ruled out',
  'Other steps tried',
  'Pool',
  'Serial console',
  'Not looked at',
  'Whom to ask',
  'Sending it in',
];

describe('what a hostile device says', () => {
  const TITLES =
    /^(?:#{1,2} .*|\*\*.*\*\*|```.*|[->$.] ?.*|Examined by .*|Each with .*|`[a-z.-]+`, .*|`[a-z.-]+`:.*|)$/;

  test('is no markup, no HTML, no link, no heading', () => {
    const text =
      '<script>alert(1)</script>\r\n# heading\n```\n| a | b | [x](http://evil.example) **b** _i_ `c` \u001b[2J&lt; ~~s~~ ![i](//e)';
    const report = reportOf(hostile(text));
    const outside = outsideBlocks(report);
    expect(outside).not.toMatch(/[<>]/);
    expect(outside).not.toMatch(/(?<!\\)[[\]|]/);
    expect(outside).not.toContain('://');
    expect(outside).not.toMatch(/^#+ heading/m);
    expect(outside).not.toContain('&lt; '.repeat(2));
    expect(report).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(report).toContain('&amp;lt;');
    const titles = [...report.matchAll(/^##* (.*)/gm)].map(([, title]) => title).slice(1);
    expect(titles.filter((title) => !KNOWN_TITLES.includes(title ?? ''))).toEqual([]);
    for (const line of report.split('\n')) expect(line).toMatch(TITLES);
  });

  test('ends no block, and brings no line of its own, whatever it is', () => {
    const word = fc.constantFrom(
      '`',
      '```',
      '\n',
      '\r',
      '\u2028',
      '#',
      '<b>',
      '|',
      '[a](b)',
      '\u001b[1m',
      '&',
      '*',
      '_',
      '\\',
      '~~~',
      '- ',
      '1. ',
      '\u202e',
      '\ud800',
      'text',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 40 }), (words, rest) => {
        const report = reportOf(hostile(words.join('') + rest));
        expect(report.isWellFormed()).toBe(true);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is left is what is tested.
        expect(report).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        for (const line of report.split('\n')) expect(line).toMatch(TITLES);
        expect(report.match(/^```/gm)?.length).toBe(4);
        expect(outsideBlocks(report)).not.toMatch(/[<>]/);
      }),
      { seed: 20_263, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });

  test('of 10 MB is cut', () => {
    expect(reportOf(hostile('x '.repeat(5_000_000))).length).toBeLessThan(60_000);
  });
});

describe('no secret is in a report', () => {
  const secrets = ['hunter2', 'Correct-Horse', WALLET, 'deadbeef0123456789deadbeef012345'];
  const extra: ReportExtra = { secrets: ['Correct-Horse'], done: [{ fix: 'x', outcome: 'gave Correct-Horse' }] };

  test.each([
    'password=hunter2',
    'curl -u root:hunter2 http://10.0.4.21',
    '"pass" : "hunter2"',
    `token deadbeef0123456789deadbeef012345 for ${WALLET}.rig1`,
    'said Correct-Horse twice: Correct-Horse',
    `${'word '.repeat(117)}${WALLET}`,
  ])('wherever "%s" stands', (text) => {
    const report = reportOf(hostile(text), extra);
    for (const secret of secrets) expect(report).not.toContain(secret);
    // Nor the larger part of it, by the place where a text is cut.
    expect(report).not.toContain(WALLET.slice(0, 12));
  });
});

test.each([
  ['# a', '\\# a'],
  ['- a', '\\- a'],
  ['1. a', '1\\. a'],
  ['restart_btminer _x_ a*b', 'restart_btminer \\_x\\_ a\\*b'],
  ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
  ['~~a~~ ~ b', '\\~~a\\~~ ~ b'],
])('%s is %s in Markdown', (text, escaped) => expect(inMarkdown(text)).toBe(escaped));
