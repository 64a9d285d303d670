import { type FileToSend, file, fileSum, type Step } from '@headframe/model';
import { looksLikeEspImage, wrong } from './esp-image.ts';
import { type AxeStep, axeStep, saysYes } from './steps.ts';

/* Files over the air, to `OTA` and `OTAWWW`: raw bodies (protocols.md 6.5, 6.6). */

const MIB = 1024 * 1024;
/** More than any partition of 16 MiB of flash holds. */
const MOST_FIRMWARE_BYTES = 8 * MIB;
const MOST_PAGE_BYTES = 3 * MIB;
/** Flash is written as the file comes. */
const FLASHING_MS = 600_000;

export const firmwareFile = (about: string, source: string) => file({ about, mostBytes: MOST_FIRMWARE_BYTES, source });

export const pageFile = (source: string) =>
  file({ about: 'web page: www.bin of a release', mostBytes: MOST_PAGE_BYTES, source });

export const releaseSum = fileSum('the page of the release');

const shownFile = ({ name, bytes }: FileToSend, sha256: string): string =>
  `<${name}: ${bytes.length} bytes, SHA-256 ${sha256.toLowerCase()}>`;

/** It restarts behind its answer. */
export const firmwareStep = (image: FileToSend, sha256: string, also: Pick<AxeStep, 'keyHeader'> = {}): Step =>
  axeStep({
    ...also,
    method: 'POST',
    path: '/api/system/OTA',
    body: image.bytes,
    shownBody: shownFile(image, sha256),
    replyMs: FLASHING_MS,
    silenceIsFine: true,
    judge: saysYes(/update complete/i),
  });

/** @throws HeadframeError `usage/invalid`: it is no image of the page, and nothing was sent */
export function wwwStep(
  page: FileToSend,
  sha256: string,
  also: Pick<AxeStep, 'keyHeader' | 'silenceIsFine'> = {},
): Step {
  if (looksLikeEspImage(page.bytes)) throw wrong('it is firmware, which goes to update-firmware');
  if (page.bytes[0] === 0x3c) throw wrong('it is a page of HTML, and no image of the file system');
  return axeStep({
    ...also,
    method: 'POST',
    path: '/api/system/OTAWWW',
    body: page.bytes,
    shownBody: shownFile(page, sha256),
    replyMs: FLASHING_MS,
    judge: saysYes(/WWW update complete/i),
  });
}

/** What is said before a firmware is installed. */
export const versionNotes = (is: string | null, version: string): string[] => [
  `It has ${is ?? 'a version that it does not tell'} and must show ${version} afterwards`,
  ...(is === version ? ['That is the version it has: whether the file was written cannot be told apart'] : []),
];
