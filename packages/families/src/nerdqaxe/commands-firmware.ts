import { type Action, text } from '@headframe/model';
import {
  change,
  espMinerImage,
  firmwareFile,
  firmwareStep,
  pageFile,
  releaseSum,
  versionNotes,
  wrong,
  wwwStep,
} from '@headframe/wire/axeos';
import { writing } from './device.ts';

/* Firmware and web page over the air. Each board has an image of its own, and says which it is only by its model's name. */

const UPDATING_MS = 300_000;

export const updateFirmware = writing(
  {
    file: firmwareFile(
      'firmware: esp-miner-MODEL.bin of a release, for this very model',
      'NerdQAxe POST /api/system/OTA',
    ),
    sha256: releaseSum,
    version: text({ about: 'version that it must show afterwards', most: 63, source: 'NerdQAxe info version' }),
  },
  ({ info, key }, { file: image, sha256, version }) => {
    espMinerImage(image.bytes, version);
    const model = info.str('deviceModel') ?? '';
    if (!holds(image.bytes, model)) throw wrong(`the name of this model, ${model}, is nowhere in it`);
    return change({
      steps: [],
      restart: firmwareStep(image, sha256, key),
      notes: [...versionNotes(info.str('version'), version), 'Its web page is a file of its own: nerdqaxe.OTAWWW'],
      looksAt: 'version of info',
      withinMs: UPDATING_MS,
      seen: (now) => {
        const seen = now.str('version');
        return { done: seen === version, values: { version: seen } };
      },
    });
  },
  {
    takes: 'one or two minutes',
    lasting: 'keep its power on: a device that does not start again is brought back over USB-C',
  },
);

/** The model's name stands in the program as the device tells it. */
function holds(bytes: Uint8Array, name: string): boolean {
  const wanted = new TextEncoder().encode(name);
  const [first] = wanted;
  if (first === undefined) return false;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

export const ownFirmwareCommands: Readonly<Record<string, Action>> = {
  OTAWWW: writing(
    { file: pageFile('NerdQAxe POST /api/system/OTAWWW'), sha256: releaseSum },
    ({ key }, { file: page, sha256 }) => ({
      steps: [wwwStep(page, sha256, key)],
      readBack: { never: 'it does not tell which page it serves' },
    }),
    { does: 'Installs its web page', hashing: 'unchanged', takes: 'a minute' },
  ),
};
