import { HeadframeError } from '@headframe/model';
import type { Client, ClientChannel } from 'ssh2';
import { type Deadline, type StopReason, stoppedBefore } from '../../links/deadline.ts';
import { sizeInWords } from '../../links/limits.ts';
import { plainLine } from './plain-line.ts';
import { quoted, type Ran, type RunLimits } from './shell.ts';

/** A connection that is logged in. */
interface Over {
  readonly client: Client;
  readonly address: string;
  readonly deadline: Deadline;
}

/** What a command may print, and a file that goes up may hold. */
const MOST_BYTES = 256 * 1024;
const RUN_MS = 10_000;

/** Runs one command; `input` is what it reads. */
export function runOver(over: Over, command: string, limits: RunLimits = {}, input = ''): Promise<Ran> {
  const { client, address, deadline } = over;
  if (deadline.stopped !== null) return Promise.reject(stoppedBefore(deadline, deadline.stopped, address));
  const most = Math.min(limits.maxBytes ?? MOST_BYTES, MOST_BYTES);
  const timeoutMs = limits.timeoutMs ?? RUN_MS;
  const request = `\`${plainLine(command, 80)}\` over SSH`;
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    let code: number | null = null;
    let ended = false;
    let channel: ClientChannel | null = null;
    const settle = (cut: Ran['cut'], error: HeadframeError | null) => {
      clearTimeout(limit);
      deadline.unwatch(stop);
      client.off('close', gone);
      if (cut !== null) channel?.destroy();
      if (error === null || (limits.keepPart === true && cut !== null)) {
        resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString(), cut });
      } else reject(error);
    };
    const late = () =>
      settle(
        'timed-out',
        new HeadframeError('link/timed-out-waiting', { address, request, afterMs: timeoutMs, bytes }),
      );
    const gone = () => settle('closed', new HeadframeError('link/reset', { address, request }));
    const stop = (reason: StopReason) => {
      if (reason === 'late') late();
      else settle(null, new HeadframeError('link/cancelled', { address, request }));
    };
    const limit = setTimeout(late, timeoutMs);
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      const room = most - bytes;
      into.push(chunk.subarray(0, room));
      bytes += Math.min(chunk.length, room);
      if (chunk.length <= room) return;
      const limit = sizeInWords(most);
      settle('too-large', new HeadframeError('link/too-large', { address, request, limit }));
    };
    deadline.watch(stop);
    client.once('close', gone);
    try {
      client.exec(command, (failed, stream) => {
        if (failed !== undefined) {
          const vendorText = plainLine(failed.message);
          return settle(null, new HeadframeError('device/refused', { address, request, vendorText }));
        }
        channel = stream;
        stream.on('data', take(out));
        stream.stderr.on('data', take(err));
        stream.on('error', () => {});
        stream.on('exit', (status: number | null) => {
          ended = true;
          code = status;
        });
        // Without the end of the command it was the connection, or a server that ends commands on its own.
        stream.on('close', () => (ended ? settle(null, null) : gone()));
        stream.end(input);
      });
    } catch {
      gone();
    }
  });
}

/** Writes a file over `cat`, as few of these machines have SFTP. */
export async function uploadOver(over: Over, path: string, text: string): Promise<void> {
  const { address } = over;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be in a path
  if (!/^\/[^\x00-\x1f]+$/.test(path)) {
    throw new HeadframeError('usage/invalid', { detail: 'A file on the machine is named by its whole path' });
  }
  if (Buffer.byteLength(text) > MOST_BYTES) {
    const detail = `A file of more than ${sizeInWords(MOST_BYTES)} is not written over SSH; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  const { code, err } = await runOver(over, `cat > ${quoted(path)}`, {}, text);
  if (code === 0) return;
  const vendorText = plainLine(err) || 'no reason given';
  throw new HeadframeError('device/refused', { address, request: `writing ${path} over SSH`, vendorText });
}
