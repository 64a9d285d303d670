import { type ConnectOptions, connect, createMiner, type Miner } from '@headframe/client';
import type { Credentials, Snapshot } from '@headframe/model';
import type { Machine } from './machines.ts';
import { OWNER_PASSWORD } from './opened-whatsminer.ts';
import type { Answer, PeerProcess } from './peer-process.ts';
import { type Field, fieldsOf, type Reading } from './readings.ts';
import { ofPyasic, ofPyasicRs, ofSnapshot, type PyasicData, type RsData } from './readings-of.ts';
import { type Row, rowsOf } from './rows.ts';

/** The peers try the factory's password by themselves; we are told it. */
const FACTORY: Credentials = { username: 'root', password: 'root' };
/** No WhatsMiner takes a change with the factory's password (protocols.md 3.2): the peers are told it as well. */
const OWNERS: Credentials = { username: 'admin', password: OWNER_PASSWORD };
const LOGINS: Readonly<Record<string, Credentials>> = {
  antminer: FACTORY,
  elphapex: FACTORY,
  whatsminer: OWNERS,
  braiins: FACTORY,
};

/** Asked over port 4433 by both peers, and so by us, who read it at 4028 as long as that answers. */
export const OVER_4433 = 'whatsminer/m60s';

/** Port 4433 has no admin (protocols.md 3.6). */
const loginOf = (machine: Machine): Credentials | undefined =>
  machine.name === OVER_4433 ? { ...OWNERS, username: 'super' } : LOGINS[machine.family];

/** What a peer is told of a machine when it is to look for it. */
export const orderTo = (machine: Machine): Readonly<Record<string, string>> => ({
  address: machine.address,
  ...(machine.family === 'whatsminer' && loginOf(machine)),
});

/** Our client on a machine. */
export async function ourMiner(machine: Machine): Promise<Miner> {
  const credentials = loginOf(machine);
  const options: ConnectOptions = {
    clock: machine.clock,
    wait: (ms) => machine.pass(ms),
    ...(credentials && { credentials }),
  };
  const miner = await connect(machine.address, options);
  if (machine.name !== OVER_4433) return miner;
  const { family, ports } = miner;
  return createMiner({ host: machine.address, family, ports: { whatsminer: ports.whatsminer ?? 4433 } }, options);
}

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

/** Where pyasic's own search chooses a client that reads nothing, and the one that a user would take by hand. */
const BY_HAND: Readonly<Record<string, string>> = { 'whatsminer/m60s-4028': 'BTMinerM60SVK40' };

/** Lets a peer take a machine by the client that can do something with it; what it then is to it. */
export async function introduce(machine: Machine, peer: PeerProcess): Promise<Answer> {
  const client = peer.name === 'pyasic' ? BY_HAND[machine.name] : undefined;
  const isPlain = machine.family === 'cgminer';
  const how = client === undefined && !isPlain ? 'identify' : 'by_hand';
  return peer.ask({ do: how, ...orderTo(machine), ...(client === undefined ? {} : { client }) });
}

/** What neither peer is made for. One that finds something there all the same is held against us like every other. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['ethminer']);

/** Both clients say who a machine is and what it does; time stands still meanwhile. */
export async function readBoth(machine: Machine, peer: PeerProcess): Promise<Row[]> {
  machine.takeExchanges();
  const who = answerOf(await peer.ask({ do: 'identify', ...orderTo(machine) })) as Reading | null;
  const asked = { who: machine.takeExchanges() };
  const miner = await ourMiner(machine);
  const known = { who: machine.takeExchanges() };
  const snapshot = await miner.read({ fresh: true });
  const ours = ofSnapshot(snapshot);
  const { make, model, firmware } = ours;
  const head = { peer: peer.name, machine: machine.name } as const;
  if (who === null && UNSUPPORTED.has(machine.family)) return [unsupportedRow(head, snapshot)];
  const rows = rowsOf(
    { ...head, operation: 'identify', exchanges: { peer: asked.who, ours: known.who } },
    { make: who?.make ?? null, model: who?.model ?? null, firmware: who?.firmware ?? null },
    { make: make ?? null, model: model ?? null, firmware: firmware ?? null },
  );
  if (who === null && (peer.name !== 'pyasic' || machine.family !== 'cgminer')) return rows;
  const oursAsked = machine.takeExchanges();
  // Its client for a plain cgminer exists, and is never chosen by its search.
  if (who === null) answerOf(await introduce(machine, peer));
  const whole = await peer.ask({
    do: 'read',
    address: machine.address,
    ...(who === null && { include: OF_A_CGMINER.include }),
  });
  const exchanges = () => ({ peer: [...asked.who, ...machine.takeExchanges()], ours: [...known.who, ...oursAsked] });
  if ('error' in whole) rows.push(failedRow(head, whole.error, exchanges()));
  const data = 'value' in whole ? whole.value : answerOf(await readWithHelp(machine, peer));
  const theirs = readingOf(peer, data, machine);
  const told = fieldsOf(theirs).filter((field) =>
    who === null ? (OF_A_CGMINER.fields as readonly Field[]).includes(field) : !WHO.includes(field),
  );
  const rest: Reading = Object.fromEntries(told.map((field) => [field, theirs[field]]));
  // What identified it is part of what it was read from.
  return [...rows, ...rowsOf({ ...head, operation: 'read', exchanges: exchanges() }, rest, ours)];
}

/** A peer that has nothing for such machines, and us. */
const unsupportedRow = (
  head: Pick<Row, 'peer' | 'machine'>,
  { identity: { firmware, firmwareVersion }, state }: Snapshot,
): Row => ({
  ...head,
  operation: 'identify',
  what: 'who',
  title: 'what it is',
  theirs: null,
  ours: `${firmware} ${firmwareVersion}, ${state}`,
  verdict: 'unsupported',
  exchanges: { peer: [], ours: [] },
});

/** A peer that throws instead of reading, and us. */
const failedRow = (head: Pick<Row, 'peer' | 'machine'>, error: string, exchanges: Row['exchanges']): Row => ({
  ...head,
  operation: 'read',
  what: 'read:all',
  title: 'everything at once',
  theirs: error,
  ours: 'a snapshot',
  verdict: 'unequal',
  exchanges,
});

/** What it reads where its configuration, which it wants beside everything else, is left out. */
async function readWithHelp(machine: Machine, peer: PeerProcess): Promise<Answer> {
  await introduce(machine, peer);
  return peer.ask({ do: 'read', address: machine.address, exclude: ['config'] });
}

export const readingOf = (peer: PeerProcess, data: unknown, { clock }: Machine): Reading =>
  peer.name === 'pyasic' ? ofPyasic(data as PyasicData) : ofPyasicRs(data as RsData, clock.now());

function answerOf(answer: Answer): unknown {
  if ('error' in answer) throw new Error(answer.error);
  return answer.value;
}
