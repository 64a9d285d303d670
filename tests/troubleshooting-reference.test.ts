import { diagnose, familyFacts, reportOf, type StepNumber, step } from '@headframe/diagnosis';
import type { Examination } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import {
  as,
  BAD_BOOT,
  dead,
  examination,
  failedAt,
  failing,
  HOUR,
  shell,
  uart,
} from '../packages/diagnosis/src/examination.testing.ts';

/*
 * The 18 steps of the troubleshooting document, item by item: each of its figures is typed here by hand and found in a
 * remedy or a rule, under the number of its step, and where the document is wrong, what is said instead.
 */

const of = (family: string, more: Partial<Examination> = {}): Examination =>
  examination({ subject: as(family), ...more });
const text = (number: StepNumber, family = 'antminer') => step(number, of(family)).text;
const command = (number: StepNumber, family = 'antminer') => step(number, of(family)).command ?? '';
const first = (seen: Examination) => diagnose(seen).verdicts[0];

/** That it is said, in this order. */
function says(said: string, ...words: string[]): void {
  let at = 0;
  for (const word of words) {
    const next = said.indexOf(word, at);
    expect(next, `"${word}" in: ${said}`).toBeGreaterThanOrEqual(at);
    at = next + word.length;
  }
}

describe('tier 1', () => {
  test('T-20 step 1: hashrate, last share, accepted to rejected', () => {
    says(text(1), 'hashrate', 'last share', 'ratio of accepted to rejected', '2 min', '10 min');
  });

  test('T-21 looking costs nothing; 5, 10, 11, 12, 13 and 14 stop hashing, and 9 the connection to the pool', () => {
    says(text(1), 'Looking costs nothing; some of the later steps do, whatever the document says');
    const costs = (number: StepNumber) => step(number, of('antminer')).costs;
    for (const number of [1, 2, 3, 4, 6, 7, 8, 15] as const) expect(costs(number), `step ${number}`).toBeNull();
    for (const number of [5, 10, 12, 14] as const) expect(costs(number)).toMatch(/^hashing stops/);
    for (const number of [11, 13] as const) expect(costs(number)).toMatch(/^looking costs nothing; .*hashing/);
    expect(costs(9)).toContain('drops the connection to its pool');
  });

  test('T-22 step 2: about 12 %, 30 s, and what goes wrong in a monitor', () => {
    says(text(2), 'Awesome Miner, Hive OS agent, Foreman, Zabbix, Grafana scraper', 'about 12 %');
    says(text(2), 'stale connection', 'used-up sockets', 'dead token', 'It takes 30 s');
  });

  test('T-23 step 3: by address, about 8 %', () => {
    says(text(3), 'by its IP address instead of its name', 'about 8 %', 'DHCP moved it', 'cached', 'drifted');
  });

  test('T-24 step 4: from another machine; any answer clears the miner', () => {
    says(text(4), 'laptop', 'phone on the Wi-Fi', 'Raspberry Pi', 'clears the miner and blames the monitoring host');
    says(text(4), 'firewall', 'antivirus', 'VPN routing', 'MDM profile');
  });

  test('T-25 step 5: 30 s at the wall, no soft reboot, wait 3 min, about 55 %', () => {
    says(text(5), 'at the wall for 30 s (no soft reboot)', 'wait 3 min', 'about 55 %');
    expect(step(5, of('antminer')).costs).toBe('hashing stops for the 30 s off, the boot (wait 3 min) and the ramp');
  });

  test('T-26 coming back every 60-96 h is a leak, and another firmware the cure; 59 h and 97 h are none', () => {
    says(text(5), 'every 60-96 h it is a leak, and another firmware is the cure');
    const code = (...hours: number[]) =>
      first(failing('silent', { history: failedAt(...hours.map((h) => h * HOUR)) }))?.code;
    expect(code(60, 96)).toBe('resource.leak-periodic');
    expect(code(59, 59)).not.toBe('resource.leak-periodic');
    expect(code(97, 97)).not.toBe('resource.leak-periodic');
  });
});

describe('tier 2', () => {
  test('T-27 step 6: its MAC among the leases of the router, done once', () => {
    says(text(6), 'MAC', 'DHCP leases of the router', 'reserve its address', 'done once');
    expect(step(6, of('antminer')).fix).toBe('find-by-mac');
  });

  test('T-28 step 6: the old address belongs to a printer, which refuses', () => {
    says(text(6), 'printer', 'closed port refuses');
  });

  test('T-29 step 7: the firewall of the monitoring host, on three systems and on managed ones', () => {
    says(text(7), 'outgoing TCP 4028 to 10.0.4.0/24', 'Windows Defender Firewall', 'Little Snitch', 'ufw', 'MDM');
    expect(command(7)).toMatch(
      /^New-NetFirewallRule .*-Direction Outbound .*-RemotePort 4028 -RemoteAddress 10\.0\.4\.0\/24/,
    );
  });

  test('T-30 step 8: UniFi and Dream Machine in strict mode, ASUS AiProtection silently', () => {
    says(text(8), 'UniFi and Dream Machine in strict mode drop it as anomalous', 'ASUS AiProtection does so silently');
  });

  test('T-31 step 8: pfSense and OPNsense between two VLANs', () => {
    says(text(8), 'pfSense and OPNsense', 'between an IoT VLAN and a mining VLAN');
  });

  test('T-32 step 8: IDS/IPS off or the miner allowed; about 14 %', () => {
    says(
      text(8),
      '02:a1:b2:c3:d4:e5',
      'switch the IDS/IPS off',
      'About 14 % of chronic tickets in mixed home networks',
    );
  });

  test('T-33 step 9: static in its firmware, written down', () => {
    says(text(9), 'Configuration, Network, Static: IP, netmask, gateway, DNS', 'spreadsheet', 'Pi-hole');
    for (const family of ['dcent', 'braiins'])
      says(text(9, family), 'network configuration: IP, netmask, gateway, DNS');
    expect(step(9, of('antminer')).fix).toBe('pin-address');
  });
});

describe('tier 3', () => {
  test('T-34 step 10: back one version, by page or SD card, from Bitmain', () => {
    says(text(10), 'go back one version', 'in the web page or by SD card', 'service.bitmain.com/support/download');
  });

  test('T-35 step 10: the pool configuration is saved first', () => {
    expect(text(10)).toMatch(/^Save the pool configuration first\./);
    expect(step(10, of('antminer')).fix).toBe('save-configuration');
  });

  test('T-36 step 10: BHB42xxx is of the S19 generation, not of the S17', () => {
    says(
      text(10),
      'BHB42xxx is of the S19 generation (not of the S17, as the document has it)',
      'BHB56xxx and BHB68xxx',
    );
  });

  test('T-37 step 10: a WhatsMiner by WhatsMinerTool, a Bitaxe over USB-C with nothing lost', () => {
    says(text(10, 'whatsminer'), 'earlier bundle', 'WhatsMinerTool');
    says(text(10, 'axeos'), 'bootloader over USB-C, which loses nothing');
  });

  test('T-38 step 11: three lines of /config/cgminer.conf, over SSH', () => {
    says(text(11), 'api-allow, api-listen and api-network in /config/cgminer.conf');
    says(command(11), 'ssh root@10.0.4.21', 'grep -iE', 'allow|listen|network', '/config/cgminer.conf');
  });

  test('T-39 step 11: our address for reading; W:0/0 opens writes to everybody', () => {
    says(text(11), '"api-listen": true, "api-network": true, "api-allow": "R:<our address>"');
    says(text(11), 'W:0/0, which the document calls healthy', 'opens writes to everybody');
    says(text(11), 'one that is false, or a list without our address, is the fault');
  });

  test('T-40 step 11: change, restart, ask again; the stock page puts the list back', () => {
    says(text(11), 'saving pools in the older web page puts it back', 'restart the mining program and ask again');
    expect(step(11, of('antminer')).fix).toBe('allow-our-address');
  });

  test('T-41 step 12: the restart command of each firmware, and that it is probed where nobody knows it', () => {
    says(
      text(12),
      '/etc/init.d/cgminer to Braiins OS',
      'systemctl restart bmminer to DCENT_OS',
      'systemctl restart btminer',
    );
    expect(command(12)).toContain('/etc/init.d/cgminer.sh restart');
    expect(command(12, 'braiins')).toContain('/etc/init.d/bosminer restart');
    expect(command(12, 'dcent')).toContain('dcentrald restart');
    expect(command(12, 'whatsminer')).toContain('systemctl restart btminer');
    expect(command(12, 'luxos')).toContain('ls /etc/init.d/');
  });

  test('T-42 step 12: hashing does not go on where API and miner are one program', () => {
    says(text(12), 'leaked descriptors', 'binds the API port anew', 'mining goes on: it does not');
    expect(step(12, of('antminer')).costs).toMatch(/^hashing stops/);
  });

  test('T-43 step 13: free -m, df -h, and the ten largest of ps, sorted', () => {
    says(command(13), 'free -m', 'df -h', 'ps aux | sort', 'head -10');
    says(text(13), 'ten programs with the most memory', 'BusyBox ps may not sort');
  });

  test('T-44 step 13: under 20 MB or over 90 %, and not at 20 MB and 90 %', () => {
    says(text(13), 'under 20 MB', 'over 90 %');
    const code = (freeMemoryMb: number, tmpUsedPercent: number) =>
      first(failing('silent', { shell: shell({ freeMemoryMb, tmpUsedPercent }) }))?.code;
    expect([code(19, 0), code(500, 91), code(20, 90)]).toEqual([
      'resource.exhausted',
      'resource.exhausted',
      'api.blocked',
    ]);
  });

  test('T-45 step 13: the API goes first only where it is a program of its own', () => {
    says(text(13), 'where API and miner are one program, both go or none');
    expect(text(13)).not.toContain('ended the API alone');
    says(text(13, 'whatsminer'), 'ended the API alone');
  });

  test('T-46 step 13: reboot now, in the long run a firmware with better memory care', () => {
    says(text(13), 'For now reboot it', 'in the long run', 'better memory care', 'DCENT_OS', 'Braiins OS+', 'LuxOS');
  });

  test('T-47 step 14: firmware for an Antminer, without a preference', () => {
    says(text(14), 'DCENT_OS (open source, no fee, per-chip telemetry, autotuning, Stratum V2, SSH on; Antminer only)');
    says(text(14), 'Braiins OS+', 'LuxOS', 'Vnish');
  });

  test('T-48 step 14: a WhatsMiner, an Avalon and a Bitaxe stay with their own', () => {
    says(text(14, 'whatsminer'), 'official btminer bundle that matches');
    says(text(14, 'avalon'), 'the official firmware of the maker');
    for (const family of ['axeos', 'nerdqaxe']) says(text(14, family), 'by OTA', 'over USB-C');
  });

  test('T-49 step 15: signature and SHA-256, from the maker alone, five minutes', () => {
    says(text(15), 'signature and SHA-256', 'from its maker alone', 'redirect the payout', 'Five minutes');
    expect(command(15)).toBe('sha256sum <image>');
    const sources = ['antminer', 'dcent', 'braiins', 'luxos'].map((family) => familyFacts(family).firmwareFrom);
    says(sources.join(' '), 'bitmain', 'D-Central', 'Braiins', 'LuxOS');
  });
});

describe('tier 4', () => {
  test('T-50 step 16 (a): everything dead, and no shares', () => {
    says(text(16), '(a) SSH, web page and API are dead and the pool has no shares');
    expect(first(dead())?.code).toBe('machine.dead');
  });

  test('T-51 step 16 (b): 115200 baud, silent or four words of a broken storage', () => {
    says(text(16), '(b)', '115200 baud', 'silent', 'squashfs error, mmcblk0: error, ubifs: error or Kernel panic');
    for (const log of [BAD_BOOT, uart({ lines: 0, isSilent: true })])
      expect(first(dead({ uart: log }))?.code).toBe('board.boot-storage');
  });

  test('T-52 step 16 (c): a reflash, where the hardware has one, does not help', () => {
    says(text(16), '(c) a reflash', 'SD card', 'eMMC', 'does not bring the boot back');
    says(text(16, 'axeos'), 'bootloader over USB-C');
  });

  test('T-53 step 16: all three together, and no two of them', () => {
    says(text(16), 'only when all three are true', 'eMMC wear, SoC, PMIC or a power rail');
    const told = { reflashFailed: true };
    const ends = (seen: Examination) => diagnose(seen).verdicts.some(({ code }) => code === 'board.to-repair');
    expect(ends(dead({ uart: BAD_BOOT, told }))).toBe(true);
    expect(ends(dead({ uart: BAD_BOOT }))).toBe(false);
    expect(ends(dead({ told }))).toBe(false);
    expect(ends(failing('silent', { uart: BAD_BOOT, told }))).toBe(false);
  });

  test('T-54 step 17: what a bench does, and 24 h of burn-in', () => {
    says(text(17), 'U-Boot and eMMC programmer', 'JTAG', 'Zynq', 'Amlogic', 'WhatsMiner and Avalon');
    says(
      text(17),
      'another eMMC',
      'PMIC',
      'known image',
      '24 h burn-in at nameplate',
      'API, web page, pool and hashrate',
    );
  });

  test('T-55 step 18: a board alone, about 150 x 80 mm', () => {
    says(text(18), '150 x 80 mm', 'anti-static bag', 'bubble wrap', 'small box');
  });

  test('T-56 step 18: a whole unit in a double-walled box with 5 cm of foam', () => {
    says(text(18), 'double-walled', '5 cm foam on every side', 'fans out or padded', 'PSU apart or padded');
  });

  test('T-57 step 18: the note in the parcel is the report, with what nc, nmap and curl showed', () => {
    says(text(18), 'symptoms', 'firmware version', 'network steps tried', 'nc, nmap and curl', 'contact');
    const report = reportOf(
      diagnose(dead({ told: { contact: 'Ada, +44 20 0000', stepsTried: ['step 5: no change'] } })),
    );
    says(
      report,
      '## Symptoms',
      '**Firmware:** stock 2022-12-06',
      '## Network steps tried',
      'step 5: no change',
      'Ada, +44 20 0000',
    );
  });

  test('T-58 the end: without equipment or confidence it is left to professionals', () => {
    says(text(17), 'Without equipment or confidence leave it to professionals: more damage is possible');
  });

  test('T-59 what is typed: nc, curl, nmap, ssh, grep, free, df and ps', () => {
    expect(command(4)).toBe('nc -zv -w 5 10.0.4.21 4028');
    expect(command(3)).toBe(`echo '{"command":"summary"}' | nc -w 5 10.0.4.21 4028`);
    expect(step(3, of('axeos', { subject: as('axeos', 80) })).command).toBe(
      'curl -sS -m 10 http://10.0.4.21/api/system/info',
    );
    expect(command(8)).toBe('nmap -Pn -p 4028 10.0.4.21');
    for (const word of ['ssh root@', 'free -m', 'df -h', 'ps aux']) expect(command(13)).toContain(word);
    expect(command(11)).toContain('grep');
  });
});
