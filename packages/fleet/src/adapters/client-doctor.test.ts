import { type AddressInfo, createServer, type Server } from 'node:net';
import { poolAccountsFrom } from '@headframe/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Past } from '../ports.ts';
import { clientDoctor } from './client-doctor.ts';
import { systemClock } from './system-clock.ts';

/* The doctor over real sockets: what it asks with, not what it makes of it. */

const ADDRESS = '127.97.9.1';
const VERSION = '{"STATUS":[{"STATUS":"E","When":1,"Code":45,"Msg":"Access denied","Description":"x"}],"id":1}';

let server: Server;
let port: number;
let heard: string;

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        heard += bytes;
        socket.end(VERSION);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, ADDRESS, resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(() => server.close());

const past = (more: Partial<Past> = {}): Past => ({
  firmware: { before: null, now: '1', changedAt: null },
  failures: [],
  lastAnswerAt: 5,
  lastUptimeS: 60,
  mac: null,
  pollEveryS: 10,
  subject: { family: 'cgminer', make: null, model: null, firmware: null },
  ports: {},
  worker: null,
  ...more,
});
const signal = () => new AbortController().signal;

describe('the doctor of the daemon', () => {
  test('asks a machine at the ports at which it is polled', async () => {
    const { examination } = await clientDoctor({ clock: systemClock }).examine(
      ADDRESS,
      past({ ports: { cgminer: port } }),
      signal(),
    );
    expect(heard).toContain('version');
    expect(examination.ports[port]).toMatchObject({ value: 'open' });
    expect(examination.history).toMatchObject({ value: { lastUptimeS: 60 } });
  });

  test('looks for a machine at the pool under the name that it gave itself', async () => {
    const asked: unknown[] = [];
    const accounts = poolAccountsFrom({ texts: ['ckpool@http://127.97.9.1:1:alice'], env: {} });
    const doctor = clientDoctor({
      clock: systemClock,
      pools: (...of) => {
        asked.push([...of, accounts(...of)?.worker]);
        return accounts(...of);
      },
    });
    const { examination } = await doctor.examine(`${ADDRESS}:${port}`, past({ worker: 'alice.rig3' }), signal());
    expect(asked).toEqual([[ADDRESS, 'alice.rig3', 'rig3']]);
    expect(examination.pool).toMatchObject({ notSeen: expect.stringContaining('ckpool') });
  });

  test('shows a password to machines of the fleet alone', async () => {
    const families: string[] = [];
    const doctor = clientDoctor({
      clock: systemClock,
      credentials: (_host, family) => {
        families.push(family);
        return { username: 'root', password: 'hunter2' };
      },
    });
    await doctor.examine(`${ADDRESS}:${port}`, null, signal());
    expect(families).toEqual([]);
    await doctor.examine(
      `${ADDRESS}:${port}`,
      past({ subject: { ...past().subject, family: 'whatsminer' } }),
      signal(),
    );
    expect(heard).not.toContain('hunter2');
  });
});
