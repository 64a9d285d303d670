import {
  type Action,
  action,
  file,
  fileSum,
  HeadframeError,
  type Identity,
  type Links,
  type Step,
  text,
} from '@headframe/model';
import { askCommand, first, lookForRestart } from '@headframe/wire/cgminer';
import { hex } from '@headframe/wire/http';
import { ascset, needsOption, portOf } from './ascset.ts';
import { rebootStep } from './commands-power.ts';
import type { Generation } from './quirks.ts';
import { type UpgradeFile, upgradeFile } from './upgrade-file.ts';

/*
 * Firmware of the MM3 controllers, in pages through `ascset|0,upgrade,<hex>`: a header of 32 bytes, little-endian, and
 * up to 888 bytes of the file (protocols.md 4).
 */

/** What the documents leave open. */
const ASSUMED = {
  /** The session of an upload is a number of the sender's choice: the file's own, so that it is the same every time. */
  session: (sha256: string) => Number.parseInt(sha256.slice(0, 8), 16),
  /** The id of a page is the sender's choice too; the maker's own tool counts, from 2. */
  firstCommand: 2,
  /** A machine that names no version of the upgrade API (`UPAPI`) has the first. */
  apiVersion: 1,
};

const PAYLOAD = 888;
const HEADER = 32;
/** The length that the header gives for itself: not its own 32 (protocols.md 4). */
const HEADER_LENGTH_FIELD = 30;
const MOST_BYTES = 16 * 1024 * 1024;
/** The last page is answered when the whole file was written. */
const LAST_PAGE_MS = 90_000;

const SOURCE = 'Avalon ascset upgrade';

/** MM3 is in the hardware type: `MM3v2_X3`. Where that is not known, the firmware's own list of options decides. */
export const firmwareActions = (
  { upgrade }: Generation,
  { hardwareRevision }: Identity,
): { updateFirmware?: Action } =>
  upgrade === undefined || (hardwareRevision !== null && !/^MM3/i.test(hardwareRevision)) ? {} : { updateFirmware };

const updateFirmware: Action = action(
  {
    file: file({
      about: 'firmware file of the maker for this very model (.aup)',
      mostBytes: MOST_BYTES,
      source: SOURCE,
    }),
    sha256: fileSum('the maker’s download page'),
    version: text({
      about: 'version that the machine must show afterwards, or its beginning',
      most: 64,
      pattern: /^[\x21-\x2b\x2d-\x7e]{8,}$/,
      inWords: 'a version of at least 8 characters, such as 21042001_4ec6bb0,',
      source: 'VERSION of the version command',
    }),
  },
  async (links, { file: given, sha256, version }) => {
    await needsOption(links, 'upgrade', 'reboot');
    const now = await versionNow(links);
    const firmware = upgradeFile(given.bytes);
    const payload = checked(firmware, now, version);
    return {
      notes: [
        `It has ${now.version ?? 'a version that it does not tell'} and must show ${version} afterwards`,
        ...(now.version?.startsWith(version) === true ? ['That is the version it has'] : []),
        ...(firmware.header === null
          ? ['The file has no header of the maker: its model and version cannot be checked']
          : []),
      ],
      steps: [...pages(payload, now.apiVersion, version, sha256.toLowerCase()), { ...rebootStep(), afterMs: 1_000 }],
      readBack: {
        looksAt: 'VERSION of version, and Elapsed of summary',
        afterMs: 30_000,
        everyMs: 15_000,
        withinMs: 900_000,
        restarts: true,
        look: async (at, sentAt) => {
          const restarted = await lookForRestart(at, sentAt);
          const { version: shown } = await versionNow(at);
          const done = restarted.done && shown?.startsWith(version) === true;
          return { done, values: { version: shown, ...restarted.values } };
        },
      },
    };
  },
  {
    takes: 'several minutes: about a thousand requests, and a reboot',
    lasting: 'a failed update can leave the machine without firmware: keep its power on',
  },
);

interface Now {
  readonly version: string | null;
  readonly hardware: string | null;
  readonly software: string | null;
  readonly apiVersion: number;
}

async function versionNow(links: Links): Promise<Now> {
  const reply = await askCommand(portOf(links), links.clock, { id: 'version', command: 'version' });
  if (reply.error !== null) throw reply.error;
  const version = first(reply.doc, 'VERSION');
  return {
    version: version.str('VERSION') ?? version.str('LVERSION'),
    hardware: version.str('HWTYPE'),
    software: version.str('SWTYPE'),
    apiVersion: version.int('UPAPI') ?? ASSUMED.apiVersion,
  };
}

/**
 * What of the file is sent: all of it, and to the first upgrade API without its header.
 * @throws HeadframeError `usage/invalid` when the file says that it is for something else
 */
function checked({ header, bytes }: UpgradeFile, now: Now, version: string): Uint8Array {
  const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail: `${detail}; nothing was sent` });
  if (now.apiVersion > 127) throw invalid(`its upgrade API is ${now.apiVersion}, which no header can name`);
  if (header === null) return bytes;
  if (!header.version.startsWith(version)) throw invalid(`the file is version ${header.version}, not ${version}`);
  if (now.hardware !== null && header.hardware.length > 0 && !header.hardware.includes(now.hardware)) {
    throw invalid(`the file is for ${header.hardware.join(', ')}, and this machine is ${now.hardware}`);
  }
  if (now.software !== null && header.software.length > 0 && !header.software.includes(now.software)) {
    throw invalid(`the file is for ${header.software.join(', ')}, and this machine runs ${now.software}`);
  }
  return now.apiVersion < 2 ? bytes.subarray(header.length) : bytes;
}

/** One step a page, each made when its turn comes. */
function pages(payload: Uint8Array, apiVersion: number, version: string, sha256: string): Step[] {
  const count = Math.ceil(payload.length / PAYLOAD);
  return Array.from({ length: count }, (_, index) => {
    const isLast = index + 1 === count;
    const offset = index * PAYLOAD;
    const length = Math.min(PAYLOAD, payload.length - offset);
    const made = (): Step =>
      ascset('upgrade', {
        value: hex(page(payload, { apiVersion, version, sha256, index, offset, length })),
        shown: `<page ${index + 1} of ${count}: bytes ${offset} to ${offset + length - 1}>`,
        ...(isLast ? { replyMs: LAST_PAGE_MS } : {}),
      });
    return { request: (key) => made().request(key), verdict: (reply) => made().verdict(reply) };
  });
}

interface PageOf {
  readonly apiVersion: number;
  readonly version: string;
  readonly sha256: string;
  readonly index: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * 0 API version · 1 length field · 2 command id (2) · 4 zero (4) · 8 session (4) · 12 version (8) · 20 size of the whole
 * (4) · 24 offset (4) · 28 length (2) · 30 zero (2) · 32 payload.
 */
export function page(payload: Uint8Array, { apiVersion, version, sha256, index, offset, length }: PageOf): Uint8Array {
  const bytes = new Uint8Array(HEADER + length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, apiVersion);
  view.setUint8(1, HEADER_LENGTH_FIELD);
  view.setUint16(2, (ASSUMED.firstCommand + index) & 0xffff, true);
  view.setUint32(8, ASSUMED.session(sha256), true);
  bytes.set(new TextEncoder().encode(version.slice(0, 8).padStart(8, '0')), 12);
  view.setUint32(20, payload.length, true);
  view.setUint32(24, offset, true);
  view.setUint16(28, length, true);
  bytes.set(payload.subarray(offset, offset + length), HEADER);
  return bytes;
}
