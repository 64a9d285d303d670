import { type ChildProcess, spawn } from 'node:child_process';
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HeadframeError } from '@headframe/model';
import type { Share } from './share.ts';
import { type ShareAnswer, type ShareOrder, shareModule } from './share-process.ts';

/**
 * Serves machines in a process of its own.
 * @throws HeadframeError what the child could not do, or `internal` when it ended
 */
export async function spawnShare(order: ShareOrder): Promise<Share & { readonly pid: number }> {
  // What this process has compiled is there for its children.
  flushCompileCache();
  const code = `import { serveParent } from ${JSON.stringify(shareModule)}; serveParent();`;
  const child = spawn(process.execPath, [...flags(), '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache() },
  });
  const close = () => end(child);
  const answer = await new Promise<ShareAnswer>((done) => {
    child.once('message', (message) => done(message as ShareAnswer));
    child.once('error', (error) => done(failed(error.message)));
    child.once('exit', (code, signal) => done(failed(`a process of the farm ended (${signal ?? code})`)));
    child.send(order);
  });
  if ('ports' in answer) return { ports: answer.ports, pid: child.pid ?? 0, close };
  await close();
  throw new HeadframeError(answer.error.code, answer.error.context);
}

const failed = (detail: string): ShareAnswer => ({ error: { code: 'internal', context: { detail } } });

/** Lets go of the pipe, which ends the child, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  if (child.connected) child.disconnect();
  await gone;
}

/** The flags of this process, without its debugger's port, and a small young generation: replies are short-lived. */
function flags(): string[] {
  const own = process.execArgv.filter((flag) => !flag.startsWith('--inspect'));
  const source = import.meta.url.endsWith('.ts') && !own.some((flag) => flag.includes('@headframe/source'));
  return [...own, ...(source ? ['--conditions=@headframe/source'] : []), '--max-semi-space-size=1'];
}

/**
 * Where children keep what their sources compile to: it saves each of them the TypeScript stripper, which alone is a
 * third of a process's memory.
 */
function compileCache(): string {
  const own = getCompileCacheDir();
  return process.env.NODE_COMPILE_CACHE ?? (own === undefined ? join(tmpdir(), 'node-compile-cache') : dirname(own));
}
