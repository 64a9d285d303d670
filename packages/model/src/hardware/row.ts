/** One device as written in the data files. Null is "not known". */
export type Row = readonly [
  /** As people say it, without make and product line: `S19 Pro`, `M30S++`. */
  model: string,
  /** What parts machines of one model: a hardware version such as `VE30`. */
  variant: string | null,
  /** What machines say of themselves, upper case. Empty where no such name is known. */
  wireNames: readonly string[],
  algorithm: string | null,
  hashboards: number | null,
  chipsPerBoard: number | null,
  /** 0: cooled by liquid, or passively. */
  fans: number | null,
  /** How many independent tables have this device. */
  sources: 1 | 2,
  /** The numbers that the two tables give where they disagree; the number itself is then null. */
  disputes?: Readonly<Partial<Record<CountField, readonly number[]>>>,
];

/** The numbers of a device. */
export type CountField = 'hashboards' | 'chipsPerBoard' | 'fans';

/** All devices of one product line. */
export interface MakeData {
  readonly make: string;
  /**
   * The product line, the first word of the model's full name: `Antminer`. The first one is how people say it,
   * machines may use the others too (`AvalonMiner 1246`). Empty where there is none.
   */
  readonly lines: readonly string[];
  readonly rows: readonly Row[];
}
