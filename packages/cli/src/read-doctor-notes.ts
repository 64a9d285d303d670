import type { Remembered } from '@headframe/client';

const MOST_FAILURES = 50;
const MOST_TEXT = 200;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, MOST_TEXT) : null;
/** A time or a length of time: none is below zero. */
const numberIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The notes of the doctor by address, the oldest first: `{"machines":[["10.0.4.21",{...}],...]}`. What is not as it should
 * be is left out, so that a person may edit the file; an address that is a word of JavaScript is one like any other.
 * @throws SyntaxError where it is no JSON
 */
export function readNotes(text: string): Map<string, Remembered> {
  const machines = listIn(fieldsOf(JSON.parse(text)).machines).flatMap((pair): [string, Remembered][] => {
    const [address, remembered] = listIn(pair);
    if (typeof address !== 'string' || typeof remembered !== 'object' || remembered === null) return [];
    return [[address, rememberedIn(fieldsOf(remembered))]];
  });
  return new Map(machines);
}

function rememberedIn(kept: Fields): Remembered {
  const firmware = fieldsOf(kept.firmware);
  const subject = fieldsOf(kept.subject);
  return {
    firmware: {
      before: textIn(firmware.before),
      now: textIn(firmware.now),
      changedAt: numberIn(firmware.changedAt),
    },
    lastAnswerAt: numberIn(kept.lastAnswerAt),
    lastUptimeS: numberIn(kept.lastUptimeS),
    failures: failuresIn(kept.failures),
    mac: textIn(kept.mac),
    pollEveryS: numberIn(kept.pollEveryS),
    subject: {
      family: textIn(subject.family),
      make: textIn(subject.make),
      model: textIn(subject.model),
      firmware: textIn(subject.firmware),
    },
  };
}

const failuresIn = (kept: unknown): Remembered['failures'] =>
  listIn(kept)
    .slice(-MOST_FAILURES)
    .flatMap((failure) => {
      const { at, uptimeS } = fieldsOf(failure);
      const when = numberIn(at);
      return when === null ? [] : [{ at: when, uptimeS: numberIn(uptimeS) }];
    });
