import { HeadframeError, type HttpDoc, type Identity, machineName, type Reply } from '@headframe/model';
import { decodeReply, first } from '@headframe/wire/cgminer';
import { realmOf } from '@headframe/wire/http';
import { formatAddress } from '../address.ts';
import { addressOf } from '../ports.ts';
import type { Knocked } from './doors.ts';
import type { Found, FoundKind, ProbeEvidence } from './found.ts';
import { type Door, type Probed, titleOf } from './probe.ts';
import { nameStranger, type Stranger, type StrangerFacts } from './strangers.ts';

/** What an answering host is, from its probed ports; null when nothing but refusals came. Pure. */
export function judge(host: string, named: number | null, knocked: readonly Knocked[], probed: Probed): Found | null {
  if (probed.doors.length === 0) return null;
  const { identification, ports } = probed;
  const evidence = [...knocked.flatMap(knockEvidence), ...probed.evidence];
  if (identification !== null) {
    const { family, identity } = identification;
    const address = addressOf(host, family, ports);
    const kind = isReadable(probed.doors) ? 'miner' : 'needs-credentials';
    return { address, host, kind, family: family.id, identity, ports, what: nameOf(identity), evidence };
  }
  const stranger = firstStranger(probed.doors);
  const kind = kindOf(stranger, probed.doors);
  const what = stranger?.what ?? describe(probed.doors);
  return { address: formatAddress(host, named), host, kind, family: null, identity: null, ports: {}, what, evidence };
}

const nameOf = ({ make, model, family }: Identity): string => machineName(make, model) ?? family;

/**
 * Something readable came without a password: the API of 4028 or 4433, or a page that was no demand for a login. Not
 * gRPC: before a login it tells the version of its API and nothing of the machine (protocols.md 7.2).
 */
function isReadable(doors: readonly Door[]): boolean {
  return doors.some((door) =>
    [...door.replies.values()].some((reply) => {
      if (reply.doc === null || door.speaks === 'grpc') return false;
      const isApi = door.speaks !== 'http' && door.speaks !== 'monitor';
      return isApi || (reply.doc as HttpDoc).status < 300;
    }),
  );
}

/** A login that we cannot name may well be that of a miner; one of a printer is not. */
function kindOf(stranger: Stranger | null, doors: readonly Door[]): FoundKind {
  if (stranger !== null) return stranger.isMiner === false ? 'not-a-miner' : 'unknown';
  return doors.some((door) => pagesOf(door).some(({ status }) => status === 401)) ? 'needs-credentials' : 'unknown';
}

function firstStranger(doors: readonly Door[]): Stranger | null {
  let found: Stranger | null = null;
  for (const door of doors) {
    for (const facts of factsOf(door)) {
      const stranger = nameStranger(facts);
      // A word about mining weighs more than one about a web server.
      if (stranger !== null && (found === null || (stranger.isMiner === true && found.isMiner !== true)))
        found = stranger;
    }
  }
  return found;
}

const pagesOf = (door: Door): HttpDoc[] =>
  door.speaks === 'http' ? [...door.replies.values()].flatMap((r) => (r.doc === null ? [] : [r.doc as HttpDoc])) : [];

function factsOf(door: Door): StrangerFacts[] {
  const { port } = door.plan;
  if (door.speaks === 'cgminer') return [...door.replies.values()].map((reply) => ({ port, ...cgminerFacts(reply) }));
  return pagesOf(door).map((page) => pageFacts(port, page));
}

function pageFacts(port: number, { status, headers, text }: HttpDoc): StrangerFacts {
  const facts = {
    server: headers.server,
    realm: realmOf(headers['www-authenticate'] ?? '') ?? undefined,
    title: titleOf(text) ?? undefined,
    location: headers.location,
  };
  const seen = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { port, status, text: text.slice(0, 16_384), ...seen };
}

function cgminerFacts(reply: Reply): Partial<StrangerFacts> {
  if (reply.doc !== null) return { versionKeys: first(reply.doc, 'VERSION').keys() };
  if (reply.raw === null || reply.error === null) return {};
  return { refusal: { code: reply.error.context.vendorCode ?? null, statusIsText: hasTextStatus(reply.raw) } };
}

function hasTextStatus(raw: Uint8Array): boolean {
  try {
    return typeof decodeReply(raw).parts.get('')?.doc.STATUS === 'string';
  } catch (error) {
    if (error instanceof HeadframeError) return false;
    throw error;
  }
}

/** What an unnamed device does, for a person; null where it says nothing readable. */
function describe(doors: readonly Door[]): string | null {
  if (doors.some((door) => door.speaks === 'cgminer')) return 'something that speaks the cgminer protocol';
  for (const page of doors.flatMap(pagesOf)) {
    const realm = realmOf(page.headers['www-authenticate'] ?? '');
    const name = titleOf(page.text) ?? realm ?? page.headers.server;
    return name === undefined ? 'a web server' : `a web server ("${name.slice(0, 60)}")`;
  }
  return doors.some((door) => door.speaks === 'grpc') ? 'something that speaks gRPC' : null;
}

function knockEvidence({ door, error }: Knocked): ProbeEvidence[] {
  return error === null ? [] : [{ port: door.port, over: null, ask: 'connect', code: error.code, said: null }];
}
