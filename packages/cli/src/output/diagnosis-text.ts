import { FIXES, parseAddress } from '@headframe/client';
import { type Diagnosis, evidenceLines, type Step, type Verdict } from '@headframe/diagnosis';
import { type Examination, machineName, type Sight, wasSeen } from '@headframe/model';
import { oneLine, wrap } from './plain-text.ts';

/**
 * A diagnosis for the technician: what it costs and what it is, each cause with its reasons, the next steps, what was ruled
 * out, what could not be looked at, and the evidence with the command that shows the same by hand. At most 80 columns but for commands, which stay whole.
 * @param how `brief` ends behind the steps, for who has read the rest already
 */
export function diagnosisText(diagnosis: Diagnosis, how: 'whole' | 'brief' = 'whole'): string {
  const { remarks, ruledOut } = diagnosis;
  const parts = [
    head(diagnosis),
    ...diagnosis.verdicts.map((verdict) => cause(verdict, diagnosis.sentence)),
    steps(diagnosis),
    list('Remarks', remarks),
  ];
  if (how === 'whole') {
    const said = ruledOut.map(({ code, why }) => `${code}: ${why}`);
    parts.push(list('Ruled out', said), notLookedAt(diagnosis), evidence(diagnosis));
  }
  return parts.filter((part) => part !== '').join('\n');
}

function head({ address, sentence, examination: { subject } }: Diagnosis): string {
  const name = machineName(subject.make, subject.model) ?? 'unknown machine';
  const firmware = [subject.firmware, subject.firmwareVersion].filter((part) => part !== null).join(' ');
  const known = { read: '', remembered: ' (as remembered)', assumed: ' (taken for a cgminer)' }[subject.by];
  const title = [name, firmware].filter((part) => part !== '').join(', ');
  return `${oneLine(`${address}  ${title}${known}`)}\n${wrap(sentence, '')}`;
}

export const percent = (confidence: number): string => `${Math.round(confidence * 100)} %`;

/** Its sentence only where it was not said at the top. */
function cause({ code, row, confidence, sentence, because, doubts, wouldChange }: Verdict, said: string): string {
  const title = `${percent(confidence).padStart(5)}  ${code}${row === null ? '' : `  (row ${row} of the decision table)`}\n`;
  const inner = ' '.repeat(7);
  return [
    title,
    said.toLowerCase().includes(sentence.toLowerCase()) ? '' : wrap(`${sentence}.`, inner),
    ...because.map((line) => wrap(line, `${inner}+ `, `${inner}  `)),
    ...doubts.map((line) => wrap(line, `${inner}- `, `${inner}  `)),
    wrap(`What would change it: ${lowerFirst(wouldChange)}`, inner, `${inner}  `),
  ].join('');
}

/** A word that is written with a capital within a sentence too stays as it is: `SSH`, `AxeOS`. */
const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]* /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** The remedies of all causes, those of the first one first, no step twice. */
function steps({ address, verdicts, examination: { subject } }: Diagnosis): string {
  const all = new Map<string, Step>();
  for (const { remedy } of verdicts) for (const step of remedy) if (!all.has(step.text)) all.set(step.text, step);
  if (all.size === 0) return '';
  const isFixable = ({ fix }: Step) => fix !== null && (subject.by !== 'assumed' || !FIXES[fix].changes);
  const texts = [...all.values()].map((step, index) => stepText(step, index, isFixable(step)));
  const hint = [...all.values()].some(isFixable)
    ? wrap(`Steps marked with * can be done from here, each after a question: headframe doctor ${address} --fix`, '  ')
    : '';
  return `What to do\n${texts.join('')}${hint}`;
}

function stepText({ step, text, command, costs }: Step, index: number, isFixable: boolean): string {
  const inner = '      ';
  const source = step === null ? '' : ` (step ${step})`;
  const number = `${String(index + 1).padStart(3)}.${isFixable ? '*' : ' '} `;
  return [
    wrap(`${text}${source}`, number, inner),
    command === null ? '' : `${inner}$ ${oneLine(command)}\n`,
    wrap(costs === null ? 'Leaves the miner alone.' : `Costs: ${costs}.`, inner),
  ].join('');
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `${title}\n${lines.map((line) => wrap(line, '  ', '    ')).join('')}`;
}

/** What stands as a doubt above is not said again. */
function notLookedAt({ notSeen, verdicts }: Diagnosis): string {
  const doubts = new Set(verdicts.flatMap((verdict) => verdict.doubts));
  return list(
    'Not looked at',
    notSeen.filter((line) => !doubts.has(line)),
  );
}

const time = (at: number): string => {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

type Row = Omit<Sight<unknown>, 'value'>;

function evidence({ examination }: Diagnosis): string {
  const lines = evidenceLines(examination);
  const took = ((examination.to - examination.from) / 1000).toFixed(1);
  const rows = portsTogether(lines, examination).map(({ at, ms, bytes, line, command }) => {
    const figures = `${time(at)} ${String(Math.round(ms)).padStart(6)} ms ${String(bytes).padStart(6)} B  `;
    const indent = ' '.repeat(figures.length + 2);
    return `${wrap(line, `  ${figures}`, indent)}${command === null ? '' : `${' '.repeat(12)}$ ${oneLine(command)}\n`}`;
  });
  return `Evidence (${lines.length} looks in ${took} s)\n${rows.join('')}`;
}

const hostOf = (address: string): string => parseAddress(address).host;

const CLOSED = { refused: 'refused: nothing listens', 'timed-out': 'no answer', unreachable: 'unreachable' } as const;

/** Ports that nobody expects anything of and that ended alike are one row: they are most of an examination. */
function portsTogether(lines: readonly Row[], { ports, subject }: Examination): Row[] {
  const rows: Row[] = [...lines];
  for (const [is, words] of Object.entries(CLOSED)) {
    const alike = Object.entries(ports).flatMap(([port, look]) =>
      wasSeen(look) && look.value === is && Number(port) !== 0 && Number(port) !== subject.apiPort
        ? [{ port, look }]
        : [],
    );
    const [first] = alike;
    if (first === undefined || alike.length < 2) continue;
    const isTaken = ({ at, line }: Row) => alike.some(({ look }) => look.line === line && look.at === at);
    const at = rows.findIndex(isTaken);
    const together = {
      ...first.look,
      ms: Math.max(...alike.map(({ look }) => look.ms)),
      line: `${alike.map(({ port }) => port).join(', ')}: ${words}`,
      command: `nmap -Pn -p ${alike.map(({ port }) => port).join(',')} ${hostOf(subject.address)}`,
    };
    rows.splice(
      0,
      rows.length,
      ...rows.flatMap((row, index) => (index === at ? [together] : isTaken(row) ? [] : [row])),
    );
  }
  return rows;
}
