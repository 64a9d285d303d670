import { createServer, connect as dial, type Server } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import { connect } from '@headframe/client';
import { afterEach, describe, expect, test } from 'vitest';
import { listening } from './cli.testing.ts';
import { type Controlled, control } from './control.testing.ts';

/*
 * What the reference says around its commands: the transport, and the firmware that is not simulated. Expectations are
 * typed from protocols.md 0, 1.1, 7.1 and 9.
 */

let made: Controlled | undefined;
let server: Server | undefined;
afterEach(async () => {
  await made?.close();
  server?.close();
  made = undefined;
  server = undefined;
});

test.each([
  ['cgminer', 'two-boards', true],
  ['antminer', 's19-pro', true],
  ['avalon', 'q', true],
  ['luxos', 's19k-pro', false],
])('C-054 a %s takes one line of JSON on port 4028 and answers with one document', async (family, profile, hasNul) => {
  made = await control(family, profile);
  const socket = dial(made.served.ports.cgminer ?? 0, '127.0.0.1');
  socket.write('{"command":"summary"}\n');
  // To the end of the connection, which the machine ends.
  const text = await textFrom(socket);
  expect(text.endsWith('\0')).toBe(hasNul);
  const doc = JSON.parse(text.replace(/\0$/, '')) as Record<string, unknown[]>;
  expect(doc.STATUS?.[0]).toMatchObject({ STATUS: 'S', Code: 11 });
  expect(doc.SUMMARY?.[0]).toMatchObject({ Elapsed: expect.any(Number) });
  expect(made.device().label.family).toBe(family);
});

/** A program on port 4028 that says who it is and refuses everything else; and what it was asked. */
async function program(msg: string, version: Record<string, string>) {
  const asked: string[] = [];
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      if (bytes[0] !== 0x7b) return socket.destroy();
      const { command } = JSON.parse(bytes.toString()) as { command: string };
      asked.push(command);
      const isKnown = command === 'version';
      const STATUS = [
        { STATUS: isKnown ? 'S' : 'E', When: 1, Code: isKnown ? 22 : 14, Msg: isKnown ? msg : 'Invalid command' },
      ];
      return socket.end(JSON.stringify({ STATUS, ...(isKnown && { VERSION: [version] }), id: 1 }));
    });
  });
  return { address: await listening(server), asked };
}

describe('firmware that is not simulated', () => {
  const DAEMON = 'dcentrald/1.4.2';
  test.each([
    ['C-058 Braiins OS', 'BOSer versions', { API: '3.7', BOSer: 'boser-openwrt 0.1.0-11012d53' }, 'braiins-os'],
    [
      'C-060 DCENT_OS',
      'Miner versions',
      { CGMiner: DAEMON, BMMiner: DAEMON, Miner: DAEMON, API: '3.7', Type: 'Antminer S9', Firmware: 'DCENTOS' },
      'dcent-os',
    ],
  ])(
    '%s is called by its name on port 4028, read, and changed by nothing of ours',
    async (_, msg, version, firmware) => {
      const { address, asked } = await program(msg, version);
      const miner = await connect(address);
      expect(miner.family.id).toBe('cgminer');
      const seen = await miner.read();
      expect(seen.identity).toMatchObject({ firmware, apiVersion: '3.7' });
      // What is told on gRPC or a web page alone is a gap, not a value.
      expect(seen.powerW).toBeNull();
      expect(seen.gaps.map(({ path }) => path)).toContain('/powerW');
      expect(miner.capabilities.filter(({ action }) => action !== null)).toEqual([]);
      const before = asked.length;
      for (const name of ['switchPool', 'addPool', 'restartMiner']) {
        await expect(miner.plan(name, { pool: 0 })).rejects.toMatchObject({ code: 'support/unsupported' });
      }
      expect(asked).toHaveLength(before);
    },
  );
});
