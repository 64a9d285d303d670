import { HeadframeError, type Links, newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { whatsminer } from './index.ts';
import { WhatsminerDouble } from './machine.testing.ts';
import { got, NOW, V2_READS } from './reads.testing.ts';

const olderOnly = (double: WhatsminerDouble): Links => {
  const { whatsminer: _, ...links } = double.links(null);
  return links;
};
const newerOnly = (double: WhatsminerDouble): Links => {
  const { cgminer: _, ...links } = double.links(null);
  return links;
};

/** A machine whose mining program goes on running. */
const running = (reads: Record<string, unknown> = {}): WhatsminerDouble => {
  const double: WhatsminerDouble = new WhatsminerDouble({
    reads: { summary: () => got({ Elapsed: 5000 + (double.now - NOW) / 1000, 'MHS 5s': 1 }), ...reads },
  });
  return double;
};

const POLL = ['summary+pools', 'edevs+devs', 'status'];
const SLOW = ['get_version', 'get_miner_info', 'get_psu', 'get_error_code'];

describe('a poll of port 4028', () => {
  test('is three connections, and four more when the slow facts are due', async () => {
    const double = running();
    const memory = newMemory();
    await whatsminer.read(olderOnly(double), memory);
    expect(double.heard).toEqual([...POLL, ...SLOW]);
    double.heard.length = 0;
    double.now += 10_000;
    const replies = await whatsminer.read(olderOnly(double), memory);
    expect(double.heard).toEqual(POLL);
    expect(replies.get('get_psu')?.doc).not.toBeNull();
  });

  test('asks error codes every minute, the supply every five, versions every hour', async () => {
    const double = running();
    const memory = newMemory();
    const after = async (ms: number) => {
      double.now += ms;
      double.heard.length = 0;
      await whatsminer.read(olderOnly(double), memory);
      return double.heard.filter((name) => !POLL.includes(name));
    };
    await after(0);
    expect(await after(61_000)).toEqual(['get_error_code']);
    expect(await after(240_000)).toEqual(['get_psu', 'get_error_code']);
  });

  test('asks the slow facts at once when the number of errors moves, when it goes off, and after a restart', async () => {
    const summary = (fields: Record<string, unknown>) => got({ Elapsed: 5000, 'MHS 5s': 1, ...fields });
    const double = new WhatsminerDouble({ reads: { summary: summary({ 'Error Code Count': 0 }) } });
    const memory = newMemory();
    const next = async () => {
      double.now += 1_000;
      double.heard.length = 0;
      await whatsminer.read(olderOnly(double), memory);
      return double.heard.filter((name) => !POLL.includes(name));
    };
    await next();
    expect(await next()).toEqual([]);
    double.reads.summary = summary({ 'Error Code Count': 1 });
    expect(await next()).toEqual(['get_version', 'get_psu', 'get_error_code']);
    expect(await next()).toEqual([]);
    double.reads.status = got({ mineroff: 'true' });
    expect(await next()).toContain('get_error_code');
    // In the wrapped form of newer builds as well.
    double.reads.summary = summary({ 'Error Code Count': 1, Elapsed: 3 });
    expect(await next()).toEqual(SLOW);
  });

  test('asks devdetails only where get_version does not say the model', async () => {
    const double = new WhatsminerDouble({
      reads: { get_version: got({ api_ver: 'whatsminer v1.4.0', fw_ver: '20210322.22.REL' }) },
    });
    const memory = newMemory();
    await whatsminer.read(olderOnly(double), memory);
    expect(double.heard).toEqual([...POLL, ...SLOW, 'devdetails']);
    double.heard.length = 0;
    const replies = await whatsminer.read(olderOnly(double), memory);
    expect(double.heard).toEqual(POLL);
    expect(whatsminer.identity(replies)).toMatchObject({
      model: 'WhatsMiner M30S+',
      hardwareRevision: 'VE40',
      apiVersion: '1.4.0',
    });
  });

  test('does not ask again for what the firmware does not have', async () => {
    const double = new WhatsminerDouble({ reads: { get_miner_info: got('invalid cmd', 14, 'E') } });
    const memory = newMemory();
    await whatsminer.read(olderOnly(double), memory);
    double.heard.length = 0;
    const replies = await whatsminer.read(olderOnly(double), memory);
    expect(double.heard).toEqual(POLL);
    expect(replies.get('get_miner_info')?.error?.code).toBe('support/unsupported');
  });

  test('leaves a machine alone whose connection failed', async () => {
    const double = new WhatsminerDouble({ reads: { edevs: new HeadframeError('link/timed-out-waiting') } });
    const replies = await whatsminer.read(olderOnly(double), newMemory());
    expect(double.heard).toEqual(['summary+pools', 'edevs+devs']);
    expect(replies.get('summary')?.error).toBeNull();
    expect(replies.get('status')?.error?.code).toBe('link/timed-out-waiting');
    expect(replies.get('get_psu')?.error?.code).toBe('link/timed-out-waiting');
  });

  test('asks one by one where a join is refused', async () => {
    const double = new WhatsminerDouble();
    const { exchange } = double.older;
    const links = olderOnly(double);
    const refusing: Links = {
      ...links,
      cgminer: {
        exchange: async (request) =>
          new TextDecoder().decode(request).includes('+')
            ? {
                bytes: new TextEncoder().encode(JSON.stringify(got('invalid cmd', 14, 'E'))),
                at: double.now,
                ms: 1,
                ended: 'fin',
              }
            : exchange(request),
      },
    };
    const memory = newMemory();
    const replies = await whatsminer.read(refusing, memory);
    expect(replies.get('pools')?.error).toBeNull();
    expect([...memory.refusedJoins]).toEqual(['summary+pools', 'edevs+devs']);
  });
});

describe('which door is read', () => {
  test('4028 where it answers, though 4433 would', async () => {
    const double = new WhatsminerDouble();
    await whatsminer.read(double.links(null), newMemory());
    expect(double.heard).toEqual([...POLL, ...SLOW]);
  });

  test('4433 where 4028 is closed: two questions over one connection', async () => {
    const double = new WhatsminerDouble({ reads: { summary: new HeadframeError('link/refused') } });
    const replies = await whatsminer.read(double.links(null), newMemory());
    expect(double.heard).toEqual(['summary+pools', 'get.device.info', 'get.miner.status "summary+pools+edevs"']);
    expect(double.openConnections).toBe(0);
    expect(whatsminer.map(replies, { address: 'x' }).state).toBe('mining');
  });

  test('4433 where nothing else is known', async () => {
    const double = new WhatsminerDouble();
    const replies = await whatsminer.read(newerOnly(double), newMemory());
    expect(whatsminer.identity(replies).model).toBe('WhatsMiner M30S++');
  });

  test('with both closed the failure of the older one is told', async () => {
    const double = new WhatsminerDouble({ reads: { summary: new HeadframeError('link/refused') } });
    const links: Links = {
      ...double.links(null),
      whatsminer: { exchange: double.newer.exchange, open: () => Promise.reject(new HeadframeError('link/refused')) },
    };
    const replies = await whatsminer.read(links, newMemory());
    expect(replies.get('summary')?.error?.code).toBe('link/refused');
    expect([...replies.values()].every(({ doc }) => doc === null)).toBe(true);
  });

  test('nothing where no port is known', async () => {
    expect(await whatsminer.read({ clock: { now: () => 0 } }, newMemory())).toEqual(new Map());
  });
});

describe('who it is', () => {
  const probe = (ask: string) => {
    const found = whatsminer.probes.find((one) => one.ask === ask);
    if (found === undefined) throw new Error(ask);
    return (doc: unknown) =>
      found.is({
        meta: { id: '', request: '', at: 0, ms: 0, bytes: 0, repairs: [], error: null },
        doc,
        raw: null,
        error: null,
      });
  };

  test('is told by get_version, by devdetails, and by get.device.info', () => {
    expect(probe('get_version')(V2_READS.get_version)).toBe(true);
    expect(probe('devdetails')(V2_READS.devdetails)).toBe(true);
    expect(probe('get.device.info')({ code: 0, when: 1, msg: { system: { api: '3.0.2' } }, desc: '' })).toBe(true);
  });

  test('is not told by the same commands of others', () => {
    expect(probe('devdetails')({ STATUS: [{ STATUS: 'S' }], DEVDETAILS: [{ Driver: 'avalon' }] })).toBeNull();
    expect(probe('get_version')({ STATUS: [{ STATUS: 'E', Code: 14 }] })).toBeNull();
    expect(probe('get_version')(null)).toBeNull();
    expect(probe('get.device.info')({ hello: 1 })).toBeNull();
  });

  test.each([
    ['M30S+VE40', 'WhatsMiner M30S+', 'VE40'],
    ['M30S+_VE40', 'WhatsMiner M30S+', 'VE40'],
    ['M60S_VK40', 'WhatsMiner M60S', 'VK40'],
    ['M7BS_VM30', 'WhatsMiner M7BS', 'VM30'],
    ['Something', 'WhatsMiner Something', null],
  ])('%s is %s %s', async (type, model, hardwareRevision) => {
    const double = new WhatsminerDouble({ reads: { get_version: got({ api_ver: '2.0.3', miner_type: type }) } });
    const replies = await whatsminer.read(olderOnly(double), newMemory());
    expect(whatsminer.identity(replies)).toMatchObject({ make: 'MicroBT', model, hardwareRevision });
  });
});
