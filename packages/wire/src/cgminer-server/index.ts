export * from './accept-queue.ts';
export { atoi } from './c-format.ts';
export { apiPort } from './port.ts';
export * from './program.ts';
export { createApiServer } from './server.ts';
export * from './standard-commands.ts';
export * from './values.ts';
