/**
 * What protocols.md 6 leaves open and a simulated Bitaxe must nevertheless decide. A client that stands on one is wrong.
 */
export const ASSUMED = {
  /** Times, ms: from reset to the open port; from reset to the first connection to a pool. */
  bootMs: 3_000,
  poolMs: 5_000,
  /** Between an accepted image, or a new page in v2.15, and the restart. */
  rebootAfterFlashMs: 1_000,
  /** Bytes per second that an upload over Wi-Fi is written with: the reply waits for them. */
  flashBytesPerS: 200_000,
  /** Seconds from the start of mining to the first hashes and from there to the frequency asked for; after a change. */
  startDelayS: 4,
  rampS: 15,
  changeRampS: 2,
  /** The monitor of v2.11 and later has numbers so long after the start, s. */
  monitorS: 60,
  /** A chip follows up to this part of its default frequency; beyond it finds nothing. */
  mostOverclock: 1.5,
  /** Overheat mode: chips warmer than this in the long run start it so long after the change, and it sets these. */
  overheatC: 75,
  overheatMs: 60_000,
  overheatMhz: 50,
  overheatMv: 1000,
  /** W of a board with a TPS546 that its reading of power adds for fan and control (Gamma: 6.3's example fits 5 W). */
  offsetW: 5,
  idleW: 2.5,
  /** °C of the chips above the room at their defaults with the fans at 100 %. */
  riseC: 24,
  /** `wifiStatus` in access point mode; `ssid` of the network that it opens is not in info. */
  apStatus: 'Access Point mode',
  /** Texts of `power_fault` and `hardware_fault`: only that they are there is known. */
  powerFault: 'Power fault detected. Check your power supply.',
  hardwareFault: 'ASIC temperature sensor fault',
  /** Reset reasons beside the one in the example: what ESP-IDF calls them in its own documentation. */
  resetPower: 'Reset due to power-on event',
  resetBrownOut: 'Brownout reset (software or hardware)',
  resetSoftware: 'Software reset via esp_restart',
  /** Releases of v2.4 from this patch on have `stratumDiff` and `idfVersion` ("later 2.4"). */
  later24: 3,
  /** Key of the 404 of unknown routes; `status` of the reply to a new host name, and its message. */
  unknownRoute: { error: 'unknown route' },
  hostnameStatus: 'redirect',
  hostnameMessage: 'Hostname updated, redirecting',
  /** `message` of a dismissed block, of v2.15's boot, and of what answers with a bare `message` otherwise. */
  dismissed: 'Block found notification dismissed',
  booting: 'System will restart shortly.',
  /** `swarm` preflight and every other OPTIONS of a known path: 200, empty, with the CORS headers. */
  theme: {
    colorScheme: 'dark',
    theme: 'dark',
    primaryColor: '#F80421',
    accentColors: { '--primary-color': '#F80421' },
  },
  /** A wifi scan takes so long, ms (6.5: up to 10 s), and so many networks are in reach. */
  scanMs: 3_000,
  /** Firmware whose project is none of AxeOS boots, and is another program: port 80 stays closed. */
  axeosProject: 'esp-miner',
  /** What `axeOSVersion` is after a page that says no version (our own form of one does, see sim-ota.ts). */
  pageVersion: 'Unknown',
  /** The largest firmware: the app partition of the 16 MB layout. */
  firmwareBytes: 4 << 20,
  /** A live difference holds the top-level keys that changed. */
  liveMs: 500,
  logMs: 1_000,
} as const;

/*
 * And without a number: before v2.11 a number that is something else in JSON is 0 (frequency and coreVoltage are then
 * left as they were), a text that is something else is left out, numbers are cut to 16 bits; later a number with a
 * fraction is cut where the key is whole; keys are found whatever their case, as cJSON does; a JSON document that is no
 * object has no keys and is fine. `pools` and the pool indexes act at the next restart, as the flat keys did. `pools` in
 * info are the slots that are in use. temp2 is a second sensor of boards with several chips; vrTemp is 0 on boards
 * without a TPS546 (Max, Ultra, Supra). The numbers of `scoreboard`, `blockSignals`, log lines and memory are of the right
 * kind and nothing more. In overheat mode the device has fan 100 %, 50 MHz and 1000 mV and says so in info. Pause is
 * forgotten at a restart. A pool with a URL answers, whatever stands in it.
 */
