import { type Examination, formatHashrate, type PoolView, seenValue, type UartSeen } from '@headframe/model';
import { evidenceLines } from './evidence-lines.ts';
import { asBlock, asCode, inMarkdown } from './markdown-text.ts';
import { duration, plainText } from './plain-text.ts';
import { redacted } from './redacted.ts';
import type { Diagnosis, Verdict } from './rule.ts';
import { UPDATE_TOLD } from './rules/firmware-update-broke-api.ts';
import { whomToAsk } from './whom-to-ask.ts';

/** What an examination does not know. */
export interface ReportExtra {
  /** How the sender can be reached; what was told with the examination if absent. */
  readonly contact?: string;
  /** What was done about it since, each with what came of it. */
  readonly done?: readonly { readonly fix: string; readonly outcome: string }[];
  /** What must not stand in it anywhere, such as the password that was given. */
  readonly secrets?: readonly string[];
}

/** Rows of the decision table after which a board goes to somebody else. */
const ROWS_OF_REPAIR = [19, 20, 21];
const MOST_EVIDENCE = 200;
const MOST_SYMPTOMS = 12;
/** Of a text that is longer nothing is looked at behind this. */
const LONGEST_READ = 10_000;

/**
 * The packet of step 18 as Markdown: what to hand to whoever is asked for help. Holds no password, token or wallet, and
 * nothing of what a device said of itself has a meaning in it.
 */
export function reportOf(diagnosis: Diagnosis, extra: ReportExtra = {}): string {
  // First whole, then cut: half a secret is none that can be told.
  const clean = (text: string, longest?: number): string =>
    plainText(redacted(plainText(text, LONGEST_READ), extra.secrets), longest);
  const prose = (text: string, longest?: number): string => inMarkdown(clean(text, longest));
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${prose(line)}\n`).join('');
  const { examination: seen, verdicts } = diagnosis;

  const sections: (readonly [title: string, body: string])[] = [
    ['Symptoms', list(symptoms(diagnosis))],
    ['Machine', facts(machine(seen), prose)],
    ['Cause', verdicts.map((verdict) => cause(verdict, prose)).join('\n')],
    ['Network steps tried, and what came back', captured(seen, clean)],
    ['Ruled out', diagnosis.ruledOut.map(({ code, why }) => `- ${asCode(code)}: ${prose(why)}\n`).join('')],
    ['Other steps tried', list(stepsTried(seen, extra))],
    ['Pool', facts(poolFacts(seenValue(seen.pool)), prose)],
    ['Serial console', serialConsole(seenValue(seen.uart), prose, clean)],
    ['Not looked at', list(diagnosis.notSeen)],
    ['Whom to ask', facts(whom(seen, extra), prose)],
    ['Sending it in', ROWS_OF_REPAIR.includes(verdicts[0]?.row ?? 0) ? PARCEL : ''],
  ];
  const { make, model } = seen.subject;
  const name = [make, model].filter((part) => part !== null && part !== '').join(' ') || 'Unknown machine';
  const took = ((seen.to - seen.from) / 1000).toFixed(1);
  return [
    `# ${prose(name)} at ${prose(diagnosis.address)}\n`,
    `**${prose(diagnosis.sentence, 900)}**\n`,
    `Examined by Headframe from ${time(seen.from)} UTC on, for ${took} s.\n`,
    ...sections.filter(([, body]) => body !== '').map(([title, body]) => `## ${title}\n\n${body}`),
  ].join('\n');
}

type Clean = (text: string, longest?: number) => string;
type Fact = readonly [name: string, value: string | null];

const facts = (rows: readonly Fact[], prose: Clean): string =>
  rows.map(([name, value]) => (value === null || value === '' ? '' : `- **${name}:** ${prose(value)}\n`)).join('');

/** `2026-01-05 10:00:00`; what is no time of day on a calendar is told as it is. */
function time(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** What was observed; what follows from it is the cause. */
function symptoms({ verdicts, remarks, examination: { told } }: Diagnosis): string[] {
  const observed = new Set(verdicts.flatMap(({ because }) => because));
  return [
    ...[...observed].slice(0, MOST_SYMPTOMS),
    ...(told.monitorSaysOffline === true ? ['The monitor says that it is offline'] : []),
    ...(told.firmwareUpdated === true && !observed.has(UPDATE_TOLD) ? [UPDATE_TOLD] : []),
    ...remarks,
  ];
}

function machine({ subject, neighbour, uptimeS, history }: Examination): Fact[] {
  const near = seenValue(neighbour);
  const mac = near?.mac ?? near?.expectedMac ?? seenValue(history)?.mac ?? null;
  const before = seenValue(history)?.firmware.before ?? null;
  const uptime = seenValue(uptimeS);
  const known = {
    read: 'read now',
    remembered: 'as remembered from when it answered',
    assumed: 'nobody knows what it is',
  };
  return [
    ['Model', subject.model === null ? 'not known' : [subject.make, subject.model].filter(Boolean).join(' ')],
    ['Firmware', [subject.firmware, subject.firmwareVersion].filter(Boolean).join(' ') || 'not known'],
    ['Firmware before', before === subject.firmwareVersion ? null : before],
    ['Known', known[subject.by]],
    ['Address', `${subject.address}, API on port ${subject.apiPort}`],
    ['MAC', mac === null ? null : `${mac}${near?.mac === mac && near.vendor !== null ? ` (${near.vendor})` : ''}`],
    ['Up for', uptime === null ? null : duration(uptime)],
  ];
}

function cause({ code, row, confidence, sentence, doubts, wouldChange }: Verdict, prose: Clean): string {
  const source = row === null ? '' : `, row ${row} of the decision table`;
  return [
    `${asCode(code)}${source}, ${Math.round(confidence * 100)} % sure: ${prose(sentence)}.\n\n`,
    ...doubts.map((line) => `- Doubt: ${prose(line)}\n`),
    `- Would change it: ${prose(wouldChange)}\n`,
  ].join('');
}

/** Every line has a prefix of ours, so that no text of a device can end the block. */
function captured(seen: Examination, clean: Clean): string {
  const lines = evidenceLines(seen);
  const shown = lines
    .slice(0, MOST_EVIDENCE)
    .flatMap(({ at, ms, bytes, line, command }) => [
      ...(command === null ? [] : [`$ ${clean(command)}`]),
      `> ${clean(line)}  [${time(at).slice(11)}, ${Math.round(ms)} ms, ${bytes} bytes]`,
    ]);
  if (shown.length === 0) return '';
  const more = lines.length - MOST_EVIDENCE;
  return `Each with its time (UTC), how long it took and how many bytes came; behind \`$\` what shows the same by hand.\n\n${asBlock(
    more > 0 ? [...shown, `> ${more} more`] : shown,
  )}`;
}

function stepsTried({ told }: Examination, { done = [] }: ReportExtra): string[] {
  return [
    ...(told.stepsTried ?? []),
    ...(told.reflashFailed === true ? ['Reflash by SD card or eMMC (step 16): it did not bring the boot back'] : []),
    ...done.map(({ fix, outcome }) => `${fix}: ${outcome}`),
  ];
}

function poolFacts(pool: PoolView | null): Fact[] {
  if (pool === null) return [];
  const { accepted, rejected } = pool;
  const all = (accepted ?? 0) + (rejected ?? 0);
  const ratio =
    accepted === null || rejected === null || all === 0 ? '' : ` (${((100 * rejected) / all).toFixed(2)} % rejected)`;
  return [
    ['Pool', pool.pool],
    ['Worker', pool.worker],
    ['Hashrate', pool.hashrateHs === null ? 'not told' : formatHashrate(pool.hashrateHs)],
    [
      'Last share',
      pool.lastShareAgeS === null ? 'the pool does not know the worker' : `${duration(pool.lastShareAgeS)} ago`,
    ],
    [
      'Shares',
      accepted === null && rejected === null
        ? 'not told'
        : `${accepted ?? '?'} accepted, ${rejected ?? '?'} rejected${ratio}`,
    ],
  ];
}

function serialConsole(uart: UartSeen | null, prose: Clean, clean: Clean): string {
  if (uart === null) return '';
  if (uart.isSilent) return `- ${prose(`Silent at 115200 baud (${uart.bytes} bytes, no line that can be read)`)}\n`;
  const found = Object.entries(uart.patterns).filter(([, count]) => count > 0);
  const lines = [
    ...Object.values(uart.examples).map((line) => `> ${clean(line, 160)}`),
    ...(uart.lastLines.length === 0 ? [] : ['... and at its end:']),
    ...uart.lastLines.map((line) => `> ${clean(line, 160)}`),
  ];
  return [
    facts(
      [
        ['Read', `${uart.lines} lines, ${uart.bytes} bytes`],
        ['Errors', found.map(([pattern, count]) => `${pattern} (${count} times)`).join(', ') || 'none of row 20'],
        [
          'Starts',
          uart.starts === 0 ? null : `${uart.starts}, of them ${uart.brokenStarts} that began anew before it was up`,
        ],
        ['Came up', uart.booted ? 'as far as a login or the mining program' : 'no'],
      ],
      prose,
    ),
    lines.length === 0 ? '' : `\n${asBlock(lines)}`,
  ].join('');
}

function whom({ subject, told }: Examination, { contact }: ReportExtra): Fact[] {
  return [
    ['Ask', `${whomToAsk(subject.family)}; for a control board also any bench that repairs them`],
    ['Contact of the sender', contact ?? told.contact ?? 'not given: write it here before it is sent'],
  ];
}

/** Step 18 (T-55, T-56, T-57). */
const PARCEL = `- Control board alone (about 150 x 80 mm): anti-static bag, bubble wrap, small box.
- Whole unit: its original box, or a double-walled one with 5 cm of foam on every side; fans out or padded, PSU apart or padded.
- Put this report in, with the contact filled in: it has the symptoms, the firmware version, the network steps and their output.
- Without equipment or confidence leave the repair to professionals: more damage is possible.
`;
