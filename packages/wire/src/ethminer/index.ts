export { hex64, NONCES, uint64 } from './exact.ts';
export { askMethods, Questions } from './questions.ts';
export { rpcRefusal } from './refusals.ts';
export { decodeLine, lineLength, type RpcMessage } from './reply.ts';
export { type RpcCall, requestText } from './request.ts';
export { type RpcReply, RpcTalk } from './talk.ts';
