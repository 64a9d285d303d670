export { Fields, positive, toNumber } from './fields.ts';
export {
  type LenientOptions,
  type LenientResult,
  MAX_BYTES,
  MAX_DEPTH,
  MAX_VALUES,
  parseLenient,
} from './parse-lenient.ts';
export { REPAIRS, type RepairKind } from './repairs.ts';
