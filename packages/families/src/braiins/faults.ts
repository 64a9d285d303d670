import { blankFault, type Fault, type FindingCode, type Reply } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { MOST } from './assumed.ts';
import { records } from './view.ts';

/*
 * The machine's own complaints. `GetErrors` is a log and not a state (captures: entries of weeks, with times of a clock
 * that was not yet set): what was written before the mining process started is shown as information only.
 */

/** A word of a newer contract: shown, as nothing may be lost, and no alarm. */
export const unknownWord = (kind: string, value: number | string, component: string): Fault => ({
  ...blankFault('vendor.unmapped'),
  vendorCode: `${kind} ${value}`,
  text: 'a word that the contract known here does not have: a newer firmware',
  severity: 'info',
  component,
});

/** The first second of 2020: a clock that says less was never set. */
const CLOCK_SET_MS = 1_577_836_800_000;

/** Between the start of the program and its first words, and the grain of both. */
const SLACK_MS = 60_000;

/** `GetErrors`, and the same list in GraphQL under its own names. */
export function errorFaults(reply: Reply | undefined, minerUptimeS: number | null, skewMs: number): Fault[] {
  if (reply === undefined) return [];
  const startedAt = minerUptimeS === null ? null : reply.meta.at - minerUptimeS * 1000 - SLACK_MS;
  const list = new Fields(reply.doc).list('errors');
  return records(list.slice(-MOST_READ), MOST_READ).map((entry) => errorFault(entry, startedAt, skewMs));
}

/** The log has no bound that anybody documents; its end is the newest. */
const MOST_READ = 1_000;

export function errorFault(entry: Fields, startedAt: number | null, skewMs: number): Fault {
  const codes = records([...entry.list('error_codes'), ...entry.list('errorCodes')], 8);
  const parts = records(entry.list('components'), 8).map((part) => {
    const index = part.int('index');
    return [part.str('name') ?? '', ...(index === null ? [] : [String(index)])].join(' ').trim();
  });
  const words = [entry.str('message'), ...codes.flatMap((code) => [code.str('reason'), code.str('hint')])];
  const text = [...new Set(words.filter((word) => word !== null))].join('; ');
  const time = Date.parse(entry.str('timestamp') ?? '');
  const at = time >= CLOCK_SET_MS ? time + skewMs : null;
  const isOfThisRun = startedAt === null || (at !== null && at >= startedAt);
  const code = findingFor(parts.join(' '), text);
  return {
    ...blankFault(code),
    vendorCode: codes.map((one) => one.str('code')).find((one) => one !== null) ?? null,
    text: text === '' ? null : text,
    severity: !isOfThisRun ? 'info' : code === 'network.fault' || code === 'vendor.unmapped' ? 'warning' : 'error',
    component: parts.length === 0 ? null : parts.join(', '),
    at,
  };
}

/** By the component, which is the machine's own word for it; `Failed to resolve` is in the captures. */
function findingFor(component: string, text: string): FindingCode {
  if (/fan/i.test(component)) return 'fan.fault';
  if (/psu|power/i.test(component)) return 'psu.fault';
  if (/temp|sensor/i.test(component)) return 'temperature.fault';
  if (/hash|chain|chip/i.test(component)) return 'device.fault';
  return /^failed to resolve/i.test(text) ? 'network.fault' : 'vendor.unmapped';
}

/** The same complaint again and again is one: the newest stands, in the place of all. */
export function withoutDoubles(faults: readonly Fault[]): Fault[] {
  const newest = new Map<string, Fault>();
  for (const fault of faults) {
    const key = JSON.stringify([fault.code, fault.vendorCode, fault.text, fault.component]);
    const known = newest.get(key);
    const isNewer = known === undefined || (fault.at ?? 0) >= (known.at ?? 0);
    // What is of this run counts for more than a later time of a clock that jumped.
    if (known === undefined || (isNewer && (fault.severity !== 'info' || known.severity === 'info'))) {
      newest.delete(key);
      newest.set(key, fault);
    } else if (known.severity === 'info' && fault.severity !== 'info') newest.set(key, fault);
  }
  // Complaints of now before those of the past.
  const all = [...newest.values()];
  return [
    ...all.filter(({ severity }) => severity !== 'info'),
    ...all.filter(({ severity }) => severity === 'info'),
  ].slice(0, MOST.faults);
}

/** A license that costs hashrate, or soon will: the OpenAPI of 25.07 tells of the restricted mode. */
export function licenseFaults(license: Fields): Fault[] {
  const state = license.sub('state');
  const fault = (word: string, text: string, severity: Fault['severity']): Fault[] => [
    { ...blankFault('vendor.unmapped'), vendorCode: `license ${word}`, text, severity, component: 'license' },
  ];
  if (state.has('limited')) return fault('limited', 'no valid license: it mines in restricted mode', 'warning');
  if (state.has('expired')) return fault('expired', 'its license has expired: it mines in restricted mode', 'warning');
  if (state.has('none')) return fault('none', 'no license yet: restricted mode follows', 'info');
  const known = state.keys().every((name) => name === 'valid');
  return known ? [] : state.keys().map((name) => unknownWord('license', name, 'license'));
}
