import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLsof, parseNetstat, parseProcTcp, parseTasklist, plainAddress } from './parse-sockets.ts';

const HEADING = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const REST = '00000000:00000000 00:00000000 00000000     0        0';

describe('sockets of Linux', () => {
  test('are told with the other end; what listens, is over or is no line is not', () => {
    // 0FBC is 4028, 1504000A is 10.0.4.21.
    const table = `${HEADING}   0: 00000000:0FBC 00000000:0000 0A ${REST} 70 1 0 100 0 0 10 0
   1: 0504000A:C001 1504000A:0FBC 02 ${REST} 71 2 0 20 4 30 10 -1
   2: 0504000A:C002 1504000A:0FBC 06 ${REST} 0 3 0
   3: 0504000A:C003 1504000A:0FBC 08 ${REST} 73 1 0 20 4 30 10 -1
   4: 0504000A:C004 1504000A 01 ${REST} 74 1 0 20 4 30 10 -1
   5: 0504000A:C005 1504:0FBC 01 ${REST} 75 1 0 20 4 30 10 -1
   6: 0504000A:C0`;
    expect(parseProcTcp(table)).toEqual([
      { remote: '10.0.4.21', port: 4028, state: 'SYN_SENT', inode: '71' },
      { remote: '10.0.4.21', port: 4028, state: 'CLOSE_WAIT', inode: '73' },
    ]);
  });

  test('of IPv6 have short addresses, and IPv4 ones within it their own', () => {
    const tcp6 = `${HEADING}   0: 000000000000000000000000000000AA:C001 000000FD000000000000000001000000:0FBC 01 ${REST} 77 1 0 20 4 30 10 -1
   1: 0000000000000000FFFF00000504000A:C002 0000000000000000FFFF00001504000A:0050 08 ${REST} 78 1 0 20 4 30 10 -1
`;
    expect(parseProcTcp(tcp6)).toEqual([
      { remote: 'fd00::1', port: 4028, state: 'ESTABLISHED', inode: '77' },
      { remote: '10.0.4.21', port: 80, state: 'CLOSE_WAIT', inode: '78' },
    ]);
    expect(plainAddress('FD00:0:0:0::1')).toBe('fd00::1');
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
  });
});

describe('sockets of netstat', () => {
  test('of Windows, in any language: what belongs to no process is over', () => {
    const english = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1060
  TCP    10.0.4.5:50111         10.0.4.21:4028         ESTABLISHED     1234
  TCP    10.0.4.5:50112         10.0.4.21:4028         TIME_WAIT       0
  TCP    [fd00::5]:50113        [fd00::21]:80          CLOSE_WAIT      77
  UDP    0.0.0.0:5353           *:*                                    900
`.replaceAll('\n', '\r\n');
    expect(parseNetstat(english)).toEqual([
      { local: 50111, remote: '10.0.4.21', port: 4028, state: 'ESTABLISHED', pid: 1234 },
      { local: 50113, remote: 'fd00::21', port: 80, state: 'CLOSE_WAIT', pid: 77 },
    ]);
    const german =
      '  TCP    10.0.4.5:50111         10.0.4.21:4028         HERGESTELLT     1234\r\n  TCP    10.0.4.5:50112         10.0.4.21:4028         WARTEND         0\r\n';
    expect(parseNetstat(german)).toEqual([
      { local: 50111, remote: '10.0.4.21', port: 4028, state: 'HERGESTELLT', pid: 1234 },
    ]);
  });

  test('of macOS', () => {
    const text = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)    
tcp4       0      0  10.0.4.5.50111         10.0.4.21.4028         CLOSE_WAIT 
tcp4       0      0  10.0.4.5.50112         10.0.4.21.4028         FIN_WAIT_1 
tcp4       0      0  10.0.4.5.50113         10.0.4.21.4028         CLOSED     
tcp6       0      0  fd00::5.50114          fd00::21.80            ESTABLISHED
tcp46      0      0  *.4028                 *.*                    LISTEN     
`;
    expect(parseNetstat(text)).toEqual([
      { local: 50111, remote: '10.0.4.21', port: 4028, state: 'CLOSE_WAIT', pid: null },
      { local: 50112, remote: '10.0.4.21', port: 4028, state: 'FIN_WAIT1', pid: null },
      { local: 50114, remote: 'fd00::21', port: 80, state: 'ESTABLISHED', pid: null },
    ]);
  });
});

test('programs are named by lsof for both ports, and by tasklist for their number', () => {
  // As lsof 4.95 prints it; that of macOS names the descriptor too.
  const lsof =
    'p21092\ncpython3\nf3\nn10.9.0.1:4028\nTST=LISTEN\nTQR=0\nTQS=0\nf4\nn10.9.0.1:48510->10.9.0.1:4028\nTST=CLOSE_WAIT\nTQR=1\nTQS=0\np77\ncforeman\nf9\nn[fd00::5]:50114->[fd00::21]:80\nTST=ESTABLISHED\n';
  expect([...parseLsof(lsof)]).toEqual([
    ['48510 4028', { pid: 21092, name: 'python3' }],
    ['50114 80', { pid: 77, name: 'foreman' }],
  ]);
  const tasklist =
    '"System Idle Process","0","Services","0","8 K"\r\n"Foreman Agent.exe","1234","Console","1","52,000 K"\r\n';
  expect(parseTasklist(tasklist).get(1234)).toBe('Foreman Agent.exe');
});

test('what none of these programs prints breaks nothing', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('10.0.4.21:4028', '10.0.4.21.99999', '1504000A:0FBC', '01', '08', 'tcp', 'TCP', '\n', 'CLOSE_WAIT'),
    fc.constantFrom('\np12', '\ncx', '\nn10.0.4.5:1->10.0.4.21:2', '\nf', '0', '"a","1",', '[::1]:1', 'constructor'),
  );
  const text = fc.array(cell, { maxLength: 60 }).map((cells) => cells.join(' '));
  fc.assert(
    fc.property(text, (said) => {
      for (const { port, state } of [...parseProcTcp(said), ...parseNetstat(said)]) {
        expect(port >= 0 && port <= 65_535 && typeof state === 'string').toBe(true);
      }
      for (const { pid } of parseLsof(said).values()) expect(pid).toBeGreaterThan(0);
      for (const [pid] of parseTasklist(said)) expect(pid).not.toBeNaN();
    }),
    { seed: 20_261_124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
