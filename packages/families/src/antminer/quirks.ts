import { MH } from '@headframe/model';

/**
 * What is odd about some of these machines, and what we do about it. The first row that fits counts.
 * A row holds for every firmware of the models unless it says otherwise; a newcomer adds a row and nothing else.
 */
export interface Quirk {
  /** The model as people say it. */
  readonly models: RegExp;
  /** What is odd, and where that is known from. */
  readonly odd: string;
  /** Which chains the boards are, as the device numbers them; 1, 2, 3 ... unless given. */
  readonly chains?: readonly number[];
  /** Which fan connectors are used; 1, 2, 3 ... unless given. */
  readonly fans?: readonly number[];
  /** H/s in one unit of the device's rates where it sends no `rate_unit`; GH/s unless given. */
  readonly rateFactor?: number;
}

const QUIRKS: readonly Quirk[] = [
  {
    models: /^Antminer S9/,
    odd: 'Sixteen chains are listed, of which 6, 7 and 8 are boards; eight fans, of which two are there (protocols.md 2.1)',
    chains: [6, 7, 8],
    fans: [3, 6],
  },
  {
    models: /^Antminer L/,
    odd: 'Keys named GHS hold MH/s, and the oldest firmware names no unit (real L7: 9529.45 at 9.5 GH/s)',
    rateFactor: MH,
  },
  {
    models: /^Antminer D/,
    odd: 'Keys named GHS hold MH/s; the D3 names no unit (protocols.md 1.11: "15679.6")',
    rateFactor: MH,
  },
];

export const quirkOf = (model: string | null): Quirk | null =>
  QUIRKS.find((quirk) => model !== null && quirk.models.test(model)) ?? null;

/** Other firmware that calls its machines Antminer and speaks the same API: families of their own, or none yet. */
const OTHER_FIRMWARE = /hiveon|vnish|rwglr|msk|kaonsu|marafw|luxminer|bosminer|boser|dcent|anthill|hashmaster|epic/i;

/** Whether a VERSION record names a firmware that is not Bitmain's (field names and values count). */
export const namesOtherFirmware = (record: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(record).some(([key, value]) => OTHER_FIRMWARE.test(key) || OTHER_FIRMWARE.test(String(value)));

/** Work modes that mean sleep: 1, and 254 on some S17 builds (protocols.md 2.3). */
export const SLEEP_MODES: readonly number[] = [1, 254];
