import { type CredentialSource, connect, type Plan, wordsOf } from '@headframe/client';
import { asHeadframeError, ERRORS, type ErrorCode, HeadframeError, type Outcome } from '@headframe/model';
import { atOnce } from '../at-once.ts';
import { credentialsFrom, withLogin } from '../credentials-option.ts';
import { type GivenWords, parametersFrom, splitWords } from '../do-words.ts';
import { secondsAsMs, wholeNumber } from '../options.ts';
import { outcomeLine, saveDownload } from '../output/outcome-text.ts';
import { json, manyLines } from '../output/plain-text.ts';
import { Progress } from '../output/progress.ts';
import { reportError } from '../output/report-error.ts';
import { ask, isAsking } from '../prompt.ts';
import { sessionFile } from '../session-file.ts';

interface DoOptions {
  dryRun?: boolean;
  yes?: boolean;
  guarded?: string;
  takeOver?: boolean;
  tryDefaults?: boolean;
  atOnce: string;
  into: string;
  timeout: string;
  credentials?: string;
  json?: boolean;
}

interface Planned {
  readonly address: string;
  readonly plan: Plan;
}

/** `headframe do`: shows what would be sent, asks, does it. The exit code is that of the first machine that is not done. */
export async function doCommand(words: readonly string[], options: DoOptions): Promise<number> {
  const asked = splitWords(words);
  const most = wholeNumber(options.atOnce, '--at-once', 1, 1000);
  const work = new Work(asked, options);
  await atOnce(most, asked.addresses, (address) => work.prepare(address));
  if (work.planned.length === 0) return work.exitCode;
  // One that cannot be done keeps the others from being done only where somebody can look at it first.
  if (options.dryRun === true) {
    for (const { plan } of work.planned) printDryRun(plan, options.json === true);
    return work.exitCode;
  }
  await work.confirm();
  await work.run(most);
  return work.exitCode;
}

class Work {
  readonly planned: Planned[] = [];
  exitCode = 0;
  readonly #asked: GivenWords;
  readonly #options: DoOptions;
  readonly #timeoutMs: number;
  /** Read once, however many machines there are. */
  readonly #credentials: CredentialSource;
  #guarded: string | undefined;
  readonly #sessions = sessionFile();

  constructor(asked: GivenWords, options: DoOptions) {
    this.#asked = asked;
    this.#options = options;
    this.#guarded = options.guarded;
    this.#timeoutMs = secondsAsMs(options.timeout, '--timeout', 0.1, 600);
    this.#credentials = credentialsFrom(options.credentials);
  }

  #fail(error: HeadframeError): void {
    this.exitCode = this.exitCode === 0 ? error.exitCode : this.exitCode;
    reportError(error, this.#options.json === true);
  }

  async prepare(address: string): Promise<void> {
    const timeoutMs = this.#timeoutMs;
    try {
      const plan = await withLogin(this.#credentials, async (credentials) => {
        const tryDefaults = this.#options.tryDefaults === true;
        const miner = await connect(address, { credentials, timeoutMs, tryDefaults, sessions: this.#sessions });
        for (const { code, detail } of miner.findings) process.stderr.write(`${address}: ${code}: ${detail}.\n`);
        const parameters = await parametersFrom(this.#asked, miner);
        return miner.plan(this.#asked.action, parameters);
      });
      this.planned.push({ address, plan });
    } catch (error) {
      this.#fail(asHeadframeError(error, { address }));
    }
  }

  /** What will happen, and a yes. @throws HeadframeError `usage/invalid` when nobody can be asked */
  async confirm(): Promise<void> {
    const { yes = false } = this.#options;
    if (this.#options.json !== true) process.stderr.write(this.#preview());
    const guarded = this.planned.find(({ plan }) => plan.guarded !== null);
    if (guarded !== undefined && this.planned.length > 1) {
      const detail = `${wordsOf(this.#asked.action)} is guarded, and goes to one machine at a time; nothing was sent`;
      throw new HeadframeError('usage/not-allowed', { detail });
    }
    if (guarded !== undefined && this.#guarded === undefined && isAsking()) {
      this.#guarded = await ask(`Type the address of the machine (${guarded.plan.address}) to go on: `);
      return;
    }
    if (yes || guarded !== undefined) return;
    if (!isAsking()) {
      const detail = `${wordsOf(this.#asked.action)} changes the machine: say --yes to do it without being asked; nothing was sent`;
      throw new HeadframeError('usage/invalid', { detail, next: 'To see what would be sent: --dry-run.' });
    }
    const machines = this.planned.length === 1 ? '' : ` on ${this.planned.length} machines`;
    const answer = await ask(`Do this${machines}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw new HeadframeError('usage/invalid', { detail: 'Nothing was sent' });
    }
  }

  /** The first whole; of the others, which differ from it in little, the address. */
  #preview(): string {
    const [first, ...others] = this.planned;
    const text = `${manyLines(first?.plan.preview ?? '')}\n`;
    if (others.length === 0) return text;
    return `${text}  and ${others.length} more: ${others.map(({ plan }) => plan.address).join(', ')}\n`;
  }

  async run(most: number): Promise<void> {
    const end = new AbortController();
    const interrupt = () => end.abort();
    process.once('SIGINT', interrupt);
    const progress = new Progress();
    let done = 0;
    try {
      await atOnce(most, this.planned, async ({ address, plan }) => {
        try {
          const outcome = await plan.run({
            signal: end.signal,
            takeOver: this.#options.takeOver === true,
            ...(this.#guarded === undefined ? {} : { guarded: { typedAddress: this.#guarded } }),
            onProgress: ({ phase, step, steps, sentBytes, ofBytes }) => {
              const [part, whole] =
                ofBytes === undefined || sentBytes === undefined ? [step, steps] : [sentBytes, ofBytes];
              const many = this.planned.length > 1;
              progress.draw(many ? done : part, many ? this.planned.length : whole, many ? `${done} done` : phase);
            },
          });
          progress.clear();
          this.#tell(address, outcome);
        } catch (error) {
          progress.clear();
          this.#fail(asHeadframeError(error, { address }));
        }
        done++;
      });
    } finally {
      process.off('SIGINT', interrupt);
      progress.clear();
    }
  }

  #tell(address: string, outcome: Outcome): void {
    const { download, ...told } = outcome;
    const file = download === undefined ? undefined : saveDownload(this.#options.into, address, download);
    if (this.#options.json === true) {
      const action = wordsOf(this.#asked.action);
      process.stdout.write(`${json({ address, action, ...told, ...(file === undefined ? {} : { file }) })}\n`);
    } else process.stdout.write(outcomeLine(address, outcome, file));
    const code = exitCodeOf(outcome);
    this.exitCode = this.exitCode === 0 ? code : this.exitCode;
  }
}

/** Not done, though a read could have shown it, is the device's; what nothing can show counts as well as it can. */
function exitCodeOf({ result, error }: Outcome): number {
  if (result === 'done' || (result === 'accepted-unverified' && error === undefined)) return 0;
  return ERRORS[(error?.code ?? 'device/refused') as ErrorCode].exitCode;
}

function printDryRun(plan: Plan, asJson: boolean): void {
  const { address, name, requests } = plan;
  if (asJson) process.stdout.write(`${json({ address, action: wordsOf(name), dryRun: true, requests })}\n`);
  else process.stdout.write(`${manyLines(`${plan.preview}\n`)}Nothing was sent.\n`);
}
