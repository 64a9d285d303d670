import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tcpServer } from '../links/loopback.testing.ts';
import { record } from './recorder.ts';

/* A WhatsMiner's port 4433 as protocols.md 3.6 has it: the forms are from there, the values are made up. */

const INFO =
  '{"code":0,"when":1795000000,"msg":{"miner":{"type":"M60S_VK40","miner-sn":"HTM60SX7"},"salt":"BQ5hoXV9","system":{"api":"3.0.2"}},"desc":"get.device.info"}';
const UNKNOWN = '{"code":-2,"when":1795000000,"msg":"invalid command","desc":""}';

/** Heartbeats come before each reply; what is no frame is closed. Requests of ours come whole. */
function machine(socket: Socket): void {
  socket.on('data', (bytes: Buffer) => {
    if (bytes.readUInt32LE() !== bytes.length - 4) return socket.end();
    const { cmd } = JSON.parse(bytes.toString('utf8', 4));
    const body = Buffer.from(cmd === 'get.device.info' ? INFO : UNKNOWN);
    const length = Buffer.from([body.length & 0xff, body.length >> 8, 0, 0]);
    return socket.write(Buffer.concat([Buffer.alloc(4), length, body]));
  });
}

test('the recording of a WhatsMiner on port 4433 has one file for each command that it answers, without what is secret', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'headframe-record-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const into = join(parent, 'machine');
  // An address of its own: what is asked beside that port is nobody's.
  const address = '127.0.44.1';
  const port = await tcpServer(machine, address);
  const clock = { now: () => 1_795_000_000_000 };
  const recording = await record(address, { into, clock, ports: { whatsminer: [port] }, replyTimeoutMs: 300 });
  expect(readdirSync(into).sort()).toEqual(['get_device_info.json', 'get_device_info.raw', 'recording.json']);
  expect(recording).toMatchObject({
    family: 'whatsminer',
    requests: [
      { over: 'whatsminer', ask: 'get.device.info', file: 'get_device_info.json', raw: 'get_device_info.raw' },
    ],
    without: ['get.miner.status'],
  });
  const raw = readFileSync(join(into, 'get_device_info.raw'), 'utf8');
  expect(raw).toMatch(
    /^\{"code":0,"when":1795000000,"msg":\{"miner":\{"type":"M60S_VK40","miner-sn":"[A-Z]{3}\d\d[A-Z]{2}\d"\}/,
  );
  expect(raw).toContain('"salt":"x"');
  expect(raw).not.toContain('HTM60SX7');
});
