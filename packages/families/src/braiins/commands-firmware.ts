import {
  type Action,
  action,
  type FileToSend,
  file,
  fileSum,
  flag,
  type Links,
  optional,
  type Step,
  type StepVerdict,
  text,
} from '@headframe/model';
import { statusError } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { callOf, fromDoc, toDoc, UpgradeService } from './contract/index.ts';
import { type Doc, restPath } from './door-methods.ts';
import { seen, type Times } from './looks.ts';
import { grpcDoor, restDoor } from './session.ts';
import { type Machine, openMachine, say, shownGrpc, speaking, successful, through } from './through.ts';

/* Firmware: a file that goes up, upgrades by themselves, and the way back to the maker's firmware (protocols.md 7.2, 7.3). */

const source = 'BraiinsOS UpgradeService.SystemUpgrade';
const MOST_FIRMWARE_BYTES = 256 * 1024 * 1024;
/** No document tells how large the pieces are; gRPC servers take 4 MiB by default, and a miner has little memory. */
const PIECE_BYTES = 64 * 1024;
/** What goes up is checked before the reply comes. */
const CHECKING_MS = 600_000;
const UPGRADING: Times = { afterMs: 30_000, everyMs: 15_000, withinMs: 1_200_000, restarts: true };

interface Upgrade {
  readonly firmware: FileToSend;
  readonly metadata: Doc;
}

/** The metadata first, then the file in pieces. */
function* piecesOf({ firmware: { bytes }, metadata }: Upgrade): Generator<Uint8Array> {
  const { input } = UpgradeService.method.systemUpgrade;
  yield fromDoc(input, { payload: { metadata } });
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield fromDoc(input, { payload: { data: bytes.subarray(at, at + PIECE_BYTES) } });
  }
}

type OnSent = (bytes: number, of: number) => void;

async function overGrpc(links: Links, upgrade: Upgrade, onSent: OnSent): Promise<StepVerdict> {
  const { systemUpgrade } = UpgradeService.method;
  const { length } = upgrade.firmware.bytes;
  const call = { method: callOf(systemUpgrade), replyMs: CHECKING_MS };
  // The messages around the pieces are a few bytes more.
  const { message } = await grpcDoor(links).upload(call, piecesOf(upgrade), (sent) =>
    onSent(Math.min(sent, length), length),
  );
  return successful(new Fields(toDoc(systemUpgrade.output, message)));
}

const PATH = restPath('upgrade/system-upgrade');

/** No firmware holds its own checksum: it parts the body. 70 characters are the most (RFC 2046, 5.1.1). */
const boundaryOf = ({ metadata }: Upgrade): string => `hf-${metadata.hash}`;

function formOf(upgrade: Upgrade): Uint8Array {
  const { firmware, metadata } = upgrade;
  const boundary = boundaryOf(upgrade);
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="metadata"',
    'Content-Type: application/json',
    '',
    JSON.stringify(metadata),
    `--${boundary}`,
    `Content-Disposition: form-data; name="data"; filename="${firmware.name.replace(/[^\w.+-]/g, '_')}"`,
    'Content-Type: application/octet-stream',
    '',
    '',
  ].join('\r\n');
  const [before, behind] = [head, `\r\n--${boundary}--\r\n`].map((part) => new TextEncoder().encode(part)) as [
    Uint8Array,
    Uint8Array,
  ];
  const form = new Uint8Array(before.length + firmware.bytes.length + behind.length);
  form.set(before);
  form.set(firmware.bytes, before.length);
  form.set(behind, before.length + firmware.bytes.length);
  return form;
}

async function overRest(links: Links, upgrade: Upgrade, onSent: OnSent): Promise<StepVerdict> {
  const reply = await restDoor(links).http({
    method: 'POST',
    path: PATH,
    headers: { 'content-type': `multipart/form-data; boundary=${boundaryOf(upgrade)}` },
    body: formOf(upgrade),
    replyMs: CHECKING_MS,
    onSent,
  });
  const error = statusError(reply, true, `POST ${PATH}`, true);
  if (error !== null) throw error;
  return { accepted: true };
}

function uploadStep({ door }: Machine, upgrade: Upgrade): Step {
  const { firmware, metadata } = upgrade;
  const fileShown = `${firmware.name}: ${firmware.bytes.length} bytes, SHA-256 ${metadata.hash}`;
  return {
    request: () =>
      door === 'grpc'
        ? {
            over: 'grpc',
            shown: `${shownGrpc(UpgradeService.method.systemUpgrade, { metadata })}, then ${fileShown}`,
            speak: (links, onSent) => overGrpc(links, upgrade, onSent),
          }
        : {
            over: 'http',
            shown: `POST ${PATH}\nmetadata: ${JSON.stringify(metadata)}\ndata: ${fileShown}`,
            speak: (links, onSent) => overRest(links, upgrade, onSent),
          },
    verdict: speaking,
  };
}

const versionOf = async (machine: Machine): Promise<string | null> =>
  (await machine.ask('GetMinerDetails')).sub('bos_version').str('current');

/** `2025-08-06-0-3881c51d-25.07-plus` is known by the whole of it, and by `25.07`. */
function isVersion(is: string | null, wanted: string): boolean {
  const [some, other] = [is ?? '', wanted].map((word) => word.toLowerCase()) as [string, string];
  return some === other || `-${some}-`.includes(`-${other}-`);
}

export const updateFirmware: Action = action(
  {
    file: file({
      about: 'firmware of Braiins for this very model',
      mostBytes: MOST_FIRMWARE_BYTES,
      source,
    }),
    sha256: fileSum('where the file was published'),
    version: text({
      about: 'version that the machine must show afterwards',
      most: 63,
      source: 'bos_version of GetMinerDetails, such as 25.07',
      pattern: /^[\w.+-]+$/,
      inWords: 'letters, digits, . + and -',
    }),
    keepSettings: optional(flag({ about: 'whether its settings stay; they do if left out', source })),
  },
  async (links, { file: firmware, sha256, version, keepSettings = true }) => {
    const machine = await openMachine(links);
    const is = await versionOf(machine);
    const metadata = {
      size: firmware.bytes.length,
      hash: sha256.toLowerCase(),
      discard_settings: !keepSettings,
      disable_cleanup: false,
    };
    return {
      notes: [
        `It has ${is ?? 'a version that it does not tell'} and must show ${version} afterwards`,
        ...(isVersion(is, version)
          ? ['That is the version it has: whether the file was written cannot be told apart']
          : []),
        ...(keepSettings ? [] : ['Its settings go: pools, targets, network and password']),
      ],
      steps: [uploadStep(machine, { firmware, metadata })],
      readBack: seen(
        machine,
        'bos_version of GetMinerDetails',
        async (now) => {
          const current = await versionOf(now);
          return { done: isVersion(current, version), values: { firmwareVersion: current } };
        },
        UPGRADING,
      ),
    };
  },
  {
    takes: 'some minutes: the machine restarts',
    lasting: 'a failed update can leave the machine without firmware: keep its power on',
  },
);

const restorestock = through(
  {},
  async (machine) => ({
    notes: [`It has ${(await versionOf(machine)) ?? 'a version that it does not tell'}, which is removed`],
    steps: [say(machine, 'RestoreStock', {}, { judge: successful })],
    readBack: { never: 'the machine is gone then, and comes back with another firmware: look for it by a scan' },
  }),
  {
    does: 'Removes BraiinsOS and brings the firmware of the maker back',
    hashing: 'interrupted',
    takes: 'some minutes; the machine answers nothing meanwhile',
    lasting: 'settings, tuned profiles and BraiinsOS itself are gone; a power cut meanwhile leaves it without firmware',
    guarded: 'it removes BraiinsOS from the machine',
  },
);

export const ownFirmwareCommands: Readonly<Record<string, Action>> = { restorestock };
