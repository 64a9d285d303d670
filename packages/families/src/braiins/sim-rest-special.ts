import { create, type DescMethod, fromBinary, type Message } from '@bufbuild/protobuf';
import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import {
  fromDoc,
  LogType,
  MinerService,
  type ProtoDoc,
  SupportArchiveFormat,
  SystemUpgradeRequestSchema,
  toDoc,
  UpgradeService,
} from './contract/index.ts';
import { archiveBytes, logBytes } from './sim-archive.ts';
import { FirmwareUpload } from './sim-firmware.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { replyBytes } from './sim-odd-replies.ts';
import { REFUSE } from './sim-refusal.ts';
import { messageJson } from './sim-rest-json.ts';
import { formParts } from './sim-rest-multipart.ts';
import type { Doc, RestRoute } from './sim-rest-routes.ts';

/*
 * Paths of the REST API that are no call with one message in and one out (protocols.md 7.3).
 */

/** Version of the API, by the first release that has it: 25.07 and 26.04 say so themselves, 26.05 is ours. */
const VERSIONS: readonly (readonly [os: number, minor: number])[] = [
  [26.05, 4],
  [26.04, 3],
  [25.07, 0],
];

export interface SpecialRoute {
  readonly verb: RestRoute['verb'];
  readonly path: string;
  /** Who knows it; absent: every release. */
  readonly method?: DescMethod;
  readonly open?: true;
  readonly answer: (
    machine: BraiinsMachine,
    request: SimulatedHttpRequest,
    now: number,
    last: string,
  ) => SimulatedHttpReply;
}

const octets = (body: Uint8Array): SimulatedHttpReply => ({
  status: 200,
  headers: { 'Content-Type': 'application/octet-stream' },
  body,
});

export const jsonReply = (body: string, status = 200): SimulatedHttpReply => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body,
});

export const noContent: SimulatedHttpReply = { status: 204, headers: {}, body: '' };

export const minorOf = ({ release }: BraiinsMachine): number => VERSIONS.find(([os]) => release.os >= os)?.[1] ?? 0;

/** Names of logs in paths: those of the contract in lower case. */
const LOG_TYPES: Readonly<Record<string, LogType>> = {
  errors: LogType.ERRORS,
  bosminer: LogType.BOSMINER,
  boser: LogType.BOSER,
  monitor: LogType.MONITOR,
  syslog: LogType.SYSLOG,
  dmesg: LogType.DMESG,
};

const FORMATS: Readonly<Record<string, SupportArchiveFormat>> = {
  unspecified: SupportArchiveFormat.UNSPECIFIED,
  zip: SupportArchiveFormat.ZIP,
  bos: SupportArchiveFormat.BOS,
  zipencrypted: SupportArchiveFormat.ZIP_ENCRYPTED,
};

export const specialRoutes: readonly SpecialRoute[] = [
  {
    verb: 'GET',
    path: 'version/',
    open: true,
    answer: (machine) => jsonReply(`{"major":1,"minor":${minorOf(machine)},"patch":0}`),
  },
  {
    verb: 'GET',
    path: 'miner/status',
    method: MinerService.method.getMinerStatus,
    answer: (machine, _, now) => {
      const method = MinerService.method.getMinerStatus;
      const reply = create(method.output, { status: machine.status(now) });
      return jsonReply(messageJson(method.output, docOf(machine, method, reply), machine.release.os));
    },
  },
  {
    verb: 'GET',
    path: 'miner/log/{log_type}',
    method: MinerService.method.getLog,
    answer: (machine, _, now, name) => {
      const type = Object.hasOwn(LOG_TYPES, name) ? LOG_TYPES[name] : undefined;
      if (type === undefined) throw REFUSE.invalid(`log_type ${name.slice(0, 32)} is not known`);
      return octets(logBytes(machine, now, type));
    },
  },
  {
    verb: 'GET',
    path: 'miner/support-archive',
    method: MinerService.method.getSupportArchive,
    answer: (machine, request, now) => {
      // Without a body the format is left to the machine.
      const { format } =
        request.body.length === 0 ? { format: 'unspecified' } : (jsonOf(request.body) as { format?: unknown });
      const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
      if (known === undefined) throw REFUSE.invalid('format is not known');
      return octets(archiveBytes(machine, now, known));
    },
  },
  {
    verb: 'POST',
    path: 'upgrade/system-upgrade',
    method: UpgradeService.method.systemUpgrade,
    answer: (machine, { body, headers }, now) => {
      const parts = formParts(body, headers['content-type'] ?? '');
      const metadata = parts?.get('metadata');
      const data = parts?.get('data');
      if (metadata === undefined || data === undefined) throw REFUSE.invalid('metadata and data are required');
      const upload = new FirmwareUpload(machine);
      const take = (payload: Doc) => {
        upload.take(fromBinary(SystemUpgradeRequestSchema, fromDoc(SystemUpgradeRequestSchema, { payload })));
      };
      take({ metadata: jsonOf(metadata) });
      take({ data });
      upload.finish(now);
      return noContent;
    },
  },
];

/** A reply as a document, as the quirks of the machine make it. */
export const docOf = (machine: BraiinsMachine, method: DescMethod, reply: Message): ProtoDoc =>
  toDoc(method.output, replyBytes({ method }, reply, machine.has));

/** @throws ApiRefusal for what is no JSON, and for null */
export function jsonOf(body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (value !== null) return value;
  } catch {
    // Said below.
  }
  throw REFUSE.invalid('Invalid request payload.');
}
