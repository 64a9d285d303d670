import type { MiningSession } from '../sim/physics.ts';
import type { DriverSettings } from './sim-driver-settings.ts';
import type { DeviceKind, DevicePlan } from './sim-plan.ts';

/** A device of the running program. */
export interface MachineDevice {
  readonly plan: DevicePlan;
  readonly kind: DeviceKind;
  /** Its place among the session's boards, and among all devices. */
  readonly board: number;
  /** Its place among those of its kind: the number that commands use. */
  readonly number: number;
  readonly settings: DriverSettings | null;
  /** When it stopped (`ascdisable`, or its plug came loose), epoch ms; null while it may hash. */
  disabledAt: number | null;
  /** When its plug came loose. */
  goneAt: number | null;
  /** How often it was made to blink. */
  blinked: number;
}

/** The devices of a program that has just started. */
export function newDevices(plans: readonly DevicePlan[]): MachineDevice[] {
  const next: Record<DeviceKind, number> = { ASC: 0, PGA: 0 };
  return plans.map((plan, board) => {
    const { kind = 'ASC' } = plan;
    const number = next[kind]++;
    const settings = plan.settings?.() ?? null;
    return { plan, kind, board, number, settings, disabledAt: null, goneAt: null, blinked: 0 };
  });
}

interface Shares {
  readonly accepted: number;
  readonly rejected: number;
}

/** What a device had done when its speed last changed, and how it goes on from there. */
interface Ledger {
  /** Null: at nominal speed ever since the session began. */
  since: number | null;
  /** Part of nominal; 0 while it is disabled. */
  speed: number;
  hashes: number;
  hardwareErrors: number;
  /** By physical pool, not yet rounded. */
  readonly shares: Map<number, Shares>;
}

/**
 * The devices of one session and their counters. The session's boards all run together at their nominal rate; what a
 * device does that was disabled or set to another clock is reckoned here.
 */
export class MachineDevices {
  readonly #session: MiningSession;
  readonly #physicalPools: () => number;
  readonly list: readonly MachineDevice[];
  readonly #ledgers: readonly Ledger[];

  /** @param physicalPools how many pools the session has had */
  constructor(session: MiningSession, devices: readonly MachineDevice[], physicalPools: () => number) {
    this.#session = session;
    this.#physicalPools = physicalPools;
    this.list = devices;
    this.#ledgers = devices.map((device) => {
      const speed = speedOf(device);
      const since = speed === 1 ? null : session.plan.startedAt;
      return { since, speed, hashes: 0, hardwareErrors: 0, shares: new Map() };
    });
  }

  of(kind: DeviceKind): readonly MachineDevice[] {
    return this.list.filter((device) => device.kind === kind);
  }

  setEnabled(now: number, device: MachineDevice, enabled: boolean): void {
    if ((device.disabledAt === null) === enabled) return;
    device.disabledAt = enabled ? null : now;
    this.#reckon(now, device);
  }

  /** Tells the driver to change something; gives what it says. */
  set(now: number, device: MachineDevice, settings: DriverSettings, option: string, value: string | null) {
    const said = settings.set(option, value, now);
    this.#reckon(now, device);
    return said;
  }

  /** Plugs that came loose by now. `startedAt`: of the program, epoch ms. */
  settle(now: number, startedAt: number): void {
    for (const device of this.list) {
      const { looseAfterS } = device.plan;
      if (looseAfterS === undefined || device.goneAt !== null) continue;
      const at = startedAt + looseAfterS * 1000;
      if (now < at) continue;
      device.goneAt = at;
      this.setEnabled(at, device, false);
    }
  }

  /** Closes the account of a device at its old speed and opens one at its new. */
  #reckon(now: number, device: MachineDevice): void {
    const ledger = this.#ledgers[device.board];
    const speed = speedOf(device);
    if (ledger === undefined || ledger.speed === speed) return;
    const hashes = this.#hashes(now, device);
    const hardwareErrors = this.#errors(now, device);
    for (let pool = 0; pool < this.#physicalPools(); pool++) ledger.shares.set(pool, this.#shares(now, device, pool));
    Object.assign(ledger, { since: now, speed, hashes, hardwareErrors });
  }

  #hashes(now: number, { board }: MachineDevice): number {
    const ledger = this.#ledgers[board];
    const all = (at: number) => this.#session.totalHashes(at, board);
    return ledger?.since == null ? all(now) : ledger.hashes + ledger.speed * grown(all, ledger.since, now);
  }

  #errors(now: number, { board }: MachineDevice): number {
    const ledger = this.#ledgers[board];
    const all = (at: number) => this.#session.hardwareErrors(at, board);
    return ledger?.since == null ? all(now) : ledger.hardwareErrors + ledger.speed * grown(all, ledger.since, now);
  }

  #shares(now: number, { board }: MachineDevice, pool: number): Shares {
    const ledger = this.#ledgers[board];
    if (ledger?.since == null) return this.#session.shares(now, { board, pool });
    const before = ledger.shares.get(pool) ?? { accepted: 0, rejected: 0 };
    if (ledger.speed === 0) return before;
    const since = this.#session.shares(ledger.since, { board, pool });
    const all = this.#session.shares(now, { board, pool });
    return {
      accepted: before.accepted + ledger.speed * Math.max(0, all.accepted - since.accepted),
      rejected: before.rejected + ledger.speed * Math.max(0, all.rejected - since.rejected),
    };
  }

  /** Shares of all devices or of one, for all pools or for one (by its physical number). */
  shares(now: number, scope: { readonly device?: MachineDevice; readonly pool?: number } = {}): Shares {
    let accepted = 0;
    let rejected = 0;
    const add = (shares: Shares) => {
      accepted += Math.floor(shares.accepted);
      rejected += Math.floor(shares.rejected);
    };
    for (const device of this.#of(scope.device)) {
      const { board } = device;
      if (scope.pool !== undefined) add(this.#shares(now, device, scope.pool));
      else if (this.#ledgers[board]?.since == null) add(this.#session.shares(now, { board }));
      else for (let pool = 0; pool < this.#physicalPools(); pool++) add(this.#shares(now, device, pool));
    }
    return { accepted, rejected };
  }

  hashes(now: number, device?: MachineDevice): number {
    return this.#sum(device, (d) => this.#hashes(now, d));
  }

  hardwareErrors(now: number, device?: MachineDevice): number {
    return this.#sum(device, (d) => Math.floor(this.#errors(now, d)));
  }

  /**
   * The fading mean over a window, H/s. A disabled device stands still; its shortest one drops to 0 at once. After a
   * change of clock the mean is that of the new one at once, where the real one fades.
   */
  rateHs(now: number, windowS: number, shortestS: number, device?: MachineDevice): number {
    return this.#sum(device, (d) => {
      if (d.disabledAt !== null && windowS <= shortestS) return 0;
      return this.#session.fadingHs(d.disabledAt ?? now, windowS, d.board) * (d.settings?.speed ?? 1);
    });
  }

  /** Mean since the program started, H/s. */
  averageHs(now: number, device?: MachineDevice): number {
    const elapsedS = this.#session.elapsedS(now);
    return elapsedS <= 0 ? 0 : this.hashes(now, device) / elapsedS;
  }

  temperatureC(now: number, { plan, board }: MachineDevice): number {
    return plan.fixedTempC ?? this.#session.boardC(now, board);
  }

  #of(device: MachineDevice | undefined): readonly MachineDevice[] {
    return device === undefined ? this.list : [device];
  }

  #sum(device: MachineDevice | undefined, value: (device: MachineDevice) => number): number {
    return this.#of(device).reduce((sum, d) => sum + value(d), 0);
  }
}

const speedOf = ({ disabledAt, settings }: MachineDevice): number =>
  disabledAt !== null ? 0 : Math.max(0, settings?.speed ?? 1);

/** How much a counter that never falls grew; nothing when it was set back in between. */
const grown = (counter: (at: number) => number, since: number, now: number): number =>
  Math.max(0, counter(now) - counter(since));
