import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import {
  ask,
  ask3,
  bytesOf,
  connect,
  type Doc,
  device,
  envelopeOf,
  framed,
  give,
  MINUTE,
  NOW,
  record,
  type Token,
  tell,
  token,
  understood,
  unframed,
  write3,
} from './sim.testing.ts';

const FIRMWARE = `headframe simulated firmware\nversion: 20260110.12.Rel\nmodel: M60S_VK40\n\n${'\0\x01\xff'.repeat(5000)}`;

function sized(file: string, size?: number): Buffer {
  const bytes = Buffer.from(file, 'latin1');
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(size ?? bytes.length);
  return Buffer.concat([prefix, bytes]);
}

const LATER = NOW + 10 * MINUTE;

describe('firmware on port 4028', () => {
  function ready(on: SimulatedDevice): Token {
    const own = token(on);
    const reaction = give(on, envelopeOf({ cmd: 'update_firmware', token: own.sign }, own.key));
    expect(understood(bytesOf(reaction).toString(), own.key)).toMatchObject({
      Code: 131,
      Msg: 'ready',
      wasSealed: true,
    });
    expect(reaction.end).toBe('keep');
    return own;
  }

  test('comes behind `ready` with its size, in whatever pieces, and is answered when it is written', () => {
    const on = device('m60s');
    const { key } = ready(on);
    const bytes = sized(FIRMWARE);
    for (const [from, to] of [
      [0, 2],
      [2, 9],
      [9, 10_000],
    ] as const) {
      expect(give(on, bytes.subarray(from, to))).toEqual({ chunks: [], end: 'keep' });
    }
    const last = give(on, bytes.subarray(10_000));
    expect(last.end).toBe('fin');
    expect(last.chunks[0]?.afterMs).toBe(2000);
    expect(understood(bytesOf(last).toString(), key)).toMatchObject({ Code: 131, Msg: 'Updated', wasSealed: true });
    expect(record(on, 'get_version')).toMatchObject({ fw_ver: '20251209.16.Rel2' });
    expect(on.listening('cgminer', NOW + 4000)).toBe(false);
    expect(record(on, 'get_version', LATER)).toMatchObject({ fw_ver: '20260110.12.Rel' });
    expect(record(on, 'status', LATER)).toMatchObject({ FirmwareVersion: '20260110.12.Rel' });
  });

  test.each([
    ['is none', sized('nothing of the kind')],
    ['is for another model', sized(FIRMWARE.replace('M60S_VK40', 'M50S_VH30'))],
    ['has no size', sized('', 0)],
    ['has 4 GB', sized(FIRMWARE, 0xffff_ffff)],
  ])('is refused when it %s, and the machine stays as it is', (_, bytes) => {
    const on = device('m60s');
    const { key } = ready(on);
    const reaction = give(on, bytes);
    expect(reaction.end).toBe('fin');
    expect(understood(bytesOf(reaction).toString(), key)).toMatchObject({ STATUS: 'E', Code: 132 });
    expect(record(on, 'get_version', LATER)).toMatchObject({ fw_ver: '20251209.16.Rel2' });
  });

  test('is forgotten when its client went away: the next request is a request again', () => {
    const on = device('m60s');
    ready(on);
    give(on, sized(FIRMWARE).subarray(0, 500));
    expect(ask(on, 'status')).toMatchObject({ Code: 131 });
    ready(on);
    expect(bytesOf(give(on, 'status', NOW + 11_000)).toString()).toContain('"Code":23');
  });

  test('finds the connection closed behind `ready` where a machine does that', () => {
    const on = device('m60s', { 'closes-after-ready': true });
    expect(tell(on, 'update_firmware')).toMatchObject({ Msg: 'ready' });
    const { sign, key } = token(on);
    expect(give(on, envelopeOf({ cmd: 'update_firmware', token: sign }, key)).end).toBe('fin');
  });
});

describe('the log', () => {
  const text = (archive: Buffer): string => gunzipSync(archive).subarray(512).toString().replace(/\0+$/, '');

  test('follows its reply on port 4028 after 10 ms, as long as was said', () => {
    const on = device('m60s');
    tell(on, 'set_low_power');
    const { sign, key } = token(on);
    const { chunks, end } = give(on, envelopeOf({ cmd: 'download_logs', token: sign }, key));
    expect([chunks.map(({ afterMs }) => afterMs), end]).toEqual([[0, 10], 'fin']);
    const reply = understood(Buffer.from(chunks[0]?.bytes ?? []).toString(), key);
    expect(reply).toMatchObject({ Code: 131, Msg: { logfilelen: String(chunks[1]?.bytes.length) } });
    const log = text(Buffer.from(chunks[1]?.bytes ?? []));
    expect(log).toContain('2026-11-18 21:06:40 api set_low_power\n');
    expect(log).not.toContain('Miner_01');
  });

  test('can come in one piece with its reply', () => {
    const on = device('m60s', { 'log-in-one-segment': true });
    const { sign, key } = token(on);
    const { chunks } = give(on, envelopeOf({ cmd: 'download_logs', token: sign }, key));
    expect(chunks).toHaveLength(1);
    const bytes = Buffer.from(chunks[0]?.bytes ?? []);
    const split = bytes.indexOf('}') + 1;
    expect(text(bytes.subarray(split))).toContain('boot\n');
    expect(understood(bytes.subarray(0, split).toString(), key)).toMatchObject({ Code: 131 });
  });

  test('never ends on a machine that has lost its mind', () => {
    const on = device('m60s', { 'endless-log': true });
    const { sign, key } = token(on);
    const { chunks, end } = give(on, envelopeOf({ cmd: 'download_logs', token: sign }, key));
    const said = Number((understood(Buffer.from(chunks[0]?.bytes ?? []).toString(), key).Msg as Doc).logfilelen);
    expect(chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(100 * said);
    expect(end).toBe('silence');
  });

  test('comes unframed on port 4433, in pieces of 10 KB, and the connection goes on', () => {
    const to = connect(device('m60s'));
    const { chunks, end } = to.receive(framed('{"cmd":"get.log.download"}'), NOW);
    const [head, ...pieces] = chunks;
    const { bodies } = unframed(Buffer.from(head?.bytes ?? []));
    const archive = Buffer.concat(pieces.map(({ bytes }) => bytes));
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ code: 0, msg: { logsize: String(archive.length) } });
    expect(Math.max(...pieces.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(10_240);
    expect(text(archive)).toContain('btminer start\n');
    expect(end).toBe('keep');
    expect(ask3(to, 'get.fan.setting')).toMatchObject({ code: 0 });
  });
});

describe('firmware on port 4433', () => {
  test('comes behind `ready`, its answer is framed, and a request may follow in the same piece', () => {
    const on = device('m60s');
    const to = connect(on);
    const request = write3(to, 'set.system.update_firmware', undefined, {});
    const first = to.receive(framed(JSON.stringify(request)), NOW);
    expect(JSON.parse(unframed(bytesOf(first)).bodies[0] ?? '')).toMatchObject({
      code: 0,
      msg: 'ready',
      desc: 'set.system.update_firmware',
    });
    const bytes = Buffer.concat([sized(FIRMWARE), framed('{"cmd":"get.fan.setting"}')]);
    expect(to.receive(bytes.subarray(0, 3), NOW)).toEqual({ chunks: [], end: 'keep' });
    const last = to.receive(bytes.subarray(3), NOW);
    expect(unframed(bytesOf(last)).bodies.map((body) => JSON.parse(body))).toMatchObject([
      { code: 0, msg: 'ok', desc: 'set.system.update_firmware' },
      { code: 0, desc: 'get.fan.setting' },
    ]);
    expect(ask3(connect(on, LATER), 'get.device.info', 'system', LATER).msg).toMatchObject({
      system: { fwversion: '20260110.12.Rel' },
    });
  });

  test('that is none is refused with -1', () => {
    const to = connect(device('m60s'));
    to.receive(framed(JSON.stringify(write3(to, 'set.system.update_firmware', undefined, {}))), NOW);
    const reply = unframed(bytesOf(to.receive(sized('no firmware'), NOW))).bodies[0] ?? '';
    expect(JSON.parse(reply)).toMatchObject({ code: -1, desc: 'set.system.update_firmware' });
  });
});
