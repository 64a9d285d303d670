import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { braiins } from './index.ts';

describe('the probes', () => {
  const probe = (over: string) => braiins.probes.find((one) => one.over === over);
  const reply = (doc: unknown, raw: Uint8Array | null = null, error: HeadframeError | null = null) => ({
    meta: { id: 'x', request: 'x', at: 0, ms: 0, bytes: 0, repairs: [], error: null },
    doc,
    raw,
    error,
  });

  test.each([
    [{ VERSION: [{ API: '3.7', BOSer: 'boser-openwrt 0.1.0' }] }, true],
    [{ VERSION: [{ API: '3.7', BOSminer: 'bosminer 0.2' }] }, true],
    [{ VERSION: [{ API: '3.7', 'BOSminer+': '0.2.0' }] }, true],
    [
      { STATUS: [{ STATUS: 'S', Code: 22, Description: 'BOSminer+ 0.2.0-ea64aec8e' }], VERSION: [{ API: '3.7' }] },
      true,
    ],
    [{ VERSION: [{ API: '3.7', CGMiner: '4.11.1' }] }, false],
    [null, null],
  ])('know the version %j of port 4028: %j', (doc, verdict) => {
    expect(probe('cgminer')?.is(reply(doc))).toBe(verdict);
  });

  test('know the contract by its version, and its absence by UNIMPLEMENTED', () => {
    const grpc = probe('grpc');
    expect(grpc?.ask).toBe('braiins.bos.ApiVersionService/GetApiVersion');
    expect(grpc?.is(reply({}, new Uint8Array([0x08, 0x01, 0x10, 0x09])))).toBe(true);
    expect(grpc?.is(reply({}, new Uint8Array()))).toBe(false);
    expect(grpc?.is(reply({}, new Uint8Array([0x0a, 0x7f])))).toBe(false);
    expect(grpc?.is(reply(null, null, new HeadframeError('support/unsupported')))).toBe(false);
    expect(grpc?.is(reply(null, null, new HeadframeError('link/refused')))).toBeNull();
  });

  test('know the web page by its name', () => {
    const page = (text: string) => reply({ status: 200, headers: {}, text, json: undefined });
    expect(probe('http')?.is(page('<title>Braiins OS</title>'))).toBe(true);
    expect(probe('http')?.is(page('<title>Printer</title>'))).toBeNull();
  });

  test('are enough to say who it is', () => {
    const version = { VERSION: [{ API: '3.7', BOSer: 'boser-openwrt 0.1.0' }] };
    expect(braiins.identity(new Map([['version', reply(version)]]))).toMatchObject({
      family: 'braiins',
      firmware: 'braiins-os',
      apiVersion: '3.7',
      algorithm: 'sha256d',
      model: null,
    });
  });
});
