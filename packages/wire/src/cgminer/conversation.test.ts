import { type Clock, HeadframeError, newMemory, type RawReply, type TcpLink } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { askCommand, first, readCommands } from './index.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What the device does with a command: a reply, an ending of the connection, or an error of the link. */
type Answer = string | HeadframeError | { readonly text: string; readonly ended: RawReply['ended'] };

/** A device as a table of answers; it notes what it was asked and gives each answer 10 ms later. */
class Device implements TcpLink {
  readonly asked: string[] = [];
  readonly clock: Clock = { now: () => this.time };
  private readonly answers: Readonly<Record<string, Answer>>;
  private time = 1_000_000;

  constructor(answers: Readonly<Record<string, Answer>>) {
    this.answers = answers;
  }

  async exchange(request: Uint8Array): Promise<RawReply> {
    const { command, parameter } = JSON.parse(decoder.decode(request)) as { command: string; parameter?: string };
    const key = parameter === undefined ? command : `${command}|${parameter}`;
    this.asked.push(key);
    this.time += 10;
    const answer = this.answers[key] ?? single('', 'E', 14, 'Invalid command');
    if (answer instanceof HeadframeError) throw answer;
    const { text, ended } = typeof answer === 'string' ? { text: answer, ended: 'fin' as const } : answer;
    return { bytes: encoder.encode(text), at: this.time, ms: 10, ended };
  }
}

const single = (section: string, letter = 'S', code = 11, msg = 'm'): string =>
  `{"STATUS":[{"STATUS":"${letter}","When":1,"Code":${code},"Msg":"${msg}"}]${section},"id":1}\0`;
const SUMMARY = single(',"SUMMARY":[{"Elapsed":9}]');
const POOLS = single(',"POOLS":[{"POOL":0}]', 'S', 7);
const STATS = single(',"STATS":[{"STATS":0}]', 'S', 70);
const NO = single('', 'E', 14, 'Invalid command');
const DENIED = single('', 'E', 45, "Access denied to 'x' command");

/** A joined reply of single ones. */
const join = (slots: Readonly<Record<string, string>>): string =>
  `{${Object.entries(slots).map(([name, reply]) => `"${name}":[${reply.slice(0, -1)}]`)},"id":1}\0`;

const timedOut = new HeadframeError('link/timed-out-waiting', { address: '10.0.0.1', afterMs: 5000, bytes: 0 });
const closedEmpty = new HeadframeError('link/closed-empty', { address: '10.0.0.1' });

const PLAN = { joined: ['summary', 'pools'] };
const read = (device: Device, plan = PLAN, memory = newMemory()) => readCommands(device, plan, memory, device.clock);
const codes = (replies: ReadonlyMap<string, { error: HeadframeError | null }>) =>
  [...replies].map(([id, { error }]) => [id, error?.code ?? 'ok']);

describe('a device that understands joins', () => {
  test('is asked once, and each reply knows the request that it came with', async () => {
    const text = join({ summary: SUMMARY, pools: POOLS });
    const device = new Device({ 'summary+pools': text });
    const replies = await read(device);
    expect(device.asked).toEqual(['summary+pools']);
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['pools', 'ok'],
    ]);
    const { meta, doc, raw } = replies.get('pools')!;
    expect(meta).toEqual({
      id: 'pools',
      request: 'summary+pools',
      at: 1_000_010,
      ms: 10,
      bytes: text.length,
      repairs: [],
      error: null,
    });
    expect(first(doc, 'POOLS').int('POOL')).toBe(0);
    expect(raw).toBe(replies.get('summary')?.raw);
  });

  test('and refuses one of the commands says so for that one only, with its own words', async () => {
    const device = new Device({ 'summary+pools': join({ summary: SUMMARY, pools: single('', 'E', 8, 'No pools') }) });
    const replies = await read(device);
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['pools', 'device/refused'],
    ]);
    const refused = replies.get('pools')!;
    expect(refused.doc).toBe(null);
    expect(refused.error?.context).toMatchObject({ request: 'pools', vendorCode: '8', vendorText: 'No pools' });
    expect(refused.meta.error?.code).toBe('device/refused');
    expect(refused.raw).not.toBe(null);
  });

  test('and warns or informs has answered', async () => {
    const device = new Device({
      'summary+pools': join({ summary: single('', 'W', 124), pools: single('', 'I', 88) }),
    });
    expect(codes(await read(device))).toEqual([
      ['summary', 'ok'],
      ['pools', 'ok'],
    ]);
  });

  test('and forgets the comma in stats is mended, and every reply of the join says so', async () => {
    const stats = single(',"STATS":[{"BMMiner":"2"}{"STATS":0}]', 'S', 70);
    const device = new Device({ 'summary+stats': join({ summary: SUMMARY, stats }) });
    const replies = await read(device, { joined: ['summary', 'stats'] });
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['stats', 'ok'],
    ]);
    for (const { meta } of replies.values()) expect(meta.repairs.map(({ kind }) => kind)).toEqual(['missing-comma']);
  });

  test('and leaves a command out has given no reply to it', async () => {
    const device = new Device({ 'summary+pools': join({ summary: SUMMARY }) });
    expect(codes(await read(device))).toEqual([
      ['summary', 'ok'],
      ['pools', 'protocol/wrong-shape'],
    ]);
    expect(device.asked).toEqual(['summary+pools']);
  });

  test('and puts all sections under one status is asked once, and a section that is not there alone', async () => {
    const batch = single(',"SUMMARY":[{"Elapsed":9}],"POOLS":[{"POOL":0}]', 'S', 22, 'Batch');
    const device = new Device({ 'summary+pools+metrics+stats': batch, stats: STATS });
    const memory = newMemory();
    const plan = { joined: ['summary', 'pools', 'metrics', 'stats'] };
    const replies = await read(device, plan, memory);
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['pools', 'ok'],
      ['metrics', 'support/unsupported'],
      ['stats', 'ok'],
    ]);
    expect(replies.get('metrics')?.error?.context).toMatchObject({ vendorCode: '14', vendorText: 'Invalid command' });
    expect(first(replies.get('pools')?.doc, 'POOLS').int('POOL')).toBe(0);
    expect(device.asked).toEqual(['summary+pools+metrics+stats', 'metrics', 'stats']);
    // What it does not have is remembered, and the join is good as it is.
    expect([...memory.absent.keys()]).toEqual(['metrics']);
    expect(memory.refusedJoins.size).toBe(0);
    await read(device, plan, memory);
    expect(device.asked.slice(3)).toEqual(['summary+pools+stats', 'summary', 'pools', 'stats']);
  });

  test('and answers in text is understood as well', async () => {
    const text =
      'CMD=summary|STATUS=S,When=1,Code=11,Msg=S|SUMMARY,Elapsed=9|CMD=pools|STATUS=E,When=1,Code=45,Msg=no|\0';
    const replies = await read(new Device({ 'summary+pools': text }));
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['pools', 'auth/address-not-allowed'],
    ]);
    expect(first(replies.get('summary')?.doc, 'SUMMARY').int('Elapsed')).toBe(9);
  });

  test('that resets behind a whole reply has given it', async () => {
    const text = join({ summary: SUMMARY, pools: POOLS });
    const replies = await read(new Device({ 'summary+pools': { text, ended: 'reset' } }));
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['pools', 'ok'],
    ]);
  });

  test('and sends no NUL has nothing to be mended', async () => {
    const text = join({ summary: SUMMARY, pools: POOLS }).slice(0, -1);
    const replies = await read(new Device({ 'summary+pools': { text, ended: 'silence' } }));
    expect(replies.get('summary')?.meta.repairs).toEqual([]);
  });

  test('is asked for a single command without a join', async () => {
    const device = new Device({ summary: SUMMARY });
    expect(codes(await read(device, { joined: ['summary'] }))).toEqual([['summary', 'ok']]);
    expect(device.asked).toEqual(['summary']);
  });
});

describe('a device that does not understand joins', () => {
  const answers = { summary: SUMMARY, pools: POOLS };
  const refusals: [string, Answer][] = [
    ['has no such command', NO],
    ['does not allow such a command', DENIED],
    ['closes the connection without a byte', closedEmpty],
    ['closes the connection without a byte, as the link may put it', ''],
    ['resets the connection', new HeadframeError('link/reset')],
    ['sends more than the limit', new HeadframeError('link/too-large', { limit: '1 MiB' })],
    ['sends something that cannot be read', '{"summary":[{"STATUS" 5'],
    ['sends a reply that is cut short', join({ summary: SUMMARY, pools: POOLS }).slice(0, -20)],
    ['answers the first command only', SUMMARY],
    ['answers with an empty object', '{"id":1}'],
  ];

  test.each(refusals)('and %s is asked one by one, and that is remembered', async (_, answer) => {
    const device = new Device({ ...answers, 'summary+pools': answer });
    const memory = newMemory();
    const replies = await read(device, PLAN, memory);
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['pools', 'ok'],
    ]);
    expect(replies.get('pools')?.meta).toMatchObject({ id: 'pools', request: 'pools' });
    expect([...memory.refusedJoins]).toEqual(['summary+pools']);
    await read(device, PLAN, memory);
    expect(device.asked).toEqual(['summary+pools', 'summary', 'pools', 'summary', 'pools']);
  });

  test('nor single commands is not said to refuse joins only', async () => {
    const device = new Device({ 'summary+pools': '{', summary: '{', pools: '{' });
    const memory = newMemory();
    expect(codes(await read(device, PLAN, memory))).toEqual([
      ['summary', 'protocol/truncated'],
      ['pools', 'protocol/truncated'],
    ]);
    expect(memory.refusedJoins.size).toBe(0);
  });

  test('because it does not serve our address costs two connections, and nothing is remembered', async () => {
    const device = new Device({ 'summary+pools': closedEmpty, summary: closedEmpty });
    const memory = newMemory();
    const replies = await read(device, PLAN, memory);
    expect(device.asked).toEqual(['summary+pools', 'summary']);
    expect(codes(replies)).toEqual([
      ['summary', 'link/closed-empty'],
      ['pools', 'link/closed-empty'],
    ]);
    expect(memory.refusedJoins.size).toBe(0);
  });
});

describe('a connection that fails', () => {
  const plan = { joined: ['summary', 'pools'], single: [{ id: 'asc_0', command: 'asc', parameter: '0' }] };

  test('ends the conversation: the rest gets its error and no further connection is opened', async () => {
    const device = new Device({ 'summary+pools': timedOut });
    const replies = await readCommands(device, plan, newMemory(), device.clock);
    expect(device.asked).toEqual(['summary+pools']);
    expect([...replies.values()].every(({ error }) => error?.code === 'link/timed-out-waiting')).toBe(true);
    expect(replies.get('summary')?.meta).toMatchObject({ request: 'summary+pools', ms: 10, bytes: 0 });
    expect(replies.get('asc_0')?.meta).toMatchObject({ id: 'asc_0', request: 'asc|0', ms: 0, at: 1_000_010 });
    expect(replies.get('summary')?.error?.message).toContain('10.0.0.1');
  });

  test('in the middle leaves what came before it', async () => {
    const device = new Device({ 'summary+pools': NO, summary: SUMMARY, pools: timedOut });
    const memory = newMemory();
    const replies = await readCommands(device, plan, memory, device.clock);
    expect(device.asked).toEqual(['summary+pools', 'summary', 'pools']);
    expect(codes(replies)).toEqual([
      ['summary', 'ok'],
      ['pools', 'link/timed-out-waiting'],
      ['asc_0', 'link/timed-out-waiting'],
    ]);
    expect(memory.refusedJoins.size).toBe(0);
  });

  test('is also one to the web server of a machine whose mining program is gone', async () => {
    const device = new Device({ 'summary+pools': 'Socket connect failed: Connection refused\n' });
    expect(codes(await read(device))).toEqual([
      ['summary', 'link/refused'],
      ['pools', 'link/refused'],
    ]);
    expect(device.asked).toEqual(['summary+pools']);
  });

  test('of a mistake of ours is an internal error of that reply', async () => {
    const device = new Device({});
    device.exchange = () => Promise.reject(new TypeError('oops'));
    const reply = await askCommand(device, device.clock, { id: 'x', command: 'version' });
    expect(reply.error?.code).toBe('internal');
  });
});

describe('a command that the device does not have or does not allow', () => {
  test('is remembered with its reply and not asked again, in a join or alone', async () => {
    const device = new Device({
      'summary+devs+pools': join({ summary: SUMMARY, devs: DENIED, pools: POOLS }),
      'summary+pools': join({ summary: SUMMARY, pools: POOLS }),
    });
    const memory = newMemory();
    const plan = { joined: ['summary', 'devs', 'pools'], single: [{ id: 'temps', command: 'temps' }] };
    const before = await readCommands(device, plan, memory, device.clock);
    expect(codes(before)).toEqual([
      ['summary', 'ok'],
      ['devs', 'auth/address-not-allowed'],
      ['pools', 'ok'],
      ['temps', 'support/unsupported'],
    ]);
    expect([...memory.absent.keys()]).toEqual(['devs', 'temps']);
    const after = await readCommands(device, plan, memory, device.clock);
    expect(device.asked).toEqual(['summary+devs+pools', 'temps', 'summary+pools']);
    expect(codes(after)).toEqual(codes(before));
    expect(after.get('devs')).toBe(before.get('devs'));
    expect(after.get('devs')?.meta.at).toBeLessThan(after.get('summary')!.meta.at);
  });

  test('leaves a join of one, which is asked alone', async () => {
    const device = new Device({ 'summary+devs': join({ summary: SUMMARY, devs: NO }), summary: SUMMARY });
    const memory = newMemory();
    for (let poll = 0; poll < 2; poll++) await read(device, { joined: ['summary', 'devs'] }, memory);
    expect(device.asked).toEqual(['summary+devs', 'summary']);
  });

  test('and nothing else to ask costs no connection', async () => {
    const device = new Device({});
    const memory = newMemory();
    for (let poll = 0; poll < 2; poll++) await read(device, { joined: ['temps'] }, memory);
    expect(device.asked).toEqual(['temps']);
  });
});

describe('one command', () => {
  test('has the id that it was given, and names a parameter only when it is a plain number', async () => {
    const device = new Device({ 'voltageget|2': STATS, 'logon|hunter2': STATS });
    const ask = (id: string, command: string, parameter: string) =>
      askCommand(device, device.clock, { id, command, parameter });
    const plain = await ask('voltageget_2', 'voltageget', '2');
    expect(plain.meta).toMatchObject({ id: 'voltageget_2', request: 'voltageget|2' });
    expect(plain.doc).not.toBe(null);
    const secret = await ask('logon', 'logon', 'hunter2');
    expect(JSON.stringify(secret.meta)).not.toContain('hunter2');
  });

  test('that does not fit is a mistake of the caller, and nothing is sent', async () => {
    const device = new Device({});
    const reply = await askCommand(device, device.clock, { id: 'x', command: 'x'.repeat(5000) });
    expect(reply.error?.code).toBe('usage/invalid');
    expect(device.asked).toEqual([]);
  });

  test('with a reply that cannot be read keeps the bytes for whoever looks', async () => {
    const device = new Device({ version: 'what?' });
    const reply = await askCommand(device, device.clock, { id: 'version', command: 'version' });
    expect(reply.error?.code).toBe('protocol/malformed');
    expect(reply.error?.context.request).toBe('version');
    expect(decoder.decode(reply.raw ?? undefined)).toBe('what?');
  });
});
