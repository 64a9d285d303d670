import { isDeepStrictEqual } from 'node:util';
import { askRaw } from '@headframe/client';
import type { Machine } from './machines.ts';
import type { PeerProcess } from './peer-process.ts';
import { OVER_4433 } from './read-machines.ts';
import type { Row } from './rows.ts';

/*
 * The API of port 4028, command by command: pyasic's client of it and ours ask the same, and must have understood the
 * same document. Error replies are compared by their message, which is all that pyasic keeps of them.
 */

interface Question {
  /** Its method in pyasic's client. */
  readonly method: string;
  readonly args?: readonly unknown[];
  readonly command: string;
  readonly parameter?: string;
}

/** The reading commands of protocols.md 1.4 that pyasic's client of a cgminer has. */
const OF_CGMINER: readonly Question[] = [
  ...['version', 'config', 'summary', 'pools', 'devs', 'edevs', 'pgacount', 'notify', 'devdetails', 'stats', 'estats'],
  ...['coin', 'usbstats', 'asccount', 'lcd'],
].map((command) => ({ method: command, command }));

const QUESTIONS: Readonly<Record<string, readonly Question[]>> = {
  cgminer: [
    ...OF_CGMINER,
    { method: 'asc', args: [0], command: 'asc', parameter: '0' },
    { method: 'asc', args: [7], command: 'asc', parameter: '7' },
    { method: 'pga', args: [0], command: 'pga', parameter: '0' },
    { method: 'check', args: ['summary'], command: 'check', parameter: 'summary' },
    { method: 'check', args: ['nonsense'], command: 'check', parameter: 'nonsense' },
    { method: 'edevs', args: [true], command: 'edevs', parameter: 'old' },
    { method: 'privileged', command: 'privileged' },
  ],
  // Their clients of the other dialects have the same methods.
  antminer: ['version', 'summary', 'pools', 'devs', 'stats', 'devdetails', 'config'].map(plain),
  avalon: ['version', 'summary', 'pools', 'devs', 'stats', 'estats', 'devdetails', 'config', 'coin', 'asccount'].map(
    plain,
  ),
  // protocols.md 3.4.
  whatsminer: [
    ...['summary', 'pools', 'devs', 'edevs', 'devdetails', 'status'],
    ...['get_psu', 'get_version', 'get_miner_info', 'get_error_code'],
  ].map(plain),
  luxos: ['version', 'summary', 'pools', 'devs', 'stats', 'devdetails', 'config', 'coin', 'asccount', 'lcd'].map(plain),
};

function plain(command: string): Question {
  return { method: command, command };
}

export async function askBoth(machine: Machine, peer: PeerProcess): Promise<Row[]> {
  if (peer.name !== 'pyasic' || machine.name === OVER_4433) return [];
  const rows: Row[] = [];
  for (const { method, args = [], command, parameter } of QUESTIONS[machine.family] ?? []) {
    machine.takeExchanges();
    const answer = await peer.ask({ do: 'rpc', address: machine.address, method, args });
    const asked = machine.takeExchanges();
    const raw = await askRaw(machine.address, command, {
      clock: machine.clock,
      ...(parameter === undefined ? {} : { parameter }),
    });
    const said = messageOf(raw.doc);
    const refused = 'error' in answer;
    const same = refused ? answer.error.endsWith(`: ${said}`) : isDeepStrictEqual(answer.value, raw.doc);
    rows.push({
      peer: peer.name,
      machine: machine.name,
      operation: 'ask',
      what: `ask:${command}${parameter === undefined ? '' : ` ${parameter}`}`,
      title: `${command} ${parameter ?? ''}`.trimEnd(),
      theirs: refused ? answer.error : sizeOf(answer.value),
      ours: refused ? said : sizeOf(raw.doc),
      verdict: same ? 'equal' : 'unequal',
      exchanges: { peer: asked, ours: machine.takeExchanges() },
    });
  }
  return rows;
}

const sizeOf = (doc: unknown): string => `a document of ${JSON.stringify(doc).length} characters`;

/** A WhatsMiner says no with one string STATUS and its Msg beside it. */
function messageOf(doc: unknown): string {
  const { STATUS: status, Msg } = (doc ?? {}) as { STATUS?: readonly { Msg?: string }[] | string; Msg?: string };
  return typeof status === 'object' ? (status[0]?.Msg ?? '') : String(Msg);
}
