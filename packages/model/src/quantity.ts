import { type TSchema, Type } from 'typebox';

/**
 * What a field of the snapshot is, beside its type: said once, here, in the schema.
 * JSON Schema, table columns of the command line, column heads of the page and metric names all derive from it.
 */
export interface FieldMeta {
  /** Catalogue key of the label that a person reads; the texts are in `labels.ts`. */
  readonly label: string;
  /** The unit as it is stored, always the base unit that the field's name ends with. */
  readonly unit?: Unit;
  /** Prometheus metric name, without the common prefix `headframe_`. Absent: no metric. */
  readonly metric?: string;
  /** Counters only grow between two restarts of the machine; everything else is a gauge. */
  readonly counter?: boolean;
}

export type Unit =
  | 'H/s'
  | 'W'
  | 'J/TH'
  | '°C'
  | 'MHz'
  | 'V'
  | 'A'
  | 'rpm'
  | '%'
  | 'dBm'
  | 's'
  | 'ms'
  | 'epoch ms'
  | 'count'
  | 'difficulty';

/** The key under which a schema carries its {@link FieldMeta}. */
export const FIELD_META = 'x-headframe';

/** A number or null (not exposed, or a gap), with its unit, label and metric. */
export function quantity(meta: FieldMeta) {
  return Type.Union([Type.Number(), Type.Null()], { [FIELD_META]: meta });
}

/** A text or null. */
export function text(label: string) {
  return Type.Union([Type.String(), Type.Null()], { [FIELD_META]: { label } satisfies FieldMeta });
}

/** The {@link FieldMeta} of a schema, when it has one. */
export function metaOf(schema: TSchema): FieldMeta | undefined {
  return (schema as unknown as Record<string, FieldMeta | undefined>)[FIELD_META];
}
