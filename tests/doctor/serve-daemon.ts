import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFleet } from '@headframe/fleet';

/* A daemon of a network namespace, at the address and port that are given, without machines of its own. */

const [, , host = '', port = ''] = process.argv;
const dataDirectory = mkdtempSync(join(tmpdir(), 'headframe-other-'));
await startFleet({ host, port: Number(port), dataDirectory, pageDirectory: null, log: null });
process.stdout.write('ready\n');
