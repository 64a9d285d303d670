import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Found, ProbeEvidence } from '@headframe/client';
import { HeadframeError } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { clientPoller } from './client-poller.ts';
import { eventOf } from './client-scanner.ts';
import { systemClock } from './system-clock.ts';

const found = (more: Partial<Found>): Found => ({
  address: '10.0.0.5',
  host: '10.0.0.5',
  kind: 'unknown',
  family: null,
  identity: null,
  ports: {},
  what: null,
  evidence: [],
  ...more,
});

const evidence = (more: Partial<ProbeEvidence>): ProbeEvidence => ({
  port: 4028,
  over: 'cgminer',
  ask: 'version',
  code: 'protocol/malformed',
  said: 'SSH-2.0',
  ...more,
});

describe('what a find of the scan means to the daemon', () => {
  test('a machine is polled where it answered', () => {
    expect(eventOf(found({ kind: 'miner', family: 'luxos', ports: { cgminer: 4028, http: 8080 } }))).toEqual({
      kind: 'miner',
      target: { address: '10.0.0.5', ports: { cgminer: 4028, http: 8080 }, family: 'luxos' },
    });
  });

  test('a known machine that wants a password is shown; a login that nobody can name is only counted', () => {
    const known = eventOf(found({ kind: 'needs-credentials', family: 'antminer', ports: { http: 80 } }));
    expect(known).toMatchObject({ kind: 'needs-credentials', target: { family: 'antminer' } });
    expect(eventOf(found({ kind: 'needs-credentials' }))).toEqual({ kind: 'needs-credentials', target: null });
  });

  test('garbage at the port of miners is shown; a web server there, a printer and a lamp are not', () => {
    expect(eventOf(found({ evidence: [evidence({})] }))).toEqual({
      kind: 'unreadable',
      target: { address: '10.0.0.5', ports: { cgminer: 4028 }, family: null },
    });
    const web = [evidence({ said: 'HTTP/1.1 400' }), evidence({ over: 'http', ask: '/', code: null })];
    expect(eventOf(found({ evidence: web }))).toEqual({ kind: 'other-device' });
    expect(eventOf(found({ kind: 'not-a-miner', evidence: [evidence({})] }))).toEqual({ kind: 'other-device' });
    expect(eventOf(found({ evidence: [evidence({ code: 'link/reset', said: null })] }))).toEqual({
      kind: 'other-device',
    });
  });
});

describe('reading over real sockets', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function device(says: string): Promise<{ cgminer: number }> {
    const own = createServer((socket) => socket.on('error', () => {}).end(says));
    server = own;
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
    return { cgminer: (own.address() as AddressInfo).port };
  }

  const poller = () => clientPoller({ clock: systemClock, timeoutMs: 5_000 });
  const failure = (promise: Promise<unknown>): Promise<HeadframeError> =>
    promise.then(
      () => expect.fail('it should have failed'),
      (thrown: unknown) => {
        expect(thrown).toBeInstanceOf(HeadframeError);
        return thrown as HeadframeError;
      },
    );

  test.each(['cgminer', null])('garbage arrives with its first bytes (family told: %s)', async (family) => {
    const ports = await device('SSH-2.0-dropbear\r\n');
    const target = { address: '127.0.0.1', ports, family };
    const error = await failure(poller().poll(target, new AbortController().signal));
    expect(error.code).toBe('protocol/malformed');
    expect(error.context.firstBytes).toContain('SSH-2.0-dropbear');
  });

  test('a machine that was forgotten is asked again who it is', async () => {
    const ports = await device('SSH-2.0-dropbear\r\n');
    const target = { address: '127.0.0.1', ports, family: 'antminer' };
    const own = poller();
    own.forget(target);
    const error = await failure(own.poll(target, new AbortController().signal));
    expect(error.context.firstBytes).toContain('SSH-2.0-dropbear');
  });

  test('a poll that is aborted ends', async () => {
    const controller = new AbortController();
    const own = createServer((socket) => {
      socket.on('error', () => {});
      controller.abort();
    });
    server = own;
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
    const ports = { cgminer: (own.address() as AddressInfo).port };
    const error = await failure(poller().poll({ address: '127.0.0.1', ports, family: 'cgminer' }, controller.signal));
    expect(error.code).toBe('link/cancelled');
  });
});
