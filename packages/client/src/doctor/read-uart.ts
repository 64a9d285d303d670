import { HeadframeError, type Look, type UartSeen } from '@headframe/model';
import { uartScanner } from '@headframe/wire/uart';
import { sizeInWords } from '../links/limits.ts';
import { cleaned, notSeen } from './exchanges.ts';
import type { Looking } from './options.ts';

/** What shows the same by hand: the words of `protocols.md` 12, row 20. */
const COMMAND =
  "grep -aiE 'squashfs(:)? error|mmcblk0: .*error|error,? (on )?dev(ice)? mmcblk0|ubifs(:)? error|Kernel panic' boot.log";

/**
 * Reads a log of the serial console piece by piece, in memory that does not grow with it. Never rejects: a log that
 * cannot be read, has no end within the time, or holds no text is not seen, with why. What was found until the time was
 * over is told, as a pattern that is there stays there.
 */
export async function readUart(
  log: AsyncIterable<Uint8Array>,
  { clock, deadline }: Pick<Looking, 'clock' | 'deadline'>,
): Promise<Look<UartSeen>> {
  const at = clock.now();
  const scanner = uartScanner();
  const iterator = log[Symbol.asyncIterator]();
  let stop: () => void = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  deadline.watch(stop);
  let isWhole = false;
  try {
    while (deadline.stopped === null) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next === null) break;
      if (next.done === true) {
        isWhole = true;
        break;
      }
      scanner.push(next.value);
    }
  } catch (error) {
    return notSeen(`the log of the serial console could not be read (${reasonOf(error)})`);
  } finally {
    deadline.unwatch(stop);
    // Not waited for: a source that hangs may never say that it has closed.
    if (!isWhole) Promise.resolve(iterator.return?.()).catch(() => {});
  }
  if (deadline.stopped === 'cancelled') return notSeen('the examination was cancelled');

  const value = scanner.end();
  const size = sizeInWords(value.bytes);
  if (!isWhole && value.isSilent) return notSeen(`the log of the serial console had no end in time, after ${size}`);
  if (value.isNoise) {
    return notSeen(
      `the log of the serial console holds ${size} of noise and no text, as of another speed than 115200 baud`,
    );
  }
  const ms = clock.now() - at;
  const rest = isWhole ? '' : '; its rest was not read in time';
  return {
    value,
    at,
    ms,
    bytes: value.bytes,
    line: `serial console: ${inWords(value, size)}${rest}`,
    command: COMMAND,
  };
}

function inWords({ lines, isSilent, patterns, booted, starts, brokenStarts }: UartSeen, size: string): string {
  if (isSilent) return `silent, ${size} without a readable line`;
  const found = Object.entries(patterns).filter(([, count]) => count > 0);
  const parts = [
    `${lines} ${lines === 1 ? 'line' : 'lines'}, ${size}`,
    ...found.map(([pattern, count]) => `${pattern} ${times(count)}`),
    ...(found.length === 0 ? ['no error of its storage'] : []),
    ...(starts > 1 ? [`it began to boot ${times(starts)}, ${brokenStarts} of them in vain`] : []),
    booted ? 'it came as far as a login or the mining program' : 'no login and no mining program to be seen',
  ];
  return parts.join(', ');
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** Codes of the operating system are words that a person can look up; the rest may hold a path. */
function reasonOf(error: unknown): string {
  if (error instanceof HeadframeError) return error.code;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? cleaned(code, 40) : 'it broke off';
}
