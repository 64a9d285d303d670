import { writeFile } from 'node:fs/promises';
import { formatAddress, parseTargets } from '@headframe/client';
import { type Diagnosis, groupDiagnoses, reportOf } from '@headframe/diagnosis';
import { HeadframeError } from '@headframe/model';
import type { Treated } from '../doctor-fix.ts';
import { type DoctorSettings, type DoctorWords, examineOptionsFrom } from '../doctor-options.ts';
import { watchMachines } from '../doctor-watch.ts';
import { Examinations } from '../examinations.ts';
import { secondsAsMs, wholeNumber } from '../options.ts';
import { diagnosisText } from '../output/diagnosis-text.ts';
import { incidentsText } from '../output/incidents-text.ts';
import { json } from '../output/plain-text.ts';

interface DoctorOptions extends DoctorWords {
  json?: boolean;
  report?: string;
  watch?: boolean | string;
  fix?: boolean;
  full?: boolean;
  atOnce: string;
}

/** Something is wrong with at least one machine, or there was none. */
const ILL = 1;
const INTERRUPTED = 130;
/** Between two looks of `--watch`, s. */
const WATCH_EVERY = '30';

/**
 * `headframe doctor`: why machines do not answer. The exit code is 0 where all are healthy, 1 where one is not, and that of
 * the first error where one could not be examined.
 */
export async function doctorCommand(addresses: readonly string[], options: DoctorOptions): Promise<number> {
  const targets = [...parseTargets(addresses)].map(({ host, port }) => formatAddress(host, port));
  const most = wholeNumber(options.atOnce, '--at-once', 1, 1000);
  await mustGoTogether(options, targets.length);
  const everyMs = options.watch === undefined ? null : secondsAsMs(wordOf(options.watch), '--watch', 1, 86_400);
  const settings = await examineOptionsFrom(options);
  const end = new AbortController();
  const interrupt = () => end.abort();
  process.once('SIGINT', interrupt);
  try {
    const examination = new Examinations(
      { targets, named: singled(addresses), most, settings, json: options.json === true },
      end.signal,
    );
    if (everyMs !== null) return await watchMachines(examination, everyMs, options.json === true, end.signal);
    return await once(examination, options, settings, end.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function once(
  examinations: Examinations,
  options: DoctorOptions,
  settings: DoctorSettings,
  signal: AbortSignal,
): Promise<number> {
  const { diagnoses, empty } = await examinations.run();
  const isCut = signal.aborted;
  print(diagnoses, options, empty, examinations.count);
  if (isCut) process.stderr.write('Interrupted: what was not examined by then is left out.\n');
  let treated: readonly Treated[] = diagnoses.map((diagnosis) => ({ diagnosis, done: [], secrets: [] }));
  if (options.fix === true && !isCut) {
    const { offerFixes } = await import('../doctor-fix.ts');
    treated = await offerFixes(diagnoses, settings.optionsOf, signal);
  }
  if (options.report !== undefined && treated.length > 0)
    await report(treated, options.report, options.contact, settings);
  if (isCut) return INTERRUPTED;
  if (examinations.exitCode !== 0) return examinations.exitCode;
  return treated.length > 0 && treated.every(({ diagnosis }) => diagnosis.urgency === 'healthy') ? 0 : ILL;
}

const wordOf = (watch: boolean | string): string => (typeof watch === 'string' ? watch : WATCH_EVERY);

/** @throws HeadframeError `usage/invalid` for options that do not go with each other, or with several machines */
async function mustGoTogether(options: DoctorOptions, machines: number): Promise<void> {
  const { fix, watch, report: file, uartLog, expectMac } = options;
  const wrong = (detail: string) => new HeadframeError('usage/invalid', { detail });
  if (fix === true && options.json === true)
    throw wrong('--fix asks a person, and --json is for a program: give one of them');
  if (watch !== undefined && (fix === true || file !== undefined)) {
    throw wrong('--watch only looks: --fix and --report go without it');
  }
  if (machines > 1 && uartLog !== undefined) throw wrong('--uart-log is the log of one machine: give one address');
  if (machines > 1 && expectMac !== undefined) throw wrong('--expect-mac is the MAC of one machine: give one address');
  if (uartLog === '-' && (fix === true || watch !== undefined)) {
    throw wrong('The standard input is read once: with --fix or --watch give --uart-log a file');
  }
  if (fix === true) (await import('../doctor-fix.ts')).somebodyToAsk();
}

/** Addresses that were given one by one: of those it is told that nobody answers; empty ones of a range are counted. */
function singled(addresses: readonly string[]): ReadonlySet<string> {
  const words = addresses
    .flatMap((word) => word.split(/[\s,]+/))
    .filter((word) => word !== '' && !word.startsWith('!'));
  const single = words.map((word) => parseTargets(word)).filter(({ count }) => count === 1);
  return new Set(single.flatMap((targets) => [...targets].map(({ host, port }) => formatAddress(host, port))));
}

function print(diagnoses: readonly Diagnosis[], options: DoctorOptions, empty: number, asked: number): void {
  const [only] = diagnoses;
  if (options.json === true) {
    if (asked === 1) return void (only !== undefined && process.stdout.write(`${json(only, 2)}\n`));
    for (const diagnosis of diagnoses) process.stdout.write(`${json(diagnosis)}\n`);
    const incidents = groupDiagnoses(diagnoses).map(({ diagnoses: _, ...incident }) => incident);
    process.stdout.write(`${json({ examined: diagnoses.length, empty, incidents })}\n`);
    return;
  }
  if (only !== undefined && diagnoses.length === 1) process.stdout.write(diagnosisText(only));
  else if (asked > 1) {
    if (options.full === true) process.stdout.write(diagnoses.map((one) => `${diagnosisText(one)}\n`).join(''));
    process.stdout.write(incidentsText(groupDiagnoses(diagnoses), diagnoses.length));
  }
  if (empty > 0) {
    const where = empty === 1 ? '1 further address' : `${empty.toLocaleString('en-US')} further addresses`;
    process.stderr.write(`At ${where} nobody answers, and nobody is known to have been there.\n`);
  }
}

/** Of several machines, those that are not healthy. @throws HeadframeError `usage/invalid` when it cannot be written */
async function report(
  treated: readonly Treated[],
  path: string,
  contact: string | undefined,
  { secretsOf }: DoctorSettings,
): Promise<void> {
  const ill = treated.filter(({ diagnosis, done }) => diagnosis.urgency !== 'healthy' || done.length > 0);
  const reports = (ill.length === 0 ? treated : ill).map(({ diagnosis, done, secrets }) => {
    const given = secretsOf(diagnosis.address, diagnosis.examination.subject.family);
    return reportOf(diagnosis, {
      done,
      secrets: [...secrets, ...given],
      ...(contact === undefined ? {} : { contact }),
    });
  });
  try {
    await writeFile(path, reports.join('\n---\n\n'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    const detail = `The report cannot be written to ${path} (${code}); what was found stands above`;
    throw new HeadframeError('usage/invalid', { detail }, error);
  }
  const of = reports.length === 1 ? '' : ` of ${reports.length} machines`;
  process.stderr.write(`The report${of} is in ${path}.\n`);
}
