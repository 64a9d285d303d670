/**
 * What protocols.md 6.6 leaves open and a simulated NerdQAxe must nevertheless decide. Names, defaults and limits of
 * boards, replies of /api/v2 and the order of keys are those of the public source of the firmware
 * (github.com/shufps/ESP-Miner-NerdQAxePlus, main/boards, main/http_server). A client that stands on an assumption is wrong.
 */
export const ASSUMED = {
  /** Versions of a firmware with all of 6.6, and of one before /api/v2 and one-time passwords. */
  version: 'v1.1.0',
  oldVersion: 'v1.0.20',
  /** Times, ms: from reset to the open port and to the pool; from an accepted image or a request to the restart. */
  bootMs: 4_000,
  poolMs: 6_000,
  soonMs: 1_000,
  flashBytesPerS: 200_000,
  firmwareBytes: 4 << 20,
  startDelayS: 4,
  rampS: 20,
  changeRampS: 2,
  mostOverclock: 1.5,
  riseC: 24,
  /** In the long run warmer than `overheat_temp`: the board is shut down so long after the change. */
  overheatC: 70,
  overheatMs: 60_000,
  /** The secret that every simulated device has once its owner enrolled, and how many steps of 30 s a code may be off. */
  otpSecret: 'JBSWY3DPEHPK3PXP',
  otpWindow: 1,
  /** A sample of the history comes so often, ms. */
  historyMs: 15_000,
  /** Times of the one-click update, ms from its start: its steps end there; the last one is followed by a restart. */
  updateSteps: [
    ['resolving_url', 2_000],
    ['updating_fw', 30_000],
    ['downloading_www', 45_000],
    ['updating_www', 60_000],
    ['rebooting', 63_000],
  ],
  resetPower: 'SYSTEM.RESET_POWERON',
  resetSoftware: 'SYSTEM.RESET_SW',
  wifiStatus: 'SYSTEM.WIFI_CONNECTED',
  oldWifiStatus: 'Connected!',
  /** Switching frequency of the regulator, kHz or whatever the device means by it. */
  vrFrequency: 25_011,
  canSlaves: 32,
  project: 'esp-miner',
  pageBytes: 3 << 20,
  /** Of the first page, index.html of the source: nothing there says AxeOS, by which others know a Bitaxe. */
  pageTitle: 'Nerd*axe Dashboard',
} as const;

/*
 * And without a number: sessions of one-time passwords are forgotten at a restart; what a one-click update downloads is
 * always there, and its version is the one in its address; a fan in mode 1 runs at its manual speed; the second fan runs
 * by hand or as the first one; in dual-pool mode the counts of both pools are parts of one count, by the balance; a Wi-Fi that is
 * not in reach takes the device off the network at the next restart; the coinbase is never verified, alerts are never
 * sent (the test of them fails without a webhook and succeeds with one).
 */
