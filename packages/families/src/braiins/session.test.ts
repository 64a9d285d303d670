import { HeadframeError, type Links } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { ActionsService, callOf, MinerService, PerformanceService, UpgradeService } from './contract/index.ts';
import { chooseDoor } from './doors.ts';
import { Machine, ROOT } from './machine.testing.ts';
import { callGrpc, callRest, grpcDoor, restDoor, streamGrpc } from './session.ts';

const STATUS = MinerService.method.getMinerStatus;
const DETAILS = MinerService.method.getMinerDetails;

const errorOf = async (promise: Promise<unknown>): Promise<HeadframeError> =>
  promise.then(
    () => Promise.reject(new Error('it was let in')),
    (error: HeadframeError) => error,
  );

/** The links, and what was sent beside each request. */
function watched(machine: Machine, links: Links = machine.links()) {
  const sent: (string | undefined)[] = [];
  const { grpc, http } = links;
  if (grpc === undefined || http === undefined) throw new Error('a door is missing');
  return {
    sent,
    links: {
      ...links,
      grpc: {
        ...grpc,
        unary: (call, message) => {
          sent.push(call.metadata?.authorization);
          return grpc.unary(call, message);
        },
      },
      http: {
        ...http,
        http: (request) => {
          sent.push(request.headers?.authorization);
          return http.http(request);
        },
      },
    } satisfies Links,
  };
}

describe('the login of BraiinsOS', () => {
  test('is done once, and its token goes with every call, without a scheme word', async () => {
    const machine = new Machine();
    const { links, sent } = watched(machine);
    await callGrpc(links, DETAILS);
    await callGrpc(links, DETAILS);
    expect(sent).toEqual([undefined, 'token1', 'token1']);
    expect(machine.logins).toBe(1);
    await callRest(links, { method: 'GET', path: 'miner/details' });
    // Whether one door takes the token of the other is not known.
    expect(sent.slice(3)).toEqual([undefined, 'token2']);
  });

  test('is kept with the credentials for the next conversation', async () => {
    const machine = new Machine();
    await callGrpc(machine.links(), DETAILS);
    await callGrpc(machine.links(), DETAILS);
    expect(machine.logins).toBe(1);
    machine.tokens.clear();
    await callGrpc(machine.links(), DETAILS);
    expect(machine.logins).toBe(2);
  });

  test('takes the token from the header of the reply, where older releases gave it', async () => {
    const machine = new Machine();
    machine.tokenIn = 'header';
    const { links, sent } = watched(machine);
    expect((await callGrpc(links, DETAILS)).doc.hostname).toBe('rig7');
    expect(sent).toEqual([undefined, 'token1']);
  });

  test('is renewed once when the token is over, at either door', async () => {
    const machine = new Machine();
    const { links } = watched(machine);
    await callGrpc(links, DETAILS);
    await callRest(links, { method: 'GET', path: 'miner/details' });
    machine.valid.clear();
    expect((await callGrpc(links, DETAILS)).doc.hostname).toBe('rig7');
    expect((await callRest(links, { method: 'GET', path: 'miner/details' })).doc).toMatchObject({ hostname: 'rig7' });
    expect(machine.logins).toBe(4);
  });

  test.each(['grpc', 'rest'] as const)('ends at the second refusal, and never goes round: %s', async (door) => {
    const machine = new Machine();
    machine.takesNoToken = true;
    const { links, sent } = watched(machine);
    const asked =
      door === 'grpc' ? callGrpc(links, DETAILS) : callRest(links, { method: 'GET', path: 'miner/details' });
    expect((await errorOf(asked)).code).toBe('auth/rejected');
    expect(sent).toHaveLength(2);
  });

  test('with a wrong password is a refusal that tells nobody the name or the password', async () => {
    const machine = new Machine();
    const links = machine.links({ username: 'root', password: 'hunter2' });
    for (const asked of [
      errorOf(callGrpc(links, DETAILS)),
      errorOf(callRest(links, { method: 'GET', path: 'miner/details' })),
    ]) {
      const error = await asked;
      expect(error.code).toBe('auth/rejected');
      expect(JSON.stringify([error.message, error.context])).not.toMatch(/hunter2|no such user/);
    }
  });

  test('that is not known is asked for, and nothing is sent', async () => {
    const machine = new Machine();
    const links = machine.links(null);
    expect((await errorOf(callGrpc(links, DETAILS))).code).toBe('auth/required');
    expect((await errorOf(callRest(links, { method: 'GET', path: 'miner/stats' }))).code).toBe('auth/required');
    expect(machine.heard).toEqual([]);
  });

  test('that is answered with a token no header can hold is no login', async () => {
    const machine = new Machine();
    machine.pages['POST /api/v1/auth/login'] = { token: 'a\r\nx-evil: 1', timeout_s: 3600 };
    const error = await errorOf(callRest(machine.links(), { method: 'GET', path: 'miner/stats' }));
    expect(error.code).toBe('protocol/wrong-shape');
    expect(error.message).not.toContain('x-evil');
  });
});

describe('a stream', () => {
  test('gives its messages as documents', async () => {
    const machine = new Machine();
    const got = [];
    for await (const doc of streamGrpc(machine.links(), STATUS)) got.push(doc);
    expect(got).toEqual([{ status: 2 }, { status: 2 }, { status: 2 }]);
  });

  test('whose token is over before it begins begins again with a new one', async () => {
    const machine = new Machine();
    await callGrpc(machine.links(), DETAILS);
    machine.valid.clear();
    const got = [];
    for await (const doc of streamGrpc(machine.links(), STATUS)) got.push(doc);
    expect(got).toHaveLength(3);
    expect(machine.logins).toBe(2);
  });

  test('whose token ends in the middle of it has ended: what came is not asked for again', async () => {
    const machine = new Machine();
    machine.api.GetMinerStatus = (times: number) => {
      if (times === 2) throw new HeadframeError('auth/required', { vendorCode: 'UNAUTHENTICATED' });
      return { status: 2 };
    };
    const got: unknown[] = [];
    const reading = (async () => {
      for await (const doc of streamGrpc(machine.links(), STATUS)) got.push(doc);
    })();
    expect((await errorOf(reading)).code).toBe('auth/expired');
    expect(got).toHaveLength(1);
  });

  test('that goes up has a new login, as it could not be sent twice', async () => {
    const machine = new Machine();
    const links = machine.links();
    await callGrpc(links, DETAILS);
    const call = { method: callOf(UpgradeService.method.systemUpgrade) };
    await grpcDoor(links).upload(call, [new Uint8Array([1])]);
    expect(machine.logins).toBe(2);
    machine.takesNoToken = true;
    expect((await errorOf(grpcDoor(links).upload(call, []))).code).toBe('auth/rejected');
  });
});

describe('a request', () => {
  test('that does not fit its type is not sent', async () => {
    const machine = new Machine();
    const error = await errorOf(
      callGrpc(machine.links(), PerformanceService.method.setPowerTarget, { power_target: 'much' }),
    );
    expect(error.code).toBe('usage/invalid');
    expect(machine.heard).toEqual([]);
  });

  test.each([
    [403, 'auth/rejected'],
    [404, 'support/unsupported'],
    [409, 'device/refused'],
    [503, 'device/busy'],
  ])('that REST answers with %d is %s', async (status, code) => {
    const machine = new Machine();
    const body = new TextEncoder().encode('no such thing');
    machine.pages['PUT /api/v1/actions/pause'] = { status, headers: {}, body, at: 0, ms: 1 };
    const error = await errorOf(callRest(machine.links(), { method: 'PUT', path: 'actions/pause' }));
    expect(error.code).toBe(code);
    if (status === 409) expect(error.context).toMatchObject({ vendorCode: '409', vendorText: 'no such thing' });
  });

  test('that is answered without a body has no document', async () => {
    const machine = new Machine();
    machine.pages['PUT /api/v1/actions/reboot'] = { status: 204, headers: {}, body: new Uint8Array(), at: 0, ms: 1 };
    expect((await callRest(machine.links(), { method: 'PUT', path: 'actions/reboot' })).doc).toBeNull();
  });

  test('without a port has no door', async () => {
    const links = { clock: { now: () => 0 }, credentials: ROOT };
    expect(() => grpcDoor(links)).toThrow(/50051/);
    expect(() => restDoor(links)).toThrow(/80/);
    expect((await errorOf(callGrpc(links, ActionsService.method.start))).code).toBe('link/refused');
  });
});

describe('the door to go through', () => {
  test('is gRPC where it answers, without a login', async () => {
    const machine = new Machine();
    expect(await chooseDoor(machine.links(null))).toBe('grpc');
    expect(machine.logins).toBe(0);
  });

  test.each(['link/refused', 'link/timed-out-connecting', 'link/unreachable'] as const)(
    'is REST where 50051 is %s',
    async (code) => {
      const machine = new Machine();
      machine.closed.grpc = new HeadframeError(code);
      expect(await chooseDoor(machine.links())).toBe('rest');
    },
  );

  test('is none where the web server is one of before 25.07', async () => {
    const machine = new Machine();
    machine.closed.grpc = new HeadframeError('link/timed-out-connecting');
    machine.hasRest = false;
    expect((await errorOf(chooseDoor(machine.links()))).code).toBe('link/timed-out-connecting');
  });

  test('is not gone around where it is open and silent', async () => {
    const machine = new Machine();
    machine.closed.grpc = new HeadframeError('link/timed-out-waiting');
    expect((await errorOf(chooseDoor(machine.links()))).code).toBe('link/timed-out-waiting');
    expect(machine.heard).toEqual([]);
  });
});
