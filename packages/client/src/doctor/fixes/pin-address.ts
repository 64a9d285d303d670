import { isIPv4 } from 'node:net';
import { HeadframeError, type Outcome } from '@headframe/model';
import type { Miner } from '../../miner.ts';
import { byAction, doneOf } from './by-action.ts';
import type { Fixing, FixKind, FixTarget } from './fix.ts';
import { minerOf, readOnce } from './one-read.ts';

/** Step 9: the address that it has becomes its fixed one. */
export const pinAddress: FixKind = {
  fix: 'pin-address',
  needs: ['family'],
  changes: true,
  does: ({ host }) =>
    `Sets the address that ${host} has now as its fixed one, with the netmask and the gateway that it has or that you give. The pool connection drops for a moment; WhatsMiner and Avalon restart, and hashing stops for some minutes. With wrong settings it can no longer be reached. Keep the address out of the range that the DHCP server gives away.`,
  run: async (target, fixing) => {
    const miner = minerOf(target, fixing);
    if (miner === null) throw new HeadframeError('support/unknown-device', { address: target.host });
    const answer = await readOnce(target, fixing, miner);
    if (answer instanceof HeadframeError) throw answer;
    const action = miner.capabilities.find(({ name }) => name === 'setNetwork')?.action ?? null;
    const takes = action?.parameters ?? {};
    if (!('mode' in takes && 'address' in takes)) {
      const detail = 'its firmware sets no fixed address over its API: reserve the address in the DHCP server instead';
      throw new HeadframeError('support/unsupported', { address: target.host, request: 'a fixed address', detail });
    }
    const { address, outcome } = await pinned(miner, target, fixing);
    if (outcome === null) throw new HeadframeError('support/unsupported', { address: target.host });
    return doneOf(address === null ? 'fixing the address that it has' : `the fixed address ${address}`, outcome);
  },
  check: { how: 'the API answers one read at the same address', reads: 6, everyMs: 30_000, provesNothing: true },
};

interface Pinned {
  /** Null: the one that the machine itself says it has, which behind NAT is another than ours for it. */
  readonly address: string | null;
  readonly outcome: Outcome | null;
}

/** What is not given is kept by the machines that can; the others want to be told, and nothing is sent before. */
async function pinned(miner: Miner, target: FixTarget, fixing: Fixing): Promise<Pinned> {
  const settings = { mode: 'static', ...target.network };
  try {
    return { address: null, outcome: await byAction(miner, 'setNetwork', settings) };
  } catch (thrown) {
    if (!isLacking(thrown)) throw thrown;
  }
  const address = await presentAddress(target.host, fixing.system.lookup);
  try {
    return { address, outcome: await byAction(miner, 'setNetwork', { ...settings, address }) };
  } catch (thrown) {
    if (!isLacking(thrown)) throw thrown;
    const next = 'Give its netmask, gateway and name server, or reserve the address in the DHCP server instead.';
    throw thrown.with({ address: target.host, next });
  }
}

const isLacking = (thrown: unknown): thrown is HeadframeError =>
  thrown instanceof HeadframeError && thrown.code === 'usage/invalid';

async function presentAddress(host: string, lookup: (name: string) => Promise<readonly string[]>): Promise<string> {
  const address = isIPv4(host) ? host : (await lookup(host).catch(() => [])).find((one) => isIPv4(one));
  if (address !== undefined) return address;
  throw new HeadframeError('usage/invalid', {
    detail: `${host} has no IPv4 address that could be fixed; nothing was sent`,
  });
}
