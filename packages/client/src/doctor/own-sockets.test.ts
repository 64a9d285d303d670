import { describe, expect, test } from 'vitest';
import { onComputer } from './computer.testing.ts';
import type { OperatingSystem } from './operating-system.ts';
import { connectionsTo } from './own-sockets.ts';

const MINER = '10.0.4.21';

const said = (programs: Readonly<Record<string, string>>): OperatingSystem['run'] => {
  return async (program, args) => {
    const output = programs[[program, ...args].join(' ')];
    return output === undefined ? null : { code: 0, output };
  };
};

describe('connections to the machine', () => {
  test('are named on Windows by the number of their process; ours are left out', async () => {
    const looking = onComputer({
      platform: 'win32',
      run: said({
        'netstat -ano': `  TCP    10.0.4.5:50111   10.0.4.21:4028   ESTABLISHED   1234\r\n  TCP    10.0.4.5:50112   10.0.4.21:4028   ESTABLISHED   ${process.pid}\r\n  TCP    10.0.4.5:50113   10.0.4.22:4028   ESTABLISHED   1234\r\n`,
        'tasklist /FO CSV /NH': '"foreman.exe","1234","Console","1","52,000 K"\r\n',
      }),
    });
    expect(await connectionsTo(MINER, looking)).toEqual([
      { port: 4028, state: 'ESTABLISHED', program: 'foreman.exe (1234)' },
    ]);
  });

  test('are named on macOS by lsof as far as it may look', async () => {
    const looking = onComputer({
      platform: 'darwin',
      run: said({
        'netstat -an -p tcp':
          'tcp4 0 0 10.0.4.5.50111 10.0.4.21.4028 CLOSE_WAIT\ntcp4 0 0 10.0.4.5.50112 10.0.4.21.4028 ESTABLISHED\ntcp4 0 0 10.0.4.5.50113 10.0.4.21.80 ESTABLISHED\n',
        'lsof -nP -w -iTCP -FpcnT': `p77\ncforeman\nf5\nn10.0.4.5:50111->10.0.4.21:4028\nTST=CLOSE_WAIT\np${process.pid}\ncnode\nf6\nn10.0.4.5:50112->10.0.4.21:4028\nTST=ESTABLISHED\n`,
      }),
    });
    expect(await connectionsTo(MINER, looking)).toEqual([
      { port: 4028, state: 'CLOSE_WAIT', program: 'foreman (77)' },
      { port: 80, state: 'ESTABLISHED', program: null },
    ]);
  });

  test('of a program of Node.js have no name of a thread, and no control characters', async () => {
    const line = (inode: number) =>
      `   0: 0504000A:C001 1504000A:0FBC 08 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0\n`;
    const texts: Readonly<Record<string, string>> = {
      '/proc/net/tcp': `heading\n${line(70)}${line(71)}`,
      '/proc/77/comm': 'node-MainThread\n',
      '/proc/78/comm': '\u001b[2Jx\n',
    };
    const looking = onComputer({
      readFile: async (path) => texts[path] ?? null,
      readFolder: async (path) => (path === '/proc' ? ['77', '78', '1x'] : /\/7[78]\//.test(path) ? ['3'] : null),
      readLink: async (path) => (path === '/proc/77/fd/3' ? 'socket:[70]' : 'socket:[71]'),
    });
    expect((await connectionsTo(MINER, looking)).map(({ program }) => program)).toEqual([
      'node (77)',
      expect.stringMatching(/^[\x20-\x7e]+ \(78\)$/),
    ]);
  });

  test('are none where nothing can be asked', async () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(await connectionsTo(MINER, onComputer({ platform }))).toEqual([]);
    }
  });

  test('that only were there for a moment are nobody’s: an IPv6 address in any form is the same', async () => {
    const line = (inode: number) =>
      `   0: 000000000000000000000000000000AA:C001 000000FD000000000000000001000000:0FBC 01 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0\n`;
    let reads = 0;
    const looking = onComputer({
      // The second time the first of them is gone; what has no inode any more is held by no program.
      readFile: async (path) =>
        path === '/proc/net/tcp6' ? `heading\n${reads++ === 0 ? line(77) : ''}${line(78)}${line(0)}` : null,
    });
    expect(await connectionsTo('FD00:0::1', looking)).toEqual([{ port: 4028, state: 'ESTABLISHED', program: null }]);
  });
});
