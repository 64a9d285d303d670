import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type ExamineOptions, poolReader, type Remembered } from '@headframe/client';
import { startPool, startStranger } from '@headframe/simulator';
import type { Fault } from '@headframe/simulator/farm';
import { type Case, isAxe, mainOf, type Patient, remembered } from './case.ts';

/*
 * The faults that can be put on loopback addresses. Those that need networks of their own (no ARP entry, a firewall, a moved
 * address) are in the network namespaces.
 */

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** A machine that tells nothing before a login is given the one of its factory: without it, it is locked. */
const LOGINS: Readonly<Record<string, { username: string; password: string }>> = {
  elphapex: { username: 'root', password: 'root' },
};

/** On 4028 and its like; the boards of AxeOS have rows of their own. */
const overTcp = (_: string, main: string): boolean => main !== 'http';
const cgminerLike = (_: string, main: string): boolean => main === 'cgminer';
/** DCENT_OS serves eight clients beside each other: one that idles keeps nobody out. */
const oneAtATime = (family: string, main: string): boolean => main === 'cgminer' && family !== 'dcent';

/** One fault of the main door, on a machine whose pool goes on counting its shares. */
const ofMain =
  (fault: Fault) =>
  async (patient: Patient): Promise<ExamineOptions> => {
    await patient.serve([{ ...fault, over: mainOf(patient.device) }]);
    return known(patient);
  };

/** What a technician would have at hand: the history, the pool's account, the login where one is needed. */
async function known(patient: Patient, more: Partial<Remembered> = {}): Promise<ExamineOptions> {
  const login = LOGINS[patient.profile.label.family];
  return {
    ...remembered(patient, more),
    ...(await withPool(patient)),
    ...(login === undefined ? {} : { credentials: login }),
  };
}

/** A pool that this machine works for, asked over HTTP. */
async function withPool({ device, clock, address, afterwards }: Patient) {
  const [work] = device.work?.(clock.now()) ?? [];
  if (work === undefined) return {};
  const pool = await startPool({ kind: 'ckpool', address, port: 8090, machines: () => [device], clock });
  afterwards(() => pool.close());
  const [account = '', worker = ''] = work.worker.split(/\.(.*)/);
  return { pool: poolReader({ pool: 'ckpool', url: pool.url, account, worker: worker === '' ? null : worker }) };
}

const STRANGERS = ['printer', 'lamp', 'nas'] as const;

/** Earlier silences at uptimes of some 72 h, the last of them now: a leak (step 5). */
const PERIODIC = [70, 76, 68].map((hours, i) => ({ hours, back: (3 - i) * 73 }));

export const CASES: readonly Case[] = [
  {
    fault: 'none',
    expected: 'healthy',
    applies: () => true,
    arrange: async (patient) => {
      await patient.serve();
      return known(patient);
    },
  },
  {
    fault: 'none, and nothing is known',
    expected: 'healthy',
    applies: (family) => !Object.hasOwn(LOGINS, family),
    arrange: async (patient) => {
      await patient.serve();
      return {};
    },
  },
  { fault: 'refuse', expected: 'api.not-listening', applies: overTcp, arrange: ofMain({ kind: 'refuse' }) },
  { fault: 'refuse (AxeOS)', expected: 'axeos.refused', applies: isAxe, arrange: ofMain({ kind: 'refuse' }) },
  { fault: 'black hole', expected: 'network.filtered', applies: overTcp, arrange: ofMain({ kind: 'black-hole' }) },
  { fault: 'black hole (AxeOS)', expected: 'axeos.timed-out', applies: isAxe, arrange: ofMain({ kind: 'black-hole' }) },
  {
    fault: 'closed at once',
    expected: 'api.address-not-allowed',
    applies: cgminerLike,
    arrange: ofMain({ kind: 'accept-and-close' }),
  },
  {
    fault: 'wedged by an idle client',
    expected: 'api.blocked',
    applies: oneAtATime,
    arrange: ofMain({ kind: 'wedge' }),
  },
  { fault: 'silent', expected: 'api.blocked', applies: overTcp, arrange: ofMain({ kind: 'accept-and-hang' }) },
  {
    fault: 'silent (AxeOS)',
    expected: 'axeos.timed-out',
    applies: isAxe,
    arrange: ofMain({ kind: 'accept-and-hang' }),
  },
  {
    fault: 'code 45',
    expected: 'api.factory-list',
    // On a stock Antminer it is how the factory ships it; a WhatsMiner and an Avalon do not have that list.
    applies: (family, main) => main === 'cgminer' && family !== 'antminer',
    arrange: ofMain({ kind: 'code-45' }),
  },
  {
    fault: 'silent every 70 h',
    expected: 'resource.leak-periodic',
    applies: overTcp,
    arrange: async (patient) => {
      await patient.serve([{ kind: 'accept-and-hang', over: mainOf(patient.device) }]);
      const now = patient.clock.now();
      const failures = PERIODIC.map(({ hours, back }) => ({ at: now - back * HOUR_S * 1000, uptimeS: hours * HOUR_S }));
      return known(patient, { failures, lastUptimeS: 71 * HOUR_S });
    },
  },
  {
    fault: 'silent after 70 days',
    expected: 'resource.exhausted',
    applies: overTcp,
    arrange: async (patient) => {
      await patient.serve([{ kind: 'accept-and-hang', over: mainOf(patient.device) }]);
      return known(patient, { lastUptimeS: 70 * DAY_S });
    },
  },
  {
    fault: 'refused since an update',
    expected: 'firmware.update-broke-api',
    applies: overTcp,
    arrange: async (patient) => {
      await patient.serve([{ kind: 'refuse', over: mainOf(patient.device) }]);
      const changedAt = patient.clock.now() - 600_000;
      return known(patient, { firmware: { before: '2022-07-26', now: '2023-11-01', changedAt } });
    },
  },
  {
    fault: 'half a reply',
    expected: 'reply.partial',
    applies: () => true,
    arrange: ofMain({ kind: 'cut', atPercent: 50 }),
  },
  {
    fault: 'garbage',
    expected: 'reply.partial',
    applies: () => true,
    arrange: ofMain({ kind: 'garbage', bytes: 300 }),
  },
  {
    fault: 'lists without anything in them',
    expected: 'reply.partial',
    // Without devices a cgminer's lists are empty by nature.
    applies: (_, main, profile) => main === 'cgminer' && !profile.endsWith('no-devices'),
    arrange: ofMain({ kind: 'empty' }),
  },
  { fault: 'locked', expected: 'http.locked', applies: isAxe, arrange: ofMain({ kind: 'locked', status: 401 }) },
  { fault: 'forbidden', expected: 'http.locked', applies: isAxe, arrange: ofMain({ kind: 'locked', status: 403 }) },
  {
    fault: 'answers once, then hangs',
    expected: 'api.blocked',
    applies: overTcp,
    arrange: ofMain({ kind: 'answer-once' }),
  },
  {
    fault: 'frozen',
    expected: 'telemetry.frozen',
    // A program without devices has nothing that moves; the page of an Elphapex is not asked three times.
    applies: (family, _, profile) => family !== 'elphapex' && !profile.endsWith('no-devices'),
    arrange: async (patient) => {
      await patient.serve([{ kind: 'freeze', sharesToo: patient.seed % 2, over: mainOf(patient.device) }]);
      // The samples 30 s apart take no time here; the shorter waits do.
      const wait = (ms: number) => (ms < 10_000 ? setTimeout(ms) : Promise.resolve(patient.skip(ms)));
      return { ...(await known(patient)), wait };
    },
  },
  {
    fault: 'a printer at its address',
    expected: 'address.taken',
    applies: () => true,
    arrange: async (patient) => {
      const { address, afterwards } = patient;
      const printer = await startStranger({
        kind: STRANGERS[patient.seed % STRANGERS.length] ?? 'printer',
        address,
        port: 80,
      });
      afterwards(() => printer.close());
      return remembered(patient);
    },
  },
  {
    fault: 'held by a monitor',
    expected: 'monitor.at-fault',
    applies: cgminerLike,
    arrange: async (patient) => {
      const served = await patient.serve();
      const port = served.ports[mainOf(patient.device)] ?? 0;
      // It asked, got its answer and its end, and never closed: that is how a leaking monitor looks.
      for (let i = 0; i < 12; i++) await neverClosing(patient, port);
      return { ...remembered(patient), told: { monitorSaysOffline: true } };
    },
  },
];

async function neverClosing({ address, afterwards }: Patient, port: number): Promise<void> {
  const socket = connect({ host: address, port, allowHalfOpen: true });
  afterwards(() => socket.destroy());
  socket.on('error', () => {});
  socket.write('{"command":"version"}\n');
  socket.resume();
  await once(socket, 'end', { signal: AbortSignal.timeout(5_000) });
}
