export { STRANGER_KINDS, type StrangerKind } from './pages.ts';
export { type Stranger, type StrangerOptions, startStranger } from './start-stranger.ts';
