import { describe, expect, test } from 'vitest';
import type { Explanation } from './explanation.ts';
import { judge } from './judge.ts';
import { closingLine } from './report.ts';
import type { Row } from './rows.ts';

/* What makes the interop suite fail, without machines and peers. */

const row = (over: Partial<Row> = {}): Row => ({
  peer: 'pyasic',
  machine: 'antminer/s9',
  operation: 'read',
  what: 'fanRpm',
  title: 'fans, rpm',
  theirs: [0, 0],
  ours: [2820, 2820],
  verdict: 'unequal',
  exchanges: { peer: [{ port: 4028, request: '{"command":"stats"}', reply: '{"fan3":2820}' }], ours: [] },
  ...over,
});

const explanation = (over: Partial<Explanation> = {}): Explanation => ({
  peers: ['pyasic'],
  machines: ['antminer/s9'],
  fields: ['fanRpm'],
  kind: 'fault',
  why: 'it looks at the wrong connectors',
  paragraph: '2.1',
  cite: { by: 'peer', request: 'stats', reply: '"fan3"' },
  ...over,
});

const S9 = new Set(['antminer/s9']);

describe('the interop suite', () => {
  test('passes a difference that is explained by bytes that were said', () => {
    const { failures, rows } = judge([row()], [explanation()], S9);
    expect(failures).toEqual([]);
    expect(rows[0]?.cited?.reply).toBe('{"fan3":2820}');
  });

  test('fails on a difference that nobody explained', () => {
    expect(judge([row()], [], S9).failures).toEqual(['antminer/s9 fanRpm pyasic: not explained']);
  });

  test('fails on an explanation of what is equal by now', () => {
    expect(judge([row({ verdict: 'equal' })], [explanation()], S9).failures).toEqual([
      'antminer/s9 fanRpm pyasic: explained, but there is no difference any more',
    ]);
  });

  test('fails on an explanation whose bytes the machine never said', () => {
    const { failures } = judge([row()], [explanation({ cite: { by: 'peer', request: 'stats', reply: '"fan9"' } })], S9);
    expect(failures).toEqual([expect.stringContaining('what its explanation cites was not said')]);
  });

  test('fails on an explanation that holds for one of its two fields only', () => {
    const { failures } = judge([row()], [explanation({ fields: ['fanRpm', 'mac'] })], S9);
    expect(failures).toEqual(['antminer/s9 mac pyasic: explained, but there is no difference any more']);
  });

  test('leaves explanations alone of machines that were not looked at', () => {
    expect(judge([], [explanation()], new Set()).failures).toEqual([]);
  });

  test('fails where we did not do it either, however well the failure of the peer is explained', () => {
    const control = row({ operation: 'control', what: 'do:reboot', ours: 'done; seen: false', weFailed: true });
    const { failures } = judge([control], [explanation({ fields: ['do:reboot'] })], S9);
    expect(failures).toEqual(['antminer/s9 do:reboot pyasic: it did not come out right with us: done; seen: false']);
  });

  test('counts a machine that a peer has nothing for as neither passed nor failed', () => {
    const rows = [row({ verdict: 'unsupported' }), row({ verdict: 'equal' }), row({ verdict: 'neither' })];
    expect(closingLine(judge(rows, [], S9))).toBe('1 passed, 0 failed, 1 skipped');
    expect(closingLine(judge(rows.slice(1), [], S9))).toBe('1 passed, 0 failed');
  });

  test('fails where two explanations want the same row', () => {
    const { failures } = judge([row()], [explanation(), explanation()], S9);
    expect(failures).toEqual(['antminer/s9 fanRpm pyasic: 2 explanations for one row']);
  });
});
