import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonp } from './jsonp.ts';

const codeOf = (body: string): string => {
  try {
    parseJsonp(body);
    return 'ok';
  } catch (error) {
    if (error instanceof HeadframeError) return error.code;
    throw error;
  }
};

describe('the values of a web page of an Avalon', () => {
  test('are the argument of a call', () => {
    const body =
      'minerinfoCallback({"version":"20090401_fb963dc_1236943","mac":"b4:a2:eb:00:00:01","sys_status":"1"});';
    expect(parseJsonp(body)).toEqual({
      callback: 'minerinfoCallback',
      value: { version: '20090401_fb963dc_1236943', mac: 'b4:a2:eb:00:00:01', sys_status: '1' },
      repairs: [],
    });
  });

  test('a comma too many, as a real A10 sends it, is mended', () => {
    const { value, repairs } = parseJsonp('minerinfoCallback({"mac":"b4:a2:eb:31:00:01", "sys_status":"1", });');
    expect(value).toEqual({ mac: 'b4:a2:eb:31:00:01', sys_status: '1' });
    expect(repairs).toHaveLength(1);
  });

  test('blanks around it and a missing semicolon are no fault', () => {
    expect(parseJsonp('\r\n cb ( {"a":1} ) \n').value).toEqual({ a: 1 });
  });

  test.each([
    ['<html><title>Login</title></html>', 'protocol/wrong-shape'],
    ['{"mac":"b4"}', 'protocol/wrong-shape'],
    ['', 'protocol/wrong-shape'],
    ['cb({"mac":"b4"', 'protocol/truncated'],
    ['cb({"a":1}); alert', 'protocol/wrong-shape'],
  ])('%s is told apart', (body, code) => {
    expect(codeOf(body)).toBe(code);
  });

  test('a page that does not end is too large', () => {
    expect(codeOf(`cb("${'x'.repeat(70_000)}")`)).toBe('link/too-large');
  });

  test('any bytes give a value or an error of the table, quickly', () => {
    const codes = /^(ok|protocol\/(wrong-shape|malformed|truncated)|link\/too-large)$/;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^[a-z$(){}[\]"':;,0-9 ]*$/),
          fc.json().map((json) => `cb(${json});`),
          fc.tuple(fc.json(), fc.nat()).map(([json, at]) => `cb(${json});`.slice(0, at % (json.length + 5))),
        ),
        (body) => {
          expect(codeOf(body)).toMatch(codes);
        },
      ),
      { seed: 4028, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
    expect(codeOf('('.repeat(60_000))).toBe('protocol/wrong-shape');
    expect(codeOf(`a${' '.repeat(60_000)}`)).toBe('protocol/wrong-shape');
    expect(codeOf(`a(${'['.repeat(60_000)})`)).toMatch(codes);
  });
});
