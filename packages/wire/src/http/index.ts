export * from './ask.ts';
export { type DigestAlgorithm, type DigestChallenge, parseChallenge, realmOf } from './challenge.ts';
export * from './digest.ts';
export * from './document.ts';
export * from './session.ts';
export * from './write.ts';
