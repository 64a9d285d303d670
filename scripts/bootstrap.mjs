/**
 * How everything in a checkout starts: with a Node that fits and with the packages of `package-lock.json`.
 * Plain JavaScript for any Node from 20 on. Where nothing is to do it costs two small file reads;
 * all that is needed more rarely is loaded when it is needed.
 */
import module from 'node:module';
import { join } from 'node:path';
import { watchAncestors } from './ancestors.mjs';
import { fits, isInstalled, root, SetupError } from './checkout.mjs';

/**
 * Runs `go` in a Node that fits, with the packages in place, and leaves its result as the exit code.
 * Where this Node does not fit, the whole script runs again under one that does.
 * @param {() => Promise<number>} go
 */
export async function launch(go) {
  try {
    await watchAncestors();
    if (!fits(process.versions.node)) {
      const { runUnderFittingNode } = await import('./install.mjs');
      process.exitCode = await runUnderFittingNode();
      return;
    }
    if (!isInstalled(root)) await (await import('./install.mjs')).installWorkspace();
    process.exitCode = await go();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

/** Lets this process import the packages' TypeScript sources, from a cache of compiled code. */
export async function useSources() {
  const cache = join(root, 'node_modules', '.cache', 'headframe');
  module.enableCompileCache(cache);
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, '@headframe/source'] }),
  });
  // Node 22 keeps no stripped sources in its compile cache, and loading its stripper costs two starts of Node.
  if (process.versions.node.startsWith('22.')) (await import('./strip-cache.mjs')).useStripCache(root, cache);
}
