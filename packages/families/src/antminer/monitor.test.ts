import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blankIdentity, HeadframeError, newMemory, type Reply, readParameters } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identify, probeKey } from '../identify.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { actionsOf } from './commands.ts';
import { ownOf } from './commands-own.ts';
import {
  ALLOWED,
  asked,
  at,
  joined,
  machineOf,
  NEWER_CONF,
  NEWER_SYSTEM,
  poolsOf,
  STATS,
  summaryOf,
  VERSION,
} from './device.testing.ts';
import { antminer } from './index.ts';

/* Port 6060 (protocols.md 2.5), and that no way leads to the page that stops the machine. */

const options = { seed: 6060, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const MONITOR = {
  '/get_sn': 'SMTTYRHBDJAAI0G31',
  '/warning': '{"error_message":"P:2"}',
  '/miner_power': 'miner power:3251',
};
const COMMANDS = {
  ...joined(VERSION, 5000, STATS, poolsOf(['stratum+tcp://a.example:1', 'a'])),
  summary: summaryOf(5000),
};
const at6060 = () => asked.filter((line) => line.startsWith('6060')).map((line) => line.slice('6060 GET '.length));

/** Without the web page, whose locked door would be a reason of its own. */
const withoutPage = (monitor: Record<string, string | HeadframeError>) => {
  const { http: _, ...links } = machineOf({ commands: COMMANDS, monitor });
  return links;
};

describe('a machine with port 6060 and no login', () => {
  test('tells its serial number, its power and its warning', async () => {
    const replies = await antminer.read(machineOf({ login: false, commands: COMMANDS, monitor: MONITOR }), newMemory());
    const found = snapshotOf(antminer, replies, 'here');
    expect(found.identity.serial).toBe('SMTTYRHBDJAAI0G31');
    expect(found.powerW).toBe(3251);
    expect(found.powerBasis).toBeNull();
    expect(found.faults).toMatchObject([{ code: 'vendor.unmapped', vendorCode: 'P:2', severity: 'warning' }]);
    expect(at6060()).toEqual(['/get_sn', '/miner_power', '/warning']);
  });

  test('that has no warning says None, and that is no fault', async () => {
    const monitor = { ...MONITOR, '/warning': '{"error_message":"None"}' };
    const replies = await antminer.read(machineOf({ login: false, commands: COMMANDS, monitor }), newMemory());
    expect(snapshotOf(antminer, replies, 'here').faults).toEqual([]);
  });

  test('is asked for what it does not have once an hour', async () => {
    const links = withoutPage({});
    const memory = newMemory();
    await antminer.read(links, memory);
    expect(at6060()).toEqual(['/get_sn', '/miner_power', '/warning']);
    asked.length = 0;
    at.now += 60_000;
    const replies = await antminer.read(links, memory);
    expect(at6060()).toEqual([]);
    // Its firmware does not have it: that makes no gap.
    expect(replies.get('monitor:power')?.error?.code).toBe('support/unsupported');
    at.now += 3_600_000;
    await antminer.read(links, memory);
    expect(at6060()).toEqual(['/get_sn', '/miner_power', '/warning']);
  });

  test('with the port closed is knocked at once an hour, and that is no gap', async () => {
    const refused = new HeadframeError('link/refused');
    const links = withoutPage({ '/get_sn': refused, '/miner_power': refused, '/warning': refused });
    const memory = newMemory();
    const replies = await antminer.read(links, memory);
    expect(at6060()).toEqual(['/get_sn']);
    expect(replies.get('monitor:power')?.error?.code).toBe('support/unsupported');
    asked.length = 0;
    await antminer.read(links, memory);
    expect(at6060()).toEqual([]);
  });

  test('that does not answer at all is not asked there: the service is part of the mining program', async () => {
    const gone = new HeadframeError('link/refused');
    const commands = Object.fromEntries(
      ['version+summary+stats+pools', 'version', 'summary', 'stats', 'pools'].map((name) => [name, gone]),
    );
    const links = machineOf({ commands, monitor: MONITOR });
    const { http: _, ...without } = links;
    await antminer.read(without, newMemory());
    expect(at6060()).toEqual([]);
  });

  test.each([
    ['cut', 'miner pow'],
    ['HTML', '<html>404</html>'],
    ['another unit', 'miner power:3251 kW'],
    ['nothing', ''],
  ])('whose power is %s has none', async (_, text) => {
    const monitor = { ...MONITOR, '/miner_power': text };
    const replies = await antminer.read(machineOf({ commands: COMMANDS, monitor }), newMemory());
    expect(snapshotOf(antminer, replies, 'here').powerW).toBeNull();
  });
});

describe('who it is, by port 6060 alone', () => {
  const probed = (text: string, status = 200): ReadonlyMap<string, Reply> => {
    const meta = { id: '/get_sn', request: 'GET /get_sn', at: 1, ms: 1, bytes: text.length, repairs: [], error: null };
    const doc = { status, headers: {}, text, json: undefined };
    return new Map([[probeKey({ over: 'monitor', ask: '/get_sn' }), { meta, doc, raw: null, error: null }]]);
  };

  test('a serial number as plain text is an Antminer’s, and it is its serial number', () => {
    const found = identify(probed('SMTTYRHBDJAAI0G31\n'), [antminer]);
    expect(found?.family.id).toBe('antminer');
    expect(found?.identity.serial).toBe('SMTTYRHBDJAAI0G31');
  });

  test('so is the error text of one without that page', () => {
    const found = identify(probed('error 6060 cmd'), [antminer]);
    expect([found?.family.id, found?.identity.serial]).toEqual(['antminer', null]);
  });

  test.each(['<html>404</html>', 'Unauthorized', '404 page not found', '', '{"sn":"SMTT1"}'])('%j is not', (text) => {
    expect(identify(probed(text), [antminer])).toBeNull();
  });

  test('a serial number with an error status is not', () => {
    expect(identify(probed('SMTTYRHBDJAAI0G31', 404), [antminer])).toBeNull();
  });
});

describe('the page that stops the machine', () => {
  /** Everything that a person could give for any parameter. */
  const values = fc.oneof(
    fc.constantFrom<unknown>(
      'shutdown',
      '/shutdown',
      'sn/../shutdown',
      'sn?x=/shutdown',
      'SHUTDOWN',
      'sn',
      'on',
      1,
      true,
    ),
    fc.string(),
    fc.integer(),
    fc.boolean(),
  );
  const everything = machineOf;

  test('is asked for by no action, no read and no probe, whatever is given', async () => {
    const identity = blankIdentity('antminer');
    const all = { ...actionsOf(identity), ...ownOf(identity) };
    const links = everything({
      pages: { 'GET /cgi-bin/get_system_info.cgi': NEWER_SYSTEM, 'GET /cgi-bin/get_miner_conf.cgi': NEWER_CONF },
      commands: { ...COMMANDS, privileged: ALLOWED },
      monitor: MONITOR,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(all)),
        fc.array(values, { maxLength: 5 }),
        async (action, list) => {
          const given = Object.fromEntries(Object.keys(action.parameters).map((name, i) => [name, list[i] ?? 'sn']));
          asked.length = 0;
          try {
            const prepared = await action.prepare(links, readParameters('test', action, given));
            await prepared.download?.(links);
            for (const step of prepared.steps) expect(step.request('').over).not.toBe('monitor');
            if ('look' in prepared.readBack) await prepared.readBack.look(links, at.now);
          } catch (thrown) {
            if (!(thrown instanceof HeadframeError)) throw thrown;
          }
          for (const line of asked) if (line.startsWith('6060')) expect(line).not.toMatch(/shutdown|test/i);
        },
      ),
      options,
    );
    await antminer.read(links, newMemory(), { fresh: true });
    expect(at6060().join()).not.toContain('shutdown');
    expect(antminer.probes.filter(({ ask }) => /shutdown/i.test(ask))).toEqual([]);
  });

  test('stands nowhere in the client side of this family', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/^sim|\.test|\.testing/.test(name));
    expect(files.length).toBeGreaterThan(20);
    for (const name of files) {
      const code = readFileSync(new URL(name, import.meta.url), 'utf8');
      // The older web page's shutdown_slowly.cgi is another thing, and guarded.
      expect(code.replaceAll(/shutdown[-_]slowly/g, '')).not.toMatch(/shutdown/i);
    }
  });
});
