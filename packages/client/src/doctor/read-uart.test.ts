import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Look, type UartSeen, wasSeen } from '@headframe/model';
import { afterAll, describe, expect, test } from 'vitest';
import { Deadline } from '../links/deadline.ts';
import { readUart } from './read-uart.ts';

const folder = mkdtempSync(join(tmpdir(), 'headframe-uart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let now = 1_767_607_200_000;
const clock = { now: () => (now += 5) };

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

async function read(log: AsyncIterable<Uint8Array>, limitMs = 60_000, signal?: AbortSignal): Promise<Look<UartSeen>> {
  const deadline = new Deadline(limitMs, signal);
  try {
    return await readUart(log, { clock, deadline });
  } finally {
    deadline.end();
  }
}

const line = (look: Look<UartSeen>) => (wasSeen(look) ? look.line : look.notSeen);

describe('a log of the serial console', () => {
  test('tells of storage that is broken and of a boot that is tried again', async () => {
    const boot = 'U-Boot 2014.01\r\nStarting kernel ...\r\nSQUASHFS error: xz decompression failed\r\n';
    const look = await read(pieces(boot.slice(0, 50), boot.slice(50), boot, boot));
    expect(line(look)).toBe(
      'serial console: 9 lines, 234 bytes, squashfs error 3 times, it began to boot 3 times, 2 of them in vain, ' +
        'no login and no mining program to be seen',
    );
    expect(look).toMatchObject({ bytes: 234, ms: 5, command: expect.stringMatching(/^grep -aiE /) });
  });

  test('of a file is read', async () => {
    const path = join(folder, 'boot.log');
    writeFileSync(path, 'Starting kernel ...\nantminer login: ');
    expect(line(await read(createReadStream(path)))).toBe(
      'serial console: 2 lines, 36 bytes, no error of its storage, it came as far as a login or the mining program',
    );
  });

  test('that is empty is silent', async () => {
    expect(line(await read(pieces()))).toBe('serial console: silent, 0 bytes without a readable line');
  });

  test('of another speed was not seen, and says so', async () => {
    async function* noise() {
      yield Uint8Array.from({ length: 2048 }, (_, i) => 0x80 + (i % 100));
    }
    expect(await read(noise())).toEqual({
      notSeen: 'the log of the serial console holds 2 KiB of noise and no text, as of another speed than 115200 baud',
    });
  });
});

describe('a log that cannot be read', () => {
  test('is not there', async () => {
    expect(await read(createReadStream(join(folder, 'nobody.log')))).toEqual({
      notSeen: 'the log of the serial console could not be read (ENOENT)',
    });
  });

  test('is a folder', async () => {
    expect(await read(createReadStream(folder))).toEqual({
      notSeen: 'the log of the serial console could not be read (EISDIR)',
    });
  });

  test('fails in its own words, which are not told', async () => {
    // biome-ignore lint/correctness/useYield: it fails before its first piece.
    async function* broken(): AsyncGenerator<Uint8Array> {
      throw new Error('/home/somebody/secret \x1b[2J');
    }
    expect(await read(broken())).toEqual({ notSeen: 'the log of the serial console could not be read (it broke off)' });
  });

  /** Gives its pieces, then hangs. */
  function hanging(...texts: string[]): AsyncIterable<Uint8Array> & { readonly isClosed: boolean } {
    const left = texts.map((text) => new TextEncoder().encode(text));
    let isClosed = false;
    return {
      get isClosed() {
        return isClosed;
      },
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const value = left.shift();
          return value === undefined ? new Promise(() => {}) : Promise.resolve({ value, done: false });
        },
        return: () => {
          isClosed = true;
          return new Promise(() => {});
        },
      }),
    };
  }

  test('has no end: it is given up and closed', async () => {
    const log = hanging();
    expect(await read(log, 20)).toEqual({
      notSeen: 'the log of the serial console had no end in time, after 0 bytes',
    });
    expect(log.isClosed).toBe(true);
  });

  test('has no end, and what it told before counts', async () => {
    expect(line(await read(hanging('Kernel panic - not syncing: x\n'), 20))).toBe(
      'serial console: 1 line, 30 bytes, Kernel panic once, no login and no mining program to be seen; ' +
        'its rest was not read in time',
    );
  });

  test('is not waited for when the examination is cancelled', async () => {
    const end = new AbortController();
    const reading = read(hanging('Kernel panic\n'), 60_000, end.signal);
    end.abort();
    expect(await reading).toEqual({ notSeen: 'the examination was cancelled' });
  });
});
