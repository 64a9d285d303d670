import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadframeError } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadCredentials } from './credentials.ts';

function fileWith(content: unknown, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'headframe-credentials-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'credentials.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

const fileOf = (...credentials: object[]): string => fileWith({ credentials });

function complaint(file: string): string {
  try {
    loadCredentials({ file, env: {} });
  } catch (error) {
    if (error instanceof HeadframeError && error.code === 'usage/invalid') return error.message;
    throw error;
  }
  return 'no complaint';
}

const root = { username: 'root', password: 'word-of-the-file' };

describe('a credentials file', () => {
  test('gives the first entry that fits the family and the address', () => {
    const find = loadCredentials({
      file: fileOf(
        { family: 'antminer', range: '10.0.4.0/22', username: 'a', password: '1' },
        { range: '10.0.5.7', username: 'b', password: '2' },
        { family: 'avalon', username: 'c', password: '3' },
      ),
      env: {},
    });
    expect(find('10.0.5.7', 'antminer')).toEqual({ username: 'a', password: '1' });
    expect(find('10.0.5.7', 'luxos')).toEqual({ username: 'b', password: '2' });
    expect(find('10.9.0.1', 'avalon')).toEqual({ username: 'c', password: '3' });
    expect(find('10.9.0.1', 'antminer')).toBeNull();
  });

  test('may name a large range, and a host by its name', () => {
    const find = loadCredentials({ file: fileOf({ range: '10.0.0.0/8, shed.local', ...root }), env: {} });
    expect(find('10.200.3.4', 'antminer')).toEqual(root);
    expect(find('shed.local', 'antminer')).toEqual(root);
    expect(find('192.168.0.1', 'antminer')).toBeNull();
  });

  test.skipIf(process.platform === 'win32')('that everybody may read is refused, with the way to close it', () => {
    for (const mode of [0o644, 0o604, 0o606]) {
      const file = fileWith({ credentials: [] }, mode);
      expect(complaint(file)).toContain(`is open to every user of this computer; close it with: chmod 600 ${file}`);
    }
    expect(complaint(fileWith({ credentials: [] }, 0o640))).toBe('no complaint');
  });

  test.each([
    ['no JSON', '{"credentials": [{"password": "word-of-the-file"', 'is not JSON'],
    ['no list', { credentials: {} }, 'has no list "credentials"'],
    ['an array', [], 'has no list "credentials"'],
    ['an entry that is none', { credentials: ['word-of-the-file'] }, 'Entry 1 of the credentials file'],
    ['no password', { credentials: [{ username: 'root' }] }, 'lacks "username" or "password"'],
    ['a number', { credentials: [{ username: 'root', password: 1234 }] }, 'lacks "username" or "password"'],
    ['a misspelt key', { credentials: [{ ...root, familiy: 'antminer' }] }, 'has a key "familiy" that means nothing'],
    ['a wrong range', { credentials: [{ ...root, range: '10.0.0.0/99' }] }, 'The prefix length'],
    ['a family that is no text', { credentials: [{ ...root, family: 7 }] }, 'has a "family" that is not text'],
  ])('with %s is refused in one sentence that shows no password', (_, content, sentence) => {
    const said = complaint(fileWith(content));
    expect(said).toContain(sentence);
    expect(said).not.toContain('word-of-the-file');
  });

  test('that is not there is told', () => {
    expect(complaint('/no/such/file.json')).toContain('/no/such/file.json cannot be read (ENOENT)');
  });
});

describe('the environment', () => {
  const env = { HEADFRAME_USERNAME: 'root', HEADFRAME_PASSWORD: 'of-the-environment' };

  test('counts where no entry of the file fits', () => {
    const find = loadCredentials({ file: fileOf({ range: '10.0.0.1', ...root }), env });
    expect(find('10.0.0.1', 'antminer')).toEqual(root);
    expect(find('10.0.0.2', 'antminer')).toEqual({ username: 'root', password: 'of-the-environment' });
  });

  test('with one of the two is told', () => {
    expect(() => loadCredentials({ env: { HEADFRAME_USERNAME: 'root' } })).toThrow(/HEADFRAME_PASSWORD is not set/);
    expect(() => loadCredentials({ env: { HEADFRAME_PASSWORD: 'x' } })).toThrow(/HEADFRAME_USERNAME is not set/);
  });
});

test('there is no default password: without a file and an environment nothing is known', () => {
  expect(loadCredentials({ env: {} })('10.0.0.1', 'antminer')).toBeNull();
});
