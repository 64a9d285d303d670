import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { SimulatedHttpReply, SimulatedHttpRequest } from '@headframe/families/sim';

/** What a browser has to be told of a file. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'application/javascript',
  css: 'text/css',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  map: 'application/json',
};
/** Pages of such devices live in a few megabytes of flash. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * A file of a web page that somebody built, in front of a simulated device: what its API does not answer. As on the
 * device itself a file may be there packed (`main.js.gz`), and a path without one is the page's own (`/` for all).
 * @param folder the user's folder; nothing outside of it is ever read
 * @returns null for what is the device's
 */
export function ownPage(folder: string, { method, path }: SimulatedHttpRequest): SimulatedHttpReply | null {
  const asked = decoded(path.replace(/[?#].*$/, ''));
  if (method !== 'GET' || asked === null || asked.startsWith('/api/') || asked === '/recovery') return null;
  const name = asked.endsWith('/') ? `${asked}index.html` : asked;
  return fileIn(folder, name) ?? (/\.\w+$/.test(name) ? null : fileIn(folder, '/index.html'));
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

function fileIn(folder: string, name: string): SimulatedHttpReply | null {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
  for (const [file, packed] of [
    [name, false],
    [`${name}.gz`, true],
  ] as const) {
    const body = bytesOf(folder, file);
    if (body === null) continue;
    return { status: 200, headers: { 'content-type': type, ...(packed ? { 'content-encoding': 'gzip' } : {}) }, body };
  }
  return null;
}

function bytesOf(folder: string, name: string): Uint8Array | null {
  try {
    const root = realpathSync(folder);
    const file = realpathSync(join(root, name));
    if (!file.startsWith(`${root}${sep}`)) return null;
    const { size } = statSync(file);
    return size > MOST_BYTES ? null : readFileSync(file);
  } catch {
    return null;
  }
}
