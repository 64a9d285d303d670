import { ACTIONS } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOf, lacksOf } from './commands.ts';
import { ownOf } from './commands-own.ts';
import {
  A,
  ALLOWED,
  actionOf,
  asked,
  B,
  C,
  c,
  identityOf,
  machineOf,
  newer,
  poolsOf,
  prepare,
  requestOf,
} from './device.testing.ts';

/* By which door a change goes, and what a model can do. */

describe('which door', () => {
  test('port 4028 where it takes changes, without opening the page', async () => {
    const links = newer({
      commands: { privileged: ALLOWED, pools: poolsOf(['stratum+tcp://a.example:3333', 'acct.a'], ['b', 'c']) },
    });
    const { sent } = requestOf(await prepare(actionOf('switchPool'), links, { pool: 1 }));
    expect(sent).toBe('{"command":"switchpool","parameter":"1"}\n');
    expect(asked).toEqual(['4028 privileged', '4028 pools']);
    expect(requestOf(await prepare(actionOf('restartMiner'), links)).sent).toBe('{"command":"restart"}\n');
    expect(requestOf(await prepare(actionOf('poolquota'), links, { pool: 1, quota: 5 })).sent).toBe(
      '{"command":"poolquota","parameter":"1,5"}\n',
    );
  });

  test('the page where it does not', async () => {
    const { sent } = requestOf(await prepare(actionOf('switchPool'), newer({ commands: {} }), { pool: 1 }));
    expect(sent).toContain('set_miner_conf.cgi');
  });

  test('neither: the reasons of both are told, and nothing is sent', async () => {
    const links = newer({ login: false, commands: {} });
    const plan = prepare(actionOf('switchPool'), links, { pool: 1 });
    await expect(plan).rejects.toMatchObject({ code: 'auth/required' });
    await expect(plan).rejects.toThrow(/port 4028 does not take changes from this address/);
    await expect(prepare(actionOf('poolquota'), links, { pool: 1, quota: 5 })).rejects.toMatchObject({
      code: 'auth/address-not-allowed',
      context: { vendorCode: '45' },
    });
  });

  test.each([
    ['no JSON', '<html>Login</html>', 'protocol/malformed'],
    ['another device', '{"model":"printer"}', 'protocol/wrong-shape'],
  ])('%s behind the page of the machine: nothing may be sent to it', async (_, system, code) => {
    const links = machineOf({ pages: { 'GET /cgi-bin/get_system_info.cgi': system } });
    for (const name of ['setPools', 'pause', 'locate', 'reboot', 'setFan', 'factoryReset', 'setPassword']) {
      const given: Record<string, Record<string, unknown>> = {
        setPools: { pools: [c] },
        locate: { on: true },
        setFan: { percent: 1 },
        setPassword: { newPassword: 'x' },
      };
      await expect(prepare(actionOf(name), links, given[name] ?? {})).rejects.toMatchObject({ code });
    }
  });

  test.each([
    ['no pools', '{"bitmain-fan-ctrl":false}'],
    ['a pool that is no text', '{"pools":[{"url":1,"user":"a","pass":"b"}]}'],
    ['four pools', `{"pools":[${A},${B},${C},${A}]}`],
  ])('a configuration with %s is not sent back', async (_, config) => {
    const links = newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': config } });
    await expect(prepare(actionOf('setFan'), links, { percent: 1 })).rejects.toMatchObject({
      code: 'protocol/wrong-shape',
    });
  });

  test('a configuration that cannot be read is not quoted: its passwords may stand anywhere', async () => {
    const links = newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': '<pre>pass: pw-a</pre>' } });
    const plan = prepare(actionOf('setFan'), links, { percent: 1 });
    await expect(plan).rejects.toMatchObject({ code: 'protocol/malformed' });
    await expect(plan).rejects.not.toThrow(/pw-a/);
  });
});

describe('what a model can do', () => {
  test('each action of the vocabulary is there or has a reason, whatever the model', () => {
    for (const model of ['Antminer S9', 'Antminer S17 Pro', 'Antminer S21', null]) {
      const can = Object.keys(actionsOf(identityOf(model)));
      const lacks = Object.keys(lacksOf(identityOf(model)));
      expect([...can, ...lacks].sort()).toEqual(Object.keys(ACTIONS).sort());
    }
  });

  test('an S21 tunes by modes, an S9 by frequency, and an S17 may do either', () => {
    const has = (model: string) => {
      const can = actionsOf(identityOf(model));
      return [can.pause !== undefined, can.setFrequency !== undefined];
    };
    expect(has('Antminer S21')).toEqual([true, false]);
    expect(has('Antminer S9')).toEqual([false, true]);
    expect(has('Antminer S17')).toEqual([true, true]);
  });

  test('FPGA commands are not offered: these builds have none', () => {
    expect(Object.keys(ownOf(identityOf('Antminer S9'))).filter((name) => name.startsWith('pga'))).toEqual([]);
  });
});
