import type { UartSeen } from '@headframe/model';
import { AUTOMATON, MEANINGS, UART_PATTERNS, type UartPattern } from './words.ts';

/** A line ends here at the latest: what follows counts as the next one. */
const LONGEST_LINE = 4096;
/** As much of a line is kept to be shown. */
const KEPT = 160;
const LAST_LINES = 5;
/** Longest terminal escape that is left out; what is longer is none. */
const LONGEST_ESCAPE = 64;
/** Fewer bytes that are no text are what switching on a wire makes. */
const LEAST_NOISE = 32;
/** Programs that record a console say so at the beginning. */
const LINES_OF_RECORDER = 60;

const RECORDER =
  /^(?:picocom v|(?:port|flowcontrol|baudrate|parity|databits|stopbits|escape|local echo|noinit|noreset|hangup|nolock|send_cmd|receive_cmd|[ioe]map|logfile|initstring|exit(?:_after)?)(?: is| are)? *:|type \[c-|terminal ready|terminating\.\.\.|thanks for using picocom|skipping tty reset|welcome to minicom|options: |compiled on |port \/dev\/|press ctrl-a|script (?:started|done))/i;
const MAY_BE_SECRET = /pass|psk|secret|token|key|wallet|worker|user|stratum|bc1|ssid/i;

/** Kinds of bytes. */
const TEXT = 0;
const LINE_END = 1;
/** NUL: what a line that is held low sends, and what padding is made of. */
const NOTHING = 2;
const ESCAPE = 3;
const NOISE = 4;

const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x0a || byte === 0x0d) return LINE_END;
  if (byte === 0x00) return NOTHING;
  if (byte === 0x1b) return ESCAPE;
  return byte === 0x09 || (byte >= 0x20 && byte < 0x7f) ? TEXT : NOISE;
});

export interface UartScanner {
  /** Takes the next bytes, of any number: where they are cut does not matter. */
  push(bytes: Uint8Array): void;
  /** What was seen so far; the line that was begun is taken to have ended. */
  end(): UartSeen;
}

/**
 * Reads the log of a serial console as it comes: one look-up for each byte, memory that does not grow. Never throws,
 * whatever the bytes are: terminal escapes and NUL are left out, CR and LF both end a line, the rest is noise.
 */
export const uartScanner = (): UartScanner => new Scanner();

class Scanner implements UartScanner {
  #bytes = 0;
  #lines = 0;
  /** Bytes in lines that can be read, and in all; without NUL, line ends and escapes. */
  #readable = 0;
  #text = 0;
  #noise = 0;

  readonly #counts = new Map<UartPattern, number>(UART_PATTERNS.map((pattern) => [pattern, 0]));
  readonly #examples = new Map<UartPattern, string>();
  #starts = 0;
  #brokenStarts = 0;
  #phase: 'nothing' | 'loader' | 'kernel' | 'up' = 'nothing';
  #booted = false;

  /** The line that is being read. */
  #state = AUTOMATON.atLineStart;
  #textOfLine = 0;
  #noiseOfLine = 0;
  #kept = 0;
  readonly #foundInLine: UartPattern[] = [];
  /** 0: in none; else how many bytes of an escape came. */
  #escape = 0;
  #escapeKind = 0;

  /** The last lines and the one that is being read, in turn. */
  readonly #slots = Array.from({ length: LAST_LINES + 1 }, () => new Uint8Array(KEPT));
  readonly #lengths = new Uint8Array(LAST_LINES + 1);
  #slot = 0;

  push(bytes: Uint8Array): void {
    const { next, isEnd, atLineStart } = AUTOMATON;
    let state = this.#state;
    let text = this.#textOfLine;
    let noise = this.#noiseOfLine;
    let kept = this.#kept;
    let slot = this.#slots[this.#slot] as Uint8Array;
    this.#bytes += bytes.length;

    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      const kind = KINDS[byte];
      if (this.#escape !== 0 && this.#isInEscape(byte)) continue;
      if (kind === TEXT) {
        state = next[(state << 7) | byte] as number;
        if (isEnd[state] === 1) this.#found(state);
        text++;
        if (kept < KEPT) slot[kept++] = byte;
      } else if (kind === NOISE) {
        state = 0;
        noise++;
      } else if (kind === ESCAPE) {
        this.#escape = 1;
        continue;
      } else if (kind === NOTHING) {
        continue;
      }
      // A line that is cut goes on in the automaton: a word may lie across the cut.
      if (kind === LINE_END || text + noise >= LONGEST_LINE) {
        this.#endLine(text, noise, kept);
        if (kind === LINE_END) state = atLineStart;
        text = 0;
        noise = 0;
        kept = 0;
        slot = this.#slots[this.#slot] as Uint8Array;
      }
    }

    this.#state = state;
    this.#textOfLine = text;
    this.#noiseOfLine = noise;
    this.#kept = kept;
  }

  end(): UartSeen {
    this.#endLine(this.#textOfLine, this.#noiseOfLine, this.#kept);
    this.#state = AUTOMATON.atLineStart;
    this.#textOfLine = 0;
    this.#noiseOfLine = 0;
    this.#kept = 0;

    const tells = this.#starts > 0 || this.#booted || [...this.#counts.values()].some((count) => count > 0);
    const isNoise = !tells && this.#noise >= LEAST_NOISE && this.#readable * 50 < this.#text + this.#noise;
    return {
      bytes: this.#bytes,
      lines: this.#lines,
      isSilent: !tells && (isNoise || this.#lines === 0),
      isNoise,
      patterns: Object.fromEntries(this.#counts),
      examples: Object.fromEntries(this.#examples),
      booted: this.#booted,
      starts: this.#starts,
      brokenStarts: this.#brokenStarts,
      lastLines: isNoise ? [] : this.#lastLines(),
    };
  }

  /** Whether a byte belongs to the escape that has begun; if not, the escape is over. */
  #isInEscape(byte: number): boolean {
    const first = this.#escape === 1;
    const isOver = byte < 0x20 || byte > 0x7e || this.#escape++ > LONGEST_ESCAPE;
    // BEL ends the title of a window; any other control character is no part of an escape.
    if (isOver || first) {
      const opens = first && !isOver && (byte === 0x5b || byte === 0x5d);
      if (!opens) this.#escape = 0;
      this.#escapeKind = byte;
      return !isOver || byte === 0x07;
    }
    // `ESC [` goes on to a letter, `ESC ]` to BEL or the next escape.
    if (this.#escapeKind === 0x5b && byte >= 0x40) this.#escape = 0;
    return true;
  }

  #found(state: number): void {
    for (const meaning of MEANINGS[state] ?? []) {
      switch (meaning.is) {
        case 'pattern':
          this.#counts.set(meaning.pattern, (this.#counts.get(meaning.pattern) ?? 0) + 1);
          if (!this.#examples.has(meaning.pattern)) this.#foundInLine.push(meaning.pattern);
          break;
        case 'panic-repeated':
          if (this.#counts.get('Kernel panic') === 0) this.#counts.set('Kernel panic', 1);
          break;
        case 'up':
          this.#booted = true;
          this.#phase = 'up';
          break;
        default:
          this.#begins(meaning.is);
      }
    }
  }

  #begins(with_: 'loader' | 'kernel'): void {
    const goesOn = with_ === 'kernel' && this.#phase === 'loader';
    if (!goesOn) {
      if (this.#phase === 'loader' || this.#phase === 'kernel') this.#brokenStarts++;
      this.#starts++;
    }
    this.#phase = with_;
  }

  #endLine(text: number, noise: number, kept: number): void {
    this.#text += text;
    this.#noise += noise;
    const slot = this.#slots[this.#slot] as Uint8Array;
    if (this.#foundInLine.length > 0) {
      for (const pattern of this.#foundInLine.splice(0)) {
        if (!this.#examples.has(pattern)) this.#examples.set(pattern, textOf(slot, kept));
      }
    }
    const isReadable = text >= 2 && (noise === 0 || (text >= 8 && text >= 9 * noise)) && !isBlank(slot, kept);
    if (!isReadable || (this.#lines < LINES_OF_RECORDER && RECORDER.test(textOf(slot, kept)))) return;
    this.#lines++;
    this.#readable += text;
    this.#lengths[this.#slot] = kept;
    this.#slot = (this.#slot + 1) % this.#slots.length;
  }

  #lastLines(): string[] {
    const count = this.#slots.length;
    return Array.from({ length: Math.min(LAST_LINES, this.#lines) }, (_, i) => (this.#slot - 1 - i + 2 * count) % count)
      .map((slot) => textOf(this.#slots[slot] as Uint8Array, this.#lengths[slot] as number))
      .map((line) => (MAY_BE_SECRET.test(line) ? '(a line that may hold a secret)' : line))
      .reverse();
  }
}

function isBlank(slot: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (slot[i] !== 0x20 && slot[i] !== 0x09) return false;
  return true;
}

const textOf = (slot: Uint8Array, length: number): string =>
  String.fromCharCode(...slot.subarray(0, length))
    .replaceAll('\t', ' ')
    .trim();
