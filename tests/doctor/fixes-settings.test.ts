import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { apply, elapsedOf, LOGINS, patient } from './fixes.testing.ts';

/* What a fix sets, saves or learns, over real sockets against the simulated machine. */

const NETWORK = { netmask: '255.255.255.0', gateway: '127.93.2.254', dns: '127.93.2.254' };

describe('the present address as the fixed one', () => {
  test.each([
    ['antminer', 's21', '"ipAddress":"127.93.2.1"'],
    ['antminer', 's9', '_ant_conf_ipaddress=127.93.2.1'],
    ['whatsminer', 'm30s-plus', '"enc"'],
    ['luxos', 's19k-pro', '"netset"'],
    ['braiins', 's19j-pro-26.05', 'NetworkService/SetNetworkConfiguration'],
    ['avalon', 'a1246', 'ip,s,127.93.2.1,255.255.255.0,127.93.2.254'],
  ] as const)('is set on %s %s with the netmask and the gateway that are given', async (id, name, sent) => {
    const it = await patient(id, name, '127.93.2.1', LOGINS[id]);
    const { outcome, proposals } = await apply(it, 'pin-address', {}, { ...it.target, network: NETWORK });
    // Simulated machines name another address of their own than the one that they are served at, all but the Antminers:
    // whether it was set cannot be read back then, and that it answers proves nothing.
    expect(outcome).toMatchObject({ result: id === 'antminer' ? 'done' : 'unknown', answers: true });
    expect(outcome.said).toMatch(/ The API answers\.$/);
    expect(it.heard.filter((request) => request.includes(sent))).not.toEqual([]);
    expect(proposals[0]?.does).toMatch(/pool connection drops for a moment; WhatsMiner and Avalon restart/);
  });

  test('is kept by a WhatsMiner as it says itself that it is, with the netmask and the gateway that it has', async () => {
    const it = await patient('whatsminer', 'm50s', '127.93.2.2', LOGINS.whatsminer);
    const { outcome } = await apply(it, 'pin-address');
    // Behind NAT it has another address than the one that we know it by: ours would take it off its network.
    expect(outcome).toMatchObject({
      result: 'done',
      answers: true,
      sent: [{ shown: expect.not.stringContaining('127.93') }],
    });
    expect(outcome.said).toBe(
      'Fixing the address that it has was done, and reading it back shows it. The API answers.',
    );
  });

  test.each([
    ['avalon', 'a1346'],
    ['luxos', 's19j-pro'],
    ['braiins', 's21-24.09'],
  ] as const)('is not set on %s %s while netmask and gateway are not known, and nothing is sent', async (id, name) => {
    const it = await patient(id, name, '127.93.2.3', LOGINS[id]);
    const { outcome } = await apply(it, 'pin-address');
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'usage/invalid' }, sent: [] });
    expect(outcome.said).toContain(
      'Give its netmask, gateway and name server, or reserve the address in the DHCP server',
    );
    expect(it.heard.filter((request) => /SetNetwork|netset|"logon"|ip,s/.test(request))).toEqual([]);
  });

  test.each([
    ['axeos', 'gamma'],
    ['nerdqaxe', 'nerdqaxe-plus-plus'],
    ['dcent', 's9'],
    ['avalon', 'q'],
    ['cgminer', 'cgminer-4.11'],
    ['ethminer', 'rig-6'],
    ['epic', 's19-xp'],
  ] as const)('cannot be set on %s %s: the DHCP server can reserve it instead', async (id, name) => {
    const it = await patient(id, name, '127.93.2.4', LOGINS[id]);
    const { outcome } = await apply(it, 'pin-address', {}, { ...it.target, network: NETWORK });
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'support/unsupported' }, sent: [] });
    expect(outcome.said).toContain('reserve the address in the DHCP server instead');
  });
});

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'headframe-fixes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

describe('the configuration', () => {
  test.each([
    ['antminer', 's17-pro', /pool\.example/],
    ['antminer', 's9', /pool\.example/],
    ['braiins', 's19j-pro-26.05', /"pool/],
    ['nerdqaxe', 'nerdqaxe-plus-plus', /"\w+":/],
  ] as const)('of %s %s is saved for its owner alone, and the machine is not changed', async (id, name, holds) => {
    const it = await patient(id, name, '127.93.2.5', LOGINS[id]);
    const saveTo = join(folderOfTest(), 'configuration');
    const { outcome, proposals } = await apply(it, 'save-configuration', {}, { ...it.target, saveTo });
    expect(outcome).toMatchObject({ result: 'done', file: saveTo });
    const bytes = readFileSync(saveTo);
    expect(outcome.said).toMatch(new RegExp(`^${bytes.length} bytes from its (web page|API) `));
    expect(bytes.toString('latin1')).toMatch(holds);
    if (process.platform !== 'win32') expect(statSync(saveTo).mode & 0o777).toBe(0o600);
    expect(elapsedOf(it)).toBeGreaterThan(172_000);
    expect(proposals[0]?.does).toMatch(/only you can read, .* changes nothing and interrupts nothing/);
  });

  test('is not written over a file that is there, and the machine is not asked', async () => {
    const it = await patient('antminer', 's9', '127.93.2.6', LOGINS.antminer);
    const saveTo = join(folderOfTest(), 'configuration');
    writeFileSync(saveTo, 'of yesterday');
    const { outcome } = await apply(it, 'save-configuration', {}, { ...it.target, saveTo });
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'usage/invalid' } });
    expect(outcome.said).toContain('is there already, and is not written over');
    expect(readFileSync(saveTo, 'utf8')).toBe('of yesterday');
    expect(it.heard).toEqual([]);
  });

  test.each([
    [
      'with a wrong password',
      'antminer',
      's9',
      { credentials: { username: 'root', password: 'wrong' } },
      'auth/rejected',
    ],
    ['of a machine that gives none', 'luxos', 's19k-pro', {}, 'support/unsupported'],
  ] as const)('%s leaves no empty file', async (_, id, name, login, code) => {
    const it = await patient(id, name, '127.93.2.7', login);
    const saveTo = join(folderOfTest(), 'configuration');
    const { outcome } = await apply(it, 'save-configuration', {}, { ...it.target, saveTo });
    expect(outcome).toMatchObject({ result: 'refused', error: { code } });
    expect(statSync(saveTo, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('cannot be written where there is no folder', async () => {
    const it = await patient('antminer', 's9', '127.93.2.8', LOGINS.antminer);
    const saveTo = join(folderOfTest(), 'no', 'such', 'folder');
    const { outcome } = await apply(it, 'save-configuration', {}, { ...it.target, saveTo });
    expect(outcome).toMatchObject({ result: 'refused', said: expect.stringContaining('cannot be written (ENOENT)') });
    expect(it.heard).toEqual([]);
  });
});

const RIGHT = { username: 'root', password: 'root' };
const WRONG = { username: 'root', password: 'n0t-this-one' };

async function asked(it: Awaited<ReturnType<typeof patient>>, given: Credentials | null) {
  let times = 0;
  const { outcome, proposals } = await apply(it, 'supply-credentials', {
    askCredentials: async () => {
      times += 1;
      return given;
    },
  });
  expect(times).toBe(1);
  expect(JSON.stringify(outcome)).not.toContain(WRONG.password);
  expect(proposals[0]?.does).toContain('It changes nothing');
  return outcome;
}

describe('a login', () => {
  test.each([
    ['antminer', 's21', {}, RIGHT],
    ['antminer', 's9', {}, RIGHT],
    ['elphapex', 'dg1-plus', {}, RIGHT],
    ['braiins', 's19j-pro-26.05', { 'own-password': true }, { username: 'root', password: 'mine' }],
    ['ethminer', 'rig-6', { password: true }, { username: '', password: 'mine' }],
    ['avalon', 'nano-3', {}, RIGHT],
  ] as const)('of %s %s is asked for, and is right or wrong', async (id, name, quirks, right) => {
    const password = await passwordOf(id, right.password);
    const make = () => patient(id, name, '127.93.2.9', { quirks });
    expect(await asked(await make(), { ...right, password })).toMatchObject({
      result: 'done',
      said: 'The machine takes this login.',
    });
    const wrong = await asked(await make(), WRONG);
    expect(wrong).toMatchObject({ result: 'refused', error: { code: 'auth/rejected' } });
    const none = await make();
    expect(await asked(none, null)).toMatchObject({
      result: 'not-done',
      said: 'No login was given; nothing was sent.',
    });
    expect(none.heard).toEqual([]);
  });

  test('that nothing which is read asks for is not called right', async () => {
    const it = await patient('whatsminer', 'm50s', '127.93.2.10');
    expect(await asked(it, WRONG)).toMatchObject({
      result: 'not-done',
      said: 'The machine tells as much without this login: whether it is right shows when something is changed.',
    });
  });

  test('of a family that has none is not asked for', async () => {
    const it = await patient('cgminer', 'cgminer-4.11', '127.93.2.11');
    const { outcome } = await apply(it, 'supply-credentials', {
      askCredentials: () => Promise.reject(new Error('asked')),
    });
    expect(outcome).toMatchObject({ result: 'not-done', said: expect.stringContaining('without a login') });
  });
});

/** Those that somebody has set on the simulated machines. */
async function passwordOf(family: string, otherwise: string): Promise<string> {
  if (family === 'ethminer') return (await import('../../packages/families/src/ethminer/sim.ts')).RIG_PASSWORD;
  if (family === 'braiins') return (await import('../../packages/families/src/braiins/sim-quirks.ts')).OWN_PASSWORD;
  return otherwise;
}
