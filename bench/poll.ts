import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createMiner } from '@headframe/client';
import type { BenchRow } from './measure.ts';

/*
 * What a poll costs this process: a joined summary+stats+pools of an Antminer to a finished snapshot, against a bare
 * loop on the same server. The server is a child, so that its CPU does not count.
 */

const POLLS = 150;
const ROUNDS = 50;
const REQUEST = '{"command":"summary+stats+pools"}\n';

async function server(...args: string[]): Promise<{ port: number; child: ChildProcess }> {
  const script = fileURLToPath(new URL('./device-server.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@headframe/source', script, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = (await once(child, 'message')) as [number];
  return { port, child };
}

/** The least that can be done: callbacks, one concat, one JSON.parse. */
function bare(port: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connectSocket(port, '127.0.0.1');
    socket.on('connect', () => socket.write(REQUEST));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
      resolve(JSON.parse(bytes.toString('utf8', 0, end)));
    });
  });
}

async function cpuOf(poll: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < POLLS; i++) await poll();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / POLLS;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

export async function run(): Promise<BenchRow[]> {
  const { port, child } = await server();
  const miner = createMiner({ host: '127.0.0.1', family: 'antminer', ports: { cgminer: port } });
  const ratios: number[] = [];
  const ours: number[] = [];
  const least: number[] = [];
  try {
    await miner.read();
    for (let round = 0; round < ROUNDS; round++) {
      const a = await cpuOf(() => bare(port));
      const b = await cpuOf(() => miner.read());
      // The first rounds warm both up.
      if (round < 4) continue;
      ratios.push(b / a);
      least.push(a);
      ours.push(b);
    }
  } finally {
    child.disconnect();
  }
  const detail = `${median(ours).toFixed(0)} us against ${median(least).toFixed(0)} us of CPU`;
  return [
    {
      name: 'a joined poll of an Antminer, a snapshot against a bare loop',
      ratio: median(ratios),
      limit: 1.7,
      unit: 'x',
      detail,
    },
  ];
}
