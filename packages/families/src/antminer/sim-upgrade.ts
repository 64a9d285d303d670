import { formParts, latin1 } from '@headframe/wire/http';
import { ASSUMED } from './sim-assumed.ts';
import type { Firmware } from './sim-config.ts';
import type { AntminerModel } from './sim-models.ts';

/*
 * Files that are sent to the machine, and firmware in a form of this simulator's own: a real image is a signed archive
 * that nobody can make. Ours is text lines up to the first empty one, whatever bytes follow:
 *
 *   headframe simulated firmware
 *   version: FR-1.13(260110-S21)              what the machine calls itself afterwards
 *   compiled: Sat Jan 10 18:00:00 CST 2026    CompileTime afterwards; unchanged without this line
 *   model: Antminer S21                       refused by every other model; for all without this line
 */
const FIRST_LINE = 'headframe simulated firmware';
const MOST_HEADER_BYTES = 4096;

/** How much is looked through for a file. */
const LIMITS = { mostParts: 16, mostHeaderBytes: MOST_HEADER_BYTES };

/**
 * The first file of a multipart form, whatever its field is called: `firmware`, `datafile` and `file` were seen
 * (protocols.md 2.3). Null when there is none, or the body is no form of this kind, or cut.
 */
export function uploadedFile(body: Uint8Array, contentType: string): Uint8Array | null {
  for (const { headers, content } of formParts(body, contentType, LIMITS)) {
    if (/^content-disposition:[^\r\n]*;\s*filename="?[^";\r\n]/im.test(headers)) return content;
  }
  return null;
}

/** The firmware of an image, or why the machine does not take it. */
export function firmwareOf(image: Uint8Array, model: AntminerModel, now: Firmware): Firmware | string {
  const [first, ...rest] = latin1(image.subarray(0, MOST_HEADER_BYTES))
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  if (first !== FIRST_LINE) return ASSUMED.firmwareUnreadable;
  const empty = rest.indexOf('');
  const values = new Map<string, string>();
  for (const line of empty < 0 ? rest : rest.slice(0, empty)) {
    const [, name, value] = /^(version|compiled|model): ([ -~]{1,64})$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  const version = values.get('version');
  if (version === undefined) return ASSUMED.firmwareUnreadable;
  if (values.has('model') && values.get('model') !== model.type) return ASSUMED.firmwareForOthers;
  return { version, compileTime: values.get('compiled') ?? now.compileTime };
}
