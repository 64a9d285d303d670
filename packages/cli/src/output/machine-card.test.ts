import { blankIdentity, type Snapshot } from '@headframe/model';
import { expect, test } from 'vitest';
import { machineCard } from './machine-card.ts';

const NOW = 1_790_000_000_000;

const snapshot: Snapshot = {
  schemaVersion: 1,
  address: '10.0.0.7',
  at: NOW,
  identity: blankIdentity('braiins'),
  state: 'paused',
  minerUptimeS: null,
  systemUptimeS: null,
  hashrate: { currentHs: null, currentWindowS: null, averageHs: null, nominalHs: null, windows: [] },
  powerW: null,
  powerBasis: null,
  powerLimitW: null,
  efficiencyJTh: null,
  ambientTempC: null,
  hashboards: [],
  fans: [],
  psu: null,
  pools: [],
  shares: { accepted: null, rejected: null, stale: null, sessionBestDifficulty: null, bestDifficulty: null },
  hardwareErrors: null,
  faults: [],
  gaps: [],
  replies: [],
};

test('a machine whose doors disagree shows what was believed, what was not, and why, within 80 columns', () => {
  const card = machineCard(
    {
      ...snapshot,
      disagreements: [
        {
          path: '/pools/0/worker',
          believed: { reply: 'grpc:PoolService.GetPoolGroups', value: 'acct.rig7' },
          other: { reply: 'pools', value: 'thief' },
          why: 'it tells the pools with their groups',
        },
      ],
    },
    NOW,
  );
  const words = card.replace(/\s+/g, ' ');
  expect(words).toContain(
    'its doors disagree pools.0.worker: acct.rig7 (grpc:PoolService.GetPoolGroups), not thief (pools); it tells the pools with their groups',
  );
  for (const line of card.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('a machine whose doors agree says nothing of it', () => {
  expect(machineCard(snapshot, NOW)).not.toContain('disagree');
});
