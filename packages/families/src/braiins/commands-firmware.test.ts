import { createHash } from 'node:crypto';
import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { BraiinsDouble } from './double.testing.ts';
import { errorOf, prepare } from './perform.testing.ts';

/** Longer than two pieces, with every byte in it, and what parts the body of a form. */
const FILE = Uint8Array.from(
  { length: 150_000 },
  (_, i) => (i % 997 < 4 ? [13, 10, 45, 45][i % 997] : i * 7) as number,
);
const SUM = createHash('sha256').update(FILE).digest('hex');
const GIVEN = { file: { name: 'braiins-os am2.tar', bytes: FILE }, sha256: SUM.toUpperCase(), version: '26.04' };

async function upload(machine: BraiinsDouble, given: Record<string, unknown> = GIVEN) {
  const links = machine.links();
  const prepared = await prepare(links, 'updateFirmware', given);
  const request = prepared.steps[0]?.request('');
  if (request === undefined || !('speak' in request)) throw new Error('it speaks');
  const told: [number, number][] = [];
  const verdict = await request.speak(links, (sent, of) => told.push([sent, of]));
  return { prepared, request, verdict, told };
}

describe.each(['grpc', 'rest'] as const)('a machine that gets its firmware over %s', (door) => {
  const machineAt = (): BraiinsDouble => {
    const machine = new BraiinsDouble();
    if (door === 'rest') machine.open.grpc = false;
    return machine;
  };

  test('gets size and checksum, and the file as it is', async () => {
    const machine = machineAt();
    const { verdict, told } = await upload(machine);
    expect(verdict).toEqual({ accepted: true });
    expect(machine.uploads).toHaveLength(1);
    expect(machine.uploads[0]?.metadata).toEqual(
      // A false is what Protobuf takes for granted.
      door === 'grpc'
        ? { size: 150_000, hash: SUM }
        : { size: 150_000, hash: SUM, discard_settings: false, disable_cleanup: false },
    );
    expect(Buffer.from(machine.uploads[0]?.file ?? []).equals(Buffer.from(FILE))).toBe(true);
    if (door === 'grpc') {
      expect(machine.uploads[0]?.pieces).toBe(4);
      expect(told.at(-1)).toEqual([150_000, 150_000]);
    }
  });

  test('is told when its settings are to go', async () => {
    const machine = machineAt();
    const { prepared } = await upload(machine, { ...GIVEN, keepSettings: false });
    expect(machine.uploads[0]?.metadata).toMatchObject({ discard_settings: true });
    expect(prepared.notes?.join('\n')).toContain('Its settings go');
  });

  test('shows the file by its name, size and checksum', async () => {
    const { request } = await upload(machineAt());
    expect(request.shown).toContain(`braiins-os am2.tar: 150000 bytes, SHA-256 ${SUM}`);
    expect(request.shown.length).toBeLessThan(500);
  });

  test('is done when it shows the version', async () => {
    const machine = machineAt();
    const { prepared } = await upload(machine);
    const { readBack } = prepared;
    if ('never' in readBack) throw new Error(readBack.never);
    expect(readBack).toMatchObject({ restarts: true, withinMs: 1_200_000 });
    expect((await readBack.look(machine.links(), machine.now)).done).toBe(false);
    machine.state.version = '2026-04-01-0-77aa88bb-26.04-plus';
    expect(await readBack.look(machine.links(), machine.now)).toEqual({
      done: true,
      values: { firmwareVersion: '2026-04-01-0-77aa88bb-26.04-plus' },
    });
  });

  test('with a token that is over still gets it once', async () => {
    const machine = machineAt();
    await prepare(machine.links(), 'updateFirmware', GIVEN);
    machine.expire();
    const { verdict } = await upload(machine);
    expect(verdict.accepted).toBe(true);
    expect(machine.uploads).toHaveLength(1);
  });

  test('refuses one that is another', async () => {
    const machine = machineAt();
    const attempt = () => upload(machine, { ...GIVEN, sha256: '0'.repeat(64) });
    if (door === 'grpc') expect((await attempt()).verdict).toMatchObject({ accepted: false, vendorCode: 'successful' });
    else expect(await errorOf(attempt)).toMatchObject({ code: 'device/refused', context: { vendorCode: '500' } });
  });
});

describe('an upload over gRPC', () => {
  test.each([0, 1, 3])('that a GOAWAY ends behind %d messages is not begun again', async (messages) => {
    const machine = new BraiinsDouble();
    machine.cutsUpload = messages;
    const error = await errorOf(() => upload(machine));
    expect(error.code).toBe('link/reset');
    expect(machine.uploads).toEqual([]);
    expect(machine.heard.filter(({ method }) => method === 'SystemUpgrade')).toEqual([]);
  });

  test('that a machine is too busy for is refused', async () => {
    const machine = new BraiinsDouble();
    machine.fails.set('SystemUpgrade', () => new HeadframeError('device/busy', { vendorCode: 'RESOURCE_EXHAUSTED' }));
    const error = await errorOf(() => upload(machine));
    expect(error).toMatchObject({ code: 'device/busy', context: { vendorCode: 'RESOURCE_EXHAUSTED' } });
  });
});

test('a machine that has the version already is said to', async () => {
  const prepared = await prepare(new BraiinsDouble().links(), 'updateFirmware', { ...GIVEN, version: '25.07' });
  expect(prepared.notes?.join('\n')).toContain('cannot be told apart');
});
