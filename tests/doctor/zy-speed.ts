import { examine, type Remembered } from '@headframe/client';
import { simulators } from '@headframe/families/sim';
import { serveDevice } from '@headframe/simulator';
import { mainOf } from './case.ts';
const kinds = (process.argv[2] ?? 'none').split(',');
const only = process.argv[3]?.split(',');
const atOnce = Number(process.argv[4] ?? 1);
const clock = { now: () => Date.now() };
const jobs: (() => Promise<void>)[] = [];
let i = 0;
for (const kind of kinds) for (const sim of simulators) {
  if (only && only[0] !== 'all' && !only.includes(sim.id)) continue;
  const profiles = process.env.ALL ? sim.profiles : sim.profiles.slice(0, 1);
  for (const profile of profiles) {
  const n = ++i;
  jobs.push(async () => {
    const address = `127.96.${Math.floor(n / 250)}.${(n % 250) + 1}`;
    const device = profile.create({ seed: n + Number(process.env.SEED ?? 0), poweredAt: Date.now() - 20 * 3600_000 });
    const over = process.env.WHOLE ? undefined : mainOf(device);
    const served = await serveDevice(device, { address, clock, faults: kind === 'none' ? [] : [{ kind, ...(over ? { over } : {}), atPercent: 50, bytes: 300, everyMs: 100, status: 401, sharesToo: 0 } as never], seed: n });
    const { family, make, model, firmware } = profile.label;
    const notes: Remembered = { firmware: { before: null, now: 'x', changedAt: null }, lastAnswerAt: clock.now() - 3600_000, lastUptimeS: 20 * 3600, failures: [], mac: null, pollEveryS: 30, subject: { family, make, model, firmware } } as never;
    const b = performance.now();
    const e = await examine(address, process.env.KNOWN ? { history: { recall: () => notes, remember: () => {} } } : {});
    const ms = performance.now() - b;
    const samples = 'notSeen' in e.samples ? e.samples.notSeen : `${e.samples.value.count}/${e.samples.value.spanS}s`;
    console.log(kind.padEnd(16), sim.id.padEnd(12), profile.name.padEnd(28), Math.round(ms), 'samples', samples, process.env.V ? e.api.concat(e.again).map((a) => `\n      ${a.line}`).join('') : '');
    if (process.env.V) for (const k of ['own','ping','neighbour','page'] as const) console.log('     ', k, 'ms' in e[k] ? (e[k] as {ms:number}).ms : e[k]);
    await served.close();
  });
  }
}
await Promise.all(Array.from({ length: atOnce }, async () => { for (let j = jobs.shift(); j; j = jobs.shift()) await j(); }));
process.exit(0);
