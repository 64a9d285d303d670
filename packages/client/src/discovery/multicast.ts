import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, HeadframeError } from '@headframe/model';
import { systemClock } from '../clock.ts';
import { linkError } from '../links/link-errors.ts';

/*
 * Asking a whole network for cgminers with one packet (`protocols.md` 1.9): machines that were started with
 * `--api-mcast` answer. It is off by default, so that silence says nothing; a scan finds the others.
 */

export interface MulticastOptions {
  /** What the machines were told to listen for (`--api-mcast-code`); `FTW` when left out. */
  readonly code?: string;
  /** UDP port of the group; 4028 when left out. */
  readonly port?: number;
  /** 224.0.0.75 when left out. */
  readonly group?: string;
  /** Own address of the network to ask in; the system's choice when left out. */
  readonly interfaceAddress?: string;
  /** How long to listen, ms; 3,000 when left out. A machine that was just asked sleeps a second before it hears us. */
  readonly waitMs?: number;
  /** How often to ask within that time: packets get lost. 2 when left out; a machine is told only once. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Waits; rejects when the signal aborts. In real time when left out. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A machine that answered. All of it is what somebody on the network claims: only asking it shows what it is. */
export interface MulticastFound {
  /** Where the answer came from. */
  readonly address: string;
  /** TCP port of its API. */
  readonly apiPort: number;
  /** `--api-mcast-des`, without control characters; empty for most. */
  readonly description: string;
  /** Epoch ms. */
  readonly at: number;
}

const GROUP = '224.0.0.75';
const PORT = 4028;
/** Machines that are told at the most: a flood of made-up answers ends there. */
const MOST_FOUND = 10_000;

/**
 * Asks and yields machines as they answer, each once; ends when the time is over.
 * @throws HeadframeError `usage/invalid` at once for values that cannot be; the iteration rejects with
 * `link/unreachable` when nothing can be sent and `link/cancelled`
 */
export function discoverByMulticast(options: MulticastOptions = {}): AsyncGenerator<MulticastFound, void> {
  const { code = 'FTW', port = PORT, group = GROUP, interfaceAddress, waitMs = 3000, attempts = 2 } = options;
  if (!/^[\x21-\x7e]{1,64}$/.test(code)) throw invalid('The code is 1 to 64 printable characters without blanks');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(`There is no port ${port}`);
  if (!isIPv4(group) || !/^(22[4-9]|23[0-9])\./.test(group)) throw invalid(`${group} is no IPv4 multicast group`);
  if (interfaceAddress !== undefined && !isIPv4(interfaceAddress)) {
    throw invalid(`${interfaceAddress} is no IPv4 address of this computer`);
  }
  if (!(waitMs >= 0 && waitMs <= 3_600_000)) throw invalid(`waitMs is 0 to 3600000, not ${waitMs}`);
  if (!Number.isInteger(attempts) || attempts < 1) throw invalid(`attempts is at least 1, not ${attempts}`);
  return discover({ ...options, code, port, group, waitMs, attempts });
}

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });

type Settled = MulticastOptions & Required<Pick<MulticastOptions, 'code' | 'port' | 'group' | 'waitMs' | 'attempts'>>;

async function* discover(options: Settled): AsyncGenerator<MulticastFound, void> {
  const { group, port, signal, clock = systemClock } = options;
  const context = { address: `${group}:${port}` };
  const stop = new AbortController();
  const cancel = () => stop.abort();
  if (signal?.aborted) throw new HeadframeError('link/cancelled', context);
  signal?.addEventListener('abort', cancel);
  const found: MulticastFound[] = [];
  const known = new Set<string>();
  let wake: () => void = () => {};
  const socket = createSocket('udp4');
  let failure: unknown = null;
  socket.on('message', (bytes, from) => {
    const answer = parseMulticastReply(bytes);
    const key = `${from.address} ${answer?.apiPort}`;
    if (answer === null || known.has(key) || known.size >= MOST_FOUND) return;
    known.add(key);
    found.push({ address: from.address, ...answer, at: clock.now() });
    wake();
  });
  let running = true;
  const asked = ask(socket, options, stop.signal)
    .catch((thrown: unknown) => {
      failure = thrown;
    })
    .then(() => {
      running = false;
      wake();
    });
  try {
    while (running || found.length > 0) {
      const next = found.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (signal?.aborted) throw new HeadframeError('link/cancelled', context);
    if (failure !== null) throw linkError(failure, false, context);
  } finally {
    signal?.removeEventListener('abort', cancel);
    stop.abort();
    await asked;
    await new Promise<void>((closed) => socket.close(() => closed()));
  }
}

/** Asks as often as told, evenly over the time. Ends early when the signal aborts. */
async function ask(socket: Socket, options: Settled, signal: AbortSignal): Promise<void> {
  const { code, group, port, interfaceAddress, waitMs, attempts, wait = waited } = options;
  await new Promise<void>((bound, failed) => {
    socket.on('error', failed);
    socket.bind({ port: 0, ...(interfaceAddress !== undefined && { address: interfaceAddress }) }, bound);
  });
  if (interfaceAddress !== undefined) socket.setMulticastInterface(interfaceAddress);
  const request = `cgminer-${code}-${socket.address().port}`;
  for (let attempt = 0; attempt < attempts && !signal.aborted; attempt++) {
    await new Promise<void>((sent, failed) => {
      socket.send(request, port, group, (error) => (error === null ? sent() : failed(error)));
    });
    await wait(waitMs / attempts, signal).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
  }
}

const waited = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal });
};

/** Real answers have some dozen bytes; a description comes from a command line. */
const LONGEST = 1024;

/**
 * Reads `cgm-FTW-<apiport>-<description>` with or without its NUL; null for anything else. Never throws.
 * The code is not compared: cgminer always says FTW there, a fork may say its own.
 */
export function parseMulticastReply(
  bytes: Uint8Array,
): { readonly apiPort: number; readonly description: string } | null {
  if (bytes.length > LONGEST) return null;
  const nul = bytes.indexOf(0);
  const text = new TextDecoder().decode(nul < 0 ? bytes : bytes.subarray(0, nul));
  const [, port, description = ''] = /^cgm-[^-]{1,64}-([0-9]{1,5})(?:-(.*))?$/s.exec(text) ?? [];
  const apiPort = Number(port ?? 0);
  if (apiPort < 1 || apiPort > 65_535) return null;
  return { apiPort, description: description.replace(/[\p{Cc}\p{Cf}]/gu, '').trim() };
}
