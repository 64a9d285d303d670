import { describe, expect, test } from 'vitest';
import type { Case } from './case.testing.ts';
import { CASES } from './commands-cases.testing.ts';
import { BraiinsDouble } from './double.testing.ts';
import { ACTIONS_BY_NAME, perform } from './perform.testing.ts';

const said = ({ name, given }: Case): string => `${name} ${JSON.stringify(given ?? {})}`;

function machineFor({ before }: Case, door: 'grpc' | 'rest'): BraiinsDouble {
  const machine = new BraiinsDouble();
  if (door === 'rest') machine.open.grpc = false;
  before?.(machine.state);
  return machine;
}

function check(one: Case, machine: BraiinsDouble, seen: Awaited<ReturnType<typeof perform>>['seen']): void {
  expect(seen?.done ?? null).toBe(one.never === true ? null : true);
  if (one.after !== undefined) expect(one.after(machine.state)).toEqual(one.is);
}

describe('over gRPC a machine gets', () => {
  test.each(CASES.map((one) => [said(one), one] as const))(
    'the message of %s, does it and shows it',
    async (_, one) => {
      const machine = machineFor(one, 'grpc');
      const { verdicts, seen, shown } = await perform(machine, one.name, one.given);
      expect(machine.writes).toEqual([{ door: 'grpc', method: one.method, message: one.message }]);
      expect(verdicts.every(({ accepted }) => accepted)).toBe(true);
      expect(shown[0]).toMatch(new RegExp(`^gRPC braiins\\.bos\\.v1\\.\\w+Service/${one.method}\\n\\{`));
      check(one, machine, seen);
    },
  );
});

describe('over REST a machine gets', () => {
  const both = CASES.filter(({ rest }) => rest !== null);
  test.each(both.map((one) => [said(one), one] as const))('the request of %s, does it and shows it', async (_, one) => {
    const machine = machineFor(one, 'rest');
    const [line, body] = one.rest as readonly [string, unknown];
    const { seen, shown } = await perform(machine, one.name, one.given);
    const written = machine.requests.filter((request) => !/^GET |auth\/login/.test(request.line));
    expect(written).toEqual([{ line, body }]);
    expect(shown[0]?.split('\n')[0]).toBe(line);
    check(one, machine, seen);
  });

  test.each(CASES.filter(({ rest }) => rest === null).map((one) => [said(one), one] as const))(
    'nothing of %s, which only port 50051 has',
    async (_, one) => {
      const machine = machineFor(one, 'rest');
      await expect(perform(machine, one.name, one.given)).rejects.toMatchObject({ code: 'support/unsupported' });
      expect(machine.requests.every(({ line }) => /^GET |auth\/login/.test(line))).toBe(true);
    },
  );
});

test('every action that changes a machine has a case', () => {
  const fetches =
    /^(downloadLogs|braiins\.(supportarchive|minerstatus|configuration|constraints|targetprofiles|efficiencyprofile|performancemode|license|autoupgradestatus|networkconfiguration|settings|settingsschema))$/;
  const named = new Set(CASES.map(({ name }) => name));
  const without = Object.keys(ACTIONS_BY_NAME).filter((name) => !named.has(name) && !fetches.test(name));
  // Its own test: a stream of ours.
  expect(without).toEqual(['updateFirmware']);
});
