import { type FileHandle, open, unlink } from 'node:fs/promises';
import { HeadframeError } from '@headframe/model';
import { configurationPaths } from '../shell/firmware-facts.ts';
import { quoted } from '../shell/shell.ts';
import type { Fixing, FixKind, FixTarget } from './fix.ts';
import { inShell } from './in-shell.ts';
import { minerOf, readOnce } from './one-read.ts';

/** Steps 10 and 14: before a flash. The passwords of its pools are in the file, so it is for its owner alone. */
export const saveConfiguration: FixKind = {
  fix: 'save-configuration',
  needs: ['family', 'saveTo'],
  changes: false,
  does: ({ host, saveTo }) =>
    `Fetches the configuration of ${host} and writes it to ${saveTo ?? 'a file'}, which only you can read, as the passwords of its pools are in it. It changes nothing and interrupts nothing.`,
  run: async (target, fixing) => {
    const path = target.saveTo ?? '';
    // Made first: what cannot be written need not be fetched.
    const file = await made(path);
    try {
      const { bytes, from, sent } = await fetched(target, fixing);
      await file.writeFile(bytes);
      return { result: 'done', said: `${bytes.length} bytes from ${from} are in ${path}.`, sent, file: path };
    } catch (thrown) {
      await unlink(path).catch(() => {});
      throw thrown;
    } finally {
      await file.close();
    }
  },
  check: { how: 'the file is written, and not empty', reads: 0, everyMs: 0 },
};

async function made(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    const detail =
      code === 'EEXIST'
        ? `${path} is there already, and is not written over; nothing was done`
        : `${path} cannot be written (${code}); nothing was done`;
    throw new HeadframeError('usage/invalid', { detail }, error);
  }
}

interface Fetched {
  readonly bytes: Uint8Array;
  readonly from: string;
  readonly sent: { readonly shown: string; readonly at: number }[];
}

/** By the backup of its own web page where there is one, else over SSH, else what its API tells of it. */
async function fetched(target: FixTarget, fixing: Fixing): Promise<Fetched> {
  const ofPage = await fromPage(target, fixing);
  if (ofPage !== null) return ofPage;
  if (target.ssh !== undefined) return overSsh(target, fixing);
  const ofApi = await fromApi(target, fixing);
  if (ofApi !== null) return ofApi;
  throw new HeadframeError('support/unsupported', {
    address: target.host,
    request: 'its configuration',
    detail: 'its web page has no backup, and its API gives none',
    next: 'With a login over SSH it can be fetched there.',
  });
}

async function fromPage(target: FixTarget, fixing: Fixing): Promise<Fetched | null> {
  try {
    return await download('backup', 'its web page', target, fixing);
  } catch (thrown) {
    if (target.ssh !== undefined && thrown instanceof HeadframeError && thrown.code !== 'link/cancelled') return null;
    throw thrown;
  }
}

/** Passwords are left out or masked there: it is for reading, and for typing in again. */
async function fromApi(target: FixTarget, fixing: Fixing): Promise<Fetched | null> {
  for (const what of ['configuration', 'settings']) {
    const fetched = await download(what, `its API (${what}; passwords may be missing)`, target, fixing);
    if (fetched !== null) return fetched;
  }
  return null;
}

/** What the family has of its own to be fetched. Null: it has nothing of that name. */
async function download(what: string, from: string, target: FixTarget, fixing: Fixing): Promise<Fetched | null> {
  const miner = minerOf(target, fixing);
  if (miner === null) return null;
  // What it can do is known once it has answered.
  const answer = await readOnce(target, fixing, miner);
  if (answer instanceof HeadframeError && target.ssh === undefined) throw answer;
  const name = `${miner.family.id}.${what}`;
  if (!miner.capabilities.some((one) => one.name === name && one.action !== null)) return null;
  const at = fixing.clock.now();
  const { download: fetched, error } = await (await miner.plan(name)).run();
  if (fetched !== undefined && fetched.bytes.length > 0) {
    return { bytes: fetched.bytes, from, sent: [{ shown: name, at }] };
  }
  const vendorText = error?.message ?? 'it was empty';
  throw new HeadframeError('device/refused', { address: target.host, request: name, vendorText });
}

const overSsh = (target: FixTarget, fixing: Fixing): Promise<Fetched> =>
  inShell(target, fixing, async (shell) => {
    const candidates = configurationPaths(target.family);
    const { out } = await shell.run(`ls -d ${candidates.join(' ')} 2>/dev/null`);
    const there = new Set(out.split('\n').map((line) => line.trim()));
    const path = candidates.find((one) => there.has(one));
    const at = fixing.clock.now();
    if (path !== undefined) {
      const shown = `cat ${quoted(path)}`;
      const ran = await shell.run(shown);
      if (ran.code === 0 && ran.out !== '') return { bytes: Buffer.from(ran.out), from: path, sent: [{ shown, at }] };
    }
    const detail =
      path === undefined ? 'no configuration file of a known name is on it' : `${path} cannot be read, or is empty`;
    throw new HeadframeError('support/unsupported', { address: target.host, request: 'its configuration', detail });
  });
