export { askDocument, linkOf } from './ask-document.ts';
export { askCommand, type ReadPlan, readCommands, type SingleCommand } from './conversation.ts';
export { lastShareAt, sinceShare } from './last-share.ts';
export { ownActions } from './own-actions.ts';
export { type ListedPool, listPools, type PoolActionName, type PoolDialect, poolActions } from './pool-actions.ts';
export { averageHashrate, hashrateWindows, poolFrom, SUMMARY_FEEDS, sharesFrom } from './records.ts';
export {
  type CgminerReply,
  type DecodedReply,
  type DecodeOptions,
  decodeReply,
  first,
  type StatusRecord,
  section,
  statusOf,
} from './reply.ts';
export { encodeRequest, escapeParameter, type Form, joinCommands } from './request.ts';
export {
  type MoreOfStep,
  type Refusal,
  SESSION_SHOWN,
  type SessionDialect,
  type SessionLayer,
  sessionLayer,
} from './session.ts';
export { slowFacts } from './slow-facts.ts';
export { STATUS_CODES, type StatusCode } from './status-codes.ts';
export { type CommandStep, commandStep, commandVerdict, lookForRestart } from './write.ts';
