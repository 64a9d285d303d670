export { overlappingSegments, segmentsOf } from './ethminer/index.ts';
export * from './identify.ts';
export * from './registry.ts';
export * from './snapshot-of.ts';
export * from './sources.ts';
