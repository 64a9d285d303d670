import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import type { GrpcSaid } from '../sim/device.ts';
import {
  ActionsService,
  GetLogResponseSchema,
  GetMinerStatusResponseSchema,
  GetSupportArchiveResponseSchema,
  LogType,
  MinerService,
  MinerStatus,
  SupportArchiveFormat,
} from './contract/index.ts';
import { SECOND, type Visitor, visitor } from './sim.testing.ts';

const { getMinerStatus, getLog, getSupportArchive } = MinerService.method;

const states = ({ messages }: GrpcSaid) =>
  messages.map((bytes) => fromBinary(GetMinerStatusResponseSchema, bytes).status);

function openStatus(somebody: Visitor) {
  const call = somebody.open(getMinerStatus);
  const first = call.receive(new Uint8Array(), somebody.now);
  return {
    first,
    next: (ms: number) => call.next?.(somebody.after(ms).now) ?? { messages: [] },
    everyMs: call.everyMs,
  };
}

/** Reads a file in pieces to its end; throws where it ends otherwise. */
function readAll<I extends DescMessage>(
  somebody: Visitor,
  method: typeof getLog | typeof getSupportArchive,
  input: I,
  init: MessageInitShape<I>,
): { file: Uint8Array; pieces: number } {
  const call = somebody.open(method);
  const bytes: Uint8Array[] = [];
  let said = call.receive(toBinary(input, create(input, init)), somebody.now);
  for (let i = 0; i < 1000; i++) {
    for (const message of said.messages) {
      bytes.push(
        method === getLog
          ? fromBinary(GetLogResponseSchema, message).chunkData
          : fromBinary(GetSupportArchiveResponseSchema, message).chunkData,
      );
    }
    if (said.status !== undefined) break;
    said = call.next?.(somebody.now) ?? { messages: [] };
  }
  if (said.status?.code !== 0) throw new Error(`${said.status?.code}`);
  return { file: new Uint8Array(Buffer.concat(bytes)), pieces: bytes.length };
}

const log = (somebody: Visitor, logType: LogType) =>
  new TextDecoder().decode(readAll(somebody, getLog, getLog.input, { logType }).file);

describe('the stream of the status', () => {
  test('tells it at once, with each change, and every half minute', () => {
    const somebody = visitor();
    const { first, next, everyMs } = openStatus(somebody);
    expect(everyMs).toBe(1000);
    expect(states(first)).toEqual([MinerStatus.NORMAL]);
    expect(first.status).toBeUndefined();
    expect(states(next(SECOND))).toEqual([]);
    somebody.pause();
    expect(states(next(SECOND))).toEqual([MinerStatus.PAUSED]);
    expect(states(next(29 * SECOND))).toEqual([]);
    expect(states(next(SECOND))).toEqual([MinerStatus.PAUSED]);
    somebody.ask(ActionsService.method.resumeMining);
    expect(states(next(SECOND))).toEqual([MinerStatus.NORMAL]);
  });

  test('breaks when the machine starts anew', () => {
    const somebody = visitor();
    const { next } = openStatus(somebody);
    somebody.ask(ActionsService.method.reboot);
    expect(next(5 * SECOND)).toEqual({ messages: [], breaks: 'rst' });
  });

  test('is for who is logged in', () => {
    const somebody = visitor();
    somebody.token = null;
    expect(openStatus(somebody).first).toEqual({
      messages: [],
      status: { code: 16, message: 'Missing or invalid authentication token' },
    });
  });

  test('never pauses with endless-status-stream', () => {
    const { first, next, everyMs } = openStatus(visitor({ quirks: { 'endless-status-stream': true } }));
    expect(everyMs).toBe(1);
    expect(states(first)).toHaveLength(64);
    for (let i = 0; i < 100; i++) expect(next(1)).toMatchObject({ messages: { length: 64 } });
    expect(next(1).status).toBeUndefined();
  });

  test.each([
    ['goaway-in-stream', 'goaway'],
    ['rst-in-stream', 'rst'],
  ])('ends roughly with %s behind its first message', (quirk, breaks) => {
    const { first } = openStatus(visitor({ quirks: { [quirk]: true } }));
    expect(states(first)).toEqual([MinerStatus.NORMAL]);
    expect(first).toMatchObject({ breaks });
    expect(first.status).toBeUndefined();
  });
});

describe('a log', () => {
  test('is that of its program, up to now', () => {
    const somebody = visitor();
    expect(log(somebody, LogType.BOSER)).toMatch(
      /^2026-01-05T06:00:20\.000\d{3}Z INFO boser-buildroot 0\.1\.0-e6eaa788 /,
    );
    expect(log(somebody, LogType.DMESG)).toContain('Linux version 4.19.94');
    expect(log(somebody, LogType.MONITOR)).toContain('monitor started');
    expect(log(somebody, LogType.SYSLOG)).toContain('procd');
    expect(log(somebody, LogType.ERRORS)).toBe('');
    const before = log(somebody, LogType.BOSMINER);
    expect(before).toContain('hashboard 3: 126 chips');
    somebody.pause();
    const after = log(somebody, LogType.BOSMINER);
    expect(after.slice(0, before.length)).toBe(before);
    expect(after.slice(before.length)).toMatch(/^2026-01-05T08:00:00\.000\d{3}Z INFO mining paused\n$/);
  });

  test('comes in pieces', () => {
    const somebody = visitor();
    for (let i = 0; i < 400; i++) {
      somebody.pause();
      somebody.after(SECOND).ask(ActionsService.method.resumeMining);
    }
    const { file, pieces } = readAll(somebody, getLog, getLog.input, { logType: LogType.BOSMINER });
    expect(file.length).toBeGreaterThan(2 * 16_384);
    expect(pieces).toBe(Math.ceil(file.length / 16_384));
  });

  test('of no type is refused', () => {
    const { status } = visitor().say(getLog, {});
    expect(status?.code).toBe(3);
  });
});

describe('the archive for support', () => {
  test('is a ZIP file with the logs', () => {
    const somebody = visitor();
    const { file } = readAll(somebody, getSupportArchive, getSupportArchive.input, {
      format: SupportArchiveFormat.ZIP,
    });
    const view = new DataView(file.buffer, file.byteOffset);
    expect(view.getUint32(0, true)).toBe(0x04034b50);
    // The end of the central directory: seven files, and where their list begins.
    expect(view.getUint32(file.length - 22, true)).toBe(0x06054b50);
    expect(view.getUint16(file.length - 12, true)).toBe(7);
    expect(view.getUint32(view.getUint32(file.length - 6, true), true)).toBe(0x02014b50);
    const text = new TextDecoder().decode(file);
    expect(text).toContain('bos_version2026-05-07-0-e6eaa788-26.05-plus\n');
    expect(text).toContain('log/bosminer.log');
    // CRC-32 of the 33 bytes of the first file, by zlib.
    expect(view.getUint32(14, true)).toBe(0x54ba746a);
  });

  test('in the formats of the maker is of no use to others', () => {
    const somebody = visitor();
    for (const format of [SupportArchiveFormat.BOS, SupportArchiveFormat.ZIP_ENCRYPTED]) {
      const { file } = readAll(somebody, getSupportArchive, getSupportArchive.input, { format });
      expect(new TextDecoder().decode(file)).not.toContain('bosminer');
      expect(file.length).toBeGreaterThan(1000);
    }
    const unknown = 9 as SupportArchiveFormat;
    expect(somebody.say(getSupportArchive, { format: unknown }).status?.code).toBe(3);
  });
});
