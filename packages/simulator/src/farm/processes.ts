import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkDone } from '@headframe/families/sim';
import { HeadframeError } from '@headframe/model';
import { besideThis } from '../beside.ts';
import type { MachineLine, ShareWorker, Survey, WireAnswer, WireOrder } from './orders.ts';
import type { Hello } from './share-process.ts';

/**
 * A worker in a process of its own. It ends with this process, however that ends.
 * @throws HeadframeError `internal` when it cannot be started
 */
export async function shareInProcess(): Promise<ShareWorker> {
  const first = await start();
  if (!first.cold) return first;
  await first.end();
  return start();
}

async function start(): Promise<ShareWorker & Hello> {
  const module = besideThis(import.meta.url, 'share-process').href;
  const code = `import { takeOrders } from ${JSON.stringify(module)}; takeOrders();`;
  const child = spawn(process.execPath, [...flags(), '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // One malloc arena: the C library gives each thread its own otherwise, which costs a fifth of the memory.
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache(), MALLOC_ARENA_MAX: '1' },
  });
  const waiting = new Map<number, (answer: WireAnswer) => void>();
  let over: string | null = null;
  let greet: (hello: Hello) => void = () => {};
  let ending = false;
  let lose: (why: string) => void = () => {};
  const lost = new Promise<string>((done) => {
    lose = done;
  });
  const stopped = (why: string) => {
    over ??= `a process of the farm ended (${why})`;
    if (!ending) lose(over);
    for (const [id, done] of waiting) done(failed(id, over));
    waiting.clear();
    greet({ cold: false });
  };
  child.once('error', (error) => stopped(error.message));
  child.once('exit', (status, signal) => stopped(String(signal ?? status)));
  const ask = async (order: object): Promise<unknown> => {
    const id = nextId++;
    const answer = await new Promise<WireAnswer>((done) => {
      if (over !== null) return done(failed(id, over));
      waiting.set(id, done);
      child.send({ id, ...order } as WireOrder);
    });
    if ('result' in answer) return answer.result;
    throw new HeadframeError(answer.error.code, answer.error.context);
  };
  const hello = await new Promise<Hello>((done) => {
    greet = done;
    child.on('message', (said: Hello | WireAnswer) => {
      if ('cold' in said) return done(said);
      waiting.get(said.id)?.(said);
      waiting.delete(said.id);
    });
  });
  return {
    cold: hello.cold,
    survey: async (mix) => (await ask({ survey: mix })) as Survey,
    serve: async (order) => (await ask({ serve: order })) as MachineLine[],
    work: async (at) => (await ask({ work: at })) as WorkDone[][],
    clear: async () => void (await ask({ clear: true })),
    end: () => {
      ending = true;
      return end(child);
    },
    lost,
    ...(child.pid === undefined ? {} : { pid: child.pid }),
  };
}

let nextId = 0;

const failed = (id: number, detail: string): WireAnswer => ({ id, error: { code: 'internal', context: { detail } } });

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
  return [...own, ...(source ? ['--conditions=@headframe/source'] : []), '--max-semi-space-size=2'];
}

/** Where children keep what their sources compile to: without TypeScript's stripper a process is a third smaller. */
function compileCache(): string {
  const own = getCompileCacheDir();
  return process.env.NODE_COMPILE_CACHE ?? (own === undefined ? join(tmpdir(), 'node-compile-cache') : dirname(own));
}
