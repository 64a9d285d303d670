import { HeadframeError } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeVerdict, lenientVerdict, okVerdict } from './cgi-verdicts.ts';
import { modesFrom } from './commands-mode.ts';
import { networkFrom } from './commands-network.ts';
import { voltageText } from './commands-tuning.ts';
import { powerFrom, serialFrom, warningFrom } from './monitor.ts';
import { formValue } from './older-form.ts';
import { bodyOf, configFrom, formValuesOf } from './web-config.ts';

/* Whatever a machine sends: a value, or an error of the table. Nothing else is thrown, and nothing hangs. */

const options = { seed: 4028, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const orError = <T>(work: () => T): T | HeadframeError => {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof HeadframeError) return thrown;
    throw thrown;
  }
};

/** Documents that have the names that are looked for, with anything under them. */
const documents = (names: readonly string[]) =>
  fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.jsonValue(), fc.string(), fc.array(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()))),
    ),
  );

describe('parsers of the pages', () => {
  test('the configuration: three slots at the most, or an error', () => {
    const names = ['pools', 'url', 'user', 'pass', 'bitmain-fan-ctrl', 'bitmain-fan-pwm', 'bitmain-work-mode', 'algo'];
    fc.assert(
      fc.property(documents(names), (document) => {
        const config = orError(() => configFrom(document));
        if (config instanceof HeadframeError) return;
        expect((bodyOf(config).pools as unknown[]).length).toBe(3);
        expect(formValuesOf(config)).toHaveLength(16);
      }),
      options,
    );
  });

  test('modes, network, voltage', () => {
    fc.assert(
      fc.property(
        documents(['ModeInfo', 'ModeName', 'ModeValue', 'nettype', 'conf_nettype', 'hostname']),
        (document) => {
          modesFrom(document);
          networkFrom(new Fields(document));
        },
      ),
      options,
    );
    fc.assert(
      fc.property(fc.double(), fc.option(fc.string()), (wanted, present) => {
        const text = orError(() => voltageText(wanted, present));
        if (typeof text === 'string') expect(text).toMatch(/^\d{3,4}$/);
      }),
      options,
    );
  });

  test('verdicts on any body', () => {
    const json = documents(['code', 'stats', 'msg']);
    fc.assert(
      fc.property(fc.string(), fc.option(json, { nil: undefined }), (text, value) => {
        const doc = { status: 200, headers: {}, text, json: value };
        for (const verdict of [codeVerdict, okVerdict, lenientVerdict]) orError(() => verdict(doc));
      }),
      options,
    );
  });

  test('texts of port 6060', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^miner power:.*$/), fc.stringMatching(/^[A-Z0-9]{1,60}$/)),
        (text) => {
          const power = powerFrom(text);
          if (power !== null) expect(power).toBeGreaterThan(0);
          const serial = serialFrom(text);
          if (serial !== null) expect(text.trim()).toBe(serial);
        },
      ),
      options,
    );
    fc.assert(
      fc.property(documents(['error_message']), (document) => {
        expect(warningFrom(document)).not.toBe('');
      }),
      options,
    );
  });
});

/** The escapes that set_miner_conf.cgi undoes, in the order in which it does (see older-form.ts for where from). */
const SCRIPT: readonly (readonly [string, string])[] = [
  ['+', ' '],
  ['%23', '#'],
  ['%24', '$'],
  ['%25', '%'],
  ['%26', '&'],
  ['%2C', ','],
  ['%2B', '+'],
  ['%3A', ':'],
  ['%3B', ';'],
  ['%3C', '<'],
  ['%3D', '='],
  ['%3E', '>'],
  ['%3F', '?'],
  ['%40', '@'],
  ['%5B', '['],
  ['%5D', ']'],
  ['%5E', '^'],
  ['%7B', '{'],
  ['%7C', '|'],
  ['%7D', '}'],
  ['%2F', '/'],
];

describe('a value in the form of the older page', () => {
  test('comes out of its script as it was meant, or is not sent', () => {
    let carried = 0;
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[ -~]{0,40}$/), fc.stringMatching(/^[#-&(-[\]^{-~a-z]{0,20}$/)),
        (value) => {
          const sent = orError(() => formValue({ is: 'the value', value }));
          if (sent instanceof HeadframeError) {
            expect(sent.code).toBe('usage/invalid');
            return;
          }
          carried++;
          expect(sent).not.toMatch(/[&\s"'\\]/);
          expect(SCRIPT.reduce((text, [code, letter]) => text.replaceAll(code, letter), sent)).toBe(value);
        },
      ),
      options,
    );
    expect(carried).toBeGreaterThan(options.numRuns / 10);
  });

  test.each(['"', "'", '\\', '%', '`', 'é', '\n', '€'])('%j cannot be carried', (letter) => {
    expect(() => formValue({ is: 'the worker', value: `a${letter}b` })).toThrow(/^The worker holds/);
  });
});
