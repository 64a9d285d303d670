import { ASSUMED } from './sim-assumed.ts';
import type { RigPlan, RigSwitches } from './sim-plan.ts';
import { EthminerProcess } from './sim-process.ts';

/** A machine with ethminer on it: which run of the program there is at a time, if any. */
export class Rig {
  readonly plan: RigPlan;
  readonly switches: RigSwitches;
  readonly #seed: number;
  #process: EthminerProcess;
  /** Since when there is no program; null while there is one. */
  #endedAt: number | null = null;
  /** When the reboot script takes the machine down. */
  #rebootAt = Number.POSITIVE_INFINITY;

  constructor(plan: RigPlan, switches: RigSwitches, seed: number, poweredAt: number) {
    this.plan = plan;
    this.switches = switches;
    this.#seed = seed;
    this.#process = this.#started(0, poweredAt + plan.bootMs);
  }

  #started(run: number, startedAt: number): EthminerProcess {
    return new EthminerProcess({ plan: this.plan, switches: this.switches, seed: this.#seed, run, startedAt });
  }

  /** The program that runs at a time, or the next one; null: none, and none will be started. */
  at(now: number): EthminerProcess | null {
    if (now >= this.#rebootAt) {
      const back = this.#rebootAt + ASSUMED.rebootMs;
      this.#rebootAt = Number.POSITIVE_INFINITY;
      this.#begin(back);
    }
    if (this.#endedAt !== null) {
      if (!this.switches.supervised) return null;
      this.#begin(this.#endedAt + ASSUMED.supervisorMs);
    }
    this.#process.settle(now);
    return this.#process;
  }

  #begin(startedAt: number): void {
    this.#endedAt = null;
    this.#process = this.#started(this.#process.start.run + 1, startedAt);
  }

  listening(now: number): boolean {
    const process = this.at(now);
    return !this.switches.noApi && process !== null && now >= process.start.startedAt + ASSUMED.portMs;
  }

  /** The process ends, and with it every connection. */
  crash(now: number): void {
    this.#endedAt = now;
  }

  /** Starts the owner's script; false: there is none (protocols.md 5.5, miner_reboot). */
  runRebootScript(now: number): boolean {
    if (!this.switches.rebootScript) return false;
    this.#rebootAt = Math.min(this.#rebootAt, now + ASSUMED.scriptMs);
    return true;
  }
}
