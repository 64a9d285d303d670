import { askBoth } from './ask-commands.ts';
import { closeWith } from './closing.ts';
import { controlBoth } from './control-machines.ts';
import { CONTROLS } from './controls.ts';
import { EXPLAINED } from './explained.ts';
import { callForeign } from './foreign-grpc.ts';
import { judge } from './judge.ts';
import { type Machine, profiles, READ_AT, startMachine } from './machines.ts';
import { PEERS, PeerProcess } from './peer-process.ts';
import { readBoth } from './read-machines.ts';
import { closingLine, evidenceOf, reasonsOf, sumsOf, tableOf } from './report.ts';
import type { Row } from './rows.ts';
import { CannotRun, scratchPython } from './scratch.ts';

/*
 * Peer clients on our simulators: pyasic and pyasic_rs identify, read and control every simulated machine, our client
 * does the same, and both must get the same; grpcio, which knows no miner, calls what it finds by server reflection. `npm run interop [-- part of a machine's name]`; with CI=true a suite that
 * cannot run is a failure.
 */

const [only = ''] = process.argv.slice(2);
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

process.exitCode = await main();

async function main(): Promise<number> {
  let peers: PeerProcess[] = [];
  let foreign: PeerProcess | null = null;
  try {
    const python = await scratchPython(say);
    peers = PEERS.map((name) => new PeerProcess(name, python));
    foreign = new PeerProcess('grpcio', python);
    const { rows, ran } = await rowsOfAll(peers, foreign);
    const judgement = judge(rows, EXPLAINED, ran);
    for (const part of [tableOf, reasonsOf, evidenceOf, sumsOf]) say(part(judgement.rows).join('\n'));
    for (const failure of judgement.failures) say(`FAILED ${failure}`);
    closeWith(closingLine(judgement));
    return judgement.failures.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    const must = process.env.CI === 'true';
    say(`${must ? 'FAILED' : 'Skipped'}: ${error.message}`);
    closeWith(must ? '0 passed, 1 failed' : '0 passed, 0 failed, 1 skipped');
    return must ? 1 : 0;
  } finally {
    for (const peer of [...peers, foreign]) peer?.close();
  }
}

async function rowsOfAll(
  peers: readonly PeerProcess[],
  foreign: PeerProcess,
): Promise<{ readonly rows: Row[]; readonly ran: Set<string> }> {
  const rows: Row[] = [];
  const ran = new Set<string>();
  for (const { family, profile } of profiles) {
    const name = `${family}/${profile.name}`;
    if (!name.includes(only)) continue;
    ran.add(name);
    const machine = await startMachine(family, profile, READ_AT);
    try {
      rows.push(...(await readByAll(machine, peers)));
    } finally {
      await machine.close();
    }
    for (const control of CONTROLS.filter(({ machines }) => machines.includes(name))) {
      const peer = peers.find((one) => one.name === control.peer);
      if (peer !== undefined) rows.push(...(await controlBoth(control, name, peer)));
    }
    rows.push(...(await callForeign(name, foreign)));
  }
  return { rows, ran };
}

async function readByAll(machine: Machine, peers: readonly PeerProcess[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const peer of peers) rows.push(...(await readBoth(machine, peer)), ...(await askBoth(machine, peer)));
  return rows;
}
