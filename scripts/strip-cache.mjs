import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Keeps the checkout's TypeScript sources with their types taken out, for a Node that does not do that itself.
 * @param {string} root
 * @param {string} cache
 */
export function useStripCache(root, cache) {
  const dir = join(cache, 'stripped');
  mkdirSync(dir, { recursive: true });
  module.registerHooks({
    load(url, context, next) {
      if (!url.endsWith('.ts') || !url.startsWith('file:')) return next(url, context);
      const path = fileURLToPath(url);
      const { size, mtimeMs } = statSync(path);
      const kept = join(dir, relative(root, path).replaceAll(/[\\/]/g, '+'));
      // A comment at the end, so that lines keep their numbers.
      const mark = `\n//${size} ${mtimeMs}`;
      let source = read(kept);
      if (!source?.endsWith(mark)) {
        source = strip(readFileSync(path, 'utf8')) + mark;
        writeFileSync(`${kept}.${process.pid}`, source);
        renameSync(`${kept}.${process.pid}`, kept);
      }
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

function read(/** @type {string} */ path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Without the warning that the function is experimental: what it does is what Node 22 does by itself. */
function strip(/** @type {string} */ source) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return module.stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
