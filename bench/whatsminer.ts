import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { open, seal, tokenKeys } from '@headframe/wire/whatsminer';
import { type BenchRow, compare, cpuMs } from './measure.ts';

/*
 * What the writes of a WhatsMiner cost: two md5crypts once per token, and per command one sealing and one opening. Beside
 * it what the same costs with the runtime's own hashes and ciphers, which a package without Node cannot use.
 */

const SIGN_MS = 2;
const SEAL_AND_OPEN_MS = 0.1;

export async function run(): Promise<BenchRow[]> {
  return [...signing(), ...sealing()];
}

const PARTS = { salt: 'BQ5hoXV9', newsalt: 'jbzkfQls', time: '5626' } as const;
const ROUNDS = 1000;

/** The rounds of one md5crypt with the runtime's MD5, and nothing of what makes its text: the least it could cost. */
function bareRounds(password: string, salt: string): Buffer {
  let sum: Buffer = createHash('md5')
    .update(password + salt)
    .digest();
  for (let round = 0; round < ROUNDS; round++) {
    const hash = createHash('md5');
    hash.update(round % 2 === 0 ? sum : password);
    if (round % 3 !== 0) hash.update(salt);
    if (round % 7 !== 0) hash.update(password);
    hash.update(round % 2 === 0 ? password : sum);
    sum = hash.digest();
  }
  return sum;
}

function signing(): BenchRow[] {
  let counter = 0;
  // Every token has other salts, and no password the same key.
  const ours = () => tokenKeys({ ...PARTS, password: `pw_${counter++}` });
  const theirs = () => {
    const key = bareRounds(`pw_${counter++}`, PARTS.salt).toString('base64').slice(0, 22);
    return bareRounds(key + PARTS.time, PARTS.newsalt);
  };
  const compared = inTurns(ours, theirs, { batch: 4, rounds: 41 });
  return [
    { name: 'sign, once per token: two md5crypts', ratio: compared.ourMs, limit: SIGN_MS, unit: 'ms' },
    {
      name: 'sign, beside the bare rounds with the runtime’s MD5',
      ratio: compared.ourMs / compared.theirMs,
      limit: 1.2,
      unit: 'x',
      detail: `${compared.ourMs.toFixed(2)} ms against ${compared.theirMs.toFixed(2)} ms`,
    },
  ];
}

/** A command of ordinary length, and its reply. */
const COMMAND = JSON.stringify({
  cmd: 'update_pools',
  pool1: 'stratum+tcp://pool.example.com:3333',
  worker1: 'account.worker1',
  passwd1: 'x',
  ...{ pool2: '', worker2: '', passwd2: '', pool3: '', worker3: '', passwd3: '' },
  token: 'w.BNbkCV6n1aNWgiBWLzT/',
});
const REPLY = '{"STATUS":"S","When":1643187652,"Code":131,"Msg":"API command OK","Description":""}';

function sealing(): BenchRow[] {
  const { aesKey } = tokenKeys({ ...PARTS, password: 'admin' });
  const sealedReply = seal(REPLY, aesKey);
  const ours = () => {
    seal(COMMAND, aesKey);
    return open(sealedReply, aesKey);
  };
  const theirs = () => {
    const cipher = createCipheriv('aes-256-ecb', aesKey, null);
    Buffer.concat([cipher.update(COMMAND), cipher.final()]).toString('base64');
    const decipher = createDecipheriv('aes-256-ecb', aesKey, null).setAutoPadding(false);
    return Buffer.concat([decipher.update(sealedReply, 'base64'), decipher.final()]).toString();
  };
  const { ratio, detail } = compare(ours, theirs);
  const { ourMs } = inTurns(ours, theirs, { batch: 200, rounds: 21 });
  return [
    { name: 'seal and open one command', ratio: ourMs, limit: SEAL_AND_OPEN_MS, unit: 'ms' },
    { name: 'seal and open, beside the runtime’s AES', ratio, limit: 10, unit: 'x', detail },
  ];
}

/** Medians of CPU time a run, ms: in turns, so that what else the machine does meets both. */
function inTurns(
  ours: () => unknown,
  theirs: () => unknown,
  { batch, rounds }: { readonly batch: number; readonly rounds: number },
): { readonly ourMs: number; readonly theirMs: number } {
  const once = (run: () => unknown): number =>
    cpuMs(() => {
      for (let i = 0; i < batch; i++) run();
    }) / batch;
  // Warm first: what is measured is a program that runs.
  for (let i = 0; i < 20; i++) once(i % 2 === 0 ? ours : theirs);
  const a: number[] = [];
  const b: number[] = [];
  for (let round = 0; round < rounds; round++) {
    a.push(once(ours));
    b.push(once(theirs));
  }
  return { ourMs: middle(a), theirMs: middle(b) };
}

const middle = (values: number[]): number => values.sort((x, y) => x - y)[values.length >> 1] ?? Number.NaN;
