import { startStranger } from '@headframe/simulator';

/* A printer of a network namespace, at the address that is given. */

const [, , address = ''] = process.argv;
await startStranger({ kind: 'printer', address });
process.stdout.write('ready\n');
