import {
  type Action,
  action,
  type Download,
  type FileToSend,
  file,
  fileSum,
  HeadframeError,
  type Links,
  type Prepared,
  type Step,
  type StepVerdict,
  type TcpLink,
  type TcpStream,
  text,
} from '@headframe/model';
import { dataIn, envelope, FrameTalk, frameRefusal, sizeBytes } from '@headframe/wire/whatsminer';
import { firmwareIs, sealedState, signedState } from './looks.ts';
import { firmwareIn } from './quirks.ts';
import { acceptedOr, hearSealed, openSealed } from './sealed.ts';
import { saySigned } from './signed.ts';
import {
  conversing,
  doorFor,
  type SealedDoor,
  type SignedDoor,
  shownSealed,
  shownSigned,
  signedFirst,
} from './through.ts';

/* Files: a firmware that goes up, a log that comes (protocols.md 3.5, 3.6). Raw bytes follow a reply on its connection. */

const FIRMWARE = 'WhatsMiner update_firmware, set.system.update_firmware';
const MOST_FIRMWARE_BYTES = 256 * 1024 * 1024;
/** Flash is written before the last reply. */
const FLASHING_MS = 600_000;

export const updateFirmware: Action = action(
  {
    file: file({
      about: 'firmware file of the maker for this very model',
      mostBytes: MOST_FIRMWARE_BYTES,
      source: FIRMWARE,
    }),
    sha256: fileSum('the maker’s download page'),
    version: text({
      about: 'version that the machine must show afterwards',
      most: 63,
      source: 'fw_ver of get_version, such as 20220125.13.Rel',
    }),
  },
  async (links, { file: firmware, sha256, version }): Promise<Prepared> => {
    const door = doorFor(links, { v2: true, v3: true }, 'updateFirmware');
    const is = firmwareIn(
      door.name === 'v2'
        ? (await sealedState.version(links)).str('fw_ver')
        : (await signedState.info(links)).sub('system').str('fwversion'),
    );
    return {
      ...(door.name === 'v2' ? { session: door.token.session(door.link) } : {}),
      notes: [
        `It has ${is ?? 'a version that it does not tell'} and must show ${version} afterwards`,
        ...(is?.toLowerCase() === version.toLowerCase()
          ? ['That is the version it has: whether the file was written cannot be told apart']
          : []),
      ],
      steps: [door.name === 'v2' ? sealedUpload(door, firmware, sha256) : signedUpload(door, firmware, sha256, links)],
      readBack: firmwareIs(door.name, version),
    };
  },
  {
    takes: 'some minutes: the machine restarts',
    lasting: 'a failed update can leave the machine without firmware: keep its power on',
  },
);

const fileShown = ({ name, bytes }: FileToSend, sha256: string): string =>
  `, then ${name}: ${bytes.length} bytes, SHA-256 ${sha256.toLowerCase()}`;

function sealedUpload({ token }: SealedDoor, firmware: FileToSend, sha256: string): Step {
  const command = { cmd: 'update_firmware' };
  return {
    request: () => ({
      over: 'cgminer',
      shown: shownSealed(command) + fileShown(firmware, sha256),
      converse: async (link, onSent) => {
        const { stream, ...first } = await openSealed(link, token, command);
        try {
          const ready = acceptedOr(first, command.cmd);
          if (!ready.accepted) return ready;
          if (first.said.msg !== 'ready') throw notReady(command.cmd, ready);
          await upload(stream, firmware, onSent);
          return acceptedOr(await hearSealed(stream, token, FLASHING_MS), command.cmd);
        } finally {
          stream.end();
        }
      },
    }),
    verdict: conversing,
  };
}

function signedUpload(door: SignedDoor, firmware: FileToSend, sha256: string, { clock }: Links): Step {
  const command = { cmd: 'set.system.update_firmware' };
  return signedFirst(door, clock, (signing) => ({
    request: () => ({
      over: 'whatsminer',
      shown: shownSigned(command, door.credentials) + fileShown(firmware, sha256),
      converse: async (link, onSent): Promise<StepVerdict> => {
        const { talk, verdict } = await saySigned(link, clock, door.credentials, await signing(link), command);
        try {
          if (!verdict.accepted) return verdict;
          if (verdict.vendorText !== 'ready') throw notReady(command.cmd, verdict);
          await upload(talk.stream, firmware, onSent);
          return finalVerdict(await talk.hear({ replyMs: FLASHING_MS }), command.cmd);
        } finally {
          talk.end();
        }
      },
    }),
    verdict: conversing,
  }));
}

/** It says yes, and not that it waits for the file: nothing of it has left. */
const notReady = (request: string, { vendorCode = '', vendorText = 'no text' }: StepVerdict): HeadframeError =>
  new HeadframeError('device/refused', { request, vendorCode, vendorText });

async function upload(
  stream: TcpStream,
  { bytes }: FileToSend,
  onSent: (sent: number, of: number) => void,
): Promise<void> {
  await stream.write(sizeBytes(bytes.length));
  await stream.write(bytes, onSent);
}

function finalVerdict({ doc }: { readonly doc: unknown }, cmd: string): StepVerdict {
  const said = envelope(doc);
  const vendor = {
    ...(said.code === null ? {} : { vendorCode: String(said.code) }),
    ...(typeof said.msg === 'string' && said.msg !== '' ? { vendorText: said.msg } : {}),
  };
  const refusal = frameRefusal(said, cmd);
  if (refusal !== null && refusal.code !== 'device/refused') throw refusal;
  return { accepted: refusal === null, ...vendor };
}

const MOST_LOG_BYTES = 64 * 1024 * 1024;
/** Packing and sending; a download that never ends is given up. */
const LOG_MS = 120_000;

export const downloadLogs: Action = action({}, async (links): Promise<Prepared> => {
  const readBack = { never: 'a log is read, not changed' };
  // A log of port 4433 wants no password: where nothing else is known it is read there.
  if (links.credentials == null && links.whatsminer !== undefined) {
    return { steps: [], readBack, download: ({ whatsminer }) => framedLog(whatsminer) };
  }
  const door = doorFor(links, { v2: true, v3: true }, 'downloadLogs');
  if (door.name === 'v3') return { steps: [], readBack, download: ({ whatsminer }) => framedLog(whatsminer) };
  return {
    session: door.token.session(door.link),
    steps: [],
    readBack,
    download: ({ cgminer }) => sealedLog(cgminer, door),
  };
});

async function sealedLog(link: TcpLink | undefined, { token }: SealedDoor): Promise<Download> {
  if (link === undefined) throw new HeadframeError('link/refused', { request: 'download_logs' });
  const { stream, ...reply } = await openSealed(link, token, { cmd: 'download_logs' }, LOG_MS);
  try {
    const verdict = acceptedOr(reply, 'download_logs');
    if (!verdict.accepted)
      throw new HeadframeError('device/refused', { request: 'download_logs', ...vendorOf(verdict) });
    return await logOf(stream, dataIn(reply.doc).int('logfilelen'), 'download_logs');
  } finally {
    stream.end();
  }
}

async function framedLog(link: TcpLink | undefined): Promise<Download> {
  const request = 'get.log.download';
  if (link === undefined) throw new HeadframeError('link/refused', { request });
  const talk = await FrameTalk.open(link);
  try {
    const { doc } = await talk.say({ cmd: request }, { replyMs: LOG_MS });
    const refusal = frameRefusal(envelope(doc), request);
    if (refusal !== null) throw refusal;
    return await logOf(talk.stream, dataIn(doc).int('logsize'), request);
  } finally {
    talk.end();
  }
}

async function logOf(stream: TcpStream, size: number | null, request: string): Promise<Download> {
  if (size === null || size < 0) {
    throw new HeadframeError('protocol/wrong-shape', { request, detail: 'the reply does not say how long the log is' });
  }
  if (size > MOST_LOG_BYTES) throw new HeadframeError('link/too-large', { request, limit: '64 MiB' });
  const bytes = await stream.read((there) => (there.length >= size ? size : null), {
    maxBytes: MOST_LOG_BYTES,
    replyMs: LOG_MS,
  });
  return { name: 'whatsminer-logs.tgz', bytes };
}

const vendorOf = ({ vendorCode = '', vendorText = '' }: StepVerdict) => ({ vendorCode, vendorText });
