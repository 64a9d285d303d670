import { blankIdentity, MASK } from '@headframe/model';
import { beforeEach, describe, expect, test } from 'vitest';
import { actionsOfEthminer, lacksOfEthminer, ownOfEthminer } from './commands.ts';
import { codeOf, look, perform, prepare, shownBy, TestRig } from './rig.testing.ts';

let rig: TestRig;
beforeEach(() => {
  rig = new TestRig();
});

const POOL = 'stratum+tcp://c.example:4444,0xcd.rig,se:cret@1';
const NONCE = '0xe7d0af18bc235ce9';

/** Name, parameters, the lines that leave behind the reads. */
const SENT: [string, Record<string, unknown>, string[]][] = [
  ['switchPool', { pool: 1 }, ['{"id":1,"jsonrpc":"2.0","method":"miner_setactiveconnection","params":{"index":1}}']],
  [
    'addPool',
    { pool: POOL },
    [
      '{"id":1,"jsonrpc":"2.0","method":"miner_addconnection","params":{"uri":"stratum+tcp://0xcd.rig:se%3Acret%401@c.example:4444"}}',
    ],
  ],
  ['removePool', { pool: 1 }, ['{"id":1,"jsonrpc":"2.0","method":"miner_removeconnection","params":{"index":1}}']],
  ['restartMiner', {}, ['{"id":1,"jsonrpc":"2.0","method":"miner_restart"}']],
  ['reboot', {}, ['{"id":1,"jsonrpc":"2.0","method":"miner_reboot"}']],
  [
    'pause',
    {},
    [0, 1, 2].map((gpu) => `{"id":1,"jsonrpc":"2.0","method":"miner_pausegpu","params":{"index":${gpu},"pause":true}}`),
  ],
  [
    'resume',
    {},
    [0, 1, 2].map(
      (gpu) => `{"id":1,"jsonrpc":"2.0","method":"miner_pausegpu","params":{"index":${gpu},"pause":false}}`,
    ),
  ],
  [
    'disableHashboard',
    { hashboard: 2 },
    ['{"id":1,"jsonrpc":"2.0","method":"miner_pausegpu","params":{"index":2,"pause":true}}'],
  ],
  [
    'enableHashboard',
    { hashboard: 2 },
    ['{"id":1,"jsonrpc":"2.0","method":"miner_pausegpu","params":{"index":2,"pause":false}}'],
  ],
  ['ethminer.shuffle', {}, ['{"id":1,"jsonrpc":"2.0","method":"miner_shuffle"}']],
  [
    'ethminer.setscramblerinfo',
    { noncescrambler: '16704043538687679722', segmentwidth: 38 },
    [
      '{"id":1,"jsonrpc":"2.0","method":"miner_setscramblerinfo","params":{"noncescrambler":16704043538687679722,"segmentwidth":38}}',
    ],
  ],
  [
    'ethminer.setverbosity',
    { verbosity: 9 },
    ['{"id":1,"jsonrpc":"2.0","method":"miner_setverbosity","params":{"verbosity":9}}'],
  ],
  [
    'ethminer.setactiveconnection',
    { uri: 'stratum+tcp://0xab.rig@b.example:14444' },
    [
      '{"id":1,"jsonrpc":"2.0","method":"miner_setactiveconnection","params":{"URI":"stratum+tcp://0xab.rig@b.example:14444"}}',
    ],
  ],
];

const NEVER = ['reboot', 'ethminer.setverbosity'];

describe.each(SENT)('%s', (name, given, lines) => {
  test('reads first, then sends exactly this, and sees that it happened', async () => {
    const links = rig.links();
    const prepared = await prepare(links, name, given);
    expect(rig.writes).toEqual([]);
    expect(await perform(links, prepared)).toEqual(lines.map(() => ({ accepted: true })));
    expect(rig.writes).toEqual(lines);
    if (NEVER.includes(name)) expect(prepared.readBack).toHaveProperty('never');
    else expect(await look(links, prepared)).toMatchObject({ done: true });
    // Each conversation has ended.
    expect(rig.ended).toBe(rig.opened);
  });

  test('is not taken for done when the rig says yes and does nothing', async () => {
    if (NEVER.includes(name)) return;
    // What it would be anyway is no proof.
    for (const gpu of name === 'resume' || name === 'enableHashboard' ? rig.gpus : []) {
      gpu.paused = true;
      gpu.reason = 'Api request';
    }
    rig.lies = true;
    const links = rig.links();
    const prepared = await prepare(links, name, given);
    await perform(links, prepared);
    expect(await look(links, prepared)).toMatchObject({ done: false });
  });

  test('is refused by a read-only port', async () => {
    rig.readOnly = true;
    const links = rig.links();
    const prepared = await prepare(links, name, given);
    expect(await codeOf(perform(links, prepared))).toBe('auth/writes-off');
  });

  test('gives the password where it is wanted, and shows it nowhere', async () => {
    rig.password = 'sEcret1';
    const links = rig.links('sEcret1');
    const prepared = await prepare(links, name, given);
    expect((await perform(links, prepared)).every(({ accepted }) => accepted)).toBe(true);
    expect(JSON.stringify([shownBy(prepared), prepared.notes])).not.toContain('sEcret1');
  });

  test('is not done with a wrong password', async () => {
    rig.password = 'sEcret1';
    const attempt = prepare(rig.links('secret1'), name, given).then((prepared) =>
      perform(rig.links('secret1'), prepared),
    );
    expect(await codeOf(attempt)).toBe('auth/rejected');
    expect(rig.writes.filter((line) => line.includes('"id":3'))).toEqual([]);
  });

  test.each([
    ['{"error":{"code":-422,"message":"Index out-of bounds."},"id":ID,"jsonrpc":"2.0"}\n', '-422'],
    ['{"error":{"errorcode":"500","message":"x"},"id":null,"jsonrpc":"2.0"}\n', '500'],
    ['{"error":{"message":"Bad value"},"id":ID,"jsonrpc":"2.0"}\n', undefined],
  ])('keeps what the rig says when it refuses: %s', async (answer, vendorCode) => {
    const links = rig.links();
    const prepared = await prepare(links, name, given);
    rig.instead.set(JSON.parse(lines[0] as string).method, answer);
    const [verdict] = await perform(links, prepared);
    expect(verdict?.accepted).toBe(false);
    expect(verdict?.vendorCode).toBe(vendorCode);
    expect(verdict?.vendorText).toBeTruthy();
  });

  test.each([
    [null, 'link/timed-out-waiting'],
    ['{"id":ID,"jsonrpc":"2.0","res\n', 'protocol/truncated'],
    ['<html>busy</html>\n', 'protocol/malformed'],
    ['{"id":ID,"jsonrpc":"2.0"}\n', 'protocol/wrong-shape'],
    ['{"id":ID,"jsonrpc":"2.0","result":"yes"}\n', 'protocol/wrong-shape'],
    ['{"id":99,"jsonrpc":"2.0","result":true}\n', 'protocol/wrong-shape'],
    ['{"error":{"code":-422,"message":"Outstanding operations. Retry ..."},"id":ID}\n', 'device/busy'],
    ['{"error":{"code":-32601,"message":"Method not found"},"id":ID}\n', 'support/unsupported'],
  ])('answered with %j is %s', async (answer, usual) => {
    // These two every release has: where they are not known the port is read-only (before 0.16).
    const isInEvery = usual === 'support/unsupported' && ['restartMiner', 'reboot'].includes(name);
    const code = isInEvery ? 'auth/writes-off' : usual;
    const links = rig.links();
    const prepared = await prepare(links, name, given);
    rig.instead.set(JSON.parse(lines[0] as string).method, answer);
    expect(await codeOf(perform(links, prepared))).toBe(code);
    expect(rig.ended).toBe(rig.opened);
  });
});

describe('pools', () => {
  test('are told by URL and worker, and their passwords are shown nowhere', async () => {
    const links = rig.links();
    const prepared = await prepare(links, 'addPool', { pool: POOL });
    const seen = await perform(links, prepared).then(() => look(links, prepared));
    const told = JSON.stringify([shownBy(prepared), prepared.notes, seen]);
    expect(shownBy(prepared)[0]).toContain(`stratum+tcp://0xcd.rig:${MASK}@c.example:4444`);
    expect(told).not.toMatch(/cret|pw1/);
    expect(seen.values.pools).toContainEqual({
      index: 2,
      url: 'stratum+tcp://c.example:4444',
      worker: '0xcd.rig',
      active: false,
    });
  });

  test('whose refusal repeats the URI do not show the password either', async () => {
    const links = rig.links();
    const prepared = await prepare(links, 'addPool', { pool: POOL });
    const uri = 'stratum+tcp://0xcd.rig:se%3Acret%401@c.example:4444';
    rig.instead.set('miner_addconnection', `{"error":{"code":-422,"message":"Bad URI : ${uri}"},"id":ID}\n`);
    expect(JSON.stringify(await perform(links, prepared))).not.toContain('cret');
    rig.instead.set('miner_addconnection', `Bad URI : ${uri}\n`);
    await expect(perform(links, prepared)).rejects.toMatchObject({ code: 'protocol/malformed' });
    await perform(links, prepared).catch((error: Error) => expect(error.message).not.toContain('cret'));
  });

  test('a pool that is given without a password is added without one where it is empty', async () => {
    const pool = { url: 'stratum+ssl://c.example:4444/x', worker: '0xcd', password: '' };
    await prepare(rig.links(), 'addPool', { pool }).then((prepared) => perform(rig.links(), prepared));
    expect(rig.connections.at(-1)).toBe('stratum+ssl://0xcd@c.example:4444/x');
  });

  test.each([
    ['a scheme that ethminer does not have', 'ftp://c.example:4444,w'],
    ['the simulation, which it refuses', 'simulation://c.example:4444,w'],
    ['no port', 'stratum+tcp://c.example,w'],
    ['a user within the URL', 'stratum+tcp://u:p@c.example:4444,w'],
    ['a colon in the worker', 'stratum+tcp://c.example:4444,w:x'],
    ['getwork among Stratum', 'http://127.0.0.1:8545,w'],
    ['half a character', 'stratum+tcp://c.example:4444,\ud83d'],
  ])('with %s is not sent', async (_, pool) => {
    expect(await codeOf(prepare(rig.links(), 'addPool', { pool }))).toBe('usage/invalid');
    expect(rig.writes).toEqual([]);
  });

  test('that do not exist, or are in use, are left alone', async () => {
    expect(await codeOf(prepare(rig.links(), 'switchPool', { pool: 7 }))).toBe('usage/invalid');
    expect(await codeOf(prepare(rig.links(), 'removePool', { pool: 0 }))).toBe('usage/invalid');
    const uri = 'stratum+tcp://who:secret@d.example:1';
    await expect(prepare(rig.links(), 'ethminer.setactiveconnection', { uri })).rejects.toMatchObject({
      code: 'usage/invalid',
      message: expect.not.stringContaining('secret'),
    });
  });

  test('one that is switched to and does not answer is not done', async () => {
    const links = rig.links();
    const prepared = await prepare(links, 'switchPool', { pool: 1 });
    await perform(links, prepared);
    rig.connected = false;
    expect(await look(links, prepared)).toMatchObject({ done: false, values: { connected: false } });
  });

  test('one that is chosen by its URI keeps its password to itself', async () => {
    const links = rig.links();
    const uri = 'stratum1+tcp://0xab.rig:pw1@a.example:4444';
    const prepared = await prepare(links, 'ethminer.setactiveconnection', { uri });
    expect(JSON.stringify([shownBy(prepared), prepared.notes])).not.toContain('pw1');
    expect(prepared.notes?.[0]).toContain('in use already');
  });
});

describe('pauses', () => {
  test('of a GPU that is too hot are not lifted, and that is said', async () => {
    rig.gpus[1] = { paused: true, reason: 'Overheating' };
    rig.gpus[0] = { paused: true, reason: 'Api request' };
    const links = rig.links();
    const prepared = await prepare(links, 'resume');
    expect(prepared.notes).toContain('GPU 1 stays paused: Overheating');
    await perform(links, prepared);
    const { done, values } = await look(links, prepared);
    expect(done).toBe(false);
    expect(values.gpus).toEqual([
      { gpu: 0, paused: false, reasons: '' },
      { gpu: 1, paused: true, reasons: 'Overheating' },
      { gpu: 2, paused: false, reasons: '' },
    ]);
  });

  test('of a GPU that is paused for another reason only are no pause over the API', async () => {
    rig.gpus[1] = { paused: true, reason: 'Overheating' };
    rig.lies = true;
    const links = rig.links();
    const prepared = await prepare(links, 'disableHashboard', { hashboard: 1 });
    await perform(links, prepared);
    expect(await look(links, prepared)).toMatchObject({ done: false });
  });

  test.each(['0.17.1', '0.16.1'] as const)('work with the replies of %s', async (release) => {
    rig.release = release;
    const links = rig.links();
    const paused = await prepare(links, 'pause');
    await perform(links, paused);
    expect(await look(links, paused)).toMatchObject({ done: true });
    const resumed = await prepare(links, 'resume');
    await perform(links, resumed);
    expect(await look(links, resumed)).toMatchObject({ done: true });
  });

  test('of GPUs that are not there cannot be planned', async () => {
    expect(await codeOf(prepare(rig.links(), 'disableHashboard', { hashboard: 3 }))).toBe('usage/invalid');
    rig.gpus = [];
    expect(await codeOf(prepare(rig.links(), 'pause'))).toBe('support/unsupported');
  });
});

describe('the rig', () => {
  test('without a reboot script says no, and why is said', async () => {
    rig.script = false;
    const links = rig.links();
    const prepared = await prepare(links, 'reboot');
    await expect(perform(links, prepared)).rejects.toMatchObject({
      code: 'support/unsupported',
      context: { vendorText: 'false', detail: expect.stringContaining('reboot.sh') },
    });
  });

  test('that restarts shows it by its rate alone, where its lists do not grow', async () => {
    const links = rig.links();
    const prepared = await prepare(links, 'restartMiner');
    await perform(links, prepared);
    rig.lists = 1;
    expect(await look(links, prepared)).toMatchObject({ done: true, values: { hashrateHs: 0 } });
  });
});

describe('the scrambler', () => {
  test('keeps all 64 bits on the way there and back', async () => {
    const links = rig.links();
    const prepared = await prepare(links, 'ethminer.setscramblerinfo', { noncescrambler: NONCE });
    expect(prepared.notes?.[0]).toBe('It starts from 16704043538687679721, which is 0xe7d0af18bc235ce9');
    await perform(links, prepared);
    expect(rig.startNonce).toBe('16704043538687679721');
    // One nonce beside it is another one, though both are the same floating-point number.
    rig.startNonce = '16704043538687679720';
    expect(await look(links, prepared)).toMatchObject({
      done: false,
      values: { noncescrambler: '0xe7d0af18bc235ce8', segmentwidth: 40 },
    });
  });

  test.each([
    {},
    { segmentwidth: 9 },
    { segmentwidth: 51 },
    { noncescrambler: '0xzz' },
    { noncescrambler: '0x' },
    { noncescrambler: '-1' },
    { noncescrambler: '18446744073709551616' },
    { noncescrambler: Number('16704043538687679721') },
  ])('takes no %j', async (given) => {
    expect(await codeOf(prepare(rig.links(), 'ethminer.setscramblerinfo', given))).toBe('usage/invalid');
    expect(rig.got).toEqual([]);
  });

  test('is fetched as it came', async () => {
    const prepared = await prepare(rig.links(), 'ethminer.getscramblerinfo');
    const file = await prepared.download?.(rig.links());
    expect(prepared.steps).toEqual([]);
    expect(new TextDecoder().decode(file?.bytes)).toBe(
      '{"id":1,"jsonrpc":"2.0","result":{"device_count":3,"device_width":40,"start_nonce":"0xe7d0af18bc235ce9"}}\n',
    );
  });
});

test('a ping is answered, or it is said that it was not', async () => {
  const prepared = await prepare(rig.links(), 'ethminer.ping');
  expect((await prepared.download?.(rig.links()))?.name).toBe('miner_ping.json');
  rig.instead.set('miner_ping', null);
  await expect(prepared.download?.(rig.links())).rejects.toMatchObject({ code: 'link/timed-out-waiting' });
});

describe('what a release has', () => {
  const of = (firmwareVersion: string | null) => {
    const identity = { ...blankIdentity('ethminer'), firmwareVersion };
    return {
      actions: Object.keys(actionsOfEthminer(identity)),
      lacks: lacksOfEthminer(identity),
      own: Object.keys(ownOfEthminer(identity)),
    };
  };

  test.each([
    ['0.14.0', 2, []],
    ['0.15.0', 2, ['ping', 'shuffle']],
    ['0.16.1', 9, ['ping', 'shuffle', 'getscramblerinfo', 'setscramblerinfo', 'setverbosity']],
    ['0.17.1', 9, ['ping', 'shuffle', 'getscramblerinfo', 'setscramblerinfo', 'setverbosity']],
    ['0.18.0-alpha.1', 9, ['ping', 'shuffle', 'getscramblerinfo', 'setscramblerinfo', 'setverbosity']],
    [
      '0.18.0-alpha.2',
      9,
      ['ping', 'shuffle', 'getscramblerinfo', 'setscramblerinfo', 'setverbosity', 'setactiveconnection'],
    ],
    ['0.19.0', 9, ['ping', 'shuffle', 'getscramblerinfo', 'setscramblerinfo', 'setverbosity', 'setactiveconnection']],
    [null, 9, ['ping', 'shuffle', 'getscramblerinfo', 'setscramblerinfo', 'setverbosity', 'setactiveconnection']],
  ])('%s', (version, actions, own) => {
    const has = of(version);
    expect(has.actions.length).toBe(actions);
    expect(has.own).toEqual(own);
    for (const name of has.actions) expect(has.lacks).not.toHaveProperty(name);
  });
});
