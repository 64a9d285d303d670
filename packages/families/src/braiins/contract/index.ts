/**
 * The gRPC contract of BraiinsOS (protocols.md 7.2): messages, enums and services of the packages `braiins.bos` and
 * `braiins.bos.v1` under their Protobuf names, as `npm run proto` makes them from the files in `proto`, and documents in the
 * place of messages (`toDoc`, `fromDoc`). The services of reflection, whose two versions have the same names, are under
 * `reflectionV1` and `reflectionV1alpha`.
 */
export type { ProtoDoc, UnknownField } from './doc-form.ts';
export { fromDoc } from './from-doc.ts';
export * from './generated/braiins/bos/v1/actions_pb.ts';
export * from './generated/braiins/bos/v1/advanced_settings_pb.ts';
export * from './generated/braiins/bos/v1/authentication_pb.ts';
export * from './generated/braiins/bos/v1/configuration_pb.ts';
export * from './generated/braiins/bos/v1/constraints_pb.ts';
export * from './generated/braiins/bos/v1/cooling_pb.ts';
export * from './generated/braiins/bos/v1/license_pb.ts';
export * from './generated/braiins/bos/v1/miner_pb.ts';
export * from './generated/braiins/bos/v1/network_pb.ts';
export * from './generated/braiins/bos/v1/performance_pb.ts';
export * from './generated/braiins/bos/v1/pool_pb.ts';
export * from './generated/braiins/bos/v1/save_action_pb.ts';
export * from './generated/braiins/bos/v1/units_pb.ts';
export * from './generated/braiins/bos/v1/upgrade_pb.ts';
export * from './generated/braiins/bos/v1/work_pb.ts';
export * from './generated/braiins/bos/version_pb.ts';
export * as reflectionV1 from './generated/grpc/reflection/v1/reflection_pb.ts';
export * as reflectionV1alpha from './generated/grpc/reflection/v1alpha/reflection_pb.ts';
export { callOf, contractServices, filesBehind, methodNamed } from './methods.ts';
export { toDoc } from './to-doc.ts';
