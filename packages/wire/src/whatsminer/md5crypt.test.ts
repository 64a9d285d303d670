import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { md5crypt } from './index.ts';

const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('md5crypt', () => {
  test('hashes the password of the manual as the factory of the machine did', () => {
    expect(md5crypt('admin', 'BQ5hoXV9')).toBe('$1$BQ5hoXV9$RxmaDUO33TS7O26yeMHZ81');
  });

  // Typed from `openssl passwd -1`.
  test.each([
    ['', 'abcdefgh', '$1$abcdefgh$M55TzYaaccxVGbptZWaxX/'],
    ['a', 'x', '$1$x$P8VObTrxaqT4VBmnH06P8.'],
    ['0123456789abcdef0123456789', 'saltsalt', '$1$saltsalt$FC3DouRvVvkelwRWWnTgb0'],
  ])('hashes %j with the salt %j', (password, salt, crypted) => {
    expect(md5crypt(password, salt)).toBe(crypted);
  });

  test('takes the first eight bytes of a long salt', () => {
    expect(md5crypt('admin', 'BQ5hoXV9more')).toBe('$1$BQ5hoXV9$RxmaDUO33TS7O26yeMHZ81');
  });

  const shell = (input: string) => spawnSync('sh', ['-s'], { input, encoding: 'utf8' });
  const openssl = shell('openssl version').status === 0;
  test.skipIf(!openssl)('agrees with openssl on a thousand random salts and passwords', () => {
    const random = randomBytes(1000 * 50);
    const cases = Array.from({ length: 1000 }, (_, i) => {
      const bytes = random.subarray(i * 50, i * 50 + 50);
      const salt = [...bytes.subarray(0, 1 + ((bytes[48] as number) % 8))].map((byte) => LETTERS[byte % 64]).join('');
      const length = 1 + ((bytes[49] as number) % 40);
      const password = [...bytes.subarray(8, 8 + length)]
        .map((byte) => String.fromCharCode(0x20 + (byte % 95)))
        .join('');
      return { salt, password };
    });
    const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
    const script = cases.map(
      ({ salt, password }) => `printf '%s\\n' ${quote(password)} | openssl passwd -1 -salt ${salt} -stdin`,
    );
    const { stdout } = shell(script.join('\n'));
    expect(stdout.trim().split('\n')).toEqual(cases.map(({ salt, password }) => md5crypt(password, salt)));
  });
});
