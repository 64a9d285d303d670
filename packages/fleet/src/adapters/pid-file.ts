import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createApiClient } from '@headframe/api';
import { HeadframeError } from '@headframe/model';

/*
 * `daemon.json` in the data folder: which daemon runs on it, and the token that stops it. Only its user can read it.
 */

export interface DaemonFile {
  readonly pid: number;
  /** host:port */
  readonly address: string;
  /** epoch ms */
  readonly startedAt: number;
  readonly token: string;
}

export const daemonFilePath = (dataDirectory: string): string => join(dataDirectory, 'daemon.json');

export const newToken = (): string => randomBytes(24).toString('base64url');

/** What the file says; null when there is none, or none that can be read as one. */
export function readDaemonFile(dataDirectory: string): DaemonFile | null {
  try {
    const value: unknown = JSON.parse(readFileSync(daemonFilePath(dataDirectory), 'utf8'));
    return isDaemonFile(value) ? value : null;
  } catch {
    return null;
  }
}

function isDaemonFile(value: unknown): value is DaemonFile {
  if (value === null || typeof value !== 'object') return false;
  const file = value as Partial<Record<keyof DaemonFile, unknown>>;
  return typeof file.pid === 'number' && typeof file.address === 'string' && typeof file.token === 'string';
}

/**
 * The daemon that runs on this folder, if it does: a file alone proves nothing, its process may be long gone and its
 * pid or port somebody else's by now. So the address is asked who it is.
 */
export async function runningDaemon(dataDirectory: string): Promise<DaemonFile | null> {
  const file = readDaemonFile(dataDirectory);
  if (file === null) return null;
  try {
    const health = await createApiClient(`http://${file.address}`).health({ signal: AbortSignal.timeout(2_000) });
    return health.pid === file.pid ? file : null;
  } catch {
    return null;
  }
}

/** @throws HeadframeError `usage/already-running` when a daemon runs on this folder */
export async function refuseSecondDaemon(dataDirectory: string): Promise<void> {
  const running = await runningDaemon(dataDirectory);
  if (running === null) return;
  throw new HeadframeError('usage/already-running', {
    address: `http://${running.address}`,
    detail: ` (process ${running.pid})`.trim(),
    next: 'Open that address, or stop it with: headframe stop',
  });
}

/**
 * Takes the folder for this daemon. A stale file is replaced; of two that start at the same moment, one wins.
 * @throws HeadframeError `usage/already-running`
 */
export async function claimFolder(dataDirectory: string, file: DaemonFile): Promise<void> {
  mkdirSync(dataDirectory, { recursive: true });
  const path = daemonFilePath(dataDirectory);
  const write = () => writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    write();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    await refuseSecondDaemon(dataDirectory);
    rmSync(path, { force: true });
    write();
  }
}

/** Gives the folder back, unless it is another daemon's by now. */
export function releaseFolder(dataDirectory: string, token: string): void {
  if (readDaemonFile(dataDirectory)?.token === token) rmSync(daemonFilePath(dataDirectory), { force: true });
}

export interface StopResult {
  readonly pid: number;
  readonly address: string;
  /** False: it took the request and still answers. */
  readonly stopped: boolean;
}

/**
 * Stops the daemon of this folder and waits until it does not answer any more.
 * @returns null when none runs there
 */
export async function stopDaemon(dataDirectory: string, waitMs = 10_000): Promise<StopResult | null> {
  const running = await runningDaemon(dataDirectory);
  if (running === null) return null;
  const { pid, address, token } = running;
  await createApiClient(`http://${address}`).stop(token, { signal: AbortSignal.timeout(5_000) });
  const until = performance.now() + waitMs;
  while (performance.now() < until) {
    if ((await runningDaemon(dataDirectory)) === null) return { pid, address, stopped: true };
    await setTimeout(100);
  }
  return { pid, address, stopped: false };
}
