import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { encodeRequest, escapeParameter, joinCommands, STATUS_CODES } from './index.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a request', () => {
  test('in JSON ends with a line feed, for servers that wait for one', () => {
    expect(text(encodeRequest('version'))).toBe('{"command":"version"}\n');
    expect(text(encodeRequest('asc', '0'))).toBe('{"command":"asc","parameter":"0"}\n');
    expect(text(encodeRequest('addpool', 'a"b\\c'))).toBe('{"command":"addpool","parameter":"a\\"b\\\\c"}\n');
  });

  test('in text has none, because cgminer would take it for a part of the command', () => {
    expect(text(encodeRequest('version', undefined, 'text'))).toBe('version');
    expect(text(encodeRequest('asc', '0', 'text'))).toBe('asc|0');
  });

  test('that cgminer would cut is not sent', () => {
    // {"command":"addpool","parameter":""} and the line feed are 37 bytes.
    expect(encodeRequest('addpool', 'x'.repeat(4058)).length).toBe(4095);
    expect(() => encodeRequest('addpool', 'x'.repeat(4059))).toThrow(HeadframeError);
    expect(() => encodeRequest('addpool', 'é'.repeat(2100), 'text')).toThrow(/does not fit/);
  });

  test('joins commands with pluses, each once', () => {
    expect(joinCommands(['summary', 'stats', 'pools'])).toBe('summary+stats+pools');
    expect(joinCommands(['summary', 'summary'])).toBe('summary');
  });

  test('escapes what would split a part of a list', () => {
    expect(escapeParameter('us,er')).toBe('us\\,er');
    expect(escapeParameter('pa\\ss|=')).toBe('pa\\\\ss|=');
  });
});

describe('the status codes', () => {
  test('are those of cgminer 4.11.1, with their letters', () => {
    expect(STATUS_CODES[22]).toEqual({ severity: 'S', message: 'CGMiner versions', sent: true });
    expect(STATUS_CODES[14]).toEqual({ severity: 'E', message: 'Invalid command', sent: true });
    expect(STATUS_CODES[45]).toEqual({ severity: 'E', message: "Access denied to '%s' command", sent: true });
    expect(STATUS_CODES[118]).toEqual({ severity: 'I', message: 'ASC %d set help: %s', sent: true });
    expect(STATUS_CODES[124]?.severity).toBe('W');
    expect(STATUS_CODES[122]?.message).toBe("Set pool '%s' to quota %d'");
    expect(STATUS_CODES[55]?.message).toBe("Added pool %d: '%s'");
  });

  test('say which of them nothing in the program sends', () => {
    const dead = Object.entries(STATUS_CODES).filter(([, { sent }]) => !sent);
    expect(dead.map(([code]) => Number(code))).toEqual([8, 42, 54, 77, 82, 84, 85]);
  });

  test('leave out the numbers that have no message', () => {
    for (const code of [28, 29, 31, 126]) expect(STATUS_CODES[code]).toBeUndefined();
  });
});
