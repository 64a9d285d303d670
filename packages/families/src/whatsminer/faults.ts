import { blankFault, type Fault, FINDINGS, type Replies, type Reply } from '@headframe/model';
import { dataIn, type ErrorCodeReport, envelope, errorCodeMeaning, errorCodesIn } from '@headframe/wire/whatsminer';
import { INFO, infoReply, isV3, summaryOf } from './dialect.ts';

/** What the machine says is wrong with it, and a clock that is wrong. */
export function faultsOf(replies: Replies): Fault[] {
  const telling = ['summary', 'status', INFO].map((name) => replies.get(name));
  const skew = clockSkew(telling.find((reply) => envelope(reply?.doc).when !== null));
  return [...errorCodes(replies).map(faultOf), ...(skew === null ? [] : [skew])];
}

function errorCodes(replies: Replies): ErrorCodeReport[] {
  if (isV3(replies)) return errorCodesIn(dataIn(infoReply(replies)?.doc).raw('error-code'));
  const reply = replies.get('get_error_code');
  if (reply !== undefined && reply.doc !== null) {
    const data = dataIn(reply.doc);
    return data.has('error_code') ? errorCodesIn(data.raw('error_code')) : [];
  }
  // Older summaries count and list them themselves.
  const summary = summaryOf(replies);
  const count = Math.min(summary.int('Error Code Count') ?? 0, 32);
  return Array.from({ length: Math.max(0, count) }, (_, i) => summary.str(`Error Code ${i}`)).flatMap((code) =>
    code === null ? [] : [{ code, time: null, reason: null }],
  );
}

function faultOf({ code, time, reason }: ErrorCodeReport): Fault {
  const meaning = errorCodeMeaning(code);
  const finding = meaning?.finding ?? 'vendor.unmapped';
  const chip = meaning === null || meaning.chip === null ? '' : ` (chip ${meaning.chip})`;
  const words = meaning === null ? null : `${meaning.meaning}${chip}`;
  // The machine tells its own local time, in a zone that is not said.
  const when = time === null ? '' : ` at ${time} by its clock`;
  const text = reason ?? words;
  return {
    ...blankFault(finding),
    vendorCode: code,
    text: text === null ? time : `${text}${when}`,
    severity: FINDINGS[finding].severity,
    component: componentOf(code, meaning?.slot ?? null),
  };
}

const componentOf = (code: string, slot: number | null): string | null => {
  if (slot !== null) return code.startsWith('202') ? `pool ${slot}` : `hashboard ${slot}`;
  if (/^1\d\d$/.test(code)) return 'fan';
  return /^2\d\d$/.test(code) ? 'psu' : null;
};

/** Two clocks may differ by so much: replies take time, and some machines count in whole minutes. */
const SKEW_MS = 60_000;
/** Earlier than this (2001) it is no time of day. */
const EARLIEST_EPOCH_S = 1_000_000_000;

/** Port 4433 signs with the time, logs and shares carry it: a wrong clock is worth knowing (protocols.md 3.6). */
function clockSkew(reply: Reply | undefined): Fault | null {
  const when = envelope(reply?.doc).when;
  if (reply === undefined || when === null || when < EARLIEST_EPOCH_S) return null;
  const behindMs = reply.meta.at - when * 1000;
  if (Math.abs(behindMs) <= SKEW_MS) return null;
  const minutes = Math.round(Math.abs(behindMs) / 60_000);
  return {
    ...blankFault('clock.skew'),
    text: `its clock is ${minutes} min ${behindMs > 0 ? 'behind' : 'ahead of'} ours`,
    severity: FINDINGS['clock.skew'].severity,
    component: 'control board',
  };
}
