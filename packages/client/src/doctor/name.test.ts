import { describe, expect, test } from 'vitest';
import { onComputer } from './computer.testing.ts';
import { resolveName } from './name.ts';

const fails = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`getaddrinfo ${code}`), { code });
};

describe('a name', () => {
  test('leads to its addresses, each once', async () => {
    const looking = onComputer({ lookup: async () => ['10.0.4.21', '10.0.4.21', 'fd00:4::21', 'no address'] });
    expect(await resolveName('miner-7.lan', null, looking)).toMatchObject({
      value: { given: 'miner-7.lan', addresses: ['10.0.4.21', 'fd00:4::21'], expected: null },
      line: 'the name miner-7.lan leads to 10.0.4.21, fd00:4::21',
      command: 'getent ahosts miner-7.lan',
    });
  });

  test('leads elsewhere than before', async () => {
    const looking = onComputer({ platform: 'win32', lookup: async () => ['10.0.4.99'] });
    expect(await resolveName('miner-7.lan', '10.0.4.21', looking)).toMatchObject({
      value: { addresses: ['10.0.4.99'], expected: '10.0.4.21' },
      line: 'the name miner-7.lan leads to 10.0.4.99; the machine answered at 10.0.4.21 before',
      command: 'nslookup miner-7.lan',
    });
  });

  test.each([
    ['ENOTFOUND', 'nobody knows it (ENOTFOUND)'],
    ['EAI_AGAIN', 'no name server answers (EAI_AGAIN)'],
    ['EAI_FAIL', 'the name service says EAI_FAIL'],
  ])('that leads nowhere by %s is seen without addresses', async (code, why) => {
    const seen = await resolveName('miner-7.lan', null, onComputer({ lookup: fails(code) }));
    expect(seen).toMatchObject({ value: { addresses: [] }, line: `the name miner-7.lan leads nowhere: ${why}` });
  });

  test('without an address is seen as such', async () => {
    expect(await resolveName('miner-7.lan', null, onComputer({}))).toMatchObject({
      value: { addresses: [] },
      line: 'the name miner-7.lan leads nowhere: it has no address',
    });
  });

  test('that nobody resolves before the examination is cancelled is not seen', async () => {
    const controller = new AbortController();
    const looking = onComputer({ lookup: () => new Promise(() => controller.abort()) }, controller.signal);
    expect(await resolveName('miner-7.lan', null, looking)).toEqual({ notSeen: 'the examination ended before' });
  });
});
