import { machineName } from '@headframe/model';
import { loadCapture, serveReplay } from '@headframe/simulator';
import { wholeNumber } from '../options.ts';
import { oneLine } from '../output/plain-text.ts';
import { untilAskedToEnd } from '../until-asked-to-end.ts';

interface ReplayCommandOptions {
  port?: string;
  password?: string;
  json?: boolean;
}

/** `headframe replay`: a recorded machine on a real port, until it is interrupted. */
export async function replayCommand(folder: string, options: ReplayCommandOptions): Promise<number> {
  const capture = loadCapture(folder);
  const replay = await serveReplay(capture, {
    ...(options.port === undefined ? {} : { port: wholeNumber(options.port, '--port', 1, 65_535) }),
    ...(options.password === undefined ? {} : { password: options.password }),
  });
  const end = untilAskedToEnd();
  const { address, ports, missing } = replay;
  if (options.json) {
    const several = Object.keys(ports).length > 1;
    process.stdout.write(`${JSON.stringify({ address, ...(several ? { ports } : {}) })}\n`);
  } else {
    const identity = capture.identification?.identity;
    const what =
      identity === undefined
        ? 'A machine that no family knows'
        : (machineName(identity.make, identity.model) ?? identity.family);
    const doors = Object.entries(ports).map(([over, port]) => `${over} ${port}`);
    process.stdout.write(`${oneLine(what)} is at ${address} (${doors.join(', ')}).\n`);
    if (missing.length > 0) process.stdout.write(`Not recorded: ${missing.join(', ')}.\n`);
    process.stdout.write(`Read it: ./headframe get ${address}\nIt lives until Ctrl-C.\n`);
  }
  await end;
  await replay.close();
  return 0;
}
