export * from './ask.ts';
export { type DigestAlgorithm, type DigestChallenge, parseChallenge, realmOf } from './challenge.ts';
export * from './digest.ts';
export * from './document.ts';
export { PageVisit } from './page-visit.ts';
export * from './session.ts';
export * from './sha256.ts';
export { withoutSecrets } from './without-secrets.ts';
export * from './write.ts';
