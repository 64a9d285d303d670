import { optional, text } from '@headframe/model';
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
import { type Offered, offered } from './device.ts';
import { releaseOfVersion } from './release.ts';

/* Firmware and web page over the air (protocols.md 6.5). A wrong image is refused before a byte of it leaves. */

/** Writing, restarting, and the Wi-Fi again. */
const UPDATING_MS = 300_000;

const updateFirmware = offered(
  {},
  {
    file: firmwareFile('firmware: esp-miner.bin of a release', 'AxeOS POST /api/system/OTA'),
    sha256: releaseSum,
    version: text({ about: 'version that it must show afterwards', most: 63, source: 'AxeOS info version' }),
  },
  ({ info }, { file: image, sha256, version }) => {
    espMinerImage(image.bytes, version);
    // The NerdQAxe branch builds a program of the same name, with versions of its own.
    if (releaseOfVersion(version) === null) {
      throw wrong(`${version} is no version of AxeOS that is known here, which begin with v2`);
    }
    return change({
      steps: [],
      restart: firmwareStep(image, sha256),
      notes: [...versionNotes(info.str('version'), version), 'Its web page is a file of its own: axeos.OTAWWW'],
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
    lasting: 'keep its power on: a device that does not start again is brought back over USB-C, nothing is lost',
  },
);

const otaWww = offered(
  {},
  {
    file: pageFile('AxeOS POST /api/system/OTAWWW'),
    sha256: releaseSum,
    version: optional(
      text({ about: 'axeOSVersion that it must show afterwards, from v2.9 on', most: 63, source: 'AxeOS info' }),
    ),
  },
  ({ release }, { file: page, sha256, version }) => {
    // Only v2.15 restarts by itself.
    const restarts = release >= 15;
    const step = wwwStep(page, sha256, restarts ? { silenceIsFine: true } : {});
    const prepared = change({
      steps: restarts ? [] : [step],
      restart: restarts ? step : undefined,
      looksAt: 'axeOSVersion of info',
      withinMs: UPDATING_MS,
      seen: (now) => {
        const seen = now.str('axeOSVersion');
        return { done: seen === version, values: { axeOSVersion: seen } };
      },
    });
    if (release >= 9 && version !== undefined) return prepared;
    return { ...prepared, readBack: { never: 'no version of the page was given that could be seen' } };
  },
  { does: 'Installs its web page', hashing: 'unchanged', takes: 'a minute; v2.15 restarts' },
);

export const firmwareCommands = { updateFirmware } satisfies Record<string, Offered>;
export const ownFirmwareCommands: Readonly<Record<string, Offered>> = { OTAWWW: otaWww };
