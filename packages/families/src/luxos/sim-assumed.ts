/**
 * Numbers that no source gives, in one place: the command, or the refusal, and the code that stands for it here.
 * A client must not stand on them: severity S or E is what is known. The words behind those of refusals are ours too.
 *
 * Known numbers and words are from `protocols.md` 8 and, for 302, 305, 333 and 334, from Luxor's pages on
 * frequencyset, reboot and updaterun (docs.luxor.tech/firmware/api/luxminer).
 */
export const ASSUMED = {
  tempctrl: 200,
  fanset: 203,
  frequencyget: 303,
  frequencystop: 304,
  voltageset: 306,
  tunerswitch: 308,
  tunableswitch: 309,
  healthctrl: 312,
  healthctrlset: 313,
  healthchipset: 315,
  logoff: 317,
  groupquota: 320,
  profileget: 322,
  addgroup: 325,
  ledset: 326,
  removegroup: 327,
  rebootdevice: 328,
  resetminer: 329,
  immersionswitch: 331,
  updateset: 332,
  updatecheck: 336,
  limits: 337,
  profilenew: 338,
  enableboard: 341,
  disableboard: 342,
  profilerem: 343,
  profilerestore: 344,
  autotunerget: 345,
  autotunerset: 346,
  netset: 347,
  hashboardopts: 348,
  hashboardoptsset: 349,
  tempsensor: 350,
  tempsensorset: 351,
  resetconfig: 352,
  uninstallluxos: 353,
  minerstatus: 354,
  poolopts: 355,
  pooloptsset: 356,
  logset: 358,
  metrics: 359,
  psuget: 360,
  psuset: 361,
  powertargetset: 362,
  systemaudit: 363,
  /** Refused: ATM is running. The words are known (`protocols.md` 8). */
  atmRunning: 409,
  /** Refused: not while it sleeps (Luxor's pages say that it fails, not how). */
  asleep: 410,
  /** Refused: the first wakeup after a restart cannot be unsafe. */
  unsafeFirst: 411,
  /** Refused: a profile that is used, or that the firmware made, cannot be removed. */
  profileKept: 412,
  /** Refused: the first group stays. */
  groupKept: 413,
} as const;
