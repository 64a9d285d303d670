import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulators } from '@headframe/families/sim';
import { serveDevice } from '@headframe/simulator';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FREE_PORTS } from '../free-ports.ts';
import { launchChromium } from './chromium.ts';

/*
 * A built web page of AxeOS in front of the simulated device. The real page is the user's own copy: `HEADFRAME_AXEOS_WWW`
 * names its folder; without it that part says that it was skipped. The page of the first test is ours.
 */

const OWN = process.env.HEADFRAME_AXEOS_WWW ?? '';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A simulated Bitaxe behind a page; its time runs. */
async function bitaxe(www: string): Promise<string> {
  const profile = simulators.find(({ id }) => id === 'axeos')?.profiles.find(({ name }) => name === 'gamma-turbo');
  if (profile === undefined) throw new Error('no simulated Bitaxe');
  const poweredAt = Date.now() - 3_600_000;
  const served = await serveDevice(profile.create({ seed: 1, poweredAt }), {
    address: '127.0.0.1',
    ports: FREE_PORTS,
    clock: { now: Date.now },
    www,
  });
  onTestFinished(() => served.close());
  return `http://127.0.0.1:${served.ports.http}/`;
}

/** Opens a page and tells of calls of the API that failed, and of mistakes of the page itself. */
async function open(address: string) {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const wrong: string[] = [];
  const calls: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/api/')) return;
    calls.push(pathname);
    if (response.status() >= 400) wrong.push(`${response.status()} ${pathname}`);
  });
  await page.goto(address);
  return { page, wrong, calls };
}

describe('a page in front of a simulated Bitaxe', () => {
  test('reads it, changes it and hears its live data through the calls of the device', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headframe-www-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, 'index.html'),
      `<title>own</title><p id="model"></p><button>60</button><p id="live"></p><script>
        const info = async () => (await fetch('/api/system/info')).json();
        info().then((is) => (document.querySelector('#model').textContent = is.ASICModel));
        document.querySelector('button').onclick = async () => {
          await fetch('/api/system', { method: 'PATCH', body: JSON.stringify({ displayTimeout: 7 }) });
          document.querySelector('button').textContent = (await info()).displayTimeout;
        };
        new WebSocket('ws://' + location.host + '/api/ws/live').onmessage = (event) =>
          (document.querySelector('#live').textContent = Object.keys(JSON.parse(event.data)).length > 0 ? 'live' : '');
      </script>`,
    );
    const { page, wrong } = await open(await bitaxe(folder));
    await page.waitForFunction("document.querySelector('#model')?.textContent === 'BM1370'");
    await page.click('button');
    await page.waitForFunction("document.querySelector('button')?.textContent === '7'");
    await page.waitForFunction("document.querySelector('#live')?.textContent === 'live'");
    expect(wrong).toEqual([]);
  });

  test.skipIf(OWN === '')('the real one: every view opens, and no call of it fails', async () => {
    const { page, wrong, calls } = await open(await bitaxe(OWN));
    await page.waitForFunction("document.querySelectorAll('a[href]').length > 2");
    const links = await page.$$eval('a[href^="/"], a[href^="#"]', (all) =>
      all.map((a) => a.getAttribute('href') ?? ''),
    );
    for (const link of [...new Set(links)].slice(0, 20)) {
      await page.click(`a[href="${link}"]`);
      await page.waitForLoadState('networkidle');
    }
    expect(calls).toContain('/api/system/info');
    expect(wrong).toEqual([]);
  });
});
