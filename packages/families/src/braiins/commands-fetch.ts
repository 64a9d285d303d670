import type { DescMessage, DescMethodServerStreaming } from '@bufbuild/protobuf';
import { base64Decode } from '@bufbuild/protobuf/wire';
import {
  type Action,
  action,
  choice,
  type Download,
  flag,
  HeadframeError,
  integer,
  type Links,
  optional,
  type Prepared,
} from '@headframe/model';
import { statusError } from '@headframe/wire/http';
import { callOf, fromDoc, MinerService, toDoc } from './contract/index.ts';
import { type Doc, METHODS, type MethodName, restPath } from './door-methods.ts';
import { callRest, grpcDoor, restDoor, streamGrpc } from './session.ts';
import { machineAt, masked, openMachine, restOf } from './through.ts';

/* What can be fetched: logs, the archive for support, the state as it changes, and documents as they are. */

const READ_ONLY = { never: 'it is read, not changed' } as const;

const fetching = (download: NonNullable<Prepared['download']>, notes: readonly string[] = []): Prepared => ({
  steps: [],
  readBack: READ_ONLY,
  download,
  ...(notes.length === 0 ? {} : { notes }),
});

const MIB = 1024 * 1024;
/** What is collected of a stream at the most: a machine that never ends is left. */
const MOST_BYTES = 64 * MIB;
/** The first piece may have to be packed beforehand. */
const PIECE_MS = 120_000;

/**
 * All pieces of a stream, one after the other: the next is taken from the wire when it is asked for.
 * @throws HeadframeError `link/too-large`; as the link
 */
async function collected(
  links: Links,
  method: DescMethodServerStreaming<DescMessage, DescMessage>,
  message: Doc,
): Promise<Uint8Array> {
  const request = callOf(method);
  const pieces: Uint8Array[] = [];
  let size = 0;
  const call = { method: request, replyMs: PIECE_MS };
  for await (const raw of grpcDoor(links).stream(call, fromDoc(method.input, message))) {
    const piece = base64Decode(String(toDoc(method.output, raw).chunk_data));
    size += piece.length;
    if (size > MOST_BYTES) throw new HeadframeError('link/too-large', { request, limit: `${MOST_BYTES / MIB} MiB` });
    pieces.push(piece);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A body of REST, as it is. */
async function body(links: Links, path: string, sent?: Doc): Promise<Uint8Array> {
  const request = `GET ${restPath(path)}`;
  const reply = await restDoor(links).http({
    method: 'GET',
    path: restPath(path),
    ...(sent === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(sent) }),
    maxBytes: MOST_BYTES,
    replyMs: PIECE_MS,
  });
  const error = statusError(reply, true, request, true);
  if (error !== null) throw error;
  return reply.body;
}

/** LogType. */
const LOGS = { errors: 1, bosminer: 2, boser: 3, monitor: 4, syslog: 5, dmesg: 6 } as const;

const downloadLogs = action(
  {
    log: optional(
      choice(['bosminer', 'errors', 'boser', 'monitor', 'syslog', 'dmesg'], {
        about: 'which log; bosminer, the mining program, if left out',
        source: 'BraiinsOS MinerService.GetLog',
      }),
    ),
  },
  async (links, { log = 'bosminer' }) => {
    const { door } = await openMachine(links);
    const name = `braiins-${log}.log`;
    return fetching(async (at) => ({
      name,
      bytes:
        door === 'grpc'
          ? await collected(at, MinerService.method.getLog, { log_type: LOGS[log] })
          : await body(at, `miner/log/${log}`),
    }));
  },
);

/** SupportArchiveFormat, and the same in the words of REST. */
const FORMATS = {
  zip: { number: 1, rest: 'zip', ending: 'zip' },
  bos: { number: 2, rest: 'bos', ending: 'bos' },
  'zip-encrypted': { number: 3, rest: 'zipencrypted', ending: 'zip' },
} as const;

const supportarchive = action(
  {
    format: optional(
      choice(['zip', 'bos', 'zip-encrypted'], {
        about: 'form of the archive; zip if left out',
        source: 'BraiinsOS MinerService.GetSupportArchive',
      }),
    ),
  },
  async (links, { format = 'zip' }) => {
    const { door } = await openMachine(links);
    const { number, rest, ending } = FORMATS[format];
    return fetching(
      async (at) => ({
        name: `braiins-support-archive.${ending}`,
        bytes:
          door === 'grpc'
            ? await collected(at, MinerService.method.getSupportArchive, { format: number })
            : await body(at, 'miner/support-archive', { format: rest }),
      }),
      ['It holds logs and settings of the machine, pools among them'],
    );
  },
  { does: 'Fetches the archive that the support of Braiins asks for', takes: 'up to two minutes to be packed' },
);

const encoded = (name: string, text: string): Download => ({ name, bytes: new TextEncoder().encode(`${text}\n`) });

const document = (name: string, value: unknown): Download => encoded(name, JSON.stringify(value, null, 2));

/** Far more than a state changes: a machine that sends without end is left. */
const MOST_STATES = 10_000;

/**
 * The state, one JSON document a line with when it came. Nobody says how often a machine sends: one that is silent for
 * as long as it was to be listened to has sent all that there is.
 */
async function states(links: Links, seconds: number): Promise<string> {
  const { clock } = links;
  const until = clock.now() + seconds * 1_000;
  const lines: string[] = [];
  try {
    for await (const doc of streamGrpc(links, MinerService.method.getMinerStatus, {}, { replyMs: seconds * 1_000 })) {
      lines.push(JSON.stringify({ at: clock.now(), ...doc }));
      if (clock.now() >= until || lines.length === MOST_STATES) break;
    }
  } catch (thrown) {
    const isSilent = thrown instanceof HeadframeError && thrown.code === 'link/timed-out-waiting';
    if (!isSilent || lines.length === 0) throw thrown;
  }
  return lines.join('\n');
}

const minerstatus = action(
  {
    seconds: optional(
      integer({
        about: 'how long to listen',
        unit: 's',
        min: 1,
        max: 300,
        source: 'BraiinsOS MinerService.GetMinerStatus',
      }),
    ),
  },
  async (links, { seconds = 10 }) => {
    const { door } = await openMachine(links);
    // REST tells the state once.
    if (door === 'rest') {
      return fetching(async (at) => {
        const { doc } = await callRest(at, { method: 'GET', path: 'miner/status' });
        return encoded('braiins-status.ndjson', JSON.stringify({ at: at.clock.now(), ...(doc as Doc) }));
      });
    }
    return fetching(
      async (at) => encoded('braiins-status.ndjson', await states(at, seconds)),
      [`It is listened to for ${seconds} s, and for twice as long where the machine is silent`],
    );
  },
  { does: 'Listens to the state of the machine: normal, paused, restricted; one JSON document a line' },
);

/** One reply as it is, but for its secrets. */
const reply = (name: MethodName, file: string, does: string): Action =>
  action(
    {},
    async (links) => {
      const { door } = await openMachine(links);
      if (door === 'rest') restOf(METHODS[name]);
      return fetching(async (at) => document(`braiins-${file}.json`, masked(await machineAt(at, door).raw(name))));
    },
    { does },
  );

const settings = action(
  {
    defaults: optional(
      flag({
        about: 'whether those are told that nobody has changed',
        source: 'BraiinsOS AdvancedSettingsService.GetSettings',
      }),
    ),
  },
  async (links, { defaults = true }) => {
    const { door } = await openMachine(links);
    if (door === 'rest') restOf(METHODS.GetSettings);
    return fetching(async (at) => {
      const told = await machineAt(at, door).raw('GetSettings', { include_default: defaults });
      return document('braiins-settings.json', masked(told));
    });
  },
  { does: 'Fetches its advanced settings' },
);

export const fetchCommands = { downloadLogs } satisfies Readonly<Record<string, Action>>;

export const ownFetchCommands: Readonly<Record<string, Action>> = {
  supportarchive,
  minerstatus,
  configuration: reply('GetMinerConfiguration', 'configuration', 'Fetches what is configured, without passwords'),
  constraints: reply('GetConstraints', 'constraints', 'Fetches the ranges and the defaults of this very machine'),
  targetprofiles: reply('ListTargetProfiles', 'target-profiles', 'Fetches what the tuner found for targets so far'),
  efficiencyprofile: reply(
    'GetMinerEfficiencyProfile',
    'efficiency-profile',
    'Fetches power, clock and voltage over the hashrate, as the machine expects them',
  ),
  performancemode: reply(
    'GetActivePerformanceMode',
    'performance-mode',
    'Fetches what is held: a target of the tuner, or clock and voltage by hand',
  ),
  license: reply('GetLicenseState', 'license', 'Fetches the state of its licence and the fee'),
  autoupgradestatus: reply('GetAutoUpgradeStatus', 'auto-upgrade', 'Fetches whether and when it upgrades by itself'),
  networkconfiguration: reply('GetNetworkConfiguration', 'network', 'Fetches its network settings'),
  settings,
  settingsschema: reply('GetSettingsSchema', 'settings-schema', 'Fetches which advanced settings it has'),
};
