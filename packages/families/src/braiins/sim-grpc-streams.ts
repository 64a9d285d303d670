import { create, fromBinary } from '@bufbuild/protobuf';
import type { GrpcSaid, SimulatedGrpcCall } from '../sim/device.ts';
import {
  callOf,
  GetLogResponseSchema,
  GetMinerStatusResponseSchema,
  GetSupportArchiveResponseSchema,
  MinerService,
  SystemUpgradeResponseSchema,
  UpgradeService,
} from './contract/index.ts';
import { archiveBytes, logBytes } from './sim-archive.ts';
import { ASSUMED } from './sim-assumed.ts';
import { FirmwareUpload } from './sim-firmware.ts';
import { OK, saying } from './sim-grpc-said.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { replyBytes } from './sim-odd-replies.ts';

/*
 * Calls of more than one message.
 */

/** Lets the caller in. @throws ApiRefusal */
type Admit = (now: number) => void;

type Stream = (machine: BraiinsMachine, admit: Admit) => SimulatedGrpcCall;

/** Messages of one look at a stream that never pauses, and the time between two looks, ms. */
const FLOOD = 64;
const FLOOD_MS = 1;
/** Between two pieces of a file, ms. */
const PIECE_MS = 2;

/** How a stream ends behind its first message, when the machine is so inclined. */
function cut({ has }: BraiinsMachine, said: GrpcSaid): GrpcSaid {
  const breaks = has('goaway-in-stream') ? 'goaway' : has('rst-in-stream') ? 'rst' : null;
  return breaks === null || said.messages.length === 0 ? said : { messages: said.messages.slice(0, 1), breaks };
}

const { getMinerStatus, getLog, getSupportArchive } = MinerService.method;

/** The state at once, again with each change, and after a while without one. */
const minerStatus: Stream = (machine, admit) => {
  let told: number | null = null;
  let toldAt = 0;
  const endless = machine.has('endless-status-stream');
  const look = (now: number): GrpcSaid => {
    const status = machine.status(now);
    if (!endless && status === told && now - toldAt < ASSUMED.statusEveryMs) return { messages: [] };
    told = status;
    toldAt = now;
    const reply = create(GetMinerStatusResponseSchema, { status });
    const bytes = replyBytes({ method: getMinerStatus }, reply, machine.has);
    return cut(machine, { messages: Array.from({ length: endless ? FLOOD : 1 }, () => bytes) });
  };
  return {
    receive: (_, now) =>
      saying(machine, now, () => {
        admit(now);
        return look(now);
      }),
    everyMs: endless ? FLOOD_MS : ASSUMED.statusLookMs,
    next: (now) => saying(machine, now, () => look(now)),
  };
};

/** A file in pieces. @param read all of it; may refuse. @param wrap one piece as a message */
function pieces(
  machine: BraiinsMachine,
  read: (request: Uint8Array, now: number) => Uint8Array,
  wrap: (chunkData: Uint8Array) => Uint8Array,
): SimulatedGrpcCall {
  let file = new Uint8Array();
  let at = 0;
  const piece = (): GrpcSaid => {
    const end = at + ASSUMED.chunkBytes;
    const messages = at < file.length ? [wrap(file.subarray(at, end))] : [];
    at = end;
    return cut(machine, { messages, ...(at >= file.length && { status: OK }) });
  };
  return {
    receive: (bytes, now) =>
      saying(machine, now, () => {
        file = Uint8Array.from(read(bytes, now));
        return piece();
      }),
    everyMs: PIECE_MS,
    next: (now) => saying(machine, now, piece),
  };
}

const log: Stream = (machine, admit) =>
  pieces(
    machine,
    (bytes, now) => {
      admit(now);
      return logBytes(machine, now, fromBinary(getLog.input, bytes).logType);
    },
    (chunkData) => replyBytes({ method: getLog }, create(GetLogResponseSchema, { chunkData }), machine.has),
  );

const supportArchive: Stream = (machine, admit) =>
  pieces(
    machine,
    (bytes, now) => {
      admit(now);
      return archiveBytes(machine, now, fromBinary(getSupportArchive.input, bytes).format);
    },
    (chunkData) => {
      const reply = create(GetSupportArchiveResponseSchema, { chunkData });
      return replyBytes({ method: getSupportArchive }, reply, machine.has);
    },
  );

/** Admitted once, with its first message: an upload may take longer than a token lives. */
const systemUpgrade: Stream = (machine, admit) => {
  const { systemUpgrade: method } = UpgradeService.method;
  const upload = new FirmwareUpload(machine);
  let admitted = false;
  const enter = (now: number): void => {
    if (!admitted) admit(now);
    admitted = true;
  };
  return {
    receive: (bytes, now) =>
      saying(machine, now, () => {
        enter(now);
        upload.take(fromBinary(method.input, bytes));
        return { messages: [] };
      }),
    end: (now) =>
      saying(machine, now, () => {
        enter(now);
        upload.finish(now);
        const reply = create(SystemUpgradeResponseSchema, { successful: true });
        return { messages: [replyBytes({ method }, reply, machine.has)], status: OK };
      }),
  };
};

const streams: ReadonlyMap<string, Stream> = new Map([
  [callOf(getMinerStatus), minerStatus],
  [callOf(getLog), log],
  [callOf(getSupportArchive), supportArchive],
  [callOf(UpgradeService.method.systemUpgrade), systemUpgrade],
]);

/** Null for a call that is no stream. */
export const streamCall = (machine: BraiinsMachine, call: string, admit: Admit): SimulatedGrpcCall | null =>
  streams.get(call)?.(machine, admit) ?? null;
