import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshAccess } from '@headframe/client';
import { type Foreign, programPath, startForeign } from './foreign.ts';

/*
 * A real OpenSSH server as the one on a machine: its own configuration, keys and folder, no PAM, public keys alone. Whoever
 * logs in is the user who runs the tests; what the doctor sees from inside is this computer.
 */

export const SSH_PORT = 2222;

/** Why no such server can run here, as a sentence; null: it can. */
export function whyNoSshServer(): string | null {
  if (process.platform !== 'linux') return 'the server is looked for on Linux';
  if (process.getuid?.() !== 0) return null;
  // It gives up its rights for another user's before anybody has logged in: that user has to be there.
  const [, , length = '0'] = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/);
  return Number(length) > 65_536 ? null : 'root of a user namespace has no other users, which the server needs';
}

/** Why no file system can be mounted for one program alone; null: it can. */
export function whyNoMount(): string | null {
  const probe = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/tmp'], { encoding: 'utf8' });
  return whyNoSshServer() ?? (probe.status === 0 ? null : `no file system can be mounted here: ${probe.stderr.trim()}`);
}

/** Keys, each a pair of files; outside of /tmp, which a test fills. */
export class SshFolder {
  readonly path = mkdtempSync('/var/tmp/headframe-sshd-');

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string, mode = 0o600): string {
    writeFileSync(this.at(name), text, { mode });
    return this.at(name);
  }

  makeKey(name: string, type: 'ed25519' | 'rsa' = 'ed25519'): void {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', this.at(name)]);
  }

  /** As OpenSSH's own tool prints it. */
  fingerprint(name: string): string {
    const said = execFileSync('ssh-keygen', ['-l', '-E', 'sha256', '-f', this.at(`${name}.pub`)], { encoding: 'utf8' });
    return said.split(' ')[1] ?? '';
  }

  /** The login of a person with this key. */
  access(key: string, more: Partial<SshAccess> = {}): SshAccess {
    const credentials = { username: userInfo().username, password: '' };
    const privateKey = readFileSync(this.at(key), 'utf8');
    return { credentials, port: SSH_PORT, privateKey, hostKey: null, ...more };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface SshServerOptions {
  readonly address: string;
  readonly hostKey: string;
  /** Whose login it accepts. */
  readonly key: string;
  /** Further lines of its configuration. */
  readonly lines?: readonly string[];
  /** It has a /tmp of its own, so large, with a file in it. */
  readonly tmp?: { readonly kb: number; readonly usedKb: number };
}

/** What it prints tells each connection, and each thing that a client asked for before and after its login. */
export async function startSshServer(folder: SshFolder, options: SshServerOptions): Promise<Foreign> {
  const { address, hostKey, key, lines = [], tmp } = options;
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const config = folder.write(
    'sshd_config',
    [
      `Port ${SSH_PORT}`,
      `ListenAddress ${address}`,
      `AuthorizedKeysFile ${folder.at(`${key}.pub`)}`,
      `PidFile ${folder.at('sshd.pid')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'UsePAM no',
      'StrictModes no',
      'PrintMotd no',
      'PrintLastLog no',
      'LogLevel DEBUG1',
      ...lines,
      '',
    ].join('\n'),
  );
  const server = [programPath('sshd') ?? 'sshd', '-D', '-e', '-f', config, '-h', folder.at(hostKey)];
  const script =
    'mount -t tmpfs -o "size=$1k" tmp /tmp && dd if=/dev/zero of=/tmp/miner.log bs=1k "count=$2" status=none && shift 2 && exec "$@"';
  const command =
    tmp === undefined
      ? server
      : ['unshare', '-m', 'sh', '-c', script, 'sh', String(tmp.kb), String(tmp.usedKb), ...server];
  return startForeign(command, /Server listening on/);
}

/** A process and all that descend from it, by what the kernel says now. */
export function familyOfProcess(pid: number): number[] {
  let children = '';
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    // It has ended meanwhile.
  }
  const pids = children.split(' ').filter(Boolean).map(Number);
  return [pid, ...pids.flatMap(familyOfProcess)];
}
