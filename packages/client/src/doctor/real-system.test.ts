import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { realSystem } from './real-system.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'headframe-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Whatever computer this is, Node runs on it. */
const node = (code: string) => realSystem.run(process.execPath, ['-e', code]);

describe('a program of this computer', () => {
  test('gives what it printed', async () => {
    expect(await node('process.stdout.write("yes"); process.stderr.write("aside")')).toEqual({
      code: 0,
      output: 'yes',
    });
  });

  test('that fails says why', async () => {
    const end = await node('process.stdout.write("half,"); process.stderr.write("no route"); process.exitCode = 2');
    expect(end).toEqual({ code: 2, output: 'half,no route' });
  });

  test('that is not there, or cannot be started, gives nothing', async () => {
    expect(await realSystem.run('no-such-program-of-anybody', [])).toBeNull();
    expect(await node('\0')).toBeNull();
  });

  test('that takes too long is ended', async () => {
    expect(await node('setInterval(() => {}, 1000)')).toBeNull();
  });

  test('that prints without end is cut at 1 MiB', async () => {
    const end = await node('const say = () => process.stdout.write("x".repeat(65536), say); say()');
    expect(end?.output.length).toBe(1_048_576);
  });

  test('that waits for somebody to type ends', async () => {
    expect(await node('process.stdin.resume().on("end", () => console.log("nobody"))')).toMatchObject({ code: 0 });
  });
});

test('files, folders and links of this computer are read, and those that are not there are null', async () => {
  const here = folder();
  writeFileSync(join(here, 'a'), 'text');
  expect(await realSystem.readFile(join(here, 'a'))).toBe('text');
  expect(await realSystem.readFolder(here)).toEqual(['a']);
  expect(await realSystem.readFile(here)).toBeNull();
  expect(await realSystem.readFolder(join(here, 'b'))).toBeNull();
  expect(await realSystem.readLink(join(here, 'a'))).toBeNull();
});

test.skipIf(process.platform === 'win32')('a link is read', async () => {
  const here = folder();
  symlinkSync('socket:[4711]', join(here, '3'));
  expect(await realSystem.readLink(join(here, '3'))).toBe('socket:[4711]');
});

test('the name of this computer leads to loopback', async () => {
  const addresses = await realSystem.lookup('localhost');
  expect(['127.0.0.1', '::1']).toContain(addresses[0]);
});
