import { createServer } from 'node:net';
import type { Protocol } from '@headframe/model';

/*
 * Where the machines of a farm live: on Linux every loopback address 127.x.y.z is ours to use, so that each machine
 * has an address of its own and its ports are the real ones. Elsewhere only 127.0.0.1 is there: own ports then.
 */

/** The second byte of the first block: 127.20.0.1, far from what people bind by hand. */
const FIRST_BLOCK = 20;
export const BLOCKS = 8;
/** Machines that one block 127.B.0.0/16 can hold. */
export const BLOCK_SIZE = 250 * 254;

/** The address of a machine in a block: bytes of 0 and 255 are left out, some programs take them for broadcasts. */
export function addressIn(block: number, index: number): string {
  return `127.${FIRST_BLOCK + block}.${Math.floor(index / 254)}.${(index % 254) + 1}`;
}

/** The machine after so many others, counted from an address that the user gave. Null behind 127.255.255.254. */
export function addressFrom(base: string, index: number): string | null {
  const [a = 0, b = 0, c = 0, d = 0] = base.split('.').map(Number);
  let number = ((a * 256 + b) * 256 + c) * 256 + d;
  for (let left = index; left > 0; number++) {
    const last = (number + 1) % 256;
    if (last !== 0 && last !== 255) left--;
  }
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);
  return bytes[0] === a ? bytes.join('.') : null;
}

/** The code of the system's error when a port cannot be listened on; null when it can. */
export function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'unknown'));
    server.listen({ host, port }, () => server.close(() => done(null)));
  });
}

/** Whether addresses of 127.0.0.0/8 other than 127.0.0.1 can be used. */
export const hasLoopbackRange = async (): Promise<boolean> => (await tryListen('127.20.255.254', 0)) === null;

export const hostAndPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** A port that the user may bind in the place of one that they may not: 80 is served on 10080. */
export const standInFor = (port: number): number => 10_000 + port;

/** Ports of protocols of one machine. */
export type Ports = Readonly<Partial<Record<Protocol, number>>>;

/**
 * Looks at the ports that a block needs, on its first address.
 * @returns `taken`: somebody listens there; `standIns`: ports that this user may not bind, with what is used instead
 */
export async function probeBlock(
  address: string,
  ports: readonly number[],
): Promise<{ taken: number | null; standIns: Map<number, number> }> {
  const standIns = new Map<number, number>();
  for (const port of ports) {
    let code = await tryListen(address, port);
    if (code === 'EACCES') {
      standIns.set(port, standInFor(port));
      code = await tryListen(address, standInFor(port));
    }
    if (code !== null) return { taken: port, standIns };
  }
  return { taken: null, standIns };
}
