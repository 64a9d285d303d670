import { seenValue } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { cgminerProgram, DEVICES, page } from '../devices.testing.ts';
import { closedPort, httpServer, type OnConnection, tcpServer } from '../links/loopback.testing.ts';
import { lookAtDevice } from './device-look.testing.ts';

/* Devices of one dialect each, typed to protocols.md 3, 5, 7 and 8. */

const refusedBy = (text: string) => `{"STATUS":"E","When":1790000000,"Code":14,"Msg":"${text}","Description":""}`;
const got = (code: number, msg: string) =>
  `{"STATUS":"S","When":1790000000,"Code":${code},"Msg":${msg},"Description":"whatsminer"}`;

const WHATSMINER: Readonly<Record<string, string>> = {
  version: refusedBy('invalid cmd'),
  get_version: got(
    131,
    '{"api_ver":"2.0.5","fw_ver":"20220110.01.REL","platform":"H6OS","chip":"K","miner_type":"M50S"}',
  ),
  summary:
    '{"STATUS":[{"STATUS":"S","Msg":"Summary"}],"SUMMARY":[{"Elapsed":90,"MHS av":1000.5,"Accepted":3,"Temperature":70.0}],"id":1}',
};

describe('a WhatsMiner', () => {
  test('gives a token, and does not tell its write switch on 4028', async () => {
    const token = got(134, '{"time":"5626","salt":"BQ5hoXV9","newsalt":"jbzkfQls"}');
    const cgminer = await tcpServer(cgminerProgram({ ...WHATSMINER, get_token: token }));
    const { seen } = await lookAtDevice({ cgminer: [cgminer], http: [await closedPort()] }, { quick: true });
    expect(seen.subject).toMatchObject({ family: 'whatsminer', by: 'read' });
    expect(seenValue(seen.whatsminer)).toEqual({ tokenGiven: true, writes: null });
    // What makes a token stays out of everything that is kept.
    expect(JSON.stringify(seen)).not.toMatch(/BQ5hoXV9|jbzkfQls/);
  });

  test('that has too many tokens gives none, with its code', async () => {
    const cgminer = await tcpServer(cgminerProgram({ ...WHATSMINER, get_token: got(136, '"over max connect"') }));
    const { seen } = await lookAtDevice({ cgminer: [cgminer], http: [await closedPort()] }, { quick: true });
    expect(seenValue(seen.whatsminer)).toMatchObject({ tokenGiven: false });
  });
});

describe('a LuxOS machine', () => {
  test.each([
    ['somebody', '"SESSION":[{"SessionID":"xK9aB2cD"}]', 'xK…'],
    ['nobody', '"SESSION":[{"SessionID":""}]', null],
  ])('tells that %s holds its session, and its id is not kept', async (_who, session, value) => {
    const reply = `{"STATUS":[{"STATUS":"S","When":1790000000,"Code":319,"Msg":"Session"}],${session},"id":1}`;
    const cgminer = await tcpServer(cgminerProgram({ ...DEVICES.luxos, session: reply }));
    const { seen } = await lookAtDevice({ cgminer: [cgminer], http: [await closedPort()] }, { quick: true });
    expect(seenValue(seen.luxosSession)).toBe(value);
    expect(JSON.stringify(seen)).not.toContain('xK9aB2cD');
  });
});

describe('a BraiinsOS machine', () => {
  test('is told by each of its doors', async () => {
    const version =
      '{"STATUS":[{"STATUS":"S","When":1790000000,"Code":22,"Msg":"BOSer versions"}],"VERSION":[{"API":"3.7","BOSer":"boser 26"}],"id":1}';
    const cgminer = await tcpServer(cgminerProgram({ version }));
    const http = await httpServer(page(401, {}, '<title>Braiins OS</title>'));
    const grpc = await closedPort();
    const { seen } = await lookAtDevice({ cgminer: [cgminer], http: [http], grpc: [grpc] }, { quick: true });
    expect(seenValue(seen.braiins)).toEqual({
      grpc: expect.stringMatching(/refused/),
      http: 'denied',
      cgminer: 'answers',
    });
  });
});

describe('an ethminer', () => {
  /** Answers each line by its method. */
  const rig =
    (answers: Readonly<Record<string, string>>): OnConnection =>
    (socket) =>
      socket.on('data', (bytes) => {
        const { id, method } = JSON.parse(bytes.toString()) as { id: number; method: string };
        const said = answers[method];
        if (said !== undefined) socket.write(`{"id":${id},"jsonrpc":"2.0",${said}}\n`);
      });
  const STAT =
    '"result":["ethminer-0.19.0","21","22000;51;0","22000","0;0;0","off","60;40","pool.example:3333","0;0;0;0"]';
  const remembered = {
    subject: { family: 'ethminer', make: null, model: null, firmware: 'ethminer' },
    firmware: { before: null, now: null, changedAt: null },
    lastAnswerAt: null,
    lastUptimeS: null,
    failures: [],
    mac: null,
    pollEveryS: null,
  };

  test('answers its ping and its statistics', async () => {
    const ethminer = await tcpServer(rig({ miner_ping: '"result":"pong"', miner_getstat1: STAT }));
    const ports = { ethminer: [ethminer], cgminer: [await closedPort()], http: [await closedPort()] };
    const { seen } = await lookAtDevice(ports, { remembered, quick: true });
    expect(seenValue(seen.ethminer)).toEqual({ pingAnswered: true, statAnswered: true });
    expect(seen.subject.apiPort).toBe(ethminer);
  });

  test('with a password that nobody knows says -403 to both', async () => {
    const no = '"error":{"code":-403,"message":"Authorization needed"}';
    const ethminer = await tcpServer(rig({ miner_ping: no, miner_getstat1: no }));
    const ports = { ethminer: [ethminer], cgminer: [await closedPort()], http: [await closedPort()] };
    const { seen } = await lookAtDevice(ports, { remembered, quick: true });
    expect(seen.api.map(({ value }) => value.outcome)).toEqual(['denied', 'denied']);
    expect(seen.api[0]?.value.vendorCode).toBe('-403');
  });

  test('that hangs is silent twice and is left alone', async () => {
    const ethminer = await tcpServer(rig({}));
    const ports = { ethminer: [ethminer], cgminer: [await closedPort()], http: [await closedPort()] };
    const { seen } = await lookAtDevice(ports, { remembered, replyMs: 40 });
    expect(seenValue(seen.ethminer)).toEqual({ pingAnswered: false, statAnswered: false });
    expect(seen.api.map(({ value }) => value.outcome)).toEqual(['silent']);
    expect(seen.again.map(({ value }) => value.outcome)).toEqual(['silent']);
  });
});
