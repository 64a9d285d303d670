import { applyFix, type FixOptions, type FixOutcome, type FixTarget, type Proposal } from '@headframe/client';
import { type SimulatedDevice, simulators } from '@headframe/families/sim';
import type { FixName } from '@headframe/model';
import { type Served, serveDevice } from '@headframe/simulator';
import { onTestFinished } from 'vitest';
import { FREE_PORTS } from '../free-ports.ts';

/* A simulated machine on real ports that a fix is applied to, whose time the waiting of the fix moves. */

const POWERED = Date.UTC(2026, 5, 1);
const SETTLED_MS = 48 * 3_600_000;

export interface Patient {
  readonly target: FixTarget;
  readonly device: SimulatedDevice;
  readonly served: Served;
  readonly now: () => number;
  readonly pass: (ms: number) => Promise<void>;
  /** Everything that came to its ports, as text: what was sent to it is seen here, and not in our own account of it. */
  readonly heard: string[];
}

/** @param host an address of this computer of its own: tests run beside each other */
export async function patient(
  family: string,
  name: string,
  host: string,
  { quirks, ...more }: Partial<FixTarget> & { readonly quirks?: Readonly<Record<string, boolean>> } = {},
): Promise<Patient> {
  const profile = simulators.find(({ id }) => id === family)?.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`no profile ${family}/${name}`);
  let now = POWERED + SETTLED_MS;
  const heard: string[] = [];
  const device = profile.create({ seed: 4028, poweredAt: POWERED, ...(quirks && { quirks }) });
  const idle = [device.cgminer, device.whatsminer, device.ethminer].map((port) => port?.idleMs);
  const served = await serveDevice(listenedTo(device, heard), {
    address: host,
    ports: FREE_PORTS,
    clock: { now: () => now },
    everySecond: () => () => {},
    timers: {
      after: (ms, then) => {
        // The limits of idle connections are not for a clock that stands still between two requests.
        if (idle.includes(ms)) return () => {};
        let wanted = true;
        void pass(ms).then(() => wanted && then());
        return () => {
          wanted = false;
        };
      },
    },
  });
  onTestFinished(() => served.close());
  async function pass(ms: number): Promise<void> {
    now += ms;
    await served.look();
  }
  return { target: { host, family, ports: served.ports, ...more }, device, served, now: () => now, pass, heard };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function listenedTo(device: SimulatedDevice, heard: string[]): SimulatedDevice {
  const { cgminer, http, monitor, whatsminer, ethminer, grpc } = device;
  const page = (port: typeof http) =>
    port && {
      ...port,
      respond: (...given: Parameters<typeof port.respond>) => {
        heard.push(`${given[0].method} ${given[0].path} ${text(given[0].body)}`.trim());
        return port.respond(...given);
      },
    };
  const stream = (port: typeof whatsminer) =>
    port && {
      ...port,
      connect: (...given: Parameters<typeof port.connect>) => {
        const talk = port.connect(...given);
        if (talk === null) return null;
        return {
          receive: (bytes: Uint8Array, now: number) => {
            heard.push(text(bytes));
            return talk.receive(bytes, now);
          },
          closed: () => talk.closed?.(),
        };
      },
    };
  return {
    ...device,
    ...(cgminer && {
      cgminer: {
        ...cgminer,
        receive: (...given: Parameters<typeof cgminer.receive>) => {
          heard.push(text(given[0]));
          return cgminer.receive(...given);
        },
      },
    }),
    ...(http && { http: page(http) }),
    ...(monitor && { monitor: page(monitor) }),
    ...(whatsminer && { whatsminer: stream(whatsminer) }),
    ...(ethminer && { ethminer: stream(ethminer) }),
    ...(grpc && {
      grpc: {
        ...grpc,
        open: (...given: Parameters<typeof grpc.open>) => {
          heard.push(given[0]);
          return grpc.open(...given);
        },
      },
    }),
  } as SimulatedDevice;
}

export interface Applied {
  readonly outcome: FixOutcome;
  readonly proposals: readonly Proposal[];
  readonly waited: readonly number[];
}

/** Agrees to it, unless told otherwise. */
export async function apply(
  it: Patient,
  fix: FixName,
  more: Partial<FixOptions> = {},
  target = it.target,
): Promise<Applied> {
  const proposals: Proposal[] = [];
  const waited: number[] = [];
  const outcome = await applyFix(fix, target, {
    confirm: (proposal) => {
      proposals.push(proposal);
      return true;
    },
    clock: { now: it.now },
    wait: (ms) => {
      waited.push(ms);
      return it.pass(ms);
    },
    ...more,
  });
  return { outcome, proposals, waited };
}

const ROOT = { credentials: { username: 'root', password: 'root' } };

/** The logins of the simulated machines that have one. */
export const LOGINS: Readonly<Record<string, Partial<FixTarget>>> = {
  antminer: ROOT,
  avalon: ROOT,
  braiins: ROOT,
  elphapex: ROOT,
  whatsminer: { credentials: { username: 'admin', password: 'Miner_01' } },
};

/** How long its program says that it runs, in seconds, asked past our client; null: it does not say. */
export function elapsedOf({ device, target, now }: Patient): number | null {
  const peer = { address: '127.0.0.1' };
  if (target.family === 'axeos' || target.family === 'nerdqaxe') {
    const headers = { host: '192.168.1.50' };
    const request = { method: 'GET', path: '/api/system/info', headers, body: new Uint8Array() };
    const body = device.http?.respond(request, { address: '192.168.1.9' }, now()).body ?? '{}';
    return numberIn(typeof body === 'string' ? body : Buffer.from(body).toString(), 'uptimeSeconds');
  }
  const word = target.family === 'whatsminer' ? 'cmd' : 'command';
  const reaction = device.cgminer?.receive(Buffer.from(JSON.stringify({ [word]: 'summary' })), peer, now());
  return numberIn(Buffer.concat(reaction?.chunks.map(({ bytes }) => bytes) ?? []).toString(), 'Elapsed');
}

function numberIn(json: string, name: string): number | null {
  const found = new RegExp(`"${name}":\\s*(\\d+)`).exec(json)?.[1];
  return found === undefined ? null : Number(found);
}
