import { type DeviceSeed, simulators } from '@headframe/families/sim';
import type { Protocol } from '@headframe/model';
import {
  type FirmwareName,
  followingShell,
  type PoolKind,
  parseFault,
  type ShellState,
  type StrangerKind,
  serveDevice,
  startPool,
  startShell,
  startStranger,
} from '@headframe/simulator';

/*
 * Serves what a JSON text in the first argument names, prints one line of JSON with what listens where, and ends with its
 * standard input. For computers in namespaces, whose programs are processes of their own.
 */

/** A machine, what is no machine, or the pool of all machines before it. */
export type Served =
  | {
      readonly family: string;
      /** The first of the family when left out. */
      readonly profile?: string;
      readonly address: string;
      readonly seed?: number;
      readonly uptimeS?: number;
      /** As on the command line, each with its door where it has one: `['refuse', 'cgminer']`. */
      readonly faults?: readonly (readonly [fault: string, over?: Protocol])[];
      readonly quirks?: DeviceSeed['quirks'];
      /** With an SSH server, which its API follows. */
      readonly shell?: { readonly firmware: FirmwareName; readonly state?: ShellState; readonly port?: number };
    }
  | { readonly stranger: StrangerKind; readonly address: string; readonly port?: number }
  | { readonly pool: PoolKind; readonly address: string; readonly port?: number };

const clock = { now: Date.now };

async function serve(plan: readonly Served[]): Promise<object[]> {
  const machines: Awaited<ReturnType<typeof serveDevice>>[] = [];
  const lines: object[] = [];
  for (const one of plan) {
    const { address } = one;
    if ('stranger' in one) lines.push({ address, port: (await startStranger({ kind: one.stranger, ...one })).port });
    else if ('pool' in one) {
      const { pool: kind, port = 0 } = one;
      lines.push({ url: (await startPool({ kind, address, port, clock, machines: () => machines })).url });
    } else {
      const profiles = simulators.find(({ id }) => id === one.family)?.profiles ?? [];
      const profile = profiles.find(({ name }) => name === (one.profile ?? name));
      if (profile === undefined) throw new Error(`There is no ${one.family} ${one.profile ?? ''}`);
      const { seed = 1, uptimeS = 86_400, quirks, faults = [] } = one;
      const create = (poweredAt: number) =>
        profile.create({ seed, poweredAt, ...(quirks !== undefined && { quirks }) });
      const poweredAt = Date.now() - uptimeS * 1000;
      const { shell } = one;
      const inside = shell && (await startShell({ ...shell, address, seed, clock, poweredAt }));
      const device = create(poweredAt);
      const served = await serveDevice(inside === undefined ? device : followingShell(device, inside.machine), {
        address,
        clock,
        seed,
        recreate: create,
        faults: faults.map(([fault, over]) => parseFault(fault, over)),
      });
      machines.push(served);
      lines.push({ address, ports: served.ports, ...(inside && { ssh: inside.port, hostKey: inside.fingerprint }) });
    }
  }
  return lines;
}

console.log(JSON.stringify(await serve(JSON.parse(process.argv[2] ?? '[]'))));
process.stdin.resume().once('end', () => process.exit(0));
