import { hash32 } from '../sim/counter-random.ts';
import { LogType, SupportArchiveFormat } from './contract/index.ts';
import type { LogName } from './sim-journal.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { REFUSE } from './sim-refusal.ts';

/*
 * What is read in pieces: logs, and the archive for the maker's support.
 */

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const LOGS: ReadonlyMap<LogType, LogName | 'errors'> = new Map([
  [LogType.ERRORS, 'errors'],
  [LogType.BOSMINER, 'bosminer'],
  [LogType.BOSER, 'boser'],
  [LogType.MONITOR, 'monitor'],
  [LogType.SYSLOG, 'syslog'],
  [LogType.DMESG, 'dmesg'],
]);

/** @throws ApiRefusal for a type that there is not */
export function logBytes(machine: BraiinsMachine, now: number, type: LogType): Uint8Array {
  const log = LOGS.get(type);
  if (log === undefined) throw REFUSE.invalid(`log_type ${type} is not known`);
  return encode(machine.journal.text(now, log));
}

/**
 * A ZIP file with the logs. The two other formats are for the maker's eyes alone: bytes that nobody can read.
 * @throws ApiRefusal for a format that there is not
 */
export function archiveBytes(machine: BraiinsMachine, now: number, format: SupportArchiveFormat): Uint8Array {
  const files = [...LOGS.values()].map((log) => ({
    name: `log/${log}.log`,
    bytes: encode(machine.journal.text(now, log)),
  }));
  const zip = stored([{ name: 'bos_version', bytes: encode(`${machine.release.firmware}\n`) }, ...files]);
  // Without a format ZIP is what a client expects; ours.
  if (format === SupportArchiveFormat.ZIP || format === SupportArchiveFormat.UNSPECIFIED) return zip;
  if (format === SupportArchiveFormat.BOS || format === SupportArchiveFormat.ZIP_ENCRYPTED) {
    const key = machine.key('archive', format);
    return zip.map((byte, i) => byte ^ (hash32(key, i) & 0xff));
  }
  throw REFUSE.invalid(`format ${format} is not known`);
}

/** CRC-32 as ZIP has it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

interface Packed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A ZIP file whose files are stored as they are (APPNOTE.TXT 4.3: local headers, central directory, its end). */
function stored(files: readonly Packed[]): Uint8Array {
  const out: number[] = [];
  const directory: number[] = [];
  const u16 = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff];
  const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
  for (const { name, bytes } of files) {
    const at = out.length;
    const size = u32(bytes.length);
    // Version 2.0, no flags, stored, 1 January 1980.
    const common = [...u16(20), 0, 0, 0, 0, 0, 0, 0x21, 0, ...u32(crc32(bytes)), ...size, ...size, ...u16(name.length)];
    out.push(0x50, 0x4b, 3, 4, ...common, 0, 0, ...encode(name));
    for (const byte of bytes) out.push(byte);
    const rest = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...u32(at)];
    directory.push(0x50, 0x4b, 1, 2, ...u16(20), ...common, ...rest, ...encode(name));
  }
  const count = u16(files.length);
  const end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...count, ...count, ...u32(directory.length), ...u32(out.length), 0, 0];
  return Uint8Array.from([...out, ...directory, ...end]);
}
