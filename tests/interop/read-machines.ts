import { connect } from '@headframe/client';
import type { Credentials } from '@headframe/model';
import type { Machine } from './machines.ts';
import type { Answer, PeerProcess } from './peer-process.ts';
import { type Field, fieldsOf, type Reading } from './readings.ts';
import { ofPyasic, ofPyasicRs, ofSnapshot, type PyasicData, type RsData } from './readings-of.ts';
import { type Row, rowsOf } from './rows.ts';

/** The peers try the factory's password by themselves; we are told it. */
const FACTORY: Credentials = { username: 'root', password: 'root' };
const LOGINS: Readonly<Record<string, Credentials>> = { antminer: FACTORY, elphapex: FACTORY };

/** Our client on a machine. */
export const ourMiner = (machine: Machine) => {
  const credentials = LOGINS[machine.family];
  return connect(machine.address, {
    clock: machine.clock,
    wait: (ms) => machine.pass(ms),
    ...(credentials && { credentials }),
  });
};

const WHO: readonly Field[] = ['make', 'model', 'firmware'];

/** What pyasic's client for a plain cgminer can be asked; the rest it does not have, and says so by failing. */
const OF_A_CGMINER = {
  include: ['api_ver', 'fw_ver', 'hashrate', 'uptime', 'pools'],
  fields: [
    'apiVersion',
    'firmwareVersion',
    'hashrateHs',
    'uptimeS',
    'poolUrl',
    'poolWorker',
    'poolAccepted',
    'poolRejected',
    'poolActive',
    'poolAlive',
  ],
} as const satisfies { include: readonly string[]; fields: readonly Field[] };

/** Both clients say who a machine is and what it does; time stands still meanwhile. */
export async function readBoth(machine: Machine, peer: PeerProcess): Promise<Row[]> {
  machine.takeExchanges();
  const order = { address: machine.address };
  const who = answerOf(await peer.ask({ do: 'identify', ...order })) as Reading | null;
  const asked = { who: machine.takeExchanges() };
  const miner = await ourMiner(machine);
  const known = { who: machine.takeExchanges() };
  const snapshot = await miner.read({ fresh: true });
  const ours = ofSnapshot(snapshot);
  const { make, model, firmware } = ours;
  const head = { peer: peer.name, machine: machine.name } as const;
  const rows = rowsOf(
    { ...head, operation: 'identify', exchanges: { peer: asked.who, ours: known.who } },
    { make: who?.make ?? null, model: who?.model ?? null, firmware: who?.firmware ?? null },
    { make: make ?? null, model: model ?? null, firmware: firmware ?? null },
  );
  if (who === null && (peer.name !== 'pyasic' || machine.family !== 'cgminer')) return rows;
  const oursAsked = machine.takeExchanges();
  // Its client for a plain cgminer exists, and is never chosen by its search.
  if (who === null) answerOf(await peer.ask({ do: 'by_hand', ...order }));
  const data = answerOf(
    await peer.ask({ do: 'read', ...order, ...(who === null && { include: OF_A_CGMINER.include }) }),
  );
  const theirs = readingOf(peer, data);
  const told = fieldsOf(theirs).filter((field) =>
    who === null ? (OF_A_CGMINER.fields as readonly Field[]).includes(field) : !WHO.includes(field),
  );
  const rest: Reading = Object.fromEntries(told.map((field) => [field, theirs[field]]));
  // What identified it is part of what it was read from.
  const exchanges = { peer: [...asked.who, ...machine.takeExchanges()], ours: [...known.who, ...oursAsked] };
  return [...rows, ...rowsOf({ ...head, operation: 'read', exchanges }, rest, ours)];
}

export const readingOf = (peer: PeerProcess, data: unknown): Reading =>
  peer.name === 'pyasic' ? ofPyasic(data as PyasicData) : ofPyasicRs(data as RsData);

function answerOf(answer: Answer): unknown {
  if ('error' in answer) throw new Error(answer.error);
  return answer.value;
}
