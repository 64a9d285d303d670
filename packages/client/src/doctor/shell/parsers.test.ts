import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainLine } from './plain-line.ts';
import { apiLine, configurationOf } from './read-configuration.ts';
import { logLinesOf } from './read-log.ts';
import { heldOf, processesOf, topMemory } from './read-processes.ts';
import { freeMemoryMb, meminfoOf, tmpUsedPercent, uptimeOf } from './read-resources.ts';
import { kernelSocketsOf, listening, peersOf, socketsOf } from './read-sockets.ts';
import { restartCommandOf } from './restart-command.ts';

const NO_MEMINFO = meminfoOf('');

describe('free memory', () => {
  test('by /proc/meminfo, where the kernel tells what is available', () => {
    const meminfo = meminfoOf(
      'MemTotal:         233472 kB\nMemFree:            5120 kB\nMemAvailable:      18432 kB\n',
    );
    expect(freeMemoryMb(meminfo, '')).toBe(18);
  });

  test('by /proc/meminfo of an old kernel: caches count as free', () => {
    const meminfo = meminfoOf(
      'MemTotal:  118784 kB\nMemFree:     4096 kB\nBuffers:     2048 kB\nCached:      6144 kB\nSwapTotal: 0 kB\n',
    );
    expect(freeMemoryMb(meminfo, '')).toBe(12);
  });

  test('by procps free -m', () => {
    const text =
      '              total        used        free      shared  buff/cache   available\nMem:            238         190          11           2          37          29\nSwap:             0           0           0\n';
    expect(freeMemoryMb(NO_MEMINFO, text)).toBe(29);
  });

  test('by the older form with buffers and cache on a line of their own', () => {
    const text =
      '             total       used       free     shared    buffers     cached\nMem:           496        480         16          0          2         30\n-/+ buffers/cache:        448         48\nSwap:            0          0          0\n';
    expect(freeMemoryMb(NO_MEMINFO, text)).toBe(48);
  });

  test('by BusyBox, which has no -m and says kB: the size of the machine tells the unit', () => {
    const text =
      '             total       used       free     shared    buffers\nMem:        118784     106496      12288          0       2048\n-/+ buffers:           104448      14336\nSwap:            0          0          0\n';
    expect(freeMemoryMb(NO_MEMINFO, text)).toBe(14);
  });

  test('by BusyBox where only the total of the kernel is known', () => {
    const text = '      total   used   free shared buffers\nMem:   8192   7168   1024      0       0\n';
    expect(freeMemoryMb(meminfoOf('MemTotal: 8192 kB'), text)).toBe(1);
  });

  test('is not known where nothing tells it', () => {
    expect(freeMemoryMb(NO_MEMINFO, 'free: not found')).toBeNull();
  });
});

describe('how full /tmp is', () => {
  test('by procps df -h', () => {
    expect(
      tmpUsedPercent('Filesystem      Size  Used Avail Use% Mounted on\ntmpfs           120M  116M  4.0M  97% /tmp\n'),
    ).toBe(97);
  });

  test('by BusyBox, with a name so long that the rest is on the next line', () => {
    expect(
      tmpUsedPercent(
        'Filesystem                Size      Used Available Use% Mounted on\n/dev/mapper/a-very-long-name-of-a-device\n                         28.5M     26.1M      2.4M  92% /tmp\n',
      ),
    ).toBe(92);
  });

  test('by the list of all, where df takes no path: /tmp of them, not the root', () => {
    expect(
      tmpUsedPercent(
        'Filesystem           1K-blocks      Used Available Use% Mounted on\nubi0:rootfs  200000  60000 140000  30% /\ntmpfs 59392 1000 58392 2% /tmp\n',
      ),
    ).toBe(2);
  });

  test('by the root, where /tmp lies in it', () => {
    expect(tmpUsedPercent('Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/root 100 91 9 91% /\n')).toBe(91);
  });

  test('is not known from rubbish', () => {
    expect(tmpUsedPercent('df: /tmp: 400% /tmp')).toBeNull();
  });
});

test.each([
  ['345600.12 600000.00\n', 345_600],
  ['7 3', 7],
  ['up 4 days', null],
])('the uptime of %j is %j s', (text, seconds) => {
  expect(uptimeOf(text)).toBe(seconds);
});

const BUSYBOX_PS = `  PID USER       VSZ STAT COMMAND
    1 root      1348 S    init
    2 root         0 SW   [kthreadd]
   63 root         0 SW<  [ubi_bgt0d]
  640 root      2616 S    {cgminer.sh} /bin/sh /etc/init.d/cgminer.sh start
  655 root      123m S <  /usr/bin/bmminer --api-listen -o stratum+tcp://pool:3333 -u a.b -p hunter2
  700 root      1356 S    /usr/sbin/dropbear
`;

const PROCPS_PS = `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root           1  0.0  0.9  10788  2220 ?        Ss   10:00   0:03 /sbin/init
root         311 22.5 61.4 412340 146220 ?       Sl   10:00 120:11 /usr/bin/btminer -c /etc/btminer.conf
root         402  0.0  3.1  20000  7400 ?        S    10:00   0:00 sshd: root@notty
`;

describe('the top users of memory', () => {
  test('by procps, sorted here', () => {
    expect(topMemory(processesOf(PROCPS_PS), [], 238_000)).toEqual([
      { program: 'btminer', percent: 61.4 },
      { program: 'sshd', percent: 3.1 },
      { program: 'init', percent: 0.9 },
    ]);
  });

  test('by what the kernel says each holds, where BusyBox tells the address space only', () => {
    const held = heldOf(
      '/proc/1/status:Name:\tinit\n/proc/1/status:VmRSS:\t     600 kB\n/proc/2/status:Name:\tkthreadd\n/proc/655/status:Name:\tbmminer\n/proc/655/status:VmRSS:\t   60000 kB\n',
    );
    expect(topMemory(processesOf(BUSYBOX_PS), held, 120_000)).toEqual([
      { program: 'bmminer', percent: 50 },
      { program: 'init', percent: 0.5 },
    ]);
  });

  test('by the address space where nothing else is told', () => {
    const [first] = topMemory(processesOf(BUSYBOX_PS), [], 251_904);
    expect(first).toEqual({ program: 'bmminer', percent: 50 });
  });

  test('at most ten', () => {
    const many = Array.from({ length: 30 }, (_, i) => `root ${i + 1} 0.0 ${i}.0 1 1 ? S 0:0 0:0 p${i}`).join('\n');
    const top = topMemory(processesOf(`USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\n${many}`), [], 1);
    expect(top.length).toBe(10);
    expect(top[0]).toEqual({ program: 'p29', percent: 29 });
  });

  test('programs are named by their file, scripts by the script, and arguments are not kept', () => {
    const programs = processesOf(BUSYBOX_PS);
    expect(programs.map(({ program }) => program)).toEqual([
      'init',
      'kthreadd',
      'ubi_bgt0d',
      'cgminer.sh',
      'bmminer',
      'dropbear',
    ]);
    expect(JSON.stringify(programs)).not.toContain('hunter2');
  });
});

describe('sockets', () => {
  const NETSTAT = `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State
tcp        0      0 0.0.0.0:4028            0.0.0.0:*               LISTEN
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN
tcp       21      0 10.0.4.21:4028          10.0.4.77:51012         ESTABLISHED
tcp        1      0 10.0.4.21:4028          10.0.4.78:40000         CLOSE_WAIT
tcp        0      0 10.0.4.21:4028          10.0.4.79:40001         TIME_WAIT
tcp        0      0 10.0.4.21:22            10.0.4.5:50000          ESTABLISHED
tcp        0      0 :::80                   :::*                    LISTEN
tcp        0      0 ::ffff:10.0.4.21:4028   ::ffff:10.0.4.80:1234   ESTABLISHED
`;

  test('of netstat: who listens, and who holds a connection to the API', () => {
    const sockets = socketsOf(NETSTAT);
    expect(listening(sockets)).toEqual(['0.0.0.0:4028', '0.0.0.0:22', '[::]:80']);
    expect(peersOf(sockets, 4028)).toEqual(['10.0.4.77:51012', '10.0.4.78:40000', '10.0.4.80:1234']);
  });

  test('of ss', () => {
    const sockets = socketsOf(`State      Recv-Q Send-Q Local Address:Port  Peer Address:Port
LISTEN     0      128    127.0.0.1:4028      *:*
LISTEN     0      128    [::]:22             [::]:*
ESTAB      0      0      127.0.0.1:4028      127.0.0.1:39112
TIME-WAIT  0      0      127.0.0.1:4028      127.0.0.1:39113
`);
    expect(listening(sockets)).toEqual(['127.0.0.1:4028', '[::]:22']);
    expect(peersOf(sockets, 4028)).toEqual(['127.0.0.1:39112']);
  });

  test('of the kernel, where there is no netstat', () => {
    // 0FBC is 4028; 1504000A is 10.0.4.21 and 4D04000A is 10.0.4.77.
    const sockets =
      kernelSocketsOf(`  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0FBC 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 0 100 0 0 10 0
   1: 1504000A:0FBC 4D04000A:C744 01 00000000:00000000 00:00000000 00000000     0        0 1235 1 0 20 4 30 10 -1
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   1: 0000000000000000FFFF00001504000A:0FBC 0000000000000000FFFF00004E04000A:0400 08 00000000:00000000 00:00000000
`);
    expect(listening(sockets)).toEqual(['0.0.0.0:4028', '[::]:80']);
    expect(peersOf(sockets, 4028)).toEqual(['10.0.4.77:51012', '10.0.4.78:1024']);
  });
});

describe('the lines of the configuration', () => {
  test.each([
    ['"api-allow" : "A:0/0,W:*"', { name: 'allow', value: 'A:0/0,W:*' }],
    ['"api-listen":true', { name: 'listen', value: 'true' }],
    ['"api-network" : "false"', { name: 'network', value: 'false' }],
    ['cgminer_bind_lan = true', { name: 'network', value: 'true' }],
    ["\toption api_allow 'W:127.0.0.1'", { name: 'allow', value: 'W:127.0.0.1' }],
    ['"api-groups" : "A:stats"', null],
    ['"pass" : "api-allow"', null],
  ])('%j', (line, read) => {
    expect(apiLine(line)).toEqual(read);
  });

  const FILES = '/config/cgminer.conf\n/etc/bosminer.toml\n';

  test('of the file that has some', () => {
    const lines = '/config/cgminer.conf:"api-listen" : true\n/config/cgminer.conf:"api-allow" : "W:127.0.0.1"\n';
    expect(configurationOf(FILES, lines, ['/etc/bosminer.toml', '/config/cgminer.conf'])).toEqual({
      path: '/config/cgminer.conf',
      listen: 'true',
      network: null,
      allow: 'W:127.0.0.1',
    });
  });

  test('of the first file that exists, where none has any', () => {
    expect(configurationOf(FILES, '', ['/a', '/etc/bosminer.toml', '/config/cgminer.conf'])).toEqual({
      path: '/etc/bosminer.toml',
      listen: null,
      network: null,
      allow: null,
    });
  });

  test('of none', () => {
    expect(configurationOf('ls: not found', '', ['/config/cgminer.conf'])).toBeNull();
  });
});

describe('lines of the log', () => {
  test('that name a cause, cleaned, each once, the newest last', () => {
    const text = `Jan  1 00:00:10 miner cgminer[655]: Started cgminer 4.9.0
Jan  1 00:00:11 miner cgminer[655]: API bind to port 4028 failed (Address already in use)
\x1b[2J\x1b]0;owned\x07Jan  2 kernel: Out of memory: Kill process 655 (bmminer) score 812
Jan  1 00:00:11 miner cgminer[655]: API bind to port 4028 failed (Address already in use)
`;
    expect(logLinesOf(text)).toEqual([
      'Jan 2 kernel: Out of memory: Kill process 655 (bmminer) score 812',
      'Jan 1 00:00:11 miner cgminer[655]: API bind to port 4028 failed (Address already in use)',
    ]);
  });

  test('at most twenty, the last', () => {
    const lines = logLinesOf(Array.from({ length: 50 }, (_, i) => `${i}: API listen failed`).join('\n'));
    expect(lines.length).toBe(20);
    expect(lines[19]).toBe('49: API listen failed');
  });

  test('never with a password', () => {
    const [line] = logLinesOf('API bind failed; password=hunter2 pass: "hunter2 3"');
    expect(line).not.toContain('hunter2');
  });
});

describe('the command that restarts it', () => {
  test.each([
    ['stock S17', '/etc/init.d/cgminer.sh\n', '', ['cgminer'], 'antminer', '/etc/init.d/cgminer.sh restart'],
    ['BraiinsOS', '/etc/init.d/cgminer\n/etc/init.d/bosminer\n', '', [], 'braiins', '/etc/init.d/bosminer restart'],
    ['systemd', '', 'bmminer.service enabled enabled\n', ['bmminer'], 'antminer', 'systemctl restart bmminer'],
    ['a custom WhatsMiner', '', 'btminer.service      enabled\n', [], null, 'systemctl restart btminer'],
    ['DCENT_OS', '', 'dcentrald.service enabled\ncgminer.service masked\n', [], 'dcent', 'systemctl restart dcentrald'],
    [
      'the one that runs',
      '/etc/init.d/cgminer\n/etc/init.d/bmminer\n',
      '',
      ['bmminer'],
      null,
      '/etc/init.d/bmminer restart',
    ],
    ['none', 'ls: /etc/init.d: No such file\n', '', ['cgminer'], 'antminer', null],
    ['a masked one', '', 'bmminer.service masked\n', [], null, null],
  ])('on %s', (_, init, units, running, family, command) => {
    expect(restartCommandOf(init, units, new Set(running), family)).toBe(command);
  });
});

test('no parser breaks on anything, and nothing printable is made of control characters', () => {
  const words = fc.constantFrom(
    'Mem:',
    'total',
    'free',
    'available',
    '-/+ buffers:',
    'PID',
    'COMMAND',
    'STAT',
    'VSZ',
    '%MEM',
    'tcp',
    'LISTEN',
    'ESTABLISHED',
    '0.0.0.0:4028',
    '[::]:*',
    '99%',
    '/tmp',
    '/proc/1/status:Name:',
    '"api-allow" :',
    '"',
    "'",
    '\n',
    '\t',
    ' ',
    '0',
    '-1',
    '999999999999999999999',
    '\x1b[',
    '\x07',
    '1: 00000000:0FBC 4D04000A:C744 01 ',
    'API bind',
    'password=',
  );
  const text = fc
    .array(fc.oneof(words, fc.string({ maxLength: 12, unit: 'binary' })), { maxLength: 60 })
    .map((all) => all.join(' '));
  fc.assert(
    fc.property(text, (given) => {
      const meminfo = meminfoOf(given);
      const listed = processesOf(given);
      const sockets = [...socketsOf(given), ...kernelSocketsOf(given)];
      const shown = [
        ...topMemory(listed, heldOf(given), 1_000).map(({ program }) => program),
        ...listening(sockets),
        ...peersOf(sockets, 4028),
        ...logLinesOf(given),
        configurationOf('/a', `/a:${given}`, ['/a'])?.allow ?? '',
        plainLine(given),
      ];
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      for (const one of shown) expect(one).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
      for (const number of [freeMemoryMb(meminfo, given), tmpUsedPercent(given), uptimeOf(given)]) {
        if (number !== null) expect(number).toBeGreaterThanOrEqual(0);
      }
      restartCommandOf(given, given, new Set(['cgminer']), 'antminer');
    }),
    { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
