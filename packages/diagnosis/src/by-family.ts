/**
 * Where the families differ in what a technician does. From `protocols.md` 0 and 11 and the page of each family
 * (`packages/families/src/<id>/README.md`). Null is "nobody has written it down": the remedy then says to probe.
 */
export interface FamilyFacts {
  readonly title: string;
  /** Default port of the main API, and how it speaks. */
  readonly port: number;
  readonly speaks: 'cgminer' | 'http' | 'lines';
  /** Where it is said who may ask the API. */
  readonly configPath: string | null;
  /** What stands there when it listens to the network. */
  readonly configLines: string | null;
  /** Restart of the mining program in a shell; empty: not known. */
  readonly restartCommands: readonly string[];
  /** The same without a shell. */
  readonly restartOtherwise: string | null;
  /** API and miner are one program: a restart of the one is a restart of the other. Null: nobody knows. */
  readonly isOneProgram: boolean | null;
  readonly restartCosts: string;
  /** Reading it may want a login. */
  readonly hasLogin: boolean;
  /** Where it has none, what a refusal means. */
  readonly passwordReset: string;
  /** Somebody may log in to it, and type. */
  readonly hasShell: boolean;
  readonly staticAddress: string;
  readonly firmwareFrom: string;
  readonly rollBack: string;
  /** How our address is let in. */
  readonly allowAddress: string;
  /** Other firmware that a person may choose, without preference. */
  readonly alternatives: string;
  /** What step 16 (c) means by a reflash. */
  readonly reflash: string;
}

const ONE_PROGRAM = 'hashing stops until the program has started and ramped up again, a few minutes';
const PERHAPS_ONE_PROGRAM = `${ONE_PROGRAM} (API and miner are taken to be one program here)`;
const ANTMINER_FIRMWARE =
  'DCENT_OS (open source, no fee, per-chip telemetry, autotuning, Stratum V2, SSH on; Antminer only), Braiins OS+, LuxOS or Vnish';
const BOARD_STICKER =
  'the sticker of the hashboard decides the image: BHB42xxx is of the S19 generation (not of the S17, as the document has it), BHB56xxx and BHB68xxx of S19 and S21';
const OFFICIAL_ONLY = 'the official firmware of the maker; no other is known here';

const CGMINER_ALLOW =
  'add our address alone, as R:<our address> for reading, to api-allow; W:0/0, which the document calls healthy, works as well and opens writes to everybody in the network: they may change pools and stop the miner';

const cgminer: FamilyFacts = {
  title: 'cgminer and programs like it',
  port: 4028,
  speaks: 'cgminer',
  configPath: null,
  configLines: '"api-listen": true, "api-network": true, "api-allow": "R:<our address>"',
  restartCommands: [],
  restartOtherwise: null,
  isOneProgram: true,
  restartCosts: ONE_PROGRAM,
  hasLogin: true,
  hasShell: true,
  passwordReset: 'port 4028 has no password; the one of a web page goes back to the default with a factory reset',
  staticAddress: 'in the network page of its firmware, or as a reservation in the router',
  firmwareFrom: 'the maker of the machine or the project of the firmware, nowhere else',
  rollBack: 'flash the previous stable build by web page or SD card',
  allowAddress: CGMINER_ALLOW,
  alternatives: 'what supports this model; cgminer itself can be built newer',
  reflash: 'SD card or eMMC, where the hardware has one',
};

const axeos: FamilyFacts = {
  title: 'Bitaxe (AxeOS)',
  port: 80,
  speaks: 'http',
  configPath: null,
  configLines: null,
  restartCommands: [],
  restartOtherwise: 'POST /api/system/restart while it answers, else cut its power',
  isOneProgram: true,
  restartCosts: 'hashing stops for about a minute: web server and miner are one firmware',
  hasLogin: false,
  hasShell: false,
  passwordReset:
    'it has no login: 401 means that our address is not of a private network (10.x, 172.16 to 172.31.x, 192.168.x) or that a browser sent an Origin it does not take',
  staticAddress: 'it has no static address: reserve one for its MAC in the router',
  firmwareFrom: 'the releases of the ESP-Miner project for exactly this board',
  rollBack: 'flash the release before by OTA, or through the bootloader over USB-C, which loses nothing',
  allowAddress: 'ask from an address of a private network, without an Origin header',
  alternatives: 'a newer AxeOS, by OTA or through the bootloader over USB-C',
  reflash: 'the bootloader over USB-C',
};

const FAMILIES: Readonly<Record<string, FamilyFacts>> = {
  antminer: {
    ...cgminer,
    title: 'Antminer (stock firmware)',
    configPath: '/config/cgminer.conf',
    restartCommands: ['/etc/init.d/cgminer.sh restart'],
    restartOtherwise: 'save its configuration unchanged in the web page: that restarts bmminer',
    passwordReset: 'after a factory reset the login is root / root again (realm antMiner Configuration)',
    staticAddress: 'Configuration, Network, Static: IP, netmask, gateway, DNS',
    firmwareFrom: 'service.bitmain.com/support/download',
    rollBack: `flash the previous stable build in the web page or by SD card; ${BOARD_STICKER}`,
    allowAddress: `${CGMINER_ALLOW}. The factory ships A:0/0,W:* from the S17 on (stats, pools, devs, summary and version for everybody), and saving pools in the older web page puts it back`,
    alternatives: ANTMINER_FIRMWARE,
    reflash: 'an SD card with the image of this control board, or the eMMC',
  },
  braiins: {
    ...cgminer,
    title: 'Braiins OS',
    configLines: null,
    restartCommands: ['/etc/init.d/bosminer restart'],
    restartOtherwise: 'restart through gRPC (port 50051) or REST, with the login of the web page',
    isOneProgram: null,
    restartCosts: PERHAPS_ONE_PROGRAM,
    passwordReset: 'the factory login is root without a password; a factory reset brings it back',
    staticAddress: 'in its network configuration: IP, netmask, gateway, DNS',
    firmwareFrom: 'Braiins (braiins.com)',
    rollBack: 'flash the release before in the web page or by SD card, or restore the stock firmware',
    allowAddress: 'no address list is documented: look whether its own firewall or the network has one',
    alternatives: 'DCENT_OS, LuxOS, Vnish or the stock firmware',
    reflash: 'an SD card with Braiins OS for this control board',
  },
  luxos: {
    ...cgminer,
    title: 'LuxOS',
    configLines: null,
    restartOtherwise: 'resetminer in a session on port 4028, or the mirror of the API on port 8080',
    isOneProgram: null,
    restartCosts: PERHAPS_ONE_PROGRAM,
    passwordReset:
      'the API has no password: its session is a lock, dies after one minute without use, and kill ends it',
    staticAddress: 'netset in a session, or its web page: IP, netmask, gateway, DNS',
    firmwareFrom: 'Luxor (LuxOS)',
    rollBack: 'updateset with the source of the release before, then updaterun; or an SD card',
    allowAddress: 'no address list is documented: look whether the network has one',
    alternatives: 'DCENT_OS, Braiins OS+, Vnish or the stock firmware',
    reflash: 'an SD card with LuxOS for this control board',
  },
  dcent: {
    ...cgminer,
    title: 'DCENT_OS',
    configPath: '/data/dcentrald.toml',
    configLines: '[api] cgminer_bind_lan = true (and cgminer_lan_writes = true only if everybody may change it)',
    restartCommands: ['/etc/init.d/S82dcentrald restart'],
    restartOtherwise: 'its web page, with the password of its owner',
    restartCosts: ONE_PROGRAM,
    passwordReset: 'the password was set at the first start; five wrong ones lock an address out',
    staticAddress: 'in its network configuration: IP, netmask, gateway, DNS',
    firmwareFrom: 'the published releases of D-Central (DCENT_OS)',
    rollBack: 'flash the release before in the web page or by SD card',
    allowAddress: 'set cgminer_bind_lan = true under [api]: as shipped it listens on 127.0.0.1 alone',
    alternatives: 'Braiins OS+, LuxOS, Vnish or the stock firmware',
    reflash: 'an SD card with DCENT_OS for this control board',
  },
  whatsminer: {
    ...cgminer,
    title: 'WhatsMiner',
    configLines: null,
    restartCommands: ['systemctl restart btminer'],
    restartOtherwise: 'WhatsMinerTool, or restart_btminer with a token where writes are switched on',
    isOneProgram: false,
    restartCosts:
      'restarting btminer stops hashing until it has ramped up again, several minutes; its API is a program of its own',
    passwordReset:
      'a factory reset brings admin / admin back (super / super on port 4433), and switches API writes off',
    staticAddress: 'net_config by API or its web page; the unit restarts with it',
    firmwareFrom: 'MicroBT (WhatsMinerTool and the bundle that fits this very model)',
    rollBack: 'push the earlier bundle that fits this model with WhatsMinerTool',
    allowAddress:
      'WhatsMinerTool, Remote Ctrl, Miner API Switch; close clients first: it takes a limited number of addresses and tokens',
    alternatives: 'the official btminer bundle that matches this model; DCENT_OS is for Antminers only',
    reflash: 'an SD card with the image of MicroBT, where the control board takes one',
  },
  avalon: {
    ...cgminer,
    title: 'Avalon (Canaan)',
    restartOtherwise: 'restart by API while it answers, else its web page',
    passwordReset:
      'factory login of the web page: root / root (Avalon Q: root / admin), after restoring the factory settings',
    staticAddress: 'its web page, or ascset 0,ip,s: IP, netmask, gateway; then a reboot',
    firmwareFrom: 'Canaan',
    rollBack: 'flash the release before with the tool of Canaan',
    alternatives: OFFICIAL_ONLY,
    reflash: 'an SD card with the image of Canaan, where the controller takes one',
  },
  axeos,
  nerdqaxe: {
    ...axeos,
    title: 'NerdAxe and NerdQAxe',
    passwordReset: `${axeos.passwordReset}; where one-time passwords are on, five wrong ones close it for five minutes`,
    firmwareFrom: 'the releases of the ESP-Miner-NerdQAxePlus project for exactly this board',
  },
  ethminer: {
    ...cgminer,
    title: 'ethminer',
    port: 3333,
    speaks: 'lines',
    configLines: '--api-bind 0.0.0.0:3333 on its command line: without it there is no API',
    restartOtherwise: 'start the program anew as the rig does it',
    restartCosts: 'hashing stops until the DAG is built again, up to some minutes',
    passwordReset: 'the password is --api-password on its command line',
    staticAddress: 'in the operating system of the rig',
    firmwareFrom: 'the release of ethminer that was built for it',
    rollBack: 'start the release before',
    allowAddress: 'bind the API to an address of the network with --api-bind; it has no address list',
    alternatives: 'another release of ethminer',
    reflash: 'the operating system of the rig anew',
  },
  cgminer,
  epic: {
    ...cgminer,
    title: 'ePIC (PowerPlay)',
    speaks: 'http',
    configLines: null,
    restartOtherwise: 'softreboot by its API or dashboard, with the password',
    isOneProgram: null,
    restartCosts: PERHAPS_ONE_PROGRAM,
    passwordReset: 'reading wants no password; the factory password for writing is letmein',
    firmwareFrom: 'ePIC Blockchain',
    allowAddress: 'no address list is documented: look whether the network has one',
    alternatives: 'on an Antminer: DCENT_OS, Braiins OS+, LuxOS, Vnish or the stock firmware',
  },
  elphapex: {
    ...cgminer,
    title: 'Elphapex',
    port: 80,
    speaks: 'http',
    configLines: null,
    restartOtherwise: 'its web page',
    isOneProgram: null,
    restartCosts: PERHAPS_ONE_PROGRAM,
    passwordReset: 'after a factory reset the login of the web page is root / root again',
    firmwareFrom: 'Elphapex',
    allowAddress: 'it has no address list, only the login of its web page',
    alternatives: OFFICIAL_ONLY,
  },
  sealminer: {
    ...cgminer,
    title: 'SealMiner (Bitdeer)',
    restartOtherwise: 'its web page',
    firmwareFrom: 'Bitdeer',
    alternatives: OFFICIAL_ONLY,
  },
};

/** By the id of a family; what nobody knows is taken for a cgminer. */
export function familyFacts(family: string | null): FamilyFacts {
  return (family !== null && Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined) ?? cgminer;
}

export const FAMILY_IDS: readonly string[] = Object.keys(FAMILIES);

/** What is there to restart is found by looking, where nobody has written it down (`protocols.md` 11). */
export const PROBE_RESTART =
  "ls /etc/init.d/ | grep -iE 'cgminer|bmminer|bosminer|luxminer|dcentrald|btminer'; systemctl list-units 2>/dev/null | grep -i miner";
/** Likewise for the file that says who may ask. */
export const PROBE_CONFIG = "grep -rlE 'api-allow|api-listen|api-network' /config /etc /data 2>/dev/null";
