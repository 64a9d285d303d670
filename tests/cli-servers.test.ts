import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '@headframe/model';
import { type Farm, loadCapture, type Replay, serveReplay, startFarm } from '@headframe/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, captureFolder, endAll, headframe, Running, tooWide } from './cli.testing.ts';

/*
 * The commands that go on until they are ended: simulated and replayed machines, and the daemon.
 */

let dir: string;
/** One LuxOS machine at 127.0.0.1 and a port of its own. */
let luxos: Farm;
let replay: Replay;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'headframe-cli-'));
  luxos = await startFarm({ count: 1, seed: 1, families: ['luxos'], bind: '127.0.0.1', inProcess: true });
  replay = await serveReplay(loadCapture(captureFolder(dir)));
});
afterEach(endAll);
afterAll(async () => {
  await Promise.all([luxos?.close(), replay?.close()]);
  rmSync(dir, { recursive: true, force: true });
});

describe('headframe sim', () => {
  test('says every machine in a line of JSON, then that it is ready, and ends when asked to', async () => {
    const sim = new Running(['sim', '--count', '3', '--seed', '7', '--json']);
    const machines = [await sim.line(), await sim.line(), await sim.line()].map((line) => JSON.parse(line));
    for (const machine of machines) {
      expect(Object.keys(machine)).toEqual(['address', 'ports', 'family', 'make', 'model', 'firmware']);
    }
    expect(await sim.line()).toBe('{"ready": true}');
    const { code, out } = await headframe('get', machines[0].address, '--json');
    expect([code, (JSON.parse(out) as Snapshot).identity.model]).toEqual([0, machines[0].model]);
    expect(await sim.end()).toMatchObject({ code: process.platform === 'win32' ? 'SIGTERM' : 0, err: '' });
  });

  test('shows its machines to a person in 80 columns with what to do next', async () => {
    const sim = new Running(['sim', '--count', '2', '--seed', '7']);
    const lines: string[] = [];
    for (let line = ''; line !== 'They live until Ctrl-C.' && lines.length < 10; lines.push(line))
      line = await sim.line();
    expect(lines[0]).toMatch(/^address +model +firmware +ports$/);
    expect(lines.find((line) => line.startsWith('Look at one: ./headframe get '))).toBeDefined();
    expect(tooWide(lines.join('\n'))).toEqual([]);
    await sim.end();
  });

  test('lists machines, quirks and faults in 80 columns', async () => {
    const { code, out } = await headframe('sim', '--list');
    expect([code, tooWide(out)]).toEqual([0, []]);
    for (const word of ['--family luxos', 's19-pro', 'stats-without-comma', 'drip:16:100']) expect(out).toContain(word);
  });
});

/** What a recording keeps of a reading: all but when and where it was made, and what is redacted. */
function lasting(text: string): Snapshot {
  const { at, address, replies, ...rest } = JSON.parse(text.replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')) as Snapshot;
  const pools = rest.pools.map((pool) => ({ ...pool, worker: null }));
  return { ...rest, pools } as Snapshot;
}

describe('headframe replay and record', () => {
  test('a recorded machine is told in the first line, with its ports where it has several', async () => {
    const running = new Running(['replay', captureFolder(dir), '--json']);
    const { address, ports } = JSON.parse(await running.line());
    expect(address).toBe(`127.0.0.1:${ports.cgminer}`);
    expect(Object.keys(ports)).toEqual(['cgminer', 'http']);
    expect(await running.end()).toMatchObject({ code: process.platform === 'win32' ? 'SIGTERM' : 0, err: '' });
  });

  test('for a person it says what it is, what was not recorded and how to read it', async () => {
    const running = new Running(['replay', captureFolder(dir)]);
    expect(await running.line()).toMatch(
      /^Bitmain Antminer S19 Pro is at 127\.0\.0\.1:\d+ \(cgminer \d+, http \d+\)\.$/,
    );
    expect(await running.line()).toMatch(/^Not recorded: .*stats.*\.$/);
    expect(await running.line()).toMatch(/^Read it: \.\/headframe get 127\.0\.0\.1:\d+$/);
    await running.end();
  });

  test('a port that is taken is one sentence', async () => {
    const { code, err } = await headframe('replay', captureFolder(dir), '--port', String(replay.ports.cgminer));
    expect([code, err.split('\n').length]).toEqual([2, 2]);
    expect(err).toContain('(usage/port-in-use)');
  });

  test('a machine that was recorded and is replayed reads the same, but for what belongs to its owner', async () => {
    const into = join(dir, 'recorded');
    const { code, out } = await headframe('record', replay.address, '--into', into);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^3 answers of this antminer machine are in ${into}\n`));
    const said = readdirSync(into)
      .map((file) => readFileSync(join(into, file), 'latin1'))
      .join('');
    expect(said).not.toContain('owner.');

    const again = new Running(['replay', into, '--json']);
    const { address } = JSON.parse(await again.line());
    const [before, after] = await Promise.all([
      headframe('get', replay.address, '--json'),
      headframe('get', address, '--json'),
    ]);
    expect((JSON.parse(after.out) as Snapshot).pools[0]?.worker).toBe('account.worker1');
    expect(lasting(after.out)).toEqual(lasting(before.out));
    await again.end();

    const second = await headframe('record', replay.address, '--into', into);
    expect(second).toMatchObject({
      code: 2,
      err: `${into} holds something already; name a new folder (usage/invalid).\n`,
    });
  });
});

/** Each try has a folder of its own: a daemon of an earlier one may still run. */
let starts = 0;

describe('headframe serve', () => {
  test('polls what it is given, is found by a second start, and is ended by headframe stop', {
    timeout: 40_000,
    // Once in many runs of the whole suite the daemon said nothing in time; why is not known yet.
    retry: 2,
  }, async () => {
    const data = join(dir, `data-${++starts}`);
    const first = new Running(['serve', '--add', addressOf(luxos), '--port', '0', '--data', data, '--log', 'silent']);
    const [, url = ''] = /^Headframe is at (http:\/\/127\.0\.0\.1:\d+)$/.exec(await first.line()) ?? [];
    expect(await first.line()).toBe(`It is polling ${addressOf(luxos)}.`);

    await untilTold(`${url}/api/v1/stream`, '"state":"mining"');
    const rows = await (await fetch(`${url}/api/v1/miners`)).json();
    expect(JSON.stringify(rows)).toContain(luxos.machines[0]?.model);

    const second = await headframe('serve', '--port', '0', '--data', data);
    expect(second).toMatchObject({
      code: 2,
      err: `Headframe already runs at ${url} (usage/already-running).\nOpen that address, or stop it with: ./headframe stop\n`,
    });
    const taken = await headframe('serve', '--port', new URL(url).port, '--data', join(dir, `other-data-${starts}`));
    expect([taken.code, taken.err]).toEqual([2, expect.stringContaining('(usage/port-in-use)')]);

    expect(await headframe('stop', '--data', data)).toMatchObject({ code: 0, out: `Stopped the daemon at ${url}.\n` });
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await headframe('stop', '--data', data)).toMatchObject({ code: 0, out: 'No daemon runs here.\n' });
  });
});

/** Reads a stream until it has said something. */
async function untilTold(url: string, words: string): Promise<void> {
  const end = new AbortController();
  const { body } = await fetch(url, { signal: end.signal });
  let said = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    said += chunk;
    if (said.includes(words)) return end.abort();
    if (said.length > 1_000_000) break;
  }
  throw new Error(`the stream never said ${words}: ${said.slice(0, 2_000)}`);
}
