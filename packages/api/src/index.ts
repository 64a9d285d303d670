export * from './client.ts';
export type * from './diagnosis-schemas.ts';
export * from './paths.ts';
export * from './routes.ts';
export * from './schemas.ts';
export * from './stream.ts';
