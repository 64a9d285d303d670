import type { WorkDone } from '@headframe/families/sim';
import type { ErrorCode, ErrorContext } from '@headframe/model';
import type { Fault } from '../faults/kinds.ts';
import type { Ports } from './addresses.ts';

/*
 * What a farm tells the processes that serve its machines. Plain data, and nothing here loads a device: the process
 * that gives orders stays small.
 */

/** Which machines a farm has. */
export interface FarmMix {
  readonly count: number;
  readonly seed: number;
  /** Only these families. */
  readonly families?: readonly string[];
  /** Only this profile. */
  readonly profile?: string;
  /** Quirk switches of every machine that has them. */
  readonly quirks?: Readonly<Record<string, boolean>>;
}

/** What `headframe sim --json` prints of a machine. */
export interface MachineLine {
  /** IP address, or `host:port` where it has ports of its own. */
  readonly address: string;
  readonly ports: Ports;
  readonly family: string;
  readonly make: string;
  readonly model: string;
  readonly firmware: string;
}

/** Where machines go. */
export type Place =
  /** Each on an address of its own: in one of our blocks, or counted from an address that the user gave. */
  | { readonly block: number; readonly standIns: readonly (readonly [port: number, standIn: number])[] }
  | { readonly base: string; readonly standIns: readonly (readonly [port: number, standIn: number])[] }
  /** All on one address, with free ports. */
  | { readonly address: string };

/** What a mix needs, before anything is served. */
export interface Survey {
  /** Every port that some machine listens on. */
  readonly ports: readonly number[];
  /** Listening ports of all machines together. */
  readonly listeners: number;
}

/** Machines `from` to `to` (not included) of a mix. */
export interface ServeOrder {
  readonly mix: FarmMix;
  readonly from: number;
  readonly to: number;
  readonly place: Place;
  readonly faults: readonly Fault[];
  /** A folder with a built web page in front of every machine's own. */
  readonly www?: string;
}

/** Somebody who serves machines: a process, or this one. Rejects with a HeadframeError. */
export interface ShareWorker {
  survey(mix: FarmMix): Promise<Survey>;
  /** Serves a share; after an error none of it is left open. */
  serve(order: ServeOrder): Promise<readonly MachineLine[]>;
  /** What each of its machines has done for its pools until a time, in their order. */
  work(at: number): Promise<readonly (readonly WorkDone[])[]>;
  /** Closes what is served; another order may follow. */
  clear(): Promise<void>;
  /** Ends the worker. */
  end(): Promise<void>;
  /** Resolves when the process ended by itself, with the reason. */
  readonly lost?: Promise<string>;
  /** The process, when it is another one. */
  readonly pid?: number;
}

/** An order and its answer in the pipe. */
export type WireOrder = { readonly id: number } & (
  | { readonly survey: FarmMix }
  | { readonly serve: ServeOrder }
  | { readonly work: number }
  | { readonly clear: true }
);

export type WireAnswer = { readonly id: number } & (
  | { readonly result: unknown }
  | { readonly error: { readonly code: ErrorCode; readonly context: ErrorContext } }
);
