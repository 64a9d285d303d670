import { expect, test } from 'vitest';
import { encodeCall, requestText } from './request.ts';

const sent = (...given: Parameters<typeof encodeCall>) => new TextDecoder().decode(encodeCall(...given));

test('a request is one line, and its id comes first', () => {
  expect(sent(1, { method: 'miner_ping' })).toBe('{"id":1,"jsonrpc":"2.0","method":"miner_ping"}\n');
});

test('a nonce of 64 bits is written with all of its digits', () => {
  const params = { noncescrambler: 16704043538687679721n, segmentwidth: 38 };
  expect(sent(7, { method: 'miner_setscramblerinfo', params })).toBe(
    '{"id":7,"jsonrpc":"2.0","method":"miner_setscramblerinfo","params":{"noncescrambler":16704043538687679721,"segmentwidth":38}}\n',
  );
});

test('a line feed within a text does not end the request', () => {
  const text = sent(2, { method: 'miner_addconnection', params: { uri: 'a\n"b' } });
  expect(text.indexOf('\n')).toBe(text.length - 1);
  expect(text).toContain('"uri":"a\\n\\"b"');
});

test('a request that does not fit into one packet is not sent', () => {
  const long = { method: 'miner_addconnection', params: { uri: 'x'.repeat(1_200) } };
  expect(() => encodeCall(1, long)).toThrow(expect.objectContaining({ code: 'usage/invalid' }));
});

test.each([-1, 1.5, 4_294_967_296, Number.NaN])('the id %s, which ethminer refuses, is never sent', (id) => {
  expect(() => requestText(id, { method: 'miner_ping' })).toThrow(expect.objectContaining({ code: 'internal' }));
});
