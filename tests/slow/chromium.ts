import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a system's own browser is, in the order of preference. */
const SYSTEM = [
  process.env.HEADFRAME_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const QUIET = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium, else the one that comes as a package (Linux only). */
async function executablePath(): Promise<string> {
  const own = SYSTEM.find((path) => path !== '' && existsSync(path));
  if (own !== undefined) return own;
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}

/** A headless browser with an empty profile that asks nobody for anything. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await executablePath(), args: QUIET, headless: true });
}
