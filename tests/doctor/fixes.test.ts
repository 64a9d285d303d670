import { expect, test } from 'vitest';
import { apply, elapsedOf, LOGINS, patient } from './fixes.testing.ts';

/*
 * Restarting a machine, over real sockets against the simulated one: what came to its ports and how long its program then
 * says that it runs is looked at past our client.
 */

/** The request that restarts the mining program: in the words of protocols.md, or the page that a person uses. */
const RESTARTS = [
  ['antminer', 's21', '/cgi-bin/set_miner_conf.cgi'],
  ['antminer', 's17-pro', '/cgi-bin/set_miner_conf.cgi'],
  ['antminer', 's9', '"restart"'],
  ['whatsminer', 'm50s', '"enc"'],
  ['avalon', 'a1246', '"restart"'],
  ['avalon', 'q', '"restart"'],
  ['braiins', 's19j-pro-26.05', 'braiins.bos.v1.ActionsService/Restart'],
  ['luxos', 's19k-pro', '"resetminer"'],
  ['dcent', 's9', '"restart"'],
  ['axeos', 'gamma', 'POST /api/system/restart'],
  ['nerdqaxe', 'nerdqaxe-plus-plus', 'POST /api/system/restart'],
  ['cgminer', 'cgminer-4.11', '"restart"'],
] as const;

test.each(RESTARTS)(
  'the mining program of %s %s is restarted, and is seen to have started anew',
  async (id, name, sent) => {
    const quirks = id === 'cgminer' ? { 'open-acl': true } : {};
    const it = await patient(id, name, '127.93.1.1', { ...LOGINS[id], quirks });
    expect(elapsedOf(it)).toBeGreaterThan(172_000);
    const { outcome, proposals } = await apply(it, 'restart-api');
    expect(outcome).toMatchObject({ fix: 'restart-api', host: '127.93.1.1', result: 'done', answers: true });
    expect(outcome.said).toMatch(/^The restart of the mining program was done, .*The API answers\.$/);
    expect(it.heard.filter((request) => request.includes(sent))).not.toEqual([]);
    expect(elapsedOf(it)).toBeLessThan(300);
    expect(proposals[0]?.does).toMatch(/hashing stops until it has started again, some minutes with the ramp/);
  },
);

test('a rig restarts its mining, which its uptime does not tell: its family looks at something better', async () => {
  const it = await patient('ethminer', 'rig-6', '127.93.1.2');
  expect((await apply(it, 'restart-api')).outcome).toMatchObject({ result: 'done', answers: true });
  expect(it.heard.join('')).toContain('"miner_restart"');
});

const REBOOTS = [
  ['antminer', 's21', 'POST /cgi-bin/reboot.cgi'],
  ['antminer', 's9', 'POST /cgi-bin/reboot.cgi'],
  ['whatsminer', 'm30s-plus', '"enc"'],
  ['avalon', 'a1346', '0,reboot,0'],
  ['avalon', 'nano-3s', '0,reboot,0'],
  ['braiins', 's21-24.09', 'braiins.bos.v1.ActionsService/Reboot'],
  ['luxos', 's19j-pro', '"rebootdevice"'],
  ['axeos', 'supra', 'POST /api/system/restart'],
  ['nerdqaxe', 'nerdaxe', 'POST /api/system/restart'],
] as const;

test.each(REBOOTS)('%s %s is rebooted, and is waited for', async (id, name, sent) => {
  const it = await patient(id, name, '127.93.1.3', LOGINS[id]);
  const { outcome, proposals, waited } = await apply(it, 'reboot');
  expect(outcome).toMatchObject({ result: 'done', answers: true });
  expect(it.heard.filter((request) => request.includes(sent))).not.toEqual([]);
  expect(elapsedOf(it)).toBeLessThan(300);
  expect(waited.length).toBeGreaterThan(1);
  expect(proposals[0]?.does).toMatch(/Hashing stops for the boot \(about 3 min\) and the ramp/);
});

test.each([
  ['dcent', 's9', 'reboot', 'its web page restarts the machine'],
  ['cgminer', 'cgminer-4.11', 'reboot', 'reaches no further than the program'],
  ['braiins', 's9-21.09', 'restart-api', 'has no gRPC API yet'],
  ['epic', 's19-xp', 'restart-api', 'its firmware has nothing like it'],
  ['elphapex', 'dg1-plus', 'reboot', 'its firmware has nothing like it'],
  ['sealminer', 'a2', 'reboot', 'its firmware has nothing like it'],
] as const)(
  '%s %s has no such action: %s is refused with the reason, and with what else can be done',
  async (id, name, fix, why) => {
    const it = await patient(id, name, '127.93.1.4', LOGINS[id]);
    const { outcome } = await apply(it, fix);
    expect(outcome).toMatchObject({
      result: 'refused',
      answers: null,
      error: { code: 'support/unsupported' },
      sent: [],
    });
    expect(outcome.said).toContain(why);
    expect(outcome.said).toContain('With a login over SSH it can be done there.');
    expect(elapsedOf(it) ?? 172_000).toBeGreaterThan(171_000);
  },
);

test('a cgminer whose address list lets nobody change anything says so, and runs on', async () => {
  const it = await patient('cgminer', 'cgminer-4.11', '127.93.1.5');
  const { outcome } = await apply(it, 'restart-api');
  expect(outcome).toMatchObject({ result: 'refused', answers: null });
  expect(outcome.said).toContain("Access denied to 'restart' command");
  expect(elapsedOf(it)).toBeGreaterThan(172_000);
});

test('without the login that the page asks for an Antminer is not restarted', async () => {
  const it = await patient('antminer', 's21', '127.93.1.6');
  const { outcome } = await apply(it, 'reboot');
  expect(outcome).toMatchObject({ result: 'refused', error: { code: 'auth/required' } });
  expect(elapsedOf(it)).toBeGreaterThan(172_000);
});

test.each(['restart-api', 'reboot', 'pin-address', 'save-configuration'] as const)(
  'nothing at all reaches a machine when %s is not agreed to',
  async (fix) => {
    const it = await patient('antminer', 's21', '127.93.1.7', LOGINS.antminer);
    const target = { ...it.target, saveTo: '/nowhere/at/all' };
    const { outcome } = await apply(it, fix, { confirm: () => false }, target);
    expect(outcome).toMatchObject({ result: 'not-done', said: 'It was not confirmed; nothing was done.', sent: [] });
    expect(it.heard).toEqual([]);
  },
);

test.each([
  'restart-api',
  'reboot',
  'pin-address',
  'save-configuration',
  'allow-our-address',
  'supply-credentials',
] as const)('nothing reaches a machine of an unknown family: %s is refused before anybody is asked', async (fix) => {
  const it = await patient('antminer', 's9', '127.93.1.8', LOGINS.antminer);
  const target = { ...it.target, family: null, saveTo: '/nowhere/at/all' };
  const { outcome, proposals } = await apply(
    it,
    fix,
    { askCredentials: () => Promise.reject(new Error('asked')) },
    target,
  );
  expect(outcome).toMatchObject({ result: 'refused', sent: [] });
  expect(outcome.said).toContain('a machine whose family is known, as nothing is changed on others');
  expect([proposals, it.heard]).toEqual([[], []]);
});

test('a machine that obeys and stays deaf is no success', async () => {
  const it = await patient('dcent', 's9', '127.93.1.9');
  const wait = async (ms: number): Promise<void> => {
    await it.served.setFaults([{ kind: 'accept-and-close' }]);
    await it.pass(ms);
  };
  const { outcome } = await apply(it, 'restart-api', { wait });
  expect(outcome).toMatchObject({ result: 'not-done', answers: false, error: { code: 'link/closed-empty' } });
  expect(outcome.said).toMatch(/^The machine accepted the restart .*The API still does not answer after \d+ s\.$/);
  expect(outcome.sent).toMatchObject([{ shown: '{"command":"restart"}' }]);
  // It did restart: only nobody hears of it.
  expect(elapsedOf(it)).toBeLessThan(3600);
});

test('port 4028 that is deaf until the mining program restarts is freed through the web page', async () => {
  const it = await patient('antminer', 's21', '127.93.1.10', LOGINS.antminer);
  await it.served.setFaults([{ kind: 'accept-and-close', over: 'cgminer' }]);
  const wait = async (ms: number): Promise<void> => {
    await it.served.setFaults([]);
    await it.pass(ms);
  };
  const { outcome } = await apply(it, 'restart-api', { wait });
  expect(outcome).toMatchObject({ result: 'done', answers: true });
  expect(it.heard.join(' ')).toContain('POST /cgi-bin/set_miner_conf.cgi');
});

test('a machine that is away is sent nothing', async () => {
  const it = await patient('luxos', 's19k-pro', '127.93.1.11');
  await it.served.setFaults([{ kind: 'refuse' }]);
  const { outcome } = await apply(it, 'reboot');
  expect(outcome).toMatchObject({ result: 'not-done', answers: null, error: { code: 'link/refused' }, sent: [] });
  expect(it.heard).toEqual([]);
});

test('cancelled while a reboot is waited for, what was sent is told', async () => {
  const it = await patient('axeos', 'gamma', '127.93.1.12');
  const abort = new AbortController();
  const wait = async (): Promise<void> => abort.abort();
  const { outcome } = await apply(it, 'reboot', { wait, signal: abort.signal });
  expect(outcome).toMatchObject({ result: 'unknown', sent: [{ shown: 'POST /api/system/restart' }] });
  expect(outcome.said).toContain('cancelled');
});

test('of a machine at another port than the usual one the port that is known is used', async () => {
  const it = await patient('dcent', 's9', '127.93.1.13');
  const { ports, ...target } = it.target;
  const { outcome } = await apply(it, 'restart-api', {}, { ...target, apiPort: ports?.cgminer ?? 0 });
  expect(outcome).toMatchObject({ result: 'done', answers: true });
});

test('the other ports of a forwarded address belong to other machines: none is asked', async () => {
  const it = await patient('antminer', 's21', '127.93.1.14', LOGINS.antminer);
  const { ports, ...target } = it.target;
  const { outcome } = await apply(it, 'reboot', {}, { ...target, apiPort: ports?.cgminer ?? 0 });
  // Its page would have to be asked, and which one is its page is not known.
  expect(outcome).toMatchObject({ result: 'not-done', answers: null, sent: [] });
  expect(it.heard.filter((request) => /^(GET|POST)/.test(request))).toEqual([]);
});
