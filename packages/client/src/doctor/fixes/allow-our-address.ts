import { isIP } from 'node:net';
import { HeadframeError, type SentStep } from '@headframe/model';
import { configurationPaths } from '../shell/firmware-facts.ts';
import { plainLine } from '../shell/plain-line.ts';
import { quoted, type Shell } from '../shell/shell.ts';
import { withOurAddress } from './access-list.ts';
import type { Done, Fixing, FixKind, FixTarget } from './fix.ts';
import { findRestart, inShell, restartBy } from './in-shell.ts';

/**
 * Step 11, and safer than it: `W:0/0` would let every machine of the network change pools (protocols.md 1.7), so our one
 * address is added. Saving pools in the stock web page puts the list back to that of the factory (2.4).
 */
export const allowOurAddress: FixKind = {
  fix: 'allow-our-address',
  needs: ['family', 'ssh'],
  changes: true,
  does: ({ host, access = 'W' }) =>
    `Adds the address of this computer, and no other, to api-allow in the configuration of ${host} over SSH (${access === 'W' ? 'for reading and changing' : 'for reading'}), keeps the file as it was beside it, and restarts the mining program: hashing stops until it has started again, some minutes with the ramp.`,
  run: (target, fixing) => inShell(target, fixing, (shell) => allow(shell, target, fixing)),
  check: { how: 'the API answers one read from this computer', reads: 8, everyMs: 30_000 },
};

const notDone = (said: string, sent: readonly SentStep[] = []): Done => ({ result: 'not-done', said, sent });

async function allow(shell: Shell, target: FixTarget, fixing: Fixing): Promise<Done> {
  const address = target.ourAddress ?? (await addressSeen(shell));
  if (address === null) return notDone('Which address it sees of us is not known; nothing was changed.');
  const found = await configuration(shell, target.family);
  if (found === null) {
    return notDone('No configuration in JSON with the lines of cgminer is on it; nothing was changed.');
  }
  const { path, text } = found;
  const isFactory = target.family === 'antminer';
  const changed = withOurAddress(text, { address, access: target.access ?? 'W', network: isFactory });
  if ('problem' in changed) return notDone(`${path} was not changed: ${changed.problem}.`);
  if (changed.changes.length === 0) {
    return notDone(`${path} lets ${address} in already; nothing was changed. Its program may not have read it since.`);
  }
  const command = await findRestart(shell, target.family);
  if (command === null) {
    return notDone(
      'No command that restarts its mining program was found, without which nothing changes; nothing was done.',
    );
  }
  const at = fixing.clock.now();
  const backup = await replace(shell, path, text, changed.text, at);
  const sent: SentStep[] = [
    { shown: `${path}: ${changed.changes.join(', ')}`, at },
    { shown: command, at },
  ];
  const code = await restartBy(shell, command);
  const kept = `The file as it was is ${backup}; to go back: cp ${backup} ${path}, and ${command}.`;
  if (code === 0) {
    return { result: 'done', said: `${address} is in api-allow of ${path}, and \`${command}\` was run. ${kept}`, sent };
  }
  const ended = `\`${command}\` ended with status ${code ?? 'unknown'}`;
  return { result: 'unknown', said: `${address} is in api-allow of ${path}, and ${ended}. ${kept}`, sent };
}

/** What the server says of our side of the connection; behind NAT that is another than ours. */
async function addressSeen(shell: Shell): Promise<string | null> {
  const { out } = await shell.run('echo "$SSH_CONNECTION"');
  const [first = ''] = out.trim().split(/\s+/);
  return isIP(first) > 0 ? first : shell.ourAddress;
}

/** The first that exists and is JSON: those of other firmware have no such list. */
async function configuration(shell: Shell, family: string | null): Promise<{ path: string; text: string } | null> {
  const candidates = configurationPaths(family).filter((path) => path.endsWith('.conf'));
  const { out } = await shell.run(`ls -d ${candidates.join(' ')} 2>/dev/null`);
  const there = new Set(out.split('\n').map((line) => line.trim()));
  const path = candidates.find((one) => there.has(one));
  if (path === undefined) return null;
  // A link stays one: what it leads to is changed.
  const real = (await shell.run(`readlink -f ${quoted(path)}`)).out.trim();
  const file = real.startsWith('/') && !/[\n\r]/.test(real) ? real : path;
  const { code, out: text, err } = await shell.run(`cat ${quoted(file)}`);
  if (code === 0) return { path: file, text };
  throw refused(`reading ${file}`, err);
}

const refused = (what: string, err: string): HeadframeError =>
  new HeadframeError('device/refused', {
    request: `${what} over SSH`,
    vendorText: plainLine(err) || 'no reason given',
  });

/**
 * Writes the new text beside the old, looks whether it arrived, and puts it in its place in one step: a machine that
 * loses its power in between has the one or the other.
 * @returns where the old one is kept; one that is kept from before is never written over
 */
async function replace(shell: Shell, path: string, before: string, after: string, at: number): Promise<string> {
  const must = async (command: string, what: string): Promise<string> => {
    const { code, out, err } = await shell.run(command);
    if (code !== 0) throw refused(what, err);
    return out;
  };
  const usual = `${path}.headframe-backup`;
  const isTaken = (await shell.run(`ls -d ${quoted(usual)} 2>/dev/null`)).out.trim() === usual;
  const backup = isTaken ? `${usual}.${Math.floor(at / 1000)}` : usual;
  const fresh = `${path}.headframe-new`;
  await must(`cp -p ${quoted(path)} ${quoted(backup)}`, 'keeping a copy of its configuration');
  if ((await must(`cat ${quoted(backup)}`, 'reading the copy')) !== before) {
    throw refused('keeping a copy of its configuration', 'the copy is another than the file was when it was read');
  }
  try {
    // The copy brings owner and mode with it.
    await must(`cp -p ${quoted(path)} ${quoted(fresh)}`, 'writing its configuration');
    await shell.upload(fresh, after);
    const arrived = await must(`cat ${quoted(fresh)}`, 'reading what was written');
    if (arrived !== after) throw refused('writing its configuration', 'what was written is not what arrived');
    await must(`mv ${quoted(fresh)} ${quoted(path)}`, 'writing its configuration');
  } catch (thrown) {
    await shell.run(`rm -f ${quoted(fresh)}`).catch(() => {});
    throw thrown;
  }
  await shell.run('sync').catch(() => {});
  return backup;
}
