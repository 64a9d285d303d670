import { simulators } from '@headframe/families/sim';
import { serveDevice } from '@headframe/simulator';
import type { PlacedMachine } from './in-network.ts';

/* The miners of a network namespace: serves what stands on standard input, says `ready`, and ends when it is told to. */

let text = '';
for await (const part of process.stdin) text += part;
const clock = { now: () => Date.now() };
for (const { address, family, profile: name, seed, uptimeMs } of JSON.parse(text) as PlacedMachine[]) {
  const profile = simulators.find(({ id }) => id === family)?.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`no ${family} ${name}`);
  await serveDevice(profile.create({ seed, poweredAt: Date.now() - uptimeMs }), { address, clock, seed });
}
process.stdout.write('ready\n');
setInterval(() => {}, 60_000);
