import { verifyDigest } from '@headframe/wire/http';
import { describe, expect, test } from 'vitest';
import { antminerLogin, cgminerProgram, DEVICES } from './devices.testing.ts';
import { grpcServer } from './links/grpc-server.testing.ts';
import { answering, httpServer, tcpServer } from './links/loopback.testing.ts';
import { askRaw } from './raw.ts';

const at = (port: number) => `127.0.0.1:${port}`;

describe('one raw request', () => {
  test('to the API gives the document and the bytes, without a question who it is', async () => {
    const asked: string[] = [];
    const port = await tcpServer(cgminerProgram(DEVICES.antminer, asked));
    const answer = await askRaw(at(port), 'version');
    expect(answer).toMatchObject({ over: 'cgminer', address: at(port), status: null, error: null });
    expect(answer.doc).toMatchObject({ VERSION: [{ API: '3.1' }] });
    expect(asked).toEqual(['version']);
  });

  test('for several commands gives their documents by name', async () => {
    const port = await tcpServer(cgminerProgram(DEVICES.antminer));
    const { doc } = await askRaw(at(port), 'version+summary');
    expect(Object.keys(doc as object)).toEqual(['version', 'summary']);
  });

  test('in the text form goes without a line feed', async () => {
    const requests: string[] = [];
    const port = await tcpServer(
      answering((request) => {
        requests.push(request);
        return 'STATUS=S,When=1,Code=22,Msg=CGMiner versions|VERSION,CGMiner=4.11.1,API=3.7|\0';
      }),
    );
    await askRaw(at(port), 'privileged', { form: 'text' });
    expect(requests).toEqual(['privileged']);
  });

  test('that cannot be read still gives the bytes', async () => {
    const port = await tcpServer(answering(() => '\u0001\u0002'));
    const answer = await askRaw(at(port), 'version');
    expect([...answer.bytes]).toEqual([1, 2]);
    expect(answer.error?.code).toMatch(/^protocol\//);
  });

  test('for a page logs in with what is known', async () => {
    const users = { realm: 'antMiner Configuration', users: { root: 'secret-1' } };
    const port = await httpServer((request, response) => {
      if (verifyDigest(request.headers.authorization ?? '', 'GET', users)) response.end('{"a":1}');
      else antminerLogin(request, response);
    });
    const path = '/cgi-bin/summary.cgi';
    expect(await askRaw(at(port), path)).toMatchObject({ over: 'http', status: 401 });
    const credentials = { username: 'root', password: 'secret-1' };
    expect(await askRaw(at(port), path, { credentials })).toMatchObject({ status: 200, doc: { a: 1 } });
  });

  test('to a method of gRPC takes and gives messages in hexadecimal', async () => {
    let asked: unknown = null;
    const { port } = await grpcServer(async (call) => {
      asked = [call.method, (await call.said()).map((message) => message.toString('hex'))];
      call.answer([Uint8Array.of(0x08, 1, 0x10, 11)]);
    });
    const answer = await askRaw(at(port), 'maker.Machine/Do', { parameter: '0A0161' });
    expect(answer).toMatchObject({ over: 'grpc', address: at(port), doc: '0801100b', error: null, status: null });
    expect([...answer.bytes]).toEqual([8, 1, 16, 11]);
    expect(asked).toEqual(['maker.Machine/Do', ['0a0161']]);
    await expect(askRaw(at(port), 'maker.Machine/Do', { parameter: '0a0' })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });

  test('to a method of gRPC whose contract is known takes and gives documents', async () => {
    let asked: string[] = [];
    let reply: Uint8Array = Uint8Array.of(0x08, 1);
    const { port } = await grpcServer(async (call) => {
      asked = (await call.said()).map((message) => message.toString('hex'));
      call.answer([reply]);
    });
    const method = 'braiins.bos.v1.ActionsService/SetLocateDeviceStatus';
    // enable 1 of the request, enabled 1 of the reply.
    expect((await askRaw(at(port), method, { parameter: '{"enable":true}' })).doc).toEqual({ enabled: true });
    expect(asked).toEqual(['0801']);
    await expect(askRaw(at(port), method, { parameter: '{"enabel":true}' })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
    // A number that never ends.
    reply = Uint8Array.of(0x08, 0xff);
    await expect(askRaw(at(port), method)).rejects.toMatchObject({ code: 'protocol/malformed' });
  });

  test('to a method of gRPC that is refused says so', async () => {
    const { port } = await grpcServer((call) => call.refuse('16'));
    await expect(askRaw(at(port), 'maker.Machine/Do')).rejects.toMatchObject({ code: 'auth/required' });
  });

  test('without an answer says why and what to do', async () => {
    const port = await tcpServer((socket) => socket.end());
    await expect(askRaw(at(port), 'version')).rejects.toMatchObject({
      code: 'link/closed-empty',
      message: expect.stringContaining('api-allow'),
    });
  });
});

test.each(['/shutdown', '/shutdown?now', '//shutdown', '/%73hutdown', '/SHUTDOWN'])(
  '%s of port 6060 is never sent, not even raw',
  async (path) => {
    await expect(askRaw('127.0.0.1:6060', path)).rejects.toMatchObject({ code: 'usage/not-allowed' });
  },
);
