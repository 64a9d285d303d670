import { familyById } from '@headframe/families';
import { type Examination, type FixName, type Protocol, seenValue } from '@headframe/model';
import { parseAddress } from '../../address.ts';
import type { Ports } from '../../ports.ts';
import type { ExamineOptions } from '../options.ts';
import type { FixTarget } from './fix.ts';
import { FIXES } from './index.ts';

/** The machine that was examined, as a fix wants to know it: where it answers, who it is, and what was given for it. */
export function fixTargetOf(fix: FixName, seen: Examination, options: ExamineOptions): FixTarget {
  const { subject, history, neighbour } = seen;
  const ports = portsOf(seen, options);
  const mac = options.expectedMac ?? seenValue(neighbour)?.expectedMac ?? seenValue(history)?.mac ?? null;
  return {
    host: parseAddress(subject.address).host,
    family: FIXES[fix].changes && !isKnown(seen) ? null : subject.family,
    apiPort: subject.apiPort,
    ...(ports === undefined ? {} : { ports }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...(options.ssh === undefined ? {} : { ssh: options.ssh }),
    ...(mac === null ? {} : { mac }),
  };
}

/** What is only remembered was perhaps another machine: it is the same when its MAC is. */
function isKnown({ subject, neighbour }: Examination): boolean {
  if (subject.by !== 'remembered') return subject.by === 'read';
  const near = seenValue(neighbour);
  return near !== null && near.mac !== null && near.mac.toLowerCase() === near.expectedMac?.toLowerCase();
}

/** Absent: those of its family. Behind a forwarded port the other ports of the host are other machines'. */
function portsOf({ subject, ports: seen }: Examination, { ports: extra = {} }: ExamineOptions): Ports | undefined {
  const own: Ports = familyById(subject.family ?? '')?.ports ?? {};
  const names = Object.keys(own) as Protocol[];
  const isOpen = (port: number) => seenValue(seen[port] ?? { notSeen: '' }) === 'open';
  const standIns: Partial<Record<Protocol, number>> = {};
  for (const name of names) {
    const port = extra[name]?.find(isOpen);
    if (port !== undefined) standIns[name] = port;
  }
  const isElsewhere = (port: number) => !Object.values(own).includes(port) && !Object.values(standIns).includes(port);
  const [first] = names;
  if (first === undefined) return undefined;
  const main = names.includes('cgminer') ? 'cgminer' : first;
  if (isElsewhere(subject.apiPort)) return { ...standIns, [main]: subject.apiPort };
  return Object.keys(standIns).length === 0 ? undefined : { ...own, ...standIns };
}
