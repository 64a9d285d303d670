import { run as help } from './help.ts';
import { run as lenient } from './lenient.ts';
import type { BenchRow } from './measure.ts';
import { run as memory } from './memory.ts';
import { run as poll } from './poll.ts';
import { run as whatsminer } from './whatsminer.ts';

/** What is measured, by name; `node bench/main.ts lenient` runs one of them. */
const BENCHES: Readonly<Record<string, () => Promise<BenchRow[]>>> = { help, lenient, whatsminer, poll, memory };

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

let over = 0;
for (const [name, run] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  for (const row of await run()) {
    const value = (number: number) => `${number.toFixed(2)} ${row.unit}`.padStart(10);
    const verdict = row.ratio <= row.limit ? 'ok  ' : 'OVER';
    if (row.ratio > row.limit) over++;
    console.log(
      `  ${verdict} ${value(row.ratio)} ${value(row.limit)}  ${row.name}${row.detail ? `  (${row.detail})` : ''}`,
    );
  }
}
if (over > 0) {
  console.error(`\n${over} over the limit`);
  process.exitCode = 1;
}
