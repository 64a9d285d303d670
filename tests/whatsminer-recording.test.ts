import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, record } from '@headframe/client';
import { loadCapture, serveReplay } from '@headframe/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { type Fields, heardBy, told, whatsminer } from './whatsminer.testing.ts';

test('a recording of a WhatsMiner names neither the machine nor its owner, and is read again', async () => {
  const made = await whatsminer('m50s');
  const { minersn, mac, powersn, hostname } = told(made, 'get_miner_info');
  const serial = told(made, 'edevs')['PCB SN'];
  const account = told(made, 'pools').User;
  const parent = mkdtempSync(join(tmpdir(), 'headframe-whatsminer-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const into = join(parent, 'm50s');
  const heard = heardBy(made);
  const clock = { now: made.now };
  await record(`127.0.0.1:${made.served.ports.cgminer}`, { into, clock });

  const owned = [minersn, mac, powersn, hostname, serial, account].map(String);
  for (const file of readdirSync(into)) {
    const text = readFileSync(join(into, file), 'utf8');
    expect(owned.filter((one) => text.includes(one)).map((one) => `${file}: ${one}`)).toEqual([]);
  }
  // A token is never asked for: there are few of them, and its salts would be in the recording.
  expect(heard.filter((request) => /get_token|"enc"/.test(request))).toEqual([]);

  const replay = await serveReplay(loadCapture(into), { clock });
  onTestFinished(() => replay.close());
  const snapshot = await (await connect(replay.address, { clock })).read();
  expect(snapshot).toMatchObject({ state: 'mining', powerLimitW: 3600, identity: { model: 'WhatsMiner M50S' } });
  expect(snapshot.pools[0]?.worker).toBe('account.worker1');
  const { mac: other, serial: another } = snapshot.identity as unknown as Fields;
  expect([other, another]).toEqual([expect.stringMatching(/^02:/), expect.not.stringMatching(String(minersn))]);
});
