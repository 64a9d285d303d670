import type { MiningSession } from '../sim/physics.ts';
import type { DevicePlan } from './sim-plan.ts';

/** A device of the running program. */
export interface MachineDevice extends DevicePlan {
  /** Its place among the session's boards. */
  readonly board: number;
  /** When `ascdisable` stopped it, epoch ms; null while it may hash. */
  readonly disabledAt: number | null;
}

interface Shares {
  readonly accepted: number;
  readonly rejected: number;
}

/** What a device would have done while it was disabled: taken off its counters. */
interface Lost {
  hashes: number;
  hardwareErrors: number;
  /** By physical pool. */
  readonly shares: Map<number, Shares>;
}

/**
 * The devices of one session and their counters. The session's boards all run together; a device that was disabled is
 * stopped here, by what it would have done meanwhile.
 */
export class MachineDevices {
  readonly #session: MiningSession;
  #devices: MachineDevice[];
  readonly #lost: readonly Lost[];

  constructor(session: MiningSession, devices: readonly MachineDevice[]) {
    this.#session = session;
    this.#devices = [...devices];
    this.#lost = devices.map(() => ({ hashes: 0, hardwareErrors: 0, shares: new Map() }));
  }

  get list(): readonly MachineDevice[] {
    return this.#devices;
  }

  /** @param physicalPools how many pools the session has had */
  setEnabled(now: number, board: number, enabled: boolean, physicalPools: number): void {
    const device = this.#devices[board];
    if (device === undefined || (device.disabledAt === null) === enabled) return;
    if (enabled) this.#forget(device.disabledAt ?? now, now, board, physicalPools);
    this.#devices = this.#devices.map((d) => (d.board === board ? { ...d, disabledAt: enabled ? null : now } : d));
  }

  #forget(since: number, now: number, board: number, physicalPools: number): void {
    const lost = this.#lost[board];
    if (lost === undefined) return;
    lost.hashes += this.#session.totalHashes(now, board) - this.#session.totalHashes(since, board);
    lost.hardwareErrors += this.#session.hardwareErrors(now, board) - this.#session.hardwareErrors(since, board);
    for (let pool = 0; pool < physicalPools; pool++) {
      const before = this.#session.shares(since, { pool, board });
      const after = this.#session.shares(now, { pool, board });
      const known = lost.shares.get(pool) ?? { accepted: 0, rejected: 0 };
      lost.shares.set(pool, {
        accepted: known.accepted + after.accepted - before.accepted,
        rejected: known.rejected + after.rejected - before.rejected,
      });
    }
  }

  /** Shares of all devices or of one, for all pools or for one (by its physical number). */
  shares(now: number, scope: { readonly device?: MachineDevice; readonly pool?: number } = {}): Shares {
    let accepted = 0;
    let rejected = 0;
    for (const device of this.#of(scope.device)) {
      const { board } = device;
      const all = this.#session.shares(
        lastMoment(now, device),
        scope.pool === undefined ? { board } : { board, pool: scope.pool },
      );
      accepted += all.accepted;
      rejected += all.rejected;
      for (const [pool, lost] of this.#lost[board]?.shares ?? []) {
        if (scope.pool !== undefined && scope.pool !== pool) continue;
        accepted -= lost.accepted;
        rejected -= lost.rejected;
      }
    }
    return { accepted, rejected };
  }

  hashes(now: number, device?: MachineDevice): number {
    return this.#sum(
      device,
      (d) => this.#session.totalHashes(lastMoment(now, d), d.board) - (this.#lost[d.board]?.hashes ?? 0),
    );
  }

  hardwareErrors(now: number, device?: MachineDevice): number {
    return this.#sum(
      device,
      (d) => this.#session.hardwareErrors(lastMoment(now, d), d.board) - (this.#lost[d.board]?.hardwareErrors ?? 0),
    );
  }

  /** The fading mean over a window, H/s. A disabled device stands still; its shortest one drops to 0 at once. */
  rateHs(now: number, windowS: number, shortestS: number, device?: MachineDevice): number {
    return this.#sum(device, (d) =>
      d.disabledAt !== null && windowS <= shortestS ? 0 : this.#session.fadingHs(lastMoment(now, d), windowS, d.board),
    );
  }

  /** Mean since the program started, H/s. */
  averageHs(now: number, device?: MachineDevice): number {
    const elapsedS = this.#session.elapsedS(now);
    return elapsedS <= 0 ? 0 : this.hashes(now, device) / elapsedS;
  }

  temperatureC(now: number, device: MachineDevice): number {
    return device.fixedTempC ?? this.#session.boardC(now, device.board);
  }

  #of(device: MachineDevice | undefined): readonly MachineDevice[] {
    return device === undefined ? this.#devices : [device];
  }

  #sum(device: MachineDevice | undefined, value: (device: MachineDevice) => number): number {
    return this.#of(device).reduce((sum, d) => sum + value(d), 0);
  }
}

/** The last moment at which a device could work. */
const lastMoment = (now: number, device: MachineDevice): number => device.disabledAt ?? now;
