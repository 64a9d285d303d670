export { overlappingSegments, segmentsOf } from './ethminer/index.ts';
export { grpcDocument, grpcMessage, grpcRequest } from './grpc-documents.ts';
export * from './identify.ts';
export * from './registry.ts';
export * from './snapshot-of.ts';
export * from './sources.ts';
