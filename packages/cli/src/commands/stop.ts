import { stopDaemon } from '@headframe/fleet';
import { dataFolder } from '../data-folder.ts';

/** `headframe stop`: ends the daemon of this data folder and waits until it is gone. None running is no failure. */
export async function stopCommand(options: { data?: string }): Promise<number> {
  const result = await stopDaemon(dataFolder(options.data));
  if (result === null) {
    process.stdout.write('No daemon runs here.\n');
    return 0;
  }
  if (result.stopped) {
    process.stdout.write(`Stopped the daemon at http://${result.address}.\n`);
    return 0;
  }
  process.stderr.write(`The daemon took the request and still answers; its process is ${result.pid}.\n`);
  return 1;
}
