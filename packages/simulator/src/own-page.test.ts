import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { ownPage } from './own-page.ts';

function folder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'headframe-page-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const www = join(parent, 'www');
  mkdirSync(join(www, 'assets'), { recursive: true });
  writeFileSync(join(www, 'index.html'), '<title>own</title>');
  writeFileSync(join(www, 'assets', 'main.js.gz'), gzipSync('1'));
  writeFileSync(join(parent, 'secret.txt'), 'no');
  symlinkSync(join(parent, 'secret.txt'), join(www, 'link.txt'));
  return www;
}

const get = (path: string, method = 'GET') => ({ method, path, headers: {}, body: new Uint8Array() });
const textOf = (www: string, path: string) => {
  const reply = ownPage(www, get(path));
  return reply === null ? null : Buffer.from(reply.body).toString();
};

test('a built page stands in front of a device, its routes included', () => {
  const www = folder();
  for (const path of ['/', '/index.html', '/settings', '/?a=1']) expect(textOf(www, path)).toBe('<title>own</title>');
});

test('a file may be there packed, as on the device itself', () => {
  expect(ownPage(folder(), get('/assets/main.js'))?.headers).toEqual({
    'content-type': 'application/javascript',
    'content-encoding': 'gzip',
  });
});

test.each(['/api/system/info', '/recovery', '/nothing.js'])('%s is the device its own', (path) => {
  expect(ownPage(folder(), get(path))).toBeNull();
});

test('what is no GET is the device its own', () => {
  expect(ownPage(folder(), get('/', 'POST'))).toBeNull();
});

test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/link.txt', '/%00', '/%zz'])('%s leads nowhere', (path) => {
  expect(textOf(folder(), path) ?? '').not.toContain('no');
});
