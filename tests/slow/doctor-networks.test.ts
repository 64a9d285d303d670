import { beforeAll, expect, test } from 'vitest';
import { NETWORK_CASES, type NetworkFinding, runNetworks } from '../doctor/networks.ts';
import { describeInNetworks } from '../namespaces.testing.ts';

/*
 * Faults of networks on every family that their row is about, with twenty seeds each: real packets, a real switch, a real
 * nftables. The table is printed.
 */

const SEEDS = Number(process.env.HEADFRAME_DOCTOR_SEEDS ?? 20);

describeInNetworks('faults of networks', () => {
  let findings: readonly NetworkFinding[] = [];
  const of = (fault: string) => findings.filter((finding) => finding.fault === fault);
  const isRight = ({ code, expected }: NetworkFinding) => code === expected;
  const named = ({ fault, family, address, code, confidence }: NetworkFinding) =>
    `${fault}, ${family} at ${address}: ${code} (${confidence})`;

  beforeAll(async () => {
    findings = await runNetworks(NETWORK_CASES, SEEDS);
    for (const { fault } of NETWORK_CASES) {
      const here = of(fault);
      const counts = Object.entries(Object.groupBy(here, ({ code }) => code)).map(
        ([code, all]) => `${code} ${all?.length}`,
      );
      process.stdout.write(`${fault.padEnd(28)} ${here.filter(isRight).length}/${here.length}  ${counts.join(', ')}\n`);
    }
  });

  test.each(NETWORK_CASES.map(({ fault }) => fault))('%s: named in at least 95 of 100', (fault) => {
    const wrong = of(fault).filter((finding) => !isRight(finding));
    expect(of(fault).length).toBeGreaterThanOrEqual(2 * SEEDS);
    expect(wrong.length, wrong.map(named).join('\n')).toBeLessThanOrEqual(of(fault).length * 0.05);
  });

  test('nobody is confident and wrong', () => {
    expect(findings.filter((one) => !isRight(one) && one.confidence >= 0.8).map(named)).toEqual([]);
  });

  test('what costs money is told from what does not', () => {
    expect(new Set(of('machines are off').map(({ urgency }) => urgency))).toEqual(new Set(['dead']));
    expect(new Set(of('cut off, and hashing').map(({ urgency }) => urgency))).toEqual(new Set(['hashing-but-deaf']));
  });
});
