/**
 * A file beside a module, for what is started by its address (threads, child processes) instead of imported:
 * a TypeScript source when the module itself runs as one, its compiled form otherwise.
 */
export const besideThis = (module: string, name: string): URL =>
  new URL(`./${name}.${module.endsWith('.ts') ? 'ts' : 'js'}`, module);
