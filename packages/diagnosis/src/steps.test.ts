import { describe, expect, test } from 'vitest';
import { FAMILY_IDS, familyFacts } from './by-family.ts';
import { deaf, examination, neighbour, not, shell } from './examination.testing.ts';
import { RULES } from './rules/index.ts';
import { STEPS, type StepNumber, step } from './steps.ts';

const NUMBERS: StepNumber[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
const as = (family: string, more: Parameters<typeof examination>[0] = {}) =>
  deaf('refused', { subject: { ...examination().subject, family }, ...more });
const stock = as('antminer');

/** What each step of the document has to say, by hand from the document and from what is wrong in it. */
const SAID: [number: StepNumber, words: string[]][] = [
  [1, ['hashrate', 'last share', 'ratio of accepted to rejected', '2 min', '10 min', 'Looking costs nothing']],
  [
    2,
    [
      '12 %',
      '30 s',
      'Awesome Miner',
      'Hive OS',
      'Foreman',
      'Zabbix',
      'Grafana',
      'stale connection',
      'sockets',
      'dead token',
    ],
  ],
  [3, ['8 %', 'IP address instead of its name', 'DHCP moved it', 'name is cached', 'drifted']],
  [4, ['laptop', 'phone', 'Raspberry Pi', 'firewall, antivirus, VPN routing or MDM profile']],
  [5, ['30 s', 'no soft reboot', '3 min', '55 %', '60-96 h']],
  [6, ['DHCP leases', 'reserve', 'printer']],
  [7, ['Windows Defender Firewall', 'Little Snitch', 'ufw', '10.0.4.0/24', 'MDM', 'endpoint protection', '4028']],
  [8, ['UniFi', 'Dream Machine', 'strict', 'ASUS AiProtection', 'pfSense', 'OPNsense', 'IoT VLAN', '14 %', 'IDS/IPS']],
  [9, ['Configuration, Network, Static: IP, netmask, gateway, DNS', 'spreadsheet', 'Pi-hole']],
  [
    10,
    [
      'Save the pool configuration first',
      'web page or by SD card',
      'service.bitmain.com/support/download',
      'BHB42xxx is of the S19 generation',
      'BHB56xxx',
      'BHB68xxx',
    ],
  ],
  [
    11,
    ['api-allow', 'api-listen', 'api-network', '/config/cgminer.conf', 'R:<our address>', 'opens writes to everybody'],
  ],
  [
    12,
    [
      'it does not',
      '/etc/init.d/cgminer',
      'systemctl restart bmminer',
      'cgminer.sh',
      'bosminer',
      'dcentrald',
      'systemctl restart btminer',
      'descriptors',
    ],
  ],
  [13, ['20 MB', '90 %', 'ten programs', 'BusyBox', 'both go or none', 'DCENT_OS', 'Braiins OS+', 'LuxOS']],
  [14, ['DCENT_OS', 'Stratum V2', 'per-chip telemetry', 'Braiins OS+', 'LuxOS', 'Vnish', 'Antminer only']],
  [15, ['SHA-256', 'signature', 'Five minutes', 'redirect the payout']],
  [
    16,
    [
      'all three',
      '(a)',
      '(b)',
      '(c)',
      '115200 baud',
      'squashfs error',
      'mmcblk0: error',
      'ubifs: error',
      'Kernel panic',
      'eMMC wear',
      'SoC',
      'PMIC',
      'power rail',
    ],
  ],
  [17, ['U-Boot', 'eMMC programmer', 'JTAG', 'Zynq', 'Amlogic', 'PMIC', '24 h burn-in', 'professionals']],
  [
    18,
    [
      '150 x 80 mm',
      'anti-static',
      'bubble wrap',
      'double-walled',
      '5 cm foam',
      'PSU apart or padded',
      'symptoms',
      'firmware version',
      'nc, nmap and curl',
      'contact',
    ],
  ],
];

describe('a step of the document', () => {
  test.each(SAID)('%i says its figures', (number, words) => {
    const { text } = step(number, stock);
    for (const word of words) expect(text).toContain(word);
  });

  test('all 18 are placed in a row of the decision table, and in the remedy of a rule', () => {
    const shown = new Set(RULES.flatMap(({ remedy }) => remedy(stock).map((one) => one.step)));
    const shownDead = new Set(RULES.flatMap(({ remedy }) => remedy(examination()).map((one) => one.step)));
    for (const number of NUMBERS) {
      expect(STEPS[number].rows.length).toBeGreaterThan(0);
      expect(shown.has(number) || shownDead.has(number)).toBe(true);
    }
  });

  test('1 to 4, 6 to 8 and 15 leave the miner alone', () => {
    for (const number of [1, 2, 3, 4, 6, 7, 8, 15] as const) expect(step(number, stock).costs).toBeNull();
  });

  test('5, 10, 11, 12, 13 and 14 stop hashing, and say so', () => {
    for (const number of [5, 10, 11, 12, 14] as const) expect(step(number, stock).costs).toContain('hashing stops');
    expect(step(5, stock).costs).toBe('hashing stops for the 30 s off, the boot (wait 3 min) and the ramp');
    expect(step(13, stock).costs).toMatch(/^looking costs nothing; a reboot stops hashing/);
  });

  test('9 drops the connection to the pool, and restarts a WhatsMiner', () => {
    expect(step(9, stock).costs).toContain('drops the connection to its pool');
    expect(step(9, as('whatsminer')).costs).toContain('the unit restarts');
  });
});

describe('what is typed', () => {
  test.each<[StepNumber, string]>([
    [3, `echo '{"command":"summary"}' | nc -w 5 10.0.4.21 4028`],
    [4, 'nc -zv -w 5 10.0.4.21 4028'],
    [8, 'nmap -Pn -p 4028 10.0.4.21'],
    [11, `ssh root@10.0.4.21 "grep -iE 'api[-_]?(allow|listen|network)|cgminer_' /config/cgminer.conf"`],
    [12, 'ssh root@10.0.4.21 "/etc/init.d/cgminer.sh restart"'],
    [13, 'ssh root@10.0.4.21 "free -m; df -h; ps aux | sort -nrk4 | head -10"'],
  ])('step %i on a stock Antminer', (number, command) => {
    expect(step(number, stock).command).toBe(command);
  });

  test('a Bitaxe is asked with curl', () => {
    const bitaxe = examination({ subject: { ...examination().subject, family: 'axeos', apiPort: 80 } });
    expect(step(3, bitaxe).command).toBe('curl -sS -m 10 http://10.0.4.21/api/system/info');
  });

  test('a DCENT_OS is restarted by its own script, with its own file', () => {
    expect(step(12, as('dcent')).command).toBe('ssh root@10.0.4.21 "/etc/init.d/S82dcentrald restart"');
    expect(step(11, as('dcent')).text).toContain('cgminer_bind_lan = true');
  });

  test('a restart command that was found on the machine goes before what is written', () => {
    const found = as('luxos', { shell: shell({ restartCommand: '/etc/init.d/luxminer restart' }) });
    expect(step(12, found).command).toBe('ssh root@10.0.4.21 "/etc/init.d/luxminer restart"');
  });

  test('where no restart command is known one is looked for', () => {
    expect(step(12, as('luxos')).text).toContain('probe what exists');
    expect(step(12, as('luxos')).command).toContain('ls /etc/init.d/');
  });

  test('the MAC to look for is named where it is known', () => {
    expect(step(6, stock).text).toContain('02:a1:b2:c3:d4:e5');
    const unknown = as('antminer', { neighbour: neighbour({ expectedMac: null }), history: not() });
    expect(step(6, unknown).text).toContain('on its sticker');
  });
});

describe('by family', () => {
  test('the thirteen families are there, and nobody else', () => {
    expect(FAMILY_IDS.toSorted()).toEqual([
      'antminer',
      'avalon',
      'axeos',
      'braiins',
      'cgminer',
      'dcent',
      'elphapex',
      'epic',
      'ethminer',
      'luxos',
      'nerdqaxe',
      'sealminer',
      'whatsminer',
    ]);
    expect(familyFacts(null)).toBe(familyFacts('cgminer'));
    expect(familyFacts('__proto__')).toBe(familyFacts('cgminer'));
  });

  test.each([
    ['antminer', 4028],
    ['axeos', 80],
    ['nerdqaxe', 80],
    ['elphapex', 80],
    ['ethminer', 3333],
    ['epic', 4028],
  ])('%s listens on port %i', (family, port) => {
    expect(familyFacts(family).port).toBe(port);
  });

  test('only the API of a WhatsMiner is a program of its own', () => {
    expect(FAMILY_IDS.filter((id) => familyFacts(id).isOneProgram === false)).toEqual(['whatsminer']);
    expect(step(12, as('whatsminer')).text).toContain('the API is a program of its own');
    expect(step(13, as('whatsminer')).text).toContain('ended the API alone');
  });

  test.each([
    ['whatsminer', 'official btminer bundle'],
    ['avalon', 'official firmware of the maker'],
    ['axeos', 'by OTA or through the bootloader over USB-C'],
    ['nerdqaxe', 'by OTA or through the bootloader over USB-C'],
    ['antminer', 'DCENT_OS (open source, no fee'],
  ])('%s gets another firmware of its own kind', (family, words) => {
    expect(step(14, as(family)).text).toContain(words);
  });

  test.each([
    ['antminer', 'allow-our-address', 'Look at api-allow, api-listen and api-network in /config/cgminer.conf'],
    ['cgminer', 'allow-our-address', 'nobody has written down where it lies'],
    [
      'dcent',
      null,
      'It has no api-allow: look at its API lines in /data/dcentrald.toml. Wanted: [api] cgminer_bind_lan = true',
    ],
    ['ethminer', null, 'It has no api-allow: look at how it is started. Wanted: --api-bind 0.0.0.0:3333'],
    ['axeos', null, 'Ask from an address of a private network, without an Origin header. It has nothing like'],
    ['braiins', null, 'A shell shows whether the api-allow'],
    ['whatsminer', null, 'WhatsMinerTool, Remote Ctrl, Miner API Switch'],
  ])('%s is told of the list of who may ask only where it has one', (family, fix, words) => {
    expect(step(11, as(family)).text).toContain(words);
    expect(step(11, as(family)).fix).toBe(fix);
  });

  test('a list that a shell finds on a Braiins OS is looked at', () => {
    const config = { path: '/etc/x.conf', listen: null, network: null, allow: 'W:127.0.0.1' };
    const found = step(11, as('braiins', { shell: shell({ config }) }));
    expect(found.text).toContain('api-allow, api-listen and api-network in /etc/x.conf');
    expect(found.fix).toBe('allow-our-address');
  });

  test('nobody is sent to a shell that a Bitaxe does not have', () => {
    for (const number of NUMBERS) expect(step(number, as('axeos')).command ?? '').not.toContain('ssh');
    expect(step(12, as('axeos')).command).toBe('curl -sS -m 10 -X POST http://10.0.4.21/api/system/restart');
    expect(step(13, as('axeos')).text).toContain('freeHeap');
  });

  test.each([
    ['whatsminer', 'WhatsMinerTool'],
    ['axeos', 'bootloader over USB-C'],
    ['avalon', 'Canaan'],
  ])('%s goes back a version its own way', (family, words) => {
    expect(step(10, as(family)).text).toContain(words);
  });
});
