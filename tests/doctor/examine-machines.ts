import { type ExamineOptions, examine, poolReader, type Remembered, vantageOf } from '@headframe/client';
import { diagnose, evidenceLines } from '@headframe/diagnosis';
import { startPool } from '@headframe/simulator';
import type { Errand, Finding } from './in-network.ts';

/* The technician's computer of a network namespace: examines what stands on standard input, prints a finding for each. */

const AT_ONCE = 64;
const HOUR_MS = 3_600_000;
const clock = { now: () => Date.now() };

const pools = new Map<string, string>();
/** A pool of one worker: a share each five seconds until now, or none for two hours. */
async function poolUrl(kind: 'fresh' | 'gone'): Promise<string> {
  const known = pools.get(kind);
  if (known !== undefined) return known;
  const since = kind === 'fresh' ? 5_000 : 2 * HOUR_MS;
  const machine = {
    work: (now: number) => [
      {
        url: 'stratum+tcp://pool.example:3333',
        worker: 'account.rig',
        accepted: Math.floor(now / 5_000),
        rejected: 0,
        difficulty: 65_536,
        lastShareAt: now - since,
        hashrateHs: 100e12,
      },
    ],
  };
  const pool = await startPool({ kind: 'ckpool', address: '127.0.0.1', machines: () => [machine], clock });
  pools.set(kind, pool.url);
  return pool.url;
}

async function optionsFor({ pool, family, remembered, expectedMac, vantage }: Errand): Promise<ExamineOptions> {
  const notes: Remembered = {
    firmware: { before: null, now: 'as ever', changedAt: null },
    lastAnswerAt: Date.now() - HOUR_MS,
    lastUptimeS: 20 * 3600,
    failures: [],
    mac: null,
    address: null,
    pollEveryS: 30,
    subject: { family, make: null, model: null, firmware: null },
    ...remembered,
  } as Remembered;
  return {
    history: { recall: () => notes, remember: () => {} },
    ...(expectedMac === undefined ? {} : { expectedMac }),
    ...(vantage === undefined ? {} : { vantage: vantage.map(vantageOf) }),
    ...(pool === null
      ? {}
      : { pool: poolReader({ pool: 'ckpool', url: await poolUrl(pool), account: 'account', worker: 'rig' }) }),
    // A dead board of an Elphapex cannot be told from a locked one without its login.
    ...(family === 'elphapex' ? { credentials: { username: 'root', password: 'root' } } : {}),
  };
}

async function find(errand: Errand): Promise<Finding> {
  const { address, family } = errand;
  const began = performance.now();
  const { verdicts, sentence, urgency, examination } = diagnose(await examine(address, await optionsFor(errand)));
  const [first, ...others] = verdicts;
  return {
    address,
    family,
    code: first?.code ?? 'none',
    confidence: first?.confidence ?? 0,
    sentence,
    urgency,
    others: others.map(({ code }) => code),
    evidence: evidenceLines(examination).map(({ line }) => line),
    ms: Math.round(performance.now() - began),
  };
}

let text = '';
for await (const part of process.stdin) text += part;
const waiting = JSON.parse(text) as Errand[];
const work = async (): Promise<void> => {
  for (let errand = waiting.shift(); errand !== undefined; errand = waiting.shift()) {
    process.stdout.write(`${JSON.stringify(await find(errand))}\n`);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
process.exit(0);
