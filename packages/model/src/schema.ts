/*
 * The snapshot as data: its schemas, and what derives from them. A door of its own, because the schema library costs
 * every process that loads it 20 MB and its start time, and who only reads machines needs none of it.
 */
export * from './fields.ts';
export * from './metrics.ts';
export * from './quantity.ts';
export * from './snapshot.ts';
