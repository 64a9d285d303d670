import type { Diagnosis } from '@headframe/diagnosis';
import type { Examinations } from './examinations.ts';
import { percent } from './output/diagnosis-text.ts';
import { json, oneLine } from './output/plain-text.ts';

/** Looks again and again, and tells the first state of each machine and then what changes. Ctrl-C ends it. */
export async function watchMachines(
  examinations: Pick<Examinations, 'run'>,
  everyMs: number,
  asJson: boolean,
  signal: AbortSignal,
): Promise<number> {
  process.stderr.write(`Looks every ${everyMs / 1000} s and tells what changes; Ctrl-C ends it.\n`);
  const last = new Map<string, Diagnosis>();
  while (!signal.aborted) {
    const next = performance.now() + everyMs;
    const { diagnoses } = await examinations.run(new Set(last.keys()));
    for (const diagnosis of diagnoses) {
      const line = changeText(last.get(diagnosis.address) ?? null, diagnosis);
      if (line === null) continue;
      last.set(diagnosis.address, diagnosis);
      process.stdout.write(asJson ? `${json(diagnosis)}\n` : `${new Date().toISOString().slice(0, 19)}Z  ${line}\n`);
    }
    await until(next, signal);
  }
  return 0;
}

/** Null: it is as it was. */
export function changeText(before: Diagnosis | null, now: Diagnosis): string | null {
  const [was, is] = [before?.verdicts[0]?.code, now.verdicts[0]?.code];
  if (before !== null && was === is && before.urgency === now.urgency) return null;
  const how = now.urgency === 'healthy' ? '' : ` (${percent(now.verdicts[0]?.confidence ?? 0)})`;
  const states = before === null || was === is ? `${is}${how}` : `${was} -> ${is}${how}`;
  return oneLine(`${now.address}  ${states}  ${now.sentence}`);
}

const until = (time: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, Math.max(0, time - performance.now()));
    signal.addEventListener('abort', over);
  });
