import { asHeadframeError } from '@headframe/model';
import type { Control, Ours } from './control-kinds.ts';
import { type Exchange, type Machine, profiles, startMachine } from './machines.ts';
import type { Answer, PeerProcess } from './peer-process.ts';
import { introduce, ourMiner, readingOf } from './read-machines.ts';
import { agree, type Reading, type Value } from './readings.ts';
import type { Row } from './rows.ts';
import { look } from './sights.ts';

/**
 * One control on two machines that are alike, one of them for the peer; and what the peer then reads of ours, where it
 * reads anything of the kind.
 */
export async function controlBoth(control: Control, name: string, peer: PeerProcess): Promise<Row[]> {
  const found = profiles.find(({ family, profile }) => `${family}/${profile.name}` === name);
  if (found === undefined) throw new Error(`there is no simulated ${name}`);
  // Peers that send a time mean the wall clock.
  const at = Date.now();
  const [theirs, ours] = [
    await startMachine(found.family, found.profile, at, control.quirks),
    await startMachine(found.family, found.profile, at, control.quirks),
  ];
  try {
    const a = await byPeer(control, theirs, peer);
    const b = await byUs(control, ours);
    const wanted = control.cannot !== true;
    const [peerDid, weDid] = [a, b].map(
      ({ accepted, seen }) => accepted === wanted && agree('faults', seen, control.expected),
    );
    const equal = peerDid === true && weDid === true;
    const row: Row = {
      peer: peer.name,
      machine: name,
      operation: 'control',
      what: `do:${control.name}`,
      title: control.name,
      theirs: inWords(a),
      ours: inWords(b),
      verdict: equal ? 'equal' : 'unequal',
      ...(weDid === true ? {} : { weFailed: true }),
      exchanges: { peer: a.exchanges, ours: b.exchanges },
    };
    const readBack = equal && wanted ? await readBackOf(peer, ours, control) : null;
    return readBack === null ? [row] : [row, { ...row, ...readBack }];
  } finally {
    await Promise.all([theirs.close(), ours.close()]);
  }
}

/** What the peer reads of the machine that we changed; null where it reads nothing of the kind. */
async function readBackOf(peer: PeerProcess, machine: Machine, control: Control): Promise<Partial<Row> | null> {
  const { sight, expected, name } = control;
  if (machine.family === 'cgminer' || (sight !== 'pools' && sight !== 'state')) return null;
  machine.takeExchanges();
  await introduce(machine, peer);
  const answer = await peer.ask({ do: 'read', address: machine.address });
  const ours = sight === 'pools' ? expected : expected === 'mining';
  const theirs = 'error' in answer ? answer.error : sightOf(readingOf(peer, answer.value, machine), sight);
  return {
    what: `back:${name}`,
    title: `${name}, read back`,
    theirs,
    ours,
    verdict: agree('faults', theirs, ours) ? 'equal' : 'unequal',
    exchanges: { peer: machine.takeExchanges(), ours: [] },
  };
}

function sightOf({ poolUrl, poolWorker, mining = null }: Reading, sight: 'pools' | 'state'): Value {
  if (sight === 'state') return mining;
  const workers = (poolWorker ?? []) as readonly Value[];
  return ((poolUrl ?? []) as readonly Value[]).map((url, i) => `${url} ${workers[i]}`);
}

interface Done {
  readonly accepted: boolean;
  readonly said: string;
  readonly seen: Value;
  readonly exchanges: readonly Exchange[];
}

const inWords = ({ said, seen }: Done): string => `${said}; seen: ${JSON.stringify(seen)}`;

async function byPeer(control: Control, machine: Machine, peer: PeerProcess): Promise<Done> {
  const hindrance = await prepare(machine, control);
  if (hindrance !== null) return hindrance;
  machine.takeExchanges();
  await introduce(machine, peer);
  const since = machine.clock.now();
  const answer = await peer.ask({ ...control.order, address: machine.address });
  const exchanges = machine.takeExchanges();
  const accepted = 'value' in answer && (!('good' in control) || answer.value === control.good);
  return { accepted, said: saidBy(answer), seen: await look(machine, control.sight, since), exchanges };
}

const saidBy = (answer: Answer): string => ('error' in answer ? answer.error : JSON.stringify(answer.value));

async function byUs(control: Control, machine: Machine): Promise<Done> {
  const hindrance = await prepare(machine, control);
  if (hindrance !== null) return hindrance;
  machine.takeExchanges();
  const since = machine.clock.now();
  const outcome = await run(machine, control.ours);
  const exchanges = machine.takeExchanges();
  const accepted = isTaken(outcome);
  return { accepted, said: outcome.result, seen: await look(machine, control.sight, since), exchanges };
}

const isTaken = ({ result }: { readonly result: string }): boolean =>
  result === 'done' || result === 'accepted-unverified';

/** What comes first; null when it is done. */
async function prepare(machine: Machine, { before }: Control): Promise<Done | null> {
  if (before === undefined) return null;
  const { result } = await run(machine, before);
  if (result === 'done') return null;
  return { accepted: false, said: `${before.action} was to come first: ${result}`, seen: null, exchanges: [] };
}

/** An action of ours; what keeps it from being tried counts as its result. */
async function run(machine: Machine, { action, parameters }: Ours): Promise<{ readonly result: string }> {
  try {
    const miner = await ourMiner(machine);
    // Guarded actions want to be allowed in so many words.
    const plan = await miner.plan(action, parameters);
    return await plan.run({ guarded: { typedAddress: machine.address } });
  } catch (error) {
    return { result: `not tried: ${asHeadframeError(error).message}` };
  }
}
