/**
 * What a device is that no family knows, by its own words: the `Server` header, the realm of a login, the title or the
 * text of its first page, or what it answers on 4028. A table, first match wins. Realms and page marks of miners:
 * protocols.md 0 and 10, and what the established libraries look for.
 */

/** What was seen of a device, all of it untrusted text. Absent: not seen. */
export interface StrangerFacts {
  readonly port: number;
  readonly status?: number;
  readonly server?: string;
  readonly realm?: string;
  readonly title?: string;
  /** The beginning of the page. */
  readonly text?: string;
  /** Where a redirect leads. */
  readonly location?: string;
  /** The names of the fields of a VERSION record on 4028. */
  readonly versionKeys?: readonly string[];
  /** The code and the shape of `STATUS` of a refusal on 4028. */
  readonly refusal?: { readonly code: string | null; readonly statusIsText: boolean };
}

export interface Stranger {
  /** With its article, for a sentence. */
  readonly what: string;
  /** True: a mining machine that no family supports yet. Null: it may be one or not. */
  readonly isMiner: boolean | null;
}

interface Row {
  readonly what: string;
  /** A family reads machines of this kind, only not this one: `what` says why. */
  readonly isKnown?: true;
  readonly server?: RegExp;
  readonly realm?: RegExp;
  readonly title?: RegExp;
  readonly text?: RegExp;
  readonly location?: RegExp;
  readonly versionKey?: RegExp;
}

/** Where its API answers as it should, the family has it and nobody asks here. */
const EPIC: Row = { what: 'an ePIC miner (its API on port 4028 tells nothing of it)', isKnown: true };

const MINERS: readonly Row[] = [
  { what: 'a NerdAxe or NerdQAxe', title: /nerd(?:q?axe|octaxe|minerv?2?)/i, text: /nerdq?axe/i },
  { what: 'a Lucky Miner (AxeOS)', title: /lucky\s?miner/i },
  { what: 'a Bitaxe (AxeOS)', title: /axeos|bitaxe/i, text: /"ASICModel"/ },
  { what: 'a miner with Braiins OS', title: /braiins/i, text: /braiins os/i, versionKey: /^BOS(?:miner\+?|er)$/ },
  { what: 'a miner with VNish', title: /vnish|anthillos/i, text: /anthillos/i },
  { ...EPIC, title: /miner web dashboard/i },
  { what: 'a Hammer or VolcMiner', realm: /^blackminer/i, title: /volcminer/i },
  {
    what: 'a miner with DCENT_OS (port 4028 answers the machine itself alone until cgminer_bind_lan = true is in [api] of its /data/dcentrald.toml)',
    isKnown: true,
    title: /^dcent_os\b/i,
  },
  { what: 'an Auradine miner', title: /^miner ui$/i },
  { what: 'an Innosilicon miner', title: /dragonmint|innosilicon/i },
  { what: 'a Goldshell miner', title: /goldshell/i, text: /cloud-box/i },
  { what: 'an IceRiver miner', title: /iceriver/i },
  { what: 'a Proto rig', title: /proto os/i },
  { what: 'a FutureBit Apollo', title: /futurebit|apollo miner/i },
  { what: 'an Antminer', realm: /^antminer/i },
];

const OTHERS: readonly Row[] = [
  {
    what: 'a printer (HP)',
    server: /hp http server|virata-emweb|\$ProjectRevision/i,
    title: /\bhp (?:laserjet|officejet|deskjet|envy|color|smart tank)/i,
  },
  { what: 'a printer (Epson)', server: /epson/i, title: /\bepson\b/i },
  { what: 'a printer (Brother)', server: /^debut\//i, title: /brother (?:mfc|dcp|hl)/i },
  { what: 'a printer (Canon)', server: /canon http server|^ks_http/i, title: /canon (?:ir|mf|lbp|pixma)|remote ui/i },
  { what: 'a printer (Kyocera)', server: /km-httpd|kyocera/i, title: /command center/i },
  { what: 'a printer (Xerox)', server: /xerox/i, title: /\bxerox\b|centreware/i },
  { what: 'a printer (Lexmark)', server: /lexmark/i, title: /lexmark/i },
  { what: 'a printer (Ricoh)', server: /^web-server\/3\.0$/i, title: /web image monitor/i },
  { what: 'a printer', server: /\bcups\/|\bipp\b/i, title: /laserjet|\bprinter\b/i },
  { what: 'a lamp bridge (Philips Hue)', title: /^hue\b|philips hue/i, text: /hue personal wireless lighting/i },
  { what: 'a smart plug or relay (Shelly)', server: /shelly/i, realm: /^shelly/i, title: /shelly/i },
  { what: 'a smart device (Tasmota)', server: /tasmota/i, title: /tasmota/i },
  { what: 'a lamp controller (WLED)', title: /^wled/i },
  { what: 'a smart device (ESPHome)', title: /esphome/i },
  { what: 'a camera (Hikvision)', server: /hikvision|dnvrs-webs|app-webs|dvrdvs/i, realm: /^(?:ip camera|ds-)/i },
  { what: 'a camera (Axis)', realm: /^axis_/i, title: /^axis\b/i },
  { what: 'a camera (Dahua)', title: /^web service$/i, realm: /^login to /i },
  { what: 'a camera (Reolink)', title: /^reolink/i },
  {
    what: 'a camera',
    server: /ip ?camera|netwave/i,
    realm: /camera|dvr|nvr/i,
    title: /\b(?:ip ?camera|webcam|nvr|dvr)\b/i,
  },
  { what: 'a NAS (Synology)', title: /synology|diskstation/i, location: /:5000\/?$/ },
  { what: 'a NAS (QNAP)', title: /\bqnap\b|\bqts\b/i },
  { what: 'a NAS (TrueNAS)', title: /truenas|freenas/i },
  { what: 'a NAS (Unraid)', title: /unraid/i },
  { what: 'a NAS (WD)', title: /my cloud/i },
  { what: 'a NAS', title: /\bnas\b|openmediavault/i },
  { what: 'a router (FRITZ!Box)', server: /avm fritz/i, title: /fritz!box/i },
  { what: 'a router (MikroTik)', server: /mikrotik/i, title: /routeros|webfig/i },
  { what: 'a router (Ubiquiti)', title: /unifi|edgeos|edgerouter|airos/i },
  { what: 'a firewall (pfSense)', title: /pfsense/i },
  { what: 'a firewall (OPNsense)', server: /opnsense/i, title: /opnsense/i },
  { what: 'a router (TP-Link)', server: /tp-link/i, realm: /tp-link/i, title: /tp-link|tplink|\barcher\b/i },
  { what: 'a router (Netgear)', realm: /netgear/i, title: /netgear/i },
  { what: 'a router (ASUS)', realm: /^(?:rt|gt|dsl)-\w+$/i, title: /asus (?:wireless )?router/i },
  { what: 'a router (D-Link)', realm: /^(?:dir|dsl)-/i, title: /d-link/i },
  { what: 'a router (DrayTek)', title: /vigor/i },
  { what: 'a router (Zyxel)', title: /zyxel/i, realm: /zyxel/i },
  { what: 'a router (DD-WRT)', realm: /dd-wrt/i, title: /dd-wrt/i },
  { what: 'a router (Cisco)', server: /cisco-ios/i, realm: /level_15|cisco/i },
  { what: 'a router', realm: /router|modem|gateway/i, title: /\b(?:router|modem|gateway)\b/i },
  { what: 'a power strip (APC)', server: /^apache .*apc|apc http/i, realm: /^apc\b/i, title: /apc \|/i },
  { what: 'an inverter (Fronius)', title: /fronius/i },
  { what: 'an inverter (SMA)', title: /\bsma\b.*(?:inverter|webconnect)|sunny (?:boy|tripower)/i },
  { what: 'a server (Proxmox)', server: /pve-api-daemon/i, title: /proxmox/i },
  { what: 'a server (VMware ESXi)', title: /esxi/i, text: /id_eesx_welcome/i },
  { what: "a server's management controller", server: /idrac|^hp-ilo/i, title: /idrac|\bilo \d|ipmi|supermicro/i },
  { what: 'a home automation server', title: /home assistant|openhab|iobroker|domoticz/i },
  { what: 'a Pi-hole', title: /pi-?hole/i },
  { what: 'a media player', server: /sonos|roku|kodi|plex/i, title: /sonos|roku|\bkodi\b|plex/i },
];

/** Names a stranger; null where it says nothing that we know. Pure. */
export function nameStranger(facts: StrangerFacts): Stranger | null {
  const miner = MINERS.find((row) => fits(row, facts)) ?? minerByHabit(facts);
  if (miner !== undefined) {
    return { what: miner.isKnown === true ? miner.what : `${miner.what}; not supported yet`, isMiner: true };
  }
  const other = OTHERS.find((row) => fits(row, facts));
  if (other !== undefined) return { what: other.what, isMiner: false };
  return isOpenWrt(facts) ? { what: 'an OpenWrt device: a router or a WhatsMiner', isMiner: null } : null;
}

const FIELDS = ['server', 'realm', 'title', 'text', 'location'] as const;

function fits(row: Row, facts: StrangerFacts): boolean {
  if (row.versionKey !== undefined && facts.versionKeys?.some((key) => row.versionKey?.test(key))) return true;
  return FIELDS.some((field) => row[field]?.test(facts[field] ?? '') === true);
}

/** By how it talks, not by its name. */
function minerByHabit({ port, status, refusal }: StrangerFacts): Row | undefined {
  // The WhatsMiner refuses `version` with 14, and its STATUS is a plain string (protocols.md 0).
  if (refusal?.statusIsText === true && refusal.code === '14') return { what: 'a WhatsMiner' };
  // Only ePIC serves HTTP on the port of the cgminer API (protocols.md 10).
  if (port === 4028 && status !== undefined) return EPIC;
  return undefined;
}

/** WhatsMiners and routers share this web interface: the page alone does not tell. */
const isOpenWrt = ({ text = '', location = '', title = '' }: StrangerFacts): boolean =>
  `${text} ${location}`.includes('/cgi-bin/luci') || /\bluci\b/i.test(title);
