import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blankHashboard, blankPool, HeadframeError, type Snapshot } from '@headframe/model';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientDoctor } from '../../packages/fleet/src/adapters/client-doctor.ts';
import { clientPoller } from '../../packages/fleet/src/adapters/client-poller.ts';
import { systemClock } from '../../packages/fleet/src/adapters/system-clock.ts';
import { type Fleet, startDaemon } from '../../packages/fleet/src/daemon.ts';
import { SCHEDULE_DEFAULTS } from '../../packages/fleet/src/domain/schedule.ts';
import { aSnapshot, target } from '../../packages/fleet/src/doubles.testing.ts';
import type { Target } from '../../packages/fleet/src/ports.ts';
import { launchChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let scratch: string;
let browser: Browser;
let garbage: Server;
let garbageTarget: Target;
let fleet: Fleet;
let page: Page;
let machines: Map<string, () => Snapshot>;
let complaints: string[];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'headframe-page-'));
  await buildPage(join(scratch, 'page'));
  browser = await launchChromium();
  // Something that is no miner at all sits where one would.
  garbage = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-dropbear_2019.78\r\n'));
  await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
  const { port } = garbage.address() as AddressInfo;
  garbageTarget = { address: '127.0.0.1', ports: { cgminer: port }, family: 'cgminer' };
});

afterAll(async () => {
  await browser?.close();
  garbage?.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function buildPage(outDir: string): Promise<void> {
  const vite = fileURLToPath(import.meta.resolve('vite/package.json')).replace('package.json', 'bin/vite.js');
  const args = [vite, 'build', '--logLevel', 'warn', '--outDir', outDir, '--emptyOutDir'];
  const cwd = join(root, 'packages/dashboard');
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
}

/** Machines of the double, and the garbage over a real socket. */
async function startFleetWith(count: number, port = 0): Promise<void> {
  machines = new Map();
  for (let i = 0; i < count; i++) {
    const address = `127.1.${i >> 8}.${i & 255}`;
    machines.set(address, () => aSnapshot({ address, mac: `02:00:00:00:${hex(i >> 8)}:${hex(i & 255)}` }));
  }
  const overSockets = clientPoller({ clock: systemClock, timeoutMs: 2_000 });
  fleet = await startDaemon({
    host: '127.0.0.1',
    port,
    dataDirectory: join(scratch, `data-${Math.random()}`),
    pageDirectory: join(scratch, 'page'),
    version: '0.0.0',
    targets: [...[...machines.keys()].map((address) => target(address, { simulated: true })), garbageTarget],
    scanRanges: [],
    schedule: { ...SCHEDULE_DEFAULTS, intervalMs: 500, firstWithinMs: 100 },
    deadlineMs: 2_500,
    clock: systemClock,
    poller: {
      poll: async (asked, signal) => {
        const machine = machines.get(asked.address);
        return machine === undefined ? overSockets.poll(asked, signal) : machine();
      },
      forget: (asked) => overSockets.forget(asked),
    },
    scanner: { scan: async function* () {} },
    doctor: clientDoctor({ clock: systemClock }),
    log: null,
  });
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const silent = (): Snapshot => {
  throw new HeadframeError('link/timed-out-waiting', { afterMs: 5_000 });
};

async function open(path = '/', viewport = { width: 1280, height: 800 }): Promise<void> {
  const context = await browser.newContext({ viewport, locale: 'en-US' });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`http://${fleet.address}/`)) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(`http://${fleet.address}${path}`);
}

const row = (address: string) =>
  page.locator('[role=row][data-index]', {
    has: page.locator('[data-column=address]').getByText(address, { exact: true }),
  });
const addresses = () => page.locator('[role=row][data-index] [data-column=address]').allInnerTexts();

afterEach(async () => {
  await page?.context().close();
  await fleet?.stop();
});

describe('the page of a small fleet', () => {
  beforeEach(() => startFleetWith(12));

  test('shows every machine, says that they are simulated, and asks nobody but the daemon', async () => {
    await open();
    await row('127.1.0.11').getByText('Mining').waitFor();
    expect(await page.locator('[role=row][data-index]').count()).toBe(13);
    const banner = page.getByRole('status');
    expect(await banner.innerText()).toContain('12 of these 13 machines are simulated.');
    expect(await banner.innerText()).toContain('npm start -- --scan 192.168.1.0/24');
    expect(await row('127.1.0.3').innerText()).toMatch(/Antminer S19 Pro[\s\S]*110\.0[\s\S]*pool\.example/);
    expect(complaints).toEqual([]);
  });

  test('a device that answers garbage stands first, with the first bytes of what it said', async () => {
    await open();
    const first = page.locator('[role=row][data-index="0"]');
    await first.getByText('Unreadable').waitFor();
    expect(await first.innerText()).toContain('first bytes: SSH-2.0-dropbear_2019.78');
    await first.getByRole('link').click();
    await page.getByText('It has not given a single reading.').waitFor();
    expect(await page.getByText('It said').innerText()).toContain('SSH-2.0-dropbear_2019.78\\x0d\\x0a');
  });

  test('a reading that changes is shown without a reload and moves no row', async () => {
    await open();
    await row('127.1.0.11').getByText('Mining').waitFor();
    const before = await addresses();
    machines.set('127.1.0.5', () => aSnapshot({ address: '127.1.0.5', mac: '02:00:00:00:00:05', currentHs: 99.4e12 }));
    await row('127.1.0.5').getByText('99.4').waitFor();
    expect(await addresses()).toEqual(before);
  });

  test('a machine that falls silent is not shown as mining any more, and comes to the top when it stays so', async () => {
    await open();
    await row('127.1.0.9').getByText('Mining').waitFor();
    machines.set('127.1.0.9', silent);
    await row('127.1.0.9').getByText('Not answering').waitFor();
    const text = await row('127.1.0.9').innerText();
    expect(text).not.toContain('Mining');
    expect(text).not.toContain('110.0');
    expect(text).toContain('took the connection but sent nothing for 5 s');
    expect((await addresses()).slice(0, 2)).toContain('127.1.0.9');
    await row('127.1.0.9').getByRole('link').click();
    await page.getByText(/These are its last readings, from .* ago/).waitFor();
  });

  test('the page of a machine has its boards, pools, gaps and replies; the way back keeps the search', async () => {
    machines.set('127.1.0.2', () => ({
      ...aSnapshot({
        address: '127.1.0.2',
        model: 'Antminer S21',
        pools: [{ ...blankPool(0), url: 'stratum+tcp://me:hunter2@pool.example:3333', worker: 'w1', status: 'alive' }],
        hashboards: [{ ...blankHashboard(0), state: 'ok', chipsWorking: 107, chipsExpected: 108 }],
        gaps: [{ path: '/identity/serial', reason: 'failed', error: { code: 'link/reset', message: 'It was reset.' } }],
      }),
      replies: [
        {
          id: 'stats',
          request: 'stats',
          at: Date.now(),
          ms: 12,
          bytes: 3456,
          repairs: [{ kind: 'missing comma', offset: 198 }],
          error: null,
        },
      ],
    }));
    await open('/?q=S21');
    await row('127.1.0.2').waitFor();
    expect(await page.locator('[role=row][data-index]').count()).toBe(1);
    await row('127.1.0.2').getByRole('link').click();
    await page.getByRole('heading', { name: 'Bitmain Antminer S21' }).waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('Hashboard 0 works with 107 of 108 chips');
    expect(text).toContain('107 / 108');
    expect(text).toContain('1 repair: missing comma');
    expect(text).toContain('/identity/serial');
    expect(text).toContain('It was reset.');
    expect(text).toContain('pool.example:3333');
    expect(await page.content()).not.toContain('hunter2');
    await page.getByText('All machines').click();
    expect(await page.getByRole('searchbox').inputValue()).toBe('S21');
    expect(complaints).toEqual([]);
  });

  test('the keyboard reaches the search, the rows and a machine', async () => {
    await open();
    await row('127.1.0.11').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('127.1.0.1');
    await row('127.1.0.5').waitFor({ state: 'detached' });
    expect(await addresses()).toEqual(['127.1.0.1', '127.1.0.10', '127.1.0.11']);
    await row('127.1.0.10').getByRole('link').focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-index="2"] a:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bitmain Antminer S19 Pro' }).waitFor();
  });

  test('a column sorts when its head is pressed', async () => {
    machines.set('127.1.0.7', () => aSnapshot({ address: '127.1.0.7', currentHs: 120e12 }));
    await open();
    await row('127.1.0.7').getByText('120.0').waitFor();
    await page.getByRole('button', { name: /^Hashrate/ }).click();
    await expect.poll(async () => (await addresses())[0]).toBe('127.1.0.7');
    await page.getByRole('button', { name: 'Sick first' }).click();
    await expect.poll(async () => (await addresses())[0]).toContain('127.0.0.1');
  });

  test('when the daemon is gone the page says so, and goes on by itself with the one that comes', async () => {
    await open();
    await row('127.1.0.11').waitFor();
    const [, port] = fleet.address.split(':');
    await fleet.stop();
    await page.getByText('The daemon has not answered for').waitFor();
    expect(await page.locator('header').innerText()).toContain('Not connected');
    await startFleetWith(3, Number(port));
    await page.getByText('Live', { exact: true }).waitFor();
    await row('127.1.0.11').waitFor({ state: 'detached' });
    await row('127.1.0.2').getByText('Mining').waitFor();
    expect(await page.locator('[role=row][data-index]').count()).toBe(4);
  });

  test('the commands of port 4028 have a page of their own, with both views, the real calls and whose data it is', async () => {
    await open('/?q=S19');
    await page.getByRole('link', { name: 'Port 4028' }).click();
    await page.getByRole('heading', { name: 'The commands of port 4028' }).waitFor();
    const command = (name: string) => page.locator(`tr[data-command="${name}"]`);
    const cells = (name: string) => command(name).locator('td').allInnerTexts();
    await command('version').waitFor();
    expect(await page.locator('tr[data-command]').count()).toBe(50);
    const [stock, braiins, luxos, dcent, cgminer, calls] = await cells('profileset');
    expect(stock).toMatch(/printed\s+—\*\s+verified\s+unknown$/);
    expect(braiins).toMatch(/printed\s+gRPC\s+verified\s+not documented$/);
    expect(luxos).toMatch(/printed\s+Control\*\s+verified\s+listed, with session$/);
    expect(dcent).toMatch(/printed\s+TBD\s+verified\s+acts, not from the LAN\s+≠ differs$/);
    expect(cgminer).toBe('unknown');
    expect(calls).toContain('PerformanceService.SetPowerTarget');
    const text = await page.locator('main').innerText();
    expect(text).toContain('inferred: the page runs its cells together');
    expect(text).toContain('operating points at run time, not factory presets');
    expect(text).toContain('web flasher');
    const footer = await page.locator('main footer').innerText();
    expect(footer).toContain('"Miner API Command Reference" by D-Central, CC BY 4.0');
    expect(footer).toContain('24 dashes restored');
    expect(await page.locator('a[rel~=license]').getAttribute('href')).toBe(
      'https://creativecommons.org/licenses/by/4.0/',
    );
    await page.getByText('Braiins', { exact: true }).click();
    await page.getByText('Only where the views differ').click();
    await page.getByText('8 of 50 commands').waitFor();
    await page.getByRole('searchbox').fill('pool');
    await command('notify').waitFor({ state: 'detached' });
    expect(await page.locator('tr[data-command]').count()).toBe(5);
    await page.reload();
    await command('addpool').waitFor();
    expect(await page.locator('tr[data-command]').count()).toBe(5);
    await page.getByText('All machines').click();
    await row('127.1.0.3').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('S19');
    expect(complaints).toEqual([]);
  });

  test('on a phone nothing has to be scrolled sideways', async () => {
    await open('/', { width: 390, height: 844 });
    await row('127.1.0.3').getByText('Mining').waitFor();
    const widths = 'document.documentElement.scrollWidth <= 390 && document.querySelector("[role=table]").scrollWidth';
    expect(await page.evaluate(widths)).toBeLessThanOrEqual(390);
    await row('127.1.0.3').getByRole('link').click();
    await page.getByRole('heading', { name: 'Bitmain Antminer S19 Pro' }).waitFor();
    expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('link', { name: 'Port 4028' }).click();
    await page.locator('tr[data-command="curtail"]').waitFor();
    expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(390);
  });
});

describe('the page of a large fleet', () => {
  test('has only the rows in sight in the document, and keeps its place while they change', async () => {
    await startFleetWith(1_000);
    await open();
    await row('127.1.0.3').getByText('Mining').waitFor();
    await page.getByText('1001 machines', { exact: true }).waitFor();
    expect(await page.locator('[role=row][data-index]').count()).toBeLessThan(80);
    await page.evaluate('document.querySelector("[role=table]").scrollTop = 20000');
    await row('127.1.2.20').waitFor();
    const place = await row('127.1.2.20').boundingBox();
    // Machines far above fall ill and stay so: they move to the top, what is looked at stays where it is.
    for (let i = 100; i < 110; i++) machines.set(`127.1.0.${i}`, silent);
    await page.getByText('Sick 11').waitFor();
    expect(await row('127.1.2.20').boundingBox()).toEqual(place);
  });
});
