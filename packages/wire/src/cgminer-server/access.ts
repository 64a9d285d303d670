import { HeadframeError } from '@headframe/model';
import type { ApiAccess, ApiCommand } from './program.ts';

/*
 * Who may ask what: `--api-listen`, `--api-network`, `--api-allow` and `--api-groups` (`protocols.md` 1.7).
 */

/** What one address may call. */
export interface Grant {
  readonly allows: (command: string) => boolean;
}

export interface AccessList {
  /** Null: the address is not served at all. */
  readonly grantOf: (address: string) => Grant | null;
}

/**
 * Reads the flags as the program does at its start.
 * @throws HeadframeError `usage/invalid` where the real program would not start: a group that names an unknown command,
 * a letter twice, or a letter that is none. Addresses that do not parse are dropped without a word, as there.
 */
export function accessList(access: ApiAccess, commands: readonly ApiCommand[]): AccessList {
  const everything: Grant = { allows: () => true };
  const reads = new Set(commands.filter((command) => command.access === 'read').map((command) => command.name));
  const reading: Grant = { allows: (command) => reads.has(command) };
  const groups = new Map<string, Grant>([
    ['W', everything],
    ['R', reading],
    ...groupsOf(access.groups ?? '', commands, reads),
  ]);
  if (!access.listen) return { grantOf: () => null };
  if (access.allow === undefined) {
    // Without a list exactly these two addresses are local: 127.0.0.2 is denied.
    const local = (address: string) => ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address);
    return { grantOf: (address) => (access.network === true || local(address) ? reading : null) };
  }
  const entries = entriesOf(access.allow, (letter) => groups.get(letter) ?? reading);
  return {
    grantOf: (address) => {
      const bits = addressBits(address);
      return bits === null ? null : (entries.find((entry) => entry.matches(bits))?.grant ?? null);
    },
  };
}

function groupsOf(list: string, commands: readonly ApiCommand[], reads: ReadonlySet<string>): Map<string, Grant> {
  const names = new Set(commands.map((command) => command.name));
  const groups = new Map<string, Grant>();
  for (const entry of list.split(',').filter((part) => part !== '')) {
    const [letter = '', ...members] = entry.split(':');
    const group = letter.toUpperCase();
    if (!/^[A-QSTUVX-Z]$/.test(group)) throw usage(`'${letter}' is no letter for a group of commands`);
    if (groups.has(group)) throw usage(`the group ${group} is given twice`);
    const allowed = new Set<string>();
    for (const member of members) {
      if (member === '*') for (const read of reads) allowed.add(read);
      else if (names.has(member)) allowed.add(member);
      else throw usage(`the group ${group} names the unknown command '${member}'`);
    }
    groups.set(group, { allows: (command) => allowed.has(command) });
  }
  return groups;
}

const usage = (detail: string): HeadframeError =>
  new HeadframeError('usage/invalid', { detail: `In api-groups ${detail}` });

interface Entry {
  readonly matches: (bits: bigint) => boolean;
  readonly grant: Grant;
}

function entriesOf(list: string, grantOf: (letter: string) => Grant): Entry[] {
  const entries: Entry[] = [];
  for (const part of list.split(',')) {
    const match = /^[ \t]*(?:([A-Za-z]):)?(.*?)[ \t]*$/s.exec(part);
    const grant = grantOf((match?.[1] ?? 'R').toUpperCase());
    const matches = rangeOf(match?.[2] ?? '');
    if (matches !== null) entries.push({ matches, grant });
  }
  return entries;
}

const ALL_BITS = 2n ** 128n - 1n;

function rangeOf(text: string): ((bits: bigint) => boolean) | null {
  if (text === '0/0') return () => true;
  const [host = '', prefix, ...more] = text.split('/');
  if (more.length > 0) return null;
  const v6 = /^\[(.*)\]$/.exec(host)?.[1];
  const bits = v6 === undefined ? v4Bits(padded(host)) : v6Bits(v6);
  if (bits === null) return null;
  const width = v6 === undefined ? 32 : 128;
  const length = prefix === undefined ? width : /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : 0;
  if (length < 1 || length > width) return null;
  const free = BigInt(width - length);
  const mask = (ALL_BITS >> free) << free;
  return (address) => (address & mask) === (bits & mask);
}

/** `10.0` means `10.0.0.0`. */
const padded = (host: string): string => {
  const missing = 4 - host.split('.').length;
  return missing > 0 ? host + '.0'.repeat(missing) : host;
};

/** An address as 128 bits, IPv4 as the IPv6 address that it maps to; null when it is none. */
function addressBits(address: string): bigint | null {
  return address.includes(':') ? v6Bits(address) : v4Bits(address);
}

function v4Bits(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let bits = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return null;
    bits = (bits << 8n) | BigInt(part);
  }
  return (0xffffn << 32n) | bits;
}

function v6Bits(text: string): bigint | null {
  const [bare = ''] = text.split('%');
  const tail = /^(.*:)([0-9.]+)$/.exec(bare);
  if (tail?.[2]?.includes('.')) {
    const v4 = v4Bits(tail[2]);
    if (v4 === null) return null;
    const low = v4 & 0xffffffffn;
    return v6Bits(`${tail[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const halves = bare.split('::');
  if (halves.length > 2) return null;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = left.length + right.length;
  if (halves.length === 1 ? groups !== 8 : groups > 7) return null;
  const all = [...left, ...Array<string>(8 - groups).fill('0'), ...right];
  let bits = 0n;
  for (const group of all) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    bits = (bits << 16n) | BigInt(`0x${group}`);
  }
  return bits;
}
