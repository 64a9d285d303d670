/*
 * What neither protocols.md nor a published source of Canaan's says, and the simulation decides. A client that depends
 * on one of these depends on a guess.
 *
 * Sources that do say something, beside protocols.md 1.10 and 4: Canaan's A10 API manual (replies of led, workmode,
 * setpool, hashpower), Canaan's published source of the Nano 3S (every reply of its opcodes, setpool, time, litestats,
 * the pages of port 80), its published fleet tool (layout of a firmware page, Err01 to Err08), and probes of an Avalon Q.
 */
export const ASSUMED = {
  /** Replies of opcodes whose texts are nowhere: 118 with the key and the value in brackets, as its neighbours do. */
  dnsText: (first: string, second: string) => `DNS[${first} ${second}]`,
  bootByText: (code: string) => `BOOTBY[${code}]`,
  /** `restore` answers, sets everything to the factory's, and reboots. */
  restoreText: 'restore success, rebooting',
  /** `password,default`: back to the factory's password. */
  passwordDefaultText: 'default password success set.',
  /** `lcd,id:value`: 0 on and off (seen on a Q), the page, the brightness. 4 is the wallpaper (source of the Nano 3S). */
  lcdIds: { 0: 'on', 1: 'page', 2: 'bright' } as Readonly<Record<number, 'on' | 'page' | 'bright'>>,
  /** `LcdSwitch` while a wallpaper is shown. */
  wallpaperPage: 4,
  /** `wifi`, `audio`: the forms `get` and `set,...` that other opcodes have; the long record's key for the sound. */
  audioKey: 'AUDIO',
  /** `activate,key`: the first eight digits of SHA-256 of the DNA. */
  activationDigits: 8,
  /** BOOTBY after a reboot by the API and by the web page (a repairer's table of the A10 to A12). */
  bootByApi: 5,
  bootByWeb: 4,
  /** `frequency`: the fastest clock that the driver takes, MHz (the Nano 3S's driver; the A10's is not published). */
  fastestMhz: 1195,
  /** The slowest: below this the machine is told nonsense. */
  slowestMhz: 25,
  /** `setpool` of an A10 names no place: it is the first. */
  a10PoolPlace: 0,
  /** Longest URL and longest user or password of a pool (source of the Nano 3S). */
  longestUrl: 384,
  longestUser: 128,
  /** `privilege`: it answers with the codes of ascset. Boards are counted from 1 (a client's comment); 0 is all. */
  privilegeRefused: 'privilege is not enabled',
  /** `settemp` at level 1: the manual's 105 is for level 0. */
  hottestAtLevel1: 120,
  coolestTarget: 50,
  /** `set_chip_max_temp`. */
  chipMaxRange: [60, 120],
  /** A firmware page that was taken: 119. The largest image, bytes. */
  largestImage: 32 * 1024 * 1024,
  /** The rest of the new build's name: two numbers of seven digits behind the eight of the header. */
  buildDigits: 7,
  /** Layout of a wallpaper's pages is the Nano 3S's; what its signature is made with is not known: none is checked. */
  wallpaperMagic: 'nano',
  /** A8 `voltage-level`: one step, in the unit of `Vo`. */
  voltageLevelStep: 12,
  /** A reboot of a module takes this long. */
  moduleBootMs: 20_000,
  /** Pages of a farm machine: a right `username` and `passwd` set the cookie that section 4 describes. */
  farmLoginSetsCookie: true,
} as const;
