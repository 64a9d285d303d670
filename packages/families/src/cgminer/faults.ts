import { blankFault, type Fault, type Replies } from '@headframe/model';
import { section, statusOf } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';
import { DEVICE_KEYS, HEAT_REASONS } from './quirks.ts';

/**
 * What the program says is wrong with its devices: their `Status` in DEVS, and in NOTIFY the reason why a device was
 * last not well (`protocols.md` 1.5). One fault per device.
 */
export function faultsOf(replies: Replies): Fault[] {
  const devs = section(replies.get('devs')?.doc, 'DEVS');
  const notes = section(replies.get('notify')?.doc, 'NOTIFY');
  const names = new Set([...devs, ...notes].map(nameOf));
  const faults: Fault[] = [];
  for (const name of names) {
    const fault = faultOf(
      name,
      devs.find((dev) => nameOf(dev) === name),
      notes.find((note) => nameOf(note) === name),
      replies,
    );
    if (fault !== null) faults.push(fault);
  }
  return faults;
}

const nameOf = (record: Fields): string => {
  const key = DEVICE_KEYS.find((name) => record.has(name)) ?? 'NOTIFY';
  return `${record.str('Name') ?? key}${record.str('ID') ?? record.str(key) ?? ''}`;
};

const ILL: ReadonlySet<string> = new Set(['Sick', 'Dead', 'NoStart']);

function faultOf(name: string, dev: Fields | undefined, note: Fields | undefined, replies: Replies): Fault | null {
  const status = dev?.str('Status') ?? null;
  const reason = note?.str('Reason Not Well') ?? null;
  const isIll = status !== null && ILL.has(status);
  if (!isIll && !isUnwell(note)) return null;
  const text = reason === null || reason === 'None' ? status : reason;
  return {
    ...blankFault(HEAT_REASONS.has(text ?? '') ? 'temperature.fault' : 'device.fault'),
    vendorCode: isIll ? status : null,
    text,
    severity: 'error',
    component: name,
    at: notWellAt(note, replies),
  };
}

/** Not well since it was last well: what lies before is history, also when its counters stay. */
function isUnwell(note: Fields | undefined): boolean {
  const bad = note?.num('Last Not Well') ?? 0;
  return bad > 0 && bad >= (note?.num('Last Well') ?? 0);
}

/** The device's clock, corrected by what it thought the time of its reply was. */
function notWellAt(note: Fields | undefined, replies: Replies): number | null {
  const bad = note?.num('Last Not Well') ?? 0;
  const reply = replies.get('notify');
  const when = statusOf(reply?.doc)?.when ?? null;
  if (bad <= 0 || reply === undefined || when === null) return null;
  return reply.meta.at - (when - bad) * 1000;
}
