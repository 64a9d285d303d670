import type { ShellSeen } from '@headframe/model';

/** cgminer's own words when its API port is taken, or cannot be opened (`protocols.md` 1.1). */
const BIND_FAILED = /API bind|Address already in use|API listen failed|API will not be available/i;

const isOff = (value: string | null | undefined) => value === 'false' || value === '0';

/** What a shell on the machine tells of who listens; null: nothing that decides it. */
export function listening(shell: ShellSeen, port: number): { listens: boolean; words: string } | null {
  const sockets = shell.listensOn.filter((socket) => socket.endsWith(`:${port}`));
  const isLoopback = (socket: string) => /^(127\.|\[?::1\]?:|localhost:)/.test(socket);
  const open = sockets.find((socket) => !isLoopback(socket));
  if (open !== undefined) return { listens: true, words: open };
  if (shell.logLines.some((line) => BIND_FAILED.test(line))) {
    return { listens: false, words: 'its log says that the API port could not be opened (Address already in use)' };
  }
  if (sockets.length > 0) return { listens: false, words: `it listens on ${sockets[0]} alone, the loopback address` };
  if (shell.minerRuns === false) return { listens: false, words: 'the mining program does not run' };
  if (isOff(shell.config?.listen)) return { listens: false, words: 'api-listen is false in its configuration' };
  if (isOff(shell.config?.network)) return { listens: false, words: 'api-network is false in its configuration' };
  return null;
}
