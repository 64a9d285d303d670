import type { Examination, FixName } from '@headframe/model';
import { PROBE_CONFIG, PROBE_RESTART } from './by-family.ts';
import { type About, about, askByHand, capital, connectByHand } from './by-hand.ts';
import type { Step } from './rule.ts';

/*
 * The 18 steps of the troubleshooting document with its own figures, corrected where it is wrong (`protocols.md` 11) and
 * with what each costs (`protocols.md` 12: the document says that none costs anything).
 */

export type StepNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18;

type Said = string | null | ((about: About) => string | null);

export interface DocumentStep {
  readonly step: StepNumber;
  readonly title: string;
  /** Rows of the decision table in which it is the remedy. */
  readonly rows: readonly number[];
  readonly text: string | ((about: About) => string);
  readonly command: Said;
  readonly fix: FixName | null | ((about: About) => FixName | null);
  readonly costs: Said;
}

const POWER_CYCLE_COSTS = 'hashing stops for the 30 s off, the boot (wait 3 min) and the ramp';
const FLASH_COSTS = 'hashing stops for the flash and a reboot, ten minutes or more, and settings may be lost';
const BENCH_COSTS = 'nothing: it does not hash any more';

function restartText({ family, restartCommand }: About): string {
  const shell =
    restartCommand === null
      ? 'probe what exists in a shell, as nobody has written down its restart command'
      : `in a shell, ${restartCommand}`;
  const otherwise = family.restartOtherwise;
  const own = family.isOneProgram === false ? '. Here the API is a program of its own, so that mining may go on' : '';
  const how = family.hasShell
    ? `${shell}${otherwise === null ? '' : `; without a shell, ${otherwise}`}`
    : `${otherwise}`;
  return `Restart the mining program, which closes leaked descriptors and binds the API port anew: ${how}${own}. The document says that mining goes on: it does not where the API is a part of the mining program. It also gives /etc/init.d/cgminer to Braiins OS and systemctl restart bmminer to DCENT_OS: stock S17 has cgminer.sh, Braiins bosminer, DCENT_OS dcentrald, and systemctl restart btminer is for custom builds on a WhatsMiner`;
}

/** The document's three lines are those of cgminer and its forks; or a shell has found the file that has them. */
const hasAddressList = ({ family, configPath }: About): boolean =>
  family.configLines === null ? configPath !== null : family.configLines.includes('api-allow');

function configText(it: About): string {
  const { family, configPath } = it;
  const allow = capital(family.allowAddress);
  const file = configPath ?? 'the configuration of its mining program (nobody has written down where it lies)';
  const wanted = family.configLines === null ? '' : ` Wanted: ${family.configLines}.`;
  if (hasAddressList(it)) {
    return `Look at api-allow, api-listen and api-network in ${file}: one that is false, or a list without our address, is the fault.${wanted} ${allow}. Then restart the mining program and ask again`;
  }
  if (family.configLines !== null) {
    const where = configPath === null ? 'how it is started' : `its API lines in ${configPath}`;
    return `It has no api-allow: look at ${where}.${wanted} ${allow}. Then restart the mining program and ask again`;
  }
  if (!family.hasShell)
    return `${allow}. It has nothing like the api-allow, api-listen and api-network of the document`;
  return `${allow}. A shell shows whether the api-allow, api-listen and api-network of the document are there: nobody has written it down`;
}

function configCommand(it: About): string | null {
  const { address, configPath, family } = it;
  if (!family.hasShell) return null;
  if (family.speaks === 'lines') return `ssh root@${address} "ps ax | grep '[e]thminer'"`;
  if (configPath === null) return `ssh root@${address} "${PROBE_CONFIG}"`;
  return `ssh root@${address} "grep -iE 'api[-_]?(allow|listen|network)|cgminer_' ${configPath}"`;
}

/** In the order of the document. */
export const STEPS: Readonly<Record<StepNumber, DocumentStep>> = {
  1: {
    step: 1,
    title: 'Look at the pool',
    rows: [1],
    text: 'Open the dashboard of the pool and write down the hashrate, the time of the last share and the ratio of accepted to rejected shares. A share younger than 2 min: it hashes, and only its telemetry is at fault; none for 10 min: it does not. Looking costs nothing; some of the later steps do, whatever the document says',
    command: null,
    fix: null,
    costs: null,
  },
  2: {
    step: 2,
    title: 'Restart the monitor',
    rows: [2],
    text: 'Close and start the monitoring tool again (Awesome Miner, Hive OS agent, Foreman, Zabbix, Grafana scraper): about 12 % of tickets end here, with a stale connection, used-up sockets or a dead token. It takes 30 s',
    command: ({ address }) => `ss -tnp dst ${address}`,
    fix: 'close-own-connections',
    costs: null,
  },
  3: {
    step: 3,
    title: 'Ask by address, not by name',
    rows: [3],
    text: ({ address }) =>
      `Take the miner out of the monitor and add it again by its IP address instead of its name: about 8 % of tickets end here (DHCP moved it, the name is cached, the list of the monitor drifted). It was asked at ${address}`,
    command: askByHand,
    fix: 'find-by-mac',
    costs: null,
  },
  4: {
    step: 4,
    title: 'Ask from another machine',
    rows: [5],
    text: ({ port }) =>
      `Ask port ${port} from another machine: a laptop, a phone on the Wi-Fi, a Raspberry Pi. Any answer clears the miner and blames the monitoring host: its firewall, antivirus, VPN routing or MDM profile`,
    command: connectByHand,
    fix: null,
    costs: null,
  },
  5: {
    step: 5,
    title: 'Power off at the wall',
    rows: [10, 11, 12, 19],
    text: ({ port }) =>
      `Take its power at the wall for 30 s (no soft reboot), wait 3 min after it is back, and ask port ${port} again: about 55 % of tickets end here. If it comes back every 60-96 h it is a leak, and another firmware is the cure`,
    command: connectByHand,
    fix: null,
    costs: POWER_CYCLE_COSTS,
  },
  6: {
    step: 6,
    title: 'Find it by its MAC and reserve the address',
    rows: [3, 4],
    text: ({ mac }) =>
      `Find ${mac} in the table of DHCP leases of the router and reserve its address: done once, it does not come back. The old address may belong to a printer now, whose closed port refuses the connection`,
    command: () => 'ip neigh show',
    fix: 'find-by-mac',
    costs: null,
  },
  7: {
    step: 7,
    title: 'Look at the firewall of the monitoring host',
    rows: [5],
    text: ({ port, subnet }) =>
      `Allow outgoing TCP ${port} to ${subnet} on the monitoring host, and ask again. Windows: Windows Defender Firewall, Outbound Rules (command below); macOS: a rule in Little Snitch for this program and port; Linux: sudo ufw allow out to ${subnet} port ${port} proto tcp, or nft list ruleset; a managed computer (MDM, corporate endpoint protection, antivirus, VPN): ask those who manage it for the same rule, it is a common cause there`,
    command: ({ port, subnet }) =>
      `New-NetFirewallRule -DisplayName "Miners ${port}" -Direction Outbound -Protocol TCP -RemotePort ${port} -RemoteAddress ${subnet} -Action Allow`,
    fix: null,
    costs: null,
  },
  8: {
    step: 8,
    title: 'Look at the security of the network',
    rows: [6],
    text: ({ port, address, mac }) =>
      `Allow TCP ${port} to ${address} (${mac}) on everything between, or switch the IDS/IPS off for a test: UniFi and Dream Machine in strict mode drop it as anomalous, ASUS AiProtection does so silently, pfSense and OPNsense have rules between an IoT VLAN and a mining VLAN. About 14 % of chronic tickets in mixed home networks end here`,
    command: ({ port, address }) => `nmap -Pn -p ${port} ${address}`,
    fix: null,
    costs: null,
  },
  9: {
    step: 9,
    title: 'Give it a static address',
    rows: [3],
    text: ({ family }) => `Pin its address: ${family.staticAddress}. Write it down (a spreadsheet, Pi-hole)`,
    command: null,
    fix: 'pin-address',
    costs: ({ family }) =>
      family.title === 'WhatsMiner'
        ? 'the unit restarts: hashing stops for several minutes'
        : 'it drops the connection to its pool for some seconds at least',
  },
  10: {
    step: 10,
    title: 'Go back one version of the firmware',
    rows: [13],
    text: ({ family }) =>
      `Save the pool configuration first. Then go back one version: ${family.rollBack}. Image from: ${family.firmwareFrom}`,
    command: null,
    fix: 'save-configuration',
    costs: FLASH_COSTS,
  },
  11: {
    step: 11,
    title: 'Look at the API lines of the configuration',
    rows: [7, 8, 13],
    text: configText,
    command: configCommand,
    fix: (it) => (hasAddressList(it) ? 'allow-our-address' : null),
    costs: ({ family }) => `looking costs nothing; the restart behind a change: ${family.restartCosts}`,
  },
  12: {
    step: 12,
    title: 'Restart the mining program',
    rows: [7, 8, 10, 18],
    text: restartText,
    command: ({ address, restartCommand, family }) =>
      family.hasShell
        ? `ssh root@${address} "${restartCommand ?? PROBE_RESTART}"`
        : `curl -sS -m 10 -X POST http://${address}/api/system/restart`,
    fix: 'restart-api',
    costs: ({ family }) => family.restartCosts,
  },
  13: {
    step: 13,
    title: 'Look at memory and /tmp',
    rows: [11, 12],
    text: ({ family }) =>
      `Look at the memory, the file systems and the ten programs with the most memory (BusyBox ps may not sort: sort its lines yourself). Free memory under 20 MB or /tmp over 90 % full is the cause. For now reboot it; in the long run a firmware with better memory care: ${family.alternatives}${
        family.isOneProgram === false
          ? '. The system may have ended the API alone, as it is a program of its own'
          : family.hasShell
            ? ''
            : '. It has no shell and no /tmp: what it tells of its memory is freeHeap (command below)'
      }. The document says that the system ends the API first for want of memory: where API and miner are one program, both go or none`,
    command: (it) =>
      it.family.hasShell ? `ssh root@${it.address} "free -m; df -h; ps aux | sort -nrk4 | head -10"` : askByHand(it),
    fix: 'reboot',
    costs: 'looking costs nothing; a reboot stops hashing for about 3 min and the ramp',
  },
  14: {
    step: 14,
    title: 'Change the firmware',
    rows: [11, 12],
    text: ({ family }) =>
      `Save the pool configuration first. Change the firmware, if it comes back: ${family.alternatives}`,
    command: null,
    fix: 'save-configuration',
    costs: FLASH_COSTS,
  },
  15: {
    step: 15,
    title: 'Check the image before it is flashed',
    rows: [13],
    text: ({ family }) =>
      `Check signature and SHA-256 of the image before it is flashed, and take it from its maker alone (${family.firmwareFrom}): images that redirect the payout have existed. Five minutes`,
    command: 'sha256sum <image>',
    fix: null,
    costs: null,
  },
  16: {
    step: 16,
    title: 'When to stop',
    rows: [20],
    text: ({ family }) =>
      `Stop repairing it yourself only when all three are true: (a) SSH, web page and API are dead and the pool has no shares; (b) the serial console (UART) at 115200 baud is silent or repeats squashfs error, mmcblk0: error, ubifs: error or Kernel panic; (c) a reflash (${family.reflash}) does not bring the boot back. It is then eMMC wear, SoC, PMIC or a power rail`,
    command: 'picocom -b 115200 /dev/ttyUSB0',
    fix: null,
    costs: BENCH_COSTS,
  },
  17: {
    step: 17,
    title: 'On the bench',
    rows: [20],
    text: 'What a bench does: U-Boot and eMMC programmer, JTAG where the SoC allows it (Xilinx Zynq on older Antminers, Amlogic or custom on newer ones, custom on WhatsMiner and Avalon), another eMMC, a look at the PMIC, the firmware anew from a known image, then 24 h burn-in at nameplate with API, web page, pool and hashrate up throughout. Without equipment or confidence leave it to professionals: more damage is possible',
    command: null,
    fix: null,
    costs: BENCH_COSTS,
  },
  18: {
    step: 18,
    title: 'Send it in',
    rows: [21],
    text: 'Control board alone (about 150 x 80 mm): anti-static bag, bubble wrap, small box. Whole unit: its original box or a double-walled one with 5 cm foam on every side, fans out or padded, PSU apart or padded. Put in a note: symptoms, firmware version, network steps tried, captured output of nc, nmap and curl, contact details (--report writes it)',
    command: ({ address }) => `headframe doctor ${address} --report report.md`,
    fix: null,
    costs: BENCH_COSTS,
  },
};

/** A step of the document for this machine. */
export function step(number: StepNumber, seen: Examination): Step {
  const { text, command, fix, costs } = STEPS[number];
  const it = about(seen);
  const say = (said: Said) => (typeof said === 'function' ? said(it) : said);
  return {
    step: number,
    text: typeof text === 'string' ? text : text(it),
    command: say(command),
    fix: typeof fix === 'function' ? fix(it) : fix,
    costs: say(costs),
  };
}

export const steps = (seen: Examination, ...numbers: StepNumber[]): Step[] =>
  numbers.map((number) => step(number, seen));
